//! Finding a frame by the words of its line in the table.
//!
//! Reading every frame's line costs microseconds each, so a search goes on in pieces, a few with each picture.

use crate::trace::FrameId;

/// Lines looked at in one go.
pub const PIECE: usize = 400;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Find {
    pub open: bool,
    pub text: String,
    pub running: Option<Running>,
    /// The last search came round without a hit.
    pub nothing: bool,
}

/// A search under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pub forward: bool,
    /// The position to look at next, and how many are still to be looked at.
    pub next: usize,
    pub left: usize,
}

impl Find {
    /// Begins at the position after (before) `from`, once around all `len`.
    pub fn begin(&mut self, from: Option<usize>, len: usize, forward: bool) {
        self.nothing = false;
        if len == 0 || self.text.trim().is_empty() {
            self.running = None;
            return;
        }
        let next = match (from, forward) {
            (None, true) => 0,
            (None, false) => len - 1,
            (Some(at), true) => (at + 1) % len,
            (Some(at), false) => (at + len - 1) % len,
        };
        self.running = Some(Running { forward, next, left: len });
    }

    /// Looks at the next [`PIECE`] lines; gives the position of the hit.
    pub fn go_on(&mut self, len: usize, line: &mut dyn FnMut(usize) -> Option<(FrameId, String)>) -> Option<usize> {
        let wanted = self.text.trim().to_lowercase();
        let running = self.running.as_mut()?;
        for _ in 0..PIECE {
            if running.left == 0 || len == 0 {
                self.running = None;
                self.nothing = true;
                return None;
            }
            let at = running.next;
            running.left -= 1;
            running.next = if running.forward { (at + 1) % len } else { (at + len - 1) % len };
            if line(at).is_some_and(|(_, text)| text.to_lowercase().contains(&wanted)) {
                self.running = None;
                return Some(at);
            }
        }
        None
    }
}
