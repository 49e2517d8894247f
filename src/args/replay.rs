//! What is sent again, where to, and how.

use std::path::PathBuf;

use clap::Args;
use glob::Pattern;

use super::when::When;
use super::{Input, Looks, Select, SettingsFrom, value};
use crate::event::Span;

/// `replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// What is sent of it.
    #[command(flatten)]
    pub select: Select,
    /// Where it is sent.
    #[command(flatten)]
    pub route: Routes,
    /// When it is sent.
    #[command(flatten)]
    pub pace: Pacing,
    /// What goes wrong on purpose.
    #[command(flatten)]
    pub faults: Faults,
    /// What is changed.
    #[command(flatten)]
    pub edits: Edits,
    /// How it is told.
    #[command(flatten)]
    pub told: Telling,
    /// Zone and looks.
    #[command(flatten)]
    pub looks: Looks,
    /// Which file settings are taken from.
    #[command(flatten)]
    pub settings: SettingsFrom,
}

/// Where bodies are sent, and with what.
#[derive(Debug, Args)]
#[command(next_help_heading = "Send")]
pub struct Routes {
    /// Where the bodies go: a URL, or - for stdout
    #[arg(long, value_name = "TARGET", value_parser = value::target, required_unless_present = "route")]
    pub to: Option<Target>,
    /// Where those of a trigger go instead, like `call_*=http://localhost:3000/calls`; of several
    /// the first that fits
    #[arg(long, value_name = "GLOB=TARGET", value_parser = value::route)]
    pub route: Vec<Route>,
    /// A file with user:password for Basic authentication; else `CALLSCOPE_AUTH`, if it is set
    #[arg(long, value_name = "FILE")]
    pub auth_file: Option<PathBuf>,
    /// More headers: a file with one in each line, like `X-Api-Key: …`
    #[arg(long, value_name = "@FILE")]
    pub header: Vec<String>,
    /// Send to another machine without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Go through the proxy that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name
    #[arg(long)]
    pub proxy: bool,
    /// How long an answer may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = value::span, allow_hyphen_values = true, conflicts_with = "as_cometchat")]
    pub timeout: Span,
    /// As CometChat sends: an answer of 200 within 2 s, else again 10 s and then 30 s later
    #[arg(long)]
    pub as_cometchat: bool,
}

/// When bodies are sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pace")]
pub struct Pacing {
    /// So many times as fast as they came, like 60x or 0.5x; max: without waiting
    #[arg(long, value_name = "SPEED", default_value = "1x", value_parser = value::speed, allow_hyphen_values = true)]
    pub speed: Speed,
    /// No wait is longer
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = value::span, allow_hyphen_values = true)]
    pub max_gap: Span,
    /// So many at equal distances, like 20/s or 90/m, whenever they came
    #[arg(long, value_name = "N/s", value_parser = value::rate, conflicts_with_all = ["speed", "max_gap"])]
    pub rate: Option<f64>,
    /// So many at once; above 1 those of one call still go out one after another
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub concurrency: u16,
}

/// What goes wrong on purpose.
#[derive(Debug, Args)]
#[command(next_help_heading = "Faults")]
pub struct Faults {
    /// Send this share of the bodies twice, like 2%
    #[arg(long, value_name = "P", value_parser = value::share)]
    pub duplicate: Option<f64>,
    /// Do not send this share of the bodies
    #[arg(long, value_name = "P", value_parser = value::share)]
    pub drop: Option<f64>,
    /// Move each body by up to so much of the time in which they came
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub shuffle: Option<Span>,
    /// Hold each body back for so long, like 0s..3s, so that others overtake it
    #[arg(long, value_name = "MIN..MAX", value_parser = value::span_range)]
    pub delay: Option<(Span, Span)>,
    /// What decides which: the same number, the same faults
    #[arg(long, value_name = "N", default_value_t)]
    pub seed: u64,
}

/// What is changed in the bodies, which else go out byte for byte.
#[derive(Debug, Args)]
#[command(next_help_heading = "Edit")]
pub struct Edits {
    /// Put this JSON value, or text, where a body has a value at the pointer, like /appId=staging
    #[arg(long, value_name = "/POINTER=VALUE", value_parser = value::setting)]
    pub set: Vec<Setting>,
    /// Move all times together, so that the first event is at this time, like now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub rebase_to: Option<When>,
}

/// How a replay is told.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Telling {
    /// Send nothing; show what would be sent when
    #[arg(long, conflicts_with_all = ["log", "resume"])]
    pub dry_run: bool,
    /// Add a JSON record of each attempt to this file
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Send what this log of an earlier run does not tell to be accepted, and go on with it
    #[arg(long, value_name = "LOG", conflicts_with = "log")]
    pub resume: Option<PathBuf>,
}

/// Where bodies go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Stdout.
    Stdout,
    /// A URL, not yet read.
    Url(String),
}

/// Where the bodies of some triggers go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Which triggers.
    pub trigger: Pattern,
    /// Where to.
    pub target: Target,
}

/// A value that stands in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// RFC 6901 pointer to what it stands for.
    pub pointer: String,
    /// The value as JSON.
    pub json: String,
}

/// How fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// So many times as fast as recorded; above 0 and finite.
    Times(f64),
    /// Without waiting.
    Max,
}
