//! What writes a format: texts of rows that any thread has made, or rows that one thread goes through.

use std::io;

use super::{
    FindingFormat, Given, LIST, SCHEMA, StepSummary, concise, github, gitlab, junit, sarif, text,
};
use crate::view::report::{Json, Out, Report, json_item, line};
use crate::view::rows::FindingRow;
use crate::view::screen::Screen;
use crate::view::summary::Summary;

/// Adds the text of a row to that of the rows before it.
pub type Wording = fn(&FindingRow<'_>, &Screen, &mut Vec<u8>) -> io::Result<()>;

impl FindingFormat {
    /// How a row's text is made, where that depends on no other row; `None` for formats that are
    /// given rows.
    #[must_use]
    pub fn wording(self) -> Option<Wording> {
        match self {
            Self::Text => Some(text::write),
            Self::Concise => Some(|row, _, out| concise::write(row, out)),
            Self::Json => Some(|row, _, out| json_item(out, row)),
            Self::Ndjson => Some(|row, _, out| line(out, row)),
            Self::Github | Self::Gitlab | Self::Junit | Self::Sarif => None,
        }
    }
}

/// The writer of a format.
pub struct Writer<'w>(Kind<'w>);

enum Kind<'w> {
    /// Of texts that need nothing around them.
    Lines(Out<'w>),
    /// Of texts that are the items of a document.
    Items(Json<'w>),
    Rows(Box<dyn for<'r> Report<FindingRow<'r>> + 'w>),
}

impl<'w> Writer<'w> {
    /// One of a format; `step` is what else `github` writes to.
    #[must_use]
    pub fn new(
        format: FindingFormat,
        out: Out<'w>,
        step: Option<StepSummary<'w>>,
        given: Given<'w>,
    ) -> Self {
        Self(match format {
            FindingFormat::Text | FindingFormat::Concise | FindingFormat::Ndjson => {
                Kind::Lines(out)
            }
            FindingFormat::Json => Kind::Items(Json::new(out, SCHEMA, LIST)),
            FindingFormat::Github => Kind::Rows(Box::new(github::Github::new(out, step, given))),
            FindingFormat::Gitlab => Kind::Rows(Box::new(gitlab::Gitlab::new(out, given))),
            FindingFormat::Junit => Kind::Rows(Box::new(junit::Junit::new(out, given))),
            FindingFormat::Sarif => Kind::Rows(Box::new(sarif::Sarif::new(out, given))),
        })
    }

    /// Takes rows that follow those before, and the text that the format's [`Wording`] made of them.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn take(&mut self, rows: &[FindingRow<'_>], text: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            Kind::Lines(out) => out.write_all(text),
            Kind::Items(document) => document.items(text),
            Kind::Rows(report) => rows.iter().try_for_each(|row| report.item(row)),
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        match &mut self.0 {
            Kind::Lines(out) => out.flush(),
            Kind::Items(document) => document.end(summary),
            Kind::Rows(report) => report.finish(summary),
        }
    }
}
