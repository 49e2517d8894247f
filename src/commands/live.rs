//! A text that is read while it comes → rows, each as soon as its webhook is whole.

mod rows;

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;

use super::read::tell_recognised;
use crate::args::{LiveShow, Waits};
use crate::event::{Capture, Detail};
use crate::finding::{Finding, Severity, SourceId};
use crate::flow::Limits;
use crate::flow::live::Patience;
use crate::input::{self, Answer, Candidate, Counts, Feed, Reading, Recognised, Sink, Stop, Wait};
use crate::view::report::Out;
use crate::view::screen::Screen;
use crate::view::summary::Summary;
use crate::view::words::count;
use rows::Rows;

/// What is read, and how its rows are shown.
pub(super) struct Live<'r> {
    pub(super) show: &'r LiveShow,
    pub(super) patience: Patience,
    /// Name of the text.
    pub(super) name: &'r str,
    pub(super) screen: &'r Screen,
    pub(super) reading: Reading,
    /// The most that packed text may expand to.
    pub(super) most: Option<u64>,
    /// Whether it is said what the text was recognised as.
    pub(super) verbose: bool,
}

/// What came of a text.
pub(super) struct Lived {
    pub(super) summary: Summary,
    /// Webhooks that came when their calls were over and forgotten.
    late: u64,
    /// Whether it could be read to its end.
    pub(super) read: io::Result<()>,
}

impl Lived {
    /// The closing line.
    pub(super) fn line(&self) -> String {
        let late = (self.late > 0)
            .then(|| format!("; {} of calls forgotten by then", count(self.late, "webhook")));
        self.summary.line() + &late.unwrap_or_default()
    }
}

/// How long is waited for what, as it was typed.
pub(super) fn patience(waits: &Waits) -> Patience {
    let Waits { ring_window, open_after, linger } = *waits;
    Patience { limits: Limits { ring_window, open_after, ..Limits::USUAL }, linger }
}

impl<'r> Live<'r> {
    /// Reads what `feed` opens to its end, and writes rows to `out`.
    ///
    /// # Errors
    /// When rows cannot be written, or it cannot be `begun`.
    pub(super) fn run(
        &self,
        out: Out<'r>,
        feed: impl FnOnce(Waiting<'r>) -> Feed<Waiting<'r>>,
        begun: impl FnOnce(Stop) -> Result<()>,
    ) -> Result<Lived> {
        let rows = Rows::new(self.show, self.patience, self.name, out, self.screen);
        let rows = Rc::new(RefCell::new(rows));
        let mut feed = feed(Waiting { rows: rows.clone(), waited: Duration::ZERO });
        let stop = feed.stop();
        begun(stop.clone())?;
        let mut counts = Counts::default();
        let mut taking =
            Taking { rows: rows.clone(), stop, last: Capture::default(), cut: 0, held: None };
        let read = self.read(&mut feed, &mut taking, &mut counts);
        drop((feed, taking));
        // Nobody else has them any more.
        let rows = Rc::into_inner(rows).map(RefCell::into_inner);
        let ended = rows.map(|rows| rows.finish(counts)).transpose()?;
        let (summary, late) = ended.unwrap_or_default();
        Ok(Lived { summary, late, read })
    }

    /// Reads one text after another until there is none.
    fn read(
        &self,
        feed: &mut Feed<Waiting<'_>>,
        taking: &mut Taking<'_>,
        counts: &mut Counts,
    ) -> io::Result<()> {
        loop {
            let (id, reading) = (SourceId(0), &self.reading);
            let (mut own, mut as_what) = (Counts::default(), Recognised::default());
            let told = (&mut own, &mut as_what);
            let end = input::read_packed(&mut *feed, self.most, id, reading, taking, told);
            if as_what.is_damaged {
                taking.release();
            }
            own.damaged = own.damaged.saturating_sub(std::mem::take(&mut taking.cut));
            counts.add(own);
            if self.verbose {
                tell_recognised(self.name, as_what.packing, &as_what.shapes, own);
            }
            end?;
            if !feed.turn()? {
                return Ok(());
            }
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
    /// The finding of the last of them.
    held: Option<Finding>,
}

impl Taking<'_> {
    /// Reports the last finding all the same: the text does end there.
    fn release(&mut self) {
        if let Some(finding) = self.held.take() {
            self.cut -= 1;
            self.rows.borrow_mut().finding(&finding);
        }
    }
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
            self.held = Some(finding);
        } else {
            self.rows.borrow_mut().finding(&finding);
        }
    }
}

/// What is done while nothing comes.
pub(super) struct Waiting<'r> {
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
