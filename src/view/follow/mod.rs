//! Rows as they come: a line for each event, for what is wrong, and for each call that is told.

mod lines;
mod objects;

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Out;
use super::rows::{EventRow, FindingRow};
use super::screen::Screen;
use crate::finding::Severity;
use crate::flow::live::{Replaced, Told};
use lines::Lines;
use objects::Objects;
pub(super) use objects::{CallRow, ReplacedRow};

/// The rows' kind and number.
pub const SCHEMA: &str = "follow/1";

/// The formats of rows as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum LiveFormat {
    /// Aligned columns for people
    #[default]
    Table,
    /// One JSON object a line
    Ndjson,
}

/// A delivery with what is wrong with it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventTold<'c> {
    /// The delivery.
    #[serde(flatten)]
    pub event: EventRow<'c>,
    /// What is wrong with it.
    pub findings: Vec<FindingTold<'c>>,
}

/// What is wrong with a delivery.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingTold<'c> {
    /// The rule's code.
    pub rule: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// What was seen.
    pub message: &'c str,
    /// RFC 6901 pointer into the body.
    pub pointer: Option<&'c str>,
}

/// Prints rows, each in one piece and at once.
pub trait LiveRows {
    /// A delivery.
    ///
    /// # Errors
    /// When the output cannot be written, as those of the others.
    fn event(&mut self, told: &EventTold<'_>) -> io::Result<()>;

    /// What could not be read.
    ///
    /// # Errors
    /// See [`Self::event`].
    fn finding(&mut self, row: &FindingRow<'_>) -> io::Result<()>;

    /// A call as it stands.
    ///
    /// # Errors
    /// See [`Self::event`].
    fn call(&mut self, told: &Told<'_>) -> io::Result<()>;

    /// A call that is another's.
    ///
    /// # Errors
    /// See [`Self::event`].
    fn replaced(&mut self, replaced: &Replaced<'_>) -> io::Result<()>;
}

/// The printer of a format.
#[must_use]
pub fn live_rows<'w>(
    format: LiveFormat,
    out: Out<'w>,
    screen: &'w Screen,
) -> Box<dyn LiveRows + 'w> {
    match format {
        LiveFormat::Table => Box::new(Lines::new(out, screen)),
        LiveFormat::Ndjson => Box::new(Objects::new(out)),
    }
}
