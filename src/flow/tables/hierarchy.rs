//! The protocols of a capture as a tree: what carried what, in how many frames and bytes.
//!
//! In: a capture. Out: the tree, each row with its share. A frame counts for every header in it, and for the application whose
//! message has bytes in it. The headers of a conversation are read once, from its first frame; only frames that may hold a
//! tunnel, or belong to no conversation, are read each.

use super::{Column, Going, Row, STEP};
use crate::flow::{Index, NO_FLOW, Transport};
use crate::lang::words;
use crate::trace::{FrameId, Trace};
use crate::wire::dissect;

/// From left to right.
pub static COLUMNS: &[Column] = &[
    Column {
        title: words("プロトコル", "Protocol"),
        about: words("そのプロトコルの名前です。字下げは「何が何を運ぶか」を表します。", "Its name; what stands further in is carried by what stands above."),
        number: false,
    },
    Column { title: words("フレーム", "Frames"), about: words("このプロトコルを含むフレームの数です。", "Frames with this protocol."), number: true },
    Column { title: words("フレーム %", "Frames %"), about: words("全フレームに占める割合です。", "Their share of all frames."), number: true },
    Column { title: words("バイト", "Bytes"), about: words("それらのフレーム全体のバイト数です。", "Bytes of those frames, all of each."), number: true },
    Column { title: words("バイト %", "Bytes %"), about: words("全バイトに占める割合です。", "Their share of all bytes."), number: true },
];

/// Protocols inside protocols that are told apart at most; what is deeper counts for what carries it.
const MAX_NODES: usize = 4096;

/// One protocol in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub proto: &'static str,
    pub depth: usize,
    pub frames: u64,
    pub bytes: u64,
    pub first: FrameId,
}

/// The tree, from the top down, what carries before what is carried.
#[derive(Clone, Debug, PartialEq)]
pub struct Hierarchy {
    pub rows: Vec<Node>,
    pub frames: FrameId,
    pub bytes: u64,
}

struct Branch {
    proto: &'static str,
    children: Vec<usize>,
    frames: u64,
    bytes: u64,
    first: FrameId,
}

impl Branch {
    fn new(proto: &'static str) -> Self {
        Self { proto, children: Vec::new(), frames: 0, bytes: 0, first: FrameId::MAX }
    }
}

struct Tree(Vec<Branch>);

impl Tree {
    fn child(&mut self, of: usize, proto: &'static str) -> usize {
        let known = self.0.get(of).and_then(|b| b.children.iter().find(|c| self.0.get(**c).is_some_and(|b| b.proto == proto)));
        if let Some(child) = known {
            return *child;
        }
        if self.0.len() >= MAX_NODES {
            return of;
        }
        let new = self.0.len();
        self.0.push(Branch::new(proto));
        if let Some(parent) = self.0.get_mut(of) {
            parent.children.push(new);
        }
        new
    }

    /// Gives what each branch holds to those that carry it; children come behind their parents.
    fn add_up(&mut self) {
        for at in (0..self.0.len()).rev() {
            let children = self.0.get(at).map(|b| b.children.clone()).unwrap_or_default();
            for child in children {
                let Some((frames, bytes, first)) = self.0.get(child).map(|c| (c.frames, c.bytes, c.first)) else { continue };
                if let Some(parent) = self.0.get_mut(at) {
                    parent.frames += frames;
                    parent.bytes += bytes;
                    parent.first = parent.first.min(first);
                }
            }
        }
    }

    fn list(&self, at: usize, depth: usize, out: &mut Vec<Node>) {
        let Some(branch) = self.0.get(at) else { return };
        let mut children = branch.children.clone();
        children.sort_by_key(|c| std::cmp::Reverse(self.0.get(*c).map_or(0, |b| b.frames)));
        for child in children {
            let Some(b) = self.0.get(child) else { continue };
            out.push(Node { proto: b.proto, depth, frames: b.frames, bytes: b.bytes, first: b.first });
            self.list(child, depth + 1, out);
        }
    }
}

/// A header path that is not known yet.
const UNREAD: u16 = u16::MAX;

impl Hierarchy {
    pub fn of(trace: &Trace, index: &Index, going: Going<'_>) -> Option<Self> {
        let mut tree = Tree(vec![Branch::new("")]);
        let mut paths = vec![UNREAD; index.flows.len()];
        let mut buf = Vec::new();
        let mut all = 0u64;
        let len = trace.len().min(FrameId::try_from(index.rows.len()).unwrap_or(FrameId::MAX));
        for frame in 0..len {
            if frame % STEP == 0 && !going(frame.into(), len.into()) {
                return None;
            }
            let (Some(row), Some(meta)) = (index.rows.get(frame as usize), trace.meta(frame)) else { break };
            all += u64::from(meta.wire_len);
            let usual = row.flow != NO_FLOW && row.alone && matches!(row.transport, Transport::Tcp | Transport::Udp);
            let known = paths.get(row.flow as usize).copied().filter(|p| usual && *p != UNREAD);
            let mut at = match known {
                Some(path) => usize::from(path),
                None => {
                    let at = headers(trace, frame, &mut tree, &mut buf, row.transport);
                    if let Some(path) = paths.get_mut(row.flow as usize).filter(|_| usual) {
                        *path = u16::try_from(at).unwrap_or(UNREAD);
                    }
                    at
                }
            };
            if row.payload_len > 0 && matches!(row.transport, Transport::Tcp | Transport::Udp) {
                let message = index.messages_in(frame).first().and_then(|id| index.message(*id));
                if let Some(message) = message {
                    at = tree.child(at, message.proto);
                }
            }
            if let Some(branch) = tree.0.get_mut(at) {
                branch.frames += 1;
                branch.bytes += u64::from(meta.wire_len);
                branch.first = branch.first.min(frame);
            }
        }
        tree.add_up();
        let mut rows = Vec::new();
        tree.list(0, 0, &mut rows);
        going(len.into(), len.into()).then_some(Self { rows, frames: len, bytes: all })
    }

    pub fn row(&self, at: usize) -> Option<Row> {
        let node = self.rows.get(at)?;
        let share = |part: u64, all: u64| format!("{:.1}", part as f64 * 100.0 / all.max(1) as f64);
        let cells = vec![
            node.proto.to_owned(),
            node.frames.to_string(),
            share(node.frames, self.frames.into()),
            node.bytes.to_string(),
            share(node.bytes, self.bytes),
        ];
        let filter = Some(node.proto.to_owned());
        Some(Row { cells, filter, first: Some(node.first), depth: node.depth, ..Row::default() })
    }
}

/// Where a frame's headers lead in the tree.
fn headers(trace: &Trace, frame: FrameId, tree: &mut Tree, buf: &mut Vec<u8>, transport: Transport) -> usize {
    let mut at = 0;
    let mut last = "";
    if let Some(found) = trace.frame(frame, buf) {
        let dissected = dissect(found.link, found.bytes, found.meta.wire_len as usize);
        for layer in dissected.layers.iter().filter(|l| l.buffer == 0) {
            at = tree.child(at, layer.proto);
            last = layer.proto;
        }
    }
    // The last fragment of a datagram stands for all of it.
    match transport {
        Transport::Tcp if last != "tcp" => tree.child(at, "tcp"),
        Transport::Udp if last != "udp" => tree.child(at, "udp"),
        _ => at,
    }
}
