//! What does not fit a reader is left out, and that is told.

use serde_json::Value;

use super::run::{Repository, many};

#[test]
fn sarif_keeps_the_worst_of_more_results_than_code_scanning_takes() {
    let repository = Repository::empty();
    // An error behind very many that are less bad.
    repository.write("a.ndjson", &(many(25_004, "true") + &many(3, "\"perhaps\"")));
    let printed = repository.printed(&[
        "--format",
        "sarif",
        "-q",
        "--ignore",
        "F",
        "--severity",
        "S003=warning,S005=info,S002=info",
        "a.ndjson",
    ]);
    let document: Value = serde_json::from_str(&printed).expect("JSON");
    let run = &document["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 25_000);
    assert_eq!(results.iter().filter(|result| result["ruleId"] == "S003").count(), 3);
    let note = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    let note = note.as_str().expect("a notification");
    assert!(note.contains("25,000") && note.contains("left out"), "{note}");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}
