//! The program at work on a capture.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::{NamedTempFile, TempPath};

/// Runs the program on a file, or on stdin with the file behind it.
pub(crate) fn run(arguments: &[&str], path: &Path, piped: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(arguments).stderr(Stdio::piped());
    if piped {
        command.stdin(File::open(path).expect("the file")).arg("-");
    } else {
        command.arg(path);
    }
    command.output().expect("callscope starts")
}

/// The rows of a command, as they were printed.
pub(crate) fn rows(arguments: &[&str], path: &Path, piped: bool) -> Vec<Value> {
    let arguments = [arguments, &["-q", "--format", "ndjson"]].concat();
    let output = run(&arguments, path, piped);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// What `calls` says, findings about delivery aside: a plain capture tells nothing of arrival.
pub(crate) fn calls(path: &Path) -> Vec<Value> {
    let mut calls = rows(&["calls"], path, false);
    for call in &mut calls {
        let codes = call["rules"].as_array_mut().expect("a list of rules");
        codes.retain(|code| !code.as_str().is_some_and(|code| code.starts_with('D')));
    }
    calls
}

/// What `events` says, places and arrival aside, in an order of its own: some carriers list the
/// newest first.
pub(crate) fn events(path: &Path) -> Vec<String> {
    let mut events = rows(&["events"], path, false);
    without(&mut events, &["source", "line", "received_at"]);
    let mut events: Vec<_> = events.iter().map(Value::to_string).collect();
    events.sort();
    events
}

/// What `check` says of the schema, places aside.
pub(crate) fn schema_findings(path: &Path) -> Vec<String> {
    let mut findings = rows(&["check", "--select", "S"], path, false);
    without(&mut findings, &["source", "line", "col", "byte_offset"]);
    let mut findings: Vec<_> = findings.iter().map(Value::to_string).collect();
    findings.sort();
    findings
}

/// Deliveries with their line and arrival, the name of the source aside.
pub(crate) fn placed(path: &Path, piped: bool) -> Vec<Value> {
    let mut events = rows(&["events"], path, piped);
    without(&mut events, &["source"]);
    events
}

/// The capture packed with gzip and with Zstandard, beside each other for as long as they are read.
pub(crate) fn packed(path: &Path) -> [TempPath; 2] {
    let bytes = fs::read(path).expect("the fixture");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&bytes).expect("memory");
    let gzip = gzip.finish().expect("memory");
    [gzip, zstd::encode_all(&*bytes, 3).expect("memory")].map(|packed| {
        let mut file = NamedTempFile::new().expect("a file");
        file.write_all(&packed).expect("a disk");
        file.into_temp_path()
    })
}

/// Takes members out of every row.
fn without(rows: &mut [Value], keys: &[&str]) {
    for row in rows {
        let row = row.as_object_mut().expect("a row is an object");
        row.retain(|key, _| !keys.contains(&key.as_str()));
    }
}
