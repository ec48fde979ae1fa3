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
    /// Counts the sequences that were shown: what was made of one holds as long as it, and grows with it.
    pub shown: u64,
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
        replace(model, Sequence::of(scope, &model.capture));
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
    replace(model, Sequence::of(scope, &model.capture));
    place(model, now);
    Vec::new()
}

fn replace(model: &mut Model, sequence: Sequence) {
    model.sequence = sequence;
    model.filter.shown += 1;
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
    let capture = Arc::clone(&model.capture);
    vec![Effect::Filter(Pass { generation: state.generation, filter, flow, capture, frames: state.judged..end })]
}

/// Makes the pending sequence the one that is shown.
fn show(model: &mut Model) {
    let Some(pending) = model.filter.pending.take() else { return };
    model.filter.anchor = model.filter.anchor.or(model.current());
    let same = model.filter.anchor.and_then(|frame| pending.sequence.position(frame));
    replace(model, pending.sequence);
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
    let sequence = if state.is_on() { Sequence::filtered(Scope::All) } else { Sequence::default() };
    replace(model, sequence);
    if running { vec![Effect::StopFilter] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::app::{Action, Prefs, update};
    use crate::lang::Lang;
    use crate::timeline::Intake;

    const HTTP: &[u8] = include_bytes!("../../captures/http.pcapng");

    /// Opens the sample and hands over the frames found in its first bytes, then those in the rest.
    fn open(model: &mut Model, parts: &[&[u8]]) -> Vec<Effect> {
        update(model, Action::Open("/http.pcapng".into()));
        let generation = model.generation;
        update(model, Action::Opened { generation, source: Arc::new(HTTP.to_vec()) });
        let mut intake = Intake::new();
        let mut capture = Capture::new(Arc::new(HTTP.to_vec()));
        let mut effects = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            intake.feed(part);
            if at + 1 == parts.len() {
                intake.finish();
            }
            let (records, batch) = intake.take();
            records.into_iter().for_each(|r| capture.trace.append(r));
            capture.index.apply(batch);
            let capture = Arc::new(capture.clone());
            effects.extend(update(model, Action::Loaded { generation, capture, read: 1, total: None }));
        }
        effects
    }

    fn model() -> Model {
        let mut model = Model::new(Prefs::default(), Lang::En);
        open(&mut model, &[HTTP]);
        let generation = model.generation;
        update(&mut model, Action::LoadEnded { generation, damage: None });
        assert_eq!(model.sequence.len(), 12);
        model
    }

    fn pass(effects: &[Effect]) -> Pass {
        let found = effects.iter().find_map(|e| if let Effect::Filter(pass) = e { Some(pass.clone()) } else { None });
        found.unwrap_or_else(|| panic!("no pass in {effects:?}"))
    }

    fn filter(model: &mut Model, text: &str) -> Pass {
        pass(&update(model, Action::Filter(text.into())))
    }

    fn news(model: &mut Model, pass: &Pass, frames: &[FrameId], upto: FrameId, done: bool) -> Vec<Effect> {
        update(model, Action::FilterFound { generation: pass.generation, frames: frames.into(), upto, done })
    }

    fn shown(model: &Model) -> Vec<FrameId> {
        (0..model.sequence.len()).filter_map(|at| model.sequence.frame(at)).collect()
    }

    #[test]
    fn what_was_shown_stays_until_the_first_frames_are_found() {
        let mut model = model();
        let pass = filter(&mut model, "http");
        assert_eq!(pass.frames, 0..12);
        assert_eq!(model.sequence.len(), 12);
        news(&mut model, &pass, &[3], 4, false);
        assert_eq!((shown(&model), model.filter.running), (vec![3], Some(12)));
        news(&mut model, &pass, &[7], 12, true);
        assert_eq!((shown(&model), model.filter.running), (vec![3, 7], None));
    }

    #[test]
    fn late_news_of_an_earlier_filter_changes_nothing() {
        let mut model = model();
        let first = filter(&mut model, "http");
        let second = filter(&mut model, "tcp");
        news(&mut model, &first, &[3], 12, true);
        assert_eq!((model.sequence.len(), model.filter.running), (12, Some(12)));
        news(&mut model, &second, &[1, 2], 12, true);
        assert_eq!(shown(&model), [1, 2]);
        update(&mut model, Action::Filter(String::new()));
        news(&mut model, &second, &[5], 12, true);
        assert_eq!(model.sequence.len(), 12);
    }

    #[test]
    fn a_wrong_filter_says_where_and_leaves_the_one_in_force() {
        let mut model = model();
        let pass = filter(&mut model, "http");
        news(&mut model, &pass, &[3], 12, true);
        update(&mut model, Action::FilterEdit("tcp.prot == 80".into()));
        assert_eq!(model.filter.error.as_ref().unwrap().at, 0..8);
        assert_eq!(update(&mut model, Action::Filter("tcp.prot == 80".into())), []);
        assert_eq!((model.filter.applied.as_str(), shown(&model)), ("http", vec![3]));
        update(&mut model, Action::FilterEdit("tcp.port == 80".into()));
        assert_eq!(model.filter.error, None);
    }

    #[test]
    fn the_cursor_stays_on_its_frame_or_goes_to_the_next_that_passes() {
        for (frames, now) in [(vec![2, 5, 9], Some(5)), (vec![2, 6, 9], Some(6)), (vec![1, 2], Some(2)), (vec![], None)] {
            let mut model = model();
            update(&mut model, Action::Go(5));
            let pass = filter(&mut model, "http");
            let (first, rest) = frames.split_at(frames.len().min(1));
            news(&mut model, &pass, first, 3, false);
            news(&mut model, &pass, rest, 12, true);
            assert_eq!(model.current(), now, "{frames:?}");
            update(&mut model, Action::Filter(String::new()));
            assert!(model.current().is_some(), "with all frames there is one that is now");
        }
    }

    #[test]
    fn frames_that_come_later_are_judged_and_the_end_judges_all_anew() {
        let mut model = Model::new(Prefs::default(), Lang::En);
        update(&mut model, Action::Filter("tcp".into()));
        let (first, rest) = HTTP.split_at(HTTP.len() / 2);
        let effects = open(&mut model, &[first, rest]);
        let pass = pass(&effects);
        assert!(model.filter.is_on() && pass.frames.start == 0 && pass.frames.end < 12, "{pass:?}");
        assert_eq!(effects.iter().filter(|e| matches!(e, Effect::Filter(_))).count(), 1, "one pass at a time");
        let end = pass.frames.end;
        let next = self::pass(&news(&mut model, &pass, &[0, 1], end, true));
        assert_eq!(next.frames, end..12);
        assert_eq!(news(&mut model, &next, &[11], 12, true), []);
        assert_eq!(shown(&model), [0, 1, 11]);
        let generation = model.generation;
        let again = self::pass(&update(&mut model, Action::LoadEnded { generation, damage: None }));
        news(&mut model, &again, &[0], 5, false);
        assert_eq!(shown(&model), [0, 1, 11], "what is known is not taken away before all is known");
        news(&mut model, &again, &[10, 11], 12, true);
        assert_eq!(shown(&model), [0, 10, 11]);
    }

    #[test]
    fn a_filter_and_a_conversation_hold_together() {
        let mut model = model();
        let first = filter(&mut model, "tcp");
        news(&mut model, &first, &[0, 1], 12, true);
        let second = pass(&update(&mut model, Action::SetScope(Scope::Flow(0))));
        assert_eq!(second.flow, Some(0));
        let third = filter(&mut model, "http");
        assert_eq!(third.flow, Some(0), "the scope asked for last holds, even before it is shown");
        news(&mut model, &third, &[3], 12, true);
        assert_eq!((model.scope(), shown(&model)), (Scope::Flow(0), vec![3]));
        update(&mut model, Action::Filter(" ".into()));
        assert!(model.scope() == Scope::Flow(0) && model.sequence.len() > 1);
    }

    #[test]
    fn going_to_a_frame_that_is_not_shown_shows_all_and_keeps_the_text() {
        let mut model = model();
        let pass = filter(&mut model, "http");
        news(&mut model, &pass, &[3], 12, true);
        update(&mut model, Action::Go(8));
        assert_eq!((model.current(), model.sequence.len()), (Some(8), 12));
        assert!(!model.filter.is_on() && model.filter.text == "http" && model.filter.is_edited());
    }

    #[test]
    fn a_stopped_pass_keeps_what_it_found_and_is_not_taken_up_by_itself() {
        let mut model = model();
        let pass = filter(&mut model, "http");
        news(&mut model, &pass, &[3], 4, false);
        assert_eq!(update(&mut model, Action::StopFilter), [Effect::StopFilter]);
        news(&mut model, &pass, &[7], 12, true);
        assert_eq!((shown(&model), model.filter.stopped), (vec![3], true));
        let again = filter(&mut model, "http");
        assert_eq!((again.frames, model.filter.stopped), (0..12, false));
    }

    #[test]
    fn filters_are_kept_once_and_the_latest_stands_first() {
        let mut model = model();
        for text in ["http", "tcp", "http"] {
            update(&mut model, Action::Filter(text.into()));
            update(&mut model, Action::SaveFilter(text.into()));
        }
        assert_eq!(model.prefs.recent_filters, ["http", "tcp"]);
        assert_eq!(model.prefs.filters, ["http", "tcp"]);
        update(&mut model, Action::ForgetFilter("http".into()));
        assert_eq!(model.prefs.filters, ["tcp"]);
    }
}
