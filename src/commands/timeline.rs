//! `callscope timeline`: what happened in each call.

use std::borrow::Cow;
use std::collections::HashSet;

use anyhow::{Result, bail};

use super::Outcome;
use super::arrange;
use super::finding_locator::FindingLocator;
use super::look::{Looked, look};
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
    let mut locator = FindingLocator::new(looked.calls.capture, looked.sources);
    let findings = looked.calls.warnings().into_iter().filter(|(call, _)| chosen.contains(call));
    findings.map(|(call, one)| (call, locator.locate(Cow::Owned(one)).into_owned())).collect()
}
