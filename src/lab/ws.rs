//! WebSocket frames made by hand (RFC 6455; permessage-deflate: RFC 7692), so that each of their bits can be chosen.
//!
//! In: messages, and bytes of the other side. Out: frames over a lab's stream, and what came back. It keeps the rules unless it
//! is asked to break one, and says by which close code a broken one is answered. Nothing here grows beyond [`MAX_FRAME`].

use super::socket::Stream;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::handshake::{client::generate_key, derive_accept_key};

/// What the key is hashed with: a server that answers with the hash has understood the request (section 1.3).
pub const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// The longest frame and message that are taken at all.
pub const MAX_FRAME: usize = 32 << 20;
/// The longest head of a request or response.
const MAX_HEAD: usize = 8192;
/// What a compressed message ends with, and what is left out on the wire (RFC 7692, 7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

pub const CONTINUATION: u8 = 0;
pub const TEXT: u8 = 1;
pub const BINARY: u8 = 2;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

/// A frame (section 5.2). The payload is as the program sees it: not masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub fin: bool,
    /// The message is compressed.
    pub rsv1: bool,
    pub opcode: u8,
    pub mask: Option<[u8; 4]>,
    pub payload: Vec<u8>,
}

impl Frame {
    /// A whole message, or a control frame.
    pub fn whole(opcode: u8, payload: impl Into<Vec<u8>>) -> Self {
        Self { fin: true, rsv1: false, opcode, mask: None, payload: payload.into() }
    }

    /// Close with a code; `None`: without a body.
    pub fn close(code: Option<u16>, reason: &str) -> Self {
        let body = code.map(|code| [&code.to_be_bytes(), reason.as_bytes()].concat());
        Self::whole(CLOSE, body.unwrap_or_default())
    }

    /// As it travels.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.fin) << 7 | u8::from(self.rsv1) << 6 | self.opcode & 15];
        let masked = u8::from(self.mask.is_some()) << 7;
        let len = self.payload.len();
        match (u8::try_from(len), u16::try_from(len)) {
            (Ok(len @ 0..=125), _) => out.push(masked | len),
            (_, Ok(len)) => {
                out.push(masked | 126);
                out.extend(len.to_be_bytes());
            }
            _ => {
                out.push(masked | 127);
                out.extend((len as u64).to_be_bytes());
            }
        }
        out.extend(self.mask.iter().flatten());
        let mut payload = self.payload.clone();
        if let Some(mask) = self.mask {
            apply(mask, &mut payload);
        }
        out.extend(payload);
        out
    }

    /// The first frame of these bytes and its length. `Ok(None)`: more must come.
    fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Broken> {
        let Some((&[first, second], rest)) = bytes.split_first_chunk() else { return Ok(None) };
        let (len, rest) = match second & 127 {
            126 => match rest.split_first_chunk() {
                Some((len, rest)) => (usize::from(u16::from_be_bytes(*len)), rest),
                None => return Ok(None),
            },
            127 => match rest.split_first_chunk() {
                Some((len, rest)) => (usize::try_from(u64::from_be_bytes(*len)).unwrap_or(usize::MAX), rest),
                None => return Ok(None),
            },
            len => (usize::from(len), rest),
        };
        if len > MAX_FRAME {
            return Err(Broken::TooBig);
        }
        let (mask, rest) = match (second & 128 != 0, rest.split_first_chunk()) {
            (false, _) => (None, rest),
            (true, Some((mask, rest))) => (Some(*mask), rest),
            (true, None) => return Ok(None),
        };
        let Some(payload) = rest.get(..len) else { return Ok(None) };
        let mut payload = payload.to_vec();
        if let Some(mask) = mask {
            apply(mask, &mut payload);
        }
        let frame = Self { fin: first & 128 != 0, rsv1: first & 64 != 0, opcode: first & 15, mask, payload };
        Ok(Some((frame, bytes.len() - rest.len() + len)))
    }
}

/// Masks and unmasks: byte i XOR mask byte i mod 4 (section 5.3).
fn apply(mask: [u8; 4], payload: &mut [u8]) {
    payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
}

/// A rule that the other side has broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Something that the protocol does not allow: an unmasked frame of a client.
    Protocol,
    /// Data that this program does not take.
    Unsupported,
    /// Text that is not UTF-8.
    Utf8,
    TooBig,
}

impl Broken {
    /// The code it is answered with, and its reason (section 7.4.1).
    pub fn close(self) -> (u16, &'static str) {
        match self {
            Self::Protocol => (1002, "frames of a client must be masked"),
            Self::Unsupported => (1003, "only text"),
            Self::Utf8 => (1007, "not UTF-8"),
            Self::TooBig => (1009, "too big"),
        }
    }
}

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    Text(String),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    /// The code and reason; `None` where the Close had no body: then a program is told 1005.
    Close(Option<(u16, String)>),
    Broken(Broken),
    /// The end of the connection, with no Close before it: a program is told 1006.
    End,
}

struct Deflate {
    compress: Compress,
    decompress: Decompress,
}

/// One end of a connection.
pub struct Peer {
    stream: Stream,
    buffer: Vec<u8>,
    client: bool,
    deflate: Option<Deflate>,
    /// The longest message that is taken.
    pub limit: usize,
    /// A message whose last frame has not come: opcode, compressed, bytes so far.
    begun: Option<(u8, bool, Vec<u8>)>,
}

impl Peer {
    pub fn new(stream: Stream, client: bool) -> Self {
        Self { stream, buffer: Vec::new(), client, deflate: None, limit: MAX_FRAME, begun: None }
    }

    /// From now on messages are compressed; each side remembers what it has sent and seen (context takeover).
    pub fn compress(&mut self) {
        self.deflate =
            Some(Deflate { compress: Compress::new(Compression::default(), false), decompress: Decompress::new(false) });
    }

    /// Reads more. False: the other side has ended.
    async fn more(&mut self) -> io::Result<bool> {
        let mut space = [0; 4096];
        let n = self.stream.read(&mut space).await?;
        self.buffer.extend_from_slice(space.get(..n).unwrap_or_default());
        Ok(n > 0)
    }

    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Reads the head of a request or response, with the empty line at its end.
    pub async fn head(&mut self) -> io::Result<Vec<u8>> {
        loop {
            if let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                return Ok(self.buffer.drain(..end + 4).collect());
            }
            if self.buffer.len() > MAX_HEAD || !self.more().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Reads this many bytes behind a head.
    pub async fn body(&mut self, len: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < len.min(MAX_HEAD) {
            if !self.more().await? {
                break;
            }
        }
        Ok(self.buffer.drain(..len.min(self.buffer.len())).collect())
    }

    /// Sends one frame, in one call; a client masks it. Gives the mask.
    pub async fn send(&mut self, mut frame: Frame) -> io::Result<Option<[u8; 4]>> {
        frame.mask = self.client.then(mask);
        self.write(&frame.bytes()).await?;
        Ok(frame.mask)
    }

    /// The frames of a text message, in so many pieces, compressed if that was agreed.
    pub fn text(&mut self, text: &str, pieces: usize) -> Vec<Frame> {
        let mut payload = text.as_bytes().to_vec();
        if let Some(deflate) = &mut self.deflate {
            payload = squeeze(&mut deflate.compress, &payload);
        }
        let size = payload.len().div_ceil(pieces.max(1)).max(1);
        let mut frames: Vec<_> = payload
            .chunks(size)
            .map(|piece| Frame { fin: false, ..Frame::whole(CONTINUATION, piece) })
            .collect();
        if let Some(first) = frames.first_mut() {
            (first.opcode, first.rsv1) = (TEXT, self.deflate.is_some());
        }
        if let Some(last) = frames.last_mut() {
            last.fin = true;
        }
        frames
    }

    /// Waits for the next message or control frame.
    pub async fn hear(&mut self) -> io::Result<Heard> {
        loop {
            let parsed = match Frame::parse(&self.buffer) {
                Ok(parsed) => parsed,
                Err(broken) => return Ok(Heard::Broken(broken)),
            };
            let Some((frame, len)) = parsed else {
                if !self.more().await? {
                    return Ok(Heard::End);
                }
                continue;
            };
            self.buffer.drain(..len);
            if frame.mask.is_some() == self.client {
                return Ok(Heard::Broken(Broken::Protocol));
            }
            if let Some(heard) = self.take(frame) {
                return Ok(heard);
            }
        }
    }

    fn take(&mut self, frame: Frame) -> Option<Heard> {
        match (frame.opcode, self.begun.take()) {
            // Control frames may come between the frames of a message (section 5.4).
            (PING, begun) => {
                self.begun = begun;
                Some(Heard::Ping(frame.payload))
            }
            (PONG, begun) => {
                self.begun = begun;
                Some(Heard::Pong(frame.payload))
            }
            (CLOSE, _) => Some(Heard::Close(frame.payload.split_first_chunk().map(|(code, reason)| {
                (u16::from_be_bytes(*code), String::from_utf8_lossy(reason).into_owned())
            }))),
            (CONTINUATION, Some((opcode, rsv1, mut bytes))) => {
                bytes.extend(frame.payload);
                self.whole(frame.fin, opcode, rsv1, bytes)
            }
            (opcode @ (TEXT | BINARY), None) => self.whole(frame.fin, opcode, frame.rsv1, frame.payload),
            _ => Some(Heard::Broken(Broken::Protocol)),
        }
    }

    fn whole(&mut self, fin: bool, opcode: u8, rsv1: bool, mut bytes: Vec<u8>) -> Option<Heard> {
        if bytes.len() > self.limit {
            return Some(Heard::Broken(Broken::TooBig));
        }
        if !fin {
            self.begun = Some((opcode, rsv1, bytes));
            return None;
        }
        if rsv1 {
            let deflate = self.deflate.as_mut();
            match deflate.and_then(|d| expand(&mut d.decompress, &bytes, self.limit)) {
                Some(plain) => bytes = plain,
                None => return Some(Heard::Broken(Broken::Protocol)),
            }
        }
        Some(match (opcode, String::from_utf8(bytes)) {
            (TEXT, Ok(text)) => Heard::Text(text),
            (TEXT, Err(_)) => Heard::Broken(Broken::Utf8),
            _ => Heard::Broken(Broken::Unsupported),
        })
    }

    /// No more will be written; reads what still comes until the other side's end.
    pub async fn end(mut self) -> io::Result<()> {
        self.stream.shutdown().await?;
        while self.more().await? {
            self.buffer.clear();
        }
        Ok(())
    }
}

fn squeeze(compress: &mut Compress, plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(plain.len() / 2 + 64);
    let begun = compress.total_in();
    loop {
        let used = usize::try_from(compress.total_in() - begun).unwrap_or(plain.len());
        let rest = plain.get(used..).unwrap_or_default();
        let done = compress.compress_vec(rest, &mut out, FlushCompress::Sync);
        // Room is left: all that was to come has come.
        if done.is_err() || out.len() < out.capacity() {
            break;
        }
        out.reserve(out.len().max(64));
    }
    if out.ends_with(&TAIL) {
        out.truncate(out.len() - TAIL.len());
    }
    out
}

/// `None`: it is no compressed data, or more than `limit` bytes.
fn expand(decompress: &mut Decompress, packed: &[u8], limit: usize) -> Option<Vec<u8>> {
    let packed = [packed, &TAIL].concat();
    let mut out = Vec::with_capacity(packed.len() * 4);
    let begun = decompress.total_in();
    loop {
        let before = (decompress.total_in(), out.len());
        let rest = packed.get(usize::try_from(before.0 - begun).ok()?..)?;
        decompress.decompress_vec(rest, &mut out, FlushDecompress::Sync).ok()?;
        // A call may give less than there is room for and still have more.
        if (decompress.total_in(), out.len()) == before {
            return Some(out);
        }
        if out.len() > limit {
            return None;
        }
        out.reserve(out.len().max(64));
    }
}

/// A key for a handshake: 16 random bytes in Base64.
pub fn key() -> String {
    generate_key()
}

/// The answer to a key, and the SHA-1 in between.
pub fn accept(key: &str) -> (String, Vec<u8>) {
    let accept = derive_accept_key(key.as_bytes());
    let hash = base64(&accept);
    (accept, hash)
}

/// Four random bytes: of the 16 that a key has.
fn mask() -> [u8; 4] {
    base64(&key()).first_chunk().copied().unwrap_or([0x37, 0xfa, 0x21, 0x3d])
}

/// What a text in Base64 stands for (RFC 4648, section 4); anything that is none of its letters ends it.
fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sextets = text.bytes().map_while(|c| memchr::memchr(c, LETTERS)).collect::<Vec<_>>();
    let mut out = Vec::with_capacity(sextets.len() * 3 / 4);
    for group in sextets.chunks(4) {
        let bits = group.iter().fold(0_u32, |bits, six| bits << 6 | u32::try_from(*six).unwrap_or(0));
        let [_, a, b, c] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        out.extend([a, b, c].into_iter().take(group.len() * 3 / 4));
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_written_whatever_its_length_and_mask() {
        for len in [0, 1, 125, 126, 65_535, 65_536] {
            for mask in [None, Some([1, 2, 3, 255])] {
                let frame = Frame { mask, ..Frame::whole(TEXT, vec![b'x'; len]) };
                let bytes = frame.bytes();
                assert_eq!(Frame::parse(&bytes), Ok(Some((frame, bytes.len()))), "{len}");
                for cut in 0..bytes.len().min(20) {
                    assert_eq!(Frame::parse(&bytes[..cut]), Ok(None), "{len} cut at {cut}");
                }
            }
        }
        assert_eq!(Frame::parse(&[0x81, 127, 255, 0, 0, 0, 0, 0, 0, 0]), Err(Broken::TooBig));
    }

    #[test]
    fn the_examples_of_the_rfc_come_out() {
        // RFC 6455, 5.7 and 1.3; RFC 7692, 7.2.3.1 and 7.2.3.2.
        let hello = Frame { mask: Some([0x37, 0xfa, 0x21, 0x3d]), ..Frame::whole(TEXT, "Hello") };
        assert_eq!(hello.bytes(), [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
        let (answer, hash) = accept("dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!((answer.as_str(), &hash[..3], hash.len()), ("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", &[0xb3, 0x7a, 0x4f][..], 20));
        let mut compress = Compress::new(Compression::default(), false);
        assert_eq!(squeeze(&mut compress, b"Hello"), [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
        assert_eq!(squeeze(&mut compress, b"Hello"), [0xf2, 0x00, 0x11, 0x00, 0x00], "it remembers");
    }

    #[test]
    fn what_is_squeezed_expands_to_the_same_also_if_it_is_long() {
        let (mut compress, mut decompress) = (Compress::new(Compression::default(), false), Decompress::new(false));
        for len in [1, 100, 100_000, 1_000_000] {
            let hard: Vec<u8> = (0..len).map(|i: u32| i.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
            for plain in [hard, b"easy ".iter().copied().cycle().take(len as usize).collect()] {
                let packed = squeeze(&mut compress, &plain);
                assert!(expand(&mut decompress, &packed, 1 << 20) == Some(plain), "{len}");
            }
        }
        assert_eq!(expand(&mut Decompress::new(false), &[7, 7, 7], 100), None);
    }
}
