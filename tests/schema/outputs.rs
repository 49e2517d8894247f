//! What callscope prints, held against the schemas of its outputs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use callscope::event::{Flow, Media};
use callscope::finding::Severity;
use callscope::flow::Outcome;
use callscope::view::schema::{Document, output};
use jsonschema::Validator;
use serde_json::{Value, json};

/// The outputs that are documents, with what prints them.
const DOCUMENTS: [(Document, &str); 6] = [
    (Document::Calls, "calls"),
    (Document::Timeline, "timeline"),
    (Document::Events, "events"),
    (Document::Check, "check"),
    (Document::Stats, "stats"),
    (Document::StatsPartial, "stats --partial"),
];

fn samples() -> Vec<PathBuf> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let entries = ignore::Walk::new(samples).map(|entry| entry.expect("a folder"));
    let files = entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    files.map(ignore::DirEntry::into_path).collect()
}

fn printed(arguments: &[&str], paths: &[PathBuf]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_callscope"));
    program.args(arguments).args(paths).stdin(Stdio::null());
    let Output { stdout, .. } = program.output().expect("it runs");
    String::from_utf8(stdout).expect("UTF-8")
}

/// What `follow` prints of a file that comes through a pipe: a named one it would wait on.
fn followed(path: &Path) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_callscope"));
    let file = File::open(path).expect("a sample");
    let output = program.args(["follow", "--format", "ndjson"]).stdin(file).output();
    String::from_utf8(output.expect("it runs").stdout).expect("UTF-8")
}

fn document(verb: &str, paths: &[PathBuf]) -> Value {
    let arguments: &[&str] = match verb {
        "check" => &["check", "--json", "--select", "J,S,K,L"],
        "stats" => &["stats", "--json", "--by", "platform"],
        "stats --partial" => &["stats", "--partial", "--by", "caller"],
        verb => &[verb, "--json"],
    };
    serde_json::from_str(&printed(arguments, paths)).expect("JSON")
}

/// The schema with no other fields let pass, so that it names all that is printed.
fn closed(document: Document) -> Validator {
    let mut schema = output(document);
    close(&mut schema);
    jsonschema::validator_for(&schema).expect("a schema")
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            let fields = members.get("properties").is_some_and(Value::is_object);
            if fields && members.get("type") == Some(&json!("object")) {
                members.insert("additionalProperties".into(), json!(false));
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

fn assert_valid(validator: &Validator, printed: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(printed).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn what_is_printed_of_every_sample_is_as_its_schema_says() {
    for (schema, verb) in DOCUMENTS {
        let validator = closed(schema);
        for sample in samples() {
            assert_valid(&validator, &document(verb, &[sample]));
        }
        assert_valid(&validator, &document(verb, &samples()));
    }
}

/// What `diff` prints of two captures.
fn compared(paths: [&str; 2]) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths = paths.map(|path| root.join(path));
    serde_json::from_str(&printed(&["diff", "--json"], &paths)).expect("JSON")
}

#[test]
fn what_diff_prints_is_as_its_schema_says() {
    let validator = closed(Document::Diff);
    for paths in [
        ["samples/diff/sent.dump", "samples/diff/stored.dump"],
        ["samples/diff/stored.dump", "samples/diff/sent.dump"],
        ["samples/diff/sent.dump", "samples/diff/sent.dump"],
        ["samples", "samples/diff/stored.dump"],
        ["samples/lost.ndjson", "samples/carriers"],
    ] {
        assert_valid(&validator, &compared(paths));
    }
}

#[test]
fn what_follow_prints_of_every_sample_is_as_its_schema_says() {
    let validator = jsonschema::validator_for(&output(Document::Follow)).expect("a schema");
    let mut rows = 0;
    for sample in samples() {
        for line in followed(&sample).lines() {
            let row: Value = serde_json::from_str(line).expect("JSON");
            assert_valid(&validator, &row);
            for key in keys(&row) {
                let mut without = row.clone();
                without.as_object_mut().expect("an object").remove(&key);
                assert!(!validator.is_valid(&without), "{key} is missing");
            }
            rows += 1;
        }
    }
    assert!(rows > 100, "{rows}");
}

fn keys(value: &Value) -> Vec<String> {
    value.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

#[test]
fn a_field_that_is_missing_or_of_another_name_or_type_is_refused() {
    let documents = DOCUMENTS.map(|(schema, verb)| (schema, verb, document(verb, &samples())));
    let diff = compared(["samples/diff/sent.dump", "samples/diff/stored.dump"]);
    for (schema, verb, printed) in documents.into_iter().chain([(Document::Diff, "diff", diff)]) {
        let validator = jsonschema::validator_for(&output(schema)).expect("a schema");
        let mut places = Vec::new();
        pointers(&printed, "", &mut places);
        for (parent, key) in &places {
            let changed = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
                let mut changed = printed.clone();
                let at = changed.pointer_mut(parent).and_then(Value::as_object_mut);
                change(at.expect("an object"));
                validator.is_valid(&changed)
            };
            assert!(!changed(&|at| drop(at.remove(key))), "{verb}: {parent}/{key} is missing");
            assert!(!changed(&|at| drop(at.insert(key.clone(), json!({})))), "{parent}/{key}");
            assert!(changed(&|at| drop(at.insert("another".into(), json!(1)))), "{parent}");
        }
        assert!(places.len() > 20, "{verb}: {}", places.len());
    }
}

/// Every member, as its object and its key; of a list the first two elements.
fn pointers(value: &Value, here: &str, places: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                places.push((here.to_owned(), key.clone()));
                pointers(value, &format!("{here}/{key}"), places);
            }
        }
        Value::Array(elements) => {
            for (at, value) in elements.iter().enumerate().take(2) {
                pointers(value, &format!("{here}/{at}"), places);
            }
        }
        _ => {}
    }
}

#[test]
fn the_words_of_a_schema_are_those_that_are_printed() {
    let words = |document, name: &str| -> Vec<String> {
        let schema = output(document);
        let words = schema["$defs"][name]["oneOf"].as_array().cloned().unwrap_or_default();
        words.iter().filter_map(|word| word["const"].as_str().map(Into::into)).collect()
    };
    let calls = |name| words(Document::Calls, name);
    assert_eq!(calls("Outcome"), Outcome::ALL.map(Outcome::name));
    assert_eq!(calls("Flow"), Flow::ALL.map(Flow::name));
    assert_eq!(calls("Media"), [Media::Audio, Media::Video].map(Media::name));
    let mut severities = words(Document::Check, "Severity");
    severities.reverse();
    assert_eq!(severities, Severity::ALL.map(Severity::name));
}
