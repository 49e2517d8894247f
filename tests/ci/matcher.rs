//! The problem matcher takes each line of `concise` for what it is, by the rules of GitHub's runner.

use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;
use serde_json::Value;

use super::kept::{path, root, text};

/// One of the matchers.
struct Matcher {
    regexp: Regex,
    pattern: Value,
    /// The severity of what it matches where the pattern names no group for it.
    severity: Option<String>,
}

/// What a runner makes of a line.
#[derive(Debug, PartialEq)]
struct Annotation {
    file: String,
    line: String,
    column: String,
    severity: String,
    code: String,
    message: String,
}

impl Matcher {
    fn annotation(&self, line: &str) -> Option<Annotation> {
        let groups = self.regexp.captures(line)?;
        let group = |name: &str| {
            let group = self.pattern[name].as_u64().and_then(|group| usize::try_from(group).ok());
            group.map(|group| groups[group].to_owned())
        };
        let severity = group("severity").or_else(|| self.severity.clone()).expect("a severity");
        let of = |name| group(name).expect("a group");
        Some(Annotation {
            file: of("file"),
            line: of("line"),
            column: of("column"),
            severity,
            code: of("code"),
            message: of("message"),
        })
    }
}

fn matchers() -> Vec<Matcher> {
    let config: Value = serde_json::from_str(&text(".github/problem-matcher.json")).expect("JSON");
    let matchers = config["problemMatcher"].as_array().expect("matchers");
    let matcher = |matcher: &Value| {
        let pattern = matcher["pattern"][0].clone();
        let regexp = Regex::new(pattern["regexp"].as_str().expect("a regex")).expect("a regex");
        let severity = matcher["severity"].as_str().map(str::to_owned);
        Matcher { regexp, pattern, severity }
    };
    matchers.iter().map(matcher).collect()
}

/// Holds what the matchers make of `concise` against the rows of `ndjson`.
fn hold(folder: &Path, input: &str) {
    let print = |format: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_callscope"));
        program.args(["check", "--select", "J,S,K,L,F,R,D", "--format", format, input]);
        let output = program.current_dir(folder).output().expect("callscope starts");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let (concise, rows) = (print("concise"), print("ndjson"));
    assert_eq!(concise.lines().count(), rows.lines().count());
    assert!(concise.lines().count() > 5, "{concise}");
    let matchers = matchers();
    for (line, row) in concise.lines().zip(rows.lines()) {
        let row: Value = serde_json::from_str(row).expect("a row");
        let found: Vec<_> = matchers.iter().filter_map(|one| one.annotation(line)).collect();
        assert_eq!(found.len(), 1, "one matcher takes {line}");
        let found = &found[0];
        // What the runner does not know as a severity it passes over.
        let severity =
            row["severity"].as_str().map(|name| if name == "info" { "notice" } else { name });
        assert_eq!(Some(&*found.severity), severity, "{line}");
        assert_eq!(Some(&*found.code), row["rule"].as_str(), "{line}");
        assert_eq!(found.line, row["line"].to_string(), "{line}");
        assert_eq!(found.column, row["col"].to_string(), "{line}");
        assert!(line.starts_with(&format!("{}:{}:", found.file, found.line)), "{line}");
        assert!(found.message.starts_with(row["name"].as_str().expect("a name")), "{line}");
        assert!(line.ends_with(&found.message), "{line}");
    }
}

#[test]
fn each_finding_in_the_samples_becomes_an_annotation() {
    hold(root(), "samples");
    hold(root(), "tests/rules");
}

#[test]
fn what_strangers_write_does_not_become_another_annotation() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = fs::read_to_string(path("tests/formats/captures/names.ndjson")).expect("a capture");
    let fake = "b.json:1:2: error[J001] not-json: fake";
    let bodies = [
        format!(r#"{{"trigger":"call_{fake}","data":{{}},"appId":"a"}}"#),
        format!(r#"{{"trigger":"call_started","data":{{"{fake}":1,"sessionId":"{fake}"}}}}"#),
        r#"{"trigger":"call_\n::error::x\nb.json:1:2: error[J001] not-json: x","data":{}}"#
            .to_owned(),
    ];
    let whole = [names, bodies.join("\n")].concat();
    fs::write(folder.path().join("a b:3 (1).ndjson"), &whole).expect("a capture");
    fs::write(folder.path().join("\u{1b}[31m\nc:.ndjson"), &whole).expect("a capture");
    hold(folder.path(), ".");
}

#[test]
fn what_is_no_finding_becomes_no_annotation() {
    let lines = [
        "3 errors, 2 warnings, 0 infos",
        "callscope: samples/settings.toml:5: 3 findings ignored (cut on purpose)",
        "a.json:1:2: error[J001] not-json",
        "a.json:1: error[J001] not-json: x",
        ":1:2: error[J001] not-json: x",
        // Else a message that holds the like of a finding would be one.
        "a.json:1:2: other[X001] b: c.json:1:2: error[J001] not-json: x",
        "a: b.json:1:2: error[J001] not-json: x",
    ];
    for line in lines {
        assert!(matchers().iter().all(|one| one.annotation(line).is_none()), "{line}");
    }
}
