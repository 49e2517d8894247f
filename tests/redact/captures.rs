//! Every sample and every carrier on the shelf, before and after.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::bodies::Bodies;
use super::mapping::{Mapping, assert_same, sorted};
use super::program::{below, file, redacted, rows};

/// The text of each webhook, in the order in which they are read.
fn texts(bytes: &[u8]) -> Vec<String> {
    Bodies::read(bytes).texts.into_iter().map(|(_, text)| text).collect()
}

fn without(rows: &mut [Value], fields: &[&str]) {
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        row.retain(|field, _| !fields.contains(&field.as_str()));
    }
}

/// The rows of a command, which must be the same but for the mapping; `fields` aside.
fn same(command: &[&str], paths: [&Path; 2], mapping: &Mapping, fields: &[&str]) {
    let [mut before, mut after] = paths.map(|path| rows(command, path));
    for row in &mut before {
        mapping.row(row);
    }
    for rows in [&mut before, &mut after] {
        without(rows, fields);
    }
    assert_same(&sorted(before), &sorted(after), &format!("{command:?} of {}", paths[0].display()));
}

/// What holds of one capture.
fn check(path: &Path) {
    let name = path.display();
    let written = redacted(path, &[]);
    let after = file(written.as_bytes());
    let (old, new) = (texts(&fs::read(path).expect("the fixture")), texts(written.as_bytes()));
    assert_eq!(old.len(), new.len(), "{name}");
    assert_eq!(old.len(), written.lines().count(), "{name}: a line per delivery");
    let mut mapping = Mapping::default();
    old.iter().zip(&new).for_each(|(old, new)| mapping.learn(old, new));
    let paths = [path, &after];
    same(&["calls"], paths, &mapping, &[]);
    // Of copies that came at once, the webhook's id says which one stands for the event.
    let aside = ["source", "line", "idempotency_key", "webhook_id", "status"];
    same(&["events"], paths, &mapping, &aside);
    statuses(paths);
    findings(paths);
    nothing_left(&written, &mapping, path);
}

fn statuses(paths: [&Path; 2]) {
    let [before, after] = paths.map(|path| {
        let mut rows = rows(&["events"], path);
        // The webhook's id decides among copies that nothing else tells apart.
        let has_copies = rows.iter().any(|row| row["status"] == "copy");
        let statuses = rows.iter_mut().map(|row| row["status"].take().to_string());
        let mut statuses: Vec<String> = statuses.collect();
        if has_copies {
            statuses.sort();
        }
        statuses
    });
    assert_eq!(before, after, "{}", paths[0].display());
}

fn findings(paths: [&Path; 2]) {
    let [before, after] = paths.map(|path| {
        let rows = rows(&["check", "--select", "S,K,L", "--allow-empty"], path);
        let told = rows.iter().map(|row| {
            format!("{} {} {} {}", row["rule"], row["severity"], row["pointer"], row["trigger"])
        });
        let mut told: Vec<String> = told.collect();
        told.sort();
        told
    });
    assert_eq!(before, after, "{}", paths[0].display());
}

/// None of the texts that were replaced stands in any other, however it is spelled.
fn nothing_left(written: &str, mapping: &Mapping, path: &Path) {
    let mut left = Vec::new();
    for line in written.lines() {
        strings(&serde_json::from_str(line).expect("JSON"), &mut left);
    }
    left.sort();
    left.dedup();
    let all = left.join("\n");
    for gone in mapping.gone.iter().filter(|gone| !mapping.stayed.contains(*gone)) {
        // A pseudonym of digits may have any short number in it, and a word any syllable.
        let found = if gone.chars().count() > 6 {
            all.contains(gone.as_str())
        } else {
            left.contains(gone)
        };
        assert!(!found, "{gone} is left of {}", path.display());
    }
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(elements) => elements.iter().for_each(|one| strings(one, found)),
        Value::Object(members) => {
            // A trigger stays, whatever else is called by one of its words.
            let others = members.iter().filter(|(key, _)| *key != "trigger");
            others.for_each(|(_, one)| strings(one, found));
        }
        _ => {}
    }
}

#[test]
fn every_sample_says_the_same_of_people_with_other_names() {
    let samples = below("samples");
    assert!(samples.len() > 40);
    for path in &samples {
        check(path);
    }
}

#[test]
fn every_carrier_becomes_plain_webhooks_that_say_the_same() {
    let shelf = below("tests/carriers");
    assert!(shelf.len() > 150);
    for path in &shelf {
        check(path);
    }
}

#[test]
fn the_key_decides_about_the_pseudonyms_and_nothing_else_does() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/redial.ndjson");
    let [one, other] = [(); 2].map(|()| redacted(&sample, &[]));
    assert_eq!(one, other);
    let output = super::program::run(&[&"redact", &"-q", &sample]);
    assert_ne!(output.stdout, one.into_bytes());
    // What one person is called does not depend on who else is there.
    let alone = redacted(&sample, &["-t", "call_rejected"]);
    assert!(!alone.is_empty() && alone.lines().all(|line| other.contains(line)));
}

#[test]
fn what_is_kept_stays_and_the_rest_goes() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/answered.ndjson");
    let before = fs::read_to_string(&sample).expect("the sample");
    let everything = "name,uid,conversation,session,app,webhook,url";
    let all: Vec<Value> =
        before.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let kept = redacted(&sample, &["--keep", everything]);
    for (before, after) in all.iter().zip(kept.lines()) {
        let after: Value = serde_json::from_str(after).expect("JSON");
        assert_eq!((&before["appId"], &before["webhook"]), (&after["appId"], &after["webhook"]));
        assert_eq!(before.pointer("/data/sessionId"), after.pointer("/data/sessionId"));
        assert_eq!(before.pointer("/data/occupant"), after.pointer("/data/occupant"));
        assert_eq!(
            before.pointer("/data/call/conversationId"),
            after.pointer("/data/call/conversationId")
        );
    }
    let app = redacted(&sample, &["--keep", "app"]);
    assert!(app.contains("e66c680c5b85e710") && app.contains("v1.us.e66c680c5b85e710.1768230260"));
    assert!(!app.contains("8e507ea02627ae73af8ee153e6bb3649c55585d3"));
}
