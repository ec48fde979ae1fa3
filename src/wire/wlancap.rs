//! AVS: the header of some wireless drivers before an 802.11 frame, always 64 bytes in its first version.
//!
//! In: numbers in network byte order. Out: version, length and the values on how the frame was received.

use super::dissect::Hop;
use super::read::{array, be32};
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Osi, Span, Step, Value};
use crate::lang::{Words, words};

crate::fields! {
    MAGIC: "wlancap.magic", Kind::Hex(8), ("目印", "Header magic"), ("この形式の目印です。", "By this the format is known.");
    VERSION: "wlancap.version", Kind::Dec, ("バージョン", "Header revision"), ("この形式のバージョンです。", "The version of this format.");
    LENGTH: "wlancap.length", Kind::Dec, ("長さ", "Header length"), ("この見出しのバイト数です。", "Bytes of this header.");
    MACTIME: "wlancap.mactime", Kind::Dec, ("受信時刻", "MAC timestamp"), ("カードの時計の時刻です。", "The time by the card's clock.");
    HOSTTIME: "wlancap.hosttime", Kind::Dec, ("記録時刻", "Host timestamp"), ("記録した機器の時計の時刻です。", "The time by the host's clock.");
    PHYTYPE: "wlancap.phytype", Kind::Dec, ("方式", "PHY type"), ("電波の方式です。", "How it was sent over the air.");
    CHANNEL: "wlancap.channel", Kind::Dec, ("チャネル", "Channel"), ("チャネルの番号です。", "The number of the channel.");
    RATE: "wlancap.data_rate", Kind::Dec, ("速度", "Data rate"), ("送信の速度です。", "The rate it was sent with.");
    ANTENNA: "wlancap.antenna", Kind::Dec, ("アンテナ", "Antenna"), ("受けたアンテナの番号です。", "Which antenna it came by.");
    PRIORITY: "wlancap.priority", Kind::Dec, ("優先度", "Priority"), ("カードの中での優先度です。", "The priority inside the card.");
    SSI_TYPE: "wlancap.ssi_type", Kind::Dec, ("強さの種類", "SSI type"), ("強さの値が何を表すかです。", "What the values of strength mean.");
    SIGNAL: "wlancap.ssi_signal", Kind::Dec, ("信号の強さ", "SSI signal"), ("信号の強さです。", "How strong the signal was.");
    NOISE: "wlancap.ssi_noise", Kind::Dec, ("雑音の強さ", "SSI noise"), ("雑音の強さです。", "How strong the noise was.");
    PREAMBLE: "wlancap.preamble", Kind::Dec, ("前置き", "Preamble"), ("前置きの信号の長さの種類です。", "Which preamble was used.");
    ENCODING: "wlancap.encoding", Kind::Dec, ("符号化", "Encoding type"), ("符号化の種類です。", "Which encoding was used.");
}

const LEN: usize = 64;

/// Does a header that begins with this number have this format?
pub(super) fn is(magic: u32) -> bool {
    magic & 0xffff_f000 == 0x8021_1000
}

pub struct WlanCap;

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    let len = (be32(area, 4)? as usize).max(LEN);
    Hop::rest(Key::Wlan(0), len, area, full_len)
}

impl Header for WlanCap {
    fn proto(&self) -> &'static str {
        "wlancap"
    }

    fn title(&self) -> &'static str {
        "AVS capture header"
    }

    fn about(&self) -> Words {
        words("無線のドライバが、受信の様子を書き添えたものです。", "How a wireless driver received the frame.")
    }

    fn osi(&self) -> Osi {
        Osi::Physical
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::IEEE802_11_AVS)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let Some(hop) = hop(area, input.full_len) else {
            return Step::truncated(self.proto(), base, LEN, area.len());
        };
        let word = |at| be32(area, at).unwrap_or_default();
        let number = |def, n: u64, from, len| Field::new(def, Value::Uint(n), Span::new(base + from, len));
        let long = |at| array(area, at).map(u64::from_be_bytes).unwrap_or_default();
        let magic = word(0);
        let mut fields = vec![
            Field::new(&MAGIC, Value::Uint((magic >> 4).into()), Span::new(base, 4)).bits(0, 28),
            number(&VERSION, (magic & 15).into(), 3, 1).bits(28, 4),
            number(&LENGTH, word(4).into(), 4, 4),
            number(&MACTIME, long(8), 8, 8),
            number(&HOSTTIME, long(16), 16, 8),
        ];
        let rest: [&'static FieldDef; 10] =
            [&PHYTYPE, &CHANNEL, &RATE, &ANTENNA, &PRIORITY, &SSI_TYPE, &SIGNAL, &NOISE, &PREAMBLE, &ENCODING];
        fields.extend(rest.into_iter().zip((24..).step_by(4)).map(|(def, at)| number(def, word(at).into(), at, 4)));
        Step::hop(self, input, hop, format!("length {}", word(4)), fields)
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }

    fn through(&self, _layer: &Layer) -> Option<&'static str> {
        Some("wlan_radio")
    }
}
