//! The program in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder with captures in it.
pub(crate) struct Folder(TempDir);

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) status: Option<i32>,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with a settings file.
    pub(crate) fn with(settings: &str) -> Self {
        Self::new().file("callscope.toml", settings)
    }

    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(name, text);
        self
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// A copy of what fires a rule.
    pub(crate) fn fires(self, code: &str, name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(code);
        self.file(name, fs::read(path.join("fires.ndjson")).expect("a fixture"))
    }

    /// A copy of a sample.
    pub(crate) fn sample(self, name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
        self.file(name, fs::read(path).expect("a sample"))
    }

    pub(crate) fn run(&self, words: &str) -> Ran {
        self.run_in("", words)
    }

    pub(crate) fn run_in(&self, folder: &str, words: &str) -> Ran {
        self.run_with(folder, words, &[])
    }

    pub(crate) fn run_with(&self, folder: &str, words: &str, set: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "TZ", "CALLSCOPE_NOW"] {
            command.env_remove(name);
        }
        let command = command.args(words.split(' ')).envs(set.iter().copied());
        let output = command.current_dir(self.0.path().join(folder)).output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran { out: text(output.stdout), err: text(output.stderr), status: output.status.code() }
    }

    /// The findings of a check, each `SEVERITY CODE`.
    pub(crate) fn told(&self, words: &str) -> Vec<String> {
        let ran = self.run(&format!("check -q --format concise {words}"));
        assert!(ran.err.is_empty(), "{words}: {}", ran.err);
        let told = ran.out.lines().filter_map(|line| {
            let (severity, rest) = line.split_once(": ")?.1.split_once('[')?;
            Some(format!("{severity} {}", rest.split_once(']')?.0))
        });
        told.collect()
    }
}
