//! The one place where the model changes.

use super::{Action, Dialog, Effect, Loading, Model, Notice, NoticeKind, Purpose, Snapshot, Source, Table, Told, Turn, filter, lab, sorting};
use crate::flow::Dir;
use crate::flow::explain::info;
use crate::flow::tables::Part;
use crate::lang::Text;
use crate::timeline::{Capture, Joins, LabEvent, Program, Scope};
use crate::trace::Damage;
use std::path::PathBuf;
use std::sync::Arc;

/// Frames and calls that what follows from the capture takes in at once.
const STEP: usize = 1 << 14;

/// Applies one action. The effects are to be run in their order.
pub fn update(model: &mut Model, action: Action) -> Vec<Effect> {
    let before = model.play.at;
    let by_filter = matches!(action, Action::FilterFound { .. } | Action::Filter(_) | Action::SetScope(_));
    let mut effects = apply(model, action);
    effects.extend(sorting::keep_up(model));
    if model.play.at != before {
        if !by_filter {
            model.filter.forget_place();
        }
        // Whoever moves the cursor wants to see it.
        model.ladder_top = None;
    }
    effects
}

fn apply(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open(path) => return open(model, Source::File(path)),
        Action::OpenSample(name) => return open(model, Source::Sample(name)),
        Action::OpenStdin => return open(model, Source::Stdin),
        Action::Browse(purpose) => return browse(model, purpose),
        Action::Folder(folder) => return folder_chosen(model, folder),
        Action::Name(name) => {
            if let Some(Dialog::Browse(browse)) = &mut model.dialog {
                browse.name = name;
                browse.confirm = false;
            }
        }
        Action::Chosen => return chosen(model),
        Action::CancelLoad => return vec![Effect::CancelLoad],
        Action::CloseCapture => {
            let mut effects = begin(model, Source::Nothing);
            model.loading = None;
            effects.extend([Effect::CancelLoad, Effect::StopRun]);
            return effects;
        }

        Action::Opened { generation, source } if generation == model.generation => {
            model.capture = Arc::new(Capture::new(source));
            model.joins = Joins::default();
            model.forget();
        }
        Action::Loaded { generation, capture, read, total } if generation == model.generation => {
            let effects = exchange(model, capture);
            if let Some(loading) = &mut model.loading {
                *loading = Loading { read, total };
            }
            return effects.into_iter().chain(keep_up(model)).collect();
        }
        Action::GoOn => return keep_up(model),
        Action::LoadEnded { generation, damage } if generation == model.generation => {
            let mut effects = load_ended(model, damage);
            if model.dialog == Some(Dialog::Analysis) {
                effects.extend(analyse(model, true));
            }
            return effects;
        }
        Action::LoadFailed { generation, why } if generation == model.generation => {
            model.loading = None;
            model.source = Source::Nothing;
            notify(model, NoticeKind::Error, why);
        }
        Action::Opened { .. } | Action::Loaded { .. } | Action::LoadEnded { .. } | Action::LoadFailed { .. } => {}
        Action::Saved { path } => return saved(model, path),
        Action::Listed { folder, entries } => {
            if let Some(Dialog::Browse(browse)) = &mut model.dialog
                && browse.folder == folder
            {
                browse.entries = entries;
            }
        }
        Action::Lab { generation, event } if generation == model.generation => lab_event(model, event),
        Action::Spool { generation, path } if generation == model.generation => {
            if let Source::Lab { spool, .. } = &mut model.source {
                *spool = Some(path);
            }
        }
        Action::Lab { .. } | Action::Spool { .. } => {}
        Action::Services(services) => model.lab.services = Some(services),
        Action::Interfaces(interfaces) => model.lab.interfaces = interfaces,
        Action::Recovered(paths) => {
            for path in paths {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                model.notices.push(Notice {
                    kind: NoticeKind::Info,
                    text: Text::new(
                        format!("前回、保存されずに終わったキャプチャがあります：{name}"),
                        format!("An earlier run ended without saving its capture: {name}"),
                    ),
                    open: Some(path),
                });
            }
        }
        Action::Notify(notice) => model.notices.push(notice),
        Action::Analysed { generation, serial, found } if generation == model.generation => {
            model.analysis.take(serial, found);
        }
        Action::Analysing { generation, serial, done, total } if generation == model.generation => {
            model.analysis.progress(serial, done, total);
        }
        Action::Analysed { .. } | Action::Analysing { .. } => {}
        Action::Analyse(turn) => return turned(model, turn),

        Action::Choose(at) => {
            model.lab.chosen = at.min(model.lab.exchanges.len().saturating_sub(1));
            model.lab.note = None;
            model.prefs.exchange = model.lab.exchange().map(|e| e.name.to_owned());
            return vec![Effect::SavePrefs];
        }
        Action::SetParam { name, value } => {
            let Some(exchange) = model.lab.exchange() else { return Vec::new() };
            model.lab.params.entry(exchange.name.to_owned()).or_default().insert(name, value);
            model.prefs.params = model.lab.params.clone();
            return vec![Effect::SavePrefs];
        }
        Action::SetInterface(interface) => model.lab.interface = interface,
        Action::SetFilter(filter) => model.lab.filter = filter,
        Action::SetOnlyCapture(only) => model.lab.only_capture = only,
        Action::Start => return start(model),
        Action::Stop => {
            if let Some(running) = &mut model.lab.running {
                running.stopping = true;
                return vec![Effect::StopRun];
            }
        }

        Action::Tick(seconds) => tick(model, seconds),
        Action::TogglePlay => {
            let play = &mut model.play;
            let at_end = play.at.is_some_and(|at| at + 1 >= model.sequence.len()) && play.progress >= 1.0;
            if !play.playing && at_end {
                play.put(Some(0), true);
            }
            play.playing = !play.playing && !model.sequence.is_empty();
        }
        Action::Step { forward } => {
            model.play.playing = false;
            model.play.step(forward, model.sequence.len());
            model.pinned = None;
        }
        Action::First => go(model, Some(0)),
        Action::Last => go(model, model.sequence.len().checked_sub(1)),
        Action::Go(frame) => {
            // A frame that is not shown can still be gone to: then all are shown.
            let effects = match model.sequence.position(frame) {
                None => filter::off(model, Scope::All),
                Some(_) => Vec::new(),
            };
            go(model, model.sequence.position(frame));
            return effects;
        }
        Action::GoPosition(at) => go(model, Some(at)),
        Action::GoCall(call) => {
            let frames = model.joins.frames_of(&model.capture, call);
            let here = frames.iter().position(|f| model.current() == Some(*f));
            let next = here.and_then(|at| frames.get(at + 1)).or(frames.first());
            return next.map_or_else(Vec::new, |frame| update(model, Action::Go(*frame)));
        }
        Action::SetTiming(timing) => model.play.timing = timing,
        Action::SetSpeed(speed) => match model.play.timing {
            crate::timeline::Timing::Steps => model.play.step_speed = speed,
            crate::timeline::Timing::Original => model.play.original_speed = speed,
        },
        Action::SetScope(scope) => return filter::set_scope(model, scope),
        Action::ScrollLadder(top) => model.ladder_top = Some(top),

        Action::Hover(target) => model.hover = target,
        Action::Pin(target) => model.pinned = target,
        Action::Copy(text) => return vec![Effect::Copy(text)],

        Action::FilterEdit(text) => filter::edit(model, text),
        Action::Filter(text) => return filter::apply(model, &text),
        Action::FilterFound { generation, frames, upto, done } if generation == model.filter.generation => {
            return filter::found(model, &frames, upto, done);
        }
        Action::FilterFound { .. } => {}
        Action::StopFilter => return filter::stop(model),
        Action::SaveFilter(text) => {
            let text = text.trim();
            if !text.is_empty() && !model.prefs.filters.iter().any(|f| f == text) {
                model.prefs.filters.push(text.to_owned());
                return vec![Effect::SavePrefs];
            }
        }
        Action::ForgetFilter(text) => {
            model.prefs.filters.retain(|f| *f != text);
            return vec![Effect::SavePrefs];
        }
        Action::FocusFilter => model.filter.focus += 1,

        Action::SortBy(by) => sorting::turn(model, by),
        Action::Sorted { serial, order } => sorting::sorted(model, serial, order),

        Action::OpenFind => model.find.open = true,
        Action::CloseFind => model.find = super::Find { text: std::mem::take(&mut model.find.text), ..Default::default() },
        Action::FindText(text) => {
            model.find.text = text;
            model.find.nothing = false;
        }
        Action::FindNext { forward } => model.find.begin(model.play.at, model.sequence.len(), forward),

        Action::SetTab(tab) => model.tab = tab,
        Action::SetLang(lang) => {
            model.prefs.lang = Some(lang);
            return vec![Effect::SavePrefs];
        }
        Action::SetLanguage(language) => {
            model.prefs.language = language;
            return vec![Effect::SavePrefs];
        }
        Action::SetTheme(theme) => {
            model.prefs.theme = theme;
            return vec![Effect::SavePrefs];
        }
        Action::SetOsi(osi) => {
            model.prefs.osi = osi;
            return vec![Effect::SavePrefs];
        }
        Action::SetZoom(zoom) => {
            model.prefs.zoom = Some(zoom);
            return vec![Effect::Zoom(zoom), Effect::SavePrefs];
        }
        Action::SizePanel { key, size } => {
            let panels = &mut model.prefs.panels;
            match size {
                Some(size) => drop(panels.insert(key, size)),
                None => {
                    panels.remove(&key);
                    model.layout += 1;
                }
            }
            return vec![Effect::SavePrefs];
        }
        Action::ResetPanels => {
            model.prefs.panels.clear();
            model.layout += 1;
            return vec![Effect::SavePrefs];
        }
        Action::ToggleFullScreen => {
            model.full_screen = !model.full_screen;
            return vec![Effect::FullScreen(model.full_screen)];
        }
        Action::ShowDialog(dialog) => {
            model.dialog = Some(dialog);
            match &model.dialog {
                Some(Dialog::Doctor) => return vec![Effect::Examine],
                Some(Dialog::Analysis) => {
                    let grown = model.analysis.found().is_some_and(|f| f.frames() != model.capture.trace.len());
                    return analyse(model, grown);
                }
                _ => {}
            }
        }
        Action::CloseDialog if browsing_stream(model) => model.dialog = Some(Dialog::Analysis),
        Action::CloseDialog => {
            let analysing = model.dialog == Some(Dialog::Analysis) && model.analysis.waiting.take().is_some();
            model.dialog = None;
            if analysing {
                return vec![Effect::CancelAnalysis];
            }
        }
        Action::DismissNotice(at) => {
            if at < model.notices.len() {
                model.notices.remove(at);
            }
        }
        Action::Quit => return vec![Effect::Quit],
    }
    Vec::new()
}

/// Takes another capture, or more of the same; the one before is let go of elsewhere.
fn exchange(model: &mut Model, capture: Arc<Capture>) -> Option<Effect> {
    let before = std::mem::replace(&mut model.capture, capture);
    (!before.trace.is_empty()).then_some(Effect::LetGo(Snapshot(before)))
}

/// Has what follows from the capture keep up with it, a bounded step at a time.
fn keep_up(model: &mut Model) -> Vec<Effect> {
    let joined = model.joins.step(&model.capture, STEP);
    let grown = model.sequence.step(&model.capture, STEP);
    if model.play.at.is_none() && !model.sequence.is_empty() && !model.filter.waits() {
        // The first frame is shown at once; a run of the lab sets off by itself.
        model.play.put(Some(0), model.play.playing);
    }
    let mut effects = filter::go_on(model);
    if !(joined && grown) {
        effects.push(Effect::GoOn);
    }
    effects
}

/// Makes room for another capture; late news of the one before is no longer listened to.
#[must_use = "the pass of the filter is to be stopped"]
fn begin(model: &mut Model, source: Source) -> Vec<Effect> {
    model.generation += 1;
    model.source = source;
    let before = exchange(model, Arc::new(Capture::empty()));
    model.joins = Joins::default();
    let effects = before.into_iter().chain(filter::begin(model)).collect();
    model.play.put(None, false);
    model.play.playing = false;
    model.pinned = None;
    model.hover = None;
    model.loading = Some(Loading { read: 0, total: None });
    model.dialog = None;
    model.find.running = None;
    model.analysis.forget();
    model.lab.note = None;
    model.lab.ran = None;
    // A run of the capture before is no longer listened to either; whoever begins another has it stopped.
    model.lab.running = None;
    // What was said of the capture before is over; offers stay.
    model.notices.retain(|n| n.open.is_some());
    model.forget();
    effects
}

fn open(model: &mut Model, source: Source) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.lab.running.is_some() {
        effects.push(Effect::StopRun);
    }
    effects.extend(begin(model, source.clone()));
    if let Source::File(path) = &source {
        model.prefs.opened(path.clone());
        model.prefs.folder = path.parent().map(PathBuf::from);
        model.notices.retain(|n| n.open.as_ref() != Some(path));
        effects.push(Effect::SavePrefs);
    }
    effects.push(Effect::Load { source, generation: model.generation });
    effects
}

fn start(model: &mut Model) -> Vec<Effect> {
    if model.lab.running.is_some() || model.lab.problem().is_some() {
        return Vec::new();
    }
    let Some(spec) = model.lab.spec() else { return Vec::new() };
    let title = match (&spec.exchange, model.lab.exchange()) {
        (Some(_), Some(exchange)) => Text::from(exchange.title),
        _ => Text::new("キャプチャ", "Capture"),
    };
    let mut effects = begin(model, Source::Lab { title, spool: None, saved: false });
    model.play.playing = true;
    model.lab.ran.clone_from(&spec.exchange);
    model.lab.running = Some(lab::Running { spec: spec.clone(), started: false, stopping: false });
    effects.push(Effect::Run { spec, generation: model.generation });
    effects
}

fn lab_event(model: &mut Model, event: LabEvent) {
    match event {
        LabEvent::Started { .. } => {
            if let Some(running) = &mut model.lab.running {
                running.started = true;
            }
        }
        LabEvent::Spooled { .. } => {}
        LabEvent::Note { text } => model.lab.note = Some(text),
        LabEvent::Failed { text } => notify(model, NoticeKind::Error, text),
        LabEvent::Ended { .. } => model.lab.running = None,
    }
}

fn load_ended(model: &mut Model, damage: Option<Damage>) -> Vec<Effect> {
    model.loading = None;
    model.forget();
    if let Some(damage) = damage {
        notify(model, NoticeKind::Warning, damage.why.clone());
        if model.capture.trace.damage.as_ref() != Some(&damage) {
            Arc::make_mut(&mut model.capture).trace.damage = Some(damage);
        }
    }
    let lost = model.capture.trace.total_dropped();
    if lost > 0 {
        let text = Text::new(
            format!("キャプチャは {lost} フレームを取りこぼしました。この先の分析は欠けた分に左右されます。"),
            format!("The capture lost {lost} frames. The analysis cannot know what was in them."),
        );
        notify(model, NoticeKind::Warning, text);
    }
    filter::loaded(model)
}

/// Asks for the table that is open. `anew`: also if it is known.
fn analyse(model: &mut Model, anew: bool) -> Vec<Effect> {
    if model.analysis.table == Table::Follow && model.analysis.flow.is_none() {
        let now = model.current().and_then(|f| model.capture.index.flow_of(f)).map(|(id, _)| id);
        model.analysis.follow(now);
    }
    let question = model.analysis.question(&model.capture, model.generation, anew);
    question.into_iter().map(Effect::Analyse).collect()
}

fn turned(model: &mut Model, turn: Turn) -> Vec<Effect> {
    let now = &mut model.analysis;
    match turn {
        Turn::Table(table) => {
            now.table = table;
            now.waiting = None;
            return analyse(model, false);
        }
        Turn::Sort(column) => now.sort(column),
        Turn::Transport(transport) => now.transport = transport,
        Turn::Select(row) => {
            let table = now.table as usize;
            if let (Some(selected), Some(found)) = (now.selected.get_mut(table), now.found.get(table).and_then(Option::as_ref)) {
                *selected = row.min(found.len().saturating_sub(1));
            }
            return Vec::new();
        }
        Turn::Follow(flow) => {
            now.table = Table::Follow;
            now.follow(Some(flow));
            return analyse(model, false);
        }
        Turn::Form(form) => now.form = form,
        Turn::Unpacked(unpacked) => {
            now.unpacked = unpacked;
            now.first_page();
        }
        Turn::NextPage => match now.next_page() {
            Some(next) => now.pages.push(next),
            None => return Vec::new(),
        },
        Turn::PreviousPage => {
            if now.pages.len() < 2 {
                return Vec::new();
            }
            now.pages.pop();
        }
        Turn::Refresh => {}
        Turn::Cancel => {
            now.cancelled = now.waiting.take().is_some();
            return vec![Effect::CancelAnalysis];
        }
        Turn::CopyTable => {
            let Some(found) = now.found().cloned() else { return Vec::new() };
            let snapshot = Snapshot(Arc::clone(&model.capture));
            return vec![Effect::CopyTable { found, snapshot, lang: model.lang() }];
        }
    }
    analyse(model, true)
}

fn notify(model: &mut Model, kind: NoticeKind, text: Text) {
    model.notices.push(Notice { kind, text, open: None });
}

fn browse(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    if purpose == Purpose::Save && model.capture.trace.is_empty() {
        notify(model, NoticeKind::Info, Text::new("保存するフレームがまだありません。", "There are no frames to save yet."));
        return Vec::new();
    }
    if let Purpose::Stream(_) = purpose
        && model.analysis.flow.is_none()
    {
        return Vec::new();
    }
    let folder = model.prefs.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let name = match (purpose, &model.source) {
        (Purpose::Open, _) => String::new(),
        (Purpose::Program(host), _) => model.program(host).map(Program::file_name).unwrap_or_default(),
        (Purpose::Stream(part), _) => {
            let ending = if matches!(part, Part::Text(..)) { "txt" } else { "bin" };
            let way = match part {
                Part::Way(Dir::ToServer) => "-client",
                Part::Way(Dir::ToClient) => "-server",
                _ => "",
            };
            let number = model.analysis.flow.and_then(|f| model.capture.index.flow(f)).map_or(0, |f| f.number);
            format!("stream-{number}{way}.{ending}")
        }
        (Purpose::Save, Source::File(path)) => {
            path.with_extension("pcapng").file_name().unwrap_or_default().to_string_lossy().into_owned()
        }
        (Purpose::Save, Source::Sample(name)) => name.clone(),
        (Purpose::Save, _) => match model.lab.exchange() {
            Some(exchange) => format!("{}.pcapng", exchange.name),
            None => "capture.pcapng".to_owned(),
        },
    };
    let (dialog, list) = Action::browser(purpose, folder, name);
    model.dialog = Some(dialog);
    vec![list]
}

fn folder_chosen(model: &mut Model, folder: PathBuf) -> Vec<Effect> {
    let Some(Dialog::Browse(browse)) = &mut model.dialog else { return Vec::new() };
    browse.folder.clone_from(&folder);
    browse.entries = Ok(Vec::new());
    browse.confirm = false;
    if browse.purpose == Purpose::Open {
        browse.name.clear();
    }
    vec![Effect::List { folder, all: browse.purpose.lists_all() }]
}

fn chosen(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Browse(browse)) = &mut model.dialog else { return Vec::new() };
    if browse.name.trim().is_empty() {
        return Vec::new();
    }
    let path = browse.path();
    let is_folder = browse
        .entries
        .as_ref()
        .is_ok_and(|entries| entries.iter().any(|e| e.folder && e.name == browse.name.trim()));
    match browse.purpose {
        _ if is_folder => folder_chosen(model, path),
        Purpose::Open => open(model, Source::File(path)),
        Purpose::Save | Purpose::Stream(_) | Purpose::Program(_) if browse.replaces() && !browse.confirm => {
            browse.confirm = true;
            Vec::new()
        }
        Purpose::Stream(part) => {
            let replace = browse.confirm;
            model.dialog = Some(Dialog::Analysis);
            let Some(flow) = model.analysis.flow else { return Vec::new() };
            let snapshot = Snapshot(Arc::clone(&model.capture));
            let what = Told { flow, part, unpacked: model.analysis.unpacked, snapshot };
            vec![Effect::SaveStream { path, what, replace }]
        }
        Purpose::Program(host) => {
            let replace = browse.confirm;
            model.dialog = None;
            let text = model.program(host).map(Program::text);
            text.map(|text| Effect::SaveText { path, text, replace }).into_iter().collect()
        }
        Purpose::Save => {
            model.prefs.folder = path.parent().map(PathBuf::from);
            model.dialog = None;
            vec![Effect::Save { path }]
        }
    }
}

/// The browser stands in front of the analysis.
fn browsing_stream(model: &Model) -> bool {
    matches!(&model.dialog, Some(Dialog::Browse(browse)) if matches!(browse.purpose, Purpose::Stream(_)))
}

fn saved(model: &mut Model, path: PathBuf) -> Vec<Effect> {
    if let Source::Lab { saved, .. } = &mut model.source {
        *saved = true;
    }
    let shown = path.display();
    let text = Text::new(format!("保存しました：{shown}"), format!("Saved: {shown}"));
    notify(model, NoticeKind::Info, text);
    model.prefs.opened(path);
    vec![Effect::SavePrefs]
}

fn go(model: &mut Model, at: Option<usize>) {
    let Some(at) = at.filter(|&at| at < model.sequence.len()) else { return };
    model.play.playing = false;
    model.play.put(Some(at), false);
    if model.pinned.is_some_and(|p| Some(p.frame) != model.current()) {
        model.pinned = None;
    }
}

fn tick(model: &mut Model, seconds: f64) {
    let sequence = &model.sequence;
    let trace = &model.capture.trace;
    let time_of = |at: usize| sequence.frame(at).and_then(|f| trace.meta(f)).map_or_else(Default::default, |m| m.at);
    let open_end = model.open_end();
    model.play.tick(seconds, sequence.len(), &time_of, open_end);
    if model.find.running.is_some() {
        let mut find = std::mem::take(&mut model.find);
        let hit = find.go_on(model.sequence.len(), &mut |at| {
            let frame = model.sequence.frame(at)?;
            Some((frame, info(&*model.explain(frame)?)))
        });
        model.find = find;
        if hit.is_some() {
            go(model, hit);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::app::{Browse, Entry, Prefs};
    use crate::lang::{Lang, words};
    use crate::timeline::{ExchangeInfo, Param, ParamKind, Place};
    use std::sync::Arc;

    static COUNT: Param = Param {
        name: "count",
        label: words("回数", "Count"),
        note: words("回数", "Count"),
        kind: ParamKind::Number { default: 3, min: 1, max: 9, unit: words("回", "times") },
    };
    static ECHO: ExchangeInfo = ExchangeInfo {
        name: "echo",
        badge: "E",
        title: words("エコー", "Echo"),
        tagline: words("", ""),
        about: words("", ""),
        params: std::slice::from_ref(&COUNT),
    };

    fn model() -> Model {
        let mut model = Model::new(Prefs::default(), Lang::En);
        model.lab.exchanges = vec![&ECHO];
        model
    }

    fn set(model: &mut Model, value: &str) {
        update(model, Action::SetParam { name: "count".into(), value: value.into() });
    }

    #[test]
    fn start_runs_what_is_chosen_and_only_once() {
        let mut model = model();
        set(&mut model, "5");
        let effects = update(&mut model, Action::Start);
        let [Effect::Run { spec, generation }] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(spec.params.get("count").map(String::as_str), Some("5"));
        assert_eq!((spec.exchange.as_deref(), &spec.place, *generation), (Some("echo"), &Place::Own, model.generation));
        assert!(update(&mut model, Action::Start).is_empty(), "a second Start while one runs does nothing");
    }

    #[test]
    fn start_does_nothing_while_a_value_is_out_of_range() {
        let mut model = model();
        set(&mut model, "10");
        assert!(model.lab.problem().is_some());
        assert!(update(&mut model, Action::Start).is_empty());
        assert!(model.lab.running.is_none());
    }

    #[test]
    fn late_news_of_an_earlier_capture_changes_nothing() {
        let mut model = model();
        update(&mut model, Action::Open("/one.pcap".into()));
        let earlier = model.generation;
        update(&mut model, Action::Open("/two.pcap".into()));
        let why = Text::same("late");
        update(&mut model, Action::LoadFailed { generation: earlier, why });
        assert_eq!(model.source, Source::File("/two.pcap".into()));
        assert!(model.notices.is_empty() && model.loading.is_some());
        let source = Arc::new(Vec::new());
        let news = Action::Loaded { generation: earlier, capture: Arc::new(Capture::empty()), read: 9, total: None };
        update(&mut model, Action::Opened { generation: earlier, source });
        update(&mut model, news);
        assert_eq!(model.loading, Some(Loading { read: 0, total: None }));
    }

    #[test]
    fn the_end_of_an_earlier_run_does_not_end_the_one_that_runs() {
        let mut model = model();
        update(&mut model, Action::Start);
        let earlier = model.generation;
        update(&mut model, Action::CloseCapture);
        assert!(model.lab.running.is_none());
        update(&mut model, Action::Start);
        update(&mut model, Action::Lab { generation: earlier, event: LabEvent::Ended { cancelled: true } });
        assert!(model.lab.running.is_some());
        let generation = model.generation;
        update(&mut model, Action::Lab { generation, event: LabEvent::Ended { cancelled: false } });
        assert!(model.lab.running.is_none());
    }

    #[test]
    fn opening_a_file_ends_a_run_and_is_remembered_first() {
        let mut model = model();
        update(&mut model, Action::Start);
        let effects = update(&mut model, Action::Open("/a/b.pcap".into()));
        assert!(effects.contains(&Effect::StopRun), "{effects:?}");
        assert!(model.lab.running.is_none());
        update(&mut model, Action::Open("/a/c.pcap".into()));
        update(&mut model, Action::Open("/a/b.pcap".into()));
        assert_eq!(model.prefs.recent, [PathBuf::from("/a/b.pcap"), "/a/c.pcap".into()], "the same file is listed once");
    }

    #[test]
    fn a_file_is_replaced_only_after_being_asked() {
        let mut model = model();
        let mut browse = Browse::new(Purpose::Save, "/tmp".into(), "old.pcap".into());
        browse.entries = Ok(vec![Entry { name: "old.pcap".into(), folder: false, size: 1 }]);
        model.dialog = Some(Dialog::Browse(browse));
        assert!(update(&mut model, Action::Chosen).is_empty());
        assert_eq!(update(&mut model, Action::Chosen), [Effect::Save { path: "/tmp/old.pcap".into() }]);
        assert!(model.dialog.is_none());
    }

    #[test]
    fn what_an_earlier_run_left_is_offered_until_it_is_opened() {
        let mut model = model();
        update(&mut model, Action::Recovered(vec!["/state/run.pcapng".into()]));
        update(&mut model, Action::Start);
        assert_eq!(model.notices.len(), 1, "starting something else does not take the offer away");
        update(&mut model, Action::Open("/state/run.pcapng".into()));
        assert!(model.notices.is_empty());
    }
}
