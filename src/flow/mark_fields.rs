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
