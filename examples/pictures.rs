//! Makes pictures of the window without a screen, with the same pixels on every machine.
//!
//! - `cargo run --example pictures`: the pictures of the README, from the captures in `captures/`, into `docs/pictures/`.
//! - `cargo run --example pictures -- FOLDER [CAPTURE [WORDS]]`: every state of the window, to be looked at; with WORDS
//!   only the pictures whose name holds them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../tests/support/mod.rs"]
mod support;

use eframe::egui::{Key, Role, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use osiscope::app::{Action, Dialog, Effect, Entry, Loading, Model, Notice, NoticeKind, Purpose, Tab, Table, Turn, update};
use osiscope::engine::filter;
use osiscope::gui::window::window_ui;
use osiscope::lang::{Lang, Text};
use osiscope::timeline::{Language, Service};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use support::Look;

const DARK: Look = Look { size: vec2(1280.0, 800.0), theme: Theme::Dark, lang: Lang::Ja };
const LIGHT: Look = Look { theme: Theme::Light, lang: Lang::En, ..DARK };
const LARGE: Vec2 = vec2(1920.0, 1080.0);
const SMALL: Vec2 = vec2(900.0, 600.0);

fn main() {
    let mut args = std::env::args().skip(1);
    match args.next() {
        None => readme(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures")),
        Some(folder) => {
            let capture = args.next().map(|path| std::fs::read(path).expect("the capture can be read"));
            Inspection { folder: folder.into(), capture, only: args.next().unwrap_or_default() }.run();
        }
    }
}

/// The pictures that the README shows.
fn readme(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let pictures: [(&str, Theme, Lang, &str, Tab, u32); 6] = [
        ("stage-en-dark", Theme::Dark, Lang::En, "http.pcapng", Tab::Stage, 4),
        ("stage-ja-light", Theme::Light, Lang::Ja, "http.pcapng", Tab::Stage, 6),
        ("packets-en-light", Theme::Light, Lang::En, "http.pcapng", Tab::Packets, 6),
        ("messages-ja-dark", Theme::Dark, Lang::Ja, "websocket.pcapng", Tab::Messages, 8),
        ("programs-en-dark", Theme::Dark, Lang::En, "tcp-echo.pcapng", Tab::Program, 4),
        ("sockets-ja-light", Theme::Light, Lang::Ja, "tcp-echo.pcapng", Tab::Sockets, 4),
    ];
    for (name, theme, lang, capture, tab, frame) in pictures {
        let mut model = support::sample(lang, capture);
        let exchange = capture.trim_end_matches(".pcapng");
        model.lab.chosen = model.lab.exchanges.iter().position(|e| e.name == exchange).expect("an exchange");
        model.tab = tab;
        update(&mut model, Action::Go(frame - 1));
        // As it is once the frame has arrived.
        model.play.progress = 1.0;
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, support::png::small(&picture(Look { theme, lang, ..DARK }, model))).unwrap();
        println!("{}", file.display());
    }
}

fn window<'a>(look: Look, model: Model) -> Harness<'a, Model> {
    let draw = |ui: &mut eframe::egui::Ui, model: &mut Model| {
        window_ui(ui, model);
    };
    let mut harness = look.harness(draw, model);
    harness.run_steps(4);
    harness
}

fn picture(look: Look, model: Model) -> image::RgbaImage {
    window(look, model).render().unwrap()
}

fn save(picture: &image::RgbaImage, file: &Path) {
    picture.save(file).unwrap();
    println!("{}", file.display());
}

/// Every state of the window.
struct Inspection {
    folder: PathBuf,
    capture: Option<Vec<u8>>,
    only: String,
}

impl Inspection {
    fn shoot(&self, name: &str, look: Look, set: &dyn Fn(&mut Model)) {
        self.shoot_after(name, look, set, &|_| ());
    }

    fn shoot_after(&self, name: &str, look: Look, set: &dyn Fn(&mut Model), act: &dyn Fn(&mut Harness<'_, Model>)) {
        if !name.contains(&self.only) {
            return;
        }
        let mut model = match &self.capture {
            Some(bytes) => support::with_capture(look.lang, bytes),
            None => support::empty(look.lang),
        };
        set(&mut model);
        let mut harness = window(look, model);
        act(&mut harness);
        harness.run_steps(4);
        save(&harness.render().unwrap(), &self.folder.join(format!("{name}.png")));
    }

    fn run(&self) {
        std::fs::create_dir_all(&self.folder).unwrap();
        let looks = [
            ("ja-dark", DARK),
            ("ja-light", Look { lang: Lang::Ja, ..LIGHT }),
            ("en-dark", Look { lang: Lang::En, ..DARK }),
            ("en-light", LIGHT),
        ];
        for (name, look) in looks {
            let filtered = |m: &mut Model, text: &str| {
                for effect in update(m, Action::Filter(text.into())) {
                    if let Effect::Filter(pass) = effect {
                        let mut news = Vec::new();
                        filter::run(&pass, &AtomicBool::new(false), &mut |found| {
                            news.push(found);
                            true
                        });
                        news.into_iter().for_each(|found| drop(update(m, found)));
                    }
                }
            };
            self.shoot(&format!("filter-{name}"), look, &|m| filtered(m, "http or tcp.flags.syn == 1"));
            self.shoot(&format!("filter-large-{name}"), Look { size: LARGE, ..look }, &|m| {
                m.tab = Tab::Packets;
                filtered(m, "tcp.len > 0");
            });
            self.shoot(&format!("filter-empty-{name}"), look, &|m| filtered(m, "arp"));
            self.shoot(&format!("filter-small-{name}"), Look { size: SMALL, ..look }, &|m| filtered(m, "http"));
            self.shoot(&format!("filter-wrong-{name}"), look, &|m| {
                m.tab = Tab::Packets;
                filtered(m, "http");
                drop(update(m, Action::FilterEdit("ip.addr == 10.0.0.1 and tcp.prot == 80".into())));
            });
            self.shoot_after(&format!("filter-list-{name}"), look, &|m| m.tab = Tab::Packets, &|harness| {
                update(harness.state_mut(), Action::FocusFilter);
                harness.run_steps(2);
                update(harness.state_mut(), Action::FilterEdit("tcp.analysis.".into()));
                harness.key_press(Key::End);
                harness.run_steps(2);
                harness.key_press(Key::ArrowDown);
                harness.run_steps(2);
                harness.key_press(Key::ArrowDown);
                harness.run_steps(3);
            });
            self.shoot_after(&format!("filter-menu-{name}"), look, &|m| filtered(m, "tcp"), &|harness| {
                let label = look.lang.pick("フレーム 1: ", "frame 1: ");
                harness.query_all_by_label_contains(label).next().unwrap().click_secondary();
                harness.run_steps(4);
                let cell = look.lang.pick("送信元アドレス", "Source address");
                harness.get_by_label_contains(cell).click();
                harness.run_steps(4);
            });
            let choose = |m: &mut Model, at: usize| m.lab.chosen = at;
            self.shoot(&format!("stage-{name}"), look, &|m| m.play.put(Some(3), false));
            self.shoot(&format!("stage-large-{name}"), Look { size: LARGE, ..look }, &|m| m.play.put(Some(3), false));
            self.shoot(&format!("stage-small-{name}"), Look { size: SMALL, ..look }, &|m| m.play.put(Some(3), false));
            self.shoot(&format!("empty-{name}"), look, &|m| *m = support::empty(look.lang));
            self.shoot(&format!("packets-{name}"), look, &|m| m.tab = Tab::Packets);
            for (kind, size, at) in [("", DARK.size, 3), ("large-", LARGE, usize::MAX), ("small-", SMALL, 1)] {
                self.shoot(&format!("sockets-{kind}{name}"), Look { size, ..look }, &|m| {
                    m.tab = Tab::Sockets;
                    m.play.put(m.sequence.len().checked_sub(1).map(|last| last.min(at)), false);
                });
            }
            self.shoot(&format!("messages-{name}"), look, &|m| m.tab = Tab::Messages);
            for (kind, size) in [("", DARK.size), ("large-", LARGE), ("small-", SMALL)] {
                self.shoot(&format!("programs-{kind}{name}"), Look { size, ..look }, &|m| {
                    m.tab = Tab::Program;
                    m.prefs.language = if look.theme == Theme::Dark { Language::Python } else { Language::Go };
                    update(m, Action::Go(3));
                });
            }
            for at in 1..support::empty(look.lang).lab.exchanges.len() {
                self.shoot(&format!("exchange-{at}-{name}"), look, &|m| choose(m, at));
            }
            self.shoot(&format!("help-{name}"), look, &|m| m.dialog = Some(Dialog::Help));
            self.shoot(&format!("doctor-{name}"), look, &|m| {
                m.lab.services = Some(services());
                m.dialog = Some(Dialog::Doctor);
            });
            for table in Table::ALL {
                for (kind, size) in [("", DARK.size), ("large-", LARGE), ("small-", SMALL)] {
                    self.shoot(&format!("analysis-{table:?}-{kind}{name}").to_lowercase(), Look { size, ..look }, &|m| {
                        let model = std::mem::replace(m, support::empty(look.lang));
                        *m = support::analysing(model, vec![Turn::Table(table)]);
                    });
                }
            }
            self.shoot(&format!("broken-{name}"), look, &|m| {
                *m = support::empty(look.lang);
                m.lab.services = Some(vec![support::broken()]);
            });
            self.shoot(&format!("live-{name}"), look, &|m| {
                choose(m, 2);
                m.lab.interfaces = vec!["lo".into(), "eth0".into()];
                m.lab.interface = Some("eth0".into());
            });
            self.shoot(&format!("running-{name}"), look, &|m| support::run(m, true));
            self.shoot(&format!("starting-{name}"), look, &|m| {
                *m = support::empty(look.lang);
                support::run(m, false);
            });
            self.shoot_after(&format!("loading-{name}"), look, &|m| m.loading = Some(Loading { read: 1_234_567, total: Some(4_000_000) }), &|h| {
                h.run_steps(30);
            });
            self.shoot_after(&format!("menu-{name}"), look, &|m| m.prefs.recent = vec!["/captures/a.pcap".into()], &|h| {
                h.get_by_label(look.lang.pick("ファイル", "File")).click();
            });
            self.shoot_after(&format!("place-{name}"), Look { size: LARGE, ..look }, &|m| m.lab.interfaces = vec!["lo".into(), "eth0".into()], &|h| {
                h.get_by_role_and_label(Role::ComboBox, look.lang.pick("場所", "Where")).click();
            });
            for purpose in [Purpose::Open, Purpose::Save] {
                self.shoot(&format!("browse-{purpose:?}-{name}").to_lowercase(), look, &|m| browse(m, purpose));
            }
            self.shoot(&format!("notices-{name}"), look, &notices);
        }
    }
}

/// One that works, and one that does not.
fn services() -> Vec<Service> {
    let works = Service {
        name: Text::new("ネットワークインターフェイスのキャプチャ", "Capture on network interfaces"),
        works: true,
        found: Text::new("lo、eth0 をキャプチャできます", "lo and eth0 can be captured"),
        advice: None,
        command: None,
    };
    vec![support::broken(), works]
}

fn browse(model: &mut Model, purpose: Purpose) {
    update(model, Action::Browse(purpose));
    if let Some(Dialog::Browse(browse)) = &mut model.dialog {
        let entry = |i: u64| Entry { name: format!("capture-{i}.pcapng"), folder: i < 3, size: i * 12_345 };
        browse.folder = "/home/hanako/captures".into();
        browse.entries = Ok((0..30).map(entry).collect());
        browse.name = "capture-7.pcapng".into();
        browse.confirm = purpose == Purpose::Save;
    }
}

fn notices(model: &mut Model) {
    model.find.open = true;
    model.find.nothing = true;
    let text = Text::new(
        "ファイルの終わりが切れています。ここまでの 12 フレームは正しく読めました。",
        "The file is cut off. The 12 frames before that are good.",
    );
    for kind in [NoticeKind::Info, NoticeKind::Warning] {
        model.notices.push(Notice { kind, text: text.clone(), open: Some("/tmp/x.pcapng".into()) });
    }
}
