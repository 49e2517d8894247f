//! What a settings file has ignored.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::shape;
use crate::finding::{Finding, SourceId};
use crate::input::Sources;
use crate::rules;
use crate::view::words::count;

/// A star stays within its folder, or within its step of a pointer.
const WITHIN: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Findings that are not told: those that meet all that is said.
#[derive(Debug)]
pub(super) struct Ignore {
    codes: Vec<String>,
    paths: Vec<Pattern>,
    pointers: Vec<Pattern>,
    reason: String,
    /// The line that says so.
    by: String,
}

impl Ignore {
    /// `None` where nothing is said that findings could meet.
    pub(super) fn new(shape: shape::Ignore, by: String) -> Option<Self> {
        let codes: Vec<String> = shape.code.0.into_iter().map(|code| code.0).collect();
        let paths: Vec<Pattern> = shape.path.0.into_iter().map(|path| path.0).collect();
        let pointers: Vec<Pattern> = shape.pointer.0.into_iter().map(|one| one.0).collect();
        let says = !(codes.is_empty() && paths.is_empty() && pointers.is_empty());
        says.then_some(Self { codes, paths, pointers, reason: shape.reason.0, by })
    }

    fn takes(&self, finding: &Finding, path: &Path) -> bool {
        let pointer = finding.pointer.as_deref();
        (self.codes.is_empty() || rules::any_names(&self.codes, finding.rule))
            && any(&self.paths, |pattern| pattern.matches_path_with(path, WITHIN))
            && any(&self.pointers, |pattern| {
                pointer.is_some_and(|pointer| pattern.matches_with(pointer, WITHIN))
            })
    }
}

/// Whether one fits, or none was asked for.
fn any(patterns: &[Pattern], fits: impl Fn(&Pattern) -> bool) -> bool {
    patterns.is_empty() || patterns.iter().any(fits)
}

/// What is ignored in a run.
pub(in crate::commands) struct Ignored<'s> {
    list: &'s [Ignore],
    /// The folder that paths start from.
    folder: &'s Path,
    /// By ignore, how many findings it takes.
    taken: Vec<u64>,
    /// The source that was looked at last, as its path is seen from the folder.
    last: Option<(SourceId, PathBuf)>,
}

impl<'s> Ignored<'s> {
    pub(super) fn new(list: &'s [Ignore], folder: &'s Path) -> Self {
        Self { list, folder, taken: vec![0; list.len()], last: None }
    }

    /// Whether a finding is ignored. Every ignore that takes it counts it.
    pub(in crate::commands) fn takes(&mut self, finding: &Finding, sources: &Sources) -> bool {
        if self.list.is_empty() {
            return false;
        }
        let source = finding.spot.source;
        let path = match self.last.take() {
            Some((last, path)) if last == source => path,
            _ => seen_from(self.folder, &sources.source(source).name),
        };
        let mut takes = false;
        for (ignore, taken) in self.list.iter().zip(&mut self.taken) {
            let fits = ignore.takes(finding, &path);
            *taken += if fits { finding.count } else { 0 };
            takes |= fits;
        }
        self.last = Some((source, path));
        takes
    }

    /// What each ignore came to.
    pub(in crate::commands) fn told(&self) -> impl Iterator<Item = String> {
        self.list.iter().zip(&self.taken).map(|(Ignore { by, reason, .. }, taken)| match taken {
            0 => format!("{by}: nothing to ignore ({reason})"),
            taken => format!("{by}: {} ignored ({reason})", count(*taken, "finding")),
        })
    }
}

/// The path of a source as it is seen from a folder; whole where it lies elsewhere.
fn seen_from(folder: &Path, name: &str) -> PathBuf {
    if name == "-" {
        return name.into();
    }
    let path = upright(Path::new(name));
    match path.strip_prefix(upright(folder)) {
        Ok(inside) => inside.to_owned(),
        Err(_) => path,
    }
}

/// A whole path. Links are followed only where a step leads up, since that is where it leads from.
fn upright(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let up = whole.components().any(|step| step == std::path::Component::ParentDir);
    let real = up.then(|| std::fs::canonicalize(&whole).ok()).flatten();
    real.unwrap_or(whole)
}
