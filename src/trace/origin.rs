//! What a pcapng file holds besides frames: where each such block stands, so that a saved file has it again.
//!
//! In: [`Kept`] blocks in the order of the file. Out: the same, neighbours without a meaning of their own joined into one
//! entry, so that memory does not grow with their number. The bytes stay in the file; nothing here reads them.

/// What a kept block is to whoever writes it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Begins a section: a byte order of its own, interfaces counted from 0 again.
    Section,
    /// The description of the next interface of the section.
    Interface,
    /// Secrets to decrypt with, of this kind: "TLSK" (0x544c534b) is a TLS key log (draft-ietf-opsawg-pcapng, section 4.7).
    Secrets(u32),
    /// Whole blocks of other kinds: names, statistics, logs, and what is still to be invented.
    Other,
}

/// One block of the source, or several of kind [`Part::Other`] with nothing between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it begins in the file.
    pub at: u64,
    /// Its bytes, lengths and padding included.
    pub len: u64,
    pub part: Part,
}

impl Kept {
    /// One past its last byte.
    pub fn end(&self) -> u64 {
        self.at.saturating_add(self.len)
    }
}

/// Adds a block at the end.
pub(super) fn push(list: &mut Vec<Kept>, block: Kept) {
    match list.last_mut() {
        Some(last) if last.part == Part::Other && block.part == Part::Other && last.end() == block.at => {
            last.len = last.len.saturating_add(block.len);
        }
        _ => list.push(block),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_no_meaning_are_one_entry_and_others_stay_apart() {
        let mut list = Vec::new();
        let block = |at, part| Kept { at, len: 12, part };
        for (at, part) in [(0, Part::Section), (12, Part::Other), (24, Part::Other), (36, Part::Secrets(1)), (48, Part::Other), (90, Part::Other)] {
            push(&mut list, block(at, part));
        }
        let spans: Vec<_> = list.iter().map(|k| (k.at, k.len)).collect();
        assert_eq!(spans, [(0, 12), (12, 24), (36, 12), (48, 12), (90, 12)]);
    }
}
