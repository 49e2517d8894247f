//! `callscope calls`: one row per call.

use anyhow::Result;

use super::Outcome;
use super::arrange;
use super::look::look;
use crate::args::Look;
use crate::view::column;

pub(super) fn run(args: &Look) -> Result<Outcome> {
    arrange::check(&args.rows, &column::calls(), &column::calls())?;
    look(args, "call", |looked| {
        let call = |at| looked.calls.call(at);
        let chosen = looked.arrange(looked.selection.calls(), &column::calls(), call)?;
        looked.print(&chosen, call)
    })
}
