//! What `callscope stats` takes.

use std::path::PathBuf;

use clap::Args;

use super::Look;
use crate::stats::GroupBy;

/// `stats`.
#[derive(Debug, Args)]
pub struct Stats {
    /// What is read, selected, and how it is printed.
    #[command(flatten)]
    pub look: Look,
    /// A row for the calls of each; JSON has all calls beside
    #[arg(long, value_enum, value_name = "WHAT", help_heading = HEADING)]
    pub by: Option<GroupBy>,
    /// Print what the figures are made of, as JSON that --merge reads
    #[arg(long, help_heading = HEADING, conflicts_with_all = ["format", "json", "columns", "sort", "limit"])]
    pub partial: bool,
    /// Add what --partial has printed; captures stand before it
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = HEADING)]
    pub merge: Vec<PathBuf>,
}

const HEADING: &str = "Figures";
