//! The thread that writes the capture: what waits together is written, and put on the disk, together.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::capture_file::CaptureFile;
use super::notices::Notices;
use super::peculiar::peculiar;
use super::record;
use crate::input::Inlet;
use crate::net::server::{Body, Head, Refusal, StatusCode};
use crate::view::words::count;

/// How many bytes of lines are written at once, as a rule.
const BATCH: usize = 4 << 20;

/// What the writer is to do.
#[derive(Debug)]
pub(super) enum Task {
    /// Write a request.
    Write(Waiting),
    /// Open the name of the capture anew if its file was moved or deleted.
    Reopen,
}

/// A request that waits to be written.
#[derive(Debug)]
pub(super) struct Waiting {
    /// Its head.
    pub(super) head: Arc<Head>,
    /// Its body.
    pub(super) body: Body,
    /// When it was whole.
    pub(super) received_at: Timestamp,
    /// Whoever answers it.
    pub(super) written: oneshot::Sender<Result<(), Refusal>>,
}

/// Writes the capture.
pub(super) struct Writer {
    pub(super) capture: CaptureFile,
    /// Who shows what was written.
    pub(super) rows: Inlet,
    pub(super) notices: Arc<Notices>,
    /// Bodies that were captured.
    pub(super) captured: Arc<AtomicU64>,
    /// Bodies that were captured and not handed on to be shown, since that was last said.
    pub(super) unshown: u64,
}

/// What is written at once.
#[derive(Default)]
struct Batch {
    lines: Vec<u8>,
    /// Each with where its line ends.
    waiting: Vec<(Waiting, usize)>,
}

impl Writer {
    /// Writes what comes until nothing more does, or nobody reads the capture any more.
    pub(super) fn run(mut self, tasks: &mut mpsc::Receiver<Task>) {
        while let Some(first) = tasks.blocking_recv() {
            let mut batch = Batch::default();
            batch.take(first);
            while batch.lines.len() < BATCH
                && let Ok(next) = tasks.try_recv()
            {
                batch.take(next);
            }
            if batch.waiting.is_empty() {
                self.reopen();
            } else if !self.write(batch) {
                break;
            }
        }
        self.say_unshown();
    }

    fn reopen(&mut self) {
        if let Err(error) = self.capture.follow_name() {
            self.notices.say(&unwritten(&error).why);
        }
        self.note_reopened();
    }

    /// Has rows name the places of a file that was opened anew, and says that it was.
    fn note_reopened(&mut self) {
        if let Some((bytes, lines)) = self.capture.take_reopened() {
            self.rows.begin_anew(bytes, lines);
            self.notices
                .say("the file of the capture was moved or deleted; its name is opened anew");
        }
    }

    /// Writes a batch; `false` where nobody reads the capture any more.
    fn write(&mut self, batch: Batch) -> bool {
        let written = self.capture.add(&batch.lines);
        self.note_reopened();
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                let why = "nobody reads the capture any more";
                batch.refuse(&Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why));
                return false;
            }
            // There may be room for the short ones.
            Err(_) if batch.waiting.len() > 1 => {
                return batch.apart().into_iter().all(|single| self.write(single));
            }
            Err(error) => batch.refuse(&unwritten(&error)),
            Ok(()) => {
                let settled = self.capture.settle(&batch.lines);
                self.note_reopened();
                match settled {
                    Ok(()) => self.answer(batch),
                    Err(error) => batch.refuse(&unwritten(&error)),
                }
            }
        }
        true
    }

    /// Answers what was written, then shows it.
    fn answer(&mut self, batch: Batch) {
        let many = batch.waiting.len() as u64;
        self.captured.fetch_add(many, Ordering::Relaxed);
        let mut told = Vec::with_capacity(batch.waiting.len());
        for (Waiting { head, body, written, .. }, _) in batch.waiting {
            // Whoever sent it may be gone.
            let _ = written.send(Ok(()));
            told.push((head, body));
        }
        if self.rows.hand_in(batch.lines) {
            self.say_unshown();
        } else {
            self.unshown += many;
        }
        if self.notices.are_wanted() {
            for (head, body) in told {
                if let Some(what) = peculiar(&head, &body) {
                    let what = format!("{what}; captured all the same");
                    self.notices.of(head.peer, Some(&head), &what);
                }
            }
        }
    }

    fn say_unshown(&mut self) {
        if self.unshown > 0 {
            let many = count(std::mem::take(&mut self.unshown), "webhook");
            self.notices.say(&format!("{many} not shown; the capture has them"));
        }
    }
}

impl Batch {
    /// Adds what is to be written. Before that is done the name is looked at anyway.
    fn take(&mut self, task: Task) {
        if let Task::Write(waiting) = task {
            self.add(waiting);
        }
    }

    fn add(&mut self, waiting: Waiting) {
        let start = self.lines.len();
        let Waiting { received_at, head, body, .. } = &waiting;
        match record::write(&mut self.lines, *received_at, head, body) {
            Ok(()) => self.waiting.push((waiting, self.lines.len())),
            Err(error) => {
                self.lines.truncate(start);
                let _ = waiting.written.send(Err(unwritten(&error)));
            }
        }
    }

    fn refuse(self, refusal: &Refusal) {
        for (waiting, _) in self.waiting {
            let _ = waiting.written.send(Err(refusal.clone()));
        }
    }

    /// Each by itself.
    fn apart(self) -> Vec<Self> {
        let mut start = 0;
        let single = |(waiting, end): (Waiting, usize)| {
            let lines = self.lines[std::mem::replace(&mut start, end)..end].to_vec();
            Self { waiting: vec![(waiting, lines.len())], lines }
        };
        self.waiting.into_iter().map(single).collect()
    }
}

fn unwritten(error: &io::Error) -> Refusal {
    let why = format!("the capture cannot be written: {error}");
    Refusal::new(StatusCode::INSUFFICIENT_STORAGE, why)
}
