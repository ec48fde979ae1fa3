//! The limits that the documents promise are those of the sources.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

#[test]
fn every_limit_in_the_documents_is_a_constant_where_they_say() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(here.join("docs/TSHARK.md")).unwrap();
    let limits = text.split("\n## ").find(|part| part.starts_with("Limits")).unwrap();
    let mut found = 0;
    for row in limits.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let [_, what, bound, constants, shown, _] = cells[..] else { panic!("not four cells: {row}") };
        assert!(!what.is_empty() && !bound.is_empty() && !shown.is_empty(), "{row}");
        let mut source = String::new();
        for word in constants.split('`').skip(1).step_by(2) {
            if word.ends_with(".rs") {
                source = std::fs::read_to_string(here.join("src").join(word)).unwrap();
                continue;
            }
            assert!(source.contains(&format!("const {word}: ")), "{what}: there is no {word}");
            found += 1;
        }
    }
    assert!(found > 20, "{found} constants");
}
