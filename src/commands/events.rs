//! `callscope events`: one row per delivery.

use anyhow::Result;

use super::Outcome;
use super::read::look;
use crate::args::Events;
use crate::view::rows;

pub(super) fn run(args: &Events) -> Result<Outcome> {
    look(&args.input, &args.rows, |printer, calls, sources| {
        printer.print(rows::events(calls, sources, args.distinct))
    })
}
