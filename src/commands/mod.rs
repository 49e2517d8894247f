//! One verb a file: arguments → rooms → view → [`Outcome`].

mod calls;
mod check;
mod events;
mod output;
mod read;
mod timeline;

use std::io;
use std::process::ExitCode;

use anyhow::Result;

use crate::args::{Cli, Command};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, and nothing to object to.
    Clean,
    /// `check` found something at or above `--fail-on`.
    Findings,
    /// An input could not be read; the others were.
    Unread,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => ExitCode::SUCCESS,
            Outcome::Findings => ExitCode::from(1),
            Outcome::Unread => ExitCode::from(2),
        }
    }
}

/// Runs a command.
///
/// # Errors
/// When there is nothing to read, or the output cannot be written.
pub fn run(cli: &Cli) -> Result<Outcome> {
    match &cli.command {
        Command::Calls(look) => calls::run(look),
        Command::Timeline(look) => timeline::run(look),
        Command::Events(events) => events::run(events),
        Command::Check(check) => check::run(check),
    }
}

/// Whether an error says that the reader of our output has gone, anywhere along its chain. `serde_json`
/// and `csv` wrap the error of the writer.
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
