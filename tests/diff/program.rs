//! The program at work on two captures.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A folder with captures.
pub(crate) struct Shelf(TempDir);

impl Shelf {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, lines: &[String]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, lines.join("\n")).expect("a disk");
        path
    }

    /// What the words of `generate` make.
    pub(crate) fn generate(&self, name: &str, words: &str) -> PathBuf {
        let path = self.path(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
        command.args(["generate", "-q"]).args(words.split_whitespace()).arg("-o").arg(&path);
        assert!(command.status().expect("callscope starts").success(), "{words}");
        path
    }
}

pub(crate) fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).expect("a capture").lines().map(Into::into).collect()
}

/// What `diff --json` tells of two captures, and its exit status.
pub(crate) fn diff(a: &Path, b: &Path, words: &[&str]) -> (Value, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    let output = command.args(["diff", "-q", "--json"]).args([a, b]).args(words).output();
    let output = output.expect("callscope starts");
    let told = serde_json::from_slice(&output.stdout);
    (told.unwrap_or_else(|_| panic!("{output:?}")), output.status.code())
}

/// The calls that differ.
pub(crate) fn calls(told: &Value) -> &[Value] {
    told["calls"].as_array().expect("calls")
}

/// The events that differ so, with the line of side `side`.
pub(crate) fn events(told: &Value, difference: &str, side: &str) -> Vec<u64> {
    let events = calls(told).iter().flat_map(|call| call["events"].as_array().expect("events"));
    let of = events.filter(|event| event["difference"] == difference);
    let mut lines: Vec<u64> =
        of.map(|event| event[side]["line"].as_u64().expect("a line")).collect();
    lines.sort_unstable();
    lines
}
