//! `callscope timeline`: what happened in each call.

use anyhow::{Result, bail};

use super::Outcome;
use super::look::look;
use super::{arrange, conflicts};
use crate::args::Look;
use crate::view::column;
use crate::view::report::Format;
use crate::view::rows::timeline;

pub(super) fn run(args: &Look) -> Result<Outcome> {
    if arrange::format(&args.rows) == Format::Table && !args.rows.columns.is_empty() {
        bail!("a drawn timeline has no columns; --columns is for --format csv and markdown");
    }
    arrange::check(&args.rows, &column::timeline(), &column::calls())?;
    look(args, "call", |looked| {
        let call = |at| looked.calls.call(at);
        let chosen = looked.arrange(looked.selection.calls(), &column::calls(), call)?;
        let mut findings = looked.calls.warnings();
        for (_, finding) in findings.iter_mut().filter(|(_, finding)| conflicts::is_one(finding)) {
            conflicts::explain(finding, looked.calls, looked.sources);
        }
        looked.print(chosen, |at| timeline(looked.calls, looked.sources, &findings, at))
    })
}
