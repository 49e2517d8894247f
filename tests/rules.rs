//! Every rule of the catalogue has a fixture in which it fires and one, as near to it as can be, in
//! which it is silent.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at a fixture that it cannot read"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use callscope::finding::Rule;
use callscope::rules;
use serde_json::{Value, json};

#[test]
fn every_rule_fires_on_its_firing_fixture() {
    for rule in rules::all() {
        let findings = findings(rule, "fires");
        let found = findings.iter().any(|finding| finding["rule"] == rule.code);
        assert!(found, "{}: {findings:#?}", rule.code);
    }
}

#[test]
fn every_rule_is_silent_on_its_silent_fixture() {
    for rule in rules::all() {
        let findings = findings(rule, "silent");
        assert!(findings.is_empty(), "{}: {findings:#?}", rule.code);
    }
}

#[test]
fn a_rule_fires_once_and_where_the_fixture_says() {
    let wrong: Vec<String> = rules::all().filter_map(misplaced).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_fixture_is_without_its_rule() {
    let codes: BTreeSet<String> = rules::all().map(|rule| rule.code.to_owned()).collect();
    let folders: BTreeSet<String> = files(&folder("")).iter().map(|path| name(path)).collect();
    assert_eq!(folders, codes);
    for code in codes {
        let files: Vec<String> = files(&folder(&code)).iter().map(|path| stem(path)).collect();
        assert_eq!(files, ["expected", "fires", "silent"], "{code}");
    }
}

/// What is said of a firing fixture that differs from its `expected.json`.
fn misplaced(rule: &Rule) -> Option<String> {
    let expected = fs::read(folder(rule.code).join("expected.json")).expect("expected.json");
    let expected: Value = serde_json::from_slice(&expected).expect("expected.json is JSON");
    let found: Vec<Value> = findings(rule, "fires").iter().map(place).collect();
    (found != [expected.clone()])
        .then(|| format!("{}: expected {expected}, found {found:?}", rule.code))
}

fn place(finding: &Value) -> Value {
    json!({
        "line": finding["line"],
        "col": finding["col"],
        "byte_offset": finding["byte_offset"],
        "pointer": finding["pointer"],
        "severity": finding["severity"],
    })
}

/// What `check` finds in a rule's fixture when asked for that rule.
fn findings(rule: &Rule, fixture: &str) -> Vec<Value> {
    let mut fixtures = files(&folder(rule.code));
    fixtures.retain(|path| stem(path) == fixture);
    let [fixture] = &fixtures[..] else {
        panic!("{}: one file named {fixture}, not {fixtures:?}", rule.code);
    };
    let output = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["check", "--json", "--select", rule.code])
        .arg(fixture)
        .output()
        .expect("callscope starts");
    let document: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    document["findings"].as_array().expect("a list of findings").clone()
}

fn folder(code: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(code)
}

/// What a folder holds, in the order of the names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of fixtures");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry of the folder").path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}
