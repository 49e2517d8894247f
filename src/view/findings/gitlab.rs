//! `gitlab`: a code quality report of GitLab.

use std::io::{self, Write};

use serde::Serialize;

use super::{ReportContext, message, subject};
use crate::finding::Severity;
use crate::view::report::{Out, Report, json};
use crate::view::rows::FindingRow;
use crate::view::summary::Summary;
use crate::view::text::shown;

/// The path of stdin.
const STDIN: &str = "stdin";

pub(super) struct Gitlab<'w> {
    out: Out<'w>,
    context: ReportContext<'w>,
    begun: bool,
}

impl<'w> Gitlab<'w> {
    pub(super) fn new(out: Out<'w>, context: ReportContext<'w>) -> Self {
        Self { out, context, begun: false }
    }
}

/// One finding. GitLab does not show `check_name`, so that the description has the code too.
#[derive(Serialize)]
struct QualityIssue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'r str,
    location: IssueLocation<'r>,
}

#[derive(Serialize)]
struct IssueLocation<'r> {
    path: &'r str,
    lines: LineRange,
}

#[derive(Serialize)]
struct LineRange {
    begin: u64,
    end: u64,
}

impl Report<FindingRow<'_>> for Gitlab<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        let begun = std::mem::replace(&mut self.begun, true);
        self.out.write_all(if begun { b",\n" } else { b"[\n" })?;
        let subject = subject(row).map_or_else(String::new, |subject| format!(" ({subject})"));
        let description = format!("{} {}: {}{subject}", row.rule, row.name, message(row));
        let path = shown(self.context.path(row.spot.source).unwrap_or(STDIN));
        let issue = QualityIssue {
            description: shown(&description).into_owned(),
            check_name: row.rule,
            fingerprint: row.fingerprint.to_string(),
            severity: match row.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: IssueLocation {
                path: &path,
                lines: LineRange { begin: row.line, end: row.end.0 },
            },
        };
        json(&mut self.out, &issue)
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}
