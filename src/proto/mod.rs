//! One file an application protocol, over a byte stream or a datagram.
//!
//! A protocol does three things. *Claiming*, in one place ([`Protocol::claim`]), says whether bytes are its own. *Framing* is
//! fed the bytes of both directions in order, once, and says where messages begin and end. *Dissection* is given one whole
//! message when somebody looks at it, and gives layers with fields. None does I/O, none knows segments: that is `flow`'s work.

mod both;
pub mod claim;
pub mod counted;
pub mod data;
pub mod dns;
pub mod ftp;
pub mod glance;
pub mod http;
pub mod http2;
pub mod imf;
pub mod lines;
pub mod pop;
pub mod ports;
pub mod smtp;
pub mod media;
pub mod named;
pub mod presentation;
pub mod quic;
mod take;
#[cfg(test)]
mod tests;
pub mod tls;
pub mod unpack;
pub mod websocket;

use crate::lang::Words;
use claim::{Ask, Claim};
use crate::wire::{Buffer, FieldDef, Layer, Osi, Stop};

/// A direction of a flow: from the end that began it (client) or to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Dir {
    #[default]
    ToServer,
    ToClient,
}

impl Dir {
    pub const BOTH: [Self; 2] = [Self::ToServer, Self::ToClient];

    pub fn index(self) -> usize {
        match self {
            Self::ToServer => 0,
            Self::ToClient => 1,
        }
    }

    pub fn reverse(self) -> Self {
        match self {
            Self::ToServer => Self::ToClient,
            Self::ToClient => Self::ToServer,
        }
    }
}

/// What a message is, for labels, captions and the conversation view; `title` holds its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    Request,
    Response,
    Text,
    Binary,
    Ping,
    Pong,
    Close,
    /// A message that only continues another (a WebSocket continuation frame).
    Continuation,
    /// Bytes of a program whose protocol is not known, or a line of text.
    Data,
}

impl MessageKind {
    pub const ALL: [Self; 9] = [
        Self::Request,
        Self::Response,
        Self::Text,
        Self::Binary,
        Self::Ping,
        Self::Pong,
        Self::Close,
        Self::Continuation,
        Self::Data,
    ];
}

/// What a framer found, with offsets into its direction's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framed {
    /// A message begins at `at`. Its kind and title may be set later, by `Title`.
    Begin { dir: Dir, at: u64 },
    /// The open message of this direction is now known to be this. Title: "GET /users/1 HTTP/1.1", "200 OK", "Text 12 B".
    Title { dir: Dir, kind: MessageKind, title: String },
    /// The open message of this direction, whose title comes next, bears this number: an answer repeats that of its request.
    /// A protocol that says none is taken to answer in the order of the requests.
    Number { dir: Dir, number: u16 },
    /// What dissection must know of the open message besides its bytes, in the protocol's own code: it comes back as
    /// [`About::note`].
    Note { dir: Dir, note: u32 },
    /// The open message of this direction ends before `at`; `complete` is false if it was cut (gap, reset, end of capture).
    End { dir: Dir, at: u64, complete: bool },
    /// From the next byte on, both directions speak another protocol: "websocket" after 101. Unread bytes of each
    /// direction, from these offsets on, are given to its framer. To [`ANEW`]: their content tells which.
    Switch { to: &'static str, at: [u64; 2] },
    /// These bytes are not of this protocol after all: treat the rest as data.
    GiveUp,
}

/// [`Framed::Switch`] to whatever the next bytes turn out to be.
pub const ANEW: &str = "";

/// Splits both directions of one stream into messages. Bounded state: it keeps no bodies.
pub trait Framer: Send {
    /// The next bytes of a direction; `at` is the stream offset of the first. Called in order, without overlap; a hole is
    /// announced by [`Framer::gap`]. `bytes` begins with what the framer left unread the time before.
    ///
    /// Returns how many bytes it has taken; the rest (an incomplete head, at most [`MAX_HEAD`]) comes again with more.
    fn push(&mut self, dir: Dir, at: u64, bytes: &[u8], found: &mut dyn FnMut(Framed)) -> usize;
    /// `len` bytes at `at` were never captured.
    fn gap(&mut self, dir: Dir, at: u64, len: u64, found: &mut dyn FnMut(Framed));
    /// The direction is over at `at` (FIN, RST, end of capture).
    fn end(&mut self, dir: Dir, at: u64, found: &mut dyn FnMut(Framed));
    /// The offset up to which the open message of this direction goes at least, where its bytes have said so.
    fn until(&self, _dir: Dir) -> Option<u64> {
        None
    }
    /// From the beginning, bytes come in the order in which segments came, and what no message is made of is to be shown as
    /// Wireshark shows it.
    fn arriving(&mut self) {}
    /// Whatever was open is forgotten: the next bytes, which may stand anywhere in the stream, begin something.
    fn restart(&mut self, _dir: Dir) {}
    /// Nobody reads titles: where it costs to make them, they may be empty.
    fn untitled(&mut self) {}
}

/// Bytes that an unfinished head may hold back at most, before a framer must decide.
pub const MAX_HEAD: usize = 256 * 1024;

/// A message dissected for the eye. Spans are in `buffers[i]`, where buffer 0 is the message itself.
pub struct MessageLayers {
    /// Further buffers (unmasked payload, decoded body), after the message's own. A protocol knows no frame: here
    /// [`Buffer::in_frame`] says where the bytes stand in the *message* (start in this buffer, span in buffer 0), in order
    /// and a byte for a byte; what was made differently (unpacked) is absent. `flow` leads it on into the frame.
    pub buffers: Vec<Buffer>,
    /// `Layer::buffer` 0 is the message; 1.. are `buffers` in order.
    pub layers: Vec<Layer>,
    pub stop: Option<Stop>,
}

/// What `dissect` may know about the message besides its bytes.
#[derive(Clone, Copy)]
pub struct About<'a> {
    pub dir: Dir,
    /// The message's end was seen, and nothing inside it is missing.
    pub complete: bool,
    /// When its last byte came: nanoseconds since 1970-01-01 00:00 UTC.
    pub nanos: i64,
    /// Ports of client and server; 0 where there are none.
    pub ports: [u16; 2],
    /// What the framer noted of this message ([`Framed::Note`]); 0 if it noted nothing.
    pub note: u32,
    /// The conversation that it is a part of.
    pub around: &'a dyn Around,
}

impl About<'_> {
    /// A complete message about which nothing else is known.
    pub fn alone(dir: Dir) -> Self {
        Self { dir, complete: true, nanos: 0, ports: [0; 2], note: 0, around: &Nobody }
    }
}

/// Another message of the same conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The number people see (from 1) of the frame in which it was complete.
    pub frame: u64,
    /// When that was: nanoseconds since 1970-01-01 00:00 UTC.
    pub nanos: i64,
    pub title: String,
}

/// What another message is to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// The request that this message answers.
    Request,
    /// The (final) answer to this message.
    Response,
    /// The message of this one's direction and protocol just before it.
    Before,
    /// ... and just after it.
    After,
    /// The first of several copies, of which this one is a later: of a request sent again, or of an answer given again.
    Original,
    /// The answer that ended the protocol spoken before this one: of a WebSocket, the 101.
    Opening,
    /// The first message of this protocol, in this direction of the conversation.
    First(Dir),
}

/// The rest of the conversation, for a message that means something only in it.
pub trait Around {
    fn peer(&self, _member: Member) -> Option<Peer> {
        None
    }

    /// The first bytes of that message, enough for its head. Costs reading the capture: ask only for what is needed.
    fn head(&self, _member: Member) -> Vec<u8> {
        Vec::new()
    }

    /// The messages of this one's protocol and direction before it, oldest first, each whole, beginning behind the one of
    /// this number ([`Around::number`]); `visit` is false to end it. Returns false if not all could be given (bytes are
    /// missing, or there are more than is read again). Costs reading them.
    fn earlier(&self, _behind: Option<u32>, _visit: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        false
    }

    /// The same, the one just before this one first, each given only when it is asked for; `visit` is false to end it.
    fn back(&self, _visit: &mut dyn FnMut(&Past<'_>) -> bool) {}

    /// A number that grows from message to message of a conversation.
    fn number(&self) -> u32 {
        0
    }

    /// The number people see of the frame in which this message was complete.
    fn frame(&self) -> u64 {
        0
    }

    /// This message's place among the requests and answers of its conversation. `None`: not known.
    fn turn(&self) -> Option<Turn> {
        None
    }

    /// The heads of the requests of this conversation that were whole before this message, the latest first; `visit` is
    /// false to end it. Costs reading them.
    fn requests(&self, _visit: &mut dyn FnMut(&[u8]) -> bool) {}

    /// What is remembered of this message's direction from one message to the next; without a memory, something empty.
    fn remember(&self, work: &mut dyn FnMut(&mut Memory)) {
        work(&mut Memory::default());
    }
}

/// A message before this one.
pub struct Past<'a> {
    /// The number people see of the frame in which it was complete.
    pub frame: u64,
    pub kind: MessageKind,
    /// Its bytes; empty if some of them are missing.
    pub bytes: &'a dyn Fn() -> Vec<u8>,
}

/// Where a message stands among requests and answers as Wireshark counts them: in the order in which they were whole, an
/// answer belonging to the request just before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// From 1.
    pub number: u32,
    /// The frame and time of the request that this answers.
    pub request: Option<(u64, i64)>,
    /// The frames of the request and of the answer in the turn before.
    pub before: [Option<u64>; 2],
}

/// What a protocol remembers of one direction of a conversation, so that whoever reads all of its messages in order reads
/// each of them once.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The number of the message up to which `window` has gone.
    pub upto: Option<u32>,
    /// The last bytes that were unpacked (RFC 7692 §7.2.2).
    pub window: Vec<u8>,
    /// Something before was missing or broken: the window is of no use any more.
    pub broken: bool,
    /// What was agreed on at the beginning, in the protocol's own numbers.
    pub agreed: Option<u32>,
    /// The packed parts of a message that has begun and goes on.
    pub pending: Option<Vec<u8>>,
}

/// The surroundings of a message that stands alone.
pub struct Nobody;

impl Around for Nobody {}

/// An application protocol: one file, one row in [`TABLE`].
pub trait Protocol: Sync {
    /// Wireshark's name: "http".
    fn name(&self) -> &'static str;
    /// For people and for the Protocol column: "HTTP".
    fn title(&self) -> &'static str;
    fn about(&self) -> Words;
    fn osi(&self) -> Osi {
        Osi::Application
    }
    fn fields(&self) -> &'static [&'static FieldDef];
    /// Other protocols of the table that its dissection may give layers of: their fields stand in its messages too.
    fn carries(&self) -> &'static [&'static str] {
        &[]
    }
    /// Its TCP ports: a [`claim::Hint`]. A port has one owner.
    fn tcp_ports(&self) -> &'static [u16] {
        &[]
    }
    /// ... and its UDP ports.
    fn udp_ports(&self) -> &'static [u16] {
        &[]
    }
    /// Are these bytes its own? The one place where a protocol says so.
    fn claim(&self, ask: &Ask<'_>) -> Claim;
    /// Wireshark names it on every segment that carries a part of a text, not only on the one that ends it.
    fn in_parts(&self) -> bool {
        false
    }
    /// A framer, if it runs over streams.
    fn framer(&self) -> Option<Box<dyn Framer>>;
    /// What a datagram that it claimed is.
    fn kind(&self, _datagram: &[u8]) -> MessageKind {
        MessageKind::Data
    }
    /// ... in a line. It is made only where somebody reads titles.
    fn headline(&self, _datagram: &[u8]) -> String {
        self.title().to_owned()
    }
    fn dissect(&self, message: &[u8], about: About<'_>) -> MessageLayers;
    /// Each value of one field of a message, read where it stands; true to go on. `None`: it takes dissection. See [`glance`].
    fn glance(&self, _def: &FieldDef, _seen: &glance::Glimpse<'_>, _found: &mut glance::Found<'_>) -> Option<bool> {
        None
    }
}

/// Every application protocol osiscope reads, the most telling first.
pub static TABLE: &[&dyn Protocol] = &[
    &http2::Http2,
    &http::Http,
    &http::Ssdp,
    &dns::Dns,
    &dns::MDNS,
    &dns::LLMNR,
    &dns::Nbns,
    &smtp::Smtp,
    &pop::Pop,
    &ftp::Ftp,
    &ftp::data::FtpData,
    &websocket::WebSocket,
    &tls::Tls,
    &quic::Quic,
    &data::Data,
];

/// The protocol of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Protocol> {
    TABLE.iter().find(|p| p.name() == name).copied()
}

/// A protocol's number in [`TABLE`].
pub fn number(name: &str) -> Option<u8> {
    TABLE.iter().position(|p| p.name() == name).and_then(|n| u8::try_from(n).ok())
}

/// The protocols in whose messages layers of this one can stand, as bits by their numbers: itself, those that carry it, and all that
/// have a body if it reads bodies, too.
pub fn hosts(name: &str) -> u32 {
    let is_host = |p: &&dyn Protocol| p.name() == name || p.carries().contains(&name) || media::is_reader(name);
    TABLE.iter().enumerate().filter(|(_, p)| is_host(p)).fold(0, |bits, (n, _)| bits | 1 << (n & 31))
}

/// Is this protocol one of those whose numbers these bits are?
pub fn is_in(hosts: u32, name: &str) -> bool {
    number(name).is_some_and(|n| hosts >> (n & 31) & 1 == 1)
}

/// A short, safe rendering of bytes for titles: text up to `max` characters with `…`, control characters as `·`.
pub fn snippet(bytes: &[u8], max: usize) -> String {
    if bytes.len() <= max
        && bytes.iter().all(|b| matches!(b, 0x20..=0x7e))
        && let Ok(plain) = std::str::from_utf8(bytes)
    {
        return plain.to_owned();
    }
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(max * 4)).unwrap_or(bytes));
    let mut out: String = text.chars().take(max).map(|c| if c.is_control() { '·' } else { c }).collect();
    if text.chars().nth(max).is_some() || bytes.len() > max * 4 {
        out.push('…');
    }
    out
}


/// "1 byte", "2 bytes".
pub fn bytes_of(n: u64) -> String {
    format!("{n} byte{}", if n == 1 { "" } else { "s" })
}
