//! Each screen as a picture that a reviewer can open. (A browser gives CJK and emoji widths of its
//! own, and so moves what stands behind them; that bars are straight is the business of
//! [`super::straight`].)

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use snapbox::data::DataFormat;
use snapbox::{Assert, Data, IntoData};

use super::terminal::{End, callscope, root, run};

/// Each picture's name and columns, and the arguments. `@` stands for the folder of our own
/// captures.
const PICTURES: [(&str, u16, &str); 42] = [
    ("answered", 80, "timeline samples/answered.ndjson"),
    ("answered-wide", 200, "timeline samples/answered.ndjson"),
    ("group-rejoin", 80, "timeline samples/group-rejoin.ndjson"),
    ("group-rejoin-ascii", 80, "timeline --ascii samples/group-rejoin.ndjson"),
    ("meeting-array-wide", 200, "timeline samples/meeting-array.json"),
    ("meeting-recording", 80, "timeline samples/meeting-recording.ndjson"),
    ("meeting-reused", 80, "timeline samples/meeting-reused.ndjson"),
    ("damaged", 80, "timeline samples/damaged.ndjson"),
    ("redial", 80, "timeline samples/redial.ndjson"),
    ("duplicates", 80, "timeline samples/duplicates.ndjson"),
    ("duplicates-wide-ascii", 200, "timeline --ascii samples/duplicates.ndjson"),
    ("three-hours", 80, "timeline @three-hours.ndjson"),
    ("three-hours-wide", 200, "timeline @three-hours.ndjson"),
    ("two-seconds", 80, "timeline @two-seconds.ndjson"),
    ("forty-people", 80, "timeline @forty-people.ndjson"),
    ("forty-people-wide", 200, "timeline @forty-people.ndjson"),
    ("lost", 80, "timeline @lost.ndjson"),
    ("lost-wide", 200, "timeline @lost.ndjson"),
    ("lost-ascii", 80, "timeline --ascii @lost.ndjson"),
    ("inferred", 80, "timeline @inferred.ndjson"),
    ("recordings", 80, "timeline @recordings.ndjson"),
    ("names", 80, "timeline @names.ndjson"),
    ("names-wide-ascii", 200, "timeline --ascii @names.ndjson"),
    ("calls", 80, "calls samples @lost.ndjson @inferred.ndjson @names.ndjson"),
    ("calls-wide", 200, "calls samples @lost.ndjson @inferred.ndjson @names.ndjson"),
    ("events", 80, "events samples/duplicates.ndjson @names.ndjson"),
    ("events-wide", 200, "events samples/duplicates.ndjson @names.ndjson"),
    ("stats", 80, "stats samples"),
    ("stats-wide", 200, "stats samples"),
    ("stats-ascii", 80, "stats --ascii samples"),
    ("stats-by-day", 80, "stats --by day --tz Asia/Kolkata samples"),
    ("stats-by-outcome-wide-ascii", 200, "stats --ascii --by outcome samples"),
    ("check", 80, "check samples/damaged.ndjson samples/duplicates.ndjson @inferred.ndjson"),
    ("check-wide-ascii", 200, "check --ascii samples/damaged.ndjson samples/duplicates.ndjson"),
    ("diff", 80, "diff samples/diff/sent.dump samples/diff/stored.dump"),
    ("diff-wide", 200, "diff samples/diff/sent.dump samples/diff/stored.dump"),
    ("diff-ascii", 80, "diff --ascii samples/diff/sent.dump samples/diff/stored.dump"),
    ("rules", 80, "rule"),
    ("rules-wide", 200, "rule"),
    ("rule", 80, "rule K002"),
    ("help", 80, "--help"),
    ("help-timeline-wide", 200, "timeline --help"),
];

#[test]
fn every_screen_looks_as_its_picture() {
    let assert = Assert::new().action_env("SNAPSHOTS");
    let mut report = String::new();
    for (name, columns, arguments) in PICTURES {
        let arguments = arguments.replace('@', "tests/screens/captures/");
        let printed = run(callscope(arguments.split(' ')), End::Terminal(columns), End::Pipe);
        let printed = printed.expect("callscope runs");
        assert!(!printed.stderr.contains("callscope:"), "{arguments}: {}", printed.stderr);
        let picture = root().join(format!("tests/screens/{name}.term.svg"));
        let picture = Data::read_from(&picture, Some(DataFormat::TermSvg)).raw();
        if let Err(error) = assert.try_eq(Some(&name), printed.stdout.into_data(), picture) {
            write!(report, "\n{arguments}, at {columns} columns:{error}").expect("a string");
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn every_picture_is_one_of_a_screen_and_every_capture_is_in_a_picture() {
    let files = |folder: &str, ending: &str| {
        let entries = fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        names.filter_map(|name| Some(name.strip_suffix(ending)?.to_owned())).collect()
    };
    let pictures: BTreeSet<String> = files("tests/screens", ".term.svg");
    let drawn = |picture: &String| PICTURES.iter().any(|(name, _, _)| name == picture);
    assert!(pictures.iter().all(drawn), "{pictures:?}");
    let captures: BTreeSet<String> = files("tests/screens/captures", ".ndjson");
    let shown = |name: &String| PICTURES.iter().any(|(_, _, words)| words.contains(&**name));
    assert!(captures.iter().all(shown), "{captures:?}");
}
