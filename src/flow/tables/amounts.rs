//! What each conversation amounts to, in one pass over the rows.

use super::{Going, STEP};
use crate::flow::{Flow, Index, NO_FLOW, Row, Transport};
use crate::trace::{FrameId, Trace};

/// Frames and bytes on the wire of one conversation, to the server and to the client; and what was seen of its course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    pub frames: [u32; 2],
    pub bytes: [u64; 2],
    /// `tcp.completeness`: SYN 1, SYN+ACK 2, ACK 4, data 8, FIN 16, RST 32.
    pub seen: u8,
}

/// By flow, and how many frames were looked at. Frames that belong to none, or whose addresses are not those of their flow
/// alone (tunnels, ICMP that quotes a flow's packet), are given to `other`.
pub fn by_flow(
    trace: &Trace,
    index: &Index,
    going: Going<'_>,
    other: &mut dyn FnMut(FrameId, &Row),
) -> Option<(Vec<Amounts>, FrameId)> {
    let mut all = vec![Amounts::default(); index.flows.len()];
    let len = trace.len().min(FrameId::try_from(index.rows.len()).unwrap_or(FrameId::MAX));
    for frame in 0..len {
        if frame % STEP == 0 && !going(frame.into(), len.into()) {
            return None;
        }
        let (Some(row), Some(meta)) = (index.rows.get(frame as usize), trace.meta(frame)) else { break };
        let flow = (row.flow != NO_FLOW).then(|| index.flow(row.flow)).flatten();
        if flow.is_none() || !row.alone || row.transport == Transport::Icmp {
            other(frame, &row);
        }
        let (Some(flow), Some(of)) = (flow, all.get_mut(row.flow as usize)) else { continue };
        if flow.transport != row.transport {
            continue;
        }
        let dir = row.dir.index();
        of.frames[dir] = of.frames[dir].saturating_add(1);
        of.bytes[dir] = of.bytes[dir].saturating_add(meta.wire_len.into());
        if row.transport == Transport::Tcp {
            let cut = meta.cap_len < meta.wire_len && u32::from(row.payload_at) >= meta.cap_len;
            see(&mut of.seen, flow, frame, &row, row.payload_len > 0 || cut);
        }
    }
    going(len.into(), len.into()).then_some((all, len))
}

/// Wireshark's account of how much of a connection was seen; its first segment counts only if it is a SYN.
fn see(seen: &mut u8, flow: &Flow, frame: FrameId, row: &Row, data: bool) {
    let first = frame == flow.first_frame;
    match (first, row.has(Row::SYN), row.has(Row::ACK)) {
        (true, true, false) => *seen = 1 | u8::from(data) << 3,
        (true, ..) | (false, true, false) | (false, false, false) => {}
        (false, true, true) => *seen |= 2,
        (false, false, true) => *seen |= if data { 8 } else { 4 },
    }
    if !first {
        *seen |= u8::from(row.has(Row::FIN)) << 4 | u8::from(row.has(Row::RST)) << 5;
    }
}
