//! Findings in all formats, a file each. Every format gets the same rows, in the order of the
//! sources.

mod concise;
mod github;
mod gitlab;
mod junit;
mod sarif;
mod step_summary;
mod text;
mod writer;

pub use step_summary::StepSummary;
pub use text::lines;
pub use writer::{FindingsWriter, RowFormatter};

use super::rows::FindingRow;
use super::words::count;
use crate::finding::{Severity, SourceId};

/// The formats of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum FindingFormat {
    /// Like a compiler's: with the line, and help below it
    #[default]
    Text,
    /// A line each
    Concise,
    /// One JSON document
    Json,
    /// One JSON object a line
    Ndjson,
    /// Workflow commands of GitHub Actions, and its step summary
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// XML for Jenkins and others: a test case for each source and each finding
    Junit,
    /// SARIF 2.1.0, as GitHub code scanning takes it
    Sarif,
}

/// Kind and version of the JSON document.
pub const SCHEMA: &str = "check/2";
/// The key of its list of findings.
pub const LIST: &str = "findings";

impl FindingFormat {
    /// Whether the text around a finding is shown.
    #[must_use]
    pub fn shows_excerpts(self) -> bool {
        self == Self::Text
    }

    /// Whether findings have ends, and paths from the root of the repository.
    #[must_use]
    pub fn is_for_ci(self) -> bool {
        matches!(self, Self::Github | Self::Gitlab | Self::Sarif)
    }

    /// Whether inputs that could not be read are reported.
    #[must_use]
    pub fn reports_unread(self) -> bool {
        matches!(self, Self::Github | Self::Junit | Self::Sarif)
    }

    /// Whether findings have fingerprints.
    #[must_use]
    pub fn has_fingerprints(self) -> bool {
        matches!(self, Self::Gitlab | Self::Sarif)
    }
}

/// Where CI finds a source.
#[derive(Clone, Debug, Default)]
pub struct SourceLocation {
    /// Path from the root of the repository, with `/`; absolute outside of it. `None` for stdin.
    pub path: Option<String>,
    /// The path as a URI reference.
    pub uri: String,
}

/// The number of findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeverityCounts([u64; 3]);

impl SeverityCounts {
    /// The count of one severity.
    #[must_use]
    pub fn of(self, severity: Severity) -> u64 {
        self.0[severity as usize]
    }

    /// The sum of all severities.
    #[must_use]
    pub fn total(self) -> u64 {
        self.0.iter().sum()
    }

    /// `1 error, 2 warnings, 0 infos`
    #[must_use]
    pub fn verdict(self) -> String {
        Severity::ALL.map(|severity| count(self.of(severity), severity.name())).join(", ")
    }
}

impl FromIterator<(Severity, u64)> for SeverityCounts {
    fn from_iter<I: IntoIterator<Item = (Severity, u64)>>(counts: I) -> Self {
        let mut sums = Self::default();
        counts.into_iter().for_each(|(severity, count)| sums.0[severity as usize] += count);
        sums
    }
}

/// What formats know besides the rows.
#[derive(Clone, Copy, Debug)]
pub struct ReportContext<'g> {
    /// By source, its name as it was typed.
    pub names: &'g [&'g str],
    /// By source, where it is; empty if no format needs it.
    pub locations: &'g [SourceLocation],
    /// All findings, merged ones with their counts.
    pub findings: SeverityCounts,
    /// Rows, one for each merged finding.
    pub rows: SeverityCounts,
    /// The least severity that makes the check fail.
    pub fail_on: Severity,
    /// The errors of inputs that could not be read.
    pub unread: &'g [String],
}

impl<'g> ReportContext<'g> {
    fn location(&self, source: SourceId) -> Option<&'g SourceLocation> {
        self.locations.get(source.0 as usize)
    }

    fn path(&self, source: SourceId) -> Option<&'g str> {
        self.location(source)?.path.as_deref()
    }
}

/// `at /data/created_at of call_started`: the field or the webhook that a finding is about.
fn subject(row: &FindingRow<'_>) -> Option<String> {
    match (row.pointer, row.trigger) {
        (Some(pointer), Some(trigger)) => Some(format!("at {pointer} of {trigger}")),
        (Some(pointer), None) => Some(format!("at {pointer}")),
        (None, Some(trigger)) => Some(format!("in {trigger}")),
        (None, None) => None,
    }
}

/// `3,000 times; next at 2:9, 3:9`: how often a finding occurs, with line and column of at most
/// `limit` further places. `None` if it occurs once.
fn occurrences(row: &FindingRow<'_>, limit: usize) -> Option<String> {
    if row.count == 1 {
        return None;
    }
    let times = count(row.count, "time");
    let next: Vec<String> = row
        .next_places()
        .take(limit)
        .map(|place| format!("{}:{}", place.line, place.col))
        .collect();
    Some(if next.is_empty() { times } else { format!("{times}; next at {}", next.join(", ")) })
}

/// The message of a finding, with how often it occurs.
fn message(row: &FindingRow<'_>) -> String {
    /// Further places, few enough for one line.
    const PLACES: usize = 3;
    match occurrences(row, PLACES) {
        Some(occurrences) => format!("{} ({occurrences})", row.message),
        None => row.message.clone(),
    }
}
