//! Where the frames of a capture stand, in a few bytes each.

use super::column::Columns;
use super::{FrameMeta, Nanos};

/// One [`FrameMeta`] a frame, by its number. About 9 bytes each.
#[derive(Clone, Debug, Default)]
pub struct Frames(Columns<5>);

impl FrameMeta {
    /// As numbers: time, place, kept length, what was not kept, interface.
    fn numbers(&self) -> [i64; 5] {
        let lost = i64::from(self.wire_len) - i64::from(self.cap_len);
        [self.at.0, self.offset as i64, self.cap_len.into(), lost, self.interface.into()]
    }

    fn of([at, offset, cap_len, lost, interface]: [i64; 5]) -> Self {
        let wire_len = cap_len.wrapping_add(lost) as u32;
        Self { at: Nanos(at), offset: offset as u64, cap_len: cap_len as u32, wire_len, interface: interface as u16 }
    }
}

impl Frames {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn push(&mut self, meta: FrameMeta) {
        self.0.push(meta.numbers());
    }

    pub fn get(&self, frame: usize) -> Option<FrameMeta> {
        self.0.get(frame).map(FrameMeta::of)
    }

    /// When a frame was seen, without the rest.
    pub fn at(&self, frame: usize) -> Option<Nanos> {
        self.0.number(frame, 0).map(Nanos)
    }

    pub fn first(&self) -> Option<FrameMeta> {
        self.get(0)
    }

    pub fn last(&self) -> Option<FrameMeta> {
        self.get(self.len().checked_sub(1)?)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = FrameMeta> + ExactSizeIterator + '_ {
        let nothing = FrameMeta { at: Nanos(0), offset: 0, cap_len: 0, wire_len: 0, interface: 0 };
        (0..self.len()).map(move |i| self.get(i).unwrap_or(nothing))
    }

    /// Changes what is known of a frame. Slow: a whole chunk is written anew.
    pub fn edit(&mut self, frame: usize, change: impl FnOnce(&mut FrameMeta)) {
        if let Some(mut meta) = self.get(frame) {
            change(&mut meta);
            self.0.set(frame, meta.numbers());
        }
    }

    /// Bytes that it takes in memory.
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

impl Extend<FrameMeta> for Frames {
    fn extend<T: IntoIterator<Item = FrameMeta>>(&mut self, metas: T) {
        metas.into_iter().for_each(|meta| self.push(meta));
    }
}

impl FromIterator<FrameMeta> for Frames {
    fn from_iter<T: IntoIterator<Item = FrameMeta>>(metas: T) -> Self {
        let mut frames = Self::default();
        frames.extend(metas);
        frames
    }
}

impl<'a> IntoIterator for &'a Frames {
    type Item = FrameMeta;
    type IntoIter = Box<dyn Iterator<Item = FrameMeta> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_comes_back_with_its_extremes() {
        let metas: Vec<FrameMeta> = (0..9000u32)
            .map(|i| FrameMeta {
                at: Nanos(if i % 1000 == 7 { i64::MIN } else { i64::MAX - i64::from(i) }),
                offset: if i % 2000 == 0 { u64::MAX } else { u64::from(i) * 1514 },
                cap_len: i % 1514,
                wire_len: if i == 5 { u32::MAX } else { i % 1514 + i % 3 },
                interface: if i == 6 { u16::MAX } else { 0 },
            })
            .collect();
        let mut frames: Frames = metas.iter().copied().collect();
        assert!(frames.iter().eq(metas.iter().copied()));
        frames.edit(3, |m| m.interface = 9);
        assert_eq!(frames.get(3).map(|m| m.interface), Some(9));
        assert_eq!((frames.last(), frames.get(9000)), (metas.last().copied(), None));
    }
}
