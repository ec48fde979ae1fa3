//! LLC: who in the station a frame is for (IEEE 802.2), and SNAP, which adds an EtherType (IEEE 802 §9).
//!
//! In: two service access points and a control field, and behind 0xaa in both an organisation's number with a protocol. Out: both,
//! and what follows. Only unnumbered information frames carry what the access point names; the others belong to LLC itself.

use super::dissect::Hop;
use super::read::{array, be16};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, names};
use crate::lang::{Words, words};

crate::fields! {
    DSAP: "llc.dsap", Kind::Hex(2), ("宛先アクセス点", "DSAP"),
        ("受け取る機器の中のどのプロトコル宛てかです（IEEE 802.2 §3.3.1）。", "Which protocol in the receiving station it is for. (IEEE 802.2 §3.3.1)");
    DSAP_SAP: "llc.dsap.sap", Kind::Dec, ("番号", "SAP"), ("最下位ビットを除いたアクセス点の番号です。", "The access point without its lowest bit.");
    DSAP_IG: "llc.dsap.ig", Kind::Bool, ("グループか", "IG bit"), ("1 なら複数のアクセス点宛てです。", "1: for a group of access points.");
    SSAP: "llc.ssap", Kind::Hex(2), ("送信元アクセス点", "SSAP"),
        ("送った機器の中のどのプロトコルからかです（IEEE 802.2 §3.3.1）。", "Which protocol in the sending station it is from. (IEEE 802.2 §3.3.1)");
    SSAP_SAP: "llc.ssap.sap", Kind::Dec, ("番号", "SAP"), ("最下位ビットを除いたアクセス点の番号です。", "The access point without its lowest bit.");
    SSAP_CR: "llc.ssap.cr", Kind::Bool, ("応答か", "CR bit"), ("0 は命令、1 は応答です。", "0 command, 1 response.");
    CONTROL: "llc.control", Kind::Hex(4), ("制御", "Control"),
        ("フレームの種類と番号です。普通は 0x03 で、ただの情報です（IEEE 802.2 §5.2）。", "The kind of frame and its numbers; mostly 0x03, plain information. (IEEE 802.2 §5.2)");
    N_R: "llc.control.n_r", Kind::Dec, ("次に待つ番号", "N(R)"), ("次に受け取るはずのフレームの番号です。", "The number of the frame expected next.");
    N_S: "llc.control.n_s", Kind::Dec, ("このフレームの番号", "N(S)"), ("このフレームの番号です。", "The number of this frame.");
    POLL: "llc.control.p", Kind::Bool, ("返事を求める", "Poll"), ("1 なら、すぐ返事をするよう求めています。", "1: asks for an answer at once.");
    FINAL: "llc.control.f", Kind::Bool, ("求めへの返事", "Final"), ("1 なら、求められた返事です。", "1: the answer that was asked for.");
    S_FTYPE: "llc.control.s_ftype", Kind::Hex(4), ("監視の種類", "Supervisory frame type"), ("受信できるかどうかなどの知らせです。", "Ready, not ready or reject.");
    U_CMD: "llc.control.u_modifier_cmd", Kind::Hex(2), ("命令", "Command"), ("番号を使わないフレームの命令です。", "The command of a frame without numbers.");
    U_RESP: "llc.control.u_modifier_resp", Kind::Hex(2), ("応答", "Response"), ("番号を使わないフレームの応答です。", "The response of a frame without numbers.");
    FTYPE: "llc.control.ftype", Kind::Hex(4), ("フレームの種類", "Frame type"), ("情報、監視、番号なしの別です。", "Information, supervisory or unnumbered.");
    OUI: "llc.oui", Kind::Dec, ("組織番号", "Organization code"),
        ("続く番号を決めた組織です。0 なら EtherType です（IEEE 802 §9）。", "Who defines the number that follows; 0 means an EtherType. (IEEE 802 §9)");
    TYPE: "llc.type", Kind::Hex(4), ("タイプ", "Type"),
        ("中身がどのプロトコルかを示す番号（EtherType）です。", "Says which protocol follows (the EtherType).");
    PID: "llc.pid", Kind::Hex(4), ("プロトコル番号", "Protocol ID"),
        ("組織が決めたプロトコルの番号です。", "The protocol, by a number of that organisation.");
    CISCO_PID: "llc.cisco_pid", Kind::Hex(4), ("プロトコル番号（Cisco）", "PID"),
        ("Cisco が決めたプロトコルの番号です。", "The protocol, by Cisco's number.");
}

/// The access point that means SNAP.
const SNAP: u8 = 0xaa;
/// Unnumbered information.
const UI: u8 = 0x03;

/// Organisations whose protocol number is an EtherType: none at all, and Cisco's for bridged frames.
const BY_ETHER_TYPE: [u32; 2] = [0, 0xf8];
const CISCO: u32 = 0x0c;
/// IEEE 802.1: bridged frames.
const BRIDGED: u32 = 0x80c2;

pub struct Llc;

/// The control field has one byte in unnumbered frames and two in the others.
fn control_len(first: u8) -> usize {
    if first & 3 == 3 { 1 } else { 2 }
}

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    let [dsap, ssap, control] = array(area, 0)?;
    let at = 2 + control_len(control);
    let information = control == UI || control & 1 == 0;
    if (dsap, ssap) != (SNAP, SNAP) {
        // Only information has a user; what the other frames carry belongs to LLC itself.
        let next = match (information, dsap) {
            (true, 0x06) => Key::EtherType(0x0800),
            (true, n) => Key::Sap(n),
            _ => Key::Named("data"),
        };
        return Hop::rest(next, at, area, full_len);
    }
    let [a, b, c] = array(area, at)?;
    let oui = u32::from_be_bytes([0, a, b, c]);
    let pid = be16(area, at + 3)?;
    let next = match (information, oui) {
        (false, _) => Key::Named("data"),
        (_, oui) if BY_ETHER_TYPE.contains(&oui) => Key::EtherType(pid),
        (_, BRIDGED) if matches!(pid, 1 | 7) => {
            // Two bytes of padding stand before the frame.
            return Hop::rest(Key::EtherType(0x6558), at + 7, area, full_len);
        }
        (_, oui) => Key::Snap { oui, pid },
    };
    Hop::rest(next, at + 5, area, full_len)
}

impl Header for Llc {
    fn proto(&self) -> &'static str {
        "llc"
    }

    fn title(&self) -> &'static str {
        "LLC"
    }

    fn about(&self) -> Words {
        words(
            "タイプの欄がない 802.3 や無線 LAN のフレームで、中身がどのプロトコルかを示します。",
            "Says which protocol follows in 802.3 and wireless frames, which have no type field.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Llc, Key::EtherType(0x8870)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let at = |from, len| Span::new(base + from, len);
        let byte = |n: usize| area.get(n).copied().unwrap_or_default();
        let (dsap, ssap) = (byte(0), byte(1));
        let number = |def, n: u32, span| Field::new(def, Value::Uint(n.into()), span);
        let flag = |def, on, span, bit| Field::new(def, Value::Bool(on), span).bits(bit, 1);
        let mut fields = vec![
            number(&DSAP, dsap.into(), at(0, 1)).with(vec![
                number(&DSAP_SAP, (dsap >> 1).into(), at(0, 1)).bits(0, 7),
                flag(&DSAP_IG, dsap & 1 != 0, at(0, 1), 7),
            ]),
            number(&SSAP, ssap.into(), at(1, 1)).with(vec![
                number(&SSAP_SAP, (ssap >> 1).into(), at(1, 1)).bits(8, 7),
                flag(&SSAP_CR, ssap & 1 != 0, at(1, 1), 15),
            ]),
        ];
        let from = 2 + control_len(byte(2));
        fields.push(control(area, ssap & 1 != 0, at(2, from - 2)));
        let snap = (dsap, ssap) == (SNAP, SNAP);
        let mut summary = format!("SAP 0x{ssap:02x} → 0x{dsap:02x}");
        if let (true, Some([a, b, c]), Some(pid)) = (snap, array(area, from), be16(area, from + 3)) {
            let oui = u32::from_be_bytes([0, a, b, c]);
            fields.push(number(&OUI, oui, at(from, 3)));
            let def = match oui {
                oui if BY_ETHER_TYPE.contains(&oui) => &TYPE,
                CISCO => &CISCO_PID,
                _ => &PID,
            };
            let mut field = number(def, pid.into(), at(from + 3, 2));
            field.meaning = names::ether_type(pid).filter(|_| def.name == TYPE.name).map(str::to_owned);
            summary = field.meaning.clone().map_or_else(|| format!("SNAP, protocol 0x{pid:04x}"), |n| format!("SNAP, {n}"));
            fields.push(field);
        }
        match hop(area, input.full_len) {
            Some(hop) if hop.to > hop.from || hop.full > 0 => Step::hop(self, input, hop, summary, fields),
            Some(hop) => {
                let layer = Layer::of(self, at(0, hop.from), at(hop.from, 0), summary, fields);
                Step::read(layer, Next::Nothing, 0)
            }
            None => Step::cut(self, input, if snap { from + 5 } else { from }, fields),
        }
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }
}

fn control(area: &[u8], response: bool, span: Span) -> Field {
    let computed = |def, n: u32| Field::new(def, Value::Uint(n.into()), Span::NONE);
    let first = u32::from(area.get(2).copied().unwrap_or_default());
    let second = u32::from(area.get(3).copied().unwrap_or_default());
    let asked = |on: bool, def| on.then(|| Field::new(def, Value::Bool(true), Span::NONE));
    let poll = if response { &FINAL } else { &POLL };
    let mut parts = Vec::new();
    let value = if first & 3 == 3 {
        parts.extend(asked(first & 0x10 != 0, poll));
        // The bits on both sides of the poll bit, as one number of Wireshark's.
        parts.push(computed(if response { &U_RESP } else { &U_CMD }, (first & 0xec) >> 2));
        // Here the field has one byte, and is printed as such.
        parts.push(Field::new(&FTYPE, Value::Text("0x03".into()), Span::NONE));
        first
    } else {
        parts.push(computed(&N_R, second >> 1));
        if first & 1 == 0 {
            parts.push(computed(&N_S, first >> 1));
            parts.extend(asked(second & 1 != 0, &POLL));
            parts.push(computed(&FTYPE, 0));
        } else {
            parts.extend(asked(second & 1 != 0, poll));
            parts.push(computed(&S_FTYPE, first >> 2 & 3));
            parts.push(computed(&FTYPE, first & 3));
        }
        second << 8 | first
    };
    Field::new(&CONTROL, Value::Uint(value.into()), span).with(parts)
}
