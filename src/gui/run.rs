//! Opens the window; where there is no screen, says so in one sentence and what to do instead.

use super::app::App;
use crate::app::{Action, Model, World};
use crate::engine::folders::Folders;
use crate::engine::{Engine, Wake, samples, settings};
use crate::lang::{Lang, Text};
use eframe::egui::{ViewportBuilder, vec2};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Pictures for news come at most this often.
const NEWS: Duration = Duration::from_millis(33);

const LIBRARIES: &str = "X11: libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1 (libegl1 libgl1-mesa-dri) / \
                         Wayland: libwayland-client0 libwayland-egl1 libegl1 libxkbcommon0";

/// Opens the window as a person starts the program: settings remembered, samples and exchanges at hand, and `file` open.
pub fn start(file: Option<PathBuf>, lang: Option<Lang>, locale: Lang) -> Result<(), Text> {
    let folders = Folders::of_environment();
    let mut model = Model::new(settings::load(&folders), locale);
    if lang.is_some() {
        model.prefs.lang = lang;
    }
    model.samples = samples::list();
    model.lab.exchanges = crate::lab::infos();
    model.lab.programs = crate::lab::programs::all();
    model.remember();
    let first: Vec<Action> = file
        .map(|file| match file.as_os_str() == "-" {
            true => Action::OpenStdin,
            // It is remembered beyond this working directory.
            false => Action::Open(std::path::absolute(&file).unwrap_or(file)),
        })
        .into_iter()
        .collect();
    run(model, first, move |wake| {
        let engine = Engine::new(wake, folders);
        engine.begin();
        Box::new(engine)
    })
}

/// Runs until the window is closed; begins with these actions. `world` is made once the window is there to be woken.
pub fn run(model: Model, first: Vec<Action>, world: impl FnOnce(Wake) -> Box<dyn World>) -> Result<(), Text> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    if !["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].into_iter().any(set) {
        return Err(Text::new(
            "画面がありません（DISPLAY も WAYLAND_DISPLAY も空です）。窓を使わないコマンド：osiscope lab、osiscope read、osiscope doctor（osiscope --help）",
            "There is no screen (DISPLAY and WAYLAND_DISPLAY are empty). Without a window: osiscope lab, osiscope read, osiscope doctor (see osiscope --help)",
        ));
    }
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("osiscope")
            .with_app_id("osiscope")
            .with_inner_size(vec2(1280.0, 800.0))
            .with_min_inner_size(vec2(800.0, 520.0)),
        renderer: eframe::Renderer::Glow,
        multisampling: 0,
        persist_window: false,
        dithering: false,
        ..eframe::NativeOptions::default()
    };
    let opened = Arc::new(AtomicBool::new(false));
    let opens = Arc::clone(&opened);
    let start = || {
        eframe::run_native(
            "osiscope",
            options,
            Box::new(move |cc| {
                opens.store(true, Ordering::Relaxed);
                let ctx = cc.egui_ctx.clone();
                let wake: Wake = Arc::new(move || ctx.request_repaint_after(NEWS));
                let world = world(wake);
                let mut app = App::new(&cc.egui_ctx, model, world);
                app.act(&cc.egui_ctx, first);
                Ok(Box::new(app))
            }),
        )
    };
    // A missing library of the windowing system ends in a panic of its binding, not in an error: it is told as one.
    let usual = std::panic::take_hook();
    let quiet = Arc::clone(&opened);
    std::panic::set_hook(Box::new(move |info| {
        if quiet.load(Ordering::Relaxed) {
            usual(info);
        }
    }));
    let outcome = catch_unwind(AssertUnwindSafe(start));
    drop(std::panic::take_hook());
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(no_window(&error.to_string())),
        Err(_) if opened.load(Ordering::Relaxed) => Err(Text::new(
            "プログラムの誤りで止まりました。実行中だったキャプチャは残っていて、次に起動したときに開けます。",
            "stopped by a fault of the program. A capture that was running is kept and is offered at the next start.",
        )),
        Err(panic) => {
            let why = panic.downcast_ref::<String>().cloned();
            let why = why.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            Err(no_window(&why.unwrap_or_default()))
        }
    }
}

fn no_window(why: &str) -> Text {
    // Where in its sources winit noticed it helps nobody.
    let why = if why.contains(".rs:") { why.rsplit(": ").next().unwrap_or(why) } else { why };
    Text::new(
        format!("窓を開けません：{why}\n足りないかもしれないライブラリ：{LIBRARIES}"),
        format!("The window cannot be opened: {why}\nLibraries that may be missing: {LIBRARIES}"),
    )
}
