//! Findings as a code quality report of GitLab.

use std::io::{self, Write};

use serde::Serialize;

use super::{Given, about, message};
use crate::finding::Severity;
use crate::view::report::{Out, Report, json};
use crate::view::rows::FindingRow;
use crate::view::summary::Summary;
use crate::view::text::shown;

/// What a source that is no file is called.
const NO_FILE: &str = "stdin";

pub(super) struct Gitlab<'w> {
    out: Out<'w>,
    given: Given<'w>,
    begun: bool,
}

impl<'w> Gitlab<'w> {
    pub(super) fn new(out: Out<'w>, given: Given<'w>) -> Self {
        Self { out, given, begun: false }
    }
}

/// One finding. `check_name` shows nowhere in GitLab, so that the description has the code too.
#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'r str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
    end: u64,
}

impl Report<FindingRow<'_>> for Gitlab<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        let begun = std::mem::replace(&mut self.begun, true);
        self.out.write_all(if begun { b",\n" } else { b"[\n" })?;
        let about = about(row).map_or_else(String::new, |about| format!(" ({about})"));
        let description = format!("{} {}: {}{about}", row.rule, row.name, message(row));
        let path = self.given.located(row.spot.source).and_then(|located| located.path.as_deref());
        let path = shown(path.unwrap_or(NO_FILE));
        let issue = Issue {
            description: shown(&description).into_owned(),
            check_name: row.rule,
            fingerprint: row.fingerprint.to_string(),
            severity: match row.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location { path: &path, lines: Lines { begin: row.line, end: row.end.0 } },
        };
        json(&mut self.out, &issue)
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}
