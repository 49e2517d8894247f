//! The `ignore` entries of a settings file.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::shape::IgnoreSection;
use crate::finding::{Finding, SourceId};
use crate::input::Sources;
use crate::rules;
use crate::view::words::count;

/// A star matches within one folder, or within one step of a pointer.
const MATCH_OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

#[derive(Debug)]
pub(super) struct IgnoreEntry {
    section: IgnoreSection,
    /// The line of the file, as `callscope.toml:3`.
    origin: String,
}

impl IgnoreEntry {
    /// `None` if all lists are empty: then the entry would match everything.
    pub(super) fn new(section: IgnoreSection, origin: String) -> Option<Self> {
        let IgnoreSection { code, path, pointer, .. } = &section;
        let is_empty = code.is_empty() && path.is_empty() && pointer.is_empty();
        (!is_empty).then_some(Self { section, origin })
    }

    fn matches(&self, finding: &Finding, path: &Path) -> bool {
        let IgnoreSection { code: codes, path: paths, pointer: pointers, .. } = &self.section;
        let pointer = finding.pointer.as_deref();
        (codes.is_empty() || rules::any_names(codes, finding.rule))
            && matches_any(paths, |pattern| pattern.matches_path_with(path, MATCH_OPTIONS))
            && matches_any(pointers, |pattern| {
                pointer.is_some_and(|pointer| pattern.matches_with(pointer, MATCH_OPTIONS))
            })
    }
}

/// Whether one pattern matches, or there are none.
fn matches_any(patterns: &[Pattern], matches: impl Fn(&Pattern) -> bool) -> bool {
    patterns.is_empty() || patterns.iter().any(matches)
}

/// Matches findings against all `ignore` entries, and counts them.
pub(in crate::commands) struct IgnoreFilter<'s> {
    entries: &'s [IgnoreEntry],
    /// The folder that paths are relative to.
    folder: &'s Path,
    /// By entry, the number of findings that it matched.
    matched: Vec<u64>,
    /// The last source and its path, which costs system calls. Findings often follow each other in
    /// one source.
    last: Option<(SourceId, PathBuf)>,
}

impl<'s> IgnoreFilter<'s> {
    pub(super) fn new(entries: &'s [IgnoreEntry], folder: &'s Path) -> Self {
        Self { entries, folder, matched: vec![0; entries.len()], last: None }
    }

    /// Whether an entry matches the finding. Every entry that does counts it.
    pub(in crate::commands) fn matches(&mut self, finding: &Finding, sources: &Sources) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        let source = finding.spot.source;
        let path = match self.last.take() {
            Some((last, path)) if last == source => path,
            _ => relative_path(self.folder, &sources.source(source).name),
        };
        let mut is_ignored = false;
        for (entry, matched) in self.entries.iter().zip(&mut self.matched) {
            if entry.matches(finding, &path) {
                *matched += finding.count;
                is_ignored = true;
            }
        }
        self.last = Some((source, path));
        is_ignored
    }

    /// A line for each entry: how many findings it matched.
    pub(in crate::commands) fn summaries(&self) -> impl Iterator<Item = String> {
        self.entries.iter().zip(&self.matched).map(|(entry, matched)| {
            let IgnoreEntry { origin, section: IgnoreSection { reason, .. } } = entry;
            match matched {
                0 => format!("{origin}: nothing to ignore ({reason})"),
                matched => format!("{origin}: {} ignored ({reason})", count(*matched, "finding")),
            }
        })
    }
}

/// The path of a source relative to a folder; absolute if the source is outside of it.
fn relative_path(folder: &Path, name: &str) -> PathBuf {
    if name == "-" {
        return name.into();
    }
    let path = resolved(Path::new(name));
    match path.strip_prefix(resolved(folder)) {
        Ok(inside) => inside.to_owned(),
        Err(_) => path,
    }
}

/// An absolute path. Symbolic links are followed only if the path has `..`, which starts at their
/// target.
fn resolved(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let up = whole.components().any(|step| step == std::path::Component::ParentDir);
    let real = up.then(|| std::fs::canonicalize(&whole).ok()).flatten();
    real.unwrap_or(whole)
}
