//! Lines over a stream, for protocols that talk in them: SMTP, POP3, HTTP's head, ping and pong.
//!
//! In: a connected [`Stream`]. Out: one line at a time, without its end. A `read` may bring half a line or three of them; what came
//! too early waits in here. A line longer than [`LONGEST`] is an error, so that nobody fills the memory.

use super::ctx::could_not;
use super::socket::Stream;
use crate::lang::Text;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Bytes of one line at most.
const LONGEST: usize = 64 * 1024;

/// What one `read` is offered at least.
const ROOM: usize = 4096;

pub struct Lines {
    pub stream: Stream,
    early: Vec<u8>,
}

impl Lines {
    pub fn new(stream: Stream) -> Self {
        Self { stream, early: Vec::new() }
    }

    /// The next line; `None` when the other side has nothing more to say.
    pub async fn next(&mut self) -> Result<Option<String>, Text> {
        loop {
            if let Some(end) = self.early.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.early.drain(..=end).collect();
                return Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()));
            }
            if self.early.len() > LONGEST {
                return Err(Text::new("行が長すぎます。", "A line is too long."));
            }
            if self.fill().await? == 0 {
                return Ok(None);
            }
        }
    }

    /// The next line, where there must be one.
    pub async fn expect(&mut self) -> Result<String, Text> {
        self.next().await?.ok_or_else(|| Text::new("相手が話の途中で接続を閉じました。", "The other side closed in the middle of the talk."))
    }

    /// Says one line, with CR LF at its end, in one call.
    pub async fn say(&mut self, line: &str) -> Result<(), Text> {
        self.send(format!("{line}\r\n").as_bytes()).await
    }

    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Text> {
        self.stream.write_all(bytes).await.map_err(could_not("送信", "Sending"))
    }

    /// Reads once; 0 bytes are the end.
    async fn fill(&mut self) -> Result<usize, Text> {
        // A vector without room would be read into in small sips, one call each.
        self.early.reserve(ROOM);
        self.stream.read_buf(&mut self.early).await.map_err(could_not("受信", "Receiving"))
    }

    /// Everything until the other side closes.
    pub async fn rest(&mut self) -> Result<Vec<u8>, Text> {
        while self.fill().await? > 0 {
            if self.early.len() > LONGEST {
                return Err(Text::new("長すぎます。", "It is too long."));
            }
        }
        Ok(std::mem::take(&mut self.early))
    }
}
