//! The clock of a pcapng interface: what one tick of its time stamps is worth, and where it begins.
//!
//! In: `if_tsresol` and `if_tsoffset` (draft-ietf-opsawg-pcapng, section 4.2), then ticks. Out: [`Nanos`], cut down to whole
//! nanoseconds; what does not fit in 64 bits ends at the nearest end of the range.

use super::order::Order;
use crate::trace::Nanos;

/// The options of an interface that set its clock.
pub const IF_TSRESOL: u16 = 9;
pub const IF_TSOFFSET: u16 = 14;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    scale: Scale,
    offset_secs: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    /// Nanoseconds a tick.
    Times(u64),
    /// Ticks a nanosecond.
    Parts(u64),
    /// A tick is 2^-n seconds.
    Binary(u32),
}

impl Default for Clock {
    /// Microseconds since 1970.
    fn default() -> Self {
        Self { scale: Scale::Times(1_000), offset_secs: 0 }
    }
}

impl Clock {
    /// `resolution`: as in `if_tsresol`, the most significant bit tells whether the rest is a power of 2 or of 10.
    pub fn set_resolution(&mut self, resolution: u8) {
        let exponent = u32::from(resolution & 0x7f);
        self.scale = if resolution & 0x80 != 0 {
            Scale::Binary(exponent)
        } else if let Some(coarser) = 9u32.checked_sub(exponent) {
            Scale::Times(10u64.pow(coarser))
        } else {
            // Beyond 10^19 parts a nanosecond, all ticks of 64 bits together are less than one nanosecond.
            10u64.checked_pow(exponent - 9).map_or(Scale::Times(0), Scale::Parts)
        };
    }

    pub fn set_offset(&mut self, seconds: i64) {
        self.offset_secs = seconds;
    }

    /// Takes one option of the interface's description; others than the two of the clock, and broken ones, change nothing.
    pub fn option(&mut self, code: u16, value: &[u8], order: Order) {
        match (code, value) {
            (IF_TSRESOL, [resolution]) => self.set_resolution(*resolution),
            (IF_TSOFFSET, _) if value.len() == 8 => self.set_offset(order.u64(value, 0).cast_signed()),
            _ => {}
        }
    }

    /// The ticks that stand for a time, the nearest that do where none stands for it exactly.
    pub fn ticks(&self, at: Nanos) -> u64 {
        let nanos = i128::from(at.0) - i128::from(self.offset_secs) * 1_000_000_000;
        let nanos = nanos.clamp(0, i128::from(u64::MAX)).cast_unsigned();
        let ticks = match self.scale {
            Scale::Times(0) => 0,
            Scale::Times(n) => nanos / u128::from(n),
            Scale::Parts(n) => nanos * u128::from(n),
            // 64 bits of nanoseconds and 63 of scale fit; finer ticks than that leave the range of 64 bits at once.
            Scale::Binary(n @ 0..=63) => (nanos << n).div_ceil(1_000_000_000),
            Scale::Binary(_) if nanos == 0 => 0,
            Scale::Binary(_) => u128::MAX,
        };
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }

    /// As [`Self::nanos`], without an end: no clock reaches 2^127 nanoseconds.
    pub fn exact(&self, ticks: u64) -> i128 {
        let ticks = u128::from(ticks);
        let nanos = match self.scale {
            Scale::Times(n) => ticks * u128::from(n),
            Scale::Parts(n) => ticks / u128::from(n),
            Scale::Binary(n) => (ticks * 1_000_000_000) >> n,
        };
        // 64 bits of ticks and 30 of scale; 64 bits of offset and 30 of scale: far from the 127 that there are.
        nanos.cast_signed() + i128::from(self.offset_secs) * 1_000_000_000
    }

    #[inline]
    pub fn nanos(&self, ticks: u64) -> Nanos {
        let nanos = match self.scale {
            Scale::Times(n) => ticks.saturating_mul(n),
            Scale::Parts(n) => ticks / n,
            Scale::Binary(n) => u64::try_from((u128::from(ticks) * 1_000_000_000) >> n).unwrap_or(u64::MAX),
        };
        if self.offset_secs == 0 {
            return Nanos(i64::try_from(nanos).unwrap_or(i64::MAX));
        }
        let sum = i128::from(nanos) + i128::from(self.offset_secs) * 1_000_000_000;
        Nanos(sum.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(resolution: u8, offset: i64) -> Clock {
        let mut clock = Clock::default();
        clock.set_resolution(resolution);
        clock.set_offset(offset);
        clock
    }

    #[test]
    fn every_resolution_gives_whole_nanoseconds() {
        assert_eq!(Clock::default().nanos(1_000_001), Nanos(1_000_001_000));
        assert_eq!(clock(0, 0).nanos(7), Nanos(7_000_000_000));
        assert_eq!(clock(3, 0).nanos(7), Nanos(7_000_000));
        assert_eq!(clock(9, 0).nanos(7), Nanos(7));
        assert_eq!(clock(12, 0).nanos(7_999), Nanos(7));
        assert_eq!(clock(127, 0).nanos(u64::MAX), Nanos(0));
        assert_eq!(clock(0x80, 0).nanos(3), Nanos(3_000_000_000));
        assert_eq!(clock(0x80 | 10, 0).nanos(1_536), Nanos(1_500_000_000));
        assert_eq!(clock(0xff, 0).nanos(u64::MAX), Nanos(0));
    }

    #[test]
    fn ticks_are_the_inverse_where_there_is_one() {
        for (resolution, offset) in [(9, 0), (12, 0), (9, -50), (0x80 | 32, 7), (0x80 | 40, 0)] {
            let clock = clock(resolution, offset);
            for at in [8_000_000_000, 8_000_000_001, 16_123_456_789] {
                assert_eq!(clock.nanos(clock.ticks(Nanos(at))), Nanos(at), "{resolution} {offset}");
            }
        }
        assert_eq!(clock(6, 0).ticks(Nanos(1_999)), 1);
        assert_eq!(clock(9, 5).ticks(Nanos(0)), 0, "before its beginning a clock has no ticks");
        assert_eq!([clock(127, 0).ticks(Nanos(1)), clock(0xff, 0).ticks(Nanos(1))], [0, u64::MAX]);
    }

    #[test]
    fn offsets_reach_before_1970_and_past_the_end_without_wrapping() {
        assert_eq!(clock(9, -100).nanos(5), Nanos(-99_999_999_995));
        assert_eq!(clock(0, 0).nanos(u64::MAX), Nanos(i64::MAX));
        assert_eq!(clock(9, 0).nanos(u64::MAX), Nanos(i64::MAX));
        assert_eq!(clock(0x80, i64::MAX).nanos(u64::MAX), Nanos(i64::MAX));
        assert_eq!(clock(6, i64::MIN).nanos(0), Nanos(i64::MIN));
        assert_eq!(clock(0, 0).exact(u64::MAX), 18_446_744_073_709_551_615_000_000_000);
        assert_eq!(clock(6, i64::MIN).exact(1), i128::from(i64::MIN) * 1_000_000_000 + 1_000);
        assert_eq!(clock(0x80, i64::MAX).exact(u64::MAX), (i128::from(i64::MAX) + i128::from(u64::MAX)) * 1_000_000_000);
        assert_eq!(clock(9, -9_223_372_037).nanos(u64::MAX), Nanos(9_223_372_036_709_551_615));
    }
}
