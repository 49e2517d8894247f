//! Which file settings are taken from.

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;

use super::{select, show};

/// Which file settings are taken from; without a flag it is searched for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub struct SettingsFrom {
    /// Take settings from this file, not from the nearest callscope.toml (this folder, its parents)
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Take settings from no file
    #[arg(long)]
    pub no_config: bool,
}

/// What dates that are typed mean where nothing is shown in a zone.
#[derive(Debug, Args)]
pub struct Dates {
    /// Zone of dates that are typed [default: utc]
    #[arg(long, value_name = "utc|local|ZONE", value_parser = show::zone, help_heading = select::HEADING)]
    pub tz: Option<TimeZone>,
    /// Which file settings are taken from.
    #[command(flatten)]
    pub settings: SettingsFrom,
}
