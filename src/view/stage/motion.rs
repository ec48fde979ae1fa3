//! Where a frame is, by how far it has come: down the sender's layers, across, up the receiver's.

use crate::wire::Osi;

/// Shares of the whole way.
const DOWN: f64 = 0.38;
const UP: f64 = 0.64;

/// A place on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// In a layer of the sender, and how far through it (0 to 1).
    Down(Osi, f64),
    /// On the wire: 0 = leaving the sender, 1 = reaching the receiver.
    Across(f64),
    /// In a layer of the receiver.
    Up(Osi, f64),
    /// Delivered to this layer.
    Arrived(Osi),
}

/// The place of a frame whose highest layer is `top`. `progress` 0 to 1.
pub fn place(progress: f64, top: Osi) -> Place {
    let layers = f64::from(top.number());
    let step = |share: f64| {
        let through = (share * layers).clamp(0.0, layers - 1e-9);
        (through.floor() as usize, through.fract())
    };
    if progress >= 1.0 {
        Place::Arrived(top)
    } else if progress < DOWN {
        let (passed, within) = step(progress.max(0.0) / DOWN);
        let at = usize::from(top.number()) - 1 - passed;
        Place::Down(Osi::ALL.get(at).copied().unwrap_or(Osi::Physical), within)
    } else if progress < UP {
        Place::Across((progress - DOWN) / (UP - DOWN))
    } else {
        let (passed, within) = step((progress - UP) / (1.0 - UP));
        Place::Up(Osi::ALL.get(passed).copied().unwrap_or(top), within)
    }
}

/// What a layer of a stack has to do with the present frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The frame has not come here, or never will.
    Untouched,
    /// It is here now.
    Now,
    /// It has been here.
    Passed,
}

impl Place {
    /// The phase of the sender's layer.
    pub fn at_sender(self, layer: Osi, top: Osi) -> Phase {
        match self {
            _ if layer > top => Phase::Untouched,
            Self::Down(now, _) if layer == now => Phase::Now,
            Self::Down(now, _) if layer < now => Phase::Untouched,
            _ => Phase::Passed,
        }
    }

    /// The phase of the receiver's layer.
    pub fn at_receiver(self, layer: Osi, top: Osi) -> Phase {
        match self {
            _ if layer > top => Phase::Untouched,
            Self::Up(now, _) if layer == now => Phase::Now,
            Self::Up(now, _) if layer < now => Phase::Passed,
            Self::Arrived(now) if layer == now => Phase::Now,
            Self::Arrived(_) => Phase::Passed,
            _ => Phase::Untouched,
        }
    }

    /// The sender has sent it: its state is the new one once its transport layer is done.
    pub fn sent(self) -> bool {
        !matches!(self, Self::Down(layer, _) if layer >= Osi::Transport)
    }

    /// The receiver's transport layer has seen it.
    pub fn received(self) -> bool {
        matches!(self, Self::Arrived(_)) || matches!(self, Self::Up(layer, _) if layer >= Osi::Transport)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_is_passed_once_down_and_once_up() {
        for top in Osi::ALL {
            let mut seen = Vec::new();
            for i in 0..=1000 {
                let here = match place(f64::from(i) / 1000.0, top) {
                    Place::Down(l, _) => format!("down {}", l.number()),
                    Place::Across(_) => "across".to_owned(),
                    Place::Up(l, _) => format!("up {}", l.number()),
                    Place::Arrived(l) => format!("arrived {}", l.number()),
                };
                if seen.last() != Some(&here) {
                    seen.push(here);
                }
            }
            let n = top.number();
            let mut want: Vec<_> = (1..=n).rev().map(|l| format!("down {l}")).collect();
            want.push("across".to_owned());
            want.extend((1..=n).map(|l| format!("up {l}")));
            want.push(format!("arrived {n}"));
            assert_eq!(seen, want);
        }
    }

    #[test]
    fn a_receiver_knows_nothing_of_a_frame_on_the_wire() {
        let there = place(0.5, Osi::Application);
        assert!(there.sent() && !there.received());
        for layer in Osi::ALL {
            assert_eq!(there.at_receiver(layer, Osi::Application), Phase::Untouched);
            assert_eq!(there.at_sender(layer, Osi::Application), Phase::Passed);
        }
    }
}
