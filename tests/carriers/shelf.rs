//! The fixtures on the shelf: which there are, and which plain capture each of them carries.

use std::fs;
use std::path::{Path, PathBuf};

/// Carriers that do not tell when a webhook arrived, by the beginning of the file's name.
const WITHOUT_ARRIVAL: [&str; 21] = [
    "compose-colour.",
    "compose-crlf-",
    "compose-pretty.",
    "compose-services.",
    "compose-services-compact.",
    "compose-services-ten.",
    "compose-utf16-",
    "compose-v1-",
    "compose.",
    "express-morgan.",
    "http",
    "journald-export.",
    "kubectl-pods.",
    "kubectl-pretty.",
    "kubectl.",
    "pipedream",
    "string-",
    "syslog-3164.",
    "syslog-file.",
    "two-in-an-array.",
    "two-on-a-line.",
];

/// Carriers whose times name no zone, by the beginning of the file's name.
const ZONELESS: [&str; 4] =
    ["laravel", "pretty-behind-a-python-prefix.", "python-logging.", "rails."];

/// What a carrier tells about arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// When each webhook came.
    Told,
    /// The same, in a zone that the reader has to know.
    Zoneless,
    /// Nothing.
    Untold,
}

/// A capture, and the plain one that holds the same webhooks.
#[derive(Clone, Debug)]
pub(crate) struct Fixture {
    /// Its folder and file name, for what a failing test says.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) plain: PathBuf,
    pub(crate) arrival: Arrival,
}

impl Fixture {
    fn new(path: PathBuf, plain: &str) -> Self {
        let part = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
        let name = part(&path);
        let folder = part(path.parent().expect("a folder"));
        let plain = root().join(plain);
        Self { arrival: arrival(&name), name: format!("{folder}/{name}"), path, plain }
    }

    /// Whether the journal's own tool wrote it, with times as the other fixtures have them.
    pub(crate) fn is_journal(&self) -> bool {
        let file = self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        ["journalctl-json", "journalctl-short-iso"].iter().any(|name| file.starts_with(name))
    }

    /// Whether it is in UTF-16, which a capture is from its beginning or not at all.
    pub(crate) fn is_utf16(&self) -> bool {
        self.name.contains("-utf16")
    }

    /// The trigger that stands in the name of a file with one webhook: `sqs.call_ended.json`.
    pub(crate) fn trigger(&self) -> Option<&str> {
        let mut parts = self.name.rsplit('.');
        parts.nth(1).filter(|part| part.starts_with("call_") || part.starts_with("recording_"))
    }
}

/// Every fixture in the folder `own`, `chat`, `crowd` or `wrong`; beside it stands its plain capture.
pub(crate) fn fixtures(folder: &str) -> Vec<Fixture> {
    let plain = format!("{folder}.ndjson");
    files(folder).into_iter().map(|path| Fixture::new(path, &plain)).collect()
}

/// The fixtures of all four folders.
pub(crate) fn all() -> Vec<Fixture> {
    ["own", "chat", "crowd", "wrong"].into_iter().flat_map(fixtures).collect()
}

/// Samples and output of other people's software, with our webhooks in them.
pub(crate) fn third_party() -> Vec<Fixture> {
    let captures = files("third_party").into_iter().filter(|path| !path.ends_with("README.md"));
    captures.map(|path| Fixture::new(path, "own.ndjson")).collect()
}

/// The files in one folder of fixtures, in the order of their names.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder of fixtures");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    files
}

fn arrival(name: &str) -> Arrival {
    let begins = |list: &[&str]| list.iter().any(|beginning| name.starts_with(beginning));
    if begins(&ZONELESS) {
        Arrival::Zoneless
    } else if begins(&WITHOUT_ARRIVAL) {
        Arrival::Untold
    } else {
        Arrival::Told
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/carriers")
}
