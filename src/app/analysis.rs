//! The analysis tables as the window sees them: which one is open, in what order, what has been found out, what is asked for.
//!
//! A table is found out in the background from a copy of the capture as it was when it was asked for. What was found stays
//! until something newer comes.

use crate::flow::tables::{Ask, Form, Found, Order, Part, Place};
use crate::flow::{FlowId, Transport};
use crate::timeline::Capture;
use std::fmt;
use std::sync::Arc;

/// A capture as it was once.
#[derive(Clone)]
pub struct Snapshot(pub Arc<Capture>);

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({} frames)", self.0.trace.len())
    }
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// One of the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Table {
    #[default]
    Conversations,
    Endpoints,
    Hierarchy,
    Follow,
    Expert,
}

impl Table {
    pub const ALL: [Self; 5] = [Self::Conversations, Self::Endpoints, Self::Hierarchy, Self::Follow, Self::Expert];
}

/// What a person does in the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    Table(Table),
    /// Sorts by this column; by the same again: the other way.
    Sort(usize),
    Transport(Option<Transport>),
    Select(usize),
    /// Shows this conversation's bytes.
    Follow(FlowId),
    Form(Form),
    Unpacked(bool),
    NextPage,
    PreviousPage,
    /// Finds out again: the capture has grown.
    Refresh,
    Cancel,
    /// All rows into the clipboard.
    CopyTable,
}

/// A question for the background.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub generation: u64,
    pub serial: u64,
    pub ask: Ask,
    /// What is known already of the same capture.
    pub before: Option<Arc<Found>>,
    pub snapshot: Snapshot,
}

/// A part of what was said in a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub flow: FlowId,
    pub part: Part,
    pub unpacked: bool,
    pub snapshot: Snapshot,
}

/// What is being found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub table: Table,
    /// Of `total`, which is 0 where it is not known.
    pub done: u64,
    pub total: u64,
}

/// The state of the tables.
#[derive(Debug, Default)]
pub struct Analysis {
    pub table: Table,
    /// `None`: all.
    pub transport: Option<Transport>,
    /// By [`Table`].
    pub orders: [Order; 5],
    pub selected: [usize; 5],
    pub flow: Option<FlowId>,
    pub form: Form,
    pub unpacked: bool,
    /// Where the pages up to the present one begin.
    pub pages: Vec<Place>,
    pub waiting: Option<Waiting>,
    /// What was asked last was called off.
    pub cancelled: bool,
    pub(super) found: [Option<Arc<Found>>; 5],
    serial: u64,
}

impl Analysis {
    /// What has been found out for the table that is open.
    pub fn found(&self) -> Option<&Arc<Found>> {
        self.found.get(self.table as usize)?.as_ref()
    }

    pub fn selected(&self) -> usize {
        self.selected.get(self.table as usize).copied().unwrap_or(0)
    }

    /// Takes in an answer; one to an older question is let go.
    pub fn take(&mut self, serial: u64, found: Arc<Found>) {
        let Some(waiting) = self.waiting.filter(|_| serial == self.serial) else { return };
        self.waiting = None;
        let at = waiting.table as usize;
        if let Some(selected) = self.selected.get_mut(at) {
            *selected = (*selected).min(found.len().saturating_sub(1));
        }
        if let Some(slot) = self.found.get_mut(at) {
            *slot = Some(found);
        }
    }

    pub fn progress(&mut self, serial: u64, done: u64, total: u64) {
        if let Some(waiting) = self.waiting.as_mut().filter(|_| serial == self.serial) {
            (waiting.done, waiting.total) = (done, total);
        }
    }

    /// Another capture: only how the tables are looked at is kept.
    pub fn forget(&mut self) {
        let serial = self.serial + 1;
        let old = std::mem::take(self);
        *self = Self { serial, table: old.table, transport: old.transport, orders: old.orders, form: old.form, ..Self::default() };
    }

    fn asking(&self) -> Option<Ask> {
        let order = self.orders.get(self.table as usize).copied().unwrap_or_default();
        Some(match self.table {
            Table::Conversations => Ask::Conversations { transport: self.transport, order },
            Table::Endpoints => Ask::Endpoints { order },
            Table::Hierarchy => Ask::Hierarchy,
            Table::Expert => Ask::Expert,
            Table::Follow => {
                let from = self.pages.last().copied().unwrap_or_default();
                Ask::Follow { flow: self.flow?, from, form: self.form, unpacked: self.unpacked }
            }
        })
    }

    /// The question that is now open, if the table that is open has none answered. `anew`: also if it has.
    pub fn question(&mut self, capture: &Arc<Capture>, generation: u64, anew: bool) -> Option<Question> {
        if capture.trace.is_empty() || (!anew && self.found().is_some()) {
            return None;
        }
        let ask = self.asking()?;
        self.serial += 1;
        self.cancelled = false;
        self.waiting = Some(Waiting { table: self.table, done: 0, total: 0 });
        let snapshot = Snapshot(Arc::clone(capture));
        Some(Question { generation, serial: self.serial, ask, before: self.found().cloned(), snapshot })
    }

    /// Where the page behind the present one begins.
    pub fn next_page(&self) -> Option<Place> {
        match self.found()?.as_ref() {
            Found::Follow(page) => page.next,
            _ => None,
        }
    }

    /// The conversation whose bytes are shown when nobody chose one: that of the frame that is now.
    pub fn follow(&mut self, flow: Option<FlowId>) {
        if flow.is_some() && flow != self.flow {
            self.flow = flow;
            self.first_page();
        }
    }

    pub(super) fn first_page(&mut self) {
        self.pages = vec![Place::default()];
        if let Some(slot) = self.found.get_mut(Table::Follow as usize) {
            *slot = None;
        }
        if let Some(selected) = self.selected.get_mut(Table::Follow as usize) {
            *selected = 0;
        }
    }

    /// Another order: the same column again turns it around; numbers begin with the largest.
    pub(super) fn sort(&mut self, column: usize) {
        let number = self.found().and_then(|f| f.columns().get(column)).is_some_and(|c| c.number);
        if let Some(order) = self.orders.get_mut(self.table as usize) {
            *order = if order.column == column {
                Order { column, descending: !order.descending }
            } else {
                Order { column, descending: number && column > 0 }
            };
        }
    }
}
