//! Every documented field of every trigger, made wrong in each way there is: the finding stands at
//! the first byte of the value, and the caret below the value, in every kind of file.
//!
//! The wrong payloads are the good ones of `samples/payloads` with one field changed: gone, of
//! another type, out of its form, there twice. They are written by this test, which marks the value
//! as it writes it. Names are from all over the world, so that bytes, characters and columns all
//! differ.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot read")]

mod blocks;
mod carriers;
mod payloads;
mod tree;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use blocks::{Look, misdrawn};
use carriers::{ALL, Capture, Carrier, Expected};
use payloads::{CROWDED, GOOD, Payload, REFUSED, WRONG};
use tree::{Layout, Node, Writing};

const COMPACT: Layout = Layout { line_end: "\n", indent: None };

#[test]
fn there_are_wrong_payloads_of_every_trigger_and_every_rule() {
    let triggers: BTreeSet<&str> = WRONG.iter().map(|wrong| wrong.trigger.as_str()).collect();
    assert_eq!(triggers.len(), 14, "{triggers:?}");
    let mut rules = BTreeSet::new();
    for wrong in WRONG.iter() {
        let mut writing = Writing::default();
        writing.node(&wrong.body, COMPACT, 0);
        assert!(!writing.placed.is_empty(), "{}", wrong.title);
        rules.extend(writing.placed.iter().map(|placed| placed.claim.rule));
    }
    let all = ["S001", "S002", "S003", "S004", "S005", "S006", "S007", "S008", "S009"];
    assert_eq!(rules, BTreeSet::from(all));
    assert!(WRONG.len() >= 50, "{}", WRONG.len());
}

#[test]
fn the_payloads_of_this_test_are_laid_out_as_another_writer_does() {
    let pretty = Layout { line_end: "\n", indent: Some("  ") };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/payloads");
    for entry in fs::read_dir(folder).expect("the good payloads") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a good payload");
        let mut writing = Writing::default();
        writing.node(&Node::parse(&text), pretty, 0);
        assert_eq!(writing.text, text.trim_end());
    }
}

#[test]
fn the_places_of_this_test_are_those_that_another_parser_gives() {
    for payload in GOOD.iter().chain(WRONG.iter()).chain(CROWDED.iter()) {
        let mut writing = Writing::default();
        writing.node(&payload.body, COMPACT, 0);
        let text = &writing.text;
        let body: Value = serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("{}: {error}: {text}", payload.title));
        for placed in &writing.placed {
            let pointer = &placed.claim.pointer;
            let piece = &text[placed.bytes.clone()];
            if placed.claim.missing {
                let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                let object = serde_json::Deserializer::from_str(&text[placed.bytes.start..])
                    .into_iter::<Value>()
                    .next()
                    .and_then(Result::ok);
                assert_eq!((piece, object.as_ref()), ("{", body.pointer(parent)), "{pointer}");
                assert_eq!(body.pointer(pointer), None, "{}", payload.title);
            } else if placed.claim.rule != "S006" {
                // (Where a key stands twice, the first is S006 too where its spelling is.)
                let value: Value = serde_json::from_str(piece).expect("a value");
                assert_eq!(body.pointer(pointer), Some(&value), "{}", payload.title);
            }
        }
    }
}

#[test]
fn in_ndjson_each_finding_stands_at_the_first_byte_of_its_value() {
    assert_all_places(carriers::NDJSON);
}

#[test]
fn in_a_pretty_array_each_finding_stands_at_the_first_byte_of_its_value() {
    assert_all_places(carriers::PRETTY);
}

#[test]
fn behind_tabs_each_finding_stands_at_the_first_byte_of_its_value() {
    assert_all_places(carriers::TABBED);
}

#[test]
fn after_a_mark_with_crlf_each_finding_stands_at_the_first_byte_of_its_value() {
    assert_all_places(carriers::MARKED);
    assert_all_places(carriers::MARKED_PRETTY);
}

#[test]
fn in_utf_16_each_finding_stands_at_the_first_byte_of_its_value() {
    assert_all_places(carriers::UTF16);
    assert_all_places(carriers::UTF16_PRETTY);
}

#[test]
fn after_marks_on_every_line_each_finding_stands_at_the_first_byte_of_its_value() {
    assert_all_places(carriers::MARKED_LINES);
    assert_all_places(carriers::UTF16_MARKED_LINES);
}

#[test]
fn on_a_narrow_terminal_carets_stand_below_the_value_and_no_line_is_wider() {
    assert_drawn(Look { columns: 80, ascii: false });
}

#[test]
fn on_a_wide_terminal_carets_stand_below_the_value_and_no_line_is_wider() {
    assert_drawn(Look { columns: 200, ascii: false });
}

#[test]
fn in_ascii_carets_stand_below_the_value_and_no_line_is_wider() {
    assert_drawn(Look { columns: 80, ascii: true });
}

#[test]
fn beside_very_much_text_carets_stand_below_the_value() {
    assert_drawn_of(&CROWDED);
}

#[test]
fn beside_values_that_most_parsers_refuse_carets_stand_below_the_value() {
    assert_drawn_of(&REFUSED);
}

/// In files of all kinds, the findings of these payloads stand where they should and are drawn so.
fn assert_drawn_of(payloads: &[Payload]) {
    let mut wrong = Vec::new();
    for carrier in ALL {
        let capture = carrier.capture(payloads);
        assert_places(carrier, &capture);
        for columns in [80, 200] {
            wrong.extend(drawn(carrier, &capture, Look { columns, ascii: false }));
        }
    }
    assert_none(wrong);
}

/// The findings of a file of this kind are those that are due, each at its place.
fn assert_places(carrier: Carrier, capture: &Capture) {
    let output = check(capture, &["--format", "ndjson"], 80);
    let found: Vec<_> = output
        .lines()
        .map(|row| {
            let finding: Value = serde_json::from_str(row).expect("a row is JSON");
            let number = |key: &str| {
                let number = finding[key].as_u64().and_then(|number| usize::try_from(number).ok());
                number.expect("a number")
            };
            let word = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            let place = (number("byte_offset"), word("rule"), word("pointer"));
            (place, number("line"), number("col"))
        })
        .collect();
    let due = |expected: &Expected| {
        let Expected { byte_offset, rule, pointer, line, col, .. } = expected.clone();
        ((byte_offset, rule, pointer), line, col)
    };
    let set: BTreeSet<_> = found.iter().cloned().collect();
    let missing = capture.expected.iter().filter(|expected| !set.contains(&due(expected)));
    let mut wrong: Vec<String> = missing
        .map(|expected| {
            format!("in {}, missing: {}: {:?}", carrier.name, expected.title, due(expected))
        })
        .collect();
    let set: BTreeSet<_> = capture.expected.iter().map(due).collect();
    wrong.extend(
        found
            .iter()
            .filter(|one| !set.contains(one))
            .map(|one| format!("in {}, false: {one:?}", carrier.name)),
    );
    assert_none(wrong);
    assert_eq!(found.len(), capture.expected.len(), "in {}: none is told twice", carrier.name);
}

/// In a file with all wrong payloads.
fn assert_all_places(carrier: Carrier) {
    assert_places(carrier, &carrier.capture(WRONG.iter()));
}

/// In files of all kinds, what is drawn of each finding is what is due. Each file has some of the
/// payloads, all files have all.
fn assert_drawn(look: Look) {
    const SHARE: usize = 5;
    let mut wrong = Vec::new();
    for (at, carrier) in ALL.into_iter().enumerate() {
        let capture = carrier.capture(WRONG.iter().skip(at % SHARE).step_by(SHARE));
        wrong.extend(drawn(carrier, &capture, look));
    }
    assert_none(wrong);
}

/// What is drawn of the findings of a file that is not what is due.
fn drawn(carrier: Carrier, capture: &Capture, look: Look) -> Vec<String> {
    let mut arguments = vec!["--format", "text", "--color", "never"];
    arguments.extend(look.ascii.then_some("--ascii"));
    let output = check(capture, &arguments, look.columns);
    let wrong = misdrawn(look, &output, &capture.expected);
    wrong.into_iter().map(|wrong| format!("in {}: {wrong}", carrier.name)).collect()
}

fn assert_none(mut wrong: Vec<String>) {
    let all = wrong.len();
    wrong.truncate(20);
    assert!(all == 0, "{all} wrong, among them:\n{}", wrong.join("\n"));
}

/// What `check` prints of a file when asked for the schema's rules.
fn check(capture: &Capture, arguments: &[&str], columns: usize) -> String {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("capture"), &capture.bytes).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .current_dir(folder.path())
        .env("COLUMNS", columns.to_string())
        .args(["check", "--select", "S"])
        .args(arguments)
        .arg("capture")
        .output()
        .expect("callscope starts");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}
