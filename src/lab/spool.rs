//! The spool: the one file that a run grows, and its one writer.
//!
//! In: whole pcapng blocks from the capture and socket calls from the exchange, through one bounded channel. Out: a pcapng
//! file that is good up to every length announced, and the announcements ([`LabEvent::Spooled`]). Bytes reach the file before they are
//! announced. It must never write a part of a block and then something else.

use crate::timeline::LabEvent;
use crate::trace::{Call, Note, Sockets};
use crate::trace::write::PcapngWriter;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Announcements come at most this often: a screen shows 60 pictures a second.
const ANNOUNCE_EVERY: Duration = Duration::from_millis(15);
/// Items on their way. When the disk is slow, the capture waits in its pipe, then its ring fills, then losses are counted.
const WAITING: usize = 256;
/// Bytes written at once at most.
const BATCH: usize = 4 * 1024 * 1024;

/// One thing for the spool.
pub enum Item {
    /// Whole blocks, and what they count.
    Blocks { bytes: Vec<u8>, frames: u64, dropped: Option<u64> },
    Call(Call),
    Sockets(Sockets),
    Note(Note),
}

/// The way into the spool. The writer ends when all of these are gone or it is told to.
pub type Sender = SyncSender<Option<Item>>;

/// The channel to a writer.
pub fn channel() -> (Sender, Receiver<Option<Item>>) {
    sync_channel(WAITING)
}

/// Writes until it receives `None`. Returns the error that stopped it; what was announced is good all the same.
pub fn write(mut file: impl Write, items: &Receiver<Option<Item>>, say: impl Fn(LabEvent)) -> io::Result<()> {
    let (mut bytes, mut frames, mut dropped) = (0, 0, 0);
    let mut announced = (Instant::now(), 0);
    let mut buffer = Vec::new();
    let mut open = true;
    while open {
        let first = match items.recv_timeout(ANNOUNCE_EVERY) {
            Ok(item) => item,
            Err(RecvTimeoutError::Timeout) => Some(Item::Blocks { bytes: Vec::new(), frames: 0, dropped: None }),
            Err(RecvTimeoutError::Disconnected) => None,
        };
        let mut next = Some(first);
        while let Some(item) = next {
            match item {
                Some(Item::Blocks { bytes, frames: more, dropped: lost }) => {
                    buffer.extend_from_slice(&bytes);
                    frames += more;
                    dropped = lost.unwrap_or(dropped);
                }
                Some(Item::Call(call)) => buffer.extend_from_slice(&block(|w| w.call(&call))?),
                Some(Item::Sockets(sockets)) => buffer.extend_from_slice(&block(|w| w.sockets(&sockets))?),
                Some(Item::Note(note)) => buffer.extend_from_slice(&block(|w| w.note(&note))?),
                None => {
                    open = false;
                    break;
                }
            }
            next = if buffer.len() < BATCH { items.try_recv().ok() } else { None };
        }
        file.write_all(&buffer)?;
        file.flush()?;
        bytes += buffer.len() as u64;
        buffer.clear();
        if bytes != announced.1 && (!open || announced.0.elapsed() >= ANNOUNCE_EVERY) {
            say(LabEvent::Spooled { bytes, frames, dropped });
            announced = (Instant::now(), bytes);
        }
    }
    Ok(())
}

/// A block of its own: what the writer adds after the header of a file that somebody else has begun.
fn block(write: impl FnOnce(&mut PcapngWriter<Vec<u8>>) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut writer = PcapngWriter::new(Vec::new(), &[])?;
    let header = usize::try_from(writer.written()).map_err(io::Error::other)?;
    write(&mut writer)?;
    Ok(writer.into_inner().split_off(header))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn everything_is_in_the_file_before_it_is_announced_and_the_last_word_covers_all() {
        let (sender, items) = channel();
        let sending = std::thread::spawn(move || {
            for i in 0..40u64 {
                let dropped = (i == 20).then_some(3);
                sender.send(Some(Item::Blocks { bytes: vec![i as u8; 100], frames: 2, dropped })).unwrap();
                std::thread::sleep(Duration::from_millis(2));
            }
            sender.send(None).unwrap();
        });
        let written = RefCell::new(Vec::new());
        let said = RefCell::new(Vec::new());
        struct File<'a>(&'a RefCell<Vec<u8>>);
        impl Write for File<'_> {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.borrow_mut().write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        write(File(&written), &items, |event| {
            let LabEvent::Spooled { bytes, .. } = event else { panic!("{event:?}") };
            assert_eq!(bytes, written.borrow().len() as u64);
            said.borrow_mut().push(event);
        })
        .unwrap();
        sending.join().unwrap();
        assert_eq!(said.borrow().last(), Some(&LabEvent::Spooled { bytes: 4000, frames: 80, dropped: 3 }));
        assert!((2..=12).contains(&said.borrow().len()), "80 ms make at most about 6 announcements: {}", said.borrow().len());
    }
}
