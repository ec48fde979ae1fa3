//! Cuts a pcapng stream that arrives in pieces into whole blocks.
//!
//! In: bytes as they come from a pipe. Out: how many of them are whole blocks, and what those blocks count: frames and
//! losses. It looks at block headers and statistics only, never at a frame.

/// Type of an Enhanced Packet Block and of a Simple Packet Block (pcapng, sections 4.3 and 4.4).
const PACKET: [u32; 2] = [6, 3];
/// Interface Statistics Block (section 4.6).
const STATISTICS: u32 = 5;
/// `isb_ifdrop` and `isb_osdrop`: together the frames lost.
const DROP_OPTIONS: [u16; 2] = [5, 7];
/// No block of ours comes near this: the longest frame kept is 256 KiB.
const LONGEST: usize = 16 * 1024 * 1024;

/// What a run of whole blocks holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub frames: u64,
    /// The newest statement about lost frames, if there was one.
    pub dropped: Option<u64>,
}

/// The stream is not pcapng here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// Holds the bytes that are not yet a whole block.
#[derive(Default)]
pub struct Splitter {
    rest: Vec<u8>,
}

impl Splitter {
    /// Takes the next piece and gives all blocks that are now whole, in order.
    pub fn push(&mut self, piece: &[u8]) -> Result<(Vec<u8>, Counts), Broken> {
        self.rest.extend_from_slice(piece);
        let mut counts = Counts::default();
        let mut end = 0;
        while let Some(header) = self.rest.get(end..).and_then(|b| b.first_chunk::<8>()) {
            let [t0, t1, t2, t3, l0, l1, l2, l3] = *header;
            let kind = u32::from_le_bytes([t0, t1, t2, t3]);
            let len = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
            if len < 12 || !len.is_multiple_of(4) || len > LONGEST {
                return Err(Broken);
            }
            let Some(block) = self.rest.get(end..end + len) else { break };
            if PACKET.contains(&kind) {
                counts.frames += 1;
            } else if kind == STATISTICS {
                counts.dropped = dropped(block).or(counts.dropped);
            }
            end += len;
        }
        let rest = self.rest.split_off(end);
        Ok((std::mem::replace(&mut self.rest, rest), counts))
    }
}

/// Frames lost according to an Interface Statistics Block: its options begin after header, interface number and time.
fn dropped(block: &[u8]) -> Option<u64> {
    let mut options = block.get(20..block.len().checked_sub(4)?)?;
    let mut sum = None;
    while let Some([c0, c1, l0, l1]) = options.first_chunk::<4>() {
        let (code, len) = (u16::from_le_bytes([*c0, *c1]), u16::from_le_bytes([*l0, *l1]) as usize);
        if code == 0 {
            break;
        }
        if DROP_OPTIONS.contains(&code)
            && let Some(value) = options.get(4..).and_then(|v| v.first_chunk::<8>())
        {
            sum = Some(sum.unwrap_or(0) + u64::from_le_bytes(*value));
        }
        options = options.get(4 + len.next_multiple_of(4)..)?;
    }
    sum
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn block(kind: u32, body: &[u8]) -> Vec<u8> {
        let len = (body.len() + 12) as u32;
        [&kind.to_le_bytes(), &len.to_le_bytes(), body, &len.to_le_bytes()].concat()
    }

    fn statistics(drops: &[(u16, u64)]) -> Vec<u8> {
        let mut body = vec![0; 12];
        for (code, n) in drops {
            body.extend([&code.to_le_bytes()[..], &8u16.to_le_bytes(), &n.to_le_bytes()].concat());
        }
        body.extend([0; 4]);
        block(5, &body)
    }

    #[test]
    fn blocks_stay_whole_whatever_the_pieces() {
        let stream = [block(0x0A0D0D0A, &[1; 16]), block(6, &[2; 40]), statistics(&[(5, 3), (7, 4)]), block(6, &[])].concat();
        for size in 1..stream.len() {
            let (mut splitter, mut all, mut frames, mut lost) = (Splitter::default(), Vec::new(), 0, None);
            for piece in stream.chunks(size) {
                let (blocks, counts) = splitter.push(piece).unwrap();
                // Every hand-over ends where a block ends.
                let mut check = Splitter::default();
                assert_eq!(check.push(&blocks).unwrap().0, blocks);
                all.extend(blocks);
                frames += counts.frames;
                lost = counts.dropped.or(lost);
            }
            assert_eq!((all == stream, frames, lost), (true, 2, Some(7)), "pieces of {size}");
        }
    }

    #[test]
    fn nonsense_lengths_are_refused_and_not_waited_for() {
        for len in [0u32, 8, 13, u32::MAX] {
            let mut bytes = 6u32.to_le_bytes().to_vec();
            bytes.extend(len.to_le_bytes());
            assert_eq!(Splitter::default().push(&bytes), Err(Broken), "length {len}");
        }
    }
}
