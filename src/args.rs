//! What can be typed. Data only: what it means is decided in the commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::event::Span;
use crate::finding::Severity;
use crate::view::findings::FindingFormat;
use crate::view::report::Format;

/// Reads captured CometChat calling webhooks, checks them and reconstructs each call
#[derive(Debug, Parser)]
#[command(
    name = "callscope",
    version,
    about,
    max_term_width = 100,
    after_help = "INPUT is a file, a folder, a \"glob\", or - for stdin. Run `callscope COMMAND --help` for examples."
)]
pub struct Cli {
    /// The verb.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// One row per call: flow, who, outcome, ring, duration, people, rules
    #[command(after_help = "Examples:
  callscope calls captures/
  callscope calls today.ndjson --format csv -o today.csv
  callscope calls --json captures/ | jq '.calls[] | select(.outcome == \"unanswered\")'")]
    Calls(Look),
    /// Each call's timeline: what happened when, and who was in it
    #[command(after_help = "Examples:
  callscope timeline captures/
  callscope timeline - < capture.json
  callscope timeline --json capture.json | jq '.calls[].timeline'")]
    Timeline(Look),
    /// One row per delivery: time, trigger, who, status, key, source and line
    #[command(after_help = "Examples:
  callscope events capture.ndjson
  callscope events --distinct --format ndjson captures/")]
    Events(Events),
    /// Find what is wrong with captured webhooks
    #[command(after_help = "Examples:
  callscope check captures/
  callscope check --select S --format concise captures/*.json
  callscope check --json capture.ndjson | jq '.findings[].rule'

Exit status: 0 nothing at or above --fail-on, 1 something, 2 wrong usage or an input that could not be read.")]
    Check(Check),
}

/// What is read, and how.
#[derive(Debug, Args)]
pub struct Input {
    /// Files, folders, "globs", or - for stdin
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Text outside JSON is a finding
    #[arg(long)]
    pub strict: bool,
    /// How far an outcome may lie behind its initiation when no id links them
    #[arg(long, value_name = "TIME", default_value = "120s", value_parser = span, allow_hyphen_values = true)]
    pub ring_window: Span,
    /// No warnings and no summary line on stderr
    #[arg(short, long)]
    pub quiet: bool,
}

/// Where output goes.
#[derive(Debug, Args)]
pub struct Output {
    /// Write here instead of to stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the run's figures here, as JSON
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
}

/// `calls` and `timeline`.
#[derive(Debug, Args)]
pub struct Look {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// How it is printed.
    #[command(flatten)]
    pub rows: Rows,
}

/// `events`.
#[derive(Debug, Args)]
pub struct Events {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// How it is printed.
    #[command(flatten)]
    pub rows: Rows,
    /// One row per distinct event instead of one per delivery
    #[arg(long)]
    pub distinct: bool,
}

/// How rows are printed.
#[derive(Debug, Args)]
pub struct Rows {
    /// The format
    #[arg(long, value_enum, default_value_t, conflicts_with = "json")]
    pub format: Format,
    /// Short for --format json
    #[arg(long)]
    pub json: bool,
    /// Where it goes.
    #[command(flatten)]
    pub output: Output,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// The format
    #[arg(long, value_enum, default_value_t, conflicts_with = "json")]
    pub format: FindingFormat,
    /// Short for --format json
    #[arg(long)]
    pub json: bool,
    /// Where it goes.
    #[command(flatten)]
    pub output: Output,
    /// Only these rules: codes or the beginnings of codes, like S,K003
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = selector)]
    pub select: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = selector)]
    pub ignore: Vec<String>,
    /// The least severity that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", default_value = "error", value_parser = severity)]
    pub fail_on: Severity,
    /// An input without any webhook is no error
    #[arg(long)]
    pub allow_empty: bool,
}

fn severity(word: &str) -> Result<Severity, String> {
    match word {
        "error" => Ok(Severity::Error),
        "warning" => Ok(Severity::Warning),
        "info" => Ok(Severity::Info),
        _ => Err("expected error, warning or info".into()),
    }
}

/// A code, or the beginning of one, that names at least one rule.
fn selector(code: &str) -> Result<String, String> {
    if crate::rules::all().any(|rule| crate::rules::names(code, rule)) {
        Ok(code.to_ascii_uppercase())
    } else {
        Err("no rule has a code that begins so".into())
    }
}

/// A length of time: `120s`, `2m`, `6h`, or a number of seconds.
fn span(text: &str) -> Result<Span, String> {
    const FORM: &str = "expected a length of time like 90s, 2m or 1h";
    let digits = text.trim_end_matches(|last: char| last.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(FORM.into()),
    };
    let number: f64 = digits.parse().map_err(|_| FORM.to_owned())?;
    Span::from_decimal(number * unit).and_then(Span::known).ok_or_else(|| FORM.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_length_of_time_has_a_unit_or_is_seconds() {
        assert_eq!(span("90"), Ok(Span::from_seconds(90)));
        assert_eq!(span("2m"), Ok(Span::from_seconds(120)));
        for wrong in ["", "s", "-5s", "5y", "nan", "1e300h"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
