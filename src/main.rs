//! Arguments in, exit code out.

use std::io::Write;
use std::process::ExitCode;

use callscope::args::Cli;
use callscope::view::text::shown;
use clap::Parser;

fn main() -> ExitCode {
    match callscope::run(&Cli::parse()) {
        Ok(outcome) => outcome.into(),
        Err(error) if callscope::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody to tell if stderr is gone.
            let _ = writeln!(std::io::stderr(), "callscope: {}", shown(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}
