//! `gitlab`: a code quality report of GitLab.

use std::io::{self, Write};

use serde_json::json;

use super::{ReportContext, message, subject};
use crate::finding::Severity;
use crate::view::report::{self, Out, Report};
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

impl Report<FindingRow<'_>> for Gitlab<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        let begun = std::mem::replace(&mut self.begun, true);
        self.out.write_all(if begun { b",\n" } else { b"[\n" })?;
        let subject = subject(row).map_or_else(String::new, |subject| format!(" ({subject})"));
        let description = format!("{} {}: {}{subject}", row.rule, row.name, message(row));
        let path = shown(self.context.path(row.spot.source).unwrap_or(STDIN));
        let severity = match row.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        };
        // GitLab does not show `check_name`, so that the description has the code too.
        let issue = json!({
            "description": shown(&description),
            "check_name": row.rule,
            "fingerprint": row.fingerprint.to_string(),
            "severity": severity,
            "location": { "path": path, "lines": { "begin": row.line, "end": row.end.0 } },
        });
        report::json(&mut self.out, &issue)
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}
