//! `callscope follow`: rows as events arrive, a call's row when it ends or falls silent.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Error, Result, bail};

use super::live::EventRows;
use super::read::{complain, reading, tell_recognised};
use super::screen::{clock, now, screen};
use super::settings::Settings;
use super::signals::on_stop;
use super::{Outcome, is_broken_pipe};
use crate::args::Follow;
use crate::event::{Capture, Detail};
use crate::finding::{Finding, Severity, SourceId};
use crate::input::{self, Answer, Candidate, Counts, Feed, Recognised, Sink, Stop, Wait};
use crate::view::screen::Screen;
use crate::view::text::shown;
use crate::view::words::count;

pub(super) fn run(args: &Follow) -> Result<Outcome> {
    let looks = Settings::of(&args.live.settings, args.verbose)?.looks(&args.live.looks);
    let path = path(args)?;
    let name = path.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
    let now = now(&looks.tz)?;
    let screen = screen(looks.paint, clock(&looks, false, &now), false);
    let followed = follow(args, path, &name, &screen);
    match followed {
        Err(error) if is_broken_pipe(&error) => Ok(Outcome::Clean),
        other => other,
    }
}

/// The file that is followed; `None` for stdin.
fn path(args: &Follow) -> Result<Option<PathBuf>> {
    let path = args.file.as_ref().or(args.input.as_ref()).filter(|path| path.as_os_str() != "-");
    match path {
        Some(path) if path.is_dir() => {
            bail!("cannot follow {}: it is a folder; name a file", path.display())
        }
        Some(path) => {
            if !path.exists() && !args.quiet {
                complain(&format!("{} is not there yet; waiting for it", path.display()));
            }
            Ok(Some(path.clone()))
        }
        None if io::stdin().is_terminal() => bail!(
            "nothing to follow: name a file with -F, or pipe something in; \
             `callscope follow --help` says more"
        ),
        None => Ok(None),
    }
}

fn follow(args: &Follow, path: Option<PathBuf>, name: &str, screen: &Screen) -> Result<Outcome> {
    let (live, out) = (&args.live, Box::new(io::stdout()));
    let rows = EventRows::new(&live.shown, &live.patience, name, out, screen);
    let rows = Rc::new(RefCell::new(rows));
    let timer = RowTimer(rows.clone());
    let mut feed = match path {
        Some(path) => Feed::file(&path, timer),
        None => Feed::stdin(timer),
    };
    let stop = feed.stop();
    let mut sink = RowSink {
        rows: rows.clone(),
        stop: stop.clone(),
        last: Capture::default(),
        cut: 0,
        held: None,
    };
    on_stop(move || stop.stop())?;
    let mut counts = Counts::default();
    let read = read_texts(args, name, &mut feed, &mut sink, &mut counts);
    drop((feed, sink));
    // The feed and the sink had the other two handles.
    let rows = Rc::into_inner(rows).map(RefCell::into_inner);
    let (summary, late) = rows.map(|rows| rows.finish(counts)).transpose()?.unwrap_or_default();
    if !args.quiet {
        let late =
            (late > 0).then(|| format!("; {} of calls forgotten by then", count(late, "webhook")));
        let _ = writeln!(io::stderr(), "{}{}", summary.line(), late.unwrap_or_default());
    }
    match read {
        Ok(()) => Ok(Outcome::Clean),
        Err(error) => {
            complain(&Error::new(error).context(format!("cannot read {}", shown(name))));
            Ok(Outcome::Unread)
        }
    }
}

/// Reads one text after another until no more follows: a file that is rotated is several.
fn read_texts(
    args: &Follow,
    name: &str,
    feed: &mut Feed<RowTimer<'_>>,
    sink: &mut RowSink<'_>,
    counts: &mut Counts,
) -> io::Result<()> {
    let reading = reading(&args.logs);
    loop {
        let (mut text_counts, mut recognised) = (Counts::default(), Recognised::default());
        let end = input::read_packed(
            &mut *feed,
            args.max_expanded,
            SourceId(0),
            &reading,
            sink,
            (&mut text_counts, &mut recognised),
        );
        if recognised.is_damaged {
            sink.release();
        }
        text_counts.damaged = text_counts.damaged.saturating_sub(std::mem::take(&mut sink.cut));
        counts.add(text_counts);
        if args.verbose {
            tell_recognised(name, recognised.packing, &recognised.shapes, text_counts);
        }
        end?;
        if !feed.turn()? {
            return Ok(());
        }
    }
}

/// Prints what the reader finds.
struct RowSink<'r> {
    rows: Rc<RefCell<EventRows<'r>>>,
    stop: Stop,
    /// The latest webhook.
    last: Capture,
    /// Places that are not damaged: they break off because the user stopped the run.
    cut: u64,
    /// The finding of the last of them.
    held: Option<Finding>,
}

impl RowSink<'_> {
    /// Reports the last finding after all: the text does end there.
    fn release(&mut self) {
        if let Some(finding) = self.held.take() {
            self.cut -= 1;
            self.rows.borrow_mut().finding(&finding);
        }
    }
}

impl Sink for RowSink<'_> {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        // An envelope may contain the same body twice.
        if candidate.may_repeat() && matches!(self.last.object(candidate), Answer::Again) {
            return Answer::Again;
        }
        let mut capture = Capture::new(Detail::All);
        let answer = capture.object(candidate);
        if matches!(answer, Answer::Webhook) {
            self.rows.borrow_mut().webhook(&capture);
            self.last = capture;
        }
        answer
    }

    fn finding(&mut self, finding: Finding) {
        if self.stop.is_asked() && finding.severity == Severity::Error {
            self.cut += 1;
            self.held = Some(finding);
        } else {
            self.rows.borrow_mut().finding(&finding);
        }
    }
}

/// Lets time pass for the rows while nothing arrives.
struct RowTimer<'r>(Rc<RefCell<EventRows<'r>>>);

impl Wait for RowTimer<'_> {
    fn patience(&self) -> Option<Duration> {
        self.0.borrow().patience()
    }

    fn pass(&mut self, waited: Duration) -> bool {
        self.0.borrow_mut().wait(waited)
    }
}
