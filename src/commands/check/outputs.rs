//! Where findings are printed: one format or several, from one pass over the findings.

use std::borrow::Cow;
use std::collections::HashMap;
use std::env;
use std::fs::File;
use std::io::{self, BufWriter};
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::made::{Asked, Hand, Made, SHARED};
use super::rooted::Rooted;
use crate::args::{Check, FormatTo};
use crate::commands::output::{Output, finish, open};
use crate::commands::read::Read;
use crate::commands::screen::{Paint, screen};
use crate::finding::{Finding, Severity};
use crate::flow::Reconstruction;
use crate::input::Source;
use crate::view::findings::{FindingFormat, Given, Located, StepSummary, Writer};
use crate::view::rows::Fingerprint;
use crate::view::screen::{Clock, Screen};

/// What was typed about formats and files, made whole.
pub(super) struct Outputs {
    list: Vec<FormatTo>,
}

impl Outputs {
    /// # Errors
    /// When more than one goes to stdout, or `--output` names a file for none.
    pub(super) fn new(check: &Check) -> Result<Self> {
        let mut list = check.format.clone();
        if list.is_empty() {
            let format = if check.json { FindingFormat::Json } else { FindingFormat::default() };
            list.push(FormatTo { format, file: None });
        }
        let mut free = list.iter_mut().filter(|output| output.file.is_none());
        let (first, second) = (free.next(), free.next());
        if second.is_some() {
            bail!("several formats without a file; name one, as in --format sarif=out.sarif");
        }
        match (first, &check.output.output) {
            (Some(first), file) => first.file.clone_from(file),
            (None, Some(_)) => bail!("every --format has a file, and --output names another"),
            (None, None) => {}
        }
        Ok(Self { list })
    }

    /// The files that are written.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.list.iter().filter_map(|output| output.file.as_ref())
    }

    fn screens(&self, paint: Paint, clock: &Clock) -> Vec<Screen> {
        let to_file = self.list.iter().map(|output| output.file.is_some());
        to_file.map(|to_file| screen(paint, clock.clone(), to_file)).collect()
    }

    /// The step summary of GitHub Actions, where we run in a step and print for it.
    fn step_summary(&self) -> Result<Option<StepSummary<'static>>> {
        let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
        let Some(path) = path.filter(|_| self.any(|format| format == FindingFormat::Github)) else {
            return Ok(None);
        };
        let path = PathBuf::from(path);
        let context = || format!("cannot write the step summary {}", path.display());
        let file = File::options().create(true).append(true).open(&path).with_context(context)?;
        let there = file.metadata().with_context(context)?.len();
        Ok(Some(StepSummary::new(Box::new(BufWriter::new(file)), there)))
    }

    /// Whether one of the formats is so.
    pub(super) fn any(&self, asks: impl Fn(FindingFormat) -> bool) -> bool {
        self.list.iter().any(|output| asks(output.format))
    }
}

/// What is printed.
pub(super) struct Printed<'p, 'c> {
    pub(super) findings: &'p [Cow<'c, Finding>],
    pub(super) read: &'p Read,
    pub(super) calls: &'p Reconstruction<'c>,
}

impl Printed<'_, '_> {
    /// Prints the findings to every output. A reader that is gone changes nothing about the others.
    ///
    /// # Errors
    /// When one of the outputs cannot be opened; when one cannot be written, after the others were.
    pub(super) fn print(
        &self,
        outputs: &Outputs,
        fail_on: Severity,
        paint: Paint,
        clock: &Clock,
    ) -> Result<()> {
        let screens = outputs.screens(paint, clock);
        let files = outputs.list.iter().map(|output| open(output.file.as_deref()));
        let mut opened = files.collect::<Result<Vec<Output>>>()?;
        let mut step = outputs.step_summary()?;
        let names: Vec<&str> = self.read.sources.iter().map(|source| &*source.name).collect();
        let located = self.located(outputs);
        let given = Given {
            names: &names,
            located: &located,
            tally: self.findings.iter().map(|one| (one.severity, one.count)).collect(),
            rows: self.findings.iter().map(|one| (one.severity, 1)).collect(),
            fail_on,
            unread: &self.read.unread,
        };
        let writer = |(output, out): (&FormatTo, _)| {
            let step = step.take_if(|_| output.format == FindingFormat::Github);
            Ok(Writer::new(output.format, Box::new(out), step, given))
        };
        let mut writers: Vec<Result<Writer<'_>>> =
            outputs.list.iter().zip(&mut opened).map(writer).collect();
        self.rows(outputs, &screens, &mut writers);
        // Only now is known what changed since it was read.
        let summary = self.read.summary(self.calls);
        for writer in &mut writers {
            attempt(writer, |to| to.finish(&summary));
        }
        let printed: Vec<Result<()>> = writers.into_iter().map(|one| one.map(drop)).collect();
        let ended = printed.into_iter().zip(opened).map(|(printed, out)| finish(printed, out));
        // Each is finished before the first failure is told.
        ended.collect::<Vec<_>>().into_iter().collect()
    }

    /// Hands all rows to every writer.
    fn rows(&self, outputs: &Outputs, screens: &[Screen], writers: &mut [Result<Writer<'_>>]) {
        let asked = Asked::by(&outputs.list, screens);
        let mut met: HashMap<u128, u32> = HashMap::new();
        let hand = || {
            let mut hand = Hand::new(self, &asked);
            move |range: Range<usize>| hand.made_of(&self.findings[range])
        };
        self.read.threads.each_among(self.findings.len(), SHARED, hand, |made| {
            let Made { mut rows, texts } = made;
            for Fingerprint { hash, ordinal } in rows.iter_mut().map(|row| &mut row.fingerprint) {
                let last = met.entry(*hash).or_default();
                *last += 1;
                *ordinal = *last;
            }
            for (writer, text) in writers.iter_mut().zip(texts) {
                attempt(writer, |to| to.take(&rows, &text?));
            }
            if writers.iter().all(Result::is_err) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
    }

    fn located(&self, outputs: &Outputs) -> Vec<Located> {
        if !outputs.any(FindingFormat::is_for_ci) {
            return Vec::new();
        }
        let rooted = Rooted::here();
        self.read.sources.iter().map(|source: &Source| rooted.located(source)).collect()
    }
}

/// Writes to a writer that has not failed yet.
fn attempt<'w>(
    writer: &mut Result<Writer<'w>>,
    write: impl FnOnce(&mut Writer<'w>) -> io::Result<()>,
) {
    if let Ok(to) = writer
        && let Err(error) = write(to).context("cannot write the output")
    {
        *writer = Err(error);
    }
}
