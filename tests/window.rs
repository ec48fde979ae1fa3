//! Every panel of the window, in all sizes, languages and themes; and the window used by keyboard and pointer.
#![cfg(feature = "gui")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use eframe::egui::{Key, Memory, Modifiers, Theme, Ui, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use osiscope::app::{
    Action, Browse, ByteRef, Dialog, Effect, Entry, Loading, Model, Notice, NoticeKind, OsiView, Prefs, Purpose, Still, Tab, Table,
    Turn, World, update,
};
use osiscope::gui::{App, PANELS};
use osiscope::lang::{Lang, Text};
use osiscope::timeline::Timing;
use osiscope::wire::Span;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use support::Look;

const HTTP: &[u8] = include_bytes!("../captures/http.pcapng");

/// From smaller than anybody wants to a large screen.
const SIZES: [(f32, f32); 3] = [(320.0, 200.0), (1280.0, 800.0), (1920.0, 1080.0)];

/// Models that between them show every part of every panel.
fn models(lang: Lang) -> Vec<(&'static str, Model)> {
    let mut filled = support::with_capture(lang, HTTP);
    filled.play.put(Some(3), false);
    filled.pinned = Some(ByteRef { frame: 3, buffer: 0, span: Span::new(14, 4), layer: None });
    filled.prefs.osi = OsiView::Tcpip;
    let mut busy = support::with_capture(lang, HTTP);
    busy.play.put(Some(5), true);
    busy.play.progress = 0.4;
    busy.play.playing = true;
    busy.play.timing = Timing::Original;
    busy.loading = Some(Loading { read: 10, total: Some(100) });
    busy.find.open = true;
    busy.find.nothing = true;
    busy.lab.interfaces = vec!["lo".into(), "eth0".into()];
    busy.lab.interface = Some("lo".into());
    busy.dialog = Some(Dialog::Doctor);
    busy.lab.services = Some(vec![support::broken()]);
    for kind in [NoticeKind::Info, NoticeKind::Warning, NoticeKind::Error, NoticeKind::Info] {
        let text = Text::new("ファイルの終わりが切れています。", "The file is cut off.");
        busy.notices.push(Notice { kind, text, open: Some("/tmp/a.pcapng".into()) });
    }
    let mut help = support::empty(lang);
    help.lab.services = Some(vec![support::broken()]);
    help.dialog = Some(Dialog::Help);
    help.tab = Tab::Packets;
    let mut running = support::empty(lang);
    running.lab.chosen = 2;
    support::run(&mut running, false);
    let mut live = support::sample(lang, "websocket.pcapng");
    live.lab.interfaces = vec!["lo".into(), "eth0".into()];
    live.lab.interface = Some("eth0".into());
    live.lab.only_capture = true;
    live.tab = Tab::Messages;
    support::run(&mut live, true);
    let mut save = support::with_capture(lang, HTTP);
    save.tab = Tab::Messages;
    let mut browse = Browse::new(Purpose::Save, "/captures".into(), "b.pcapng".into());
    browse.confirm = true;
    browse.entries = Ok(vec![
        Entry { name: "a".into(), folder: true, size: 0 },
        Entry { name: "b.pcapng".into(), folder: false, size: 1_234 },
    ]);
    save.dialog = Some(Dialog::Browse(browse));
    let mut open = support::empty(lang);
    open.prefs.recent = vec!["/captures/a.pcap".into()];
    let mut browse = Browse::new(Purpose::Open, "/captures".into(), String::new());
    browse.entries = Err("EACCES".into());
    open.dialog = Some(Dialog::Browse(browse));
    let analysis = |file: &[u8], table| support::analysing(support::with_capture(lang, file), vec![Turn::Table(table)]);
    let mut counting = support::with_capture(lang, HTTP);
    update(&mut counting, Action::ShowDialog(Dialog::Analysis));
    let mut nothing = support::empty(lang);
    update(&mut nothing, Action::ShowDialog(Dialog::Analysis));
    vec![
        ("conversations", analysis(HTTP, Table::Conversations)),
        ("endpoints", analysis(HTTP, Table::Endpoints)),
        ("hierarchy", analysis(HTTP, Table::Hierarchy)),
        ("follow", analysis(HTTP, Table::Follow)),
        ("expert", analysis(HTTP, Table::Expert)),
        ("counting", counting),
        ("nothing", nothing),
        ("open", open),
        ("empty", support::empty(lang)),
        ("filled", filled),
        ("busy", busy),
        ("help", help),
        ("save", save),
        ("running", running),
        ("live", live),
    ]
}

/// The harness panics on input widgets without a name, on characters that no font has, and on two places with one id.
/// One harness for all: to read the fonts takes longer than to draw.
fn every_panel_draws(theme: Theme, lang: Lang) {
    let look = Look { size: vec2(1280.0, 800.0), theme, lang };
    let draw = |ui: &mut Ui, (panel, model): &mut (usize, Model)| {
        (PANELS[*panel].ui)(ui, model);
    };
    let mut harness = look.harness(draw, (0, support::empty(lang)));
    for (w, h) in SIZES {
        harness.set_size(vec2(w, h));
        for (name, model) in models(lang) {
            harness.state_mut().1 = model;
            for (at, panel) in PANELS.iter().enumerate() {
                println!("{} of {name} as {w} × {h} {theme:?} {lang:?}", panel.name);
                harness.state_mut().0 = at;
                // As if it were the first picture: no sizes, no scrolled places, no open menus.
                harness.ctx.memory_mut(|m| {
                    let options = std::mem::take(&mut m.options);
                    *m = Memory::default();
                    m.options = options;
                });
                harness.run_steps(2);
            }
        }
    }
}

#[test]
fn every_panel_draws_in_all_sizes_in_the_dark_in_japanese() {
    every_panel_draws(Theme::Dark, Lang::Ja);
}

#[test]
fn every_panel_draws_in_all_sizes_in_the_light_in_japanese() {
    every_panel_draws(Theme::Light, Lang::Ja);
}

#[test]
fn every_panel_draws_in_all_sizes_in_the_dark_in_english() {
    every_panel_draws(Theme::Dark, Lang::En);
}

#[test]
fn every_panel_draws_in_all_sizes_in_the_light_in_english() {
    every_panel_draws(Theme::Light, Lang::En);
}

#[test]
fn every_panel_has_a_name_and_a_title_of_its_own() {
    for (i, panel) in PANELS.iter().enumerate() {
        assert!(PANELS.iter().skip(i + 1).all(|p| p.name != panel.name && p.title != panel.title), "{}", panel.name);
        assert!(!panel.title.ja.is_empty() && !panel.title.en.is_empty());
    }
}

/// The program in a window of this kind, with the engine standing still.
fn program(model: Model) -> Harness<'static, Option<App>> {
    program_in(model, Box::new(Still))
}

/// The same, in a world of its own.
fn program_in(model: Model, world: Box<dyn World>) -> Harness<'static, Option<App>> {
    let look = Look { size: vec2(1280.0, 800.0), theme: Theme::Dark, lang: Lang::En };
    let mut first = Some((model, world));
    let mut harness = look.harness(
        move |ui, app: &mut Option<App>| {
            let app = app.get_or_insert_with(|| {
                let (model, world) = first.take().unwrap();
                App::new(ui.ctx(), model, world)
            });
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

fn press(harness: &mut Harness<'static, Option<App>>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(2);
}

#[test]
fn keys_move_the_cursor_and_open_what_they_say() {
    let mut harness = program(support::with_capture(Lang::En, HTTP));
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    assert_eq!(model(&harness).play.at, Some(1));
    press(&mut harness, Modifiers::NONE, Key::End);
    let last = model(&harness).sequence.len() - 1;
    assert_eq!(model(&harness).play.at, Some(last));
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(model(&harness).play.at, Some(last - 1));
    press(&mut harness, Modifiers::CTRL, Key::Num2);
    assert_eq!(model(&harness).tab, Tab::Packets);
    press(&mut harness, Modifiers::NONE, Key::F1);
    assert_eq!(model(&harness).dialog, Some(Dialog::Help));
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(model(&harness).play.at, Some(last - 1), "behind a dialog nothing moves");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(model(&harness).dialog, None);
}

#[test]
fn what_is_typed_into_a_field_is_no_command() {
    let mut harness = program(support::with_capture(Lang::En, HTTP));
    press(&mut harness, Modifiers::NONE, Key::Slash);
    assert!(model(&harness).find.open);
    press(&mut harness, Modifiers::NONE, Key::Home);
    press(&mut harness, Modifiers::NONE, Key::Space);
    assert!(!model(&harness).play.playing, "Space belongs to the search field");
    harness.event(eframe::egui::Event::Text("200".into()));
    harness.run_steps(2);
    assert_eq!(model(&harness).find.text, "200");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(4);
    let hit = model(&harness).current().unwrap();
    let row = osiscope::flow::explain::info(&model(&harness).explain(hit).unwrap());
    assert!(row.contains("200"), "frame {hit}: {row}");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(!model(&harness).find.open);
}

#[test]
fn the_player_plays_and_is_still_at_the_end() {
    let mut capture = support::with_capture(Lang::En, HTTP);
    // Playback keeps true time: at this speed the story takes two seconds.
    capture.play.step_speed = 16.0;
    let mut harness = program(capture);
    harness.get_by_label("Play").click();
    harness.run_steps(3);
    assert!(model(&harness).play.playing);
    let begun = Instant::now();
    while model(&harness).play.moving() && begun.elapsed() < Duration::from_secs(60) {
        harness.run_steps(1);
    }
    let play = &model(&harness).play;
    assert_eq!(play.at, Some(model(&harness).sequence.len() - 1));
    assert!(!play.moving());
    harness.run_steps(3);
    let soonest = harness.output().viewport_output.values().map(|v| v.repaint_delay).min().unwrap();
    assert!(soonest.as_secs() > 3600, "at rest no picture may be asked for, but: {soonest:?}");
}

#[test]
fn buttons_do_what_they_are_named() {
    let mut harness = program(support::empty(Lang::En));
    harness.get_by_label("UDP echo").click();
    harness.run_steps(2);
    assert_eq!(model(&harness).lab.chosen, 1);
    harness.get_by_label("TCP/IP 4").click();
    harness.get_by_label("日本語").click();
    harness.run_steps(2);
    assert_eq!(model(&harness).prefs.osi, OsiView::Tcpip);
    assert_eq!(model(&harness).lang(), Lang::Ja);
    harness.get_by_label("開始").click();
    harness.run_steps(2);
    let run = model(&harness).lab.running.as_ref().expect("the lab was started");
    assert_eq!(run.spec.exchange.as_deref(), Some("udp-echo"));
}

#[test]
fn pointing_lights_up_and_leaving_puts_the_light_out() {
    let mut harness = program(support::with_capture(Lang::En, HTTP));
    harness.hover_at(eframe::egui::pos2(200.0, 655.0));
    harness.run_steps(3);
    assert!(model(&harness).hover.is_some(), "the packet table lies there");
    harness.hover_at(eframe::egui::pos2(640.0, 20.0));
    harness.run_steps(3);
    assert_eq!(model(&harness).hover, None);
}

#[test]
fn the_file_browser_works_by_keyboard_alone() {
    let mut harness = program(support::empty(Lang::En));
    press(&mut harness, Modifiers::CTRL, Key::O);
    let app = harness.state_mut().as_mut().unwrap();
    let Some(Dialog::Browse(browse)) = &app.model.dialog else { panic!("the browser is open") };
    let folder = browse.folder.clone();
    let file = |name: &str| Entry { name: name.into(), folder: false, size: 1 };
    let entries = Ok(vec![file("a.pcap"), file("b.pcap")]);
    update(&mut app.model, Action::Listed { folder, entries });
    harness.run_steps(2);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(model(&harness).dialog, None);
    assert!(matches!(&model(&harness).source, osiscope::app::Source::File(path) if path.ends_with("b.pcap")));
}

// --- the display filter

/// A world in which filters are judged at once.
#[derive(Default)]
struct Judge(Vec<Action>);

impl World for Judge {
    fn run(&mut self, effects: Vec<Effect>, _prefs: &Prefs) {
        for effect in effects {
            if let Effect::Filter(pass) = effect {
                let mut post = |news| {
                    self.0.push(news);
                    true
                };
                osiscope::engine::filter::run(&pass, &AtomicBool::new(false), &mut post);
            }
        }
    }

    fn news(&mut self, _budget: Duration) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}

fn filtering(lang: Lang) -> Harness<'static, Option<App>> {
    program_in(support::with_capture(lang, HTTP), Box::new(Judge::default()))
}

fn typed(harness: &mut Harness<'static, Option<App>>, text: &str) {
    press(harness, Modifiers::CTRL, Key::Slash);
    harness.get_by_label("Display filter").type_text(text);
    harness.run_steps(3);
}

#[test]
fn a_filter_that_is_typed_shows_its_frames_only() {
    let mut harness = filtering(Lang::En);
    typed(&mut harness, "http.request");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(3);
    assert_eq!(model(&harness).filter.applied, "http.request");
    assert_eq!(model(&harness).sequence.len(), 2);
    harness.get_by_label("2 of 12 frames");
    assert!(harness.query_by_label_contains("frame 1: TCP").is_none() && harness.query_by_label_contains("frame 4: HTTP").is_some());
    harness.get_by_label("Clear the filter").click();
    harness.run_steps(3);
    assert_eq!(model(&harness).sequence.len(), 12);
}

#[test]
fn a_wrong_filter_says_what_is_wrong_and_shows_all_frames() {
    let mut harness = filtering(Lang::En);
    typed(&mut harness, "tcp.prot == 80");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(2);
    let said = model(&harness).filter.error.clone().expect("there is no such field");
    harness.get_by_label(&said.why.en);
    assert_eq!((said.at, model(&harness).sequence.len()), (0..8, 12));
}

#[test]
fn a_completion_is_put_in_with_tab_or_chosen_with_the_arrows_and_escape_closes_the_list() {
    let mut harness = filtering(Lang::En);
    typed(&mut harness, "tcp.srcp");
    harness.get_by_label_contains("tcp.srcport  ");
    press(&mut harness, Modifiers::NONE, Key::Tab);
    assert_eq!(model(&harness).filter.text, "tcp.srcport");
    harness.get_by_label("Display filter").type_text(" ");
    harness.run_steps(3);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::Enter] {
        press(&mut harness, Modifiers::NONE, key);
    }
    assert_eq!(model(&harness).filter.text, "tcp.srcport != ");
    harness.get_by_label("Display filter").type_text("tcp.d");
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("tcp.dstport  ").is_some());
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_label_contains("tcp.dstport  ").is_none());
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(model(&harness).filter.text, "tcp.srcport != tcp.d", "a closed list puts nothing in");
}

#[test]
fn an_empty_result_says_what_to_do() {
    let mut harness = filtering(Lang::En);
    typed(&mut harness, "arp");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(3);
    assert_eq!((model(&harness).sequence.len(), model(&harness).current()), (0, None));
    assert!(harness.query_all_by_label("No frame passes this filter.").count() > 0);
    harness.get_by_label("Show all frames").click();
    harness.run_steps(3);
    assert_eq!(model(&harness).sequence.len(), 12);
}

#[test]
fn a_panels_size_is_kept_when_its_edge_is_let_go_and_given_back() {
    let mut harness = program(support::with_capture(Lang::En, HTTP));
    // The edge between the exchanges and the stage.
    let edge = harness.get_by_label("Start").rect().right() + 12.0;
    harness.drag_at(pos2(edge, 300.0));
    harness.run_steps(2);
    harness.hover_at(pos2(edge + 60.0, 300.0));
    harness.run_steps(2);
    harness.drop_at(pos2(edge + 60.0, 300.0));
    harness.run_steps(3);
    let kept = model(&harness).prefs.panels.clone();
    assert!(kept.len() == 1 && kept.iter().all(|(key, size)| key.starts_with("lab ") && (size - edge - 60.0).abs() < 4.0), "{kept:?}");
    let app = harness.state_mut().as_mut().unwrap();
    update(&mut app.model, Action::ResetPanels);
    harness.run_steps(3);
    assert!((harness.get_by_label("Start").rect().right() + 12.0 - edge).abs() < 1.0);
    assert!(model(&harness).prefs.panels.is_empty());
}

#[test]
fn a_field_that_is_pointed_at_becomes_the_filter() {
    let mut capture = support::with_capture(Lang::En, HTTP);
    let port = ByteRef { frame: 0, buffer: 0, span: tcp_port(&capture), layer: None };
    capture.pinned = Some(port);
    let mut harness = program_in(capture, Box::new(Judge::default()));
    press(&mut harness, Modifiers::NONE, Key::F);
    harness.run_steps(2);
    let applied = model(&harness).filter.applied.clone();
    assert!(applied.starts_with("tcp.srcport == "), "{applied}");
    let shown = model(&harness).sequence.len();
    assert!((1..12).contains(&shown), "{shown} frames have this source port");
}

/// Where the source port of the first frame stands.
fn tcp_port(model: &Model) -> Span {
    let explained = model.explain(0).unwrap();
    let tcp = explained.dissected.layers.iter().find(|l| l.proto == "tcp").unwrap();
    tcp.field("tcp.srcport").unwrap().span
}
