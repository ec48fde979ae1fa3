//! How much the other side can take: a full buffer, the question whether there is room, word that there is, and keep-alives.

use super::{Event, Said, said};
use crate::flow::{Dir, MarkKind, Row};
use crate::lang::Text;
use crate::view::caption::now::Now;
use crate::view::caption::words::{add, say};

fn pure_ack(now: &Now, row: &Row) -> bool {
    row.has(Row::ACK) && !row.has(Row::FIN | Row::SYN | Row::RST) && now.data().is_none()
}

/// The last segment of this direction said that there is no room.
fn was_full(now: &Now, dir: Dir) -> bool {
    now.past.last(dir).is_some_and(|(_, r)| r.marked(MarkKind::ZeroWindow))
}

pub(super) fn window(now: &Now, row: &Row) -> Option<Said> {
    let who = now.sender();
    if row.marked(MarkKind::ZeroWindow) {
        return Some(said(
            Event::Window,
            say(&who, "受け取る場所がいっぱい。ちょっと待って", "My receive buffer is full. Please wait."),
            Text::new(
                "相手のプログラムが read しないと、空きができない。",
                "Room appears only when the program there reads.",
            ),
        ));
    }
    let full_there = was_full(now, row.dir.reverse());
    let probe = row.marked(MarkKind::ZeroWindowProbe);
    if probe || row.marked(MarkKind::KeepAlive) && full_there {
        let mut second = Text::new(
            "ゼロウィンドウプローブ：空いたという知らせがなくなっても止まらないように、ときどき聞く。",
            "Zero window probe: asked now and then, in case the word that there is room gets lost.",
        );
        if !probe {
            add(&mut second, Text::new("Wireshark では Keep-Alive と呼ばれる。", "Wireshark calls it Keep-Alive."));
        }
        return Some(said(Event::Window, say(&who, "もう空いた？", "Any room yet?"), second));
    }
    if row.marked(MarkKind::KeepAlive) {
        return Some(said(
            Event::Window,
            say(&who, "まだつながってる？", "Are we still connected?"),
            Text::new(
                "Keep-Alive：もう確認された番号をわざと送り、相手に ACK を返させる。",
                "Keep-alive: it sends a number that is confirmed already, so that the other side must answer with an ACK.",
            ),
        ));
    }
    if row.marked(MarkKind::KeepAliveAck) {
        return Some(said(
            Event::Window,
            say(&who, "うん、つながってるよ", "Yes, we are still connected."),
            Text::new("Keep-Alive への返事。データは動いていない。", "The answer to a keep-alive. No data has moved."),
        ));
    }
    if !pure_ack(now, row) {
        return None;
    }
    let win = now.window();
    if was_full(now, row.dir) && win != Some(0) {
        let large = match win {
            Some(win) => say(
                &who,
                &format!("空いたよ。あと {win} バイト受け取れるよ"),
                &format!("There is room again. I can take {win} bytes."),
            ),
            None => say(&who, "空いたよ。また受け取れるよ", "There is room again."),
        };
        let second = Text::new(
            "ウィンドウ更新：プログラムが読んだので、受信バッファに空きができた。",
            "Window update: the program has read, so there is room in the receive buffer.",
        );
        return Some(said(Event::Window, large, second));
    }
    if row.marked(MarkKind::WindowUpdate) {
        let large = match win {
            Some(win) => say(
                &who,
                &format!("受け取れる量が変わったよ。今は {win} バイトまで"),
                &format!("What I can take has changed: now up to {win} bytes."),
            ),
            None => say(&who, "受け取れる量が変わったよ", "How much I can take has changed."),
        };
        let second = Text::new("ウィンドウ更新。確認応答番号は動いていない。", "Window update. The ACK number has not moved.");
        return Some(said(Event::Window, large, second));
    }
    None
}
