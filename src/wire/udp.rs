//! UDP (RFC 768).
//!
//! In: a datagram. Out: its ports and length, and what it carries. Its checksum is verified when all its bytes are here.

use super::read::Head;
use super::{Field, FieldDef, Header, Input, Key, Kind, Layer, Next, Osi, Span, Step, Value, checksum, names};
use crate::lang::{Words, words};
use checksum::Verdict;
use pnet::packet::udp::UdpPacket;
use std::net::IpAddr;

crate::fields! {
    SRCPORT: "udp.srcport", Kind::Dec, ("送信元ポート", "Source port"),
        ("送った側のプログラムの番号です。返事はここへ届きます（RFC 768）。", "The sending program's number; answers come back to it. (RFC 768)");
    DSTPORT: "udp.dstport", Kind::Dec, ("宛先ポート", "Destination port"),
        ("受け取る側のどのプログラムに渡すかを決める番号です。", "Decides which program of the receiving host gets the datagram.");
    LENGTH: "udp.length", Kind::Dec, ("長さ", "Length"),
        ("ヘッダ 8 バイトと中身を合わせたバイト数です。", "Bytes of the eight-byte header and the data together.");
    CHECKSUM: "udp.checksum", Kind::Hex(4), ("チェックサム", "Checksum"),
        ("アドレス、ヘッダ、中身が壊れていないかを確かめる値です。IPv4 では 0 で省略できます。", "Shows whether addresses, header or data were damaged; over IPv4 a 0 leaves it out.");
    CHECKSUM_STATUS: "udp.checksum.status", Kind::Dec, ("チェックサムの判定", "Checksum status"),
        ("計算し直した結果です。1 は正しい、0 は誤り、2 は未確認、3 は省略です。", "The result of computing it again: 1 good, 0 bad, 2 not checked, 3 left out.");
    PAYLOAD: "udp.payload", Kind::Bytes, ("データ", "Payload"),
        ("このデータグラムが運ぶデータです。", "The data that this datagram carries.");
    STREAM: "udp.stream", Kind::Dec, ("ストリーム番号", "Stream index"),
        ("同じアドレスとポートの組の通信に付けた通し番号です。ヘッダにはありません。", "A running number for the conversation between these addresses and ports; not in the header.");
}

pub(super) const LEN: usize = UdpPacket::minimum_packet_size();
/// Its IP protocol number.
pub const PROTO: u8 = 17;

pub struct Udp;

impl Header for Udp {
    fn proto(&self) -> &'static str {
        "udp"
    }

    fn title(&self) -> &'static str {
        "UDP"
    }

    fn about(&self) -> Words {
        words(
            "ポート番号でプログラムを選び、データを 1 つずつ届けます。届いたかどうかは確かめません。",
            "Delivers single datagrams to a program chosen by its port, without checking that they arrive.",
        )
    }

    fn osi(&self) -> Osi {
        Osi::Transport
    }

    fn claims(&self) -> &'static [Key] {
        &[Key::IpProto(PROTO)]
    }

    fn fields(&self) -> &'static [&'static FieldDef] {
        FIELDS
    }

    fn dissect(&self, input: &Input<'_>) -> Step {
        let area = input.slice();
        let head = Head::<LEN>::of(area);
        let base = input.area.start as usize;
        let Some(view) = UdpPacket::new(&head.bytes) else {
            return Step::truncated(self.proto(), base, LEN, head.have);
        };
        let at = |from, len| Span::new(base + from, len);
        let (src_port, dst_port, length) = (view.get_source(), view.get_destination(), usize::from(view.get_length()));
        // 0 stands for all the rest: a datagram beyond 64 kB (RFC 2675 §4), or segmentation offload.
        let claimed = if length == 0 { input.full_len } else { length };
        let verdict = match (view.get_checksum(), input.ips) {
            (0, Some((IpAddr::V6(_), _))) => Verdict::Illegal,
            (0, _) => Verdict::Unused,
            _ => checksum::transport(input, PROTO, claimed, 6),
        };
        let port = |def, n: u16, from| {
            let mut field = Field::new(def, Value::Uint(n.into()), at(from, 2));
            field.meaning = names::port(n).map(str::to_owned);
            field
        };
        let mut length_field = Field::new(&LENGTH, Value::Uint(length as u64), at(4, 2));
        let over = length.saturating_sub(input.full_len);
        length_field.meaning = match () {
            () if length == 0 => Some("not filled in: all that follows".to_owned()),
            () if over > 0 && !input.partial => Some(format!("{over} bytes more than the packet has")),
            () => None,
        };
        let fields = vec![
            port(&SRCPORT, src_port, 0),
            port(&DSTPORT, dst_port, 2),
            length_field,
            checksum::unverified(&CHECKSUM, &CHECKSUM_STATUS, view.get_checksum(), at(6, 2), verdict),
        ];
        if !head.whole() {
            return Step::cut(self, input, LEN, fields);
        }
        let full = if input.partial { claimed } else { claimed.min(input.full_len) }.saturating_sub(LEN);
        let payload = at(LEN, full.min(area.len() - LEN));
        let summary = format!("{src_port} → {dst_port} Len={full}");
        let mut fields = fields;
        if !payload.is_empty() {
            fields.push(Field::new(&PAYLOAD, Value::Bytes, payload));
        }
        let layer = Layer::of(self, at(0, LEN), payload, summary, fields);
        if claimed < LEN {
            return Step::malformed(layer, words("長さが 8 バイト未満です", "the length is below 8 bytes"));
        }
        Step::read(layer, Next::Payload { proto: PROTO, src_port, dst_port }, full)
    }
}
