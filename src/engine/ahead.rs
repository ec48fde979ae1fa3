//! Reading ahead: one thread brings the next pieces of a file while another looks at the one before.
//!
//! In: a file that stands at its beginning. Out: its pieces in order. A few pieces wait at most; who stops asking ends the
//! thread.

use super::stream::Piece;
use std::fs::File;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Pieces that wait to be looked at.
const WAITING: usize = 3;

/// The pieces of a file.
pub struct Ahead {
    full: Receiver<io::Result<(Piece, usize)>>,
    empty: Sender<Piece>,
    now: Option<(Piece, usize)>,
}

impl Ahead {
    /// Starts reading, `len` bytes at a time.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn new(file: File, len: usize) -> io::Result<Self> {
        let (give, full) = sync_channel(WAITING);
        let (empty, take) = channel();
        thread::Builder::new().name("read ahead".into()).spawn(move || read(file, len, &give, &take))?;
        Ok(Self { full, empty, now: None })
    }

    /// The next piece; empty at the end.
    ///
    /// # Errors
    /// The file's own.
    pub fn next(&mut self) -> io::Result<&[u8]> {
        if let Some((piece, _)) = self.now.take() {
            // The thread may have ended: then nobody needs the room any more.
            let _ = self.empty.send(piece);
        }
        match self.full.recv() {
            Ok(piece) => self.now = Some(piece?),
            Err(_) => return Ok(&[]),
        }
        Ok(self.now.as_ref().map_or(&[], |(piece, n)| piece.first(*n)))
    }
}

fn read(mut file: File, len: usize, give: &SyncSender<io::Result<(Piece, usize)>>, empty: &Receiver<Piece>) {
    loop {
        let mut piece = empty.try_recv().unwrap_or_else(|_| Piece::new(len));
        let said = match file.read(piece.room()) {
            Ok(0) => return,
            Ok(n) => Ok((piece, n)),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => Err(e),
        };
        let failed = said.is_err();
        if give.send(said).is_err() || failed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::io::{Seek, Write};

    #[test]
    fn every_byte_comes_once_and_in_order() {
        let mut file = tempfile::tempfile().unwrap();
        let bytes: Vec<u8> = (0..100_003u32).map(|i| (i * 7) as u8).collect();
        file.write_all(&bytes).unwrap();
        file.rewind().unwrap();
        let mut ahead = Ahead::new(file, 4096).unwrap();
        let mut all = Vec::new();
        loop {
            let piece = ahead.next().unwrap();
            if piece.is_empty() {
                break;
            }
            all.extend_from_slice(piece);
        }
        assert!(all == bytes && ahead.next().unwrap().is_empty());
    }
}
