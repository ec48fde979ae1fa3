//! Filters answered from the index's columns, without looking into frames.
//!
//! In: a filter and a capture. Out: for each frame yes, no, or *look*: only frames of the last kind are looked into. What the
//! columns cannot be sure of (a tunnel has two IP headers, an ICMP error quotes another packet's) is always *look*, so the
//! frames are the same as by looking into all. What depends on the conversation alone is judged once a conversation and
//! direction, by the same code that judges frames.

use super::shown::Shown;
use super::test::{Entity, FieldRef, Test};
use super::value::Held;
use super::{Fact, Facts, Filter, Look, Name};
use crate::flow::explain::{self, WhenWhole};
use crate::flow::rows::kind;
use crate::flow::{Dir, Flow, Index, MarkKind, NO_FLOW, Row, Rows, Transport};
use crate::trace::column::CHUNK;
use crate::trace::{FrameId, FrameMeta, Trace, frame_number};
use crate::wire::FieldDef;
use std::net::IpAddr;
use std::ops::Range;

/// Frames that are judged together: a chunk of the index.
const BLOCK: usize = CHUNK;
const WORDS: usize = BLOCK / 64;

/// One bit a frame of a block.
type Bits = [u64; WORDS];

/// A filter, made ready for one capture as it is now.
pub struct Plan<'a> {
    filter: &'a Filter,
    trace: &'a Trace,
    index: &'a Index,
    root: Node<'a>,
}

enum Node<'a> {
    Known(bool),
    /// Not in columns; `false` where no frame of this kind can have the field.
    Look(Absent, Option<Box<Shown>>),
    And(Vec<Node<'a>>),
    Or(Vec<Node<'a>>),
    Not(Box<Node<'a>>),
    /// Some of these marks.
    Mark(u16),
    /// By conversation: two bits each, one a direction; and the answer for ARP.
    Flow { table: Vec<u8>, arp: bool },
    /// By TCP's flags; and the answers for UDP and ARP.
    Flags { table: Box<[bool; 256]>, udp: bool, arp: bool },
    /// By what the row and the capture say.
    Row { test: &'a Test, columns: Vec<(*const FieldDef, Column)>, needs: Needs },
}

/// On which frames a field can certainly not be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Absent {
    Nowhere,
    /// Only frames with this transport have it; frames that are not understood may.
    But(Transport),
    /// Only frames with an IP header of this version.
    Ip(bool),
    /// Not in ARP.
    Arp,
}

#[derive(Clone, Copy, Default)]
struct Needs {
    /// The row must be understood.
    row: bool,
    /// The frame must not be cut.
    whole: bool,
}

/// Where the value of a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Source { version_6: bool },
    Target { version_6: bool },
    SourcePort(Transport),
    TargetPort(Transport),
    Stream(Transport),
    Flag(u8),
    Flags,
    Len,
    Number,
    FrameLen,
    CapLen,
    Relative,
    Delta,
    Epoch,
}

fn column(name: &str) -> Option<Column> {
    use Transport::{Tcp, Udp};
    Some(match name {
        "ip.src" => Column::Source { version_6: false },
        "ip.dst" => Column::Target { version_6: false },
        "ipv6.src" => Column::Source { version_6: true },
        "ipv6.dst" => Column::Target { version_6: true },
        "tcp.srcport" => Column::SourcePort(Tcp),
        "tcp.dstport" => Column::TargetPort(Tcp),
        "udp.srcport" => Column::SourcePort(Udp),
        "udp.dstport" => Column::TargetPort(Udp),
        "tcp.stream" => Column::Stream(Tcp),
        "udp.stream" => Column::Stream(Udp),
        "tcp.flags.fin" => Column::Flag(1),
        "tcp.flags.syn" => Column::Flag(2),
        "tcp.flags.reset" => Column::Flag(4),
        "tcp.flags.push" => Column::Flag(8),
        "tcp.flags.ack" => Column::Flag(16),
        "tcp.flags.urg" => Column::Flag(32),
        "tcp.flags.ece" => Column::Flag(64),
        "tcp.flags.cwr" => Column::Flag(128),
        "tcp.len" => Column::Len,
        "frame.number" => Column::Number,
        "frame.len" => Column::FrameLen,
        "frame.cap_len" => Column::CapLen,
        "frame.time_relative" => Column::Relative,
        "frame.time_delta" => Column::Delta,
        "frame.time_epoch" => Column::Epoch,
        _ => return None,
    })
}

impl Column {
    fn by_flow(self) -> bool {
        matches!(self, Self::Source { .. } | Self::Target { .. } | Self::SourcePort(_) | Self::TargetPort(_) | Self::Stream(_))
    }

    fn by_frame(self) -> bool {
        matches!(self, Self::Number | Self::FrameLen | Self::CapLen) || self.is_time()
    }

    fn is_time(self) -> bool {
        matches!(self, Self::Relative | Self::Delta | Self::Epoch)
    }
}

/// What is needed to judge a test.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// The conversation and direction.
    Flow,
    /// The row, and what the capture says of the frame.
    Row,
    /// The frame itself.
    Look,
}

/// The transports and headers whose presence a row tells.
const HEADERS: [&str; 7] = ["tcp", "udp", "arp", "ip", "ipv6", "icmp", "icmpv6"];

struct Planner<'a, 's> {
    trace: &'a Trace,
    index: &'a Index,
    /// Messages are shown on the frames that complete them.
    whole: Option<&'s WhenWhole>,
}

impl<'a> Planner<'a, '_> {
    fn plan(&self, test: &'a Test) -> Node<'a> {
        if let Test::Any = test {
            return Node::Known(true);
        }
        match self.class(test) {
            Class::Flow => return self.by_flow(test),
            Class::Row if !matches!(test, Test::And(_) | Test::Or(_) | Test::Not(_)) => return self.by_row(test),
            Class::Row if columns_of(test).iter().all(|(_, c)| matches!(c, Column::Flag(_) | Column::Flags)) && !has_protocol(test) => {
                return self.by_row(test);
            }
            _ => {}
        }
        match test {
            Test::Any => Node::Known(true),
            // What is quickest to know comes first: the rest is asked of fewer frames.
            Test::And(all) => Node::And(self.plan_all(all)),
            Test::Or(all) => Node::Or(self.plan_all(all)),
            Test::Not(inner) => Node::Not(Box::new(self.plan(inner))),
            Test::Is(Entity::Field(field)) => match marks_of(field) {
                Some(marks) => Node::Mark(marks),
                None => self.look(Some(field), true),
            },
            Test::Is(entity) | Test::Compare { left: entity, .. } | Test::In { left: entity, .. } => self.look(asked(entity), false),
        }
    }

    fn look(&self, field: Option<&FieldRef>, presence: bool) -> Node<'a> {
        let shown = field.zip(self.whole).and_then(|(field, whole)| Shown::of(field, presence, whole, self.index));
        Node::Look(field.map_or(Absent::Nowhere, absent), shown.map(Box::new))
    }

    fn plan_all(&self, all: &'a [Test]) -> Vec<Node<'a>> {
        let mut nodes: Vec<Node<'a>> = all.iter().map(|t| self.plan(t)).collect();
        nodes.sort_by_key(Node::cost);
        nodes
    }

    fn class(&self, test: &Test) -> Class {
        match test {
            Test::Any => Class::Flow,
            Test::And(all) | Test::Or(all) => all.iter().map(|t| self.class(t)).max().unwrap_or(Class::Flow),
            Test::Not(inner) => self.class(inner),
            Test::Is(Entity::Field(field)) => match field.name {
                Name::Protocol(proto) if field.layers.is_none() && HEADERS.contains(&proto) => {
                    // That an ICMP message is there is known; what it quotes is not.
                    Class::Flow
                }
                _ => self.field(field),
            },
            Test::Is(entity) => self.entity(entity),
            Test::Compare { left, right, .. } => self.entity(left).max(self.entity(right)),
            Test::In { left, set, .. } => {
                let elements = set.iter().flat_map(|(low, high)| [Some(low), high.as_ref()]).flatten();
                elements.map(|e| self.entity(e)).max().unwrap_or(Class::Flow).max(self.entity(left))
            }
        }
    }

    fn entity(&self, entity: &Entity) -> Class {
        // The flags' low byte is in the row, and nothing else of them is asked for.
        if let Entity::Math { op: '&', left, right, .. } = entity
            && let (Entity::Field(field), Entity::Const { value: Held::Uint(0..=0xff), .. }) = (left.as_ref(), right.as_ref())
            && field.text == "tcp.flags"
            && field.layers.is_none()
        {
            return Class::Row;
        }
        let mut class = Class::Flow;
        entity_fields(entity, &mut |field| class = class.max(self.field(field)));
        class
    }

    fn field(&self, field: &FieldRef) -> Class {
        if field.layers.is_some() {
            return Class::Look;
        }
        let one = |def: &FieldDef| match column(def.name) {
            Some(column) if column.is_time() && !(self.trace.untimed.is_empty() && self.trace.far.is_empty()) => Class::Look,
            Some(column) if column.by_flow() => Class::Flow,
            Some(_) => Class::Row,
            None => Class::Look,
        };
        match field.name {
            Name::Field(def) => one(def),
            Name::Fields(defs) => defs.iter().map(|def| one(def)).max().unwrap_or(Class::Look),
            Name::Protocol(_) => Class::Look,
        }
    }

    fn by_flow(&self, test: &'a Test) -> Node<'a> {
        let columns = columns_of(test);
        let judge = |flow: &Flow| {
            Dir::BOTH.into_iter().fold(0, |bits, dir| {
                let transport = flow.transport;
                let mut facts = RowFacts { flow: Some(flow), transport, dir, ..RowFacts::nothing(self.trace, &columns) };
                bits | u8::from(test.passes(&mut facts)) << dir.index()
            })
        };
        let table: Vec<u8> = self.index.flows.iter().map(judge).collect();
        let arp = test.passes(&mut RowFacts { transport: Transport::Arp, ..RowFacts::nothing(self.trace, &columns) });
        Node::Flow { table, arp }
    }

    fn by_row(&self, test: &'a Test) -> Node<'a> {
        let columns = columns_of(test);
        if columns.iter().all(|(_, c)| matches!(c, Column::Flag(_) | Column::Flags)) {
            let ask = |transport, flags| {
                test.passes(&mut RowFacts { transport, flags, ..RowFacts::nothing(self.trace, &columns) })
            };
            let mut table = Box::new([false; 256]);
            (0u8..=255).zip(table.iter_mut()).for_each(|(flags, answer)| *answer = ask(Transport::Tcp, flags));
            return Node::Flags { table, udp: ask(Transport::Udp, 0), arp: ask(Transport::Arp, 0) };
        }
        let needs = Needs {
            row: columns.iter().any(|(_, c)| !c.by_frame()),
            whole: columns.iter().any(|(_, c)| *c == Column::Len),
        };
        Node::Row { test, columns, needs }
    }
}

fn entity_fields<'a>(entity: &'a Entity, visit: &mut dyn FnMut(&'a FieldRef)) {
    entity.fields(visit);
}

fn columns_of(test: &Test) -> Vec<(*const FieldDef, Column)> {
    let mut out: Vec<(*const FieldDef, Column)> = Vec::new();
    let mut add = |def: &'static FieldDef| {
        let column = if def.name == "tcp.flags" { Some(Column::Flags) } else { column(def.name) };
        let known = out.iter().any(|(d, _)| std::ptr::eq(*d, def));
        out.extend(column.filter(|_| !known).map(|column| (std::ptr::from_ref(def), column)));
    };
    test.fields(&mut |field| match field.name {
        Name::Field(def) => add(def),
        Name::Fields(defs) => defs.iter().for_each(|def| add(def)),
        Name::Protocol(_) => {}
    });
    out
}

fn has_protocol(test: &Test) -> bool {
    let mut found = false;
    test.fields(&mut |field| found |= matches!(field.name, Name::Protocol(_)));
    found
}

/// The marks whose presence this field says.
fn marks_of(field: &FieldRef) -> Option<u16> {
    if field.layers.is_some() {
        return None;
    }
    let all = MarkKind::ALL.into_iter().filter(|kind| field.text == kind.field() || field.text == "tcp.analysis.flags");
    let marks = all.fold(0, |marks, kind| marks | kind.bit());
    (marks != 0).then_some(marks)
}

/// The field without which this has no value.
fn asked(entity: &Entity) -> Option<&FieldRef> {
    match entity {
        Entity::Field(field) => Some(field),
        Entity::Slice(of, _) | Entity::Minus { of, .. } => asked(of),
        Entity::Math { left, .. } => asked(left),
        Entity::Call(_, arguments) => match arguments.as_slice() {
            [one] => asked(one),
            _ => None,
        },
        Entity::Const { .. } => None,
    }
}

fn absent(field: &FieldRef) -> Absent {
    match field.text.split('.').next().unwrap_or("") {
        "tcp" => Absent::But(Transport::Tcp),
        "udp" => Absent::But(Transport::Udp),
        "arp" => Absent::But(Transport::Arp),
        "icmp" | "icmpv6" => Absent::But(Transport::Icmp),
        "ip" => Absent::Ip(false),
        "ipv6" => Absent::Ip(true),
        "http" | "dns" | "tls" | "websocket" | "smtp" | "pop" | "ftp" | "http2" | "quic" | "data" => Absent::Arp,
        _ => Absent::Nowhere,
    }
}

/// What the columns know of one frame.
struct RowFacts<'a> {
    columns: &'a [(*const FieldDef, Column)],
    trace: &'a Trace,
    frame: FrameId,
    meta: Option<FrameMeta>,
    flow: Option<&'a Flow>,
    transport: Transport,
    dir: Dir,
    flags: u8,
    len: u32,
}

impl<'a> RowFacts<'a> {
    fn nothing(trace: &'a Trace, columns: &'a [(*const FieldDef, Column)]) -> Self {
        let transport = Transport::Other;
        Self { columns, trace, frame: 0, meta: None, flow: None, transport, dir: Dir::ToServer, flags: 0, len: 0 }
    }

    fn column(&self, column: Column) -> Option<Fact<'static>> {
        let flow = || self.flow;
        let tcp = || (self.transport == Transport::Tcp).then_some(());
        let ends = |from: bool| flow().map(|f| f.ends[if from { self.dir } else { self.dir.reverse() }.index()]);
        let address = |from: bool, version_6: bool| match ends(from)?.ip() {
            IpAddr::V4(a) if !version_6 => Some(Fact::Ipv4(a)),
            IpAddr::V6(a) if version_6 => Some(Fact::Ipv6(a)),
            _ => None,
        };
        let port = |from: bool, of: Transport| {
            let end = ends(from).filter(|_| flow().is_some_and(|f| f.transport == of));
            end.map(|end| Fact::Uint(end.port().into()))
        };
        let since = |id: Option<FrameId>| {
            let at = self.meta?.at;
            Some(Fact::Nanos(at.since(id.and_then(|i| self.trace.meta(i)).map_or(at, |m| m.at))))
        };
        match column {
            Column::Source { version_6 } => address(true, version_6),
            Column::Target { version_6 } => address(false, version_6),
            Column::SourcePort(of) => port(true, of),
            Column::TargetPort(of) => port(false, of),
            Column::Stream(of) => flow().filter(|f| f.transport == of).map(|f| Fact::Uint(f.number.into())),
            Column::Flag(bit) => tcp().map(|_| Fact::Bool(self.flags & bit != 0)),
            Column::Flags => tcp().map(|_| Fact::Uint(self.flags.into())),
            Column::Len => tcp().map(|_| Fact::Uint(self.len.into())),
            Column::Number => Some(Fact::Uint(frame_number(self.frame))),
            Column::FrameLen => self.meta.map(|m| Fact::Uint(m.wire_len.into())),
            Column::CapLen => self.meta.map(|m| Fact::Uint(m.cap_len.into())),
            Column::Relative => since(Some(0)),
            Column::Delta => since(self.frame.checked_sub(1)),
            Column::Epoch => self.meta.map(|m| Fact::Nanos(m.at.0)),
        }
    }

    fn has_proto(&self, proto: &str) -> bool {
        let v4 = self.flow.is_some_and(|f| f.ends[0].is_ipv4());
        match proto {
            "tcp" => self.transport == Transport::Tcp,
            "udp" => self.transport == Transport::Udp,
            "arp" => self.transport == Transport::Arp,
            "ip" => self.flow.is_some() && v4,
            "ipv6" => self.flow.is_some() && !v4,
            _ => false,
        }
    }
}

impl Facts for RowFacts<'_> {
    fn each(&mut self, name: Name, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool) {
        let one = |def: &'static FieldDef, found: &mut dyn FnMut(Fact<'_>, &[u8]) -> bool| {
            let known = self.columns.iter().find(|(d, _)| std::ptr::eq(*d, def));
            known.and_then(|(_, column)| self.column(*column)).is_none_or(|fact| found(fact, &[]))
        };
        match name {
            Name::Field(def) => {
                one(def, found);
            }
            Name::Fields(defs) => {
                let _ = defs.iter().all(|def| one(def, found));
            }
            Name::Protocol(proto) => {
                if self.has_proto(proto) {
                    found(Fact::Present, &[]);
                }
            }
        }
    }
}

impl Node<'_> {
    /// The more it costs to ask, the later it is asked.
    fn cost(&self) -> u8 {
        match self {
            Self::Known(_) => 0,
            Self::Mark(_) => 1,
            Self::Flow { .. } | Self::Flags { .. } => 2,
            Self::Row { .. } => 3,
            Self::Not(inner) => inner.cost(),
            Self::And(all) | Self::Or(all) => all.iter().map(Node::cost).max().unwrap_or(0),
            Self::Look(..) => 4,
        }
    }

    fn needs_looking(&self) -> bool {
        match self {
            Self::Look(..) => true,
            Self::Not(inner) => inner.needs_looking(),
            Self::And(all) | Self::Or(all) => all.iter().any(Node::needs_looking),
            _ => false,
        }
    }
}

impl<'a> Plan<'a> {
    pub fn new(filter: &'a Filter, trace: &'a Trace, index: &'a Index) -> Self {
        let root = Planner { trace, index, whole: None }.plan(&filter.test);
        Self { filter, trace, index, root }
    }

    /// The same, for whoever asks a [`Look`] that shows messages where `shown` says: frames without messages need not be looked into
    /// for what stands in messages only.
    pub fn showing(filter: &'a Filter, trace: &'a Trace, index: &'a Index, shown: &explain::Shown) -> Self {
        let whole = match shown {
            explain::Shown::WhenWhole(whole) => Some(whole),
            _ => None,
        };
        let root = Planner { trace, index, whole }.plan(&filter.test);
        Self { filter, trace, index, root }
    }

    /// The whole filter is in columns: only frames of unusual kinds are looked into.
    pub fn is_in_columns(&self) -> bool {
        !self.root.needs_looking()
    }

    /// Of these frames, in order, those that may pass, each with whether it surely does: of the others ask [`Filter::passes`].
    pub fn candidates(&self, frames: Range<FrameId>) -> impl Iterator<Item = (FrameId, bool)> + '_ {
        let end = frames.end.min(self.trace.len());
        let start = frames.start.min(end);
        let mut scratch = Scratch::default();
        let blocks = (start / BLOCK as FrameId * BLOCK as FrameId..end).step_by(BLOCK);
        blocks.flat_map(move |first| {
            let (mut want, before) = (ones((end - first) as usize), ones(start.saturating_sub(first) as usize));
            each_word(&mut want, &before, |want, before| want & !before);
            scratch.begin(first);
            let (yes, no) = self.judge(&self.root, &mut scratch, &want);
            let words = want.into_iter().zip(yes).zip(no).enumerate();
            words.flat_map(move |(word, ((want, yes), no))| {
                let mut open = want & !no;
                std::iter::from_fn(move || {
                    let bit = open.trailing_zeros();
                    open &= open.wrapping_sub(1);
                    (bit < 64).then(|| (first + word as FrameId * 64 + bit, yes >> bit & 1 == 1))
                })
            })
        })
    }

    /// Those of these frames that pass, in order. `look` shows messages where they are wanted.
    pub fn passing<'l>(&'l self, frames: Range<FrameId>, look: &'l mut Look<'_>) -> impl Iterator<Item = FrameId> + 'l {
        let all = self.candidates(frames);
        all.filter_map(|(frame, sure)| (sure || self.filter.passes(look.at(frame))).then_some(frame))
    }

    /// Of the frames wanted in the block at hand: those that surely pass, and those that surely do not.
    fn judge(&self, node: &Node<'_>, scratch: &mut Scratch, want: &Bits) -> (Bits, Bits) {
        let (mut yes, mut no) = ([0; WORDS], [0; WORDS]);
        match node {
            Node::Known(true) => yes = *want,
            Node::Known(false) => no = *want,
            Node::Not(inner) => {
                let (is, is_not) = self.judge(inner, scratch, want);
                return (is_not, is);
            }
            Node::And(all) => {
                yes = *want;
                let mut left = *want;
                for node in all {
                    let (is, is_not) = self.judge(node, scratch, &left);
                    each_word(&mut yes, &is, |a, b| a & b);
                    each_word(&mut no, &is_not, |a, b| a | b);
                    each_word(&mut left, &is_not, |a, b| a & !b);
                }
            }
            Node::Or(all) => {
                no = *want;
                let mut left = *want;
                for node in all {
                    let (is, is_not) = self.judge(node, scratch, &left);
                    each_word(&mut yes, &is, |a, b| a | b);
                    each_word(&mut no, &is_not, |a, b| a & b);
                    each_word(&mut left, &is, |a, b| a & !b);
                }
            }
            Node::Mark(marks) => {
                let wanted = i64::from(*marks);
                scratch.load(&self.index.rows, &[KIND, MARKS]);
                let [kinds, all, ..] = scratch.columns();
                each_wanted(want, &mut yes, &mut no, |at| match all[at] & wanted != 0 {
                    true => Some(true),
                    false => (kind(kinds[at]).0 != Transport::Other).then_some(false),
                });
            }
            Node::Flow { table, arp } => {
                scratch.load(&self.index.rows, &[KIND, FLOW]);
                let [kinds, _, flows, _] = scratch.columns();
                each_wanted(want, &mut yes, &mut no, |at| match kind(kinds[at]) {
                    (Transport::Tcp | Transport::Udp, dir, true) => {
                        table.get(usize::try_from(flows[at]).ok()?).map(|bits| bits >> dir.index() & 1 == 1)
                    }
                    (Transport::Arp, ..) => Some(*arp),
                    _ => None,
                });
            }
            Node::Flags { table, udp, arp } => {
                scratch.load(&self.index.rows, &[KIND, FLAGS]);
                let [kinds, _, _, flags] = scratch.columns();
                each_wanted(want, &mut yes, &mut no, |at| match kind(kinds[at]).0 {
                    Transport::Tcp => table.get(flags[at] as usize).copied(),
                    Transport::Udp => Some(*udp),
                    Transport::Arp => Some(*arp),
                    _ => None,
                });
            }
            Node::Row { test, columns, needs } => {
                let first = scratch.first;
                each_wanted(want, &mut yes, &mut no, |at| self.by_row(test, columns, *needs, first + at as FrameId));
            }
            Node::Look(absent, shown) => {
                if *absent != Absent::Nowhere {
                    self.absent(*absent, scratch, want, &mut no);
                }
                if let Some(shown) = shown {
                    self.shown(shown, scratch, want, &mut yes, &mut no);
                }
            }
        }
        (yes, no)
    }

    /// Frames that cannot have the field for what they carry.
    fn absent(&self, absent: Absent, scratch: &mut Scratch, want: &Bits, no: &mut Bits) {
        scratch.load(&self.index.rows, &[KIND, FLOW]);
        let [kinds, _, flows, _] = scratch.columns();
        each_wanted(want, &mut [0; WORDS], no, |at| {
            let (transport, _, alone) = kind(kinds[at]);
            let absent = match (absent, transport) {
                (_, Transport::Other) | (Absent::Nowhere, _) => false,
                // An error quotes the headers of another packet.
                (Absent::But(has), Transport::Icmp) => has == Transport::Arp,
                (Absent::But(has), _) => has != transport,
                (Absent::Arp | Absent::Ip(_), Transport::Arp) => true,
                (Absent::Ip(version_6), Transport::Tcp | Transport::Udp) if alone => {
                    let flow = u32::try_from(flows[at]).ok().and_then(|id| self.index.flow(id));
                    flow.is_some_and(|f| f.ends[0].is_ipv4() == version_6)
                }
                _ => false,
            };
            absent.then_some(false)
        });
    }

    /// Frames on which messages that have it are shown, and those on which none is.
    fn shown(&self, shown: &Shown, scratch: &mut Scratch, want: &Bits, yes: &mut Bits, no: &mut Bits) {
        let (mut may, mut sure) = ([0; WORDS], [0; WORDS]);
        let end = scratch.first.saturating_add(BLOCK as FrameId);
        shown.frames(scratch.first, end, &mut |at, surely| {
            let (word, bit) = (at as usize / 64, 1 << (at % 64));
            if let (Some(may), Some(sure)) = (may.get_mut(word), sure.get_mut(word)) {
                *may |= bit;
                *sure |= if surely { bit } else { 0 };
            }
        });
        each_word(&mut sure, want, |sure, want| sure & want);
        let mut without = *want;
        each_word(&mut without, &may, |want, may| want & !may);
        if shown.usual_only {
            scratch.load(&self.index.rows, &[KIND]);
            let [kinds, ..] = scratch.columns();
            let asked = std::mem::replace(&mut without, [0; WORDS]);
            each_wanted(&asked, &mut [0; WORDS], &mut without, |at| {
                matches!(kind(kinds[at]), (Transport::Tcp | Transport::Udp, _, true)).then_some(false)
            });
        }
        each_word(no, &without, |no, without| no | without);
        each_word(yes, &sure, |yes, sure| yes | sure);
        each_word(no, yes, |no, yes| no & !yes);
    }

    fn by_row(&self, test: &Test, columns: &[(*const FieldDef, Column)], needs: Needs, frame: FrameId) -> Option<bool> {
        let meta = self.trace.meta(frame)?;
        let mut facts = RowFacts { frame, meta: Some(meta), ..RowFacts::nothing(self.trace, columns) };
        if needs.row {
            let row: Row = self.index.row(frame)?;
            match row.transport {
                Transport::Tcp | Transport::Udp if row.alone && row.flow != NO_FLOW => {}
                Transport::Arp => return Some(test.passes(&mut RowFacts { transport: Transport::Arp, ..facts })),
                _ => return None,
            }
            if needs.whole && meta.cap_len < meta.wire_len {
                return None;
            }
            let flow = Some(self.index.flow(row.flow)?);
            let Row { transport, dir, flags, payload_len: len, .. } = row;
            facts = RowFacts { flow, transport, dir, flags, len, ..facts };
        }
        Some(test.passes(&mut facts))
    }
}

/// Columns of the block at hand, read when they are first asked for.
#[derive(Default)]
struct Scratch {
    first: FrameId,
    columns: [Option<Box<[i64; BLOCK]>>; 4],
    read: [bool; 4],
}

const KIND: usize = 0;
const MARKS: usize = 1;
const FLOW: usize = 2;
const FLAGS: usize = 3;

static NOTHING: [i64; BLOCK] = [0; BLOCK];

impl Scratch {
    fn begin(&mut self, first: FrameId) {
        self.first = first;
        self.read = [false; 4];
    }

    fn load(&mut self, rows: &Rows, wanted: &[usize]) {
        for (n, (column, read)) in self.columns.iter_mut().zip(&mut self.read).enumerate() {
            if *read || !wanted.contains(&n) {
                continue;
            }
            *read = true;
            let column = column.get_or_insert_with(|| Box::new([0; BLOCK]));
            match n {
                KIND => rows.kinds(self.first, column),
                MARKS => rows.all_marks(self.first, column),
                FLOW => rows.flows(self.first, column),
                _ => rows.flags(self.first, column),
            }
        }
    }

    /// In the order of their numbers; what was not asked for is nothing.
    fn columns(&self) -> [&[i64; BLOCK]; 4] {
        self.columns.each_ref().map(|column| column.as_deref().unwrap_or(&NOTHING))
    }
}

/// Judges each wanted frame of a block by its place there.
#[inline]
fn each_wanted(want: &Bits, yes: &mut Bits, no: &mut Bits, judge: impl Fn(usize) -> Option<bool>) {
    for (word, ((want, yes), no)) in want.iter().zip(yes).zip(no).enumerate() {
        let mut open = *want;
        while open != 0 {
            let bit = open.trailing_zeros();
            open &= open - 1;
            // Below BLOCK: 64 words of 64 bits.
            match judge((word * 64 + bit as usize) & (BLOCK - 1)) {
                Some(true) => *yes |= 1 << bit,
                Some(false) => *no |= 1 << bit,
                None => {}
            }
        }
    }
}

fn ones(count: usize) -> Bits {
    std::array::from_fn(|word| match count.saturating_sub(word * 64) {
        n if n >= 64 => u64::MAX,
        n => (1 << n) - 1,
    })
}

fn each_word(to: &mut Bits, from: &Bits, join: impl Fn(u64, u64) -> u64) {
    to.iter_mut().zip(from).for_each(|(a, b)| *a = join(*a, *b));
}
