//! `callscope stats`: all calls in figures.

mod merge;

use std::ops::Range;

use anyhow::{Result, bail};
use jiff::tz::TimeZone;

use super::Outcome;
use super::arrange;
use super::look::{Looked, look_beside};
use crate::args::Stats;
use crate::stats::{By, Filed, Groups, Key, Part, Tally};
use crate::threads::Threads;
use crate::view::report::Format;
use crate::view::stats::{Group, Whole, columns, document, partial};
use merge::Merged;

pub(super) fn run(args: &Stats) -> Result<Outcome> {
    check(args)?;
    merge::refuse_among(&args.look.input.inputs)?;
    let merged = Merged::read(&args.merge, args.by)?;
    let noun = if args.by.is_some() { "group" } else { "call" };
    look_beside(&args.look, merged.summary(), noun, |looked| {
        merged.check_zone(looked)?;
        let made = Made::new(looked, &merged, args.by);
        if args.partial {
            made.print_partial(looked)
        } else {
            made.print(looked, arrange::format(&args.look.rows))
        }
    })
}

/// Refuses columns that there are not, and rows to be arranged where there is one.
fn check(args: &Stats) -> Result<()> {
    let rows = &args.look.rows;
    arrange::check(rows, &columns::<Group>(), &columns::<Group>())?;
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

/// The calls that are selected, with what was merged, in figures.
struct Made<'m> {
    merged: &'m Merged,
    filed: Filed<'m>,
    chosen: Vec<u32>,
    zone: &'m TimeZone,
    zone_name: String,
    whole: Tally,
    by: Option<By>,
    groups: Vec<(Key<'m>, Vec<u32>)>,
    threads: Threads,
}

impl<'m> Made<'m> {
    fn new(looked: &'m Looked<'_>, merged: &'m Merged, by: Option<By>) -> Self {
        let zone = &looked.screen.clock.zone;
        let chosen = looked.selection.calls();
        let threads = looked.threads;
        let groups =
            by.map(|by| Groups::new(by, looked.calls, &chosen, merged.sizes(), zone, threads));
        let mut made = Self {
            merged,
            filed: Filed::new(looked.calls),
            chosen,
            zone,
            zone_name: merge::name(zone),
            whole: merged.whole.clone(),
            by,
            groups: groups.unwrap_or_default().groups,
            threads,
        };
        let whole = made.tally(&made.chosen);
        made.whole.merge(whole);
        made
    }

    /// What there is of calls, some of them added up by each thread.
    fn tally(&self, calls: &[u32]) -> Tally {
        /// Calls that are added up at a time.
        const SHARED: usize = 4000;
        let mut tally = Tally::default();
        let work = |range: Range<usize>| {
            let mut tally = Tally::default();
            for at in &calls[range] {
                tally.add(&self.filed.entry(*at), self.zone);
            }
            tally
        };
        self.threads.all(calls.len(), SHARED, work, |some| {
            tally.merge(some);
        });
        tally
    }

    fn whole(&self) -> Whole {
        Whole(self.whole.stats(&self.zone_name))
    }

    /// A group and all that there is of it.
    fn part(&self, at: u32) -> Part {
        let (key, calls) = &self.groups[at as usize];
        let group_key = key.as_deref().map(ToOwned::to_owned);
        let mut tally = self.tally(calls);
        if let Some(more) = self.merged.groups.get(&group_key) {
            tally.merge(more.clone());
        }
        Part { group_key, tally }
    }

    fn group(&self, at: u32) -> Group {
        let Part { group_key, tally } = self.part(at);
        Group(tally.stats(&self.zone_name).of_group(self.by, group_key))
    }

    fn all_groups(&self) -> Vec<u32> {
        (0..).take(self.groups.len()).collect()
    }

    /// Prints what was asked for; gives how many calls or groups that were.
    fn print(&self, looked: &Looked<'_>, format: Format) -> Result<usize> {
        if self.by.is_none() && format != Format::Json {
            looked.print(&[0], |_| self.whole())?;
            return Ok(self.chosen.len());
        }
        let arranged = looked.arrange(self.all_groups(), &columns(), |at| self.group(at))?;
        if format != Format::Json {
            return looked.print(&arranged, |at| self.group(at));
        }
        let groups = arranged.iter().map(|at| self.group(*at));
        looked.print_as(|out| document(out, &self.whole(), groups, looked.summary))?;
        Ok(if self.by.is_some() { arranged.len() } else { self.chosen.len() })
    }

    fn print_partial(&self, looked: &Looked<'_>) -> Result<usize> {
        let groups = self.all_groups().into_iter().map(|at| self.part(at));
        let (zone, summary) = (&*self.zone_name, *looked.summary);
        looked.print_as(|out| partial(out, zone, self.by, summary, &self.whole, groups))?;
        Ok(self.chosen.len())
    }
}
