//! Reads the inputs of a command into one capture.

use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Error, Result, bail};

use super::Outcome;
use super::bar::Following;
use super::output::real;
use crate::args::{Input, Logs};
use crate::event::{Capture, Detail};
use crate::finding::Spot;
use crate::flow::{Limits, Reconstruction};
use crate::input::{self, Counts, Packing, Reading, Shapes, Source, Sources, Split, Unreadable};
use crate::threads::Threads;
use crate::view::summary::Summary;
use crate::view::text::shown;
use crate::view::words::count;

/// Everything that a run has read.
pub(super) struct Read {
    pub(super) sources: Sources,
    pub(super) capture: Capture,
    pub(super) counts: Counts,
    /// The number of sources that were read to their end.
    finished: u64,
    /// The errors of inputs that could not be read.
    pub(super) unread: Vec<String>,
    /// Whether only results are printed.
    pub(super) quiet: bool,
    pub(super) threads: Threads,
}

/// Reads all inputs. One that cannot be read is reported on stderr and does not stop the others.
///
/// # Errors
/// If no input is named and stdin is a terminal.
pub(super) fn read(input: &Input, detail: Detail) -> Result<Read> {
    let sources = Sources::expanding(input.max_expanded);
    Ok(read_into(sources, &inputs(input)?, input, detail))
}

/// Reads one of the inputs.
pub(super) fn read_one(path: &Path, input: &Input, detail: Detail) -> Read {
    read_into(Sources::expanding(input.max_expanded), &[path.to_owned()], input, detail)
}

/// Reads all inputs and keeps copies of what cannot be read twice, such as pipes.
///
/// # Errors
/// Those of [`read`].
pub(super) fn read_keeping(input: &Input, detail: Detail) -> Result<Read> {
    let sources = Sources::expanding(input.max_expanded).keeping_all();
    Ok(read_into(sources, &inputs(input)?, input, detail))
}

fn read_into(sources: Sources, paths: &[PathBuf], input: &Input, detail: Detail) -> Read {
    let mut read = Read { sources, ..Read::nothing(input, detail) };
    let reading = reading(&input.logs);
    let split = Split::among(read.threads);
    for path in paths {
        let unread = &mut read.unread;
        read.sources.add(path, &mut |error| {
            unread.push(format!("{error:#}"));
            complain(&error);
        });
    }
    let (meter, total) = (read.sources.meter(), read.sources.length());
    let bar = Following::new(meter, total, input.progress, input.quiet);
    let Read { sources, capture, counts, finished, unread, .. } = &mut read;
    input::read_all(sources, &reading, split, capture, &mut |source, own, end| {
        let Source { name, packing, shapes, .. } = source;
        counts.add(own);
        if input.verbose {
            bar.aside(|| tell_recognised(name, *packing, shapes, own));
        }
        match end {
            Ok(()) => *finished += 1,
            Err(error) => {
                let error = Error::new(error).context(format!("cannot read {}", shown(name)));
                unread.push(format!("{error:#}"));
                bar.aside(|| complain(&error));
            }
        }
    });
    read
}

/// How text around JSON is read.
pub(super) fn reading(logs: &Logs) -> Reading {
    Reading { strict: logs.strict, log_zone: logs.log_tz.clone() }
}

/// Prints what a source was recognised as.
pub(super) fn tell_recognised(name: &str, packing: Packing, shapes: &Shapes, counts: Counts) {
    let kind = carriers(shapes).unwrap_or_else(|| {
        let kind = match (counts.documents, counts.skipped_lines) {
            (0, 0) => "nothing",
            (0, _) => "text",
            (_, 0) => "JSON",
            (_, _) => "JSON between lines of text",
        };
        kind.to_owned()
    });
    let packing = packing.name().map_or_else(String::new, |name| format!("{name}, "));
    let _ = writeln!(
        io::stderr(),
        "callscope: {}: {packing}{kind}; {} in {}, {}, {}",
        shown(name),
        count(counts.webhooks, "webhook"),
        count(counts.documents, "JSON value"),
        count(counts.damaged, "damaged place"),
        count(counts.skipped_lines, "skipped line"),
    );
}

/// `lambda > docker`: what wraps the webhooks of a source; `None` if nothing does.
fn carriers(shapes: &Shapes) -> Option<String> {
    match shapes.by_count()[..] {
        [] | [([], _)] => None,
        [(names, _)] => Some(names.join(" > ")),
        ref shapes => {
            let name = |names: &[&str]| match names {
                [] => "alone".to_owned(),
                names => names.join(" > "),
            };
            let counts = shapes.iter().map(|(names, count)| format!("{count} {}", name(names)));
            Some(counts.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The named inputs, else stdin, unless it is a terminal.
fn inputs(input: &Input) -> Result<Vec<PathBuf>> {
    if !input.inputs.is_empty() {
        return Ok(input.inputs.clone());
    }
    if io::stdin().is_terminal() {
        bail!(
            "nothing to read: name a file, a folder or a \"glob\", or pipe something in; \
             `callscope --help` says more"
        );
    }
    Ok(vec![PathBuf::from("-")])
}

/// Prints a warning on stderr.
pub(super) fn complain(problem: &dyn std::fmt::Display) {
    // If stderr is gone, there is no other place to report that.
    let _ = writeln!(io::stderr(), "callscope: {}", shown(&format!("{problem:#}")));
}

impl Read {
    /// An empty capture.
    pub(super) fn nothing(input: &Input, detail: Detail) -> Self {
        let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            sources: Sources::default(),
            capture: Capture::new(detail),
            counts: Counts::default(),
            finished: 0,
            unread: Vec::new(),
            quiet: input.quiet,
            threads: Threads::new(input.threads.unwrap_or_else(cores)),
        }
    }

    /// Whether all inputs failed before anything was read: then commands print nothing.
    pub(super) fn is_nothing(&self) -> bool {
        !self.unread.is_empty() && self.finished == 0 && self.counts == Counts::default()
    }

    /// Refuses outputs that would overwrite an input, `other_input` or each other.
    ///
    /// # Errors
    /// If one of them would.
    pub(super) fn spare<'p>(
        &self,
        outputs: impl IntoIterator<Item = &'p PathBuf>,
        other_input: Option<&Path>,
    ) -> Result<()> {
        let mut seen: Vec<PathBuf> = Vec::new();
        for file in outputs {
            if self.sources.has(file) {
                bail!("cannot write {}: it is an input", file.display());
            }
            let path = real(file);
            if other_input.is_some_and(|other| real(other) == path) {
                bail!("cannot write {}: it is read too", file.display());
            }
            if seen.contains(&path) {
                bail!("two outputs name the same file, {}", file.display());
            }
            seen.push(path);
        }
        Ok(())
    }

    pub(super) fn calls(&self, input: &Input) -> Reconstruction<'_> {
        let (ring_window, threads) = (input.ring_window, self.threads);
        self.calls_within(&Limits { ring_window, threads, ..Limits::USUAL })
    }

    pub(super) fn calls_within(&self, limits: &Limits) -> Reconstruction<'_> {
        Reconstruction::new(&self.capture, limits, &|place| self.sources.body(place).ok())
    }

    /// The raw body of a delivery. If it cannot be read again, that is reported. If it changed, that
    /// is counted and reported by [`Self::close`].
    ///
    /// # Errors
    /// If the body changed since it was read, or cannot be read again.
    pub(super) fn body(&self, delivery: u32) -> std::result::Result<Vec<u8>, Unreadable> {
        let place = self.capture.place(delivery);
        let body = self.sources.body(place);
        if let Err(Unreadable::Failed(error)) = &body {
            let spot = self.spot_name(&place.spot());
            complain(&format!("cannot read {spot} again: {error}"));
        }
        body
    }

    /// The raw body of a delivery; `None` if it cannot be read again, which the caller reports.
    pub(super) fn bytes(&self, delivery: u32) -> Option<Vec<u8>> {
        self.sources.body(self.capture.place(delivery)).ok()
    }

    /// `hooks.log:12`
    fn spot_name(&self, spot: &Spot) -> String {
        format!("{}:{}", self.sources.source(spot.source).name, spot.line)
    }

    pub(super) fn summary(&self, calls: &Reconstruction<'_>) -> Summary {
        let changed = self.sources.changed();
        Summary { changed, ..Summary::new(self.finished, self.counts, calls) }
    }

    /// Warns of places that changed since they were read, and returns how the run ended. Call it
    /// last.
    pub(super) fn close(&self) -> Outcome {
        /// The number of changed places that are listed.
        const LISTED: usize = 10;
        for spot in self.sources.changed_places(LISTED) {
            let spot = self.spot_name(&spot);
            complain(&format!("{spot} changed since it was read; it was left out"));
        }
        let more = self.sources.changed().saturating_sub(LISTED as u64);
        if more > 0 {
            let places = count(more, "more place");
            complain(&format!("{places} changed since they were read"));
        }
        self.outcome()
    }

    /// Whether everything could be read so far.
    pub(super) fn outcome(&self) -> Outcome {
        let is_clean = self.unread.is_empty() && self.sources.changed() == 0;
        if is_clean { Outcome::Clean } else { Outcome::Unread }
    }
}
