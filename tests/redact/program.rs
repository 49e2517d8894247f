//! The program at work.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::{NamedTempFile, TempPath};

/// A file that is there for as long as it is needed.
pub(crate) fn file(bytes: &[u8]) -> TempPath {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("a disk");
    file.into_temp_path()
}

pub(crate) fn run(arguments: &[&dyn AsRef<OsStr>]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    for argument in arguments {
        command.arg(argument);
    }
    command.output().expect("callscope starts")
}

/// What `redact` writes of a file, under a key of the tests' own.
pub(crate) fn redacted(path: &Path, more: &[&str]) -> String {
    let key = file(b"the tests have a key of their own");
    let mut arguments: Vec<&dyn AsRef<OsStr>> = vec![&"redact", &"-q", &"--key-file", &key, &path];
    arguments.extend(more.iter().map(|one| one as &dyn AsRef<OsStr>));
    let output = run(&arguments);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The rows of a command.
pub(crate) fn rows(command: &[&str], path: &Path) -> Vec<Value> {
    let mut arguments: Vec<&dyn AsRef<OsStr>> =
        command.iter().map(|one| one as &dyn AsRef<OsStr>).collect();
    arguments.extend([&"-q" as &dyn AsRef<OsStr>, &"--format", &"ndjson", &path]);
    let output = run(&arguments);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// All files below a folder of the repository.
pub(crate) fn below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.extension().and_then(OsStr::to_str) {
                None => folders.push(path),
                Some("md" | "rs") => {}
                Some(_) => found.push(path),
            }
        }
    }
    found.sort();
    found
}
