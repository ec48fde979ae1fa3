//! stand-in
use crate::flow::explain::Explained;
use crate::lang::Text;
use crate::timeline::Capture;

pub struct Caption {
    pub large: Text,
    pub tag: String,
    pub second: Text,
}

pub fn caption(_capture: &Capture, _explained: &Explained) -> Caption {
    Caption { large: Text::new("サーバ「いいよー。こっちからも送っていい？」", "Server: \"Sure. May I send to you too?\""), tag: "SYN + ACK  seq=0 ack=1".into(), second: Text::new("3 ウェイハンドシェイク 2 / 3。サーバは自分の初期シーケンス番号（ISN）を知らせ、「次はクライアントの ISN + 1 番から」と確認応答しました。", "Three-way handshake 2 / 3.") }
}
