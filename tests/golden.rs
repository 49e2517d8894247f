//! Every sample's timeline, as worked out by hand in `tests/golden`.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Samples that are damaged on purpose.
const DAMAGED: [&str; 1] = ["damaged"];

#[test]
fn every_sample_has_the_timeline_that_was_worked_out_by_hand() {
    let mut report = String::new();
    for name in names("tests/golden") {
        let golden = fs::read(root().join(format!("tests/golden/{name}.json"))).expect("a golden");
        let printed = run(&["timeline", "--json", "-q", &sample(&name)]);
        let expected: Value = serde_json::from_slice(&golden).expect("the golden is JSON");
        let found: Value = serde_json::from_slice(&printed).expect("the output is JSON");
        let mut differences = Vec::new();
        compare("", &expected, &found, &mut differences);
        if !differences.is_empty() {
            write!(report, "\n{name}:\n  {}\n", differences.join("\n  ")).expect("a string");
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn the_keys_of_a_timeline_stand_in_the_order_of_the_golden() {
    for name in names("tests/golden") {
        let golden = fs::read(root().join(format!("tests/golden/{name}.json"))).expect("a golden");
        let printed = run(&["timeline", "--json", "-q", &sample(&name)]);
        let expected: Keys = serde_json::from_slice(&golden).expect("the golden is JSON");
        let found: Keys = serde_json::from_slice(&printed).expect("the output is JSON");
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn only_the_damaged_sample_yields_an_error() {
    for name in names("samples") {
        let printed = run(&["check", "--json", "-q", &sample(&name)]);
        let document: Value = serde_json::from_slice(&printed).expect("the output is JSON");
        let findings = document["findings"].as_array().expect("a list of findings");
        let errors: Vec<_> =
            findings.iter().filter(|finding| finding["severity"] == "error").collect();
        assert_eq!(errors.is_empty(), !DAMAGED.contains(&name.as_str()), "{name}: {errors:#?}");
    }
}

#[test]
fn every_sample_has_a_golden_and_every_golden_a_sample() {
    assert_eq!(names("samples"), names("tests/golden"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the files directly in a folder, without their endings.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path()).filter(|path| {
        path.extension().is_some_and(|ending| ending == "json" || ending == "ndjson")
    });
    files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

/// The path of a sample as the goldens name it.
fn sample(name: &str) -> String {
    let line_by_line = PathBuf::from(format!("samples/{name}.ndjson"));
    let ending = if root().join(line_by_line).exists() { "ndjson" } else { "json" };
    format!("samples/{name}.{ending}")
}

/// What the program prints; with `-q` it says nothing else.
fn run(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap_or_else(|error| unreachable!("callscope does not start: {error}"));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Adds a line for each place in which two values differ.
fn compare(path: &str, expected: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let keys: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
            for key in keys {
                let path = format!("{path}/{key}");
                match (expected.get(key), found.get(key)) {
                    (Some(expected), Some(found)) => compare(&path, expected, found, differences),
                    (Some(expected), None) => {
                        differences.push(format!("{path}: expected {expected}, it is missing"));
                    }
                    (None, found) => {
                        let found = found.cloned().unwrap_or_default();
                        differences.push(format!("{path}: expected no such key, found {found}"));
                    }
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (expected, found)) in one.iter().zip(other).enumerate() {
                compare(&format!("{path}/{at}"), expected, found, differences);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            let (one, other) = (one.len(), other.len());
            differences.push(format!("{path}: expected {one} elements, found {other}"));
        }
        _ if expected == found => {}
        _ => differences.push(format!("{path}: expected {expected}, found {found}")),
    }
}

/// The keys of a document as they stand, since a `Value` sorts them.
#[derive(Debug, PartialEq)]
enum Keys {
    Scalar,
    List(Vec<Keys>),
    Object(Vec<(String, Keys)>),
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Keys, E> {
        Ok(Keys::Scalar)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Keys, E> {
        Ok(Keys::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Keys, E> {
        Ok(Keys::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Keys, E> {
        Ok(Keys::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Keys, E> {
        Ok(Keys::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Keys, E> {
        Ok(Keys::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Keys, A::Error> {
        let mut keys = Vec::new();
        while let Some(element) = list.next_element()? {
            keys.push(element);
        }
        Ok(Keys::List(keys))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Keys, A::Error> {
        let mut keys = Vec::new();
        while let Some(entry) = object.next_entry()? {
            keys.push(entry);
        }
        Ok(Keys::Object(keys))
    }
}
