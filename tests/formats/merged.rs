//! Equal damages of one source are one finding in every format.

use std::fmt::Write as _;

use quick_junit::Report;
use serde_json::Value;

use super::run::{Repository, ran, root};

/// Damaged lines among others: each is damaged in the same way, and long, so that several threads
/// read some of them.
const DAMAGED: usize = 3000;

/// The lines behind each of which one is damaged.
const APART: usize = 2;

fn repository() -> Repository {
    let repository = Repository::empty();
    let path = root().join("samples/answered.ndjson");
    let sample = std::fs::read_to_string(path).expect("a sample");
    let webhook = sample.lines().next().expect("a webhook");
    let padding = "x".repeat(1700);
    let mut text = String::new();
    for at in 0..DAMAGED {
        writeln!(
            text,
            "{webhook}\n{{\"trigger\":\"call_ended\",\"data\":{{\"n{at:04}\":\"{padding}\",}}}}"
        )
        .expect("memory");
    }
    repository.write("a.ndjson", &text);
    repository
}

/// The row of the only damage, as `arguments` print it.
fn row(repository: &Repository, arguments: &[&str]) -> Value {
    let arguments =
        [&["--format", "ndjson", "-q", "--ignore", "K,F", "a.ndjson"], arguments].concat();
    let printed = repository.printed(&arguments);
    assert_eq!(printed.lines().count(), 1, "{printed}");
    serde_json::from_str(&printed).expect("JSON")
}

#[test]
fn equal_damages_are_one_finding_for_any_number_of_threads() {
    let repository = repository();
    let rows = ["1", "2", "7"].map(|threads| row(&repository, &["--threads", threads]));
    assert_eq!(rows[0]["rule"], "J001");
    assert_eq!(rows[0]["count"], DAMAGED);
    assert_eq!(rows[0]["line"], APART);
    let related = rows[0]["related"].as_array().expect("places");
    let lines: Vec<u64> =
        related.iter().map(|place| place["line"].as_u64().expect("a line")).collect();
    assert_eq!(lines, [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    assert_eq!(related[0]["col"], rows[0]["col"]);
    assert!(
        related.iter().all(|place| place["source"] == "a.ndjson" && place["call_id"].is_null())
    );
    assert_eq!(rows[0], rows[1]);
    assert_eq!(rows[0], rows[2]);
}

#[test]
fn the_verdict_and_what_fails_count_all() {
    let repository = repository();
    let (_, told, status) = ran(repository.check(&["--ignore", "K,F", "a.ndjson"]));
    assert!(told.starts_with("3,000 errors, 0 warnings, 0 infos\n"), "{told}");
    assert_eq!(status, Some(1));
    repository.write("callscope.toml", "[[ignore]]\ncode = 'J001'\nreason = 'x'");
    let (_, told, status) = ran(repository.check(&["--ignore", "K,F", "a.ndjson"]));
    assert!(told.contains("0 errors, 0 warnings, 0 infos; 3,000 ignored\n"), "{told}");
    assert_eq!(status, Some(0));
}

#[test]
fn other_messages_and_other_sources_are_other_findings() {
    let repository = Repository::empty();
    let lines = "{\"a\":1,}\n{\"a\":?}\n{\"a\":1,}\n{\"a\":!}\n";
    repository.write("a.ndjson", lines);
    repository.write("b.ndjson", lines);
    let printed = repository.printed(&["--format", "ndjson", "-q", "--allow-empty", "."]);
    let rows: Vec<Value> =
        printed.lines().map(|row| serde_json::from_str(row).expect("JSON")).collect();
    let counts: Vec<_> = rows.iter().map(|row| (row["count"].as_u64(), &row["line"])).collect();
    let source =
        [(Some(2), &Value::from(1)), (Some(1), &Value::from(2)), (Some(1), &Value::from(4))];
    assert_eq!(counts, [source, source].concat(), "{printed}");
    assert_eq!(rows[1]["related"], Value::Array(Vec::new()));
}

#[test]
fn people_see_how_often_and_where_else() {
    let repository = repository();
    let printed = |format: &str| {
        repository.printed(&["--format", format, "-q", "--ignore", "K,F", "a.ndjson"])
    };
    let text = printed("text");
    let next = "3,000 times; next at 4:1744, 6:1744, 8:1744, 10:1744";
    assert!(text.contains(&format!("  = {next}")) && text.contains("20:1744"), "{text}");
    let concise = printed("concise");
    assert!(concise.ends_with(" (3,000 times; next at 4:1744, 6:1744, 8:1744)\n"), "{concise}");
    assert_eq!(concise.lines().count(), 1);
}

#[test]
fn ci_gets_one_finding_and_its_count() {
    let repository = repository();
    let printed = |format: &str| {
        repository.printed(&["--format", format, "-q", "--ignore", "K,F", "a.ndjson"])
    };
    let github = printed("github");
    assert_eq!(github.lines().count(), 1, "{github}");
    assert!(
        github.starts_with("::error ") && github.contains("(3,000 times; next at "),
        "{github}"
    );
    let gitlab: Value = serde_json::from_str(&printed("gitlab")).expect("JSON");
    assert_eq!(gitlab.as_array().map(Vec::len), Some(1));
    let description = gitlab[0]["description"].as_str().expect("a text");
    assert!(description.contains("(3,000 times; next at "), "{description}");
    let junit = printed("junit");
    let report = Report::deserialize_from_str(&junit).expect("JUnit");
    assert_eq!((report.tests, report.failures), (2, 1));
    assert!(junit.contains("<system-out>3,000 findings</system-out>"), "{junit}");
    let sarif: Value = serde_json::from_str(&printed("sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["occurrenceCount"], DAMAGED);
    let related = results[0]["relatedLocations"].as_array().expect("locations");
    let lines = related.iter().map(|one| &one["physicalLocation"]["region"]["startLine"]);
    assert_eq!(lines.collect::<Vec<_>>(), [4, 6, 8, 10, 12, 14, 16, 18, 20]);
}

#[test]
fn the_step_summary_counts_all() {
    let repository = repository();
    let mut command =
        repository.check(&["--format", "github", "-q", "--ignore", "K,F", "a.ndjson"]);
    command.env("GITHUB_STEP_SUMMARY", repository.here().join("step.md"));
    ran(command);
    let summary = repository.read("step.md");
    assert!(summary.starts_with("### callscope: 3,000 errors, 0 warnings, 0 infos\n"), "{summary}");
    assert!(summary.contains("3,000 times") && !summary.contains("had no room"), "{summary}");
}

#[test]
fn follow_prints_each_damage_when_it_comes() {
    let repository = repository();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_callscope"));
    let capture = std::fs::File::open(repository.here().join("a.ndjson")).expect("a capture");
    command.args(["follow", "--events", "--json", "-q", "-"]).stdin(capture);
    let (printed, ..) = ran(command);
    let printed = String::from_utf8(printed).expect("UTF-8");
    let damages = printed.lines().filter(|line| line.contains("\"rule\":\"J001\""));
    let single = |line: &str| line.contains("\"count\":1,\"related\":[]");
    assert_eq!(damages.filter(|line| single(line)).count(), DAMAGED);
}
