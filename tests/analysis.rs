//! The analysis tables used as a person uses them: opened by key or button, sorted, a row applied.
#![cfg(feature = "gui")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use osiscope::app::{Action, Dialog, Effect, Model, Table, Turn, update};
use osiscope::gui::App;
use osiscope::gui::dialogs::dialog_ui;
use osiscope::lang::Lang;
use support::{Analyst, Look, act, analysing, with_capture};

const HTTP: &[u8] = include_bytes!("../captures/http.pcapng");
const LOOK: Look = Look { size: vec2(1280.0, 800.0), theme: Theme::Dark, lang: Lang::En };

fn program(model: Model) -> Harness<'static, Option<App>> {
    let mut first = Some(model);
    let mut harness = LOOK.harness(
        move |ui, app: &mut Option<App>| {
            let app = app.get_or_insert_with(|| App::new(ui.ctx(), first.take().unwrap(), Box::<Analyst>::default()));
            app.think(ui.ctx());
            app.draw(ui);
        },
        None,
    );
    harness.run_steps(3);
    harness
}

fn model<'a>(harness: &'a Harness<'static, Option<App>>) -> &'a Model {
    &harness.state().as_ref().unwrap().model
}

/// The dialog alone, with what was done in it.
fn dialog(model: Model) -> Harness<'static, (Model, Vec<Action>)> {
    let mut harness = LOOK.harness(
        |ui, (model, done): &mut (Model, Vec<Action>)| {
            for action in dialog_ui(ui, model) {
                act(model, action.clone());
                done.push(action);
            }
        },
        (model, Vec::new()),
    );
    harness.run_steps(4);
    harness
}

fn filters(done: &[Action]) -> Vec<&str> {
    done.iter().filter_map(|a| if let Action::Filter(f) = a { Some(f.as_str()) } else { None }).collect()
}

#[test]
fn a_key_opens_the_tables_and_a_tab_shows_another() {
    let mut harness = program(with_capture(Lang::En, HTTP));
    harness.key_press_modifiers(Modifiers::NONE, Key::F4);
    harness.run_steps(4);
    assert_eq!(model(&harness).dialog, Some(Dialog::Analysis));
    harness.get_by_label_contains("0 TCP 127.0.0.1 46424 127.0.0.1 80 12 1356");
    harness.get_by_label("Hierarchy").click();
    harness.run_steps(4);
    harness.get_by_label_contains("http 4 33.3 812");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(model(&harness).dialog, None);
}

#[test]
fn the_button_opens_them_too_and_says_when_there_is_nothing() {
    let mut harness = program(support::empty(Lang::En));
    harness.get_by_label("Analysis").click();
    harness.run_steps(4);
    harness.get_by_label("There is no capture yet.");
}

#[test]
fn a_head_sorts_and_the_same_again_turns_around() {
    let mut harness = dialog(analysing(with_capture(Lang::En, HTTP), Vec::new()));
    let mut orders = Vec::new();
    for _ in 0..2 {
        harness.get_by_label_contains("→ Bytes —").click();
        harness.run_steps(3);
        orders.push(harness.state().0.analysis.found().unwrap().order().unwrap());
    }
    assert_eq!(orders.iter().map(|o| (o.column, o.descending)).collect::<Vec<_>>(), [(9, true), (9, false)]);
}

#[test]
fn a_rows_button_and_enter_apply_its_filter_and_go_to_its_first_frame() {
    let mut harness = dialog(analysing(with_capture(Lang::En, HTTP), Vec::new()));
    harness.get_by_label("Show these frames").click();
    harness.run_steps(3);
    let (model, done) = harness.state();
    assert_eq!(filters(done), ["tcp.stream == 0"]);
    assert!(done.iter().any(|a| matches!(a, Action::Go(0))) && model.dialog.is_none());

    let mut harness = dialog(analysing(with_capture(Lang::En, HTTP), vec![Turn::Table(Table::Hierarchy)]));
    for _ in 0..3 {
        harness.key_press(Key::ArrowDown);
        harness.run_steps(2);
    }
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(filters(&harness.state().1), ["http"]);
}

#[test]
fn a_stream_is_followed_and_a_line_goes_to_its_frame() {
    let mut harness = dialog(analysing(with_capture(Lang::En, HTTP), Vec::new()));
    harness.get_by_label("Follow stream…").click();
    harness.run_steps(4);
    assert_eq!(harness.state().0.analysis.table, Table::Follow);
    harness.get_by_label_contains("client 4: GET /users/1").click();
    harness.run_steps(3);
    assert_eq!(harness.state().0.current(), Some(3));
    harness.get_by_label("Hex").click();
    harness.run_steps(4);
    harness.get_by_label_contains("client 4: 00000000  47 45 54");
}

#[test]
fn what_is_worth_a_look_is_listed_with_its_filter() {
    let mut harness = dialog(analysing(with_capture(Lang::En, HTTP), vec![Turn::Table(Table::Expert)]));
    harness.get_by_label_contains("Connection requested (SYN) 1 1").click();
    harness.run_steps(3);
    harness.get_by_label("Show these frames").click();
    harness.run_steps(3);
    assert_eq!(filters(&harness.state().1), ["tcp.flags.syn == 1 && tcp.flags.ack == 0"]);
}

#[test]
fn a_late_answer_and_one_of_another_capture_change_nothing() {
    let mut model = with_capture(Lang::En, HTTP);
    let question = |effects: Vec<Effect>| match effects.into_iter().next() {
        Some(Effect::Analyse(question)) => question,
        other => panic!("{other:?}"),
    };
    let first = question(update(&mut model, Action::ShowDialog(Dialog::Analysis)));
    let second = question(update(&mut model, Action::Analyse(Turn::Sort(3))));
    update(&mut model, support::analysed(&first));
    assert!(model.analysis.found().is_none(), "an older question's answer");
    update(&mut model, support::analysed(&second));
    assert_eq!(model.analysis.found().unwrap().order().unwrap().column, 3);
    let third = question(update(&mut model, Action::Analyse(Turn::Refresh)));
    update(&mut model, Action::CloseCapture);
    update(&mut model, support::analysed(&third));
    assert!(model.analysis.found().is_none(), "another capture's answer");
}

#[test]
fn closing_ends_the_counting_and_stopping_says_so() {
    let mut model = with_capture(Lang::En, HTTP);
    update(&mut model, Action::ShowDialog(Dialog::Analysis));
    assert!(model.analysis.waiting.is_some());
    assert_eq!(update(&mut model, Action::Analyse(Turn::Cancel)), [Effect::CancelAnalysis]);
    assert!(model.analysis.cancelled && model.analysis.waiting.is_none());
    update(&mut model, Action::Analyse(Turn::Refresh));
    assert_eq!(update(&mut model, Action::CloseDialog), [Effect::CancelAnalysis]);
}
