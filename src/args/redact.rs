//! What is shown to others, and what stays as it is in it.

use std::path::PathBuf;

use clap::Args;

use super::{Dates, Input, Output, Select, value};
use crate::event::Private;

/// `redact`.
#[derive(Debug, Args)]
pub struct Redact {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// Which calls are written.
    #[command(flatten)]
    pub select: Select,
    /// Zone of the dates that select.
    #[command(flatten)]
    pub dates: Dates,
    /// Make the pseudonyms with this key, so that the next run gives the same; without it every run
    /// has a key of its own
    #[arg(long, value_name = "FILE", help_heading = "Redact")]
    pub key_file: Option<PathBuf>,
    /// Leave these as they are
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = value::private(), help_heading = "Redact")]
    pub keep: Vec<Private>,
    /// Where it goes.
    #[command(flatten)]
    pub output: Output,
}
