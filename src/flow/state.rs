//! The states of RFC 9293 §3.3.2, under the names that people read in `ss` and in books.

/// The state of one end of a TCP connection, as far as the capture shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TcpState {
    /// Nothing seen of this end, or no TCP.
    #[default]
    None = 0,
    Closed,
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}

impl TcpState {
    pub const ALL: [Self; 12] = [
        Self::None,
        Self::Closed,
        Self::Listen,
        Self::SynSent,
        Self::SynReceived,
        Self::Established,
        Self::FinWait1,
        Self::FinWait2,
        Self::CloseWait,
        Self::Closing,
        Self::LastAck,
        Self::TimeWait,
    ];

    /// RFC 9293's name with underscores: `SYN_SENT`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Closed => "CLOSED",
            Self::Listen => "LISTEN",
            Self::SynSent => "SYN_SENT",
            Self::SynReceived => "SYN_RECEIVED",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN_WAIT_1",
            Self::FinWait2 => "FIN_WAIT_2",
            Self::CloseWait => "CLOSE_WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST_ACK",
            Self::TimeWait => "TIME_WAIT",
        }
    }
}

/// The two ends of one connection, moved by every segment that the capture shows.
///
/// One capture point cannot see what an end has received. The rule here: a captured segment **was sent and will be
/// received**, so both ends move at once. The sender's new state is certain; the receiver's is *inferred* (the segment may
/// still be lost after the capture point), and so is everything in a connection whose start was not captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Client and server.
    pub states: [TcpState; 2],
    /// The number after each end's FIN: an acknowledgement of this number covers the FIN.
    fin_end: [Option<u32>; 2],
}

/// What of a segment moves the states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub syn: bool,
    pub ack: bool,
    pub fin: bool,
    pub rst: bool,
    pub seq: u32,
    pub ack_number: u32,
    /// Payload bytes on the wire.
    pub len: u32,
}

impl Ends {
    /// `from`: 0 = the client sent this segment, 1 = the server.
    pub fn step(&mut self, from: usize, step: Step) {
        use TcpState as S;
        let (me, peer) = (from & 1, (from & 1) ^ 1);
        let [mut my, mut its] = [self.states[me], self.states[peer]];
        if step.rst {
            // RFC 9293 §3.5.3: a reset ends the connection at both ends, and refuses one that was asked for.
            self.states = [S::Closed; 2];
            return;
        }
        if step.syn {
            match (my, step.ack) {
                // RFC 9293 §3.5, figure 6: the opening. The other end must have listened, or it will refuse.
                (S::None | S::Closed | S::Listen, false) if !matches!(its, S::SynSent | S::SynReceived) => {
                    self.fin_end = [None; 2];
                    (my, its) = (S::SynSent, S::Listen);
                }
                // Figure 7: both ends open at once, the two SYNs cross.
                (S::None | S::Closed | S::Listen, false) if its == S::SynSent => {
                    (my, its) = (S::SynReceived, S::SynReceived);
                }
                (S::None | S::Closed | S::Listen, true) => (my, its) = (S::SynReceived, S::Established),
                (S::SynReceived | S::Established, true) if its == S::SynReceived => its = S::Established,
                _ => {}
            }
        } else if my == S::None {
            // The capture began in the middle: they were connected, or this would not have been sent.
            (my, its) = (S::Established, S::Established);
        }
        if step.ack && !step.syn {
            // Figure 6, line 5: the third segment tells the other end that its SYN arrived.
            if its == S::SynReceived {
                its = S::Established;
            }
            if matches!(my, S::SynSent | S::SynReceived) {
                my = S::Established;
            }
        }
        if step.ack && self.fin_end[peer].is_some_and(|end| !before(step.ack_number, end)) {
            // RFC 9293 §3.6: the other end's FIN is acknowledged.
            its = match its {
                S::FinWait1 => S::FinWait2,
                S::Closing => S::TimeWait,
                S::LastAck => S::Closed,
                other => other,
            };
        }
        if step.fin && self.fin_end[me].is_none() {
            self.fin_end[me] = Some(step.seq.wrapping_add(step.len).wrapping_add(1));
            let its_fin = self.fin_end[peer];
            let its_fin_known_to_me = its_fin.is_some_and(|end| step.ack && !before(step.ack_number, end));
            (my, its) = match its_fin {
                // §3.6 case 3: the two FINs crossed; each end waits for the other to acknowledge.
                Some(_) if !its_fin_known_to_me => (S::Closing, S::Closing),
                // The second FIN: this end waits for the last ACK, the other has all and waits in TIME-WAIT.
                Some(_) => (S::LastAck, S::TimeWait),
                None => (S::FinWait1, S::CloseWait),
            };
        }
        self.states[me] = my;
        self.states[peer] = its;
    }
}

/// `a` comes before `b` on the circle of sequence numbers (RFC 9293 §3.4: modulo 2^32).
pub(crate) fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use TcpState as S;

    const C: usize = 0;
    const V: usize = 1;

    fn seg(flags: &str, seq: u32, ack_number: u32, len: u32) -> Step {
        let has = |c| flags.contains(c);
        Step { syn: has('S'), ack: has('A'), fin: has('F'), rst: has('R'), seq, ack_number, len }
    }

    /// Each row: who sends, flags, seq, ack, payload length, and the states of client and server afterwards.
    type Row = (usize, &'static str, u32, u32, u32, [S; 2]);

    fn run(name: &str, rows: &[Row]) {
        let mut ends = Ends::default();
        for (i, (who, flags, seq, ack, len, want)) in rows.iter().enumerate() {
            ends.step(*who, seg(flags, *seq, *ack, *len));
            assert_eq!(ends.states, *want, "{name}, segment {} [{flags}]", i + 1);
        }
    }

    const OPEN: [Row; 3] = [
        (C, "S", 100, 0, 0, [S::SynSent, S::Listen]),
        (V, "SA", 300, 101, 0, [S::Established, S::SynReceived]),
        (C, "A", 101, 301, 0, [S::Established, S::Established]),
    ];

    #[test]
    fn open_and_close_in_the_usual_order() {
        let mut rows = OPEN.to_vec();
        rows.extend([
            (C, "A", 101, 301, 10, [S::Established, S::Established]),
            (C, "FA", 111, 301, 0, [S::FinWait1, S::CloseWait]),
            (V, "A", 301, 111, 0, [S::FinWait1, S::CloseWait]),
            (V, "A", 301, 112, 0, [S::FinWait2, S::CloseWait]),
            (V, "A", 301, 112, 5, [S::FinWait2, S::CloseWait]),
            (V, "FA", 306, 112, 0, [S::TimeWait, S::LastAck]),
            (C, "A", 112, 307, 0, [S::TimeWait, S::Closed]),
        ]);
        run("usual", &rows);
    }

    #[test]
    fn second_fin_acknowledges_the_first() {
        let mut rows = OPEN.to_vec();
        rows.extend([
            (V, "FA", 301, 101, 0, [S::CloseWait, S::FinWait1]),
            (C, "FA", 101, 302, 0, [S::LastAck, S::TimeWait]),
            (V, "A", 302, 102, 0, [S::Closed, S::TimeWait]),
        ]);
        run("three-way close", &rows);
    }

    #[test]
    fn fins_that_cross_go_through_closing() {
        let mut rows = OPEN.to_vec();
        rows.extend([
            (C, "FA", 101, 301, 0, [S::FinWait1, S::CloseWait]),
            (V, "FA", 301, 101, 0, [S::Closing, S::Closing]),
            (C, "A", 102, 302, 0, [S::Closing, S::TimeWait]),
            (V, "A", 302, 102, 0, [S::TimeWait, S::TimeWait]),
        ]);
        run("simultaneous close", &rows);
    }

    #[test]
    fn syns_that_cross_open_one_connection() {
        run(
            "simultaneous open",
            &[
                (C, "S", 100, 0, 0, [S::SynSent, S::Listen]),
                (V, "S", 300, 0, 0, [S::SynReceived, S::SynReceived]),
                (C, "SA", 100, 301, 0, [S::SynReceived, S::Established]),
                (V, "SA", 300, 101, 0, [S::Established, S::Established]),
            ],
        );
    }

    #[test]
    fn refused_and_reset_close_both_ends() {
        run("refused", &[(C, "S", 100, 0, 0, [S::SynSent, S::Listen]), (V, "RA", 0, 101, 0, [S::Closed, S::Closed])]);
        let mut rows = OPEN.to_vec();
        rows.extend([
            (V, "R", 301, 0, 0, [S::Closed, S::Closed]),
            (C, "A", 101, 301, 5, [S::Closed, S::Closed]),
        ]);
        run("reset, then a late segment", &rows);
    }

    #[test]
    fn resent_segments_move_nothing() {
        let mut rows = vec![OPEN[0], OPEN[0], OPEN[1], OPEN[1], OPEN[2]];
        rows.extend([
            (C, "FA", 101, 301, 0, [S::FinWait1, S::CloseWait]),
            (C, "FA", 101, 301, 0, [S::FinWait1, S::CloseWait]),
            (V, "A", 301, 102, 0, [S::FinWait2, S::CloseWait]),
            (C, "FA", 101, 301, 0, [S::FinWait2, S::CloseWait]),
        ]);
        run("resent", &rows);
    }

    #[test]
    fn a_start_that_was_not_captured_is_taken_as_established() {
        run(
            "mid-stream",
            &[
                (V, "A", 500, 900, 100, [S::Established, S::Established]),
                (C, "FA", 900, 600, 0, [S::FinWait1, S::CloseWait]),
            ],
        );
    }

    #[test]
    fn fin_end_wraps_around() {
        let mut ends = Ends::default();
        ends.step(C, seg("FA", u32::MAX, 7, 0));
        assert_eq!(ends.states, [S::FinWait1, S::CloseWait]);
        ends.step(V, seg("A", 7, u32::MAX, 0));
        assert_eq!(ends.states, [S::FinWait1, S::CloseWait], "the FIN itself is not yet acknowledged");
        ends.step(V, seg("A", 7, 0, 0));
        assert_eq!(ends.states, [S::FinWait2, S::CloseWait]);
    }
}
