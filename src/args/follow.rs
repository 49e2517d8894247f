//! `follow`: what it reads, and what it waits for.

use std::path::PathBuf;

use clap::Args;
use glob::Pattern;

use super::{Logs, Looks, SettingsFrom, value};
use crate::event::Span;
use crate::view::follow::LiveFormat;

/// `follow`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Read")]
pub struct Follow {
    /// A file that is written to, as with -F; without one, stdin
    #[arg(value_name = "FILE", help_heading = None::<&str>, conflicts_with = "file")]
    pub input: Option<PathBuf>,
    /// Read this file from its beginning, wait for more, and go on where it is rotated or cut
    #[arg(short = 'F', long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// How the text around JSON is taken.
    #[command(flatten)]
    pub logs: Logs,
    /// The most that compressed input may expand to, like 500MB or 2GiB
    #[arg(long, value_name = "SIZE", value_parser = value::size)]
    pub max_expanded: Option<u64>,
    /// No warnings and no summary line on stderr
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say on stderr what the input was recognised as, at its end and where it is rotated or cut
    #[arg(short, long)]
    pub verbose: bool,
    /// How it is told.
    #[command(flatten)]
    pub live: Live,
}

/// How what comes is told, whoever it comes from.
#[derive(Debug, Args)]
pub struct Live {
    /// When calls are told.
    #[command(flatten)]
    pub patience: Waits,
    /// What is shown of it.
    #[command(flatten)]
    pub shown: LiveShow,
    /// Zone and looks.
    #[command(flatten)]
    pub looks: Looks,
    /// Which file settings are taken from.
    #[command(flatten)]
    pub settings: SettingsFrom,
}

/// Which rows, in which format.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Show")]
pub struct LiveShow {
    /// Only calls, not each event
    #[arg(long, conflicts_with_all = ["events", "trigger"])]
    pub calls: bool,
    /// Only events and findings, not the calls
    #[arg(long)]
    pub events: bool,
    /// Of the events only those of this trigger: a name, or a glob like 'call_*'
    #[arg(short, long, value_name = "GLOB", value_parser = value::trigger)]
    pub trigger: Vec<Pattern>,
    /// Only rows of this app, or of those that begin so
    #[arg(long, value_name = "ID")]
    pub app: Vec<String>,
    /// The format
    #[arg(long, value_enum, default_value_t, conflicts_with = "json")]
    pub format: LiveFormat,
    /// Short for --format ndjson
    #[arg(long)]
    pub json: bool,
}

/// How long is waited for what.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Wait")]
pub struct Waits {
    /// How far an outcome may lie behind its initiation when no id links them; a call that has rung
    /// for longer and says nothing is told as it stands
    #[arg(long, value_name = "TIME", default_value = "120s", value_parser = value::span, allow_hyphen_values = true)]
    pub ring_window: Span,
    /// So is a call that goes on and says nothing for longer
    #[arg(long, value_name = "TIME", default_value = "6h", value_parser = value::span, allow_hyphen_values = true)]
    pub open_after: Span,
    /// How long a call is remembered behind that or behind its end, for what comes late
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = value::span, allow_hyphen_values = true)]
    pub linger: Span,
}
