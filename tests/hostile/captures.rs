//! Every command over captures in which strangers chose what they may.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

use super::cases::cases;
use super::dice::{Dice, tape};
use super::judge::{Looks, is_harmless, objection, printed};
use super::stranger;
use super::terminal::{End, callscope};

const COMMANDS: [&str; 47] = [
    "calls",
    "calls --ascii",
    "calls --format json",
    "calls --format ndjson",
    "calls --format csv",
    "calls --format markdown",
    "calls --columns who,caller_name,conversation_id,session_id,ring_id --sort -who",
    "timeline",
    "timeline --ascii -v",
    "timeline --format json",
    "timeline --format ndjson",
    "timeline --format csv",
    "timeline --format markdown",
    "events",
    "events --distinct --columns participant_name,trigger,webhook_id,app_id,region,place",
    "events --format json",
    "events --format ndjson",
    "events --format csv",
    "events --format markdown",
    "stats",
    "stats --ascii --by platform",
    "stats --by caller",
    "stats --by conversation --format json",
    "stats --by app --format ndjson",
    "stats --by region --format csv",
    "stats --by platform --format markdown",
    "stats --by caller --partial",
    "check --select J,S,K,L,F,R,D -v",
    "check --select J,S,K,L,F,R,D --format concise",
    "check --select J,S,K,L,F,R,D --format json",
    "check --select J,S,K,L,F,R,D --format ndjson",
    "check --select J,S,K,L,F,R,D --format github",
    "check --select J,S,K,L,F,R,D --format gitlab",
    "check --select J,S,K,L,F,R,D --format junit",
    "check --select J,S,K,L,F,R,D --format sarif",
    "check --strict",
    "diff samples/redial.ndjson",
    "diff samples/redial.ndjson --ascii",
    "diff samples/redial.ndjson --format json",
    "diff samples/redial.ndjson --format csv",
    "diff samples/redial.ndjson --format markdown",
    // Every id begins with nothing: the refusal names candidates.
    "calls --call=",
    "calls --session=",
    "events --conversation=",
    "timeline --app=",
    "check --webhook=",
    // Nobody has this name or id; the nearest is told.
    "calls --participant a --session v1 --call v --app 2 --webhook w --conversation a",
];

proptest! {
    // Each case runs the program many times.
    #![proptest_config(Config { max_shrink_iters: 200, cases: cases(500).cases / 20, ..cases(0) })]

    #[test]
    fn no_command_prints_a_control_character(tape in tape(500)) {
        let dice = &mut Dice::new(&tape);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(format!("{}.ndjson", file_name(&stranger::text(dice))));
        fs::write(&path, capture(dice)).expect("a capture");
        for words in COMMANDS {
            let (looks, flag) = dice.of(&[
                (Looks::PIPE, "auto"),
                (Looks::TERMINAL, "auto"),
                (Looks { end: End::Pipe, coloured: true }, "always"),
                (Looks { end: End::Terminal(40), coloured: false }, "never"),
            ]);
            let mut command = callscope(words.split(' '));
            command.arg("--color").arg(flag).arg(&path);
            let printed = printed(command, looks);
            is_harmless(&printed, looks, &words);
            reads_back(words, &printed.stdout);
        }
    }

    #[test]
    fn files_and_standard_input_are_no_other_than_the_screen(tape in tape(500)) {
        let dice = &mut Dice::new(&tape);
        let folder = tempfile::tempdir().expect("a folder");
        let capture = capture(dice);
        let path = folder.path().join("capture.ndjson");
        fs::write(&path, &capture).expect("a capture");
        for words in ["follow", "follow --ascii", "follow --json", "follow --calls --tz Asia/Tokyo"] {
            for looks in [Looks::PIPE, Looks::TERMINAL] {
                let mut command = callscope(words.split(' '));
                command.stdin(fs::File::open(&path).expect("the capture"));
                is_harmless(&printed(command, looks), looks, &words);
            }
        }
        for words in ["calls", "timeline --ascii", "events --format csv", "check --format concise"] {
            let mut command = callscope(words.split(' '));
            command.arg("-").stdin(fs::File::open(&path).expect("the capture"));
            is_harmless(&printed(command, Looks::PIPE), Looks::PIPE, &words);

            let out = folder.path().join(file_name(&stranger::text(dice)));
            let figures = folder.path().join(format!("{}.json", file_name(&stranger::text(dice))));
            let mut command = callscope(words.split(' '));
            command.arg(&path).arg("--output").arg(&out).arg("--summary").arg(&figures);
            let printed = printed(command, Looks::TERMINAL);
            is_harmless(&printed, Looks::TERMINAL, &words);
            for file in [&out, &figures].into_iter().filter(|file| file.is_file()) {
                let text = fs::read_to_string(file).expect("UTF-8");
                assert_eq!(objection(&text, Looks::PIPE), None, "{words}");
            }
        }
    }

    #[test]
    fn what_a_stranger_wrote_is_whole_in_machine_formats(tape in tape(300)) {
        let dice = &mut Dice::new(&tape);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(format!("{}.ndjson", file_name(&stranger::text(dice))));
        let webhooks = stranger::webhooks(dice);
        fs::write(&path, stranger::lines(&webhooks)).expect("a capture");
        let mut command = callscope(["events", "-q", "--format", "ndjson"]);
        command.arg(&path);
        let rows = printed(command, Looks::PIPE).stdout;
        for row in rows.lines() {
            let row: Value = serde_json::from_str(row).expect("JSON");
            let line = row["line"].as_u64().and_then(|line| usize::try_from(line).ok());
            let webhook = &webhooks[line.expect("a line") - 1];
            assert_eq!(row["source"].as_str(), path.to_str());
            if webhook["data"].is_object() && webhook["trigger"].is_string() {
                is_told(&row, webhook);
            }
        }
    }
}

/// Where a webhook has what a row of `events` tells.
const FIELDS: [(&str, &str); 6] = [
    ("trigger", "/trigger"),
    ("webhook_id", "/webhook"),
    ("app_id", "/appId"),
    ("participant_name", "/data/occupant/name"),
    ("conversation_id", "/data/call/conversationId"),
    ("sender", "/data/call/sender"),
];

/// Refuses a row that tells another text than its webhook has, or leaves a name out.
fn is_told(row: &Value, webhook: &Value) {
    for (field, pointer) in FIELDS {
        let sent = webhook.pointer(pointer).unwrap_or(&Value::Null);
        let told = &row[field];
        // A number where a text belongs is read as its digits.
        let read = told.as_str() == Some(&sent.to_string());
        assert!(told.is_null() || told == sent || read, "{field}: {told} of {webhook}");
    }
    let trigger = row["trigger"].as_str().unwrap_or_default();
    if row["status"] == "event" && (trigger.ends_with("_joined") || trigger.ends_with("_left")) {
        assert!(row["participant_name"].is_string(), "{row} of {webhook}");
    }
}

/// The text as a file's name.
fn file_name(text: &str) -> String {
    let name: String = text.replace(['\0', '/'], "").chars().take(30).collect();
    name + "x"
}

/// The webhooks a line each, between lines of a log, and some of them damaged.
fn capture(dice: &mut Dice<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for webhook in stranger::webhooks(dice) {
        let mut line = webhook.to_string().into_bytes();
        match dice.below(12) {
            8 => {
                bytes.extend_from_slice(stranger::text(dice).as_bytes());
                bytes.push(b'\n');
            }
            9 => line.truncate(dice.below(line.len())),
            10 => {
                let at = dice.below(line.len());
                line.splice(
                    at..at,
                    dice.of(&[&b"\x1b[31m"[..], b"\x9b", b"\xff\xfe", b"\x07\t\""]).to_vec(),
                );
            }
            11 => line.splice(..0, stranger::text(dice).into_bytes()).for_each(drop),
            _ => {}
        }
        bytes.extend_from_slice(&line);
        bytes.push(b'\n');
    }
    bytes
}

/// Refuses a machine format that its readers do not read, and a cell that is a formula.
fn reads_back(words: &str, text: &str) {
    let is = |format: &str| words.contains(&format!("--format {format}"));
    if is("github") {
        let level = |line: &str| {
            ["::error ", "::warning ", "::notice "].iter().any(|level| line.starts_with(level))
        };
        assert!(text.lines().all(level), "{words}:\n{text}");
    } else if is("junit") {
        let report = quick_junit::Report::deserialize_from_str(text);
        assert!(report.is_ok(), "{words}: {report:?}:\n{text}");
    } else if is("json") || is("gitlab") || is("sarif") {
        let document = serde_json::from_str::<Value>(text);
        assert!(document.is_ok(), "{words}: {document:?}:\n{text}");
    } else if is("ndjson") {
        for line in text.lines() {
            let row = serde_json::from_str::<Value>(line);
            assert!(row.is_ok(), "{words}: {row:?}:\n{line}");
        }
    } else if is("csv") {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            let record = record.unwrap_or_else(|error| unreachable!("{words}: {error}:\n{text}"));
            for cell in &record {
                let number = cell == "-" || cell.parse::<f64>().is_ok();
                let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                assert!(number || !formula, "{words}: {cell:?} is a formula");
            }
        }
    } else if is("markdown") {
        let cells = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        let mut lines = text.lines().map(cells);
        let head = lines.next();
        assert!(lines.all(|cells| Some(cells) == head), "{words}: cells are split:\n{text}");
    }
}

#[test]
fn a_name_of_every_control_character_is_shown_in_full() {
    let controls: String =
        ('\0'..='\u{9f}').filter(|one| one.is_control()).chain(['\u{2028}', '\u{202e}']).collect();
    let name = format!("a{controls}z");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture.ndjson");
    let webhook = serde_json::json!({
        "trigger": "meeting_participant_joined", "type": "meet", "appId": "1", "region": "us", "webhook": "1",
        "data": {"occupant": {"name": name, "joined_at": 1_773_200_000, "audio_call": "false"}, "sessionId": "s"},
    });
    fs::write(&path, webhook.to_string()).expect("a capture");
    let shown = controls.chars().map(|one| format!("\\u{{{:x}}}", u32::from(one)));
    let shown = format!("a{}z", shown.collect::<String>());
    for words in ["timeline", "events --columns participant_name", "events --format csv"] {
        let mut command = callscope(words.split(' '));
        command.arg(&path).env("COLUMNS", "2000");
        let printed = printed(command, Looks::PIPE);
        let whole = printed.stdout.contains(&shown) || words.contains("--columns");
        assert!(whole, "{words}: {}", printed.stdout);
        is_harmless(&printed, Looks::PIPE, &words);
    }
}
