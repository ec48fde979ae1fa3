//! The display filter: what is typed, what is in force, and how far the pass over the frames has come.
//!
//! In: texts, and what the engine found. Out: the sequence of frames that the window is about, and passes for the engine to
//! run. A pass works on a copy of the capture that costs next to nothing; frames that come later are judged by the next one.
//! A filter and the scope of a conversation hold together: neither wins, the frames are those of the conversation that the
//! filter lets through.

use super::{Effect, Model};
use crate::filter::{Error, Every, Filter};
use crate::flow::FlowId;
use crate::timeline::{Capture, Scope, Sequence};
use crate::trace::FrameId;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The state of the display filter.
#[derive(Debug, Default)]
pub struct Filtering {
    /// As it stands in the field.
    pub text: String,
    /// What is wrong with that text, and where.
    pub error: Option<Error>,
    /// The filter in force; empty: none.
    pub applied: String,
    test: Option<Arc<Filter>>,
    /// Counts the answers that are waited for, so that late ones are recognised.
    pub generation: u64,
    /// Frames before this one have been judged.
    pub judged: FrameId,
    /// Frames that the pass under way judges, the last excluded.
    pub running: Option<FrameId>,
    /// The user has stopped the pass: frames behind `judged` are not shown.
    pub stopped: bool,
    /// Counts how often the keyboard was sent to the field.
    pub focus: u64,
    /// What becomes the model's sequence with the next news.
    pending: Option<Pending>,
    /// The frame that was current before: the cursor goes to it, or to the next one that passes.
    anchor: Option<FrameId>,
}

#[derive(Debug)]
struct Pending {
    sequence: Sequence,
    /// It is shown only once it is complete: the frames are known well enough until then.
    quiet: bool,
}

/// Frames to be judged by the engine.
#[derive(Clone)]
pub struct Pass {
    pub generation: u64,
    pub filter: Arc<Filter>,
    /// Only frames of this conversation.
    pub flow: Option<FlowId>,
    /// The capture as it was when the pass was asked for.
    pub capture: Arc<Capture>,
    pub frames: Range<FrameId>,
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pass {} of {} over {:?}, flow {:?}", self.generation, self.filter, self.frames, self.flow)
    }
}

impl PartialEq for Pass {
    fn eq(&self, other: &Self) -> bool {
        (self.generation, self.flow, &self.frames) == (other.generation, other.flow, &other.frames)
    }
}

impl Filtering {
    pub fn is_on(&self) -> bool {
        self.test.is_some()
    }

    /// The text in the field is not the one in force.
    pub fn is_edited(&self) -> bool {
        self.text.trim() != self.applied
    }

    /// Whether the cursor waits for the frame it was on.
    pub(super) fn waits(&self) -> bool {
        self.anchor.is_some()
    }

    pub(super) fn forget_place(&mut self) {
        self.anchor = None;
    }
}

pub(super) fn edit(model: &mut Model, text: String) {
    model.filter.error = Filter::parse(&text, &Every).err();
    model.filter.text = text;
}

/// Puts a filter in force; one without words takes the present one off.
pub(super) fn apply(model: &mut Model, text: &str) -> Vec<Effect> {
    let text = text.trim();
    text.clone_into(&mut model.filter.text);
    let filter = match Filter::parse(text, &Every) {
        Ok(filter) => filter,
        Err(error) => {
            model.filter.error = Some(error);
            return Vec::new();
        }
    };
    model.filter.error = None;
    if filter.is_empty() {
        return off(model, scope(model));
    }
    text.clone_into(&mut model.filter.applied);
    model.filter.test = Some(Arc::new(filter));
    model.prefs.filtered(text);
    let mut effects = vec![Effect::SavePrefs];
    effects.extend(again(model, scope(model), false));
    effects
}

/// The scope that was asked for last.
fn scope(model: &Model) -> Scope {
    model.filter.pending.as_ref().map_or(model.scope(), |p| p.sequence.scope())
}

/// Takes the filter off; its text stays in the field.
pub(super) fn off(model: &mut Model, scope: Scope) -> Vec<Effect> {
    let was_on = model.filter.test.take().is_some();
    let now = model.current().or(model.filter.anchor.take());
    model.filter.pending = None;
    model.filter.applied.clear();
    let stop = stop(model);
    model.filter.stopped = false;
    if was_on || model.scope() != scope {
        model.sequence = Sequence::of(scope, &model.capture);
        place(model, now);
    }
    stop
}

/// Shows all frames of this scope that the filter lets through.
pub(super) fn set_scope(model: &mut Model, scope: Scope) -> Vec<Effect> {
    if model.filter.is_on() {
        return again(model, scope, false);
    }
    let now = model.current();
    model.sequence = Sequence::of(scope, &model.capture);
    place(model, now);
    Vec::new()
}

/// Puts the cursor on this frame, or on the first.
fn place(model: &mut Model, frame: Option<FrameId>) {
    let at = frame.and_then(|frame| model.sequence.position(frame));
    model.play.put(at.or((!model.sequence.is_empty()).then_some(0)), false);
}

/// Judges all frames anew.
fn again(model: &mut Model, scope: Scope, quiet: bool) -> Vec<Effect> {
    model.filter.generation += 1;
    model.filter.judged = 0;
    model.filter.running = None;
    model.filter.stopped = false;
    model.filter.pending = Some(Pending { sequence: Sequence::filtered(scope), quiet });
    let effects = go_on(model);
    if effects.is_empty() {
        show(model);
    }
    effects
}

/// Has the frames judged that have not been yet.
pub(super) fn go_on(model: &mut Model) -> Vec<Effect> {
    let end = FrameId::try_from(model.capture.index.rows.len()).unwrap_or(FrameId::MAX).min(model.capture.trace.len());
    let scope = scope(model);
    let state = &mut model.filter;
    let Some(filter) = state.test.clone() else { return Vec::new() };
    if state.running.is_some() || state.stopped || state.judged >= end {
        return Vec::new();
    }
    state.running = Some(end);
    let flow = match scope {
        Scope::All => None,
        Scope::Flow(flow) => Some(flow),
    };
    let capture = Arc::new(model.capture.clone());
    vec![Effect::Filter(Pass { generation: state.generation, filter, flow, capture, frames: state.judged..end })]
}

/// Makes the pending sequence the one that is shown.
fn show(model: &mut Model) {
    let Some(pending) = model.filter.pending.take() else { return };
    model.filter.anchor = model.filter.anchor.or(model.current());
    let same = model.filter.anchor.and_then(|frame| pending.sequence.position(frame));
    model.sequence = pending.sequence;
    match same {
        // The frame that is now stays where it is on its way.
        Some(at) if model.play.at.is_some() => {
            model.play.at = Some(at);
            model.filter.anchor = None;
        }
        _ => model.play.put(None, false),
    }
}

/// What the pass has found since the last time, of the frames before `upto`.
pub(super) fn found(model: &mut Model, frames: &[FrameId], upto: FrameId, done: bool) -> Vec<Effect> {
    let state = &mut model.filter;
    match &mut state.pending {
        Some(pending) => pending.sequence.add(frames),
        None => model.sequence.add(frames),
    }
    state.judged = upto;
    if state.pending.as_ref().is_some_and(|p| !p.quiet || done) {
        show(model);
    }
    cursor(model, done);
    if !done {
        return Vec::new();
    }
    model.filter.running = None;
    go_on(model)
}

/// Puts the cursor on the frame it was on before, or on the next one that passed.
fn cursor(model: &mut Model, done: bool) {
    if model.filter.pending.is_some() {
        return;
    }
    let len = model.sequence.len();
    match model.filter.anchor {
        Some(frame) => {
            let at = model.sequence.first_from(frame);
            if at < len || done {
                model.play.put(at.min(len.saturating_sub(1)).into(), false);
                if len == 0 {
                    model.play.put(None, false);
                }
                model.filter.anchor = None;
            }
        }
        None if model.play.at.is_none() && len > 0 => model.play.put(Some(0), model.play.playing),
        None => {}
    }
}

/// The load has ended: what was not known of earlier frames when they were judged is known now.
pub(super) fn loaded(model: &mut Model) -> Vec<Effect> {
    if !model.filter.is_on() || model.filter.stopped || model.filter.judged == 0 && model.filter.running.is_none() {
        return Vec::new();
    }
    again(model, scope(model), true)
}

/// Ends the pass; what it has found stays.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    model.filter.generation += 1;
    if model.filter.running.take().is_none() {
        return Vec::new();
    }
    model.filter.stopped = true;
    // Half a list is better than the one before, but not than the same one whole.
    model.filter.pending = model.filter.pending.take().filter(|p| !p.quiet);
    show(model);
    cursor(model, true);
    vec![Effect::StopFilter]
}

/// Another capture: the filter stays in force.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.filter;
    state.generation += 1;
    let running = state.running.take().is_some();
    (state.judged, state.stopped, state.pending, state.anchor) = (0, false, None, None);
    model.sequence = if state.is_on() { Sequence::filtered(Scope::All) } else { Sequence::default() };
    if running { vec![Effect::StopFilter] } else { Vec::new() }
}
