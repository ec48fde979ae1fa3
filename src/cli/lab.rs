//! `osiscope lab NAME`: an exchange without a window, through the same model and engine as the window's.

use super::print::Out;
use crate::app::{Action, Model, NoticeKind, Prefs, World, update};
use crate::engine::folders::Folders;
use crate::engine::{Engine, files};
use crate::lang::{Lang, Text};
use crate::timeline::exchange::ParamKind;
use crate::timeline::errors::{self, Known};
use crate::trace::{Call, CallId, CallResult, Host, Nanos, frame_number};
use crate::view::{caption, label};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// The exit code of a run that Ctrl+C ended.
pub(super) const INTERRUPTED: u8 = 130;

#[derive(clap::Args)]
pub struct Args {
    /// The exchange to run; without one, the list
    name: Option<String>,
    /// List the exchanges and what can be chosen for each
    #[arg(long)]
    list: bool,
    /// Write the capture to this file; .pcap, or .pcapng (which keeps the socket calls)
    #[arg(short, long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// A choice of the exchange, for example `-p text=hello`; see --list
    #[arg(short, long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// Capture on this interface of the machine instead of in a name space (needs the right to capture)
    #[arg(short, long, value_name = "NAME")]
    interface: Option<String>,
    /// A capture filter for --interface, for example `tcp port 80`
    #[arg(short, long, value_name = "BPF", requires = "interface", default_value = "")]
    filter: String,
    /// Do not tell the story, only run and write
    #[arg(short, long)]
    quiet: bool,
}

/// Runs one exchange to its end. Exit code 1 if the exchange failed, 130 if Ctrl+C ended it.
pub fn run(args: &Args, lang: Lang) -> Result<ExitCode, Text> {
    let name = match &args.name {
        Some(name) if !args.list => name,
        _ => return list(lang),
    };
    let mut model = Model::new(Prefs::default(), lang);
    model.lab.exchanges = crate::lab::infos();
    choose(&mut model, name, args)?;

    let (wake_to, woken) = sync_channel::<()>(1);
    let wake = Arc::new(move || {
        // One call that waits is as good as many.
        let _ = wake_to.try_send(());
    });
    let mut engine = Engine::new(wake, Folders::of_environment());
    let effects = update(&mut model, Action::Start);
    engine.run(effects, &model.prefs);

    let (interrupted, mut stopped) = (on_interrupt(), false);
    let mut story = Story::new(lang, Out::new(), args.quiet);
    while let Ok(()) | Err(RecvTimeoutError::Timeout) = woken.recv_timeout(Duration::from_millis(200)) {
        let stop = (!stopped && interrupted.load(Ordering::Relaxed)).then_some(Action::Stop);
        stopped |= stop.is_some();
        for action in engine.news(Duration::from_millis(50)).into_iter().chain(stop) {
            let effects = update(&mut model, action);
            engine.run(effects, &model.prefs);
        }
        let over = model.lab.running.is_none() && model.loading.is_none();
        story.go_on(&model, over)?;
        if over {
            break;
        }
    }
    story.end(&model)?;
    if let Some(path) = &args.write {
        write(&model, path, lang)?;
    }
    Ok(match (stopped, story.failed) {
        // As a shell says it of a program that an interrupt ended.
        (true, _) => ExitCode::from(INTERRUPTED),
        (_, true) => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    })
}

/// Writes the capture of a run, and says where.
pub(super) fn write(model: &Model, path: &Path, lang: Lang) -> Result<(), Text> {
    for lost in files::save_trace(&model.capture.trace, path)? {
        eprintln!("{}", lost.get(lang));
    }
    let shown = path.display();
    eprintln!("{}", lang.pick(format!("{shown} に書きました"), format!("written to {shown}")));
    Ok(())
}

/// Ctrl+C ends the run in an orderly way: what was captured so far is told and written. Set when it was pressed.
pub(super) fn on_interrupt() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&interrupted);
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                if set.swap(true, Ordering::Relaxed) {
                    // The second time means: now.
                    std::process::exit(INTERRUPTED.into());
                }
            }
        });
    });
    interrupted
}

fn choose(model: &mut Model, name: &str, args: &Args) -> Result<(), Text> {
    let at = model.lab.exchanges.iter().position(|e| e.name == name).ok_or_else(|| {
        let names: Vec<_> = model.lab.exchanges.iter().map(|e| e.name).collect();
        Text::new(
            format!("「{name}」という実験はありません。あるのは：{}", names.join("、")),
            format!("there is no exchange named {name}. There are: {}", names.join(", ")),
        )
    })?;
    update(model, Action::Choose(at));
    for param in &args.params {
        let Some((key, value)) = param.split_once('=') else {
            return Err(Text::new(format!("-p {param}：NAME=VALUE の形で書いてください"), format!("-p {param}: write NAME=VALUE")));
        };
        let known = model.lab.exchange().map(|e| e.params).unwrap_or_default();
        if !known.iter().any(|p| p.name == key) {
            let names: Vec<_> = known.iter().map(|p| p.name).collect();
            return Err(Text::new(
                format!("{name} に「{key}」はありません。選べるのは：{}", names.join("、")),
                format!("{name} has no choice named {key}. There are: {}", names.join(", ")),
            ));
        }
        update(model, Action::SetParam { name: key.to_owned(), value: value.to_owned() });
    }
    update(model, Action::SetInterface(args.interface.clone()));
    update(model, Action::SetFilter(args.filter.clone()));
    model.lab.problem().map_or(Ok(()), Err)
}

fn list(lang: Lang) -> Result<ExitCode, Text> {
    let mut out = Out::new();
    for exchange in crate::lab::infos() {
        out.line(&format!("{:<20}  {}: {}", exchange.name, exchange.title.get(lang), exchange.tagline.get(lang)))?;
        for param in exchange.params {
            let allowed = match &param.kind {
                ParamKind::Text { max_bytes, .. } => lang.pick(format!("文字（{max_bytes} バイトまで）"), format!("text, up to {max_bytes} bytes")),
                ParamKind::Number { min, max, unit, .. } => format!("{min}–{max} {}", unit.get(lang)),
                ParamKind::Choice { options } => options.iter().map(|o| o.0).collect::<Vec<_>>().join(" | "),
            };
            let label = param.label.get(lang);
            let value = param.default_value().replace('\n', "\\n");
            out.line(&format!("    -p {:<10} {label}: {allowed} [{value}]", format!("{}=", param.name)))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// What has been told so far.
pub(super) struct Story {
    lang: Lang,
    out: Out,
    frames: u32,
    calls: CallId,
    notes: usize,
    /// Errors are explained once.
    explained: Vec<&'static Known>,
    notices: usize,
    pub(super) failed: bool,
    quiet: bool,
}

impl Story {
    pub(super) fn new(lang: Lang, out: Out, quiet: bool) -> Self {
        Self { lang, out, frames: 0, calls: 0, notes: 0, explained: Vec::new(), notices: 0, failed: false, quiet }
    }

    /// Tells what is new. The latest frame waits for the next one while the run goes on: its message may still grow.
    pub(super) fn go_on(&mut self, model: &Model, over: bool) -> Result<(), Text> {
        for notice in model.notices.iter().skip(self.notices) {
            self.notices += 1;
            self.failed |= notice.kind == NoticeKind::Error;
            eprintln!("osiscope: {}", notice.text.get(self.lang));
        }
        let known = model.capture.trace.len();
        let upto = if over { known } else { known.saturating_sub(1) };
        while self.frames < upto && !self.quiet {
            let frame = self.frames;
            let at = model.capture.trace.meta(frame).map_or_else(Default::default, |m| m.at);
            self.calls_before(model, Some(at))?;
            self.notes_before(model, Some(at))?;
            self.frame(model, frame)?;
            self.frames += 1;
        }
        if over && !self.quiet {
            self.calls_before(model, None)?;
            self.notes_before(model, None)?;
        }
        self.out.flush()?;
        Ok(())
    }

    fn calls_before(&mut self, model: &Model, at: Option<Nanos>) -> Result<(), Text> {
        while let Some(call) = model
            .capture
            .trace
            .calls
            .get(self.calls)
            .filter(|c| at.is_none_or(|at| c.at_enter <= at))
        {
            self.notes_before(model, Some(call.at_enter))?;
            let name = match call.host {
                Host::Client => self.lang.pick("クライアント", "client"),
                Host::Server => self.lang.pick("サーバ", "server"),
            };
            let who = if call.program == 0 {
                name.to_owned()
            } else {
                format!("{name} {}", u32::from(call.program) + 1)
            };
            let micros = call.at_return.since(call.at_enter) / 1000;
            let seconds = call.at_enter.since(model.capture.start()) as f64 / 1e9;
            let result = match &call.result {
                CallResult::Failed { text, .. } => format!(" → {text}"),
                _ => String::new(),
            };
            self.out.line(&format!("        {seconds:>10.6}    {who}: {}{result} ({micros} µs)", call.text()))?;
            self.explain(call)?;
            self.calls += 1;
        }
        Ok(())
    }

    /// Why a call failed, the first time that this happens.
    fn explain(&mut self, call: &Call) -> Result<(), Text> {
        let Some(known) = errors::of_call(call).filter(|known| !self.explained.contains(known)) else { return Ok(()) };
        self.explained.push(known);
        let seen = known.seen_in(self.lang).map_or_else(String::new, |seen| format!(" [{seen}]"));
        self.out.line(&format!("                            {}{seen}", known.text().get(self.lang)))?;
        Ok(())
    }

    /// What the exchange has said of itself by `at`.
    fn notes_before(&mut self, model: &Model, at: Option<Nanos>) -> Result<(), Text> {
        let notes = model.capture.trace.notes.iter().skip(self.notes);
        for note in notes.take_while(|n| at.is_none_or(|at| n.at <= at)) {
            let seconds = note.at.since(model.capture.start()) as f64 / 1e9;
            self.out.line(&format!("        {seconds:>10.6}  * {}", note.text.get(self.lang)))?;
            self.notes += 1;
        }
        Ok(())
    }

    fn frame(&mut self, model: &Model, frame: u32) -> Result<(), Text> {
        let Some(explained) = model.explain(frame) else { return Ok(()) };
        let seconds = model.capture.relative(frame) as f64 / 1e9;
        let words = label::long(&model.capture, &explained);
        let number = frame_number(frame);
        let arrow = match model.capture.index.row(frame).map(|r| r.dir) {
            Some(crate::flow::Dir::ToClient) => "<──",
            _ => "──>",
        };
        self.out.line(&format!("{number:>6}  {seconds:>10.6} {arrow} {words}"))?;
        let caption = caption::caption(&model.capture, &explained);
        self.out.line(&format!("                            {}", caption.large.get(self.lang)))?;
        Ok(())
    }

    /// The last line: what there was, and whether anything was lost.
    pub(super) fn end(&mut self, model: &Model) -> Result<(), Text> {
        let trace = &model.capture.trace;
        let (frames, calls, dropped) = (trace.len(), trace.calls.len(), trace.total_dropped());
        let line = self.lang.pick(
            format!("{frames} フレーム、ソケット呼び出し {calls} 回、取りこぼし {dropped}"),
            format!("{frames} frames, {calls} socket calls, {dropped} frames lost"),
        );
        self.out.line(&line)?;
        self.out.flush()?;
        Ok(())
    }
}
