//! What the readers of the formats ask for.

use std::collections::HashSet;

use quick_junit::{Report, TestCaseStatus};
use serde_json::Value;

use super::run::{Repository, many, root};

fn sarif(repository: &Repository, arguments: &[&str]) -> Value {
    let printed = repository.printed(&[&["--format", "sarif", "-q"], arguments].concat());
    serde_json::from_str(&printed).expect("JSON")
}

/// The schema that the standard's committee publishes, as the npm package `@microsoft/jest-sarif`
/// (MIT) ships it.
fn is_valid(document: &Value) {
    let schema = std::fs::read(root().join("tests/formats/sarif-2.1.0.json")).expect("the schema");
    let mut schema: Value = serde_json::from_slice(&schema).expect("JSON");
    // A bracket too many makes it no regular expression; nothing of ours has a language.
    for holder in ["run", "toolComponent"] {
        schema["definitions"][holder]["properties"]["language"]["pattern"] = "^[a-zA-Z]{2}".into();
    }
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_is_what_its_schema_says() {
    let repository = Repository::full();
    is_valid(&sarif(&repository, &["."]));
    is_valid(&sarif(&repository, &["answered.ndjson"]));
    let empty = Repository::empty();
    empty.write("none.json", "{}");
    is_valid(&sarif(&empty, &["none.json"]));
    empty.write("a.ndjson", &many(25_010, "true"));
    is_valid(&sarif(&empty, &["a.ndjson"]));
}

#[test]
fn code_scanning_finds_all_it_needs_in_every_rule_and_every_result() {
    let document = sarif(&Repository::full(), &["."]);
    let run = &document["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for rule in rules {
        for text in [
            "/id",
            "/name",
            "/shortDescription/text",
            "/fullDescription/text",
            "/help/text",
            "/help/markdown",
        ] {
            let text = rule.pointer(text).and_then(Value::as_str).expect("a text");
            assert!(!text.is_empty(), "{rule}");
        }
        let long = rule["fullDescription"]["text"].as_str().expect("a text");
        assert!(long.len() <= 1024, "{rule}");
    }
    let mut fingerprints = HashSet::new();
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
        assert_eq!(rules[index.expect("an index")]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(
            uri.starts_with("ci/") && !uri.contains([' ', ':', '\n', '%'])
                || uri.contains("%0A%3A%3A"),
            "{uri}"
        );
        let number = |end: &str| place["region"][end].as_u64().expect("a number");
        let (from, to) = (
            (number("startLine"), number("startColumn")),
            (number("endLine"), number("endColumn")),
        );
        assert!(from < to && from.0 >= 1 && from.1 >= 1, "{place}");
        let hash = &result["partialFingerprints"]["primaryLocationLineHash"];
        assert!(fingerprints.insert(hash.as_str().expect("a hash").to_owned()), "{hash}");
        let text = result["message"]["text"].as_str().expect("a text");
        assert!(!text.replace("\\[", "").replace("\\]", "").contains(['[', ']']), "{text}");
    }
}

#[test]
fn a_fingerprint_does_not_depend_on_where_its_webhook_stands() {
    let repository = Repository::full();
    let hashes = |document: &Value| -> HashSet<String> {
        let results = document["runs"][0]["results"].as_array().expect("results");
        let hash = |one: &Value| one["partialFingerprints"]["primaryLocationLineHash"].to_string();
        results.iter().map(hash).collect()
    };
    let before = hashes(&sarif(&repository, &["names.ndjson"]));
    repository
        .write("moved.log", &format!("a line of a log\n\n{}", repository.read("names.ndjson")));
    assert_eq!(hashes(&sarif(&repository, &["moved.log"])), before);
}

#[test]
fn a_region_ends_where_its_value_does() {
    let document = sarif(&Repository::full(), &["names.ndjson", "pretty.json"]);
    let results = document["runs"][0]["results"].as_array().expect("results");
    let regions: Vec<String> = (results.iter().filter(|result| result["ruleId"] == "S002"))
        .map(|result| result["locations"][0]["physicalLocation"]["region"].to_string())
        .collect();
    assert_eq!(
        regions,
        [
            r#"{"startLine":8,"startColumn":171,"endLine":8,"endColumn":182}"#,
            r#"{"startLine":10,"startColumn":21,"endLine":16,"endColumn":8}"#,
        ]
    );
}

#[test]
fn junit_reads_back_with_unique_names_and_fails_what_fails_the_check() {
    let repository = Repository::full();
    for (fail_on, failing) in [("error", "error"), ("info", "error warning info")] {
        let arguments = ["--format", "junit", "-q", "--fail-on", fail_on, "."];
        let report = Report::deserialize_from_str(&repository.printed(&arguments)).expect("JUnit");
        let rows = repository.printed(&["--format", "ndjson", "-q", "."]);
        let fails = |row: &&str| {
            let row: Value = serde_json::from_str(row).expect("JSON");
            failing.contains(row["severity"].as_str().expect("a severity"))
        };
        assert_eq!(report.failures, rows.lines().filter(fails).count());
        assert_eq!(report.test_suites.len(), 6);
        let mut names = HashSet::new();
        for case in report.test_suites.iter().flat_map(|suite| &suite.test_cases) {
            assert!(names.insert((case.classname.clone(), case.name.clone())), "{case:?}");
            if let TestCaseStatus::NonSuccess { description, .. } = &case.status {
                assert!(description.as_ref().is_some_and(|text| text.contains('[')), "{case:?}");
            }
        }
        assert_eq!(names.len(), rows.lines().count() + report.test_suites.len());
    }
}

#[test]
fn what_xml_does_not_allow_is_written_out() {
    let repository = Repository::empty();
    repository.write("a\u{1}\u{1b}[31m\u{fffe}]]>.ndjson", &many(1, "\"\u{ffff}]]>&\\u0000\""));
    let printed = repository.printed(&["--format", "junit", "-q", "."]);
    let allowed = |one: char| one == '\n' || (' '..'\u{fffe}').contains(&one) || one > '\u{ffff}';
    assert!(printed.chars().all(allowed), "{printed}");
    let report = Report::deserialize_from_str(&printed).expect("JUnit");
    assert_eq!(report.test_suites[0].name.as_str(), "./a\\u{1}\\u{1b}[31m\\u{fffe}]]>.ndjson");
}

#[test]
fn gitlab_knows_every_finding_by_a_fingerprint_of_its_own() {
    let printed = Repository::full().printed(&["--format", "gitlab", "-q", "."]);
    let issues: Vec<Value> = serde_json::from_str(&printed).expect("a list");
    let mut fingerprints = HashSet::new();
    for issue in &issues {
        assert!(fingerprints.insert(issue["fingerprint"].as_str().expect("a text").to_owned()));
        let code = issue["check_name"].as_str().expect("a code");
        assert!(issue["description"].as_str().expect("a text").starts_with(code), "{issue}");
        assert!(issue["location"]["path"].as_str().expect("a path").starts_with("ci/"), "{issue}");
        let lines = &issue["location"]["lines"];
        assert!(
            lines["begin"].as_u64() >= Some(1) && lines["end"].as_u64() >= lines["begin"].as_u64()
        );
        assert!(["major", "minor", "info"].contains(&issue["severity"].as_str().expect("a word")));
    }
    assert!(!issues.is_empty());
}
