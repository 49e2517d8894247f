//! Arguments in, exit code out.

use std::io::Write;
use std::process::ExitCode;

use callscope::args::{Cli, command};
use clap::FromArgMatches;

fn main() -> ExitCode {
    let matches = command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match callscope::run(&cli) {
        Ok(outcome) => outcome.into(),
        Err(error) if callscope::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody to tell if stderr is gone.
            let _ = writeln!(std::io::stderr(), "callscope: {}", callscope::message(&error));
            ExitCode::from(2)
        }
    }
}
