//! Ethernet over MPLS (RFC 4448): a frame behind the last label, with a control word before it or not.
//!
//! In: the bytes behind the labels when their first four bits are 0. Out: a layer that says that the form is a guess, one for
//! the control word or its absence, and the Ethernet frame. Nothing in the packet says which form it has.

use super::dissect::Hop;
use super::read::be16;
use super::{Field, FieldDef, Header, Input, Key, Kind, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};

crate::fields! {
    CW: "pweth.cw", Kind::Bool, ("制御ワードあり", "Control word"),
        ("フレームの前に 4 バイトの制御ワードがあるという推測です。", "The guess that four bytes of control word stand before the frame.");
}

mod control {
    crate::fields! {
        RESERVED: "pwethcw.reserved", Kind::Dec, ("予約", "Reserved"),
            ("0 です。Wireshark には名前がありません（RFC 4448 §4.6）。", "Zero; Wireshark has no name for it. (RFC 4448 §4.6)");
        SEQ: "pweth.cw.sequence_number", Kind::Dec, ("順序番号", "Sequence number"),
            ("フレームの順番です。0 なら使っていません（RFC 4448 §4.6）。", "The order of the frames; 0 where it is not used. (RFC 4448 §4.6)");
    }
    use crate::wire::Kind;
}

pub struct Heuristic;
pub struct Control;
pub struct Plain;

const ABOUT: Words = words(
    "Ethernet のフレームを丸ごと、通信事業者の MPLS 網に通します。",
    "Carries whole Ethernet frames through a provider's MPLS network.",
);
const CONTROL_LEN: usize = 4;
/// Where an Ethernet header has its EtherType.
const TYPE_AT: usize = 12;

/// A frame without control word has a known EtherType where Ethernet has it.
fn with_control(area: &[u8]) -> bool {
    !be16(area, TYPE_AT).is_some_and(|n| n >= 0x600 && names::ether_type(n).is_some())
}

impl Header for Heuristic {
    fn proto(&self) -> &'static str {
        "pwethheuristic"
    }

    fn title(&self) -> &'static str {
        "Pseudowire"
    }

    fn about(&self) -> Words {
        ABOUT
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::PseudoWire]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let control = with_control(area);
        let hop = Hop { next: Key::PseudoWireEth { control }, from: 0, to: area.len(), full: input.full_len };
        let fields = if control { vec![Field::new(&CW, Value::Bool(true), Span::NONE)] } else { Vec::new() };
        Step::hop(self, input, hop, "a guess".into(), fields)
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        Hop::rest(Key::PseudoWireEth { control: with_control(area) }, 0, area, full_len)
    }
}

impl Header for Control {
    fn proto(&self) -> &'static str {
        "pwethcw"
    }

    fn title(&self) -> &'static str {
        "Pseudowire control word"
    }

    fn about(&self) -> Words {
        ABOUT
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::PseudoWireEth { control: true }]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        control::FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let number = |at| Value::Uint(be16(area, at).unwrap_or_default().into());
        let fields = vec![
            Field::new(&control::RESERVED, number(0), Span::new(base, 2)),
            Field::new(&control::SEQ, number(2), Span::new(base + 2, 2)),
        ];
        match self.hop(input.key, area, input.full_len) {
            Some(hop) => Step::hop(self, input, hop, String::new(), fields),
            None => Step::cut(self, input, CONTROL_LEN, fields),
        }
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        Hop::rest(Key::EtherType(0x6558), CONTROL_LEN, area, full_len)
    }
}

impl Header for Plain {
    fn proto(&self) -> &'static str {
        "pwethnocw"
    }

    fn title(&self) -> &'static str {
        "Pseudowire"
    }

    fn about(&self) -> Words {
        ABOUT
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::PseudoWireEth { control: false }]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        &[]
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let hop = Hop { next: Key::EtherType(0x6558), from: 0, to: input.slice().len(), full: input.full_len };
        Step::hop(self, input, hop, "no control word".into(), Vec::new())
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        Hop::rest(Key::EtherType(0x6558), 0, area, full_len)
    }
}
