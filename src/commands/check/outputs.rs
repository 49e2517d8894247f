//! Prints findings in one format or several, in one pass.

use std::borrow::Cow;
use std::collections::HashMap;
use std::env;
use std::fs::File;
use std::io::{self, BufWriter};
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::render::{BATCH, FindingRenderer, RenderNeeds, RenderedBatch};
use super::repo_paths::RepoPaths;
use crate::args::{Check, FormatTo};
use crate::commands::output::{Output, finish, open};
use crate::commands::read::Read;
use crate::commands::screen::{Paint, screen};
use crate::finding::{Finding, Severity};
use crate::flow::Reconstruction;
use crate::view::findings::{
    FindingFormat, FindingsWriter, ReportContext, SourceLocation, StepSummary,
};
use crate::view::rows::Fingerprint;
use crate::view::screen::{Clock, Screen};

/// The formats that were asked for, and where each goes.
pub(super) struct OutputTargets {
    list: Vec<FormatTo>,
}

impl OutputTargets {
    /// # Errors
    /// If more than one goes to stdout, or `--output` names a file that no format needs.
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

    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.list.iter().filter_map(|output| output.file.as_ref())
    }

    fn screens(&self, paint: Paint, clock: &Clock) -> Vec<Screen> {
        let to_file = self.list.iter().map(|output| output.file.is_some());
        to_file.map(|to_file| screen(paint, clock.clone(), to_file)).collect()
    }

    /// The step summary of GitHub Actions, if callscope runs in a step and prints for it.
    fn step_summary(&self) -> Result<Option<StepSummary<'static>>> {
        let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
        let Some(path) = path.filter(|_| self.any(|format| format == FindingFormat::Github)) else {
            return Ok(None);
        };
        let path = PathBuf::from(path);
        let context = || format!("cannot write the step summary {}", path.display());
        let file = File::options().create(true).append(true).open(&path).with_context(context)?;
        let written = file.metadata().with_context(context)?.len();
        Ok(Some(StepSummary::new(Box::new(BufWriter::new(file)), written)))
    }

    /// Whether `test` accepts one of the formats.
    pub(super) fn any(&self, test: impl Fn(FindingFormat) -> bool) -> bool {
        self.list.iter().any(|output| test(output.format))
    }
}

/// The findings that are printed, with the capture and the calls that they are about.
pub(super) struct FindingsReport<'p, 'c> {
    pub(super) findings: &'p [Cow<'c, Finding>],
    pub(super) read: &'p Read,
    pub(super) calls: &'p Reconstruction<'c>,
}

impl FindingsReport<'_, '_> {
    /// Prints the findings to every output. An output that fails or whose reader is gone does not
    /// stop the others.
    ///
    /// # Errors
    /// If an output cannot be opened, before anything is printed; the first failure of an output,
    /// after the others were finished.
    pub(super) fn print(
        &self,
        targets: &OutputTargets,
        fail_on: Severity,
        paint: Paint,
        clock: &Clock,
    ) -> Result<()> {
        let screens = targets.screens(paint, clock);
        let files = targets.list.iter().map(|output| open(output.file.as_deref()));
        let mut opened = files.collect::<Result<Vec<Output>>>()?;
        let mut step = targets.step_summary()?;
        let names: Vec<&str> = self.read.sources.iter().map(|source| &*source.name).collect();
        let locations = self.locations(targets);
        let context = ReportContext {
            names: &names,
            locations: &locations,
            findings: self.findings.iter().map(|one| (one.severity, one.count)).collect(),
            rows: self.findings.iter().map(|one| (one.severity, 1)).collect(),
            fail_on,
            unread: &self.read.unread,
        };
        let writer = |(output, out): (&FormatTo, _)| {
            let step = step.take_if(|_| output.format == FindingFormat::Github);
            Ok(FindingsWriter::new(output.format, Box::new(out), step, context))
        };
        let mut writers: Vec<Result<FindingsWriter<'_>>> =
            targets.list.iter().zip(&mut opened).map(writer).collect();
        let needs = RenderNeeds::new(&targets.list, &screens);
        self.write_rows(&needs, &mut writers);
        // Bodies that changed since the first reading are counted while rows are rendered.
        let summary = self.read.summary(self.calls);
        for writer in &mut writers {
            attempt(writer, |to| to.finish(&summary));
        }
        let printed: Vec<Result<()>> = writers.into_iter().map(|one| one.map(drop)).collect();
        let finished = printed.into_iter().zip(opened).map(|(printed, out)| finish(printed, out));
        // Every output is finished before the first failure is returned.
        finished.collect::<Vec<_>>().into_iter().collect()
    }

    fn write_rows(&self, needs: &RenderNeeds<'_>, writers: &mut [Result<FindingsWriter<'_>>]) {
        let mut ordinals: HashMap<u128, u32> = HashMap::new();
        let worker = || {
            let mut renderer = FindingRenderer::new(self, needs);
            move |range: Range<usize>| renderer.render(&self.findings[range])
        };
        self.read.threads.each_among(self.findings.len(), BATCH, worker, |batch| {
            let RenderedBatch { mut rows, texts } = batch;
            for Fingerprint { hash, ordinal } in rows.iter_mut().map(|row| &mut row.fingerprint) {
                let last = ordinals.entry(*hash).or_default();
                *last += 1;
                *ordinal = *last;
            }
            for (writer, text) in writers.iter_mut().zip(texts) {
                attempt(writer, |to| to.write(&rows, &text?));
            }
            if writers.iter().all(Result::is_err) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
    }

    /// Where the sources are in the repository, if a format asks.
    fn locations(&self, targets: &OutputTargets) -> Vec<SourceLocation> {
        if !targets.any(FindingFormat::is_for_ci) {
            return Vec::new();
        }
        let paths = RepoPaths::from_working_folder();
        self.read.sources.iter().map(|source| paths.location(source)).collect()
    }
}

/// Writes to a writer that has not failed yet.
fn attempt<'w>(
    writer: &mut Result<FindingsWriter<'w>>,
    write: impl FnOnce(&mut FindingsWriter<'w>) -> io::Result<()>,
) {
    if let Ok(to) = writer
        && let Err(error) = write(to).context("cannot write the output")
    {
        *writer = Err(error);
    }
}
