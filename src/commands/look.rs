//! What `calls`, `timeline` and `events` share: read, reconstruct, select, print.

use std::io::{self, Write};
use std::ops::ControlFlow;

use anyhow::Result;

use super::Outcome;
use super::arrange;
use super::output::{print_to, write_summary};
use super::read::{Read, complain, read};
use super::screen::{clock, now, screen};
use super::selection::{Selection, asks_for_infos};
use super::settings::Settings;
use crate::args::{Look, Rows};
use crate::event::Detail;
use crate::flow::Reconstruction;
use crate::input::Sources;
use crate::threads::Threads;
use crate::view::column::Column;
use crate::view::report::{Format, Item, Layout, line, report};
use crate::view::screen::Screen;
use crate::view::summary::Summary;
use crate::view::words::count;

/// What was read, and how it is shown.
pub(super) struct Looked<'l> {
    pub(super) calls: &'l Reconstruction<'l>,
    pub(super) sources: &'l Sources,
    pub(super) selection: Selection<'l>,
    pub(super) summary: &'l Summary,
    pub(super) screen: Screen,
    pub(super) threads: Threads,
    rows: &'l Rows,
    /// What is shown, one of them.
    noun: &'static str,
}

/// Reads all inputs and prints what `print` makes of their calls; it says how many were shown, each
/// a `noun`.
///
/// # Errors
/// Those of reading, of the selection, and when an output cannot be written or is an input.
pub(super) fn look(
    args: &Look,
    noun: &'static str,
    print: impl FnOnce(&Looked<'_>) -> Result<usize>,
) -> Result<Outcome> {
    look_beside(args, None, noun, print)
}

/// The same, with the figures of what was read elsewhere, if anything was: then there may be
/// nothing to read here.
///
/// # Errors
/// Those of [`look`].
pub(super) fn look_beside(
    args: &Look,
    beside: Option<Summary>,
    noun: &'static str,
    print: impl FnOnce(&Looked<'_>) -> Result<usize>,
) -> Result<Outcome> {
    let settings = Settings::of(&args.settings, args.input.verbose)?;
    let looks = settings.looks(&args.rows.looks);
    let relative = settings.relative(args.rows.relative());
    let now = now(&looks.tz)?;
    let detail = if asks_for_infos(&args.select) { Detail::Unknown } else { Detail::Warnings };
    let read = if beside.is_some() && args.input.inputs.is_empty() {
        Read::nothing(&args.input, detail)
    } else {
        read(&args.input, detail)?
    };
    read.spare(args.rows.output.files(), None)?;
    if read.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = read.calls(&args.input);
    let summary = read.summary(&calls).plus(beside.unwrap_or_default());
    let clock = clock(&looks, relative, &now);
    let looked = Looked {
        calls: &calls,
        sources: &read.sources,
        selection: Selection::new(&args.select, &calls, &now)?,
        rows: &args.rows,
        summary: &summary,
        noun,
        threads: read.threads,
        screen: screen(looks.paint, clock, args.rows.output.output.is_some()),
    };
    let shown = print(&looked)?;
    Ok(close(&read, &looked, shown))
}

fn close(read: &Read, looked: &Looked<'_>, shown: usize) -> Outcome {
    if !read.quiet {
        for note in looked.selection.nowhere() {
            complain(note);
        }
        let partial = looked.selection.is_active() || looked.rows.limit.is_some();
        let shown = partial.then(|| format!("; {} shown", count(shown as u64, looked.noun)));
        let line = looked.summary.line() + &shown.unwrap_or_default();
        let _ = writeln!(io::stderr(), "{line}");
    }
    read.close()
}

impl Looked<'_> {
    /// The rows that are shown, in their order.
    pub(super) fn arrange<T, I: Copy>(
        &self,
        chosen: Vec<I>,
        columns: &[Column<T>],
        row: impl Fn(I) -> T,
    ) -> Result<Vec<I>> {
        arrange::arrange(chosen, self.rows, columns, row)
    }

    /// Prints the rows, and the summary where it goes to a file.
    ///
    /// # Errors
    /// When an output cannot be written.
    pub(super) fn print<T: Item + Send, I: Copy + Sync>(
        &self,
        chosen: &[I],
        row: impl Fn(I) -> T + Sync,
    ) -> Result<usize> {
        self.print_as(|out| match arrange::format(self.rows) {
            Format::Ndjson => self.print_lines(chosen, &row, out),
            format => {
                let layout = Layout { screen: &self.screen, names: &self.rows.columns };
                let mut report = report(format, Box::new(out), layout);
                let rows = |some: &[I]| Ok(some.iter().map(|at| row(*at)).collect::<Vec<T>>());
                self.share(chosen, rows, |rows| rows.iter().try_for_each(|row| report.item(row)))?;
                report.finish(self.summary)
            }
        })?;
        Ok(chosen.len())
    }

    /// Prints what `print` writes, and the summary where it goes to a file.
    ///
    /// # Errors
    /// When an output cannot be written.
    pub(super) fn print_as(
        &self,
        print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        print_to(self.rows.output.output.as_deref(), |out| print(out))?;
        write_summary(self.rows.output.summary.as_deref(), self.summary)
    }

    /// Prints rows none of which depends on another.
    fn print_lines<T: Item, I: Copy + Sync>(
        &self,
        chosen: &[I],
        row: &(impl Fn(I) -> T + Sync),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let lines = |some: &[I]| {
            let mut lines = Vec::new();
            some.iter().try_for_each(|at| line(&mut lines, &row(*at)))?;
            Ok(lines)
        };
        self.share(chosen, lines, |lines| out.write_all(&lines))?;
        out.flush()
    }

    /// Has each thread make something of some of the chosen, and takes it in their order for as long
    /// as nothing fails.
    fn share<R: Send, I: Sync>(
        &self,
        chosen: &[I],
        make: impl Fn(&[I]) -> io::Result<R> + Sync,
        mut take: impl FnMut(R) -> io::Result<()>,
    ) -> io::Result<()> {
        /// Of so many something is made at a time.
        const SHARED: usize = 500;
        let mut printed = Ok(());
        self.threads.each(
            chosen.len(),
            SHARED,
            |range| make(&chosen[range]),
            |made| {
                printed = made.and_then(&mut take);
                if printed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        printed
    }
}
