//! The tables of an analysis: conversations, endpoints, the protocols as a tree, what is worth a look, and one conversation's
//! bytes from beginning to end.
//!
//! In: a capture as it is now and an [`Ask`]. Out: a [`Found`], whose rows each know their words, their filter and their first
//! frame. It may take seconds, so it says how far it is and stops when told to; it must never run where a window is drawn.

mod amounts;
pub mod conversations;
pub mod endpoints;
pub mod expert;
pub mod follow;
pub mod hierarchy;
#[cfg(test)]
mod tests;

pub use conversations::Conversations;
pub use endpoints::Endpoints;
pub use expert::{Expert, Level};
pub use follow::{Form, Line, Page, Part, Place, Said, Written};
pub use hierarchy::Hierarchy;

use super::{FlowId, Index, Transport};
use crate::lang::{Lang, Words};
use crate::trace::{FrameId, Nanos, Trace};

/// Frames after which progress is told.
const STEP: FrameId = 4096;
/// Rows that a copy of a table holds at most.
pub const MAX_COPIED: usize = 200_000;

/// Is told how far it is, of how much; says whether to go on.
pub type Going<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// By which column, by its place, and which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub column: usize,
    pub descending: bool,
}

/// What is to be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Of this transport; `None`: all.
    Conversations { transport: Option<Transport>, order: Order },
    Endpoints { order: Order },
    Hierarchy,
    Follow { flow: FlowId, from: Place, form: Form, unpacked: bool },
    Expert,
}

/// What was found out.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    Conversations(Conversations),
    Endpoints(Endpoints),
    Hierarchy(Hierarchy),
    Follow(Page),
    Expert(Expert),
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    pub title: Words,
    /// What it says, for those who ask.
    pub about: Words,
    /// Numbers stand at the right.
    pub number: bool,
}

/// One row in words, and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub cells: Vec<String>,
    /// The display filter that shows the frames of this row.
    pub filter: Option<String>,
    pub first: Option<FrameId>,
    /// How far it stands inside the rows above.
    pub depth: usize,
    /// Its conversation, where it is one.
    pub flow: Option<FlowId>,
    pub level: Option<Level>,
}

/// Finds it out. `before`: what the same question had for an answer when only its order was another. `None`: told to stop.
pub fn answer(trace: &Trace, index: &Index, ask: &Ask, before: Option<&Found>, going: Going<'_>) -> Option<Found> {
    Some(match ask {
        Ask::Conversations { transport, order } => {
            let known = match before {
                Some(Found::Conversations(c)) if c.frames == trace.len().min(index.rows.len() as FrameId) => Some(c),
                _ => None,
            };
            Found::Conversations(Conversations::of(trace, index, *transport, *order, known, going)?)
        }
        Ask::Endpoints { order } => {
            let known = match before {
                Some(Found::Endpoints(e)) if e.frames == trace.len().min(index.rows.len() as FrameId) => Some(e),
                _ => None,
            };
            Found::Endpoints(Endpoints::of(trace, index, *order, known, going)?)
        }
        Ask::Hierarchy => Found::Hierarchy(Hierarchy::of(trace, index, going)?),
        Ask::Follow { flow, from, form, unpacked } => {
            Found::Follow(follow::page(trace, index, *flow, *from, *form, *unpacked, going)?)
        }
        Ask::Expert => Found::Expert(Expert::of(trace, index, going)?),
    })
}

impl Found {
    pub fn columns(&self) -> &'static [Column] {
        match self {
            Self::Conversations(_) => conversations::COLUMNS,
            Self::Endpoints(_) => endpoints::COLUMNS,
            Self::Hierarchy(_) => hierarchy::COLUMNS,
            Self::Expert(_) => expert::COLUMNS,
            Self::Follow(_) => &[],
        }
    }

    /// How many rows there are; a page of a conversation has lines.
    pub fn len(&self) -> usize {
        match self {
            Self::Conversations(c) => c.rows.len(),
            Self::Endpoints(e) => e.rows.len(),
            Self::Hierarchy(h) => h.rows.len(),
            Self::Expert(e) => e.rows.len(),
            Self::Follow(page) => page.lines.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Frames that were there when it was found out.
    pub fn frames(&self) -> FrameId {
        match self {
            Self::Conversations(c) => c.frames,
            Self::Endpoints(e) => e.frames,
            Self::Hierarchy(h) => h.frames,
            Self::Expert(e) => e.frames,
            Self::Follow(page) => page.frames,
        }
    }

    /// The order that its rows have, where they can have several.
    pub fn order(&self) -> Option<Order> {
        match self {
            Self::Conversations(c) => Some(c.order),
            Self::Endpoints(e) => Some(e.order),
            _ => None,
        }
    }

    /// One row. `start`: the time of the first frame.
    pub fn row(&self, index: &Index, start: Nanos, at: usize, lang: Lang) -> Option<Row> {
        match self {
            Self::Conversations(c) => c.row(index, start, at),
            Self::Endpoints(e) => e.row(at),
            Self::Hierarchy(h) => h.row(at),
            Self::Expert(e) => e.row(at, lang),
            Self::Follow(_) => None,
        }
    }

    /// All of it as comma-separated values (RFC 4180), at most [`MAX_COPIED`] rows; of a conversation the lines of the page.
    pub fn copy(&self, index: &Index, start: Nanos, lang: Lang) -> String {
        let mut out = String::new();
        if let Self::Follow(page) = self {
            for line in &page.lines {
                out.push_str(&line.words(lang));
                out.push('\n');
            }
            return out;
        }
        let titles: Vec<_> = self.columns().iter().map(|c| c.title.get(lang).to_owned()).collect();
        csv(&mut out, &titles);
        for row in (0..self.len().min(MAX_COPIED)).filter_map(|at| self.row(index, start, at, lang)) {
            csv(&mut out, &row.cells);
        }
        out
    }
}

fn csv(out: &mut String, cells: &[String]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}

/// Seconds with six digits behind the point.
fn seconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let micros = nanos.unsigned_abs() / 1_000;
    format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// `ip.addr == 10.0.0.1`, `ipv6.addr == ::1`.
fn address_filter(ip: std::net::IpAddr) -> String {
    format!("{} == {ip}", if ip.is_ipv4() { "ip.addr" } else { "ipv6.addr" })
}
