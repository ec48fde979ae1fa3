//! IEEE 802.11: a frame of a wireless LAN.
//!
//! In: the frame from its frame control on, with what a capture header said of it (check sequence, padding). Out: its kind, its
//! addresses by their parts in the frame, its numbers, and where its data is not encrypted, the LLC header in it. Management
//! and control frames are named; their bodies are shown as bytes. Fragments are not put together.

use super::dissect::Hop;
use super::read::{array, be16};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Next, Osi, Span, Step, Value, ethernet};
use crate::lang::{Words, words};

crate::fields! {
    TYPE_SUBTYPE: "wlan.fc.type_subtype", Kind::Hex(4), ("種類と細分", "Type/Subtype"),
        ("フレームの種類を 1 つの数にしたものです。0x0020 はデータ、0x0008 はビーコンです。", "The kind of frame as one number: 0x0020 data, 0x0008 beacon.");
    FC: "wlan.fc", Kind::Hex(4), ("フレーム制御", "Frame control"),
        ("フレームの種類と、向きや再送などの印です（IEEE 802.11 §9.2.4.1）。", "The kind of frame and its flags. (IEEE 802.11 §9.2.4.1)");
    VERSION: "wlan.fc.version", Kind::Dec, ("バージョン", "Version"),
        ("0 です。1 は別の形式です。", "0; 1 is another format.");
    TYPE: "wlan.fc.type", Kind::Dec, ("種類", "Type"),
        ("0 は管理、1 は制御、2 はデータです。", "0 management, 1 control, 2 data.");
    SUBTYPE: "wlan.fc.subtype", Kind::Dec, ("細分", "Subtype"),
        ("種類の中での別を示します。", "Which frame of that type.");
    FLAGS: "wlan.flags", Kind::Hex(2), ("フラグ", "Flags"),
        ("向き、再送、暗号化などの印です。", "Direction, retry, encryption and others.");
    DS: "wlan.fc.ds", Kind::Hex(2), ("向き", "DS status"),
        ("アクセスポイントへ向かうか、そこから来たかです。", "Whether it goes to the access point or comes from it.");
    TODS: "wlan.fc.tods", Kind::Bool, ("アクセスポイントへ", "To DS"),
        ("端末からアクセスポイントへ向かうフレームです。", "From a station to the access point.");
    FROMDS: "wlan.fc.fromds", Kind::Bool, ("アクセスポイントから", "From DS"),
        ("アクセスポイントから端末へ向かうフレームです。", "From the access point to a station.");
    FRAG: "wlan.fc.frag", Kind::Bool, ("続きあり", "More fragments"),
        ("分割されたフレームで、続きがあることを示します。", "More fragments of this frame follow.");
    RETRY: "wlan.fc.retry", Kind::Bool, ("再送", "Retry"),
        ("確認応答が来なかったので、もう一度送ったフレームです。", "Sent again because no acknowledgement came.");
    PWRMGT: "wlan.fc.pwrmgt", Kind::Bool, ("省電力", "Power management"),
        ("このあと端末が眠ることを示します。", "The station will sleep after this frame.");
    MOREDATA: "wlan.fc.moredata", Kind::Bool, ("まだある", "More data"),
        ("眠っていた端末のために、まだフレームが残っていることを示します。", "More frames wait for the station that slept.");
    PROTECTED: "wlan.fc.protected", Kind::Bool, ("暗号化", "Protected"),
        ("中身が暗号化されています。鍵がなければ読めません。", "The body is encrypted and cannot be read without the key.");
    ORDER: "wlan.fc.order", Kind::Bool, ("追加制御あり", "+HTC/Order"),
        ("QoS フレームでは、4 バイトの追加の制御が付いていることを示します。", "In QoS frames: four more bytes of control follow.");
    DURATION: "wlan.duration", Kind::Dec, ("占有時間", "Duration"),
        ("このやりとりが終わるまで、ほかの端末が待つべきマイクロ秒です。", "For how many microseconds the others must stay silent.");
    AID: "wlan.aid", Kind::Dec, ("端末番号", "Association ID"),
        ("アクセスポイントが端末に付けた番号です。", "The number that the access point gave the station.");
    RA: "wlan.ra", Kind::Mac, ("受信アドレス", "Receiver address"),
        ("電波を受け取る相手です。", "Who is to receive it from the air.");
    TA: "wlan.ta", Kind::Mac, ("送信アドレス", "Transmitter address"),
        ("電波を出した機器です。", "Who put it on the air.");
    DA: "wlan.da", Kind::Mac, ("宛先アドレス", "Destination address"),
        ("最後に受け取る相手です。", "Who is to get it in the end.");
    SA: "wlan.sa", Kind::Mac, ("送信元アドレス", "Source address"),
        ("最初に送った機器です。", "Who sent it in the first place.");
    BSSID: "wlan.bssid", Kind::Mac, ("BSSID", "BSS Id"),
        ("アクセスポイント（無線 LAN）の番号です。", "The access point, which stands for its wireless network.");
    STAA: "wlan.staa", Kind::Mac, ("端末アドレス", "STA address"),
        ("アクセスポイントではない側の端末です。", "The end that is not the access point.");
    FRAGMENT: "wlan.frag", Kind::Dec, ("断片番号", "Fragment number"),
        ("分割したフレームの何番目かです。", "Which part of a frame that was cut up.");
    SEQ: "wlan.seq", Kind::Dec, ("順序番号", "Sequence number"),
        ("再送された同じフレームを見分けるための番号です。", "By this a receiver knows a frame that was sent again.");
    QOS: "wlan.qos", Kind::Hex(4), ("QoS 制御", "QoS control"),
        ("優先度などの制御です（IEEE 802.11 §9.2.4.5）。", "Priority and more. (IEEE 802.11 §9.2.4.5)");
    TID: "wlan.qos.tid", Kind::Dec, ("通信の種類", "TID"),
        ("どの優先度の列に属するかです。", "Which queue the frame belongs to.");
    PRIORITY: "wlan.qos.priority", Kind::Dec, ("優先度", "Priority"),
        ("0 から 7 の優先度です。", "A priority of 0 to 7.");
    BIT4: "wlan.qos.bit4", Kind::Bool, ("ビット 4", "QoS bit 4"),
        ("続く 8 ビットが何を表すかを決めます。", "Decides what the next eight bits mean.");
    EOSP: "wlan.qos.eosp", Kind::Bool, ("期間の終わり", "EOSP"),
        ("省電力の端末へのまとめ送りがここで終わることを示します。", "The end of what was kept for a sleeping station.");
    ACK: "wlan.qos.ack", Kind::Hex(4), ("確認応答の方式", "Ack policy"),
        ("受け取ったことをどう知らせるかです。", "How the receiver is to confirm it.");
    AMSDU: "wlan.qos.amsdupresent", Kind::Bool, ("まとめ送り", "A-MSDU present"),
        ("1 なら、複数のフレームがまとめて入っています。", "1: several frames are packed into this one.");
    TXOP: "wlan.qos.txop_dur_req", Kind::Dec, ("希望する送信時間", "TXOP duration requested"),
        ("端末がアクセスポイントに求める送信時間です。", "How much time to send the station asks for.");
    BUFFER: "wlan.qos.ps_buf_state", Kind::Hex(4), ("保留の状態", "QAP PS buffer state"),
        ("アクセスポイントに残っているフレームの様子です。", "What the access point still keeps for the station.");
    HTC: "wlan.htc", Kind::Hex(8), ("追加制御", "HT control"),
        ("アンテナや速度の調整のための制御です。", "Control of antennas and rates.");
    FCS: "wlan.fcs", Kind::Hex(8), ("フレーム検査シーケンス", "Frame check sequence"),
        ("途中でビットが化けていないかを受信側が確かめる値です。", "By this the receiver notices changed bits.");
    FCS_STATUS: "wlan.fcs.status", Kind::Dec, ("検査の状態", "FCS status"),
        ("2 は、確かめていないことを示します。", "2: it was not verified.");
    GAP: "wlan.header_padding", Kind::Bytes, ("ヘッダの後ろ", "Behind the header"),
        ("詰め物、またはまとめ送りの最初の見出しです。この名前は Wireshark にはありません。", "Padding, or the head of the first frame of several; Wireshark has no name for it.");
    BODY: "wlan.body", Kind::Bytes, ("本体", "Frame body"),
        ("管理・制御フレームの中身です。この名前は Wireshark にはありません。", "The content of a management or control frame; Wireshark has no name for it.");
}

pub struct Wlan;

/// An address is this long; the first three follow frame control and duration.
const MAC: usize = 6;
const FIRST: usize = 4;
const SEQ_AT: usize = 22;
const BASIC: usize = 24;
const FCS_LEN: usize = 4;

/// Bits of [`Key::Wlan`].
pub(super) const ENDS_WITH_FCS: u8 = 1;
pub(super) const IS_PADDED: u8 = 2;

mod kind {
    pub const MANAGEMENT: u8 = 0;
    pub const CONTROL: u8 = 1;
    pub const DATA: u8 = 2;
}

/// What the first two bytes say.
#[derive(Clone, Copy)]
struct Control {
    first: u8,
    flags: u8,
}

impl Control {
    fn of(area: &[u8]) -> Option<Self> {
        let [first, flags] = array(area, 0)?;
        Some(Self { first, flags })
    }

    fn version(self) -> u8 {
        self.first & 3
    }

    fn kind(self) -> u8 {
        self.first >> 2 & 3
    }

    fn subtype(self) -> u8 {
        self.first >> 4
    }

    fn ds(self) -> u8 {
        self.flags & 3
    }

    fn qos(self) -> bool {
        self.kind() == kind::DATA && self.subtype() & 8 != 0
    }

    /// A data frame without data.
    fn null(self) -> bool {
        self.kind() == kind::DATA && self.subtype() & 4 != 0
    }

    /// Where the QoS control of a data frame stands.
    fn qos_at(self) -> usize {
        BASIC + if self.ds() == 3 { MAC } else { 0 }
    }

    /// Four more bytes of control.
    fn htc(self) -> bool {
        self.flags & 0x80 != 0 && (self.qos() || self.kind() == kind::MANAGEMENT)
    }

    /// Bytes of the header, padding not counted.
    fn len(self) -> usize {
        let htc = if self.htc() { 4 } else { 0 };
        match (self.kind(), self.subtype()) {
            (kind::DATA, _) => self.qos_at() + if self.qos() { 2 } else { 0 } + htc,
            (kind::MANAGEMENT, _) => BASIC + htc,
            // CTS and ACK have one address, the other control frames two.
            (kind::CONTROL, 7 | 12 | 13) => FIRST + MAC,
            (kind::CONTROL, _) => FIRST + 2 * MAC,
            _ => FIRST,
        }
    }

    fn name(self) -> &'static str {
        match (self.kind(), self.subtype()) {
            (0, 0) => "Association Request",
            (0, 1) => "Association Response",
            (0, 2) => "Reassociation Request",
            (0, 3) => "Reassociation Response",
            (0, 4) => "Probe Request",
            (0, 5) => "Probe Response",
            (0, 8) => "Beacon frame",
            (0, 9) => "ATIM",
            (0, 10) => "Disassociate",
            (0, 11) => "Authentication",
            (0, 12) => "Deauthentication",
            (0, 13) => "Action",
            (0, 14) => "Action No Ack",
            (1, 2) => "Trigger",
            (1, 4) => "Beamforming Report Poll",
            (1, 5) => "VHT/HE NDP Announcement",
            (1, 7) => "Control Wrapper",
            (1, 8) => "802.11 Block Ack Req",
            (1, 9) => "802.11 Block Ack",
            (1, 10) => "Power-Save poll",
            (1, 11) => "Request-to-send",
            (1, 12) => "Clear-to-send",
            (1, 13) => "Acknowledgement",
            (1, 14) => "CF-End (Control-frame)",
            (1, 15) => "CF-End + CF-Ack (Control-frame)",
            (2, 0) => "Data",
            (2, 4) => "Null function (No data)",
            (2, 8) => "QoS Data",
            (2, 12) => "QoS Null function (No data)",
            (2, _) => "Data",
            _ => "Unrecognized frame",
        }
    }
}

impl Header for Wlan {
    fn proto(&self) -> &'static str {
        "wlan"
    }

    fn title(&self) -> &'static str {
        "802.11"
    }

    fn about(&self) -> Words {
        words(
            "無線 LAN の電波で、端末とアクセスポイントの間にフレームを届けます。",
            "Carries frames between stations and an access point over the air.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::DataLink
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::IEEE802_11), Key::Wlan(0), Key::Wlan(1), Key::Wlan(2), Key::Wlan(3)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let at = |from, len| Span::new(base + from, len);
        let Some(control) = Control::of(area) else {
            return Step::truncated(self.proto(), base, FIRST, area.len());
        };
        let mut fields = frame_control(control, at);
        let duration = array::<2>(area, 2).map(u16::from_le_bytes).unwrap_or_default();
        let poll = (control.kind(), control.subtype()) == (kind::CONTROL, 10);
        let def = if poll { &AID } else { &DURATION };
        fields.push(Field::new(def, Value::Uint((duration & if poll { 0x3fff } else { 0x7fff }).into()), at(2, 2)));
        let len = control.len();
        if area.len() < len {
            addresses(control, area, at, &mut fields);
            return Step::cut(self, input, len, fields);
        }
        addresses(control, area, at, &mut fields);
        let bits = info(input.key);
        let (end, full) = body_end(bits, area.len(), input.full_len);
        let fcs = (bits & ENDS_WITH_FCS != 0 && area.len() == input.full_len && area.len() >= FCS_LEN)
            .then(|| array::<FCS_LEN>(area, area.len() - FCS_LEN).map(u32::from_le_bytes))
            .flatten();
        if let Some(sum) = fcs {
            let status = Field::new(&FCS_STATUS, Value::Uint(2), Span::NONE).means("not verified");
            fields.push(Field::new(&FCS, Value::Uint(sum.into()), at(end, FCS_LEN)).with(vec![status]));
        }
        let summary = control.name().to_owned();
        match hop(input.key, area, input.full_len) {
            Some(hop) => {
                if hop.from > len {
                    fields.push(Field::new(&GAP, Value::Bytes, at(len, hop.from - len)));
                }
                Step { tail: true, ..Step::hop(self, input, hop, summary, fields) }
            }
            None => {
                let from = len.min(end);
                if end > from && !control.null() {
                    fields.push(Field::new(&BODY, Value::Bytes, at(from, end - from)));
                }
                let layer = Layer::of(self, at(0, from), at(from, end - from), summary, fields);
                Step { tail: true, ..Step::read(layer, Next::Nothing, full.saturating_sub(from)) }
            }
        }
    }

    fn hop(&self, key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(key, area, full_len)
    }
}

fn info(key: Key) -> u8 {
    if let Key::Wlan(bits) = key { bits } else { 0 }
}

/// Where the body ends, of the captured bytes and of those on the wire.
fn body_end(bits: u8, have: usize, full: usize) -> (usize, usize) {
    let full = if bits & ENDS_WITH_FCS != 0 { full.saturating_sub(FCS_LEN) } else { full };
    (have.min(full), full)
}

fn hop(key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
    let control = Control::of(area)?;
    if control.version() != 0 || control.kind() != kind::DATA || control.null() {
        return None;
    }
    let bits = info(key);
    let len = control.len();
    let mut from = if bits & IS_PADDED != 0 { len.next_multiple_of(4) } else { len };
    let (end, full) = body_end(bits, area.len(), full_len);
    let fragment = area.get(SEQ_AT)? & 15;
    let mut next = match () {
        () if control.flags & 0x40 != 0 => Key::Encrypted,
        () if control.flags & 0x04 != 0 || fragment != 0 => Key::Named("data"),
        () => Key::Llc,
    };
    let (mut to, mut full) = (end, full.saturating_sub(from));
    let packed = control.qos() && area.get(control.qos_at())? & 0x80 != 0;
    if packed && next == Key::Llc {
        // The first of the frames in it: destination, source, length, LLC.
        let length = usize::from(be16(area, from + 2 * MAC)?);
        from += 2 * MAC + 2;
        to = to.min(from + length);
        full = full.saturating_sub(2 * MAC + 2).min(length);
    }
    if next == Key::Llc {
        // Not every driver writes LLC: old NetWare, whole Ethernet frames, and two bytes too many are told by their bytes.
        let (da, sa) = ends(control.ds());
        let same = |at, n| array::<MAC>(area, at).is_some_and(|mac| Some(mac) == array(area, address_at(n)));
        match array(area, from)? {
            [0xaa, 0xaa] => {}
            _ if same(from, da) || same(from + MAC, sa) => next = Key::EtherType(0x6558),
            [0xff, 0xff] => next = Key::Named("ipx"),
            [0, 0] => {
                from += 2;
                full = full.saturating_sub(2);
            }
            _ => {}
        }
    }
    (from <= to).then_some(Hop { next, from, to, full })
}

/// Which of the four addresses of a data frame are its destination and its source, by direction.
fn ends(ds: u8) -> (usize, usize) {
    match ds {
        0 => (0, 1),
        1 => (2, 1),
        2 => (0, 2),
        _ => (2, 3),
    }
}

/// Where the address with this number, from 0, stands.
fn address_at(n: usize) -> usize {
    if n < 3 { FIRST + n * MAC } else { BASIC }
}

fn frame_control(control: Control, at: impl Fn(usize, usize) -> Span) -> Vec<Field> {
    let Control { first, flags } = control;
    let number = |def, n: u8, byte, from, len| Field::new(def, Value::Uint(n.into()), at(byte, 1)).bits(from, len);
    let flag = |def, bit: u32| Field::new(def, Value::Bool(flags >> bit & 1 != 0), at(1, 1)).bits(15 - bit, 1);
    let ds = Field::new(&DS, Value::Uint(control.ds().into()), at(1, 1)).bits(14, 2);
    let ds = ds.with(vec![flag(&TODS, 0), flag(&FROMDS, 1)]);
    let bits = vec![
        flag(&ORDER, 7),
        flag(&PROTECTED, 6),
        flag(&MOREDATA, 5),
        flag(&PWRMGT, 4),
        flag(&RETRY, 3),
        flag(&FRAG, 2),
        ds,
    ];
    let parts = vec![
        number(&SUBTYPE, control.subtype(), 0, 0, 4),
        number(&TYPE, control.kind(), 0, 4, 2),
        number(&VERSION, control.version(), 0, 6, 2),
        Field::new(&FLAGS, Value::Uint(flags.into()), at(1, 1)).with(bits),
    ];
    let both = u64::from(control.kind()) << 4 | u64::from(control.subtype());
    vec![
        Field::new(&TYPE_SUBTYPE, Value::Uint(both), Span::NONE).means(control.name()),
        Field::new(&FC, Value::Uint(u64::from(first) << 8 | u64::from(flags)), at(0, 2)).with(parts),
    ]
}

/// Addresses by their parts, and what follows them in the header.
fn addresses(control: Control, area: &[u8], at: impl Fn(usize, usize) -> Span + Copy, out: &mut Vec<Field>) {
    // The first part of an address owns its bytes; the other parts say what it is too.
    let mut put = |def, n: usize, owner: bool| {
        if let Some(mac) = array::<MAC>(area, address_at(n)) {
            out.push(ethernet::address(def, mac, if owner { at(address_at(n), MAC) } else { Span::NONE }));
        }
    };
    match (control.kind(), control.subtype()) {
        (kind::MANAGEMENT, _) => {
            put(&RA, 0, true);
            put(&DA, 0, false);
            put(&TA, 1, true);
            put(&SA, 1, false);
            put(&BSSID, 2, true);
        }
        (kind::DATA, _) => {
            let packed = control.qos() && area.get(control.qos_at()).is_some_and(|b| b & 0x80 != 0) && !control.null();
            put(&RA, 0, true);
            put(&TA, 1, true);
            let (da, sa) = ends(control.ds());
            let (bssid, staa) = match control.ds() {
                0 => (Some(2), None),
                1 => (Some(0), Some(1)),
                2 => (Some(1), Some(0)),
                _ => (None, None),
            };
            // In a frame with several packed into it, the third and fourth address repeat the BSSID.
            for (def, n) in [(&DA, Some(da)), (&SA, Some(sa)), (&BSSID, bssid), (&STAA, staa)] {
                if let Some(n) = n.filter(|n| *n < 2 || !packed) {
                    put(def, n, n >= 2);
                }
            }
            if packed {
                put(&BSSID, 2, true);
            }
        }
        (kind::CONTROL, 12 | 13 | 7) => put(&RA, 0, true),
        (kind::CONTROL, 10) => {
            put(&RA, 0, true);
            put(&BSSID, 0, false);
            put(&TA, 1, true);
        }
        (kind::CONTROL, 14 | 15) => {
            put(&RA, 0, true);
            put(&BSSID, 1, true);
        }
        (kind::CONTROL, _) => {
            put(&RA, 0, true);
            put(&TA, 1, true);
        }
        _ => {}
    }
    if control.kind() != kind::DATA && control.kind() != kind::MANAGEMENT {
        return;
    }
    if let Some(word) = array::<2>(area, SEQ_AT).map(u16::from_le_bytes) {
        let span = at(SEQ_AT, 2);
        // The low byte comes first, so neither number has its bits side by side.
        out.push(Field::new(&FRAGMENT, Value::Uint((word & 15).into()), Span::NONE));
        out.push(Field::new(&SEQ, Value::Uint((word >> 4).into()), span));
    }
    let mut end = control.qos_at();
    if control.qos() {
        if let Some(word) = array::<2>(area, end).map(u16::from_le_bytes) {
            out.push(qos(control, word, at(end, 2)));
        }
        end += 2;
    }
    if control.htc()
        && let Some(word) = array::<4>(area, end).map(u32::from_le_bytes)
    {
        out.push(Field::new(&HTC, Value::Uint(word.into()), at(end, 4)));
    }
}

fn qos(control: Control, word: u16, span: Span) -> Field {
    let computed = |def, n: u16| Field::new(def, Value::Uint(n.into()), Span::NONE);
    let flag = |def, bit: u16| Field::new(def, Value::Bool(word >> bit & 1 != 0), Span::NONE);
    let to_ap = control.ds() == 1 || control.ds() == 0;
    let mut parts = vec![
        computed(&TID, word & 15),
        computed(&PRIORITY, word & 7),
        flag(if to_ap { &BIT4 } else { &EOSP }, 4),
        computed(&ACK, word >> 5 & 3),
    ];
    if !control.null() {
        parts.push(flag(&AMSDU, 7));
    }
    parts.push(computed(if to_ap { &TXOP } else { &BUFFER }, word >> 8));
    Field::new(&QOS, Value::Uint(word.into()), span).with(parts)
}
