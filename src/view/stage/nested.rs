//! The nested headers between the stacks: at each layer, what the unit of data is made of, in real sizes.
//!
//! The payload keeps its width and right edge from layer to layer; each layer adds its header on the left.

use super::motion::{Phase, Place};
use super::{Act, Level, Plan};
use crate::app::{Action, ByteRef, Model};
use crate::trace::Host;
use crate::view::{Anchor, Font, Ink, Rect, Scene, pt};
use crate::wire::{Layer, Osi, Span};

/// A header, or the payload, as a block.
struct Block {
    osi: Osi,
    title: String,
    bytes: u32,
    values: String,
    /// The capture put it there; no such header was ever sent.
    unreal: bool,
    reference: ByteRef,
    width: f32,
}

pub fn draw(scene: &mut Scene, model: &Model, act: Option<&Act<'_>>, plan: &Plan, levels: &[Level]) {
    let lang = model.lang();
    let area = plan.middle;
    let heading = lang.pick("カプセル化", "Encapsulation");
    scene.text(pt(area.center().x, area.y - 18.0), Anchor::Center, heading, Font::Small, Ink::Secondary.solid(), area.w);
    let border = levels.iter().position(|l| l.covers.contains(&Osi::Transport));
    if let Some(at) = border {
        let y = plan.level(Host::Client, at).y - 2.0;
        scene.dashed(&[pt(area.x, y), pt(area.right(), y)], 1.0, Ink::Line.solid(), 4.0, 4.0);
        let (program, kernel) = (lang.pick("プログラム ↑", "program ↑"), lang.pick("カーネル ↓", "kernel ↓"));
        scene.text(pt(area.x, y - 9.0), Anchor::LeftCenter, program, Font::Small, Ink::Secondary.alpha(0.9), area.w);
        scene.text(pt(area.x, y + 10.0), Anchor::LeftCenter, kernel, Font::Small, Ink::Secondary.alpha(0.9), area.w * 0.5);
    }
    let Some(act) = act else { return };
    let blocks = blocks(act, area.w);
    for (at, level) in levels.iter().enumerate() {
        let line = plan.level(Host::Client, at);
        let line = Rect::new(area.x, line.y + (line.h - bar_height(line.h)) / 2.0, area.w, bar_height(line.h));
        level_bar(scene, act, &blocks, level, line);
    }
}

fn bar_height(level_height: f32) -> f32 {
    (level_height - 8.0).clamp(16.0, 34.0)
}

/// The frame's parts from the payload outwards.
fn blocks(act: &Act<'_>, room: f32) -> Vec<Block> {
    let d = &act.explained.dissected;
    let frame = act.explained.frame;
    let mut blocks = Vec::new();
    let app = d.layers.iter().enumerate().rev().find(|(_, l)| l.osi > Osi::Transport && act.top > Osi::Transport);
    let own = d.layers.iter().enumerate().filter(|(_, l)| l.buffer == 0 && l.osi <= act.top && l.proto != "frame");
    let real = |l: &Layer| (Osi::DataLink..=Osi::Transport).contains(&l.osi) && l.header.len > 0;
    let own: Vec<_> = own.filter(|(_, l)| real(l)).collect();
    if let Some((_, app)) = app
        && act.row.payload_len > 0
    {
        let first = d.layers.iter().position(|l| l.osi > Osi::Transport);
        let title = first.and_then(|at| d.layers.get(at)).map_or(app.title, |l| l.title);
        blocks.push(Block {
            osi: Osi::Application,
            title: title.to_owned(),
            bytes: act.row.payload_len,
            values: String::new(),
            unreal: false,
            reference: ByteRef {
                frame,
                buffer: 0,
                span: Span::new(usize::from(act.row.payload_at), act.row.payload_len as usize),
                layer: first,
            },
            width: 0.0,
        });
    }
    for (at, layer) in own.into_iter().rev() {
        blocks.push(Block {
            osi: layer.osi,
            title: short(layer.title).to_owned(),
            bytes: layer.header.len,
            values: values(act, layer.proto),
            unreal: layer.osi == Osi::DataLink && act.explained.loopback,
            reference: ByteRef { frame, buffer: 0, span: layer.header, layer: Some(at) },
            width: 0.0,
        });
    }
    size(&mut blocks, room);
    blocks
}

/// Header titles short enough for a block.
fn short(title: &'static str) -> &'static str {
    match title {
        "Ethernet II" | "Ethernet" => "Eth",
        "Linux cooked capture v1" | "Linux cooked capture v2" | "Linux SLL" | "Linux SLL2" => "SLL",
        other => other,
    }
}

/// The values worth reading from across a room.
fn values(act: &Act<'_>, proto: &str) -> String {
    let d = &act.explained.dissected;
    let pair = |a: &str, b: &str| match (d.print(a), d.print(b)) {
        (Some(a), Some(b)) => format!("{a} → {b}"),
        _ => String::new(),
    };
    match proto {
        "tcp" => pair("tcp.srcport", "tcp.dstport"),
        "udp" => pair("udp.srcport", "udp.dstport"),
        "ip" => pair("ip.src", "ip.dst"),
        "ipv6" => pair("ipv6.src", "ipv6.dst"),
        "eth" => d.print("eth.type").unwrap_or_default(),
        _ => String::new(),
    }
}

/// Gives each block a width: enough for its label, and more to the bigger ones, growing with the root of the size.
fn size(blocks: &mut [Block], room: f32) {
    // At L5 and L6 the payload's block says "no header": that must fit as well.
    let label = |b: &Block| {
        let own = (b.title.len() + b.bytes.to_string().len() + 1) as f32 * 6.9 + 12.0;
        if b.osi == Osi::Application { own.max(68.0) } else { own }
    };
    let least: f32 = blocks.iter().map(label).sum();
    let spare = (room - least).max(0.0);
    let weight = |b: &Block| (b.bytes as f32).sqrt().clamp(3.0, 24.0);
    let weights: f32 = blocks.iter().map(weight).sum::<f32>().max(1.0);
    let squeeze = if least > room { room / least } else { 1.0 };
    for block in blocks.iter_mut() {
        block.width = label(block) * squeeze + (spare * 0.85) * weight(block) / weights;
    }
}

/// One layer's unit of data, drawn from the right: payload, then header by header.
fn level_bar(scene: &mut Scene, act: &Act<'_>, blocks: &[Block], level: &Level, line: Rect) {
    let lang = act.model.lang();
    let (Some(&high), Some(&low)) = (level.covers.first(), level.covers.last()) else { return };
    let phases = level.covers.iter().map(|&o| (act.place.at_sender(o, act.top), act.place.at_receiver(o, act.top)));
    let mut now = false;
    let mut made = false;
    for (sender, receiver) in phases {
        now |= sender == Phase::Now || receiver == Phase::Now;
        made |= sender != Phase::Untouched;
    }
    // On the wire it is the whole frame that moves.
    now |= matches!(act.place, Place::Across(_)) && level.covers.contains(&Osi::DataLink);
    if low > act.top || !made {
        return;
    }
    if high == Osi::Physical {
        let bits = u64::from(act.explained.meta.wire_len) * 8;
        let words = lang.pick(
            format!("{} バイト＝{bits} ビット", act.explained.meta.wire_len),
            format!("{} bytes = {bits} bits", act.explained.meta.wire_len),
        );
        let alpha = if now { 1.0 } else { 0.7 };
        scene.text(line.center(), Anchor::Center, words, Font::Small, Ink::Secondary.alpha(alpha), line.w);
        return;
    }
    let alpha = if now { 1.0 } else { 0.5 };
    let lit = act.model.lit().filter(|l| l.frame == act.explained.frame);
    let mut x = line.right();
    for block in blocks.iter().filter(|b| b.osi >= low) {
        x -= block.width;
        let rect = Rect::new(x, line.y, block.width - 1.0, line.h);
        // L5 and L6 add nothing: what comes from above passes through, drawn as an outline.
        let through = matches!(high, Osi::Session | Osi::Presentation);
        let colour = Ink::Layer(block.osi);
        if through {
            scene.frame(rect, 3.0, None, 1.0, colour.alpha(0.45 * alpha));
            scene.text(rect.center(), Anchor::Center, lang.pick("ヘッダなし", "no header"), Font::Small, Ink::Secondary.alpha(alpha), rect.w);
        } else {
            let label = format!("{} {}", block.title, block.bytes);
            let on = if block.unreal { colour.alpha(alpha) } else { Ink::OnLayer.solid() };
            if block.unreal {
                scene.frame(rect, 3.0, None, 1.0, colour.alpha(0.7 * alpha));
            } else {
                scene.rect(rect, 3.0, colour.alpha(alpha));
            }
            // The header that this layer added shows its values, if there is room.
            let values = block.osi == high && !block.values.is_empty() && rect.w > block.values.len() as f32 * 6.2 + 8.0 && rect.h >= 28.0;
            let y = rect.center().y;
            if values {
                scene.text(pt(rect.center().x, y - 7.0), Anchor::Center, label, Font::Small, on, rect.w - 4.0);
                scene.text(pt(rect.center().x, y + 7.0), Anchor::Center, block.values.clone(), Font::MonoSmall, on, rect.w - 4.0);
            } else {
                scene.text(rect.center(), Anchor::Center, label, Font::Small, on, rect.w - 2.0);
            }
        }
        if lit.is_some_and(|l| l.buffer == 0 && !l.span.is_empty() && l.span.overlaps(block.reference.span) && high == block.osi) {
            scene.frame(rect, 3.0, None, 2.0, Ink::Accent.solid());
        }
        let name = format!("{} {}: {} {} B", level.tag, level.name.get(lang), block.title, block.bytes);
        let unreal = lang.pick(
            "ループバックのキャプチャに付く形だけのヘッダです。本物の Ethernet はありません。",
            "A header for form's sake that a loopback capture has. There is no real Ethernet.",
        );
        let tip = if block.unreal {
            format!("{} {} B\n{unreal}", block.title, block.bytes)
        } else if block.values.is_empty() {
            format!("{} {} B", block.title, block.bytes)
        } else {
            format!("{} {} B\n{}", block.title, block.bytes, block.values)
        };
        scene.hit_tip(rect, name, tip, Some(block.reference), Some(Action::Pin(Some(block.reference))));
    }
}
