//! Holds the quick ways to a field against dissection, over whole captures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/corpus.rs"]
mod corpus;

use osiscope::engine::load;
use osiscope::filter::{Look, names};
use osiscope::flow::Order;
use osiscope::flow::explain::{Shown, WhenWhole};
use osiscope::timeline::Capture;
use std::sync::Arc;

fn capture(bytes: &[u8], order: Order) -> Capture {
    let bytes: Arc<Vec<u8>> = Arc::new(bytes.to_vec());
    load::whole(bytes.clone(), &mut bytes.as_slice(), order).unwrap()
}

/// Frames of each capture whose every field is asked both ways: its first, and some behind them, each far from the other.
const FIRST: u32 = 120;
const LATER: usize = 30;

#[test]
fn every_field_is_the_same_read_quickly_and_by_dissection() {
    let Some(folder) = corpus::folder() else { return };
    let mut asked = 0;
    for path in corpus::captures(&folder.join("open")) {
        let name = corpus::name(&path);
        let capture = capture(&std::fs::read(&path).unwrap(), Order::Arrived);
        let shown = Shown::WhenWhole(WhenWhole::of(&capture.index));
        let mut quick = Look::new(&capture.trace, &capture.index, shown.clone());
        let mut thorough = Look::thorough(&capture.trace, &capture.index, shown);
        let apart = (capture.trace.len().saturating_sub(FIRST) as usize).div_ceil(LATER).max(1);
        for frame in (0..capture.trace.len().min(FIRST)).chain((FIRST..capture.trace.len()).step_by(apart)) {
            quick.at(frame);
            thorough.at(frame);
            for field in names::all() {
                let found = names::find(field).unwrap();
                let (mut one, mut other) = (Vec::new(), Vec::new());
                quick.print(found, &mut one);
                thorough.print(found, &mut other);
                assert_eq!(one, other, "{field} in frame {} of {name}: read quickly, and by dissection", frame + 1);
                asked += 1;
            }
        }
    }
    assert!(asked > 1000);
}
