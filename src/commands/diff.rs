//! `callscope diff`: two captures, call by call.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use anyhow::{Result, bail};
use jiff::ZonedDateTime;

use super::Outcome;
use super::arrange;
use super::output::{print_to, write_summary};
use super::read::{Read, complain, read_one};
use super::screen::{clock, now, screen};
use super::selection::{Selection, asks_for_infos};
use super::settings::Settings;
use crate::args::{self, Look, Select};
use crate::diff::{Both, Diff, Pair, Side, Tally};
use crate::event::{Detail, difference};
use crate::flow::{Call, Reconstruction};
use crate::threads::Threads;
use crate::view::column;
use crate::view::diff::{DiffRow, DiffSummary, legend, row};
use crate::view::report::{Format, Layout, report};
use crate::view::screen::Screen;
use crate::view::words::count;

/// Pairs of calls that are compared at a time.
const SHARED: usize = 500;

pub(super) fn run(args: &args::Diff) -> Result<Outcome> {
    let look = &args.look;
    let drawn = arrange::format(&look.rows) == Format::Table;
    if drawn && !look.rows.columns.is_empty() {
        bail!("what differs is not told in columns; --columns is for --format csv and markdown");
    }
    arrange::check(&look.rows, &column::differences(), &column::calls())?;
    let named = named(args)?;
    let settings = Settings::of(&look.settings, look.input.verbose)?;
    let looks = settings.looks(&look.rows.looks);
    let now = now(&looks.tz)?;
    let detail = if asks_for_infos(&look.select) { Detail::Unknown } else { Detail::Warnings };
    let read = named.map(|path| read_one(path, &look.input, detail));
    read.a.spare(look.rows.output.files(), None)?;
    read.b.spare(look.rows.output.files(), None)?;
    if read.a.is_nothing() || read.b.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = Both { a: read.a.calls(&look.input), b: read.b.calls(&look.input) };
    let sides = Both { a: &calls.a, b: &calls.b };
    let selected = Selected::new(&look.select, &sides, &now)?;
    let diff = Diff::new(sides);
    let (differing, tally) = compare(&diff, &selected, read.a.threads);
    let relative = settings.relative(look.rows.relative());
    let to_file = look.rows.output.output.is_some();
    let compared = Compared {
        look,
        named,
        read: &read,
        diff: &diff,
        screen: screen(looks.paint, clock(&looks, relative, &now), to_file),
    };
    let (shown, summary) = compared.print(differing, tally)?;
    if !look.input.quiet {
        tell(&summary, shown, tally);
    }
    Ok(match (read.a.close(), read.b.close()) {
        (Outcome::Clean, Outcome::Clean) if tally.differing() > 0 => Outcome::Findings,
        (Outcome::Clean, other) | (other, _) => other,
    })
}

/// The two inputs.
fn named(args: &args::Diff) -> Result<Both<&Path>> {
    if let Some(other) = args.look.input.inputs.first() {
        bail!("two captures are compared, and {} is another", other.display());
    }
    if args.a.as_os_str() == "-" && args.b.as_os_str() == "-" {
        bail!("stdin can be one of the two captures, not both");
    }
    Ok(Both { a: &*args.a, b: &*args.b })
}

/// By side, which calls are meant.
struct Selected(Both<Vec<bool>>);

impl Selected {
    fn new(
        select: &Select,
        sides: &Both<&Reconstruction<'_>>,
        now: &ZonedDateTime,
    ) -> Result<Self> {
        let a = Selection::new(select, sides.a, now)?;
        let b = Selection::new(select, sides.b, now)?;
        let mut nowhere =
            a.nowhere().iter().filter(|one| b.nowhere().iter().any(|other| one.what == other.what));
        if let Some(nowhere) = nowhere.next() {
            // A slip must not look like two captures without a difference.
            bail!("{nowhere}");
        }
        let meant = |calls: &Reconstruction<'_>, selection: &Selection<'_>| {
            let mut meant = vec![false; calls.len()];
            selection.calls().into_iter().for_each(|call| meant[call as usize] = true);
            meant
        };
        Ok(Self(Both { a: meant(sides.a, &a), b: meant(sides.b, &b) }))
    }

    /// Whether one of the calls of a pair is meant.
    fn has(&self, pair: &Pair) -> bool {
        let is_meant = |side| pair.of(side).any(|call| self.0.of(side)[call as usize]);
        Side::ALL.into_iter().any(is_meant)
    }
}

/// The pairs that differ, and how many do and do not.
fn compare(diff: &Diff<'_>, selected: &Selected, threads: Threads) -> (Vec<u32>, Tally) {
    let meant: Vec<u32> =
        (0..).zip(&diff.pairs).filter(|(_, pair)| selected.has(pair)).map(|(at, _)| at).collect();
    let work = |range: Range<usize>| {
        let (mut differing, mut tally) = (Vec::new(), Tally::default());
        for at in &meant[range] {
            let change = diff.change(&diff.pairs[*at as usize]);
            tally.count(change.as_ref());
            differing.extend(change.map(|_| *at));
        }
        (differing, tally)
    };
    let (mut differing, mut tally) = (Vec::new(), Tally::default());
    threads.all(meant.len(), SHARED, work, |(some, counted)| {
        differing.extend(some);
        tally = tally.with(counted);
    });
    (differing, tally)
}

/// What differs, and how it is shown.
struct Compared<'d> {
    look: &'d Look,
    named: Both<&'d Path>,
    read: &'d Both<Read>,
    diff: &'d Diff<'d>,
    screen: Screen,
}

impl Compared<'_> {
    /// Prints the pairs that differ, as many as are wanted; how many that were, and the summary.
    fn print(&self, differing: Vec<u32>, tally: Tally) -> Result<(usize, DiffSummary)> {
        let rows = &self.look.rows;
        let chosen = arrange::arrange(differing, rows, &column::calls(), |at| self.call(at))?;
        print_to(rows.output.output.as_deref(), |out| self.write(out, &chosen, tally))?;
        let summary = self.summary(tally);
        write_summary(rows.output.summary.as_deref(), &summary)?;
        Ok((chosen.len(), summary))
    }

    /// The figures so far: what changed since it was read shows only when it is printed.
    fn summary(&self, tally: Tally) -> DiffSummary {
        let Both { a, b } = self.read;
        let sides = &self.diff.sides;
        DiffSummary::new(tally, Both { a: a.summary(sides.a), b: b.summary(sides.b) })
    }

    fn write(&self, out: &mut dyn Write, chosen: &[u32], tally: Tally) -> io::Result<()> {
        let format = arrange::format(&self.look.rows);
        if format == Format::Table && !chosen.is_empty() {
            let name = |path: &Path| path.to_string_lossy().into_owned();
            let (a, b) = (name(self.named.a), name(self.named.b));
            for line in legend([(Side::A, &a), (Side::B, &b)], &self.screen) {
                line.write(out, &self.screen)?;
            }
        }
        let layout = Layout { screen: &self.screen, names: &self.look.rows.columns };
        let mut report = report(format, Box::new(out), layout);
        for at in chosen {
            if let Some(row) = self.row(*at) {
                report.item(&row)?;
            }
        }
        report.finish(&self.summary(tally))
    }

    /// What orders a pair: its call in A, else in B.
    fn call(&self, at: u32) -> Call<'_> {
        let Both { a, b } = self.diff.pairs[at as usize].calls;
        match a {
            Some(a) => self.diff.sides.a.call(a),
            None => self.diff.sides.b.call(b.unwrap_or_default()),
        }
    }

    fn row(&self, at: u32) -> Option<DiffRow<'_>> {
        let sources = Both { a: &self.read.a.sources, b: &self.read.b.sources };
        let told = |a: u32, b: u32| {
            difference(&self.read.a.bytes(a)?, &self.read.b.bytes(b)?, ["in A", "in B"])
        };
        row(self.diff, sources, &told, &self.diff.pairs[at as usize])
    }
}

/// Says what was read, and what came of it.
fn tell(summary: &DiffSummary, shown: usize, tally: Tally) {
    for (side, read) in [(Side::A, &summary.a), (Side::B, &summary.b)] {
        if read.events == 0 {
            complain(&format!("{} holds no webhook that could be compared", side.name()));
        }
    }
    let [a, b, verdict] = summary.lines();
    let partial = shown as u64 != tally.differing();
    let shown = partial.then(|| format!("; {} shown", count(shown as u64, "call")));
    let _ = writeln!(io::stderr(), "{a}\n{b}\n{verdict}{}", shown.unwrap_or_default());
}
