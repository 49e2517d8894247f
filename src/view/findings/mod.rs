//! Findings, one file a format. All formats are given the same rows, in the order of the sources.

mod concise;
mod github;
mod gitlab;
mod junit;
mod sarif;
mod step;
mod text;
mod writer;

pub use step::StepSummary;
pub use text::lines;
pub use writer::{Wording, Writer};

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

/// The document's kind and number.
pub const SCHEMA: &str = "check/2";
/// The name of the list of findings in it.
pub const LIST: &str = "findings";

impl FindingFormat {
    /// Whether it shows the text around a finding.
    #[must_use]
    pub fn quotes(self) -> bool {
        self == Self::Text
    }

    /// Whether it tells where a finding ends, and of files as CI knows them.
    #[must_use]
    pub fn is_for_ci(self) -> bool {
        matches!(self, Self::Github | Self::Gitlab | Self::Sarif)
    }

    /// Whether it tells what could not be read.
    #[must_use]
    pub fn tells_unread(self) -> bool {
        matches!(self, Self::Github | Self::Junit | Self::Sarif)
    }

    /// Whether it tells findings apart by fingerprint.
    #[must_use]
    pub fn has_fingerprints(self) -> bool {
        matches!(self, Self::Gitlab | Self::Sarif)
    }
}

/// What a source is called where CI looks for it.
#[derive(Clone, Debug, Default)]
pub struct Located {
    /// Its path from the root of the repository, with `/`; absolute outside of it. `None` for what
    /// is no file.
    pub path: Option<String>,
    /// The same as a URI reference.
    pub uri: String,
}

/// The number of findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally([u64; 3]);

impl Tally {
    /// Those of a severity.
    #[must_use]
    pub fn of(self, severity: Severity) -> u64 {
        self.0[severity as usize]
    }

    /// All of them.
    #[must_use]
    pub fn all(self) -> u64 {
        self.0.iter().sum()
    }
}

impl FromIterator<(Severity, u64)> for Tally {
    fn from_iter<I: IntoIterator<Item = (Severity, u64)>>(counts: I) -> Self {
        let mut tally = Self::default();
        counts.into_iter().for_each(|(severity, count)| tally.0[severity as usize] += count);
        tally
    }
}

/// What a format may know beside the rows.
#[derive(Clone, Copy, Debug)]
pub struct Given<'g> {
    /// The names of all sources, as they were typed.
    pub names: &'g [&'g str],
    /// Where they are; nothing where no format asks.
    pub located: &'g [Located],
    /// All findings, each merged one with its count.
    pub tally: Tally,
    /// The number of rows.
    pub rows: Tally,
    /// The least severity that fails.
    pub fail_on: Severity,
    /// What there is to say of inputs that could not be read.
    pub unread: &'g [String],
}

impl<'g> Given<'g> {
    fn located(&self, source: SourceId) -> Option<&'g Located> {
        self.located.get(source.0 as usize)
    }
}

/// `at /data/created_at of call_started`: what a finding is about.
fn about(row: &FindingRow<'_>) -> Option<String> {
    match (row.pointer, row.trigger) {
        (Some(pointer), Some(trigger)) => Some(format!("at {pointer} of {trigger}")),
        (Some(pointer), None) => Some(format!("at {pointer}")),
        (None, Some(trigger)) => Some(format!("in {trigger}")),
        (None, None) => None,
    }
}

/// `3,000 times; next at 2:9, 3:9`: how often a finding occurs, with line and column of the next `most`
/// places. `None` where it occurs once.
fn occurrences(row: &FindingRow<'_>, most: usize) -> Option<String> {
    if row.count == 1 {
        return None;
    }
    let times = count(row.count, "time");
    let next: Vec<String> =
        row.next_places().take(most).map(|place| format!("{}:{}", place.line, place.col)).collect();
    Some(if next.is_empty() { times } else { format!("{times}; next at {}", next.join(", ")) })
}

/// The most next places that formats with a line for each finding show.
const FEW: usize = 3;

/// What was seen, where else, and how often.
fn message(row: &FindingRow<'_>) -> String {
    match occurrences(row, FEW) {
        Some(often) => format!("{} ({often})", row.message),
        None => row.message.clone(),
    }
}
