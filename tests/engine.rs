//! The engine with the model, as the window uses them, without a window: files, pipes, saves, runs and their accidents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use osiscope::app::{Action, Model, NoticeKind, Prefs, Source, World, update};
use osiscope::engine::{Engine, folders::Folders, samples};
use osiscope::flow::TcpState;
use osiscope::lang::Lang;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A program without a window.
struct Program {
    model: Model,
    engine: Engine,
    root: tempfile::TempDir,
}

impl Program {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders { config: root.path().join("config"), state: root.path().join("state") };
        // A test is another program than the one under test.
        let engine = Engine::of_program(Arc::new(|| {}), folders, env!("CARGO_BIN_EXE_osiscope").into());
        let mut model = Model::new(Prefs::default(), Lang::En);
        model.lab.exchanges = osiscope::lab::infos();
        model.samples = samples::list();
        Self { model, engine, root }
    }

    fn act(&mut self, action: Action) {
        let effects = update(&mut self.model, action);
        self.engine.run(effects, &self.model.prefs);
    }

    /// Takes in news until `done`; fails after ten seconds.
    fn until(&mut self, done: impl Fn(&Model) -> bool) {
        let limit = Instant::now() + Duration::from_secs(10);
        while !done(&self.model) {
            assert!(Instant::now() < limit, "nothing more came: {:?} {:?}", self.model.loading, self.model.notices);
            for action in self.engine.news(Duration::from_millis(20)) {
                self.act(action);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn open(&mut self, path: &Path) {
        self.act(Action::Open(path.to_owned()));
        self.until(|m| m.loading.is_none());
    }

    fn frames(&self) -> u32 {
        self.model.capture.trace.len()
    }

    /// All bytes of all frames.
    fn bytes(&self) -> Vec<Vec<u8>> {
        let trace = &self.model.capture.trace;
        let mut buf = Vec::new();
        (0..trace.len()).map(|f| trace.frame(f, &mut buf).unwrap().bytes.to_vec()).collect()
    }
}

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures")
}

#[test]
fn a_file_opens_and_its_first_frame_is_now() {
    let mut program = Program::new();
    program.open(&captures().join("http.pcapng"));
    assert_eq!(program.frames(), 12);
    assert_eq!(program.model.current(), Some(0));
    assert!(!program.model.capture.trace.calls.is_empty());
    let index = &program.model.capture.index;
    assert_eq!(index.rows.len(), 12);
    assert_eq!(index.states_before(0), [TcpState::Closed, TcpState::Listen]);
    assert!((1..12).all(|frame| index.states_before(frame) == index.row(frame - 1).unwrap().states));
}

#[test]
fn every_sample_in_the_program_opens() {
    for (name, _) in samples::list() {
        let mut program = Program::new();
        program.act(Action::OpenSample(name.clone()));
        program.until(|m| m.loading.is_none());
        assert!(program.frames() >= 4, "{name}");
        assert_eq!(program.bytes().len() as u32, program.frames());
    }
}

#[test]
fn a_saved_capture_holds_the_same_frames_and_pcapng_the_calls_too() {
    let mut program = Program::new();
    program.open(&captures().join("websocket.pcapng"));
    let before = program.bytes();
    let calls = program.model.capture.trace.calls.clone();
    for name in ["copy.pcapng", "copy.pcap"] {
        let path = program.root.path().join(name);
        program.engine.run(vec![osiscope::app::Effect::Save { path: path.clone() }], &Prefs::default());
        let shown = path.display().to_string();
        program.until(|m| m.notices.iter().any(|n| n.kind == NoticeKind::Info && n.text.en.ends_with(&shown)));
        let mut again = Program::new();
        again.open(&path);
        assert_eq!(again.bytes(), before, "{name}");
        assert_eq!(again.model.capture.trace.calls.is_empty(), name == "copy.pcap");
        if name == "copy.pcapng" {
            assert_eq!(again.model.capture.trace.calls, calls);
        }
        assert!(!path.with_extension("part").exists());
    }
}

#[test]
fn a_cut_file_shows_what_is_whole_and_says_where_it_stopped() {
    let mut program = Program::new();
    let whole = fs::read(captures().join("http.pcap")).unwrap();
    let path = program.root.path().join("cut.pcap");
    fs::write(&path, &whole[..whole.len() - 10]).unwrap();
    program.open(&path);
    assert_eq!(program.frames(), 11);
    let damage = program.model.capture.trace.damage.clone().expect("the cut is noticed");
    assert!(damage.at < whole.len() as u64 - 10, "{damage:?}");
    assert!(program.model.notices.iter().any(|n| n.kind == NoticeKind::Warning && n.text == damage.why));
}

#[test]
fn what_cannot_be_opened_is_said_with_what_to_do() {
    let mut program = Program::new();
    program.open(Path::new("/there/is/no/such.pcap"));
    let folder = program.root.path().to_owned();
    program.open(&folder);
    assert_eq!(program.model.source, Source::Nothing);
    let last = program.model.notices.last().unwrap();
    assert!(last.kind == NoticeKind::Error && last.text.en.contains("folder") && last.text.ja.contains("フォルダ"), "{last:?}");
}

#[test]
fn a_run_is_on_disk_before_it_is_shown_and_can_be_saved() {
    let program_file = Path::new(env!("CARGO_BIN_EXE_osiscope"));
    if !osiscope::lab::doctor::doctor_with(program_file, &std::env::temp_dir()).first().is_some_and(|s| s.works) {
        eprintln!("SKIPPED: no name space of one's own can be made here");
        return;
    }
    let mut program = Program::new();
    let begun = Instant::now();
    program.act(Action::Start);
    program.until(|m| !m.capture.trace.is_empty());
    assert!(begun.elapsed() < Duration::from_secs(3), "the first frame came after {:?}", begun.elapsed());
    let Source::Lab { spool: Some(spool), .. } = program.model.source.clone() else { panic!("{:?}", program.model.source) };
    let last = program.model.capture.trace.frames.last().unwrap();
    assert!(fs::metadata(&spool).unwrap().len() >= last.offset + u64::from(last.cap_len));
    program.until(|m| m.lab.running.is_none() && m.loading.is_none());
    assert!(program.frames() >= 10 && program.model.capture.trace.total_dropped() == 0);
    assert_eq!(program.model.notices, [], "a run without accidents needs no notice");

    let (state, frames) = (program.root.path().join("state"), program.frames());
    let Program { engine, root, .. } = program;
    drop(engine);
    assert_eq!(fs::read_dir(state.join("runs")).unwrap().count(), 1, "an orderly end keeps the run");
    let kept = fs::read_dir(state.join("runs")).unwrap().next().unwrap().unwrap().path();
    let mut again = Program::new();
    again.open(&kept);
    assert_eq!(again.frames(), frames);
    drop(root);
}

/// The frames that are shown.
fn shown(model: &Model) -> Vec<u32> {
    (0..model.sequence.len()).filter_map(|at| model.sequence.frame(at)).collect()
}

#[test]
fn a_filter_shows_the_frames_that_its_judgement_lets_through() {
    use osiscope::filter::{Every, Filter, Look};
    use osiscope::flow::explain::{Shown, WhenWhole};
    let mut program = Program::new();
    program.open(&captures().join("http.pcapng"));
    for text in ["http", "tcp.flags.syn == 1", "tcp.len > 0 and not http.request", "frame contains \"HTTP\"", "arp"] {
        program.act(Action::Filter(text.to_owned()));
        program.until(|m| m.filter.running.is_none());
        let filter = Filter::parse(text, &Every).unwrap();
        let capture = &program.model.capture;
        let mut look = Look::new(&capture.trace, &capture.index, Shown::WhenWhole(WhenWhole::of(&capture.index)));
        let wanted: Vec<u32> = (0..12).filter(|f| filter.passes(look.at(*f))).collect();
        assert_eq!(shown(&program.model), wanted, "{text}");
        assert_eq!(wanted.is_empty(), text == "arp", "{text}");
    }
    program.act(Action::Filter(String::new()));
    assert_eq!(program.model.sequence.len(), 12);
}

#[test]
fn a_filter_that_is_in_force_holds_for_what_is_opened_next() {
    let mut program = Program::new();
    program.act(Action::Filter("tcp.flags.syn == 1".to_owned()));
    program.open(&captures().join("http.pcapng"));
    program.until(|m| m.filter.running.is_none() && !m.sequence.is_empty());
    assert_eq!(shown(&program.model), [0, 1]);
    assert_eq!(program.model.current(), Some(0));
}

#[test]
fn a_pass_ends_at_once_when_it_is_stopped_or_nobody_listens() {
    use osiscope::app::Effect;
    use std::sync::atomic::AtomicBool;
    let mut program = Program::new();
    program.open(&captures().join("http.pcapng"));
    let effects = update(&mut program.model, Action::Filter("http".to_owned()));
    let pass = effects.iter().find_map(|e| if let Effect::Filter(pass) = e { Some(pass.clone()) } else { None }).unwrap();
    let said = |stop: bool| {
        let mut said = 0;
        let mut listen = |_| {
            said += 1;
            true
        };
        osiscope::engine::filter::run(&pass, &AtomicBool::new(stop), &mut listen);
        said
    };
    assert_eq!(said(true), 0, "a stopped pass says nothing more");
    assert!(said(false) >= 1);
}
