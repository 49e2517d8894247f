//! Input that is damaged, hostile or no capture at all: what is counted, and what is told where.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot read")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What `check` made of an input.
struct Checked {
    /// The exit status.
    status: i32,
    /// The figures that are not zero, `sources` aside: `documents=1 webhooks=1`.
    figures: String,
    /// Code, line and column of each finding: `J001 2:14, J003 4:1`.
    findings: String,
    /// The findings as they were printed.
    list: Vec<Value>,
}

/// Checks an input, as a file and through a pipe, which must come to the same.
fn check(input: impl AsRef<[u8]>) -> Checked {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("capture"), &input).expect("a file");
    let named = checked(&folder, &run(&folder, &["check", "--json"], "capture", None));
    let piped = checked(&folder, &run(&folder, &["check", "--json"], "-", Some(input.as_ref())));
    assert_eq!(named.figures, piped.figures, "a file and a pipe of the same bytes");
    assert_eq!(named.findings, piped.findings, "a file and a pipe of the same bytes");
    named
}

/// Runs a command in `folder`, its figures written to `summary`.
fn run(folder: &TempDir, arguments: &[&str], input: &str, stdin: Option<&[u8]>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.current_dir(folder.path()).args(arguments).args(["--summary", "summary", input]);
    command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("callscope starts");
    if let (Some(mut pipe), Some(bytes)) = (child.stdin.take(), stdin) {
        pipe.write_all(bytes).expect("callscope reads to the end");
    }
    child.wait_with_output().expect("callscope ends")
}

fn checked(folder: &TempDir, output: &Output) -> Checked {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let summary = fs::read(folder.path().join("summary")).expect("a summary");
    let summary: Value = serde_json::from_slice(&summary).expect("the summary is JSON");
    assert_conserved(&summary);
    let document: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(document["summary"], summary);
    let list = document["findings"].as_array().expect("a list of findings").clone();
    Checked {
        status: output.status.code().unwrap_or_else(|| unreachable!("a signal: {stderr}")),
        figures: figures(&summary),
        findings: list.iter().map(place).collect::<Vec<_>>().join(", "),
        list,
    }
}

/// Nothing is lost without being counted.
fn assert_conserved(summary: &Value) {
    let kinds = ["events", "duplicates", "copies", "conflicts", "invalid", "other_webhooks"];
    let sum: u64 = kinds.iter().filter_map(|kind| summary[kind].as_u64()).sum();
    assert_eq!(summary["webhooks"].as_u64(), Some(sum), "{summary}");
}

/// The figures in the order of the specification.
const FIGURES: [&str; 13] = [
    "documents",
    "webhooks",
    "events",
    "duplicates",
    "copies",
    "conflicts",
    "invalid",
    "other_webhooks",
    "not_webhooks",
    "damaged",
    "skipped_lines",
    "collisions",
    "calls",
];

fn figures(summary: &Value) -> String {
    let mut text = String::new();
    for name in FIGURES {
        let figure = summary[name].as_u64().expect("a figure");
        if figure > 0 {
            write!(text, "{name}={figure} ").expect("a string");
        }
    }
    text.trim_end().to_owned()
}

fn place(finding: &Value) -> String {
    let rule = finding["rule"].as_str().unwrap_or_default();
    format!("{rule} {}:{}", finding["line"], finding["col"])
}

/// A valid webhook, on one line; each number is a call of its own.
fn webhook(number: u32) -> String {
    let created_at = 1_771_000_000 + number;
    format!(
        r#"{{"trigger":"meeting_started","data":{{"created_at":{created_at},"sessionId":"room-{number}"}},"appId":"5d1e0c7a9b34f682","region":"eu","webhook":"a41f09c2d87b36e5501c9d2e","type":"meet"}}"#
    )
}

/// A webhook as above, over several lines, each indented by `indent` blanks.
fn pretty(number: u32, indent: usize) -> String {
    let value: Value = serde_json::from_str(&webhook(number)).expect("JSON");
    let text = serde_json::to_string_pretty(&value).expect("JSON");
    let blanks = " ".repeat(indent);
    let lines: Vec<String> = text.lines().map(|line| format!("{blanks}{line}")).collect();
    lines.join("\n")
}

/// A webhook with a field of `length` letters that nobody documents.
fn long_webhook(number: u32, length: usize) -> String {
    let note = format!("\"note\":\"{}\",\"region\"", "x".repeat(length));
    webhook(number).replace("\"region\"", &note)
}

/// What is left of a webhook that is cut behind the text `until`.
fn cut_behind(until: &str) -> String {
    let whole = webhook(2);
    whole[..whole.find(until).expect("a place to cut") + until.len()].to_owned()
}

/// Behind a colon, in a number, behind a comma, behind a bracket, in a string, behind the last
/// value.
const CUTS: [&str; 6] = [
    "\"created_at\":",
    "\"created_at\":1771",
    "1771000002,",
    "\"data\":{",
    "\"sessionId\":\"roo",
    "\"meet\"",
];

/// Asserts what `check` counts and finds.
#[track_caller]
fn assert_checked(input: impl AsRef<[u8]>, figures: &str, findings: &str) -> Checked {
    let checked = check(input);
    assert_eq!((checked.figures.as_str(), checked.findings.as_str()), (figures, findings));
    checked
}

const TWO: &str = "documents=2 webhooks=2 events=2 calls=2";
const TWO_AND_DAMAGE: &str = "documents=2 webhooks=2 events=2 damaged=1 calls=2";
const ONE_AND_DAMAGE: &str = "documents=1 webhooks=1 events=1 damaged=1 calls=1";
const NO_WEBHOOK: &str = "documents=1 not_webhooks=1";

// No capture at all.

#[test]
fn an_empty_input_has_no_webhook() {
    assert_eq!(assert_checked("", "", "J007 1:1").status, 1);
    assert_checked("\n \t\r\n", "", "J007 1:1");
}

#[test]
fn a_value_that_is_no_object_is_no_webhook() {
    for input in ["null", "[]", "{}", "42", "-1.5e3", "true", "\"text\"", "[1,2]", "[null]"] {
        let checked = assert_checked(input, NO_WEBHOOK, "J003 1:1, J007 1:1");
        assert_eq!(checked.status, 1, "{input}");
    }
}

#[test]
fn text_alone_has_no_webhook() {
    assert_checked("listening on 8080\nready\n", "skipped_lines=2", "J007 1:1");
}

#[test]
fn random_bytes_are_counted_and_break_nothing() {
    // Knuth's MMIX generator; its upper byte is the most random.
    let mut state = 20_260_311_u64;
    let mut bytes = Vec::with_capacity(1 << 20);
    while bytes.len() < 1 << 20 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.push(state.to_be_bytes()[0]);
    }
    let checked = check(&bytes);
    assert_eq!(checked.status, 1);
    assert!(checked.findings.contains("J007 1:1"), "{}", checked.findings);
    assert!(checked.figures.contains("skipped_lines="), "{}", checked.figures);
}

#[test]
fn nul_bytes_are_text() {
    let input = format!("\0\0\0\n{}\n\0\n", webhook(1));
    let figures = "documents=1 webhooks=1 events=1 skipped_lines=2 calls=1";
    assert_checked(input, figures, "");
}

#[test]
fn a_nul_byte_inside_a_string_breaks_its_webhook() {
    let broken = webhook(2).replace("room-2", "room\0");
    let col = broken.find('\0').expect("a NUL") + 1;
    let input = format!("{}\n{broken}\n{}\n", webhook(1), webhook(3));
    assert_checked(input, TWO_AND_DAMAGE, &format!("J001 2:{col}"));
}

// Encodings and layouts.

#[test]
fn utf16_with_a_byte_order_mark_is_decoded_and_placed_as_it_stands_on_disk() {
    let text = format!("\u{feff}{}\r\n{}\r\n", webhook(1), webhook(2).replace(":1771000002", ":"));
    let second = text.find("\r\n").expect("a line end") + 2;
    let col = text[second..].find(":,").expect("damage") + 2;
    // Two bytes a character; the byte order mark takes three in UTF-8 and two here.
    let offset = (second + col - 1 - 2) * 2;
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for input in [little, big] {
        let checked = assert_checked(input, ONE_AND_DAMAGE, &format!("J001 2:{col}"));
        assert_eq!(checked.list[0]["byte_offset"], offset);
    }
}

#[test]
fn a_utf8_byte_order_mark_and_carriage_returns_belong_to_no_value() {
    let text = format!("\u{feff}{}\r\n\r\n{}\r\n", webhook(1), webhook(2));
    assert_checked(&text, TWO, "");
    let broken = text.replace(":1771000002", ":");
    let offset = broken.find(":,").expect("damage") + 1;
    let col = offset - broken.rfind("{\"trigger").expect("a webhook") + 1;
    let checked = assert_checked(&broken, ONE_AND_DAMAGE, &format!("J001 3:{col}"));
    assert_eq!(checked.list[0]["byte_offset"], offset);
}

#[test]
fn pretty_printed_values_may_stand_end_to_end() {
    assert_checked(format!("{}{}", pretty(1, 0), pretty(2, 0)), TWO, "");
    assert_checked(format!("{}\n{}\n", pretty(1, 0), pretty(2, 0)), TWO, "");
    assert_checked(format!("{}\n\n\n{}", pretty(1, 2), pretty(2, 0)), TWO, "");
}

#[test]
fn several_values_may_stand_on_one_line() {
    assert_checked("{}{}", "documents=2 not_webhooks=2", "J003 1:1, J007 1:1");
    assert_checked(format!("{}{}\n", webhook(1), webhook(2)), TWO, "");
    let figures = "documents=2 webhooks=1 events=1 not_webhooks=1 calls=1";
    assert_checked(
        format!("{} {{}}", webhook(1)),
        figures,
        &format!("J003 1:{}", webhook(1).len() + 2),
    );
}

#[test]
fn text_lines_between_are_counted_and_passed_over() {
    let input = format!("start\n{}\n[12:01] POST /hook 200\n{}\n}} end", webhook(1), webhook(2));
    assert_checked(input, "documents=2 webhooks=2 events=2 skipped_lines=3 calls=2", "");
}

#[test]
fn beside_text_lines_other_json_is_no_more_than_told() {
    let input = format!("start\n{}\n{{}}\n", webhook(1));
    let figures = "documents=2 webhooks=1 events=1 not_webhooks=1 skipped_lines=1 calls=1";
    let checked = assert_checked(input, figures, "J003 3:1");
    assert_eq!(checked.list[0]["severity"], "info");
}

// Too deep, too long.

#[test]
fn an_array_200_deep_is_too_deep_and_costs_nothing_around_it() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let checked = check(&deep);
    assert_eq!(checked.figures, "damaged=1");
    assert!(checked.findings.contains("J005 1:"), "{}", checked.findings);
    for input in [
        format!("{}\n{deep}\n{}\n", webhook(1), webhook(2)),
        format!("[{},{deep},{}]", webhook(1), webhook(2)),
    ] {
        let checked = check(input);
        assert_eq!(checked.figures, TWO_AND_DAMAGE);
        assert!(checked.findings.starts_with("J005 "), "{}", checked.findings);
    }
}

#[test]
fn nesting_is_too_deep_from_the_129th_bracket_on_in_arrays_as_in_objects() {
    let arrays = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_checked(arrays(128), NO_WEBHOOK, "J003 1:1, J007 1:1");
    assert_checked(arrays(129), "damaged=1", "J007 1:1, J005 1:129");
}

#[test]
fn objects_are_too_deep_from_the_129th_bracket_on() {
    let objects = |levels| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    assert_checked(objects(128), NO_WEBHOOK, "J003 1:1, J007 1:1");
    assert_checked(objects(129), "damaged=1", &format!("J007 1:1, J005 1:{}", 128 * 5 + 1));
}

#[test]
fn a_line_of_20_megabytes_costs_nothing_around_it() {
    let input = format!("{}\n\"{}\"\n{}\n", webhook(1), "x".repeat(20 << 20), webhook(2));
    let checked = check(input);
    assert!(checked.figures.contains("webhooks=2 events=2 "), "{}", checked.figures);
}

#[test]
fn a_string_or_list_of_any_length_is_a_value_without_a_webhook() {
    let figures = "documents=2 webhooks=1 events=1 not_webhooks=1 calls=1";
    for length in [(1 << 20) + 50_000, 3 << 20] {
        let string = format!("\"{}\"", "x".repeat(length));
        let list = format!("[{}1]", "1,".repeat(length / 2));
        for value in [string, list] {
            assert_checked(format!("{value}\n{}\n", webhook(1)), figures, "J003 1:1");
        }
    }
}

#[test]
fn a_string_of_20_megabytes_in_an_array_is_one_of_its_values() {
    let input = format!("[{},\"{}\",{}]", webhook(1), "x".repeat(20 << 20), webhook(2));
    let figures = "documents=3 webhooks=2 events=2 not_webhooks=1 calls=2";
    let checked = check(input);
    assert_eq!(checked.figures, figures);
}

#[test]
fn a_value_longer_than_a_window_costs_nothing_around_it() {
    let long = format!(r#"{{"note":"{}"}}"#, "x".repeat(3 << 19));
    let input = format!("[{},{long},{}]", webhook(1), webhook(2));
    let figures = "documents=3 webhooks=2 events=2 not_webhooks=1 calls=2";
    let checked = check(input);
    assert_eq!(checked.figures, figures);
    let lines = format!("{}\n{long}\n{}\n", webhook(1), webhook(2));
    assert_checked(lines, figures, "J003 2:1");
}

#[test]
fn a_webhook_longer_than_a_window_is_read() {
    let long = long_webhook(2, 3 << 19);
    let figures = "documents=3 webhooks=3 events=3 calls=3";
    assert_checked(format!("[{},{long},{}]", webhook(1), webhook(3)), figures, "");
    assert_checked(format!("{}\n{long}\n{}\n", webhook(1), webhook(3)), figures, "");
}

#[test]
fn a_webhook_of_40_mebibytes_is_too_big_and_costs_nothing_around_it() {
    let long = long_webhook(2, 40 << 20);
    let lines = format!("{}\n{long}\n{}\n", webhook(1), webhook(3));
    assert_checked(lines, TWO_AND_DAMAGE, "J005 2:1");
    let list = format!("[{},{long},{}]", webhook(1), webhook(3));
    assert_checked(list, TWO_AND_DAMAGE, &format!("J005 1:{}", webhook(1).len() + 3));
}

#[test]
fn a_webhook_is_too_big_from_16_mebibytes_on_however_it_is_read() {
    for length in [(16 << 20) + 1, 17 << 20] {
        let long = long_webhook(2, length);
        let lines = format!("{}\n{long}\n{}\n", webhook(1), webhook(3));
        assert_checked(lines, TWO_AND_DAMAGE, "J005 2:1");
    }
}

#[test]
fn a_webhook_of_16_mebibytes_is_read() {
    let whole = long_webhook(2, (16 << 20) - webhook(2).len() - "\"note\":\"\",".len());
    assert_eq!(whole.len(), 16 << 20);
    let figures = "documents=3 webhooks=3 events=3 calls=3";
    assert_checked(format!("{}\n{whole}\n{}\n", webhook(1), webhook(3)), figures, "");
}

// Damage.

#[test]
fn a_broken_webhook_between_good_lines_costs_itself() {
    let broken = webhook(2).replace(":1771000002", ":");
    let col = broken.find(":,").expect("damage") + 2;
    let input = format!("{}\n{broken}\n{}\n", webhook(1), webhook(3));
    assert_checked(input, TWO_AND_DAMAGE, &format!("J001 2:{col}"));
}

#[test]
fn a_broken_webhook_in_a_pretty_array_costs_itself() {
    let broken = pretty(2, 2).replace(": 1771000002", ": ");
    let input = format!("[\n{},\n{broken},\n{}\n]\n", pretty(1, 2), pretty(3, 2));
    let line = 1 + input[..input.find(": ,").expect("damage")].matches('\n').count();
    let text = input.lines().nth(line - 1).expect("a line");
    let col = text.find(": ,").expect("damage") + 3;
    assert_checked(input, TWO_AND_DAMAGE, &format!("J001 {line}:{col}"));
}

#[test]
fn a_webhook_cut_in_a_pretty_array_costs_no_other() {
    let checked = check(pretty_array_with_a_cut());
    let read = "documents=3 webhooks=3 events=3 damaged=";
    assert!(checked.figures.starts_with(read), "{}", checked.figures);
}

#[test]
fn a_webhook_cut_in_a_pretty_array_is_told_once() {
    let checked = check(pretty_array_with_a_cut());
    assert_eq!(checked.figures, "documents=3 webhooks=3 events=3 damaged=1 calls=3");
    assert_eq!(checked.list.len(), 1, "{}", checked.findings);
}

fn pretty_array_with_a_cut() -> String {
    let whole = pretty(2, 2);
    let cut = &whole[..whole.find("\"sessionId\"").expect("a key") + 4];
    format!("[\n{},\n{cut}\n{},\n{}\n]\n", pretty(1, 2), pretty(3, 2), pretty(4, 2))
}

#[test]
fn a_broken_webhook_in_a_compact_array_costs_itself() {
    let broken = webhook(2).replace(":1771000002", ":");
    let input = format!("[{},{broken},{}]", webhook(1), webhook(3));
    let col = input.find(":,").expect("damage") + 2;
    assert_checked(input, TWO_AND_DAMAGE, &format!("J001 1:{col}"));
}

#[test]
fn a_webhook_that_lacks_its_end_in_a_compact_array_costs_no_other() {
    for until in ["1771000002", "1771000002,"] {
        let input = format!("[{},{},{}]", webhook(1), cut_behind(until), webhook(3));
        let checked = check(input);
        let read = "documents=2 webhooks=2 events=2 damaged=";
        assert!(checked.figures.starts_with(read), "{}", checked.figures);
    }
}

#[test]
fn a_webhook_that_lacks_its_end_in_a_compact_array_is_told_once() {
    let cut = cut_behind("1771000002");
    let input = format!("[{},{cut},{}]", webhook(1), webhook(3));
    let col = webhook(1).len() + cut.len() + 4;
    assert_checked(input, TWO_AND_DAMAGE, &format!("J001 1:{col}"));
}

#[test]
fn a_webhook_that_is_cut_behind_a_colon_in_a_compact_array_is_told_once() {
    let cut = cut_behind("\"created_at\":");
    let input = format!("[{},{cut},{},{}]", webhook(1), webhook(3), webhook(4));
    let checked = check(input);
    assert_eq!(checked.figures, "documents=3 webhooks=3 events=3 damaged=1 calls=3");
    assert_eq!(checked.list.len(), 1, "{}", checked.findings);
}

#[test]
fn a_webhook_that_is_cut_inside_a_string_in_a_compact_array_does_not_cost_the_rest() {
    let cut = cut_behind("\"sessionId\":\"roo");
    let rest: Vec<String> = (3..103).map(webhook).collect();
    let checked = check(format!("[{},{cut},{}]", webhook(1), rest.join(",")));
    assert!(checked.figures.starts_with("documents=101 "), "{}", checked.figures);
}

#[test]
fn an_array_with_a_slip_between_its_elements_is_read() {
    let (one, two) = (webhook(1), webhook(2));
    for (input, at) in [
        (format!("[{one},,{two}]"), one.len() + 3),
        (format!("[{one} {two}]"), one.len() + 3),
        (format!("[{one},{two},]"), one.len() + two.len() + 4),
        (format!("[{one},{two}}}"), one.len() + two.len() + 3),
        (format!("[{one},oops,{two}]"), one.len() + 3),
    ] {
        assert_checked(input, TWO_AND_DAMAGE, &format!("J001 1:{at}"));
    }
}

#[test]
fn an_array_of_webhooks_and_others_is_read() {
    let input = format!("[{},null,7,\"text\",[1],{}]", webhook(1), webhook(2));
    let checked = check(input);
    assert_eq!(checked.figures, "documents=6 webhooks=2 events=2 not_webhooks=4 calls=2");
}

#[test]
fn an_array_that_begins_with_a_literal_is_read() {
    for first in ["null", "7", "-1.5", "true", "false"] {
        let input = format!("[{first},{},{}]", webhook(1), webhook(2));
        let checked = check(input);
        let figures = "documents=3 webhooks=2 events=2 not_webhooks=1 calls=2";
        assert_eq!(checked.figures, figures, "{first}");
    }
}

#[test]
fn an_array_without_its_end_is_cut_and_its_elements_are_read() {
    let input = format!("[{},{}", webhook(1), webhook(2));
    let col = input.len() + 1;
    assert_checked(input, TWO_AND_DAMAGE, &format!("J002 1:{col}"));
}

#[test]
fn what_follows_an_array_without_its_end_is_read() {
    let input = format!("[{},{}\n{}\n", webhook(1), webhook(2), webhook(3));
    let checked = check(input);
    assert_eq!(checked.figures, "documents=3 webhooks=3 events=3 damaged=1 calls=3");
    assert!(checked.findings.starts_with("J001 "), "{}", checked.findings);
}

#[test]
fn a_webhook_that_the_end_of_the_input_cuts_is_truncated() {
    for until in CUTS {
        let cut = cut_behind(until);
        let input = format!("{}\n{cut}", webhook(1));
        assert_checked(input, ONE_AND_DAMAGE, &format!("J002 2:{}", cut.len() + 1));
    }
}

#[test]
fn a_cut_last_line_is_truncated_with_its_line_end_as_without() {
    for until in CUTS {
        let cut = cut_behind(until);
        let input = format!("{}\n{cut}\n", webhook(1));
        assert_checked(input, ONE_AND_DAMAGE, &format!("J002 2:{}", cut.len() + 1));
    }
}

#[test]
fn a_truncated_line_costs_itself_wherever_it_is_cut() {
    for until in CUTS {
        let cut = cut_behind(until);
        let lines = [webhook(1), cut.clone(), webhook(3), webhook(4), String::new()];
        for end in ["\n", "\r\n"] {
            let checked = check(lines.join(end));
            assert_eq!(checked.figures, "documents=3 webhooks=3 events=3 damaged=1 calls=3");
            let at_the_cut = format!("J001 2:{}", cut.len() + 1);
            // A string takes the CR of CR LF for its own; which of the two broke it is no matter.
            let behind_the_cr = format!("J001 2:{}", cut.len() + 2);
            let in_string = end == "\r\n" && until.ends_with("roo");
            let found = checked.findings;
            assert!(found == at_the_cut || (in_string && found == behind_the_cr), "{found}");
        }
    }
}

#[test]
fn a_truncated_line_before_the_last_is_told_at_its_own_end() {
    for until in CUTS {
        let cut = cut_behind(until);
        let input = format!("{}\n{cut}\n{}\n", webhook(1), webhook(3));
        assert_checked(input, TWO_AND_DAMAGE, &format!("J001 2:{}", cut.len() + 1));
    }
}

#[test]
fn a_line_cut_inside_an_escape_costs_itself() {
    for name in ["Ad\\", "Ad\\u00", "Ad\\\\"] {
        let cut = format!(r#"{{"trigger":"meeting_started","data":{{"sessionId":"{name}"#);
        let input = format!("{}\n{cut}\n{}\n", webhook(1), webhook(3));
        assert_checked(input, TWO_AND_DAMAGE, &format!("J001 2:{}", cut.len() + 1));
    }
}

#[test]
fn text_behind_a_truncated_line_costs_nothing_more() {
    let cut = cut_behind("\"created_at\":");
    let input = format!("{}\n{cut}\nready\n{}\n", webhook(1), webhook(3));
    let checked = check(input);
    assert!(
        checked.figures.starts_with("documents=2 webhooks=2 events=2 damaged=1"),
        "{}",
        checked.figures
    );
    assert_eq!(checked.list.len(), 1, "{}", checked.findings);
}

// Values that JSON allows.

#[test]
fn a_lone_surrogate_escape_is_read_as_a_replacement_character() {
    let input = webhook(1).replace("room-1", r"room-\ud83d!");
    assert_checked(&input, "documents=1 webhooks=1 events=1 calls=1", "");
    let folder = TempDir::new().expect("a folder");
    let output = run(&folder, &["calls", "--json"], "-", Some(input.as_bytes()));
    let calls: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(calls["calls"][0]["session_id"], "room-\u{fffd}!");
}

#[test]
fn of_a_duplicate_key_the_last_is_read_and_that_is_told() {
    let input = webhook(1)
        .replace("{\"created_at\":1771000001", "{\"created_at\":5,\"created_at\":1771000001");
    let checked = check(&input);
    assert_eq!(checked.figures, "documents=1 webhooks=1 events=1 calls=1");
    assert!(checked.findings.starts_with("S003 1:"), "{}", checked.findings);
    assert_eq!(checked.list[0]["pointer"], "/data/created_at");
    assert_eq!(checked.list.len(), 1);
}

#[test]
fn a_duplicate_key_of_the_envelope_is_told_too() {
    for (key, twice) in [
        ("/trigger", webhook(1).replace("{\"trigger\"", "{\"trigger\":\"call_busy\",\"trigger\"")),
        ("/data", webhook(1).replace(",\"data\"", ",\"data\":{},\"data\"")),
        ("/appId", webhook(1).replace("\"appId\"", "\"appId\":\"other\",\"appId\"")),
    ] {
        let checked = check(&twice);
        assert_eq!(checked.figures, "documents=1 webhooks=1 events=1 calls=1", "{key}");
        assert_eq!(checked.list.len(), 1, "{key}: {}", checked.findings);
        assert_eq!(checked.list[0]["pointer"], key);
    }
}

#[test]
fn a_number_beyond_all_bounds_costs_its_own_event_alone() {
    let input = format!("{}\n{}\n", webhook(1), webhook(2).replace("1771000002", "1e400"));
    let col = input.lines().nth(1).and_then(|line| line.find("1e400")).expect("a number") + 1;
    let checked = check(&input);
    assert_eq!(checked.figures, "documents=2 webhooks=2 events=1 invalid=1 calls=1");
    assert_eq!(checked.list.len(), 1, "{}", checked.findings);
    assert!(checked.findings.ends_with(&format!(" 2:{col}")), "{}", checked.findings);
    assert_eq!(checked.list[0]["pointer"], "/data/created_at");
    assert_eq!(checked.list[0]["severity"], "error");
}

#[test]
fn a_number_beyond_all_bounds_where_no_one_looks_is_no_damage() {
    let input = webhook(1).replace("\"region\"", "\"note\":[1e400,-1e999],\"region\"");
    assert_checked(input, "documents=1 webhooks=1 events=1 calls=1", "");
    assert_checked("{\"note\":1e400}", NO_WEBHOOK, "J003 1:1, J007 1:1");
    assert_checked("1e400", NO_WEBHOOK, "J003 1:1, J007 1:1");
}

#[test]
fn a_time_before_the_epoch_is_implausible_and_read() {
    let input = webhook(1).replace("1771000001", "-5");
    let col = input.find("-5").expect("a time") + 1;
    assert_checked(input, "documents=1 webhooks=1 events=1 calls=1", &format!("S009 1:{col}"));
}

#[test]
fn milliseconds_are_told_and_read_as_such() {
    let input = webhook(1).replace("1771000001", "1771000001000");
    let col = input.find("1771000001000").expect("a time") + 1;
    assert_checked(&input, "documents=1 webhooks=1 events=1 calls=1", &format!("S009 1:{col}"));
    let folder = TempDir::new().expect("a folder");
    let output = run(&folder, &["events", "--json"], "-", Some(input.as_bytes()));
    let events: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(events["events"][0]["event_at"], "2026-02-13T16:26:41Z");
}

#[test]
fn an_event_whose_every_field_has_the_wrong_type_is_invalid() {
    let input = r#"{"trigger":"call_ended","data":{"all_occupants":{},"destroyed_at":[],"created_at":{},"sessionId":[]},"appId":{},"region":[],"webhook":null,"type":[]}"#;
    let checked = check(input);
    assert_eq!(checked.figures, "documents=1 webhooks=1 invalid=1");
    let wrong: Vec<&str> = (checked.list.iter())
        .filter(|finding| finding["rule"] == "S002")
        .filter_map(|finding| finding["pointer"].as_str())
        .collect();
    let expected = [
        "/data/all_occupants",
        "/data/destroyed_at",
        "/data/created_at",
        "/data/sessionId",
        "/appId",
        "/region",
        "/webhook",
        "/type",
    ];
    assert_eq!(wrong, expected);
    assert_eq!(checked.status, 1);
}

#[test]
fn a_roster_entry_without_a_name_costs_no_end() {
    let input = r#"{"trigger":"call_ended","data":{"all_occupants":[{"joined_at":1771000009,"audio_call":"true","left_at":1771000099},{"joined_at":1771000010,"audio_call":"true","left_at":1771000098,"name":"Bo Castell"}],"destroyed_at":1771000099,"created_at":1771000009,"sessionId":"s-1"},"appId":"5d1e0c7a9b34f682","region":"eu","webhook":"a41f09c2d87b36e5501c9d2e","type":"call"}"#;
    let col = input.find("{\"joined_at\"").expect("an entry") + 1;
    let figures = "documents=1 webhooks=1 events=1 calls=1";
    let checked = assert_checked(input, figures, &format!("S001 1:{col}"));
    assert_eq!(checked.list[0]["pointer"], "/data/all_occupants/0/name");
    let folder = TempDir::new().expect("a folder");
    let output = run(&folder, &["calls", "--json"], "-", Some(input.as_bytes()));
    let calls: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(calls["calls"][0]["outcome"], "ended");
    assert_eq!(calls["calls"][0]["stays"].as_array().map(Vec::len), Some(1));
}

// Untrusted text.

/// A control of each kind that moves a terminal's cursor, its lines or its reading direction.
const HOSTILE: &str = r"\u001b[2J\u0007\u007f\u009b31m\u2028\u202e\u200b\u2060\ufeff\r\n|<b>=";

#[test]
fn no_control_character_of_a_stranger_is_printed() {
    let folder = hostile();
    for command in [["calls"].as_slice(), &["timeline"], &["events"]] {
        for format in ["table", "json", "ndjson", "markdown"] {
            assert_clean(&folder, &[command, &["--format", format]].concat(), "capture");
        }
    }
    for format in ["text", "concise", "json", "ndjson"] {
        assert_clean(
            &folder,
            &["check", "--select", "J,S,K,L,F,R,D", "--format", format],
            "capture",
        );
    }
}

#[test]
fn no_control_character_of_a_stranger_is_printed_as_csv() {
    let folder = hostile();
    for command in ["calls", "timeline", "events"] {
        assert_clean(&folder, &[command, "--format", "csv"], "capture");
    }
}

/// A capture whose every string is hostile.
fn hostile() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let ring = r#"{"trigger":"call_initiated","data":{"call":{"id":"H1","conversationId":"H2","sender":"H3","receiverType":"user","receiver":"H4","category":"H5","type":"video","data":{"action":"H6","entities":{"by":{"entity":{"uid":"H","name":"H7","status":"s","role":"r"},"entityType":"user"},"on":{"entity":{"sessionid":"H8","status":"s","type":"video","initiatedAt":1771000000},"entityType":"call"}}},"sentAt":1771000000,"updatedAt":"H"}},"appId":"H9","region":"Ha","webhook":"Hb","type":"H"}"#;
    let started = r#"{"trigger":"call_started","data":{"created_at":1771000009,"sessionId":"H8"},"appId":"H9","region":"Ha","webhook":"Hb","type":"call"}"#;
    let joined = r#"{"trigger":"call_participant_joined","data":{"occupant":{"joined_at":1771000009,"audio_call":"H","name":"Hd"},"sessionId":"H8","initial_config":{"sdk":"He","platform":"Hf","call_version":"Hg"}},"appId":"H9","region":"Ha","webhook":"Hb","type":"call"}"#;
    let recording = r#"{"trigger":"recording_generated","data":{"recordingDate":"H","duration":"1.5","startTime":"1771000010","sessionId":"H8","recording_url":"https://example.test/H?H"},"appId":"H9","region":"Ha","webhook":"Hb"}"#;
    let other = r#"{"trigger":"H","data":{"H":"H"},"appId":"H9","region":"Ha","webhook":"Hb"}"#;
    let lines = [ring, started, joined, recording, other, r#"{"H":"#].join("\n");
    fs::write(folder.path().join("capture"), lines.replace('H', HOSTILE)).expect("a file");
    folder
}

#[cfg(unix)]
#[test]
fn no_control_character_of_a_file_name_is_printed() {
    let name = "\u{1b}[2J\u{7f}\u{9b}31m\u{202e}";
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join(name), format!("{}\n{{\"a\":", webhook(1))).expect("a file");
    for command in ["calls", "timeline", "events", "check"] {
        assert_clean(&folder, &[command], name);
        assert_clean(&folder, &[command, "--json"], name);
        assert_clean(&folder, &[command], "no such \u{1b}[2J");
    }
}

fn assert_clean(folder: &TempDir, arguments: &[&str], input: &str) {
    let output = run(folder, arguments, input, None);
    for bytes in [output.stdout, output.stderr] {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let found = text.find(|character: char| {
            (character.is_control() && character != '\n')
                || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                || matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}')
        });
        let around = found.map(|at| text[at..].chars().take(20).collect::<String>());
        assert_eq!(around, None, "{arguments:?}");
    }
}

// Files.

#[test]
fn an_input_that_is_not_there_is_told_and_the_others_are_read() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("there"), webhook(1)).expect("a file");
    let output = run(&folder, &["check", "--json", "missing"], "there", None);
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("cannot read missing: no such file or folder"), "{stderr}");
    assert_eq!(checked(&folder, &output).figures, "documents=1 webhooks=1 events=1 calls=1");
}

#[test]
fn a_folder_or_glob_without_a_capture_is_an_error() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    for input in ["empty", "empty/*.json", "empty/[ab].json"] {
        let output = run(&folder, &["calls"], input, None);
        assert_eq!(output.status.code(), Some(2), "{input}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(input), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told_and_the_others_are_read() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().expect("a folder");
    let closed = folder.path().join("closed");
    fs::write(&closed, webhook(1)).expect("a file");
    fs::write(folder.path().join("open"), webhook(2)).expect("a file");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions");
    if File::open(&closed).is_ok() {
        return; // whoever may read everything (root) cannot try this
    }
    let output = run(&folder, &["check", "--json", "closed"], "open", None);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(checked(&folder, &output).figures, "documents=1 webhooks=1 events=1 calls=1");
}

#[test]
fn a_file_with_a_bracket_in_its_name_is_that_file() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("cap[1].json"), webhook(1)).expect("a file");
    fs::write(folder.path().join("cap1.json"), format!("{}\n{}", webhook(2), webhook(3)))
        .expect("a file");
    let output = run(&folder, &["check", "--json"], "cap[1].json", None);
    assert_eq!(checked(&folder, &output).figures, "documents=1 webhooks=1 events=1 calls=1");
    fs::remove_file(folder.path().join("cap[1].json")).expect("gone");
    let output = run(&folder, &["check", "--json"], "cap[1].json", None);
    assert_eq!(checked(&folder, &output).figures, TWO);
}

#[test]
fn output_that_cannot_be_written_is_an_error_and_leaves_nothing_behind() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("capture"), webhook(1)).expect("a file");
    let output = run(&folder, &["calls", "-o", "no-folder/out"], "capture", None);
    assert_eq!(output.status.code(), Some(2));
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().collect();
    assert!(left.iter().all(|entry| !is_hidden(&entry.path())), "{left:?}");
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}
