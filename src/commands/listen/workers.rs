//! The threads beside the one that answers. Each writes to one output that may block: the capture,
//! the rows, or the log on stderr.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::capture_file::CaptureFile;
use super::handler::RequestHandler;
use super::live_view::LiveView;
use super::shutdown::{WorkerThread, WriteClock};
use super::stderr_log::StderrLog;
use super::writer::{CaptureTask, CaptureWriter};
use crate::args::Listen;
use crate::commands::Outcome;
use crate::commands::live::event_channel;
use crate::view::summary::Summary;
use crate::view::words::count;

/// Requests that wait to be written: more wait at their connections.
const UNWRITTEN: usize = 1024;

/// How long the capture, its rows, notices and the last lines may take at the end.
const WRITING: Duration = Duration::from_secs(5);
const SHOWING: Duration = Duration::from_secs(10);
const LOGGING: Duration = Duration::from_secs(1);
const ENDING: Duration = Duration::from_millis(300);

pub(super) struct Workers {
    writer: WorkerThread<()>,
    view: WorkerThread<Option<Summary>>,
    logger: WorkerThread<()>,
    pub(super) tasks: mpsc::Sender<CaptureTask>,
    pub(super) log: Arc<StderrLog>,
    /// Times writes of the capture to a pipe.
    clock: WriteClock,
    captured: Arc<AtomicU64>,
}

impl Workers {
    /// Starts the threads. The receiver ends when nobody reads the capture any more; the clock times
    /// its writes.
    pub(super) fn start(
        args: &Listen,
        view: LiveView,
        capture: CaptureFile,
        clock: WriteClock,
    ) -> (Self, oneshot::Receiver<()>) {
        let (log, notices) = StderrLog::new(args.quiet);
        let (log, captured) = (Arc::new(log), Arc::new(AtomicU64::new(0)));
        let (events, received) = event_channel();
        let writer = CaptureWriter::new(capture, events, log.clone(), captured.clone());
        let (tasks, unwritten) = mpsc::channel(UNWRITTEN);
        let (ending, capture_ends) = oneshot::channel();
        let workers = Self {
            writer: WorkerThread::start(clock.clone(), move |_| {
                writer.run(unwritten);
                drop(ending);
            }),
            view: WorkerThread::start(WriteClock::default(), move |clock| {
                view.run(&received, clock)
            }),
            logger: WorkerThread::start(WriteClock::default(), move |clock| notices.print(clock)),
            tasks,
            log,
            clock,
            captured,
        };
        (workers, capture_ends)
    }

    /// What SIGHUP does: it reopens the file of the capture. Returns whether the run goes on: it ends
    /// without a file, and when its terminal has gone.
    pub(super) fn on_hangup(&self, args: &Listen) -> impl Fn() -> bool + use<> {
        let (tasks, has_file, had_terminal) =
            (self.tasks.clone(), args.out.is_some(), has_terminal());
        move || {
            // If the queue is full, the writer checks the name before its next write anyway.
            let _ = tasks.try_send(CaptureTask::Reopen);
            has_file && (!had_terminal || has_terminal())
        }
    }

    /// Ends when nobody takes the capture from a pipe.
    pub(super) fn capture_stuck(&self) -> impl Future<Output = ()> + use<> {
        self.clock.clone().until_stuck()
    }

    /// Ends the threads once no request is left, and prints the summary.
    pub(super) fn end(self, handler: Arc<RequestHandler>, quiet: bool) -> Outcome {
        let answered = handler.summary();
        drop((handler, self.tasks));
        let is_written = self.writer.wait(WRITING).is_some();
        // If the writer has not ended, the view waits for it in vain.
        let summary = self.view.wait(if is_written { SHOWING } else { Duration::ZERO });
        let has_rows = summary.as_ref().is_none_or(Option::is_some);
        let trouble = if !is_written {
            "callscope: nobody takes the capture; what was not answered is not in it\n"
        } else if summary.is_none() {
            "callscope: nobody takes the rows; the capture has all of them\n"
        } else {
            ""
        };
        let mut last = vec![trouble.to_owned()];
        if !quiet {
            let captured = count(self.captured.load(Ordering::Relaxed), "body") + " captured";
            let seen = summary.flatten().unwrap_or_default().line();
            last.push(format!("{seen}; {captured}{answered}\n"));
        }
        // Without notices in the way the last lines need no more than a moment.
        let is_behind = is_written && self.log.is_behind();
        self.log.close(last.concat());
        self.logger.wait(ENDING + if is_behind { LOGGING } else { Duration::ZERO });
        if is_written && has_rows { Outcome::Clean } else { Outcome::Unread }
    }
}

/// Whether one of the standard streams is a terminal that is still there.
fn has_terminal() -> bool {
    io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal()
}
