//! Which file settings are taken from.

use std::path::PathBuf;

use clap::Args;

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
