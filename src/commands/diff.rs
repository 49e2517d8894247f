//! `callscope diff`: compares two captures call by call.

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
use crate::diff::{BothSides, CallPair, CaptureDiff, DiffCounts, DiffSide};
use crate::event::{Detail, difference};
use crate::flow::{Call, Reconstruction};
use crate::threads::Threads;
use crate::view::column;
use crate::view::diff::{DiffRow, DiffSummary, RowBuilder, legend};
use crate::view::report::{Format, Layout, report};
use crate::view::screen::Screen;
use crate::view::words::count;

/// Pairs that a thread compares at a time: enough that handing them out costs nothing.
const BATCH: usize = 500;

pub(super) fn run(args: &args::Diff) -> Result<Outcome> {
    let look = &args.look;
    let is_table = arrange::format(&look.rows) == Format::Table;
    if is_table && !look.rows.columns.is_empty() {
        bail!("what differs is not told in columns; --columns is for --format csv and markdown");
    }
    arrange::check(&look.rows, &column::differences(), &column::calls())?;
    let inputs = inputs(args)?;
    let settings = Settings::of(&look.settings, look.input.verbose)?;
    let looks = settings.looks(&look.rows.looks);
    let now = now(&looks.tz)?;
    let detail = if asks_for_infos(&look.select) { Detail::Unknown } else { Detail::Warnings };
    let read = inputs.map(|path| read_one(path, &look.input, detail));
    read.a.spare(look.rows.output.files(), None)?;
    read.b.spare(look.rows.output.files(), None)?;
    if read.a.is_nothing() || read.b.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = BothSides { a: read.a.calls(&look.input), b: read.b.calls(&look.input) };
    let sides = BothSides { a: &calls.a, b: &calls.b };
    let selected = SelectedCalls::new(&look.select, &sides, &now)?;
    let diff = CaptureDiff::new(sides);
    let (differing, counts) = compare(&diff, &selected, read.a.threads);
    let relative = settings.relative(look.rows.relative());
    let to_file = look.rows.output.output.is_some();
    let output = DiffOutput {
        look,
        inputs,
        read: &read,
        diff: &diff,
        screen: screen(looks.paint, clock(&looks, relative, &now), to_file),
    };
    let (shown, summary) = output.print(differing, counts)?;
    if !look.input.quiet {
        print_summary(&summary, shown, counts);
    }
    Ok(match (read.a.close(), read.b.close()) {
        (Outcome::Clean, Outcome::Clean) if counts.differing() > 0 => Outcome::Findings,
        (Outcome::Clean, other) | (other, _) => other,
    })
}

fn inputs(args: &args::Diff) -> Result<BothSides<&Path>> {
    if let Some(other) = args.look.input.inputs.first() {
        bail!("two captures are compared, and {} is another", other.display());
    }
    if args.a.as_os_str() == "-" && args.b.as_os_str() == "-" {
        bail!("stdin can be one of the two captures, not both");
    }
    Ok(BothSides { a: &*args.a, b: &*args.b })
}

/// By call of each side, whether it is selected.
struct SelectedCalls(BothSides<Vec<bool>>);

impl SelectedCalls {
    fn new(
        select: &Select,
        sides: &BothSides<&Reconstruction<'_>>,
        now: &ZonedDateTime,
    ) -> Result<Self> {
        let a = Selection::new(select, sides.a, now)?;
        let b = Selection::new(select, sides.b, now)?;
        let mut nowhere =
            a.nowhere().iter().filter(|one| b.nowhere().iter().any(|other| one.what == other.what));
        if let Some(nowhere) = nowhere.next() {
            // A typing error must not look like two captures without a difference.
            bail!("{nowhere}");
        }
        let selected = |calls: &Reconstruction<'_>, selection: &Selection<'_>| {
            let mut selected = vec![false; calls.len()];
            selection.calls().into_iter().for_each(|call| selected[call as usize] = true);
            selected
        };
        Ok(Self(BothSides { a: selected(sides.a, &a), b: selected(sides.b, &b) }))
    }

    fn contains_any_of(&self, pair: &CallPair) -> bool {
        let is_selected = |side| pair.calls_of(side).any(|call| self.0.on(side)[call as usize]);
        DiffSide::ALL.into_iter().any(is_selected)
    }
}

/// The selected pairs that differ, by their place in `diff.pairs`, and the counts of all selected.
fn compare(
    diff: &CaptureDiff<'_>,
    selected: &SelectedCalls,
    threads: Threads,
) -> (Vec<usize>, DiffCounts) {
    let pairs = diff.pairs.iter().enumerate();
    let pairs: Vec<_> = pairs.filter(|(_, pair)| selected.contains_any_of(pair)).collect();
    let work = |range: Range<usize>| {
        let (mut differing, mut counts) = (Vec::new(), DiffCounts::default());
        for (at, pair) in &pairs[range] {
            let change = diff.change(pair);
            counts.count(change.as_ref());
            differing.extend(change.map(|_| *at));
        }
        (differing, counts)
    };
    let (mut differing, mut counts) = (Vec::new(), DiffCounts::default());
    threads.all(pairs.len(), BATCH, work, |(more, more_counts)| {
        differing.extend(more);
        counts += more_counts;
    });
    (differing, counts)
}

struct DiffOutput<'d> {
    look: &'d Look,
    inputs: BothSides<&'d Path>,
    read: &'d BothSides<Read>,
    diff: &'d CaptureDiff<'d>,
    screen: Screen,
}

impl DiffOutput<'_> {
    /// Prints the pairs that differ, up to the limit. Returns their number and the summary.
    fn print(&self, differing: Vec<usize>, counts: DiffCounts) -> Result<(usize, DiffSummary)> {
        let rows = &self.look.rows;
        let pairs: Vec<_> = differing.into_iter().map(|at| &self.diff.pairs[at]).collect();
        let chosen = arrange::arrange(pairs, rows, &column::calls(), |pair| self.call(pair))?;
        print_to(rows.output.output.as_deref(), |out| self.write(out, &chosen, counts))?;
        let summary = self.summary(counts);
        write_summary(rows.output.summary.as_deref(), &summary)?;
        Ok((chosen.len(), summary))
    }

    /// The summary so far: printing rows may still find that an input has changed.
    fn summary(&self, counts: DiffCounts) -> DiffSummary {
        let BothSides { a, b } = self.read;
        let sides = &self.diff.sides;
        DiffSummary::new(counts, BothSides { a: a.summary(sides.a), b: b.summary(sides.b) })
    }

    fn write(
        &self,
        out: &mut dyn Write,
        chosen: &[&CallPair],
        counts: DiffCounts,
    ) -> io::Result<()> {
        let format = arrange::format(&self.look.rows);
        if format == Format::Table && !chosen.is_empty() {
            let names = self.inputs.map(|path| path.to_string_lossy().into_owned());
            for line in legend(&names, &self.screen) {
                line.write(out, &self.screen)?;
            }
        }
        let layout = Layout { screen: &self.screen, names: &self.look.rows.columns };
        let mut report = report(format, Box::new(out), layout);
        for pair in chosen {
            if let Some(row) = self.row(pair) {
                report.item(&row)?;
            }
        }
        report.finish(&self.summary(counts))
    }

    /// The call by which pairs are sorted.
    fn call(&self, pair: &CallPair) -> Call<'_> {
        let (side, call) = pair.calls.first();
        self.diff.sides.on(side).call(*call)
    }

    fn row(&self, pair: &CallPair) -> Option<DiffRow<'_>> {
        let BothSides { a, b } = self.read;
        let sources = BothSides { a: &a.sources, b: &b.sources };
        let explain =
            |at_a: u32, at_b: u32| difference(&a.bytes(at_a)?, &b.bytes(at_b)?, ["in A", "in B"]);
        RowBuilder { diff: self.diff, sources, explain: &explain }.row(pair)
    }
}

fn print_summary(summary: &DiffSummary, shown: usize, counts: DiffCounts) {
    for (side, input) in [(DiffSide::A, &summary.a), (DiffSide::B, &summary.b)] {
        if input.events == 0 {
            complain(&format!("{} holds no webhook that could be compared", side.name()));
        }
    }
    let [a, b, verdict] = summary.lines();
    let is_partial = shown as u64 != counts.differing();
    let shown = is_partial.then(|| format!("; {} shown", count(shown as u64, "call")));
    let _ = writeln!(io::stderr(), "{a}\n{b}\n{verdict}{}", shown.unwrap_or_default());
}
