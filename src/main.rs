//! Arguments in, exit code out.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use callscope::args::{Refusal, parse};

fn main() -> ExitCode {
    let typed: Vec<_> = std::env::args_os().collect();
    let cli = match parse(&typed) {
        Ok(cli) => cli,
        Err(refusal) => return refuse(&refusal),
    };
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

/// Prints what there is instead of a run; a reader that has seen enough of it is content.
fn refuse(refusal: &Refusal) -> ExitCode {
    match refusal.print() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => ExitCode::from(2),
        _ => refusal.status().into(),
    }
}
