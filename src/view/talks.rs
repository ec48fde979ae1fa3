//! Which messages are in question: all, those of one conversation, those of the frames that a filter lets through.
//!
//! In: the model. Out: the messages by their place in a list, and the place of a message. All messages need no list. Those of
//! filtered frames are found a few frames at a time: no call may take as long as the capture.

use crate::app::Model;
use crate::flow::MessageId;
use crate::timeline::Scope;

/// Frames that one call looks at.
const STEP: usize = 4_096;

/// What a list was made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Of {
    capture: u64,
    scope: Scope,
    sequence: u64,
    filtered: bool,
    /// Of one conversation: how many messages the capture had.
    messages: usize,
}

/// The messages in question.
#[derive(Clone, Debug, Default)]
pub struct Talks {
    of: Of,
    /// Their numbers, in order; `None`: all messages of the capture.
    some: Option<Vec<MessageId>>,
    all: usize,
    /// Positions of the sequence that have been looked at.
    looked: usize,
}

impl Talks {
    /// Brings the list up to date. False: there is more to look at, call again.
    pub fn keep_up(&mut self, model: &Model) -> bool {
        let index = &model.capture.index;
        let filtered = model.sequence.is_filtered();
        let one = match model.scope() {
            Scope::Flow(flow) if !filtered => Some(flow),
            _ => None,
        };
        let of = Of {
            capture: model.generation,
            scope: model.scope(),
            sequence: model.filter.shown,
            filtered,
            messages: if one.is_some() { index.messages.len() } else { 0 },
        };
        self.all = index.messages.len();
        if of != self.of {
            *self = Self { of, all: self.all, ..Self::default() };
            self.some = match one {
                Some(flow) => Some(index.messages_of(flow)),
                None => filtered.then(Vec::new),
            };
        }
        if !filtered {
            return true;
        }
        let Some(some) = &mut self.some else { return true };
        let upto = model.sequence.len().min(self.looked + STEP);
        for frame in (self.looked..upto).filter_map(|at| model.sequence.frame(at)) {
            for message in index.messages_in(frame) {
                // Nearly always the last: messages are numbered as they begin.
                if let Err(at) = some.binary_search(&message) {
                    some.insert(at, message);
                }
            }
        }
        self.looked = upto;
        upto == model.sequence.len()
    }

    pub fn len(&self) -> usize {
        self.some.as_ref().map_or(self.all, Vec::len)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, at: usize) -> Option<MessageId> {
        match &self.some {
            Some(some) => some.get(at).copied(),
            None => MessageId::try_from(at).ok().filter(|_| at < self.all),
        }
    }

    /// Where a message stands in the list.
    pub fn position(&self, message: MessageId) -> Option<usize> {
        match &self.some {
            Some(some) => some.binary_search(&message).ok(),
            None => Some(message as usize).filter(|at| *at < self.all),
        }
    }
}
