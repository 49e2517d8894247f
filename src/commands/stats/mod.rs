//! `callscope stats`: the figures of all calls or of groups.

mod merged_partials;

use std::ops::Range;

use anyhow::{Result, bail};
use jiff::tz::TimeZone;

use super::Outcome;
use super::arrange;
use super::look::{Looked, look_beside};
use crate::args::Stats;
use crate::stats::{CallGroups, CallIndex, CallStats, CallTally, GroupBy, GroupKey, PartialGroup};
use crate::threads::Threads;
use crate::view::report::Format;
use crate::view::stats::{AllCalls, CallGroup, columns, document, partial};
use merged_partials::MergedPartials;

pub(super) fn run(args: &Stats) -> Result<Outcome> {
    check(args)?;
    merged_partials::refuse_partials(&args.look.input.inputs)?;
    let merged = MergedPartials::read(&args.merge, args.by)?;
    let noun = if args.by.is_some() { "group" } else { "call" };
    look_beside(&args.look, merged.summary(), noun, |looked| {
        merged.check_zone(looked)?;
        let output = StatsOutput::new(looked, &merged, args.by);
        if args.partial {
            output.print_partial(looked)
        } else {
            output.print(looked, arrange::format(&args.look.rows))
        }
    })
}

/// Refuses unknown columns, and flags for rows if there are none.
fn check(args: &Stats) -> Result<()> {
    let rows = &args.look.rows;
    arrange::check(rows, &columns::<CallGroup>(), &columns::<CallGroup>())?;
    if args.by.is_none() {
        if rows.sort.is_some() || rows.limit.is_some() {
            bail!("--sort and --limit arrange the rows of --by");
        }
        if !rows.columns.is_empty() && arrange::format(rows) == Format::Table {
            bail!("--columns is for the rows of --by, and for --format csv and markdown");
        }
    }
    Ok(())
}

/// The selected calls and the merged ones, tallied.
struct StatsOutput<'m> {
    merged: &'m MergedPartials,
    index: CallIndex<'m>,
    selected: Vec<u32>,
    zone: &'m TimeZone,
    zone_name: String,
    whole: CallTally,
    by: Option<GroupBy>,
    groups: Vec<(GroupKey<'m>, Vec<u32>)>,
    threads: Threads,
}

impl<'m> StatsOutput<'m> {
    fn new(looked: &'m Looked<'_>, merged: &'m MergedPartials, by: Option<GroupBy>) -> Self {
        let zone = &looked.screen.clock.zone;
        let selected = looked.selection.calls();
        let threads = looked.threads;
        let groups = by.map(|by| {
            CallGroups::new(by, looked.calls, &selected, merged.group_sizes(), zone, threads)
        });
        let mut output = Self {
            merged,
            index: CallIndex::new(looked.calls),
            selected,
            zone,
            zone_name: merged_partials::zone_name(zone),
            whole: merged.whole.clone(),
            by,
            groups: groups.unwrap_or_default().groups,
            threads,
        };
        let whole = output.tally(&output.selected);
        output.whole.merge(whole);
        output
    }

    /// Tallies calls, each thread some of them.
    fn tally(&self, calls: &[u32]) -> CallTally {
        /// Calls that a thread tallies at a time: enough that merging costs little.
        const BATCH: usize = 4000;
        let mut tally = CallTally::default();
        let work = |range: Range<usize>| {
            let mut tally = CallTally::default();
            for call in &calls[range] {
                tally.add(&self.index.call(*call), self.zone);
            }
            tally
        };
        self.threads.all(calls.len(), BATCH, work, |more| tally.merge(more));
        tally
    }

    fn all_calls(&self) -> AllCalls {
        AllCalls(self.whole.stats(&self.zone_name))
    }

    fn partial_group(&self, (key, calls): &(GroupKey<'m>, Vec<u32>)) -> PartialGroup {
        let group_key = key.as_deref().map(ToOwned::to_owned);
        let mut tally = self.tally(calls);
        if let Some(more) = self.merged.groups.get(&group_key) {
            tally.merge(more.clone());
        }
        PartialGroup { group_key, tally }
    }

    fn group(&self, group: &(GroupKey<'m>, Vec<u32>)) -> CallGroup {
        let PartialGroup { group_key, tally } = self.partial_group(group);
        let stats = tally.stats(&self.zone_name);
        CallGroup(CallStats { grouped_by: self.by, group_key, ..stats })
    }

    /// Returns the number of calls or groups.
    fn print(&self, looked: &Looked<'_>, format: Format) -> Result<usize> {
        if self.by.is_none() && format != Format::Json {
            looked.print(&[0], |_| self.all_calls())?;
            return Ok(self.selected.len());
        }
        let groups = self.groups.iter().collect();
        let arranged = looked.arrange(groups, &columns(), |group| self.group(group))?;
        if format != Format::Json {
            return looked.print(&arranged, |group| self.group(group));
        }
        let groups = arranged.iter().map(|group| self.group(group));
        looked.print_as(|out| document(out, &self.all_calls(), groups, looked.summary))?;
        Ok(if self.by.is_some() { arranged.len() } else { self.selected.len() })
    }

    fn print_partial(&self, looked: &Looked<'_>) -> Result<usize> {
        let groups = self.groups.iter().map(|group| self.partial_group(group));
        let (zone, summary) = (&*self.zone_name, *looked.summary);
        looked.print_as(|out| partial(out, zone, self.by, summary, &self.whole, groups))?;
        Ok(self.selected.len())
    }
}
