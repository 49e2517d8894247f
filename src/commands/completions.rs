//! `callscope completions`: what a shell needs to complete a command line.

use anyhow::{Context, Result};

use super::Outcome;
use super::output::{finish, open};
use crate::args::{Completions, command};

pub(super) fn run(args: &Completions) -> Result<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "callscope", &mut text);
    let mut out = open(None)?;
    let printed = std::io::Write::write_all(&mut out, &text);
    finish(printed.context("cannot write the output"), out)?;
    Ok(Outcome::Clean)
}
