//! A webhook that breaks off in its carrier costs itself alone.

use std::fs;

use serde_json::json;

use crate::reading::rows;
use crate::shelf::fixtures;

/// Writes one message of a process as a container's log or the journal has it, in two pieces or
/// in one.
type Writing = fn(&str, bool) -> String;

const WRITINGS: [(&str, Writing); 5] = [
    ("docker", |message, split| {
        let (one, other) = pieces(message, split);
        let record =
            |log: String| json!({"log": log, "stream": "stdout", "time": STAMP}).to_string();
        let head = if one.is_empty() { String::new() } else { record(one.to_owned()) + "\n" };
        head + &record(format!("{other}\n")) + "\n"
    }),
    ("cri", |message, split| {
        let (one, other) = pieces(message, split);
        let head = if one.is_empty() { String::new() } else { format!("{STAMP} stdout P {one}\n") };
        head + &format!("{STAMP} stdout F {other}\n")
    }),
    ("journal", |message, _| {
        let entry = json!({"MESSAGE": message, "__REALTIME_TIMESTAMP": "1771333511125000"});
        entry.to_string() + "\n"
    }),
    ("compose", |message, _| format!("hooks-1  | {message}\n")),
    ("log", |message, _| format!("{STAMP} INFO webhook {message}\n")),
];

const STAMP: &str = "2026-02-17T13:05:11.125Z";

#[test]
fn a_webhook_that_breaks_off_does_not_take_the_next_with_it() {
    let plain = fs::read_to_string(&fixtures("own")[0].plain).expect("the plain capture");
    let bodies: Vec<_> = plain.lines().collect();
    let messages = [bodies[1], &bodies[2][..bodies[2].len() - 40], bodies[6], bodies[4]];
    let expected = ["call_started", "call_ended", "call_participant_left"];
    let mut told = Vec::new();
    for (name, write) in WRITINGS {
        for split in [false, true] {
            let capture: String = messages.iter().map(|message| write(message, split)).collect();
            let found = triggers(&capture);
            if found != expected {
                told.push(format!("{name}, split {split}: {found:?}"));
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

fn triggers(capture: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, capture).expect("a file");
    let rows = rows(&["events"], &path, false);
    rows.iter().filter_map(|row| row["trigger"].as_str()).map(str::to_owned).collect()
}

/// A message in two pieces, the first empty where it is not split.
fn pieces(message: &str, split: bool) -> (&str, &str) {
    message.split_at(if split { 200 } else { 0 })
}
