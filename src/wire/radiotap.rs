//! Radiotap: what the wireless card knew of a frame when it was captured: rate, channel, strength.
//!
//! In: the header that the capturing system writes before an 802.11 frame. Out: its common fields, and whether the frame ends
//! with its check sequence. Numbers are little endian and each stands at a multiple of its own size. Further sets of fields
//! (other antennas) are read where the format says so; kinds that are not known here end the list.

use super::dissect::Hop;
use super::read::array;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, LinkType, Osi, Span, Step, Value, wlan};
use crate::lang::{Words, words};

crate::fields! {
    VERSION: "radiotap.version", Kind::Dec, ("バージョン", "Version"),
        ("この形式のバージョンで、0 です。", "The version of this format: 0.");
    PAD: "radiotap.pad", Kind::Dec, ("詰め物", "Pad"),
        ("使われていません。", "Not used.");
    LENGTH: "radiotap.length", Kind::Dec, ("長さ", "Length"),
        ("この見出しのバイト数です。次から 802.11 のフレームです。", "Bytes of this header; the 802.11 frame begins behind it.");
    PRESENT: "radiotap.present", Kind::Group, ("ある項目", "Present flags"),
        ("どの項目が続くかを示すビットの列です。", "Bits that say which fields follow.");
    WORD: "radiotap.present.word", Kind::Hex(8), ("ビット", "Present word"),
        ("32 項目ぶんのビットです。", "The bits of 32 fields.");
    MACTIME: "radiotap.mactime", Kind::Dec, ("受信時刻", "MAC timestamp"),
        ("カードの時計で、最初のビットが届いた時刻（マイクロ秒）です。", "When the first bit came, by the card's clock, in microseconds.");
    FLAGS: "radiotap.flags", Kind::Hex(2), ("フラグ", "Flags"),
        ("検査シーケンスや詰め物の有無などの印です。", "Check sequence, padding and others.");
    CFP: "radiotap.flags.cfp", Kind::Bool, ("競合なし期間", "CFP"), ("競合のない期間に送られました。", "Sent in the contention-free period.");
    PREAMBLE: "radiotap.flags.preamble", Kind::Bool, ("短い前置き", "Preamble"), ("短い前置きの信号で送られました。", "Sent with the short preamble.");
    WEP: "radiotap.flags.wep", Kind::Bool, ("WEP", "WEP"), ("WEP で暗号化されていました。", "Encrypted with WEP.");
    FRAG: "radiotap.flags.frag", Kind::Bool, ("分割", "Fragmentation"), ("分割して送られました。", "Sent in fragments.");
    FCS: "radiotap.flags.fcs", Kind::Bool, ("検査シーケンスあり", "FCS at end"), ("フレームの最後に検査シーケンスが残っています。", "The frame still has its check sequence at the end.");
    DATAPAD: "radiotap.flags.datapad", Kind::Bool, ("詰め物あり", "Data pad"), ("802.11 ヘッダの後ろが 4 の倍数まで詰められています。", "The 802.11 header is padded to a multiple of four.");
    BADFCS: "radiotap.flags.badfcs", Kind::Bool, ("検査失敗", "Bad FCS"), ("検査シーケンスが合わなかったフレームです。", "The check sequence was wrong.");
    SHORTGI: "radiotap.flags.shortgi", Kind::Bool, ("短い間隔", "Short GI"), ("記号の間隔を短くして送られました。", "Sent with the short guard interval.");
    DATARATE: "radiotap.datarate", Kind::Text, ("速度", "Data rate (Mb/s)"),
        ("1 秒あたりのメガビットです。", "Megabits a second.");
    FREQ: "radiotap.channel.freq", Kind::Dec, ("周波数", "Channel frequency"),
        ("電波の周波数（MHz）です。", "The frequency of the channel in MHz.");
    CHANNEL_FLAGS: "radiotap.channel.flags", Kind::Hex(4), ("チャネルの種類", "Channel flags"),
        ("2.4 GHz か 5 GHz か、どの変調かを示します。", "Which band and which modulation.");
    SIGNAL: "radiotap.dbm_antsignal", Kind::Dec, ("信号の強さ", "Antenna signal (dBm)"),
        ("受け取った電波の強さです。0 に近いほど強い信号です。", "How strong the signal was; nearer to 0 is stronger.");
    NOISE: "radiotap.dbm_antnoise", Kind::Dec, ("雑音の強さ", "Antenna noise (dBm)"),
        ("信号のないときの電波の強さです。", "How strong the noise was.");
    QUALITY: "radiotap.quality", Kind::Dec, ("受信の質", "Signal quality"),
        ("カードが測った受信の質です。", "The quality as the card measured it.");
    TX_ATTENUATION: "radiotap.txattenuation", Kind::Dec, ("送信の減衰", "TX attenuation"),
        ("送信の強さをどれだけ下げたかです。", "By how much the power was lowered.");
    DB_TX_ATTENUATION: "radiotap.db_txattenuation", Kind::Dec, ("送信の減衰 (dB)", "dB TX attenuation"),
        ("送信の強さをどれだけ下げたか（dB）です。", "By how many dB the power was lowered.");
    TX_POWER: "radiotap.txpower", Kind::Dec, ("送信の強さ", "TX power (dBm)"),
        ("送信した電波の強さです。", "The power it was sent with.");
    ANTENNA: "radiotap.antenna", Kind::Dec, ("アンテナ", "Antenna"),
        ("どのアンテナで受けたかです。", "Which antenna it came by.");
    DB_SIGNAL: "radiotap.db_antsignal", Kind::Dec, ("信号の強さ (dB)", "dB antenna signal"),
        ("基準の値に対する信号の強さです。", "The signal's strength over some reference.");
    DB_NOISE: "radiotap.db_antnoise", Kind::Dec, ("雑音の強さ (dB)", "dB antenna noise"),
        ("基準の値に対する雑音の強さです。", "The noise's strength over some reference.");
    RXFLAGS: "radiotap.rxflags", Kind::Hex(4), ("受信フラグ", "RX flags"),
        ("受信のときの異常などの印です。", "What was odd when it was received.");
    TXFLAGS: "radiotap.txflags", Kind::Hex(4), ("送信フラグ", "TX flags"),
        ("送信のときの扱いの印です。", "How it was to be sent.");
    RETRIES: "radiotap.data_retries", Kind::Dec, ("再送回数", "Data retries"),
        ("確認応答が来るまでに送り直した回数です。", "How often it was sent again.");
}

const NEED: usize = 8;
/// Words of bits that are read at most.
const MAX_WORDS: usize = 32;

pub struct Radiotap;

/// Size of each kind of field, by its bit, and what it must stand at a multiple of.
const SIZES: [(u8, u8); 23] = [
    (8, 8), (1, 1), (1, 1), (4, 2), (2, 2), (1, 1), (1, 1), (2, 2), (2, 2), (2, 2), (1, 1), (1, 1),
    (1, 1), (1, 1), (2, 2), (2, 2), (1, 1), (1, 1), (8, 4), (3, 1), (8, 4), (12, 2), (12, 8),
];
const FLAGS_BIT: u32 = 1;

/// The words of bits, and where the fields begin.
fn words_of(area: &[u8], len: usize) -> impl Iterator<Item = u32> + '_ {
    let mut at = Some(4);
    let next = move || {
        let from = at.filter(|at| at + 4 <= len)?;
        let word = u32::from_le_bytes(array(area, from)?);
        at = (word >> 31 != 0).then_some(from + 4);
        Some(word)
    };
    std::iter::from_fn(next).take(MAX_WORDS)
}

/// Calls `visit` with each field's bit and offset, as long as the kinds are known and inside the header.
fn each(area: &[u8], len: usize, mut visit: impl FnMut(u32, usize)) {
    let mut at = 4 + 4 * words_of(area, len).count();
    // May the next word's bits be read as those of the first?
    let mut known = true;
    for word in words_of(area, len) {
        if !known {
            return;
        }
        for bit in (0..29).filter(|bit| word >> bit & 1 != 0) {
            let Some((size, align)) = SIZES.get(bit as usize).map(|(s, a)| (usize::from(*s), usize::from(*a))) else { return };
            at = at.next_multiple_of(align);
            if at + size > len {
                return;
            }
            visit(bit, at);
            at += size;
        }
        known = word >> 29 & 3 == 1;
    }
}

/// The header's length, if it can be believed.
fn length(area: &[u8]) -> Option<usize> {
    let len = usize::from(u16::from_le_bytes(array(area, 2)?));
    (len >= NEED && len <= area.len()).then_some(len)
}

fn hop(area: &[u8], full_len: usize) -> Option<Hop> {
    let len = length(area)?;
    let mut bits = 0;
    if *area.first()? == 0 {
        let mut flags = None;
        each(area, len, |bit, at| {
            if bit == FLAGS_BIT && flags.is_none() {
                flags = area.get(at).copied();
            }
        });
        let flags = flags.unwrap_or_default();
        bits = if flags & 0x10 != 0 { wlan::ENDS_WITH_FCS } else { 0 } | if flags & 0x20 != 0 { wlan::IS_PADDED } else { 0 };
    }
    Hop::rest(Key::Wlan(bits), len, area, full_len)
}

impl Header for Radiotap {
    fn proto(&self) -> &'static str {
        "radiotap"
    }

    fn title(&self) -> &'static str {
        "Radiotap"
    }

    fn about(&self) -> Words {
        words(
            "無線カードがフレームを受けたときの電波の様子を、記録したプログラムが書き添えたものです。",
            "How a frame came over the air, noted by the program that captured it.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Physical
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::Link(LinkType::IEEE802_11_RADIOTAP)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let base = input.area.start as usize;
        let at = |from, len| Span::new(base + from, len);
        let Some([version, pad, l0, l1]) = array::<4>(area, 0) else {
            return Step::truncated(self.proto(), base, NEED, area.len());
        };
        let claimed = u16::from_le_bytes([l0, l1]);
        let number = |def, n: u64, span| Field::new(def, Value::Uint(n), span);
        let mut fields = vec![
            number(&VERSION, version.into(), at(0, 1)),
            number(&PAD, pad.into(), at(1, 1)),
            number(&LENGTH, claimed.into(), at(2, 2)),
        ];
        let Some(hop) = hop(area, input.full_len) else {
            if usize::from(claimed) < NEED {
                let layer = Layer::of(self, at(0, 4), at(4, area.len() - 4), "bad length".into(), fields);
                return Step::malformed(layer, words("長さが 8 より小さい値です", "the length is less than 8"));
            }
            return Step::cut(self, input, claimed.into(), fields);
        };
        if version == 0 {
            let mut words = Vec::new();
            for (n, word) in words_of(area, hop.from).enumerate() {
                words.push(number(&WORD, word.into(), at(4 + 4 * n, 4)));
            }
            fields.push(Field::new(&PRESENT, Value::None, at(4, 4 * words.len())).with(words));
            each(area, hop.from, |bit, from| fields.extend(field(bit, from, area, base)));
        }
        Step::hop(self, input, hop, format!("length {claimed}"), fields)
    }

    fn hop(&self, _key: Key, area: &[u8], full_len: usize) -> Option<Hop> {
        hop(area, full_len)
    }

    fn through(&self, _layer: &Layer) -> Option<&'static str> {
        Some("wlan_radio")
    }
}

fn field(bit: u32, from: usize, area: &[u8], base: usize) -> Vec<Field> {
    let at = |from, len| Span::new(base + from, len);
    let byte = area.get(from).copied().unwrap_or_default();
    let half = |at| array::<2>(area, at).map(u16::from_le_bytes).unwrap_or_default();
    let number = |def, n: u64, len| Field::new(def, Value::Uint(n), at(from, len));
    // The program has no signed numbers in fields but as text.
    let signed = |def| Field::new(def, Value::Text(byte.cast_signed().to_string()), at(from, 1));
    vec![match bit {
        0 => number(&MACTIME, array(area, from).map(u64::from_le_bytes).unwrap_or_default(), 8),
        1 => {
            let flag = |def, n: u32| Field::new(def, Value::Bool(byte >> n & 1 != 0), at(from, 1)).bits(from as u32 * 8 + 7 - n, 1);
            let defs = [&CFP, &PREAMBLE, &WEP, &FRAG, &FCS, &DATAPAD, &BADFCS, &SHORTGI];
            let flags = defs.into_iter().zip(0..).map(|(def, n)| flag(def, n)).collect();
            number(&FLAGS, byte.into(), 1).with(flags)
        }
        2 => {
            let rate = format!("{}{}", byte / 2, if byte & 1 != 0 { ".5" } else { "" });
            Field::new(&DATARATE, Value::Text(rate), at(from, 1))
        }
        3 => {
            let flags = Field::new(&CHANNEL_FLAGS, Value::Uint(half(from + 2).into()), at(from + 2, 2));
            return vec![number(&FREQ, half(from).into(), 2), flags];
        }
        5 => signed(&SIGNAL),
        6 => signed(&NOISE),
        7 => number(&QUALITY, half(from).into(), 2),
        8 => number(&TX_ATTENUATION, half(from).into(), 2),
        9 => number(&DB_TX_ATTENUATION, half(from).into(), 2),
        10 => signed(&TX_POWER),
        11 => number(&ANTENNA, byte.into(), 1),
        12 => number(&DB_SIGNAL, byte.into(), 1),
        13 => number(&DB_NOISE, byte.into(), 1),
        14 => number(&RXFLAGS, half(from).into(), 2),
        15 => number(&TXFLAGS, half(from).into(), 2),
        17 => number(&RETRIES, byte.into(), 1),
        _ => return Vec::new(),
    }]
}
