//! Rules that every row of the table keeps.

use super::*;
use crate::wire::dissect::TABLE;
use std::collections::{HashMap, HashSet};

#[test]
fn two_headers_with_one_name_or_one_claim() {
    let mut protos = HashSet::new();
    let mut claims: Vec<Key> = Vec::new();
    for header in TABLE {
        assert!(protos.insert(header.proto()), "{} stands in the table twice", header.proto());
        assert!(!header.claims().is_empty(), "{} is never found", header.proto());
        for claim in header.claims() {
            assert!(!claims.contains(claim), "{claim} has two owners");
            claims.push(*claim);
        }
    }
}

#[test]
fn a_text_missing_in_one_language() {
    for header in TABLE {
        let about = header.about();
        assert!(about.ja.ends_with('。') && about.en.ends_with('.'), "{}: about", header.proto());
        for def in header.fields() {
            assert!(!def.label.ja.is_empty() && !def.label.en.is_empty(), "{}: label", def.name);
            assert!(def.note.ja.ends_with('。'), "{}: {}", def.name, def.note.ja);
            assert!(def.note.en.ends_with(['.', ')']), "{}: {}", def.name, def.note.en);
        }
    }
}

#[test]
fn a_field_named_twice_or_outside_its_protocol() {
    let mut seen: HashMap<&str, *const FieldDef> = HashMap::new();
    for header in TABLE {
        // Wireshark names some fields after the family and not after the header.
        let prefix = match header.proto() {
            "ieee8021ad" => "ieee8021a",
            "pppoes" => "pppoe.",
            "pwethheuristic" | "pwethcw" => "pweth",
            other => other.split('.').next().unwrap(),
        };
        for def in header.fields() {
            assert!(def.name.starts_with(prefix), "{} in {}", def.name, header.proto());
            let first = *seen.entry(def.name).or_insert(*def);
            assert!(std::ptr::eq(first, *def), "{} is defined twice", def.name);
        }
    }
}

#[test]
fn a_dissector_that_emits_a_field_its_table_does_not_list() {
    let all: HashSet<*const FieldDef> = TABLE.iter().flat_map(|h| h.fields()).map(|d| &raw const **d).collect();
    let mut seen = HashSet::new();
    for (link, frame) in samples() {
        for layer in &show(link, &frame).layers {
            seen.insert(layer.proto);
            for field in all_fields(layer) {
                assert!(all.contains(&(&raw const *field.def)), "{}", field.def.name);
            }
        }
    }
    for header in TABLE {
        assert!(seen.contains(header.proto()), "no sample has {}", header.proto());
    }
}

/// A field whose children all have no bytes of their own is drawn itself.
fn leaves<'a>(field: &'a Field, out: &mut Vec<&'a Field>) {
    if field.children.iter().all(|c| c.span.is_empty()) {
        out.push(field);
    } else {
        field.children.iter().for_each(|c| leaves(c, out));
    }
}

#[test]
fn a_header_bit_that_belongs_to_no_field_or_to_two() {
    for (link, frame) in samples() {
        for layer in &show(link, &frame).layers {
            let header = layer.header;
            let mut owner: Vec<Option<&str>> = vec![None; header.len as usize * 8];
            let mut found = Vec::new();
            layer.fields.iter().for_each(|f| leaves(f, &mut found));
            for field in found.into_iter().filter(|f| !f.span.is_empty()) {
                let name = field.def.name;
                if field.span.start >= header.end() {
                    continue; // a quoted packet, a trailer
                }
                assert!(field.span.start >= header.start && field.span.end() <= header.end(), "{name} leaves its header");
                let start = (field.span.start - header.start) * 8;
                let (first, len) = field.bits.map_or((start, field.span.len * 8), |b| (b.first, b.len));
                assert!(first >= start && first + len <= start + field.span.len * 8, "{name}: bits outside its bytes");
                for bit in first..first + len {
                    let before = owner[bit as usize].replace(name);
                    assert_eq!(before, None, "bit {bit} of {} belongs to {name} too", layer.proto);
                }
            }
            let free = owner.iter().position(Option::is_none);
            assert_eq!(free, None, "{}: a bit of no field in {:?}", layer.proto, layer.summary);
        }
    }
}

#[test]
fn a_parent_that_does_not_hold_its_children() {
    fn check(field: &Field) {
        for child in field.children.iter().filter(|c| !c.span.is_empty() && !field.span.is_empty()) {
            let inside = child.span.start >= field.span.start && child.span.end() <= field.span.end();
            assert!(inside, "{} lies outside {}", child.def.name, field.def.name);
            check(child);
        }
    }
    for (link, frame) in samples() {
        show(link, &frame).layers.iter().flat_map(|l| &l.fields).for_each(check);
    }
}

#[test]
fn a_sample_that_stops_without_being_unknown() {
    for (link, frame) in samples() {
        let seen = show(link, &frame);
        let fine = matches!(&seen.stop, None | Some(Stop { why: Why::Unknown(_), .. }));
        assert!(fine, "{:?} in {:?}", seen.stop, seen.layers.last().map(|l| &l.summary));
    }
}
