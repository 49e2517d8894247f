//! Every format over the same captures. `SNAPSHOTS=overwrite` refills them; then read the diff.

use serde_json::Value;
use snapbox::{Data, assert_data_eq};

use super::run::{Repository, root};

fn is_as_it_was(name: &str, text: String) {
    let golden = Data::read_from(&root().join(format!("tests/formats/golden/{name}")), None).raw();
    assert_data_eq!(Data::text(text).raw(), golden);
}

#[test]
fn every_format_tells_these_findings_as_it_did() {
    let repository = Repository::full();
    for (format, name) in [
        ("text", "text.txt"),
        ("concise", "concise.txt"),
        ("json", "findings.json"),
        ("ndjson", "findings.ndjson"),
        ("github", "github.txt"),
        ("gitlab", "gitlab.json"),
        ("junit", "junit.xml"),
    ] {
        is_as_it_was(name, repository.printed(&["--format", format, "-q", "."]));
    }
}

#[test]
fn sarif_tells_these_findings_as_it_did() {
    let printed = Repository::full().printed(&["--format", "sarif", "-q", "."]);
    let mut document: Value = serde_json::from_str(&printed).expect("JSON");
    // The catalogue and the version have tests of their own, and change often.
    let driver = &mut document["runs"][0]["tool"]["driver"];
    driver["rules"] = Value::Null;
    driver["version"] = Value::Null;
    driver["semanticVersion"] = Value::Null;
    for result in document["runs"][0]["results"].as_array_mut().expect("results") {
        result["ruleIndex"] = Value::Null;
    }
    let pretty = serde_json::to_string_pretty(&document).expect("JSON");
    is_as_it_was("sarif.json", pretty + "\n");
}

#[test]
fn nothing_found_is_told_in_every_format() {
    let repository = Repository::full();
    let mut told = String::new();
    for format in ["text", "concise", "json", "ndjson", "github", "gitlab", "junit"] {
        let printed = repository.printed(&["--format", format, "-q", "answered.ndjson"]);
        told.extend(["--- ", format, "\n", printed.as_str()]);
    }
    is_as_it_was("clean.txt", told);
}

#[test]
fn standard_input_is_no_file_of_the_repository() {
    let repository = Repository::full();
    let mut told = String::new();
    for format in ["concise", "github", "gitlab", "junit"] {
        let mut command = repository.check(&["--format", format, "-q", "-"]);
        let input = std::fs::File::open(repository.here().join("damaged.ndjson"));
        command.stdin(input.expect("a capture"));
        let printed = String::from_utf8(super::run::ran(command).0).expect("UTF-8");
        told.extend(["--- ", format, "\n", printed.as_str()]);
    }
    is_as_it_was("stdin.txt", told);
}
