//! Carriers one behind the other, and larger than a window.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::judge;
use crate::reading::{calls, rows};
use crate::same;
use crate::shelf::{Fixture, fixtures};

const WINDOW: usize = 1 << 20;

#[test]
fn carriers_one_behind_the_other_do_not_disturb_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    for apart in [1, 7, 31] {
        let own = fixtures("own").into_iter().filter(|fixture| !fixture.is_utf16());
        let mut own: Vec<_> = own.collect();
        own.sort_by_key(|fixture| {
            fixture.name.bytes().map(|byte| usize::from(byte) * apart % 97).sum::<usize>()
        });
        let parts: Vec<_> = own.iter().map(|fixture| text(&fixture.path) + "\n").collect();
        fs::write(&path, parts.concat()).expect("a file");
        let calls = rows(&["calls"], &path, false);
        let counts: Vec<_> = calls.iter().map(counts).collect();
        assert_eq!(counts, [(8, 8 * own.len() as u64)], "{apart}");
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

/// The capture with more than a window of blanks behind its first bracket.
fn lengthened(fixture: &Fixture) -> Option<String> {
    let text = if fixture.is_utf16() { return None } else { text(&fixture.path) };
    let (bracket, rest) =
        text.split_at_checked(1).filter(|(first, _)| ["{", "["].contains(first))?;
    Some([bracket, &" ".repeat(WINDOW + 1), rest].concat())
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
