//! The threads beside the one that answers: who writes, who shows, who says.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::admission::Admission;
use super::capture_file::CaptureFile;
use super::desk::{Desk, Fault, Refused};
use super::ends::{Worker, WriteClock};
use super::notices::{self, Notices};
use super::shown::Shown;
use super::writer::{Task, Writer};
use crate::args::Listen;
use crate::commands::Outcome;
use crate::commands::read::complain;
use crate::event::Span;
use crate::input::Inlet;
use crate::view::summary::Summary;
use crate::view::words::count;

/// Bytes of the capture that wait to be shown.
const UNSHOWN: usize = 64 << 20;

/// How many requests wait to be written.
const UNWRITTEN: usize = 1024;

/// How long the capture, its rows, notices and the last lines may take at the end.
const WRITING: Duration = Duration::from_secs(5);
const SHOWING: Duration = Duration::from_secs(10);
const SAYING: Duration = Duration::from_secs(1);
const ENDING: Duration = Duration::from_millis(300);

/// The threads, and what they count.
pub(super) struct Crew {
    writer: Worker<()>,
    rows: Worker<Option<Summary>>,
    sayer: Worker<()>,
    tasks: mpsc::Sender<Task>,
    /// Times the capture's writes to a pipe.
    clock: WriteClock,
    notices: Arc<Notices>,
    captured: Arc<AtomicU64>,
}

impl Crew {
    /// Starts them. What is given beside them ends when nobody reads the capture any more. A
    /// capture has so many bytes and lines before anything is written; the clock times its writes.
    pub(super) fn start(
        args: &Listen,
        shown: Shown,
        capture: CaptureFile,
        (bytes, lines): (u64, u64),
        clock: WriteClock,
    ) -> (Self, oneshot::Receiver<()>) {
        let (mut inlet, text) = Inlet::new(UNSHOWN);
        inlet.skip(bytes, lines);
        let (notices, said) = Notices::new(args.quiet);
        let (notices, captured) = (Arc::new(notices), Arc::new(AtomicU64::new(0)));
        let writer = Writer {
            capture,
            rows: inlet,
            notices: notices.clone(),
            captured: captured.clone(),
            unshown: 0,
        };
        let (tasks, mut unwritten) = mpsc::channel(UNWRITTEN);
        let (going, is_gone) = oneshot::channel();
        let [rows_clock, said_clock] = [WriteClock::default(), WriteClock::default()];
        let (own_rows_clock, own_said_clock) = (rows_clock.clone(), said_clock.clone());
        let crew = Self {
            writer: Worker::start(clock.clone(), move || {
                writer.run(&mut unwritten);
                drop(going);
            }),
            rows: Worker::start(rows_clock, move || shown.run(text, own_rows_clock)),
            sayer: Worker::start(said_clock, move || notices::say(&said, own_said_clock)),
            tasks,
            clock,
            notices,
            captured,
        };
        (crew, is_gone)
    }

    /// Where requests are answered.
    pub(super) fn desk(&self, admission: Admission, fault: Fault, args: &Listen) -> Desk {
        let delay = args.failing.delay.map_or(0, Span::micros).unsigned_abs();
        Desk {
            admission,
            fault: Mutex::new(fault),
            delay: Duration::from_micros(delay),
            writer: self.tasks.clone(),
            notices: self.notices.clone(),
            refused: Refused::default(),
        }
    }

    /// What SIGHUP does: it has the capture's file opened anew, and says that the run goes on. A run
    /// without a file ends, and so does one whose terminal is gone.
    pub(super) fn on_hangup(&self, args: &Listen) -> impl Fn() -> bool + use<> {
        let (tasks, has_file, had_terminal) =
            (self.tasks.clone(), args.out.is_some(), has_terminal());
        move || {
            // Where there is no room the writer looks at the name anyway.
            let _ = tasks.try_send(Task::Reopen);
            has_file && (!had_terminal || has_terminal())
        }
    }

    /// Waits until nobody takes the capture from a pipe.
    pub(super) fn until_stuck(&self) -> impl Future<Output = ()> + use<> {
        self.clock.clone().until_stuck()
    }

    /// Ends them, once nobody else is at the desk, and says what came of it all.
    pub(super) fn end(self, desk: Arc<Desk>, quiet: bool) -> Outcome {
        let Self { writer, rows, sayer, tasks, clock: _, notices, captured } = self;
        let answered = desk.line();
        drop((desk, tasks));
        let is_written = writer.wait(WRITING).is_some();
        // Where the writer has not ended, neither do they.
        let [showing, saying] =
            if is_written { [SHOWING, SAYING] } else { [Duration::ZERO, ENDING] };
        let summary = rows.wait(showing);
        drop(notices);
        let _ = sayer.wait(saying);
        let are_shown = summary.as_ref().is_none_or(Option::is_some);
        // Stderr may take nothing either.
        let last = Worker::start(WriteClock::default(), move || {
            if !is_written {
                complain(&"nobody takes the capture; what was not answered is not in it");
            } else if summary.is_none() {
                complain(&"nobody takes the rows; the capture has all of them");
            }
            if !quiet {
                let captured = count(captured.load(Ordering::Relaxed), "body") + " captured";
                let seen = summary.flatten().unwrap_or_default().line();
                let _ = writeln!(io::stderr(), "{seen}; {captured}{answered}");
            }
        });
        let _ = last.wait(ENDING);
        if is_written && are_shown { Outcome::Clean } else { Outcome::Unread }
    }
}

/// Whether one of the standard streams is a terminal that is still there.
fn has_terminal() -> bool {
    io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal()
}
