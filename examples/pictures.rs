//! Makes pictures of the window without a screen: `cargo run --example pictures -- FOLDER [CAPTURE]`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../tests/support/mod.rs"]
mod support;

use eframe::egui::{Theme, vec2};
use osiscope::app::{Action, Dialog, Model, Purpose, Tab, update};
use osiscope::gui::window::window_ui;
use osiscope::lang::Lang;
use std::path::PathBuf;
use support::Look;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let folder = PathBuf::from(args.first().expect("a folder to write to"));
    std::fs::create_dir_all(&folder).unwrap();
    let bytes = args.get(1).map(|p| std::fs::read(p).unwrap());
    let only = args.get(2);
    let dark = Look { size: vec2(1280.0, 800.0), theme: Theme::Dark, lang: Lang::Ja };
    let light = Look { theme: Theme::Light, lang: Lang::En, ..dark };
    let large = Look { size: vec2(1920.0, 1080.0), ..dark };
    let small = Look { size: vec2(900.0, 600.0), ..light };
    let shoot = |name: &str, look: Look, set: &dyn Fn(&mut Model)| {
        if only.is_some_and(|o| !name.contains(o.as_str())) {
            return;
        }
        let mut model = match &bytes {
            Some(bytes) => support::with_capture(look.lang, bytes),
            None => support::empty(look.lang),
        };
        set(&mut model);
        let mut harness = look.harness(
            |ui, model| {
                window_ui(ui, model);
            },
            model,
        );
        harness.run_steps(4);
        let file = folder.join(format!("{name}.png"));
        harness.render().unwrap().save(&file).unwrap();
        println!("{}", file.display());
    };
    let act = |model: &mut Model, actions: Vec<Action>| {
        for action in actions {
            update(model, action);
        }
    };
    for (name, look) in [("ja", dark), ("en", light), ("large", large), ("small", small)] {
        shoot(&format!("stage-{name}"), look, &|m| m.play.put(Some(3), false));
        shoot(&format!("empty-{name}"), look, &|m| *m = support::empty(look.lang));
    }
    for (name, look) in [("ja", dark), ("en", light)] {
        shoot(&format!("packets-{name}"), look, &|m| m.tab = Tab::Packets);
        shoot(&format!("messages-{name}"), look, &|m| m.tab = Tab::Messages);
        shoot(&format!("help-{name}"), look, &|m| m.dialog = Some(Dialog::Help));
        shoot(&format!("doctor-{name}"), look, &|m| {
            m.lab.services = Some(vec![support::broken(), support::broken()]);
            m.dialog = Some(Dialog::Doctor);
        });
        shoot(&format!("broken-{name}"), look, &|m| {
            *m = support::empty(look.lang);
            m.lab.services = Some(vec![support::broken()]);
        });
        shoot(&format!("browse-{name}"), look, &|m| {
            act(m, vec![Action::Browse(Purpose::Save)]);
            if let Some(Dialog::Browse(b)) = &mut m.dialog {
                b.entries = Ok((0..30)
                    .map(|i| osiscope::app::Entry { name: format!("capture-{i}.pcapng"), folder: i < 3, size: i * 12_345 })
                    .collect());
                b.name = "capture-7.pcapng".into();
                b.confirm = true;
            }
        });
        shoot(&format!("notices-{name}"), look, &|m| {
            m.find.open = true;
            m.find.nothing = true;
            let why = osiscope::lang::Text::new("ファイルの終わりが切れています。ここまでの 12 フレームは正しく読めました。", "The file is cut off. The 12 frames before that are good.");
            for kind in [osiscope::app::NoticeKind::Info, osiscope::app::NoticeKind::Warning] {
                m.notices.push(osiscope::app::Notice { kind, text: why.clone(), open: Some("/tmp/x.pcapng".into()) });
            }
        });
    }
}
