//! `callscope follow`: rows as events arrive, a call's row when it ends or falls silent.

mod rows;

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Error, Result, bail};

use super::read::{complain, reading, tell_recognised};
use super::screen::{clock, now, screen};
use super::settings::Settings;
use super::{Outcome, is_broken_pipe};
use crate::args::Follow;
use crate::event::{Capture, Detail};
use crate::finding::{Finding, Severity, SourceId};
use crate::flow::Limits;
use crate::flow::live::Patience;
use crate::input::{self, Answer, Candidate, Counts, Feed, Recognised, Sink, Stop, Wait};
use crate::view::screen::Screen;
use crate::view::text::shown;
use rows::Rows;

pub(super) fn run(args: &Follow) -> Result<Outcome> {
    let looks = Settings::of(&args.settings, args.verbose)?.looks(&args.looks);
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
    let patience = Patience {
        limits: Limits {
            ring_window: args.patience.ring_window,
            open_after: args.patience.open_after,
            ..Limits::USUAL
        },
        linger: args.patience.linger,
    };
    let rows = Rc::new(RefCell::new(Rows::new(&args.shown, patience, name, screen)));
    let waiting = Waiting { rows: rows.clone(), waited: Duration::ZERO };
    let mut feed = match path {
        Some(path) => Feed::file(&path, waiting),
        None => Feed::stdin(waiting),
    };
    let stop = feed.stop();
    let asked = stop.clone();
    ctrlc::set_handler(move || asked.stop()).context("cannot wait for signals")?;
    let mut counts = Counts::default();
    let taking = Taking { rows: rows.clone(), stop, last: Capture::default(), cut: 0 };
    let read = read(args, name, &mut feed, taking, &mut counts);
    drop(feed);
    let Ok(rows) = Rc::try_unwrap(rows) else {
        return Ok(Outcome::Clean);
    };
    let summary = rows.into_inner().finish(counts)?;
    if !args.quiet {
        let _ = writeln!(io::stderr(), "{}", summary.line());
    }
    match read {
        Ok(()) => Ok(Outcome::Clean),
        Err(error) => {
            complain(&Error::new(error).context(format!("cannot read {}", shown(name))));
            Ok(Outcome::Unread)
        }
    }
}

/// Reads one text after another until there is none.
fn read(
    args: &Follow,
    name: &str,
    feed: &mut Feed<Waiting<'_>>,
    mut taking: Taking<'_>,
    counts: &mut Counts,
) -> io::Result<()> {
    let reading = reading(&args.logs);
    loop {
        let (most, id) = (args.max_expanded, SourceId(0));
        let (mut own, mut as_what) = (Counts::default(), Recognised::default());
        let told = (&mut own, &mut as_what);
        let end = input::read_packed(&mut *feed, most, id, &reading, &mut taking, told);
        own.damaged = own.damaged.saturating_sub(taking.cut);
        counts.add(own);
        if args.verbose {
            tell_recognised(name, as_what.packing, &as_what.shapes, own);
        }
        end?;
        if !feed.turn() {
            return Ok(());
        }
    }
}

/// What the reader hands its webhooks to.
struct Taking<'r> {
    rows: Rc<RefCell<Rows<'r>>>,
    stop: Stop,
    /// The webhook that came last.
    last: Capture,
    /// Places that are not damaged but broke off because nobody wanted more.
    cut: u64,
}

impl Sink for Taking<'_> {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        // An envelope may hold the same body twice.
        if candidate.may_repeat() && matches!(self.last.object(candidate), Answer::Again) {
            return Answer::Again;
        }
        let mut one = Capture::new(Detail::All);
        let answer = one.object(candidate);
        if matches!(answer, Answer::Webhook) {
            self.rows.borrow_mut().webhook(&one);
            self.last = one;
        }
        answer
    }

    fn finding(&mut self, finding: Finding) {
        if self.stop.is_asked() && finding.severity == Severity::Error {
            self.cut += 1;
        } else {
            self.rows.borrow_mut().finding(&finding);
        }
    }
}

/// What is done while nothing comes.
struct Waiting<'r> {
    rows: Rc<RefCell<Rows<'r>>>,
    /// How long nothing has come since time last moved on.
    waited: Duration,
}

impl Wait for Waiting<'_> {
    fn patience(&self) -> Option<Duration> {
        Some(self.rows.borrow().patience()?.saturating_sub(self.waited))
    }

    fn pass(&mut self, waited: Duration) -> bool {
        let mut rows = self.rows.borrow_mut();
        if rows.has_moved() {
            self.waited = Duration::ZERO;
        }
        self.waited += waited;
        if rows.patience().is_some_and(|patience| self.waited >= patience) {
            rows.pass(std::mem::take(&mut self.waited));
        }
        !rows.has_failed()
    }
}
