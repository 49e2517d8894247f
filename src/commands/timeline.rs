//! `callscope timeline`: what happened in each call.

use anyhow::Result;

use super::Outcome;
use super::read::look;
use crate::args::Look;
use crate::view::rows::timelines;

pub(super) fn run(args: &Look) -> Result<Outcome> {
    look(&args.input, &args.rows, |printer, calls, sources| {
        printer.print(timelines(calls, sources))
    })
}
