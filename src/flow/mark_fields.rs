//! The analysis marks as fields of a TCP layer: Wireshark's names, and a sentence for each.

use super::MarkKind;
use crate::wire::{FieldDef, Kind};

/// Wireshark's words in the Info column.
pub fn verdict(kind: MarkKind) -> Option<&'static str> {
    Some(match kind {
        MarkKind::Retransmission => "TCP Retransmission",
        MarkKind::FastRetransmission => "TCP Fast Retransmission",
        MarkKind::SpuriousRetransmission => "TCP Spurious Retransmission",
        MarkKind::OutOfOrder => "TCP Out-Of-Order",
        MarkKind::LostSegment => "TCP Previous segment not captured",
        MarkKind::AckLostSegment => "TCP ACKed unseen segment",
        MarkKind::DuplicateAck => "TCP Dup ACK",
        MarkKind::KeepAlive => "TCP Keep-Alive",
        MarkKind::KeepAliveAck => "TCP Keep-Alive ACK",
        MarkKind::ZeroWindow => "TCP ZeroWindow",
        MarkKind::ZeroWindowProbe => "TCP ZeroWindowProbe",
        MarkKind::ZeroWindowProbeAck => "TCP ZeroWindowProbeAck",
        MarkKind::WindowUpdate => "TCP Window Update",
        MarkKind::WindowFull => "TCP Window Full",
        MarkKind::ReusedPorts => "TCP Port numbers reused",
    })
}

crate::fields! {
    ANALYSIS: "tcp.analysis", Kind::Group, ("TCP の解析", "TCP analysis"),
        ("ヘッダにはありません。前後のセグメントと比べてわかったことで、Wireshark と同じ規則です。", "Not in the header: found by comparing with the segments before, by Wireshark's rules.");
    FLAGS: "tcp.analysis.flags", Kind::Group, ("解析の印", "Analysis flags"),
        ("このセグメントに付いた判定です。", "The verdicts on this segment.");
    ACKS_FRAME: "tcp.analysis.acks_frame", Kind::Dec, ("確認したフレーム", "ACK to the segment in frame"),
        ("この ACK で届いたとわかったセグメントのフレーム番号です。", "The frame whose segment this one acknowledges.");
    ACK_RTT: "tcp.analysis.ack_rtt", Kind::Seconds, ("ACK までの時間", "RTT to the ACK"),
        ("そのセグメントを送ってから、この ACK までの秒数です。往復時間の目安になります。", "Seconds between that segment and this acknowledgement: a measure of the round trip.");
    INITIAL_RTT: "tcp.analysis.initial_rtt", Kind::Seconds, ("最初の往復時間", "iRTT"),
        ("最初の SYN から 3 番目のセグメントまでの秒数で、往復時間の目安です。", "Seconds from the SYN to the end of the handshake: about one round trip.");
    IN_FLIGHT: "tcp.analysis.bytes_in_flight", Kind::Dec, ("送信中のバイト数", "Bytes in flight"),
        ("送ったのに、まだ確認応答が来ていないバイト数です。", "Bytes that were sent and not yet acknowledged.");
    PUSHED: "tcp.analysis.push_bytes_sent", Kind::Dec, ("前の PSH からのバイト数", "Bytes sent since last PSH"),
        ("最後に PSH を付けて送ってから、ここまでに送ったバイト数です。", "Bytes sent since the last segment with the PSH flag.");
    DUPLICATE_NUM: "tcp.analysis.duplicate_ack_num", Kind::Dec, ("重複 ACK の番号", "Duplicate ACK #"),
        ("同じ確認応答番号の、何回目の繰り返しかを示します。3 回目で高速再送が始まります（RFC 5681 §3.2）。", "How often the same acknowledgement was repeated; three make the sender resend at once. (RFC 5681 §3.2)");
    DUPLICATE_FRAME: "tcp.analysis.duplicate_ack_frame", Kind::Dec, ("最初の ACK のフレーム", "Duplicate to the ACK in frame"),
        ("この確認応答番号が最初に書かれていたフレームです。", "The frame in which this acknowledgement stood first.");
    RTO: "tcp.analysis.rto", Kind::Seconds, ("再送までの時間", "RTO for this segment"),
        ("元のセグメントを送ってから、送り直すまでに待った秒数です（RFC 6298）。", "Seconds between the original segment and this repetition of it. (RFC 6298)");
    RTO_FRAME: "tcp.analysis.rto_frame", Kind::Dec, ("元のフレーム", "RTO based on delta from frame"),
        ("その時間の起点にしたフレームです。", "The frame from which that time was counted.");
    COMPLETENESS: "tcp.completeness", Kind::Dec, ("接続の見え方", "Conversation completeness"),
        ("ここまでに接続のどの部分が見えたかの合計です。1 は SYN、2 は SYN+ACK、4 は ACK、8 はデータ、16 は FIN、32 は RST です。", "Which parts of the connection were seen so far, added up: 1 SYN, 2 SYN+ACK, 4 ACK, 8 data, 16 FIN, 32 RST.");
    NEXT_SEQ: "tcp.nxtseq", Kind::Dec, ("次のシーケンス番号（相対）", "Next sequence number (relative)"),
        ("このセグメントのすぐ後に続く番号です。", "The number that follows this segment.");
    SCALE: "tcp.window_size_scalefactor", Kind::Dec, ("ウィンドウの倍率", "Window size scaling factor"),
        ("ウィンドウの値に掛ける倍率です。-1 は不明、-2 は使わない、という意味です。", "What the window is multiplied by; -1: not known, -2: not used.");
    SINCE_FIRST: "tcp.time_relative", Kind::Seconds, ("接続の最初から", "Time since first frame in this stream"),
        ("この接続の最初のフレームからの秒数です。", "Seconds since the first frame of this connection.");
    SINCE_BEFORE: "tcp.time_delta", Kind::Seconds, ("接続の前のフレームから", "Time since previous frame in this stream"),
        ("この接続の 1 つ前のフレームからの秒数です。", "Seconds since the frame before in this connection.");
    SYN: "tcp.connection.syn", Kind::Group, ("接続の要求", "Connection request"),
        ("接続を始めたいという SYN です（RFC 9293 §3.5）。", "A SYN that asks for a connection. (RFC 9293 §3.5)");
    SYN_ACK: "tcp.connection.synack", Kind::Group, ("接続の承諾", "Connection accepted"),
        ("接続を受け入れる SYN+ACK です（RFC 9293 §3.5）。", "A SYN+ACK that accepts the connection. (RFC 9293 §3.5)");
    FIN: "tcp.connection.fin", Kind::Group, ("接続の終了", "Connection finish"),
        ("こちらからの送信を終える FIN です（RFC 9293 §3.6）。", "A FIN: this end has no more to send. (RFC 9293 §3.6)");
    FIN_ACTIVE: "tcp.connection.fin_active", Kind::Group, ("先に終える", "Active close"),
        ("この側が先に接続を終えようとしています。", "This end closes first.");
    FIN_PASSIVE: "tcp.connection.fin_passive", Kind::Group, ("応じて終える", "Passive close"),
        ("相手が終えたのに応じて、この側も終えます。", "This end closes after the other one did.");
    RST: "tcp.connection.rst", Kind::Group, ("接続の打ち切り", "Connection reset"),
        ("接続を拒否する、または打ち切る RST です（RFC 9293 §3.5.2）。", "A RST refuses or breaks off the connection. (RFC 9293 §3.5.2)");
    ACK_NONZERO: "tcp.ack.nonzero", Kind::Group, ("無効な確認応答番号", "ACK number without ACK flag"),
        ("ACK フラグが 0 なのに、確認応答番号が 0 ではありません。", "The acknowledgment number is not zero although the ACK flag is not set.");
    TFO_SYN: "tcp.analysis.tfo_syn", Kind::Group, ("Fast Open の SYN", "SYN with Fast Open cookie"),
        ("クッキーを見せて、SYN からデータを送ろうとしています（RFC 7413）。", "Shows a cookie, to send data with the SYN already. (RFC 7413)");
    TFO_ACK: "tcp.analysis.tfo_ack", Kind::Group, ("Fast Open の受け入れ", "SYN+ACK accepting Fast Open data"),
        ("SYN と一緒に来たデータまで受け取りました（RFC 7413）。", "The data that came with the SYN was taken. (RFC 7413)");
    TFO_IGNORED: "tcp.analysis.tfo_ignored", Kind::Group, ("Fast Open の無視", "SYN+ACK ignoring Fast Open data"),
        ("SYN と一緒に来たデータは受け取られませんでした（RFC 7413）。", "The data that came with the SYN was not taken. (RFC 7413)");
    SEGMENT_DATA: "tcp.segment_data", Kind::Bytes, ("セグメントのデータ", "TCP segment data"),
        ("もう一度送られたデータで、メッセージには使われません。", "Data sent again, which no message is made of.");
    PDU_SIZE: "tcp.pdu.size", Kind::Dec, ("メッセージの長さ", "PDU size"),
        ("ここから始まる、または組み立て終わったメッセージのバイト数です。", "Bytes of the message that begins here, or that became whole here.");
    SEGMENTS: "tcp.segments", Kind::Group, ("組み立てたセグメント", "Reassembled segments"),
        ("ここで完成したメッセージが、いくつかのセグメントに分かれて届いたことを表します。", "The message that became whole here came in several segments.");
    SEGMENT: "tcp.segment", Kind::Dec, ("セグメントのフレーム", "TCP segment"),
        ("そのメッセージの一部を運んだフレームです。", "A frame that carried a part of that message.");
    SEGMENT_COUNT: "tcp.segment.count", Kind::Dec, ("セグメントの数", "Segment count"),
        ("そのメッセージを運んだセグメントの数です。", "How many segments carried that message.");
    REASSEMBLED_LENGTH: "tcp.reassembled.length", Kind::Dec, ("組み立てた長さ", "Reassembled TCP length"),
        ("組み立てたメッセージのバイト数です。", "Bytes of the message that was put together.");
    RETRANSMISSION: "tcp.analysis.retransmission", Kind::Text, ("再送", "Retransmission"),
        ("確認応答が来ないデータを、もう一度送ったものです（RFC 9293 §3.8.1）。", "Data sent again, because no acknowledgement came. (RFC 9293 §3.8.1)");
    FAST: "tcp.analysis.fast_retransmission", Kind::Text, ("高速再送", "Fast retransmission"),
        ("重複 ACK が続いたので、タイマを待たずに送り直したものです（RFC 5681 §3.2）。", "Sent again without waiting for the timer, because repeated ACKs asked for it. (RFC 5681 §3.2)");
    SPURIOUS: "tcp.analysis.spurious_retransmission", Kind::Text, ("不要な再送", "Spurious retransmission"),
        ("相手がもう受け取っているデータの再送です。", "Data sent again that the other end already has.");
    OUT_OF_ORDER: "tcp.analysis.out_of_order", Kind::Text, ("順序の入れ替わり", "Out of order"),
        ("後から送られたセグメントに追い越されて届いたと見られるものです。", "Seems to have been overtaken on its way by a segment that was sent later.");
    LOST: "tcp.analysis.lost_segment", Kind::Text, ("前のセグメントがない", "Previous segment not captured"),
        ("この前にあるはずのデータが、このキャプチャにまだありません。", "Data that belongs before this has not been seen in this capture.");
    ACK_LOST: "tcp.analysis.ack_lost_segment", Kind::Text, ("見ていないセグメントへの ACK", "ACKed unseen segment"),
        ("相手は受け取ったのに、キャプチャには写っていないデータがあります。", "The other end received data that this capture does not show.");
    DUPLICATE_ACK: "tcp.analysis.duplicate_ack", Kind::Text, ("重複 ACK", "Duplicate ACK"),
        ("同じ番号を繰り返し求めています。途中のデータが抜けたときに起こります（RFC 5681 §2）。", "Asks for the same number again, as happens when data in between is missing. (RFC 5681 §2)");
    KEEP_ALIVE: "tcp.analysis.keep_alive", Kind::Text, ("キープアライブ", "Keep-alive"),
        ("データのない接続で、相手がまだいるかを確かめるものです（RFC 9293 §3.8.4）。", "Checks on an idle connection whether the other end is still there. (RFC 9293 §3.8.4)");
    KEEP_ALIVE_ACK: "tcp.analysis.keep_alive_ack", Kind::Text, ("キープアライブへの返事", "Keep-alive ACK"),
        ("まだいる、というキープアライブへの返事です。", "The answer to a keep-alive: still there.");
    ZERO_WINDOW: "tcp.analysis.zero_window", Kind::Text, ("ゼロウィンドウ", "Zero window"),
        ("受信バッファが一杯で、相手に送るのを待ってもらっています（RFC 9293 §3.8.6）。", "The receive buffer is full: the other end must wait. (RFC 9293 §3.8.6)");
    PROBE: "tcp.analysis.zero_window_probe", Kind::Text, ("ゼロウィンドウプローブ", "Zero window probe"),
        ("ウィンドウが開いたかを 1 バイトで尋ねるものです（RFC 9293 §3.8.6.1）。", "Asks with one byte whether the window has opened. (RFC 9293 §3.8.6.1)");
    PROBE_ACK: "tcp.analysis.zero_window_probe_ack", Kind::Text, ("プローブへの返事", "Zero window probe ACK"),
        ("プローブへの返事で、ウィンドウはまだ 0 です。", "The answer to a probe: the window is still 0.");
    WINDOW_UPDATE: "tcp.analysis.window_update", Kind::Text, ("ウィンドウ更新", "Window update"),
        ("受け取れる量が変わったことだけを知らせています。", "Says only that the room for data has changed.");
    WINDOW_FULL: "tcp.analysis.window_full", Kind::Text, ("ウィンドウを使い切った", "Window full"),
        ("相手が許した量をちょうど送り切りました。", "Sent exactly as much as the other end allows.");
    REUSED: "tcp.analysis.reused_ports", Kind::Text, ("ポートの再利用", "Port numbers reused"),
        ("前の接続と同じアドレスとポートで、新しい接続が始まりました。", "A new connection on the addresses and ports of an earlier one.");
}

/// What a mark is as a field.
pub fn mark_def(kind: MarkKind) -> &'static FieldDef {
    FIELDS.iter().find(|def| def.name == kind.field()).copied().unwrap_or(&ANALYSIS)
}
