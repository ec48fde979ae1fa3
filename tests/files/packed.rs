//! Packed captures through the doors that people use: the command line with a file and a pipe, and the window's engine.

use super::hostile::{gz, zst};
use super::*;
use osiscope::app::{Action, Model, Prefs, World, update};
use osiscope::engine::{Engine, folders::Folders};
use osiscope::lang::Lang;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

fn http() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/http.pcapng")).unwrap()
}

/// Output, errors and exit code of the program.
fn run(home: &Path, arguments: &[&str], input: Option<&[u8]>) -> (String, String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_osiscope"))
        .args(arguments)
        .env("HOME", home)
        .env("LANG", "C")
        .env_remove("XDG_STATE_HOME")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that ends before it has read everything closes the pipe.
    let _ = stdin.write_all(input.unwrap_or_default());
    drop(stdin);
    let out = child.wait_with_output().unwrap();
    (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap(), out.status.code())
}

#[test]
fn read_and_summary_say_of_packed_files_and_pipes_what_they_say_of_plain_ones() {
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let plain = http();
    // The name does not count.
    let files = [file("a.pcapng", &plain), file("b.txt", &gz(&plain)), file("c.pcapng", &zst(&plain))];
    for command in ["read", "summary"] {
        let expected = run(home.path(), &[command, &files[0]], None);
        assert_eq!((expected.2, expected.1.as_str()), (Some(0), ""));
        assert!(expected.0.lines().count() > 5);
        for name in &files {
            assert_eq!(run(home.path(), &[command, name], None), expected, "{command} {name}");
            let bytes = std::fs::read(name).unwrap();
            assert_eq!(run(home.path(), &[command, "-"], Some(&bytes)), expected, "{command} - < {name}");
        }
    }
    // Nothing unpacked is left behind.
    let left: Vec<_> = std::fs::read_dir(home.path().join(".local/state/osiscope")).unwrap().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_packed_file_that_is_cut_off_gives_its_frames_and_says_so() {
    let home = tempfile::tempdir().unwrap();
    let many: Vec<u8> = [Little.pcap(0xa1b2_c3d4, (2, 4), 1), (0..3000u32).flat_map(|n| {
        let mut random = Random(u64::from(n));
        Little.record(n, 0, 200, 200, b"", &random.bytes(200))
    }).collect()].concat();
    for (name, mut packed) in [("gzip", gz(&many)), ("zstd", zst(&many))] {
        packed.truncate(packed.len() * 3 / 4);
        let path = home.path().join(name);
        std::fs::write(&path, &packed).unwrap();
        let (out, error, code) = run(home.path(), &["read", &path.display().to_string()], None);
        assert_eq!(code, Some(1));
        assert!(out.lines().count() > 1500, "{name}: only {} frames", out.lines().count());
        assert!(error.contains("cut off") && error.contains(&format!("{} frames", out.lines().count())), "{error}");
    }
}

/// Opens a file as the window does, and gives the model when it is loaded.
fn opened(path: &Path, root: &Path) -> (Model, Engine, Vec<(u64, Option<u64>)>) {
    let folders = Folders { config: root.join("config"), state: root.join("state") };
    let mut engine = Engine::of_program(Arc::new(|| {}), folders, env!("CARGO_BIN_EXE_osiscope").into());
    let mut model = Model::new(Prefs::default(), Lang::En);
    let effects = update(&mut model, Action::Open(path.to_owned()));
    engine.run(effects, &model.prefs);
    let limit = Instant::now() + Duration::from_secs(20);
    let mut progress = Vec::new();
    while model.loading.is_some() {
        assert!(Instant::now() < limit, "the load does not end");
        for action in engine.news(Duration::from_millis(20)) {
            if let Action::Loaded { read, total, .. } = &action {
                progress.push((*read, *total));
            }
            let effects = update(&mut model, action);
            engine.run(effects, &model.prefs);
        }
    }
    (model, engine, progress)
}

#[test]
fn the_window_opens_packed_files_with_progress_and_saves_them_unpacked() {
    let root = tempfile::tempdir().unwrap();
    let plain = http();
    for (name, packed) in [("x.pcapng.gz", gz(&plain)), ("x.pcapng.zst", zst(&plain))] {
        let path = root.path().join(name);
        std::fs::write(&path, &packed).unwrap();
        let (mut model, mut engine, progress) = opened(&path, root.path());
        assert_eq!((model.capture.trace.len(), model.capture.trace.damage.clone()), (12, None));
        let mut buf = Vec::new();
        assert!((0..12).all(|id| model.capture.trace.frame(id, &mut buf).is_some()), "frames are fetched from the spool");
        let total = packed.len() as u64;
        assert!(progress.iter().all(|(read, all)| *all == Some(total) && *read <= total), "{progress:?}");
        let to = root.path().join("saved.pcapng");
        let _ = std::fs::remove_file(&to);
        engine.run(vec![osiscope::app::Effect::Save { path: to.clone() }], &model.prefs);
        let limit = Instant::now() + Duration::from_secs(20);
        while !to.exists() && Instant::now() < limit {
            for action in engine.news(Duration::from_millis(20)) {
                let effects = update(&mut model, action);
                engine.run(effects, &model.prefs);
            }
        }
        let saved = load(&std::fs::read(&to).unwrap());
        assert_eq!(contents(&saved), contents(&load(&plain)));
    }
    let left: Vec<_> = std::fs::read_dir(root.path().join("state")).unwrap().flatten().map(|e| e.path()).collect();
    assert!(!left.iter().any(|p| p.display().to_string().contains("unpacked")), "{left:?}");
}
