//! `callscope calls`: one row per call.

use anyhow::Result;

use super::Outcome;
use super::read::look;
use crate::args::Look;

pub(super) fn run(args: &Look) -> Result<Outcome> {
    look(&args.input, &args.rows, |printer, calls, _| printer.print(calls.calls()))
}
