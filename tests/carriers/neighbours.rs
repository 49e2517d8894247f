//! Carriers one behind the other, and larger than a window.

use std::fs;
use std::path::Path;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::judge;
use crate::reading::{calls, rows};
use crate::same;
use crate::shelf::{Fixture, fixtures};

const WINDOW: usize = 1 << 20;

#[test]
fn carriers_one_behind_the_other_do_not_disturb_each_other() {
    let own: Vec<_> = fixtures("own").into_iter().filter(|own| !own.is_utf16()).collect();
    let (mut there, mut back) = (String::new(), String::new());
    for fixture in &own {
        let text = text(&fixture.path) + "\n";
        there.push_str(&text);
        back.insert_str(0, &text);
    }
    for text in [there, back] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("capture");
        fs::write(&path, text).expect("a file");
        let calls = rows(&["calls"], &path, false);
        let counts: Vec<_> = calls.iter().map(counts).collect();
        assert_eq!(counts, [(8, 8 * own.len() as u64)]);
    }
}

#[test]
fn a_carrier_that_is_longer_than_a_window_is_entered() {
    judge(&fixtures("own"), |fixture| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("capture");
        let Some(long) = lengthened(fixture) else { return Ok(()) };
        fs::write(&path, long).expect("a file");
        same(&calls(&path), &calls(&fixture.plain))
    });
}

/// The capture, if it is one JSON value, with more than a window of blanks at its second colon: an
/// element near its beginning is longer than a window, and so is all of it.
fn lengthened(fixture: &Fixture) -> Option<String> {
    let text = if fixture.is_utf16() { return None } else { text(&fixture.path) };
    serde_json::from_str::<&RawValue>(&text).ok()?;
    let blanks = " ".repeat(WINDOW + 1);
    let (at, colon) = text.match_indices("\":").nth(1)?;
    let (before, behind) = text.split_at(at + colon.len());
    Some([before, &blanks, behind].concat())
}

/// The capture without the mark at its beginning.
fn text(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("the fixture");
    text.trim_start_matches('\u{feff}').to_owned()
}

fn counts(call: &Value) -> (u64, u64) {
    let count = |key: &str| call[key].as_u64().expect("a count");
    (count("event_count"), count("delivery_count"))
}
