//! What was typed → [`Cli`], or what to say instead.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{ColorChoice, FromArgMatches};

use super::{Cli, command};
use crate::view::text::shown;

/// Reads what was typed, the program's name first.
///
/// # Errors
/// With what to print instead: why it was refused, or the help or version that was asked for.
pub fn parse(typed: &[OsString]) -> Result<Cli, Refusal> {
    let matches = command().color(colour(typed)).try_get_matches_from(typed);
    matches.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| Refusal {
        error,
        is_hostile: typed.iter().any(|one| one.to_str().is_none_or(|one| shown(one) != one)),
    })
}

/// The flag wins over the environment in help and refusals too.
fn colour(typed: &[OsString]) -> ColorChoice {
    let words = || typed.iter().map(|one| one.to_str().unwrap_or_default());
    let apart = words().skip_while(|word| *word != "--color").nth(1);
    match apart.or_else(|| words().find_map(|word| word.strip_prefix("--color="))) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// What is printed instead of running.
#[derive(Debug)]
pub struct Refusal {
    error: clap::Error,
    /// Whether something that was typed must not be printed as it is.
    is_hostile: bool,
}

impl Refusal {
    /// Prints it to stdout if it was asked for, else to stderr.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn print(&self) -> io::Result<()> {
        if !self.is_hostile {
            return self.error.print();
        }
        let text = self.error.render().to_string();
        let mut out: Box<dyn Write> =
            if self.error.use_stderr() { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        text.lines().try_for_each(|line| writeln!(out, "{}", shown(line)))
    }

    /// The exit status that goes with it.
    #[must_use]
    pub fn status(&self) -> u8 {
        u8::try_from(self.error.exit_code()).unwrap_or(2)
    }
}
