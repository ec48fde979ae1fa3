//! WebSocket (RFC 6455): one frame of it is one message here.

use super::message::{Found, values};
use super::now::Now;
use super::words::{QUOTE_MAX, add, cut, or_shorter, say, say_note, shrink};
use crate::flow::{Message, MessageId, MessageKind};
use crate::lang::Text;
use crate::proto::Dir;
use crate::wire::Layer;

/// Messages looked back over for the other side's Close.
const CLOSE_MESSAGES: usize = 1_000;

pub fn speak(now: &Now, id: MessageId, m: &Message, layer: Option<&Layer>) -> Found {
    let who = now.who(m.dir);
    let get = |name: &str| layer.and_then(|l| now.print_in(l, name));
    let masked = get("websocket.mask").map(|v| v == "1" || v == "True");
    let key = get("websocket.masking_key").map(|k| k.trim_start_matches("0x").to_owned());
    let fin = get("websocket.fin").is_none_or(|v| v == "1" || v == "True");
    let len = m.range.end.saturating_sub(m.range.start);
    // A remark on the mask, where it is proven what the frame has; and in fewer words, for beside a long text.
    let (mask, brief) = match (masked, &key) {
        (Some(true), Some(key)) => {
            let ja = format!("鍵 {key} でマスク。暗号ではないよ");
            let mask = Text::new(ja.clone(), format!("Masked with key {key}. This is not encryption."));
            (Some(mask), Some(Text::new(ja, format!("Masked with {key}, not encrypted."))))
        }
        (Some(false), _) if m.dir == Dir::ToClient && now.start_seen() => {
            (Some(Text::new("サーバからは、マスクしないよ", "The server does not mask.")), None)
        }
        _ => (None, None),
    };
    let noted = |note: Option<&Text>, ja: &str, en: &str| match note {
        Some(note) => say_note(&who, ja, en, &note.ja, &note.en),
        None => say(&who, ja, en),
    };
    let with_mask = |ja: &str, en: &str| noted(mask.as_ref(), ja, en);
    let text = layer.and_then(|l| text_of(now, l));
    let large = match m.kind {
        MessageKind::Text | MessageKind::Continuation if text.is_some() => {
            let text = text.unwrap_or_default();
            let quoted = |note: Option<&Text>, n: usize| noted(note, &cut(&text, n), &cut(&text, n));
            or_shorter(quoted(mask.as_ref(), QUOTE_MAX), shrink(|n| quoted(brief.as_ref().or(mask.as_ref()), n)))
        }
        MessageKind::Ping => say(&who, "まだいる？", "Are you still there?"),
        MessageKind::Pong => say(&who, "いるよー", "I am here."),
        MessageKind::Close => {
            let code = get("websocket.payload.close.status_code");
            match (closed_before(now, id, m), code) {
                (true, _) => say(&who, "わかった。終わりにしよう", "All right, finished."),
                (false, Some(code)) => say(
                    &who,
                    &format!("そろそろ終わりにするね（{code}）"),
                    &format!("Let us finish here ({code})."),
                ),
                (false, None) => say(&who, "そろそろ終わりにするね", "Let us finish here."),
            }
        }
        MessageKind::Text => with_mask("テキストを送るよ", "Here is some text."),
        MessageKind::Continuation => with_mask("さっきのメッセージの続きだよ", "Here is more of the same message."),
        _ => with_mask("バイナリデータを送るよ", "Here is some binary data."),
    };
    let mut second = match m.kind {
        MessageKind::Ping => Text::new("Ping には、同じ中身の Pong を返す決まり。", "A Ping must be answered by a Pong with the same content."),
        MessageKind::Pong => Text::new("Pong：生きている印。", "A Pong: the sign of life."),
        MessageKind::Close => Text::new(
            "Close は両側が 1 回ずつ送る。そのあと TCP の FIN が来る。",
            "Each side sends one Close. After that comes the FIN of TCP.",
        ),
        _ if masked == Some(true) => Text::new(
            "鍵は同じフレームに入っているので、誰でも元に戻せる。",
            "The key travels in the same frame, so anyone can undo it.",
        ),
        _ => Text::default(),
    };
    // RSV1 is the bit of permessage-deflate (RFC 7692 §6).
    let rsv = layer.and_then(|l| l.field("websocket.rsv")).and_then(|f| f.value.as_uint()).unwrap_or(0);
    let control = matches!(m.kind, MessageKind::Ping | MessageKind::Pong | MessageKind::Close);
    if rsv & 4 != 0 && !control {
        add(&mut second, Text::new("permessage-deflate で圧縮されている。", "Compressed with permessage-deflate."));
    }
    if !fin {
        add(&mut second, Text::new("FIN ビットが 0：このメッセージはまだ続く。", "Its FIN bit is 0: the message goes on."));
    }
    add(
        &mut second,
        Text::new(format!("WebSocket フレームは {len} バイト。"), format!("The WebSocket frame has {len} bytes.")),
    );
    let name = match m.kind {
        MessageKind::Text => "text",
        MessageKind::Binary => "binary",
        MessageKind::Ping => "ping",
        MessageKind::Pong => "pong",
        MessageKind::Close => "close",
        MessageKind::Continuation => "continuation",
        _ => "frame",
    };
    Found { large, tag: format!("WebSocket {name}"), second, ..Found::default() }
}

/// The text that was sent, where it could be read.
fn text_of(now: &Now, layer: &Layer) -> Option<String> {
    let direct = values(now, layer, "websocket.payload.text").into_iter().next();
    direct.filter(|t| !t.is_empty())
}

/// The other side has sent its Close already.
fn closed_before(now: &Now, id: MessageId, m: &Message) -> bool {
    let mut before = now.capture.index.messages.before(id as usize).take(CLOSE_MESSAGES);
    before.any(|b| b.flow == m.flow && b.dir != m.dir && b.proto == m.proto && b.kind == MessageKind::Close)
}
