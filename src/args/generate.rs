//! What calls are made up, and what goes wrong with them.

use std::path::PathBuf;

use clap::Args;

use super::value;
use super::when::When;
use crate::generate::{CarrierFormat, FateMix, FaultRates};

/// `generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// So many calls
    #[arg(long, value_name = "N", default_value = "100", help_heading = "Calls")]
    pub calls: u64,
    /// What decides everything else: the same number, the same bytes
    #[arg(long, value_name = "S", default_value_t, help_heading = "Calls")]
    pub seed: u64,
    /// When the first call begins
    #[arg(
        long,
        value_name = "TIME",
        default_value = "2026-01-05T09:00:00Z",
        allow_hyphen_values = true,
        help_heading = "Calls"
    )]
    pub start: When,
    /// What becomes of them, each with its weight; what is not named does not happen
    #[arg(long, value_name = "FATE=N,…", default_value = value::MIX, value_parser = value::mix, help_heading = "Calls")]
    pub mix: FateMix,
    /// How many people are in a group call (two at least) or a meeting
    #[arg(long, value_name = "MIN..MAX", default_value = "2..6", value_parser = value::participants, help_heading = "Calls")]
    pub participants: (usize, usize),
    /// This share of the answered calls and meetings is recorded
    #[arg(long, value_name = "P", default_value = "5%", value_parser = value::share, help_heading = "Calls")]
    pub recordings: f64,
    /// This share of the people leaves and comes back
    #[arg(long, value_name = "P", default_value = "10%", value_parser = value::share, help_heading = "Calls")]
    pub rejoin: f64,
    /// What goes wrong: duplicate=2%, copy=1%, drop=1%, shuffle=30s, strip-entities, corrupt=0.1%
    #[arg(long, value_name = "FAULT,…", default_value = "", hide_default_value = true, value_parser = value::faults, help_heading = "Capture")]
    pub faults: FaultRates,
    /// What the webhooks are captured in
    #[arg(long, value_enum, default_value_t, help_heading = "Capture")]
    pub carrier: CarrierFormat,
    /// Write the truth to this file: a row for each call, and what was lost of it
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub truth: Option<PathBuf>,
    /// Write to this file instead of stdout; it is replaced once the output is whole
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// No summary line on stderr
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}
