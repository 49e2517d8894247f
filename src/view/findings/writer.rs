//! The writers of all formats. Formats in which no row depends on another are rendered on worker
//! threads, and only their text is written here; the others take the rows themselves.

use std::io;

use super::{
    FindingFormat, LIST, ReportContext, SCHEMA, StepSummary, concise, github, gitlab, junit, sarif,
    text,
};
use crate::view::report::{Json, Out, Report, json_item, line};
use crate::view::rows::FindingRow;
use crate::view::screen::Screen;
use crate::view::summary::Summary;

/// Appends the text of a row to that of the rows before it.
pub type RowFormatter = fn(&FindingRow<'_>, &Screen, &mut Vec<u8>) -> io::Result<()>;

impl FindingFormat {
    /// Renders a row on its own; `None` for formats that take rows.
    #[must_use]
    pub fn row_formatter(self) -> Option<RowFormatter> {
        match self {
            Self::Text => Some(text::write),
            Self::Concise => Some(|row, _, out| concise::write(row, out)),
            Self::Json => Some(|row, _, out| json_item(out, row)),
            Self::Ndjson => Some(|row, _, out| line(out, row)),
            Self::Github | Self::Gitlab | Self::Junit | Self::Sarif => None,
        }
    }
}

/// Writes findings in one format.
pub struct FindingsWriter<'w>(WriterKind<'w>);

enum WriterKind<'w> {
    /// Rendered rows, one after the other.
    Lines(Out<'w>),
    /// Rendered rows as the items of a JSON document.
    Items(Json<'w>),
    Rows(Box<dyn for<'r> Report<FindingRow<'r>> + 'w>),
}

impl<'w> FindingsWriter<'w> {
    /// A writer of `format`; `step` is the step summary that `github` writes too.
    #[must_use]
    pub fn new(
        format: FindingFormat,
        out: Out<'w>,
        step: Option<StepSummary<'w>>,
        context: ReportContext<'w>,
    ) -> Self {
        Self(match format {
            FindingFormat::Text | FindingFormat::Concise | FindingFormat::Ndjson => {
                WriterKind::Lines(out)
            }
            FindingFormat::Json => WriterKind::Items(Json::new(out, SCHEMA, LIST)),
            FindingFormat::Github => {
                WriterKind::Rows(Box::new(github::Github::new(out, step, context)))
            }
            FindingFormat::Gitlab => WriterKind::Rows(Box::new(gitlab::Gitlab::new(out, context))),
            FindingFormat::Junit => WriterKind::Rows(Box::new(junit::Junit::new(out, context))),
            FindingFormat::Sarif => WriterKind::Rows(Box::new(sarif::Sarif::new(out, context))),
        })
    }

    /// Writes the next rows; `text` is what the format's [`RowFormatter`] rendered from them.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn write(&mut self, rows: &[FindingRow<'_>], text: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            WriterKind::Lines(out) => out.write_all(text),
            WriterKind::Items(document) => document.items(text),
            WriterKind::Rows(report) => rows.iter().try_for_each(|row| report.item(row)),
        }
    }

    /// Writes what follows the last row.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        match &mut self.0 {
            WriterKind::Lines(out) => out.flush(),
            WriterKind::Items(document) => document.end(summary),
            WriterKind::Rows(report) => report.finish(summary),
        }
    }
}
