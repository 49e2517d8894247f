//! Findings: as text, a line each, or as JSON.

use std::io::{self, Write};

use super::report::{Json, Ndjson, Out, Report};
use super::rows::FindingRow;
use super::summary::Summary;
use super::text::shown;

/// The formats of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum FindingFormat {
    /// A line each, and help below it
    #[default]
    Text,
    /// A line each
    Concise,
    /// One JSON document
    Json,
    /// One JSON object a line
    Ndjson,
}

/// The writer of a format.
#[must_use]
pub fn report<'w>(
    format: FindingFormat,
    out: Out<'w>,
) -> Box<dyn for<'c> Report<FindingRow<'c>> + 'w> {
    match format {
        FindingFormat::Text => Box::new(Text { out, help: true }),
        FindingFormat::Concise => Box::new(Text { out, help: false }),
        FindingFormat::Json => Box::new(Json::new(out, "check/1", "findings")),
        FindingFormat::Ndjson => Box::new(Ndjson { out, line: Vec::new() }),
    }
}

struct Text<'w> {
    out: Out<'w>,
    help: bool,
}

impl Report<FindingRow<'_>> for Text<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        write!(
            self.out,
            "{}:{}:{}: {}[{}] {}",
            shown(row.source),
            row.line,
            row.col,
            row.severity,
            row.rule,
            row.name
        )?;
        if let Some(pointer) = row.pointer {
            write!(self.out, " at {}", shown(pointer))?;
        }
        writeln!(self.out, ": {}", shown(&row.message))?;
        match row.help {
            Some(help) if self.help => writeln!(self.out, "  help: {}", shown(help)),
            _ => Ok(()),
        }
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}
