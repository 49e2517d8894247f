//! The commands, a file each: read, compute, print, and return an [`Outcome`].

#[cfg_attr(not(feature = "net"), expect(dead_code, reason = "only `listen` adds to stdout"))]
mod append_file;
mod arrange;
mod bar;
mod bounded_file;
mod calls;
mod check;
mod completions;
#[cfg(feature = "net")]
mod credentials;
mod diff;
mod events;
mod finding_locator;
mod follow;
mod generate;
#[cfg(feature = "net")]
mod listen;
mod live;
mod look;
mod man;
mod output;
mod read;
mod redact;
mod replay;
mod rule;
mod schema;
mod screen;
mod seeded_rng;
mod selection;
mod settings;
mod signals;
mod stats;
mod timeline;
mod wanted;

use std::error::Error;
use std::process::ExitCode;
use std::{fmt, io};

use anyhow::Result;

use crate::args::{Cli, Command};
use crate::view::text::shown;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, without objections.
    Clean,
    /// `check` reported a finding at or above `--fail-on`, `diff` a difference, or `replay` left a
    /// webhook undelivered.
    Findings,
    /// An input could not be read; the others were.
    Unread,
    /// A signal stopped it.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => ExitCode::SUCCESS,
            Outcome::Findings => ExitCode::from(1),
            Outcome::Unread => ExitCode::from(2),
            Outcome::Interrupted => ExitCode::from(130),
        }
    }
}

/// Runs a command.
///
/// # Errors
/// If there is nothing to read, or an output cannot be written.
pub fn run(cli: &Cli) -> Result<Outcome> {
    match &cli.command {
        Command::Calls(look) => calls::run(look),
        Command::Timeline(look) => timeline::run(look),
        Command::Events(events) => events::run(events),
        Command::Stats(stats) => stats::run(stats),
        Command::Follow(follow) => follow::run(follow),
        Command::Check(check) => check::run(check),
        Command::Rule(rule) => rule::run(rule),
        Command::Schema(schema) => schema::run(schema),
        Command::Diff(diff) => diff::run(diff),
        Command::Replay(replay) => replay::run(replay),
        #[cfg(feature = "net")]
        Command::Listen(listen) => listen::run(listen),
        Command::Generate(generate) => generate::run(generate),
        Command::Redact(redact) => redact::run(redact),
        Command::Completions(completions) => completions::run(completions),
        Command::Man(man) => man::run(man),
    }
}

/// An error with the choices that would have been right, a line each.
#[derive(Debug)]
struct Choices {
    refusal: String,
    lines: Vec<String>,
}

impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.refusal))?;
        self.lines.iter().try_for_each(|line| write!(f, "\n  {}", shown(line)))
    }
}

impl Error for Choices {}

/// The text of an error. Control characters in file names and ids are escaped.
#[must_use]
pub fn message(error: &anyhow::Error) -> String {
    match error.downcast_ref::<Choices>() {
        Some(choices) => choices.to_string(),
        None => shown(&format!("{error:#}")).into_owned(),
    }
}

/// Whether the cause of an error is that the reader of the output is gone. `serde_json` and `csv`
/// wrap the error of the writer.
#[must_use]
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = if let Some(error) = cause.downcast_ref::<io::Error>() {
            Some(error.kind())
        } else if let Some(error) = cause.downcast_ref::<serde_json::Error>() {
            error.io_error_kind()
        } else if let Some(csv::ErrorKind::Io(error)) =
            cause.downcast_ref::<csv::Error>().map(csv::Error::kind)
        {
            Some(error.kind())
        } else {
            None
        };
        kind == Some(io::ErrorKind::BrokenPipe)
    })
}
