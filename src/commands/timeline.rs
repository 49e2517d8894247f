//! `callscope timeline`: what happened in each call.

use std::collections::HashSet;

use anyhow::{Result, bail};

use super::Outcome;
use super::arrange;
use super::look::{Looked, look};
use super::settle::{Settling, is_open};
use crate::args::Look;
use crate::finding::Finding;
use crate::view::column;
use crate::view::report::Format;
use crate::view::rows::timeline;

pub(super) fn run(args: &Look) -> Result<Outcome> {
    let drawn = arrange::format(&args.rows) == Format::Table;
    if drawn && !args.rows.columns.is_empty() {
        bail!("a drawn timeline has no columns; --columns is for --format csv and markdown");
    }
    arrange::check(&args.rows, &column::timeline(), &column::calls())?;
    look(args, "call", |looked| {
        let call = |at| looked.calls.call(at);
        let chosen = looked.arrange(looked.selection.calls(), &column::calls(), call)?;
        let findings = if drawn { findings(looked, &chosen) } else { Vec::new() };
        looked.print(&chosen, |at| timeline(looked.calls, looked.sources, &findings, at))
    })
}

/// What is drawn below the calls that were chosen.
fn findings(looked: &Looked<'_>, chosen: &[u32]) -> Vec<(u32, Finding)> {
    let chosen: HashSet<u32> = chosen.iter().copied().collect();
    let mut findings = looked.calls.warnings();
    findings.retain(|(call, _)| chosen.contains(call));
    let mut settling = Settling::new(looked.calls, looked.sources);
    for (_, finding) in findings.iter_mut().filter(|(_, finding)| is_open(finding)) {
        settling.settle(finding);
    }
    findings
}
