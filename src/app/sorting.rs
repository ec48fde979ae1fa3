//! The packet table in another order than that of time: what was asked for, what has come of it.
//!
//! The story, the cursor and all other panels keep the order of time; only the table's rows stand elsewhere. Frames that come
//! later stand at the end until they are ordered too, which is when nothing more is on its way.

use super::{Effect, Model};
use crate::timeline::Sequence;
use crate::timeline::order::{By, Order};
use std::sync::Arc;

/// What the order was made of: capture, sequence, how many rows.
type Of = (u64, u64, usize);

/// The state of the table's order.
#[derive(Debug, Default)]
pub struct Sorting {
    /// What to order by, and whether the greatest comes first.
    pub by: Option<(By, bool)>,
    order: Option<(u64, u64, Arc<Order>)>,
    /// What is being ordered.
    asked: Option<(Of, (By, bool))>,
    serial: u64,
    running: bool,
}

/// Rows to be ordered by the engine.
#[derive(Clone, Debug)]
pub struct Sort {
    pub serial: u64,
    pub by: By,
    pub descending: bool,
    pub snapshot: super::Snapshot,
    pub sequence: Sequence,
}

impl PartialEq for Sort {
    fn eq(&self, other: &Self) -> bool {
        (self.serial, self.by, self.descending) == (other.serial, other.by, other.descending)
    }
}

impl Sorting {
    /// An order is being found out.
    pub fn is_running(&self) -> bool {
        self.running
    }
}

/// The order that the table has now; `None`: that of time.
pub fn order(model: &Model) -> Option<&Order> {
    let (generation, shown, order) = model.sorting.order.as_ref()?;
    (*generation == model.generation && *shown == model.filter.shown).then_some(order)
}

/// A click on a column's head: rising, falling, and back to the order of time.
pub(super) fn turn(model: &mut Model, by: By) {
    let sorting = &mut model.sorting;
    sorting.by = match sorting.by {
        Some((now, false)) if now == by => Some((by, true)),
        Some((now, true)) if now == by => None,
        _ => Some((by, false)),
    };
    if sorting.by.is_none() {
        let serial = sorting.serial + 1;
        *sorting = Sorting { serial, ..Sorting::default() };
    }
}

/// Asks for the order where it is wanted and not known. What grows is ordered once at first, and again when it is all there.
pub(super) fn keep_up(model: &mut Model) -> Vec<Effect> {
    let Some((by, descending)) = model.sorting.by else { return Vec::new() };
    let of = (model.generation, model.filter.shown, model.sequence.len());
    let asked = model.sorting.asked;
    let new = asked.is_none_or(|(was, how)| how != (by, descending) || (was.0, was.1) != (of.0, of.1));
    let grown = asked.is_some_and(|(was, _)| was.2 != of.2);
    let still = model.loading.is_none() && model.filter.running.is_none() && model.lab.running.is_none();
    if model.sequence.is_empty() || !(new && (still || asked.is_none_or(|(_, how)| how != (by, descending))) || grown && still) {
        return Vec::new();
    }
    let sorting = &mut model.sorting;
    sorting.asked = Some((of, (by, descending)));
    sorting.serial += 1;
    sorting.running = true;
    let snapshot = super::Snapshot(Arc::clone(&model.capture));
    vec![Effect::Sort(Sort { serial: sorting.serial, by, descending, snapshot, sequence: model.sequence.clone() })]
}

/// Takes in an answer; one to an older question is let go.
pub(super) fn sorted(model: &mut Model, serial: u64, order: Arc<Order>) {
    let sorting = &mut model.sorting;
    if let Some(((generation, shown, _), _)) = sorting.asked.filter(|_| serial == sorting.serial) {
        sorting.order = Some((generation, shown, order));
        sorting.running = false;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::app::{Action, Prefs, update};
    use crate::lang::Lang;
    use crate::timeline::{Capture, Intake, Scope};

    fn model() -> Model {
        let bytes = include_bytes!("../../captures/http.pcapng");
        let mut model = Model::new(Prefs::default(), Lang::En);
        let mut capture = Capture::new(Arc::new(bytes.to_vec()));
        let mut intake = Intake::new();
        intake.feed(bytes);
        intake.finish();
        let (records, batch) = intake.take();
        for record in records {
            capture.trace.append(record);
        }
        capture.index.apply(batch);
        model.sequence = Sequence::of(Scope::All, &capture);
        model.capture = Arc::new(capture);
        model
    }

    fn answer(model: &mut Model, effects: &[Effect]) {
        let Some(Effect::Sort(sort)) = effects.iter().find(|e| matches!(e, Effect::Sort(_))) else { panic!("{effects:?}") };
        let order = Order::of(&sort.snapshot.0, &sort.sequence, sort.by, sort.descending, &mut |_| true).unwrap();
        update(model, Action::Sorted { serial: sort.serial, order: Arc::new(order) });
    }

    #[test]
    fn the_same_head_turns_around_and_then_gives_back_the_order_of_time() {
        let mut model = model();
        let effects = update(&mut model, Action::SortBy(By::Number));
        answer(&mut model, &effects);
        assert_eq!(order(&model).unwrap().position(0), 0);
        let effects = update(&mut model, Action::SortBy(By::Number));
        answer(&mut model, &effects);
        assert_eq!(order(&model).unwrap().position(0), 11);
        assert!(update(&mut model, Action::SortBy(By::Number)).is_empty());
        assert!(order(&model).is_none() && model.sorting.by.is_none());
    }

    #[test]
    fn another_sequence_is_ordered_anew_and_an_old_answer_is_let_go() {
        let mut model = model();
        let first = update(&mut model, Action::SortBy(By::Length));
        let second = update(&mut model, Action::SetScope(Scope::Flow(0)));
        answer(&mut model, &first);
        assert!(order(&model).is_none(), "it was of another sequence");
        answer(&mut model, &second);
        assert_eq!(order(&model).unwrap().len(), model.sequence.len());
        assert!(update(&mut model, Action::Hover(None)).is_empty(), "what is known is not asked for again");
    }
}
