//! What one lives with.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use super::program::{Folder, Ran};

/// Webhooks with findings of many rules, each once or more.
fn webhooks() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = ["lenient", "duplicates", "same-second", "redial", "lost"];
    let samples = samples.map(|name| format!("samples/{name}.ndjson"));
    let rules = ["S001", "S002", "S004", "S007", "K003"];
    let rules = rules.map(|code| format!("tests/rules/{code}/fires.ndjson"));
    let texts = samples.iter().chain(&rules).map(|path| fs::read_to_string(root.join(path)));
    let texts: Vec<String> = texts.map(|text| text.expect("a capture")).collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.map(|line| serde_json::from_str(line).expect("a webhook")).collect()
}

/// How a webhook stands in a file: alone, over several lines, or in an envelope.
fn written(body: &Value, how: usize) -> String {
    // Which of two conflicting deliveries is told of goes by their bytes, so that those stay.
    let conflicts = ["call_started", "call_participant_joined"].map(Value::from);
    match how {
        0 => format!("{body}\n"),
        1 if conflicts.contains(&body["trigger"]) => format!("\n\n{body}\n"),
        1 => format!("\n\n{body:#}\n"),
        2 => format!("{}\n", json!({"method": "POST", "path": "/", "body": body})),
        _ => format!("{}\n", json!({"method": "POST", "path": "/", "body": body.to_string()})),
    }
}

fn verdict(ran: &Ran) -> &str {
    ran.err.lines().next().unwrap_or_default()
}

proptest! {
    #![proptest_config(Config { cases: 12, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_baseline_knows_its_findings_again_however_the_capture_is_written(
        shuffled in Just(webhooks()).prop_shuffle(),
        how in proptest::collection::vec((0..4_usize, 0..3_usize), webhooks().len()),
        lost in any::<prop::sample::Index>(),
    ) {
        let folder = Folder::new();
        let plain: String = webhooks().iter().map(|body| written(body, 0)).collect();
        folder.write("plain.ndjson", plain);
        folder.write("split/0.log", "");
        for (body, (how, file)) in shuffled.iter().zip(&how) {
            let name = format!("split/{file}.log");
            let before = fs::read(folder.path(&name)).unwrap_or_default();
            folder.write(&name, [before, written(body, *how).into_bytes()].concat());
        }
        let ran = folder.run("check --write-baseline plain.json plain.ndjson");
        prop_assert_eq!((ran.out.as_str(), ran.status), ("", Some(0)));
        folder.run("check --write-baseline split.json split");
        prop_assert_eq!(folder.read("plain.json"), folder.read("split.json"));

        let ran = folder.run("check --fail-on info --format concise --baseline plain.json split");
        prop_assert_eq!((ran.out.as_str(), ran.status), ("", Some(0)), "{}", ran.err);
        prop_assert!(ran.err.starts_with("0 errors, 0 warnings, 0 infos; "), "{}", ran.err);
        prop_assert!(!ran.err.contains("did not occur"), "{}", ran.err);

        // One more of what is known, and it is told.
        let known = folder.read("plain.json");
        let mut lines: Vec<&str> = known.lines().collect();
        let at = 1 + lost.index(lines.len() - 2);
        let entry: Value = serde_json::from_str(lines[at].trim_end_matches(',')).expect("an entry");
        let less = match entry["count"].as_u64() {
            Some(1) | None => String::new(),
            Some(count) => {
                let mut entry = entry.clone();
                entry["count"] = json!(count - 1);
                format!("{entry},")
            }
        };
        lines[at] = &less;
        folder.write("less.json", lines.join("\n").replace(",\n]", "\n]").replace(",\n\n]", "\n]"));
        let ran = folder.run("check --fail-on info --format concise --baseline less.json split");
        prop_assert_eq!((ran.out.lines().count(), ran.status), (1, Some(1)), "{:?}", ran);
        let code = format!("[{}]", entry["rule"].as_str().unwrap_or_default());
        prop_assert!(ran.out.contains(&code), "{}", ran.out);
    }
}

#[test]
fn what_is_new_is_told_and_what_is_gone_is_counted() {
    let folder = Folder::new().fires("K001", "old.ndjson").sample("same-second.ndjson");
    let ran = folder.run("check --write-baseline known.json old.ndjson");
    assert_eq!(verdict(&ran), "1 finding written to known.json");
    let ran =
        folder.run("check --baseline known.json --format concise old.ndjson same-second.ndjson");
    assert!(ran.out.contains("[K002]") && !ran.out.contains("[K001]"), "{}", ran.out);
    assert_eq!(verdict(&ran), "0 errors, 0 warnings, 2 infos; 1 in the baseline");
    let ran = folder.run("check --baseline known.json --format concise same-second.ndjson");
    assert!(ran.err.contains("callscope: 1 finding of the baseline did not occur"), "{}", ran.err);
    // Nobody looked for it.
    for words in ["--select S", "-t call_started", "-q"] {
        let ran = folder.run(&format!("check --baseline known.json {words} same-second.ndjson"));
        assert!(!ran.err.contains("did not occur"), "{words}: {}", ran.err);
    }
}

#[test]
fn a_baseline_holds_what_would_be_told_and_nothing_of_what_it_says() {
    let folder = Folder::with("[[ignore]]\ncode = 'K002'\nreason = 'x'")
        .fires("K001", "a.ndjson")
        .sample("same-second.ndjson");
    let ran = folder.run("check --write-baseline known.json a.ndjson same-second.ndjson");
    assert_eq!(verdict(&ran), "1 finding written to known.json; 2 ignored");
    let known = folder.read("known.json");
    assert!(
        known.starts_with("{\"schema\":\"baseline/2\",\"findings\":[\n{\"rule\":\"K001\","),
        "{known}"
    );
    assert!(known.contains("\"count\":1}\n]}\n") && !known.contains("call v1"), "{known}");
    // Another run with both renews it.
    let ran = folder.run(
        "check --no-config --baseline known.json --write-baseline known.json a.ndjson same-second.ndjson",
    );
    assert_eq!(verdict(&ran), "3 findings written to known.json");
}

#[test]
fn a_baseline_that_is_missing_or_broken_ends_the_run_before_anything_is_read() {
    let digits = "0".repeat(32);
    let one = |fingerprint: &str, count: &str| {
        format!(
            "{{\"schema\":\"baseline/2\",\"findings\":[{{\"rule\":\"K001\",\"fingerprint\":\"{fingerprint}\",\"count\":{count}}}]}}"
        )
    };
    let folder = Folder::new();
    for (text, told) in [
        (String::new(), "EOF while parsing"),
        ("{".into(), "EOF while parsing"),
        ("[]".into(), ""),
        ("<<<<<<< HEAD\n{}".into(), "expected value at line 1 column 1"),
        ("{\"schema\":\"baseline/2\"}".into(), "missing field `findings`"),
        (
            "{\"schema\":\"check/1\",\"findings\":[]}".into(),
            "expected the schema baseline/2, found check/1",
        ),
        (one("12ab", "1"), "no fingerprint and count of findings: `12ab`, 1"),
        (
            one(&digits, "1").replace("baseline/2", "baseline/1"),
            "it is of baseline/1; write it again with --write-baseline",
        ),
        (one(&digits.replacen('0', "+", 1), "1"), "no fingerprint"),
        (one(&digits.replacen('0', "x", 1), "1"), "no fingerprint"),
        (one(&digits, "0"), "no fingerprint and count of findings"),
        (one(&digits, "-1"), "invalid value"),
    ] {
        folder.write("known.json", &text);
        let ran = folder.run("check --baseline known.json missing.ndjson");
        assert!(
            ran.err.starts_with("callscope: cannot read the baseline known.json: "),
            "{text}: {}",
            ran.err
        );
        assert!(ran.err.contains(told) && ran.err.lines().count() == 1, "{text}: {}", ran.err);
        assert_eq!(ran.status, Some(2), "{text}");
    }
    let ran = folder.run("check --baseline none.json missing.ndjson");
    assert!(
        ran.err.starts_with("callscope: --baseline: cannot read none.json: No such file"),
        "{}",
        ran.err
    );
    folder.write("known.json", one(&digits, "1"));
    assert_eq!(folder.run("check --baseline known.json known.json").status, Some(1));
}

#[test]
fn no_baseline_is_written_that_lacks_something_or_hides_an_empty_capture() {
    let folder = Folder::new().fires("K001", "a.ndjson").file("empty.log", "nothing here\n");
    for (inputs, told) in [
        ("a.ndjson missing.ndjson", "known.json is not written: not all could be read"),
        ("empty.log", "known.json is not written: no webhook in the whole input"),
        ("known.json a.ndjson", ""),
    ] {
        let ran = folder.run(&format!("check --write-baseline known.json {inputs}"));
        assert!(ran.err.contains(told) && ran.status == Some(2), "{inputs}: {ran:?}");
        assert!(!folder.path("known.json").exists(), "{inputs}");
    }
    let ran = folder.run("check --write-baseline a.ndjson a.ndjson");
    assert!(ran.err.contains("cannot write a.ndjson: it is an input"), "{}", ran.err);
    let ran = folder.run("check --write-baseline known.json --format json a.ndjson");
    assert_eq!(ran.status, Some(2), "{ran:?}");
}

/// Lines that are damaged in the same way, each with a text of its own.
fn damaged(lines: std::ops::Range<usize>) -> String {
    let line =
        |at| format!("{{\"trigger\":\"call_ended\",\"data\":{{\"sessionId\":\"s{at}\",}}}}\n");
    lines.map(line).collect()
}

#[test]
fn a_damage_that_is_known_stays_known_when_there_is_more_of_it() {
    let folder = Folder::new().sample("answered.ndjson").file("a.ndjson", damaged(0..2));
    let captures = "a.ndjson answered.ndjson";
    let ran = folder.run(&format!("check --write-baseline known.json {captures}"));
    assert_eq!(verdict(&ran), "2 findings written to known.json");
    let known = folder.read("known.json");
    assert_eq!(known.matches("\"count\":1}").count(), 1, "{known}");
    folder.write("a.ndjson", damaged(0..5));
    let ran = folder.run(&format!("check --baseline known.json {captures}"));
    assert_eq!(verdict(&ran), "0 errors, 0 warnings, 0 infos; 5 in the baseline");
    assert_eq!(ran.status, Some(0));
}

#[test]
fn a_baseline_holds_findings_of_every_severity() {
    let folder = Folder::new().sample("lenient.ndjson").sample("damaged.ndjson");
    let captures = "lenient.ndjson damaged.ndjson";
    let ran = folder.run(&format!("check {captures}"));
    assert!(!verdict(&ran).contains(" 0 ") && !verdict(&ran).starts_with('0'), "{}", ran.err);
    folder.run(&format!("check --write-baseline known.json --fail-on error {captures}"));
    let ran = folder.run(&format!("check --baseline known.json {captures}"));
    assert!(verdict(&ran).starts_with("0 errors, 0 warnings, 0 infos; "), "{}", ran.err);
}

#[test]
#[cfg(unix)]
fn a_baseline_without_end_is_refused_before_anything_is_read() {
    let ran = Folder::new().run("check --baseline /dev/zero missing.ndjson");
    assert_eq!(
        ran.err,
        "callscope: --baseline: /dev/zero is larger than 64 MiB, the limit for a file of this kind\n"
    );
    assert_eq!(ran.status, Some(2));
}
