//! The options at the end of a pcapng block (draft-ietf-opsawg-pcapng, section 3.5).
//!
//! In: the rest of a block. Out: code and value, one by one. An option that claims more bytes than are left ends the list
//! and sets `broken`; what came before it stands.

use super::order::Order;

/// Codes that mean the same in every block.
pub const COMMENT: u16 = 1;
/// Custom option holding UTF-8 text, which tools that rewrite a file may copy.
pub const CUSTOM_TEXT: u16 = 2988;
/// The same for bytes, and the two that must not be copied.
pub const CUSTOM_BYTES: u16 = 2989;
pub const CUSTOM_TEXT_STAYS: u16 = 19372;
pub const CUSTOM_BYTES_STAYS: u16 = 19373;

pub struct Options<'a> {
    rest: &'a [u8],
    order: Order,
    pub broken: bool,
}

impl<'a> Options<'a> {
    pub fn new(rest: &'a [u8], order: Order) -> Self {
        Self { rest, order, broken: false }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.rest.split_first_chunk::<4>()?;
        let (code, len) = (self.order.u16(head, 0), self.order.u16(head, 2) as usize);
        // opt_endofopt; it may also be left out.
        if code == 0 {
            self.rest = &[];
            return None;
        }
        let Some((value, rest)) = rest.split_at_checked(len) else {
            self.broken = true;
            self.rest = &[];
            return None;
        };
        self.rest = rest.get(len.next_multiple_of(4) - len..).unwrap_or_default();
        Some((code, value))
    }
}

/// Text of an option: UTF-8, which some programs end with a zero.
pub fn text(value: &[u8]) -> String {
    let end = value.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
    String::from_utf8_lossy(value.get(..end).unwrap_or_default()).into_owned()
}
