//! The load thread: reads a file, a pipe or a sample once, from beginning to end, and posts what it finds.
//!
//! What is packed with gzip or zstd is told by its first bytes and unpacked on the way, into a file without a name beside the
//! spools: frames are fetched by their place there.

use super::ahead::Ahead;
use super::folders::Folders;
use super::growing::{Found, Growing};
use super::stream::{Piece, Stream, ended_early};
use super::{Open, Post, samples};
use crate::app::{Action, Source};
use crate::flow::Order;
use crate::lang::Text;
use crate::timeline::{Capture, Intake};
use crate::trace::{FrameId, Damage, ReadAt};
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Bytes read at once.
pub const PIECE: usize = 1 << 20;
/// Bytes after which what was found is handed over where nobody watches.
const HAND_OVER: usize = 64 << 20;
/// How long found frames may wait before they are handed over, and how many may wait: what is handed over names every flow that has
/// changed, which is too much to do often.
const HAND_OVER_EVERY: Duration = Duration::from_millis(20);
const HAND_OVER_AT_MOST: FrameId = 1 << 15;

/// One load.
pub struct Job {
    pub generation: u64,
    pub post: Post,
    pub cancel: Arc<AtomicBool>,
    pub folders: Folders,
    pub open: Open,
}

impl Job {
    pub fn run(self, source: Source) {
        let outcome = match source {
            Source::File(path) => self.file(&path),
            Source::Sample(name) => self.sample(&name),
            Source::Stdin => self.pipe(&mut io::stdin().lock(), "stdin"),
            Source::Nothing | Source::Lab { .. } => Ok(()),
        };
        if let Err(why) = outcome {
            self.post.send(Action::LoadFailed { generation: self.generation, why });
        }
    }

    fn file(&self, path: &Path) -> Result<(), Text> {
        let cannot = |e: io::Error| cannot_open(path, &e);
        let mut file = File::open(path).map_err(cannot)?;
        let kind = file.metadata().map_err(cannot)?;
        if kind.is_dir() {
            return Err(cannot_open(path, &io::ErrorKind::IsADirectory.into()));
        }
        if !kind.is_file() {
            return self.pipe(&mut file, "pipe");
        }
        let source: Arc<dyn ReadAt> = Arc::new(file.try_clone().map_err(cannot)?);
        let mut stream = Stream::open(&mut file).map_err(cannot)?;
        if !stream.is_packed() {
            drop(stream);
            file.rewind().map_err(cannot)?;
            return self.plain(source, Ahead::new(file, PIECE).map_err(cannot)?, kind.len());
        }
        let spool = nameless(&self.folders).map_err(|e| cannot_open(&self.folders.state, &e))?;
        let source = Arc::new(spool.try_clone().map_err(cannot)?);
        self.pass(source, &mut stream, Some(kind.len()), Some(spool))
    }

    fn sample(&self, name: &str) -> Result<(), Text> {
        let sample = samples::by_name(name).ok_or_else(|| {
            Text::new(format!("「{name}」というキャプチャはありません。"), format!("There is no capture named {name}."))
        })?;
        let total = sample.bytes.len() as u64;
        self.pass(Arc::new(sample.bytes.to_vec()), &mut Stream::Plain(Box::new(sample.bytes)), Some(total), None)
    }

    /// A pipe cannot be read twice: what comes is written to a spool first.
    fn pipe(&self, from: &mut dyn Read, kind: &str) -> Result<(), Text> {
        let (path, file) = self.folders.spool(kind).map_err(|e| cannot_open(&self.folders.state, &e))?;
        let read = file.try_clone().map_err(|e| cannot_open(&path, &e))?;
        self.post.send(Action::Spool { generation: self.generation, path });
        let mut stream = Stream::open(from).map_err(|e| cannot_open(Path::new(kind), &e))?;
        self.pass(Arc::new(read), &mut stream, None, Some(file))
    }

    /// The pass over a plain file.
    fn plain(&self, source: Arc<dyn ReadAt>, mut from: Ahead, total: u64) -> Result<(), Text> {
        let mut feed = Feed::begin(self.generation, self.post.clone(), source, Some(total), &self.open)?;
        loop {
            if self.cancel.load(Ordering::Relaxed) {
                feed.stopped_by_user();
                return Ok(());
            }
            match from.next() {
                Ok([]) => break,
                Ok(bytes) => {
                    if !feed.take_in(bytes) {
                        return Ok(());
                    }
                }
                Err(e) => {
                    feed.broken(&e);
                    return Ok(());
                }
            }
        }
        feed.end();
        Ok(())
    }

    /// The pass itself. `copy`: where the bytes are written before they are looked at.
    fn pass(
        &self,
        source: Arc<dyn ReadAt>,
        from: &mut Stream,
        total: Option<u64>,
        mut copy: Option<File>,
    ) -> Result<(), Text> {
        let mut feed = Feed::begin(self.generation, self.post.clone(), source, total, &self.open)?;
        let mut piece = Piece::new(PIECE);
        loop {
            if self.cancel.load(Ordering::Relaxed) {
                feed.stopped_by_user();
                return Ok(());
            }
            let n = match from.read(piece.room()) {
                Ok(0) => break,
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => {
                    feed.broken(&e);
                    return Ok(());
                }
            };
            let bytes = piece.first(n);
            if let Some(Err(e)) = copy.as_mut().map(|copy| copy.write_all(bytes)) {
                feed.cut_short(&cannot_spool(&self.folders, &e));
                return Ok(());
            }
            feed.packed = from.packed_bytes().filter(|_| total.is_some());
            if !feed.take_in(bytes) {
                return Ok(());
            }
        }
        match from.fault() {
            Some(why) => feed.cut_short(why),
            None => feed.end(),
        }
        Ok(())
    }
}

/// A spool that nobody else can open and that is gone when it is closed.
fn nameless(folders: &Folders) -> io::Result<File> {
    let (path, file) = folders.spool("unpacked")?;
    fs::remove_file(path)?;
    Ok(file)
}

fn cannot_spool(folders: &Folders, error: &io::Error) -> Text {
    let folder = folders.state.display();
    Text::new(
        format!("読み込んだデータを {folder} に書けません：{error}。空き容量を確かめてください"),
        format!("what is read cannot be written to {folder}: {error}. Check the free space there"),
    )
}

fn cannot_open(path: &Path, error: &io::Error) -> Text {
    let shown = path.display();
    let (ja, en) = match error.kind() {
        io::ErrorKind::NotFound => ("そのファイルはありません。名前を確かめてください。", "there is no such file. Check the name."),
        io::ErrorKind::PermissionDenied => {
            ("読む権限がありません。chmod か sudo cp で読めるようにしてください。", "you may not read it. Make it readable (chmod), or copy it with sudo.")
        }
        io::ErrorKind::IsADirectory => ("フォルダです。中のファイルを選んでください。", "this is a folder. Choose a file in it."),
        _ => ("", ""),
    };
    if ja.is_empty() {
        Text::new(format!("{shown} を開けません：{error}"), format!("Cannot open {shown}: {error}"))
    } else {
        Text::new(format!("{shown} を開けません：{ja}"), format!("Cannot open {shown}: {en}"))
    }
}

/// Feeds the pass, and hands over what it finds to the capture that grows.
pub struct Feed {
    growing: Growing,
    intake: Intake,
    read: u64,
    /// How much of the source has been read, for whoever saves it.
    known: Arc<AtomicU64>,
    /// When something was handed over last, and the frames that had been found then.
    handed: Option<(Instant, FrameId)>,
    /// Progress of what is unpacked on the way, in packed bytes.
    packed: Option<u64>,
}

impl Feed {
    /// # Errors
    /// No thread can be started; said as the user is to read it.
    pub fn begin(generation: u64, post: Post, source: Arc<dyn ReadAt>, total: Option<u64>, open: &Open) -> Result<Self, Text> {
        let known = Arc::new(AtomicU64::new(0));
        *open.lock().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(&source), Arc::clone(&known)));
        let growing = Growing::begin(generation, post, source, total).map_err(|e| {
            Text::new(format!("スレッドを始められません：{e}"), format!("A thread cannot be started: {e}"))
        })?;
        Ok(Self { growing, intake: Intake::new(), read: 0, known, handed: None, packed: None })
    }

    /// False when nobody listens any more.
    pub fn take_in(&mut self, bytes: &[u8]) -> bool {
        self.intake.feed(bytes);
        self.read += bytes.len() as u64;
        self.known.store(self.read, Ordering::Release);
        // The first frames are shown at once.
        let frames = self.intake.frames();
        match self.handed {
            Some((at, then)) if at.elapsed() < HAND_OVER_EVERY && frames.saturating_sub(then) < HAND_OVER_AT_MOST => true,
            _ => self.show(),
        }
    }

    /// Hands over what has been found so far.
    pub fn show(&mut self) -> bool {
        self.handed = Some((Instant::now(), self.intake.frames()));
        let (records, batch) = self.intake.take();
        self.growing.add(Found { records, batch, read: self.packed.unwrap_or(self.read) })
    }

    pub fn read(&self) -> u64 {
        self.read
    }

    /// The source has come to its end.
    pub fn end(mut self) {
        let damage = self.intake.finish();
        self.close(damage);
    }

    /// Nothing came, and that is no damage.
    pub fn empty(self) {
        self.close(None);
    }

    /// What comes behind cannot be had: packed data is broken, or the spool's disk is full.
    fn cut_short(mut self, why: &Text) {
        let inner = self.intake.finish();
        let damage = ended_early(why, self.read, u64::from(self.intake.frames()), inner.as_ref());
        self.close(Some(damage));
    }

    fn stopped_by_user(mut self) {
        self.intake.finish();
        let why = Text::new(
            format!("読み込みを中止しました。最初の {} フレームだけを表示しています。", self.intake.frames()),
            format!("Loading was stopped. Only the first {} frames are shown.", self.intake.frames()),
        );
        let at = self.read;
        self.close(Some(Damage { at, why }));
    }

    fn broken(mut self, error: &io::Error) {
        self.intake.finish();
        let why = Text::new(
            format!("{} バイト目で読めなくなりました：{error}", self.read),
            format!("Reading failed at byte {}: {error}", self.read),
        );
        let at = self.read;
        self.close(Some(Damage { at, why }));
    }

    fn close(mut self, damage: Option<Damage>) {
        self.show();
        self.growing.end(damage);
    }
}

/// Reads a whole pipe, for the command line. It goes through a file without a name, so that memory does not grow with it.
///
/// # Errors
/// The pipe cannot be read, or the folder for spools cannot be written to.
pub fn whole_pipe(from: &mut dyn Read, folders: &Folders, order: Order) -> io::Result<Capture> {
    let mut file = nameless(folders)?;
    io::copy(from, &mut file)?;
    file.rewind()?;
    whole(Arc::new(file.try_clone()?), &mut file, order)
}

/// Reads a whole capture at once, for the command line. `from` gives what `source` holds. Packed captures are unpacked into a
/// file without a name.
///
/// # Errors
/// The source cannot be read at all, or the folder for spools cannot be written to. Damage inside the capture is in
/// `Capture::trace.damage`.
pub fn whole(source: Arc<dyn ReadAt>, from: &mut dyn Read, order: Order) -> io::Result<Capture> {
    let mut stream = Stream::open(from)?;
    if !stream.is_packed() {
        return whole_stream(source, &mut stream, None, order);
    }
    let folders = Folders::of_environment();
    let spool = nameless(&folders)?;
    let source = Arc::new(spool.try_clone()?);
    whole_stream(source, &mut stream, Some((spool, &folders)), order)
}

/// `copy`: where the bytes are written before they are looked at.
fn whole_stream(
    source: Arc<dyn ReadAt>,
    from: &mut Stream,
    mut copy: Option<(File, &Folders)>,
    order: Order,
) -> io::Result<Capture> {
    let mut capture = Capture::new(source);
    let mut intake = Intake::reading(order);
    let mut piece = Piece::new(PIECE);
    let mut take = |intake: &mut Intake| {
        let (records, batch) = intake.take();
        records.into_iter().for_each(|r| capture.trace.append(r));
        capture.index.apply(batch);
    };
    let (mut at, mut waiting) = (0, 0);
    let mut full = None;
    loop {
        match from.read(piece.room()) {
            Ok(0) => break,
            Ok(n) => {
                let bytes = piece.first(n);
                if let Some((spool, folders)) = &mut copy
                    && let Err(e) = spool.write_all(bytes)
                {
                    full = Some(cannot_spool(folders, &e));
                    break;
                }
                intake.feed(bytes);
                at += n as u64;
                waiting += n;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
        // What is handed over names every flow that has changed: too much to do after every piece.
        if waiting >= HAND_OVER {
            waiting = 0;
            take(&mut intake);
        }
    }
    let inner = intake.finish();
    let frames = u64::from(intake.frames());
    take(&mut intake);
    let damage = match &full {
        Some(why) => Some(ended_early(why, at, frames, inner.as_ref())),
        None => from.damage(at, frames, inner),
    };
    capture.trace.damage = damage;
    Ok(capture)
}
