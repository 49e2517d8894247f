//! `callscope completions`: what a shell needs to complete a command line.

use std::io::Write;

use anyhow::Result;

use super::Outcome;
use super::output::print_to;
use crate::args::{Completions, command};

pub(super) fn run(args: &Completions) -> Result<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "callscope", &mut text);
    print_to(None, |out| out.write_all(&text))?;
    Ok(Outcome::Clean)
}
