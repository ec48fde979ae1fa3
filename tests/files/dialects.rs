//! Kinds of pcap that patched programs wrote, as tshark reads them.

use super::*;

fn frames_of(file: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let said = read(file);
    assert_eq!(said.damage, None);
    said.frames().into_iter().map(|(m, b)| (m.cap_len, b.to_vec())).collect()
}

#[test]
fn record_headers_of_other_lengths_are_told_by_what_the_records_look_like() {
    let kinds: [(u32, usize); 5] =
        [(0xa1b2_c3d4, 0), (0xa1b2_c3d4, 8), (0xa1b2_c3d4, 4), (0xa1b2_cd34, 8), (0xa1b2_cd34, 12)];
    for order in [Little, Big] {
        for (magic, more) in kinds {
            let mut file = order.pcap(magic, (2, 4), 1);
            let mut expected = Vec::new();
            for n in 0..5u8 {
                let bytes = vec![n ^ 0x5a; 42 + usize::from(n)];
                file.extend(order.record(1_700_000_000 + u32::from(n), 999_999, bytes.len() as u32, 60, &vec![n; more], &bytes));
                expected.push((bytes.len() as u32, bytes));
            }
            assert_eq!(frames_of(&file), expected, "{order:?} {magic:x} with {more} bytes more");
        }
    }
}

#[test]
fn a_usual_file_with_odd_values_is_not_taken_for_another_kind() {
    // Fractions beyond a second, lengths that contradict each other, time going backwards: all in one file.
    for order in [Little, Big] {
        let file = [
            order.pcap(0xa1b2_c3d4, (2, 4), 1),
            order.record(9, 3_000_000, 60, 40, b"", &[1; 60]),
            order.record(2, 1_000_000, 30, 0, b"", &[2; 30]),
            order.record(1, 5, 0, 9, b"", &[]),
        ]
        .concat();
        assert_eq!(frames_of(&file).iter().map(|(n, _)| *n).collect::<Vec<_>>(), [60, 30, 0]);
    }
}

#[test]
fn ixia_and_aix_files_are_read_as_wireshark_reads_them() {
    for magic in [0x1c00_01ac, 0x1c00_01ab] {
        let file = [Little.pcap(magic, (2, 4), 1), vec![76, 0, 0, 0], Little.record(5, 7, 60, 60, b"", &[1; 60])].concat();
        assert_eq!(read(&file).frames()[0].0.at, Nanos(5_000_007_000));
        assert_eq!(frames_of(&file), [(60, vec![1; 60])]);
    }
    for (if_type, link) in [(6, 1), (24, 0), (9, 6), (15, 10)] {
        let file = [Big.pcap(0xa1b2_c3d4, (2, 2), if_type), Big.record(5, 7, 90, 60, b"", &[1; 60])].concat();
        let trace = load(&file);
        assert_eq!((trace.interfaces[0].link, trace.frames.get(0).unwrap().at), (LinkType(link), Nanos(5_000_000_007)));
    }
}

#[test]
fn the_length_of_a_check_sequence_is_told_where_the_file_says_it() {
    let l = Little;
    for (network, fcs) in [(1, None), (0x0400_0001, Some(0)), (0x2400_0001, Some(4)), (0x4000_0001, None)] {
        let trace = load(&[l.pcap(0xa1b2_c3d4, (2, 4), network), l.record(1, 2, 60, 60, b"", &[1; 60])].concat());
        assert_eq!((trace.interfaces[0].link, trace.fcs_len(&trace.frames.get(0).unwrap())), (LinkType::ETHERNET, fcs));
    }
    for (value, fcs) in [(0, 0), (4, 4), (32, 4), (16, 2)] {
        let trace = load(&[l.section(&[]), l.interface(1, 0, &[l.option(13, &[value])])].concat());
        assert_eq!(trace.interfaces[0].fcs_len, Some(fcs));
    }
}

#[test]
fn dialects_that_tshark_cannot_read_either_are_named() {
    for (magic, words) in [(0xa1b2_34cd, "patched tcpdump"), (0xa12b_3c4d, "Navtel")] {
        for order in [Little, Big] {
            let why = read(&order.pcap(magic, (2, 4), 1)).damage.unwrap().why;
            assert!(why.en.contains(words), "{}", why.en);
        }
    }
}
