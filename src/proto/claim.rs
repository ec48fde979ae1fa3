//! Whose bytes are these? One question to every row of the table, and one answer.
//!
//! In: an [`Ask`], that is bytes and what stands around them. Out: a [`Claim`]. The claims have an order: the strongest is heard,
//! among equals that of the table's first row; `flow` listens. It is asked of each new conversation (and of each segment of one
//! that nobody understands): a row says no at the first byte that it can, allocates nothing, and remembers nothing.

use super::Dir;

/// What carries the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// They are the first of a direction of a stream, or the first of which anybody may understand something.
    Stream(Dir),
    /// They are one datagram.
    Datagram,
}

/// What speaks for the protocol that is asked, besides the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Nothing,
    /// One of its ports, at the end that serves; of a datagram, at either end.
    Port,
    /// One of its ports, at the end that began the conversation.
    ClientPort,
    /// Another conversation said that it would come here.
    Announced,
    /// It was spoken in this conversation before.
    Before,
}

/// The question: are these bytes yours?
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub carrier: Carrier,
    pub hint: Hint,
    pub bytes: &'a [u8],
}

/// The answer, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    No,
    /// They begin nothing; but on this port they may be the middle of a message whose begin was not captured.
    Middle,
    /// They are too few to say.
    Perhaps,
    /// They are too few to say; if no more come, the port has said it.
    Likely,
    /// The bytes do not say so, but something else does ([`Hint`]): mine, if nobody knows them as his own.
    Vouched,
    /// They look like it, or even begin a message of it; but Wireshark, which knows it by its port or its handshake only, would
    /// not take them for it.
    Guess,
    /// They begin a message of mine.
    Begins,
    /// ... and nobody else's: also in the middle of a conversation that nobody understands, as TLS begins after the STARTTLS of a
    /// protocol that is not known here.
    Unmistakable,
}

impl<'a> Ask<'a> {
    /// About the first bytes of a direction, of which nothing else is known.
    pub fn stream(dir: Dir, bytes: &'a [u8]) -> Self {
        Self { carrier: Carrier::Stream(dir), hint: Hint::Nothing, bytes }
    }

    /// About a datagram of which nothing else is known.
    pub fn datagram(bytes: &'a [u8]) -> Self {
        Self { carrier: Carrier::Datagram, hint: Hint::Nothing, bytes }
    }

    /// The same question, where this speaks for the protocol.
    pub fn with(self, hint: Hint) -> Self {
        Self { hint, ..self }
    }

    /// The claim of a protocol over streams that tells from the first bytes of a direction: does a message begin with them?
    /// `None`: they are too few to say.
    pub fn begins(&self, told: impl FnOnce(Dir, &[u8]) -> Option<bool>) -> Claim {
        let Carrier::Stream(dir) = self.carrier else { return Claim::No };
        match told(dir, self.bytes) {
            Some(true) => Claim::Begins,
            Some(false) => Claim::No,
            None if self.hint == Hint::Port => Claim::Likely,
            None => Claim::Perhaps,
        }
    }

    /// As [`Ask::begins`], of a protocol that Wireshark knows by its port and never by its content: elsewhere it is a guess.
    pub fn begins_on_port(&self, told: impl FnOnce(Dir, &[u8]) -> Option<bool>) -> Claim {
        let claim = self.begins(told);
        if matches!(self.hint, Hint::Port | Hint::ClientPort) { claim } else { claim.min(Claim::Guess) }
    }

    /// The claim of a protocol over datagrams: is this one a message?
    pub fn is(&self, told: impl FnOnce(&[u8]) -> bool) -> Claim {
        if self.carrier == Carrier::Datagram && told(self.bytes) { Claim::Begins } else { Claim::No }
    }

    /// The claim of a protocol whose port (or announcement) decides where the bytes do not.
    pub fn vouched(&self) -> Claim {
        match self.hint {
            Hint::Port | Hint::ClientPort | Hint::Announced => Claim::Vouched,
            Hint::Nothing | Hint::Before => Claim::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bytes_are_likelier_on_the_port() {
        let ask = Ask::stream(Dir::ToServer, b"x");
        assert_eq!(ask.begins(|_, _| None), Claim::Perhaps);
        assert_eq!(ask.with(Hint::ClientPort).begins(|_, _| None), Claim::Perhaps);
        assert_eq!(ask.with(Hint::Port).begins(|_, _| None), Claim::Likely);
        assert!(ask.with(Hint::Port).begins(|_, _| None) < ask.with(Hint::Port).vouched(), "a port that decides does not wait");
    }

    #[test]
    fn what_wireshark_knows_by_its_port_is_a_guess_elsewhere() {
        let ask = Ask::stream(Dir::ToServer, b"x");
        let claims = [Hint::Nothing, Hint::ClientPort, Hint::Port].map(|hint| ask.with(hint).begins_on_port(|_, _| Some(true)));
        assert_eq!(claims, [Claim::Guess, Claim::Begins, Claim::Begins]);
        assert_eq!(ask.begins_on_port(|_, _| None), Claim::Perhaps);
    }

    #[test]
    fn nobody_claims_what_something_else_carries() {
        assert_eq!(Ask::datagram(b"x").begins(|_, _| Some(true)), Claim::No);
        assert_eq!(Ask::stream(Dir::ToServer, b"x").is(|_| true), Claim::No);
    }
}
