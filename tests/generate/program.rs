//! The program at work.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::slice;

use serde_json::Value;
use tempfile::TempDir;

pub(crate) fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(arguments).output().expect("callscope starts")
}

/// A capture with its truth, in a folder that is there for as long as this is.
pub(crate) struct Made {
    folder: TempDir,
    pub(crate) capture: PathBuf,
    pub(crate) truth: String,
}

/// What the words of `generate` make.
pub(crate) fn generate(words: &str) -> Made {
    let folder = TempDir::new().expect("a folder");
    let (capture, truth) = (folder.path().join("capture"), folder.path().join("truth"));
    let words = words.split_whitespace().map(OsStr::new);
    let files = [OsStr::new("-o"), capture.as_os_str(), OsStr::new("--truth"), truth.as_os_str()];
    let output =
        run([OsStr::new("generate"), OsStr::new("-q")].into_iter().chain(words).chain(files));
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(output.stderr));
    let truth = fs::read_to_string(truth).expect("a truth");
    Made { folder, capture, truth }
}

impl Made {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        fs::read(&self.capture).expect("a capture")
    }

    /// The rows of the truth.
    pub(crate) fn rows(&self) -> Vec<Value> {
        rows(&self.truth)
    }

    /// What `calls` prints of the capture.
    pub(crate) fn calls(&self) -> String {
        told(&["calls", "-q", "--format", "ndjson"], slice::from_ref(&self.capture))
    }

    /// A file beside the capture.
    pub(crate) fn file(&self, name: &str, lines: &[&str]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, lines.join("\n")).expect("a disk");
        path
    }
}

/// What a command prints of some files.
pub(crate) fn told(command: &[&str], files: &[PathBuf]) -> String {
    let words = command.iter().map(OsStr::new);
    text(run(words.chain(files.iter().map(|file| file.as_os_str()))).stdout)
}

pub(crate) fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

pub(crate) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

/// Fails at the first line in which two texts differ.
pub(crate) fn assert_same(told: &str, truth: &str, what: &str) {
    for (at, (told, truth)) in told.lines().zip(truth.lines()).enumerate() {
        assert_eq!(told, truth, "{what}: row {}", at + 1);
    }
    assert_eq!(told.lines().count(), truth.lines().count(), "{what}");
}
