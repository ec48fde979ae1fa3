//! Writing captures: a live spool block by block, or a whole trace at once.
//!
//! In: a [`Trace`] or its pieces. Out: bytes to a `Write`. pcapng keeps everything a trace holds, and of a trace that was
//! read from pcapng also all that its source holds besides: [`copy`] takes the blocks as they are, in their sections' byte
//! order. Other sources are written anew, in nanoseconds. pcap keeps frames, and [`Format::losses`] says beforehand what else
//! it cannot take. Frames are copied in windows of a few hundred kilobytes, never all at once. Nothing here opens a file or
//! decides its name.

mod block;
mod copy;
mod fetch;
mod pcap;
mod pcapng;

pub use pcap::PcapWriter;
pub use pcapng::PcapngWriter;

use super::payload;
use super::{Call, FrameId, FrameMeta, NO_INTERFACE, Part, Trace};
use crate::lang::Text;
use crate::wire::LinkType;
use fetch::Window;
use std::io::{self, BufWriter, Write};

/// The largest snapshot length libpcap takes; what a file without a limit says.
const SNAP_LEN: u32 = 262_144;

/// Frames between two reports of progress.
const REPORT_EVERY: u64 = 4096;

/// Bytes of calls put on one frame. Calls beyond it go on to the next frame, so that no block grows past what readers take.
const CALLS_PER_FRAME: usize = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Pcap,
    Pcapng,
}

/// Why a trace was not saved. What has been written by then is no whole file: throw it away.
#[derive(Debug)]
pub enum Unsaved {
    /// The place it was to be written to failed.
    Io(io::Error),
    /// This frame can no longer be read from the capture.
    Unreadable(FrameId),
    /// pcap holds one link type, the frames have these.
    SeveralLinks(Vec<LinkType>),
    /// `progress` said so.
    Cancelled,
}

impl From<io::Error> for Unsaved {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Unsaved {
    /// What happened and what to do.
    pub fn text(&self) -> Text {
        match self {
            Self::Io(e) => Text::new(
                format!("書き込みに失敗しました: {e}。空き容量と書き込み権限を確かめてください"),
                format!("Writing failed: {e}. Check the free space and your right to write there"),
            ),
            Self::Unreadable(id) => {
                let n = super::frame_number(*id);
                Text::new(
                    format!(
                        "フレーム {n} を元のファイルから読み直せません。ファイルが変更されたか、移動された可能性があります"
                    ),
                    format!("Frame {n} can no longer be read from the capture; the file may have been changed or cut"),
                )
            }
            Self::SeveralLinks(links) => {
                let names = links.iter().map(|l| l.name()).collect::<Vec<_>>().join(", ");
                Text::new(
                    format!(
                        "pcap 形式には 1 種類のリンクしか保存できませんが、このキャプチャには {names} があります。pcapng 形式で保存してください"
                    ),
                    format!("A pcap file holds one link type, but this capture has {names}. Save it as pcapng"),
                )
            }
            Self::Cancelled => Text::new("保存を中止しました", "Saving was cancelled"),
        }
    }
}

impl Format {
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
        }
    }

    /// The format a file name asks for: pcap for `.pcap` and `.cap`, else pcapng.
    pub fn of_name(name: &str) -> Self {
        match name.rsplit_once('.') {
            Some((_, end)) if end.eq_ignore_ascii_case("pcap") || end.eq_ignore_ascii_case("cap") => Self::Pcap,
            _ => Self::Pcapng,
        }
    }

    /// What of this trace the format cannot keep, one sentence each; empty if all of it is kept.
    pub fn losses(self, trace: &Trace) -> Vec<Text> {
        let mut losses = Vec::new();
        if self == Self::Pcapng {
            return losses;
        }
        let mut lose = |n: usize, ja: &str, en: &str| {
            if n > 0 {
                losses.push(Text::new(
                    format!("pcap 形式では失われます: {ja} {n} 件"),
                    format!("A pcap file cannot keep: {n} {en}"),
                ));
            }
        };
        lose(trace.calls.len(), "ソケット呼び出し", "socket call(s)");
        lose(trace.comments.len() + trace.about.len(), "コメント", "comment(s)");
        let named = trace.interfaces.iter().filter(|i| i.name.is_some() || i.filter.is_some()).count();
        lose(named, "インタフェース名とフィルタ", "interface name(s) and filter(s)");
        lose(trace.dropped.iter().filter(|n| **n > 0).count(), "取りこぼしたフレームの数", "count(s) of lost frames");
        let others = trace.frames.iter().filter(|f| f.interface == NO_INTERFACE).count();
        lose(others, "パケットではない記録", "record(s) that are no packets");
        lose(trace.names.len(), "アドレスの名前", "name(s) of addresses");
        lose(trace.secrets().count(), "復号用の鍵のブロック", "block(s) of secrets for decryption");
        if trace.kept.iter().any(|k| k.part == Part::Section) {
            losses.push(Text::new(
                "pcap 形式では失われます: 元の pcapng にあった統計、フレームごとのオプション、その他のブロック",
                "A pcap file cannot keep what else the pcapng file held: statistics, options of frames, other blocks",
            ));
        }
        let mut lose = |n: usize, ja: &str, en: &str| {
            if n > 0 {
                losses.push(Text::new(
                    format!("pcap 形式では失われます: {ja} {n} 件"),
                    format!("A pcap file cannot keep: {n} {en}"),
                ));
            }
        };
        let out_of_range = trace.frames.iter().filter(|f| pcap::seconds(f.at).is_none()).count();
        lose(out_of_range, "1970 年より前か 2106 年より後の時刻", "time(s) before 1970 or after 2106");
        losses
    }
}

/// Writes the whole trace and returns how many frames it has. `progress` is told the frames done so far, first of all 0; if
/// it returns false, saving stops.
pub fn save(
    trace: &Trace,
    format: Format,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<u64, Unsaved> {
    run(trace, Which::All, format, out, progress)
}

/// As [`save`], but only these frames (in order, without repeats), with all interfaces and all that is not frames.
pub fn save_some(
    trace: &Trace,
    frames: &[FrameId],
    format: Format,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<u64, Unsaved> {
    run(trace, Which::These(frames), format, out, progress)
}

/// Which frames are saved.
#[derive(Clone, Copy)]
enum Which<'a> {
    All,
    These(&'a [FrameId]),
}

impl Which<'_> {
    fn ids(self, trace: &Trace) -> impl Iterator<Item = FrameId> {
        let (all, these) = match self {
            Self::All => (trace.len(), &[][..]),
            Self::These(these) => (0, these),
        };
        (0..all).chain(these.iter().copied())
    }

    fn metas(self, trace: &Trace) -> impl Iterator<Item = FrameMeta> {
        self.ids(trace).filter_map(|id| trace.meta(id))
    }
}

fn run(
    trace: &Trace,
    which: Which,
    format: Format,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<u64, Unsaved> {
    let mut out = BufWriter::with_capacity(1 << 18, out);
    let frames = match format {
        Format::Pcap => save_pcap(trace, which, &mut out, progress)?,
        Format::Pcapng if copy::can(trace) => copy::save(trace, which, &mut out, progress)?,
        Format::Pcapng => save_pcapng(trace, which, &mut out, progress)?,
    };
    out.flush()?;
    Ok(frames)
}

fn save_pcap(
    trace: &Trace,
    which: Which,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<u64, Unsaved> {
    let mut links = Vec::new();
    let mut snap_len = SNAP_LEN;
    for meta in which.metas(trace).filter(|m| m.interface != NO_INTERFACE) {
        snap_len = snap_len.max(meta.cap_len);
        let link = trace.link(&meta);
        if !links.contains(&link) {
            links.push(link);
        }
    }
    if links.len() > 1 {
        return Err(Unsaved::SeveralLinks(links));
    }
    let first = trace.interfaces.first().map_or(LinkType::ETHERNET, |i| i.link);
    let mut writer = PcapWriter::new(out, links.first().copied().unwrap_or(first), snap_len)?;
    let mut window = Window::new(trace);
    let mut written = 0;
    each_frame(trace, which, progress, |id, meta| {
        if meta.interface != NO_INTERFACE {
            let bytes = window.frame(id).ok_or(Unsaved::Unreadable(id))?;
            writer.frame(meta.at, meta.wire_len, bytes)?;
            written += 1;
        }
        Ok(())
    })?;
    Ok(written)
}

fn save_pcapng(
    trace: &Trace,
    which: Which,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<u64, Unsaved> {
    // Time stamps have no sign: a trace from before 1970 counts from its own beginning.
    let first = which.metas(trace).map(|f| f.at.0).min().unwrap_or(0);
    let epoch_secs = first.div_euclid(1_000_000_000).min(0);
    let mut writer = PcapngWriter::with_epoch(out, &trace.about, epoch_secs)?;
    for interface in &trace.interfaces {
        writer.interface(interface)?;
    }
    let mut comments = Comments::of(trace);
    let mut calls = Deal::of(trace);
    let last = which.ids(trace).last();
    let mut window = Window::new(trace);
    let written = each_frame(trace, which, progress, |id, meta| {
        let here = comments.for_frame(id);
        let calls = calls.for_frame(meta, Some(id) == last);
        let bytes = window.frame(id).ok_or(Unsaved::Unreadable(id))?;
        writer.frame_with_calls(meta, bytes, &here, &calls)?;
        Ok(())
    })?;
    let end = which.metas(trace).last().map(|f| f.at).unwrap_or_default();
    for (interface, frames) in (0u16..).zip(&trace.dropped) {
        if *frames > 0 {
            writer.dropped(interface, *frames, end)?;
        }
    }
    for call in calls.left() {
        writer.call(call)?;
    }
    for rest in payload::of_rest(trace) {
        writer.custom(&rest)?;
    }
    Ok(written)
}

/// The comments of frames, which are asked for in order.
struct Comments<'t> {
    rest: std::iter::Peekable<std::vec::IntoIter<&'t (FrameId, String)>>,
}

impl<'t> Comments<'t> {
    fn of(trace: &'t Trace) -> Self {
        let mut comments: Vec<&(FrameId, String)> = trace.comments.iter().collect();
        comments.sort_by_key(|(id, _)| *id);
        Self { rest: comments.into_iter().peekable() }
    }

    fn for_frame(&mut self, id: FrameId) -> Vec<&'t str> {
        while self.rest.next_if(|(at, _)| *at < id).is_some() {}
        let mut here = Vec::new();
        while let Some((_, comment)) = self.rest.next_if(|(at, _)| *at == id) {
            here.push(comment.as_str());
        }
        here
    }
}

/// Deals the calls out to the frames: each to the first frame that is not earlier than the call.
struct Deal<'t> {
    rest: std::iter::Peekable<Box<dyn Iterator<Item = &'t Call> + 't>>,
    /// Too long for an option of 64 KiB.
    long: Vec<&'t Call>,
}

impl<'t> Deal<'t> {
    fn of(trace: &'t Trace) -> Self {
        let all: Box<dyn Iterator<Item = &'t Call> + 't> = Box::new(trace.calls.iter());
        Self {
            rest: all.peekable(),
            long: Vec::new(),
        }
    }

    /// The calls for this frame with their payloads.
    fn for_frame(&mut self, meta: &FrameMeta, is_last: bool) -> Vec<(&'t Call, Vec<u8>)> {
        let mut room = CALLS_PER_FRAME;
        let mut here = Vec::new();
        while room > 0 {
            let Some(call) = self.rest.next_if(|c| is_last || c.at_enter <= meta.at) else { break };
            let payload = payload::of_call(call);
            if payload.len() > block::CUSTOM_OPTION_MAX {
                self.long.push(call);
                continue;
            }
            // The words repeat what the payload says.
            room = room.saturating_sub(payload.len() * 2);
            here.push((call, payload));
        }
        here
    }

    /// What found no frame.
    fn left(self) -> impl Iterator<Item = &'t Call> {
        self.long.into_iter().chain(self.rest)
    }
}

/// Hands the frames to `write` in order and tells how many there were.
fn each_frame(
    trace: &Trace,
    which: Which,
    progress: &mut dyn FnMut(u64) -> bool,
    mut write: impl FnMut(FrameId, &FrameMeta) -> Result<(), Unsaved>,
) -> Result<u64, Unsaved> {
    let mut done = 0;
    for id in which.ids(trace) {
        if done % REPORT_EVERY == 0 && !progress(done) {
            return Err(Unsaved::Cancelled);
        }
        write(id, &trace.meta(id).ok_or(Unsaved::Unreadable(id))?)?;
        done += 1;
    }
    if progress(done) { Ok(done) } else { Err(Unsaved::Cancelled) }
}
