//! What a pcapng file holds besides frames and what this program knows: read, kept, and written again.

use super::*;
use osiscope::trace::write::save_some;

/// A block as it stands in a file: its byte order, type and body.
type Block = (bool, u32, Vec<u8>);

/// The blocks of a file, read without the parser.
fn blocks(file: &[u8]) -> Vec<Block> {
    let (mut at, mut big, mut list) = (0, false, Vec::new());
    while at < file.len() {
        let n = |at: usize, big: bool| {
            let b: [u8; 4] = file[at..at + 4].try_into().unwrap();
            if big { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) }
        };
        if file[at..at + 4] == [0x0a, 0x0d, 0x0d, 0x0a] {
            big = file[at + 8] == 0x1a;
        }
        let len = n(at + 4, big) as usize;
        assert_eq!(n(at + len - 4, big) as usize, len);
        list.push((big, n(at, big), file[at + 8..at + len - 4].to_vec()));
        at += len;
    }
    list
}

/// A file with everything that the format knows, and things that it does not: in this byte order, `n` tells sections apart.
fn rich(o: Order, n: u8) -> Vec<u8> {
    let end = || o.option(0, b"");
    let names = [
        [o.u16(1), o.u16(14), vec![10, 0, 0, n], b"host.lan\0\0".to_vec(), vec![0; 2]].concat(),
        [o.u16(2), o.u16(21), vec![0xfd; 16], b"six\0\0".to_vec(), vec![0; 3]].concat(),
        [o.u16(0), o.u16(0)].concat(),
        o.option(2, b"dns.lan"),
        end(),
    ];
    let key_log = b"CLIENT_RANDOM 00 11\n";
    [
        o.section(&[
            o.option(2, b"a machine"),
            o.option(1, b"about the section"),
            o.option(3, b"an OS"),
            o.option(4, b"a program"),
            o.option(2988, &[o.u32(4711), b"theirs".to_vec()].concat()),
            end(),
        ]),
        o.block(4, &names.concat()),
        o.interface(
            1,
            262_144,
            &[
                o.option(2, b"eth0"),
                o.option(3, b"the wire"),
                o.option(4, &[10, 0, 0, 1, 255, 255, 255, 0]),
                o.option(5, &[0xfe; 17]),
                o.option(6, &[2, 0, 0, 0, 0, n]),
                o.option(7, &[2, 0, 0, 0xff, 0xfe, 0, 0, n]),
                o.option(8, &o.u64(1_000_000_000)),
                o.option(9, &[0x80 | 20]),
                o.option(10, &o.u32(9)),
                o.option(11, b"\0tcp"),
                o.option(12, b"Linux"),
                o.option(13, &[4]),
                o.option(14, &o.u64(1000)),
                o.option(15, b"a card"),
                o.option(16, &o.u64(1)),
                o.option(17, &o.u64(2)),
                o.option(777, b"invented"),
                end(),
            ],
        ),
        o.block(10, &[o.u32(0x544c_534b), o.u32(key_log.len() as u32), padded(key_log)].concat()),
        o.enhanced(
            0,
            (1_700_000_000 << 20) + 12_345,
            1500,
            &[n; 61],
            &[
                o.option(2, &o.u32(5)),
                o.option(3, &[2, 1, 2, 3, 4]),
                o.option(1, b"one"),
                o.option(4, &o.u64(2)),
                o.option(5, &o.u64(99)),
                o.option(6, &o.u32(1)),
                o.option(7, &[1, 0, 0, 0, 0, 0, 0, 0, 1]),
                o.option(1, "二つ目".as_bytes()),
                o.option(2989, &[o.u32(4711), vec![1, 2, 3]].concat()),
                end(),
            ],
        ),
        o.block(0x0bad_beef, b"nobody knows"),
        o.interface(101, 96, &[]),
        o.enhanced(0, (1_700_000_001 << 20) + 1, 60, &[n; 60], &[]),
        o.block(3, &[o.u32(60), padded(&[n; 60])].concat()),
        o.block(2, &[o.u16(1), o.u16(3), o.u32(0), o.u32(9), o.u32(5), o.u32(7), padded(&[n; 5]), o.option(2, &o.u32(1))].concat()),
        o.block(0xbad, &[o.u32(4711), b"custom data!".to_vec()].concat()),
        o.block(9, b"__REALTIME_TIMESTAMP=1700000002000000\nMESSAGE=hello\n\n\n"),
        o.block(5, &[o.u32(0), vec![0; 8], o.option(4, &o.u64(70)), o.option(5, &o.u64(1)), o.option(7, &o.u64(3)), end()].concat()),
        o.block(5, &[o.u32(1), vec![0; 8], o.option(8, &o.u64(7))].concat()),
    ]
    .concat()
}

/// What saving changes on purpose in a source without calls: the section's length, and closing marks of options.
fn without_ends(blocks: Vec<Block>) -> Vec<Block> {
    let strip = |(big, kind, mut body): Block| {
        if matches!(kind, 0x0a0d_0d0a | 1) {
            while body.ends_with(&[0; 4]) && body.len() > 16 {
                body.truncate(body.len() - 4);
            }
        }
        (big, kind, body)
    };
    blocks.into_iter().map(strip).collect()
}

#[test]
fn a_saved_pcapng_has_every_block_and_option_of_its_source_in_place_and_order() {
    for file in [rich(Little, 1), rich(Big, 2), [rich(Big, 1), rich(Little, 2), rich(Big, 3)].concat()] {
        let trace = load(&file);
        assert_eq!(trace.damage, None);
        let again = saved(&trace, Format::Pcapng);
        assert_eq!(without_ends(blocks(&again)), without_ends(blocks(&file)));
        assert_eq!(contents(&load(&again)), contents(&trace));
        assert_eq!(saved(&load(&again), Format::Pcapng), again);
    }
}

#[test]
fn names_and_secrets_are_found_in_every_section() {
    let file = [rich(Big, 1), rich(Little, 2)].concat();
    let trace = load(&file);
    let names: Vec<_> = trace.names.iter().map(|(a, n)| format!("{a} {n}")).collect();
    let six = "fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd six";
    assert_eq!(names, ["10.0.0.1 host.lan", six, "10.0.0.2 host.lan", six]);
    let secrets: Vec<_> = trace.secrets().collect();
    assert_eq!(secrets.len(), 2);
    for (kind, place) in secrets {
        assert_eq!(kind, 0x544c_534b);
        assert!(file[place.start as usize..place.end as usize].starts_with(b"CLIENT_RANDOM 00 11\n"));
    }
    let places: Vec<_> = trace.interfaces.iter().flat_map(|i| i.place).map(|p| (p.section, p.id)).collect();
    assert_eq!(places, [(1, 0), (1, 1), (2, 0), (2, 1)]);
    let first = &trace.interfaces[0];
    assert_eq!((first.description.as_deref(), first.fcs_len, first.speed), (Some("the wire"), Some(4), Some(1_000_000_000)));
    // Losses: what the packet said, then what the statistics said.
    assert_eq!(trace.dropped, [4, 3, 4, 3]);
}

#[test]
fn comments_added_and_taken_away_change_only_comments() {
    let l = Little;
    let file = rich(l, 1);
    let mut trace = load(&file);
    trace.comments.retain(|(_, c)| c != "one");
    // A frame that had none, one that had some, and a simple packet, which cannot have any.
    trace.comments.extend([(0, "three".to_string()), (1, "new".into()), (2, "newer".into())]);
    trace.about.push("added".into());
    let again = load(&saved(&trace, Format::Pcapng));
    assert_eq!(again.damage, None);
    let expected = [(0, "二つ目"), (0, "three"), (1, "new"), (2, "newer")].map(|(id, c)| (id, c.to_string()));
    assert_eq!(again.comments, expected);
    assert_eq!(again.about, ["about the section", "added"]);
    let (old, new) = (blocks(&file), blocks(&saved(&trace, Format::Pcapng)));
    let kinds = |list: &[Block]| list.iter().map(|b| b.1).collect::<Vec<_>>();
    let mut expected = kinds(&old);
    *expected.iter_mut().find(|k| **k == 3).unwrap() = 6;
    assert_eq!(kinds(&new), expected);
    let flags = l.option(2, &l.u32(5));
    let packet = new.iter().find(|b| b.1 == 6).unwrap();
    assert!(packet.2.windows(flags.len()).any(|w| w == flags), "the other options of the frame are gone");
}

#[test]
fn a_live_spool_with_calls_becomes_a_file_that_keeps_its_other_blocks() {
    let l = Little;
    let json = format!("{{\"call\":{}}}", serde_json::to_string(&connect(500)).unwrap());
    let file = [
        l.section(&[]),
        l.interface(1, 0, &[l.option(9, &[9])]),
        l.block(0xbad, &[l.u32(32473), json.into_bytes()].concat()),
        l.block(0x77, b"kept"),
        l.enhanced(0, 1000, 60, &[1; 60], &[l.option(2, &l.u32(1))]),
    ]
    .concat();
    let trace = load(&file);
    let again = saved(&trace, Format::Pcapng);
    let kinds: Vec<_> = blocks(&again).iter().map(|b| b.1).collect();
    assert_eq!(kinds, [0x0a0d_0d0a, 1, 0x77, 6]);
    let reread = load(&again);
    assert_eq!(
        (&reread.calls, &reread.comments),
        (&vec![connect(500)].into(), &vec![].into())
    );
    assert_eq!(saved(&reread, Format::Pcapng), again);
}

#[test]
fn some_of_the_frames_are_saved_with_all_that_is_not_frames() {
    let file = [rich(Big, 1), rich(Little, 2)].concat();
    let trace = load(&file);
    let chosen = [0, 3, 9];
    let mut out = Vec::new();
    let n = save_some(&trace, &chosen, Format::Pcapng, &mut out, &mut |_| true).map_err(|e| e.text().en).unwrap();
    let again = load(&out);
    assert_eq!((n, again.len(), again.damage.clone()), (3, 3, None));
    let mut buf = Vec::new();
    for (new, old) in chosen.iter().enumerate() {
        let was = trace.frame(*old, &mut Vec::new()).map(|f| (f.meta.at, f.meta.interface, f.bytes.to_vec())).unwrap();
        let is = again.frame(new as u32, &mut buf).map(|f| (f.meta.at, f.meta.interface, f.bytes.to_vec())).unwrap();
        assert_eq!(is, was);
    }
    assert_eq!((again.interfaces, again.names, again.dropped), (trace.interfaces.clone(), trace.names.clone(), trace.dropped.clone()));
    assert_eq!(again.comments.len(), 2);
    // A source that is no pcapng, too.
    let mut random = Random(9);
    let plain = std::iter::repeat_with(|| random_trace(&mut random, &[LinkType::RAW])).find(|t| t.len() > 20).unwrap();
    for format in [Format::Pcap, Format::Pcapng] {
        let mut out = Vec::new();
        save_some(&plain, &[1, 7, 19], format, &mut out, &mut |_| true).map_err(|e| e.text().en).unwrap();
        let times: Vec<_> = load(&out).frames.iter().map(|m| m.at).collect();
        assert_eq!(times, [1, 7, 19].map(|id: usize| plain.frames.get(id).unwrap().at));
    }
}

#[test]
fn pcap_says_what_of_it_is_lost() {
    let l = Little;
    let file = [
        l.section(&[]),
        l.block(4, &[l.u16(1), l.u16(6), vec![10, 0, 0, 1, b'a', 0, 0, 0], vec![0; 4]].concat()),
        l.interface(1, 0, &[]),
        l.enhanced(0, 1, 60, &[1; 60], &[]),
        l.block(10, &[l.u32(0x544c_534b), l.u32(4), b"keys".to_vec()].concat()),
        l.block(0xbad, &[l.u32(4711), vec![7; 8]].concat()),
    ]
    .concat();
    let trace = load(&file);
    let losses: Vec<_> = Format::Pcap.losses(&trace).into_iter().map(|t| t.en).collect();
    for words in ["1 name(s) of addresses", "1 block(s) of secrets", "1 record(s) that are no packets", "options of frames"] {
        assert!(losses.iter().any(|l| l.contains(words)), "{words}: {losses:?}");
    }
    let again = load(&saved(&trace, Format::Pcap));
    assert_eq!((again.len(), again.damage), (1, None));
}

#[test]
fn a_source_that_changed_under_the_trace_is_noticed_or_written_from_what_is_known() {
    let file = rich(Little, 1);
    let trace = load(&file);
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 0x40;
        let mut trace = trace.clone();
        trace.source = Arc::new(changed);
        // Whatever it is, it ends: in a file, or in words.
        let mut out = Vec::new();
        match save(&trace, Format::Pcapng, &mut out, &mut |_| true) {
            Ok(_) => {}
            Err(e) => assert!(!e.text().ja.is_empty()),
        }
    }
    let mut cut = trace.clone();
    cut.source = Arc::new(file[..file.len() - 20].to_vec());
    let error = save(&cut, Format::Pcapng, &mut Vec::new(), &mut |_| true).unwrap_err();
    assert!(error.text().en.contains("can no longer be read"), "{}", error.text().en);
}

#[test]
fn memory_for_what_is_kept_does_not_grow_with_the_number_of_blocks() {
    let l = Little;
    let file = [l.section(&[]), l.interface(1, 0, &[]), l.block(0x77, &[]).repeat(50_000)].concat();
    let trace = load(&file);
    let run = Kept { at: (file.len() - 600_000) as u64, len: 600_000, part: Part::Other };
    assert_eq!((trace.kept.len(), trace.kept.last()), (3, Some(&run)));
    assert_eq!(saved(&trace, Format::Pcapng).len(), file.len());
}

#[test]
fn tshark_and_capinfos_say_the_same_of_a_saved_file_as_of_its_source() {
    let folder = tempfile::tempdir().unwrap();
    for (n, file) in [rich(Little, 1), rich(Big, 2), [rich(Big, 1), rich(Little, 2)].concat()].into_iter().enumerate() {
        let (old, new) = (folder.path().join(format!("{n}.old.pcapng")), folder.path().join(format!("{n}.new.pcapng")));
        std::fs::write(&old, &file).unwrap();
        std::fs::write(&new, saved(&load(&file), Format::Pcapng)).unwrap();
        same_for_wireshark(&old, &new);
        let fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.interface_id", "frame.section_number"];
        let Some(rows) = tshark(&old, &fields) else { return };
        let trace = load(&file);
        assert_eq!(rows.len(), trace.frames.len());
        for (id, (row, meta)) in rows.iter().zip(&trace.frames).enumerate() {
            assert_eq!(row[1].is_empty(), !trace.is_timed(id as u32), "{row:?}");
            if trace.is_timed(id as u32) {
                assert_eq!(epoch(&row[1]), meta.at.0);
            }
            assert_eq!((&row[2], &row[3]), (&meta.wire_len.to_string(), &meta.cap_len.to_string()));
            match trace.interfaces.get(usize::from(meta.interface)).and_then(|i| i.place) {
                Some(place) => assert_eq!((&row[4], &row[5]), (&place.id.to_string(), &place.section.to_string())),
                None => assert_eq!((row[4].as_str(), meta.interface), ("", NO_INTERFACE)),
            }
        }
    }
}

#[test]
fn real_pcapng_files_are_saved_with_nothing_lost() {
    let Ok(corpus) = std::env::var("OSISCOPE_CORPUS").map(PathBuf::from) else {
        eprintln!("SKIPPED: OSISCOPE_CORPUS does not name the folder of real captures; none was saved");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(corpus.join("open")).unwrap().flatten() {
        let old = entry.path();
        if old.extension().is_none_or(|e| e != "pcapng") {
            continue;
        }
        let file = std::fs::read(&old).unwrap();
        let (trace, new) = (load(&file), folder.path().join("new.pcapng"));
        if trace.damage.is_none() {
            let again = saved(&trace, Format::Pcapng);
            assert_eq!(without_ends(blocks(&again)), without_ends(blocks(&file)), "{}", old.display());
            std::fs::write(&new, again).unwrap();
            same_for_wireshark(&old, &new);
            files += 1;
        }
    }
    assert!(files > 0, "no pcapng in the corpus");
}

/// Whole dissections and the file's own properties, without what names the file itself.
fn same_for_wireshark(old: &Path, new: &Path) {
    let words = |name: &str, arguments: &[&str], file: &Path| -> Option<String> {
        let out = tool(name)?.args(arguments).arg(file).output().unwrap();
        assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
        Some(String::from_utf8_lossy(&out.stdout).into_owned())
    };
    for (name, arguments) in [
        ("capinfos", &["-c", "-E", "-F", "-I", "-k", "-l", "-u", "-a", "-e", "-D", "-n"][..]),
        ("tshark", &["-n", "-V", "-r"]),
    ] {
        let (Some(a), Some(b)) = (words(name, arguments, old), words(name, arguments, new)) else { return };
        assert!(a.len() > 50, "{name} says nothing: {a}");
        let about = |text: String, file: &Path| text.replace(&file.display().to_string(), "FILE");
        assert_eq!(about(a, old), about(b, new), "{name}");
    }
}
