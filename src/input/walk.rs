//! Which files a folder stands for.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Error, anyhow};
use ignore::WalkBuilder;

/// Endings of the files that a folder stands for.
const ENDINGS: [&str; 6] = ["json", "jsonl", "ndjson", "log", "har", "txt"];

/// What may stand behind them.
const PACKED: [&str; 2] = ["gz", "zst"];

/// The captures below a folder: links not followed, hidden entries and what `.gitignore` names left
/// out.
pub(super) fn walk(folder: &Path) -> ignore::Walk {
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).ignore(false).git_global(false).git_exclude(false);
    walk.sort_by_file_path(Path::cmp);
    walk.filter_entry(|entry| {
        is_capture(entry.path()) || !entry.file_type().is_some_and(|kind| kind.is_file())
    });
    walk.build()
}

/// Whether a folder stands for this file too.
fn is_capture(path: &Path) -> bool {
    let ending = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_owned);
    let packed = ending(path).is_some_and(|ending| PACKED.contains(&ending.as_str()));
    let inside = if packed { path.with_extension("") } else { path.to_owned() };
    ending(&inside).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Says that there are none.
pub(super) fn nothing_below(folder: &Path) -> Error {
    anyhow!(
        "no captures below {} (a folder stands for its *.{} files, and those with .gz or .zst)",
        folder.display(),
        ENDINGS.join(" *.")
    )
}
