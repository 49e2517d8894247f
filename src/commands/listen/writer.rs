//! The thread that writes the capture: what waits together is written, and put on the disk, together.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::notices::Notices;
use super::peculiar::peculiar;
use super::record;
use crate::commands::appended::Appended;
use crate::input::Inlet;
use crate::net::server::{Body, Head, Refusal, StatusCode};
use crate::view::words::count;

/// How many bytes of lines are written at once, as a rule.
const BATCH: usize = 4 << 20;

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
    pub(super) capture: Appended,
    /// Whether what was written is put on the disk before it is answered.
    pub(super) sync: bool,
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
    pub(super) fn run(mut self, waiting: &mut mpsc::Receiver<Waiting>) {
        while let Some(first) = waiting.blocking_recv() {
            let mut batch = Batch::default();
            batch.add(first);
            while batch.lines.len() < BATCH
                && let Ok(next) = waiting.try_recv()
            {
                batch.add(next);
            }
            if !self.write(batch) {
                break;
            }
        }
        self.say_unshown();
    }

    /// Writes a batch; `false` where nobody reads the capture any more.
    fn write(&mut self, batch: Batch) -> bool {
        let written = self.capture.add(&batch.lines);
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
            Ok(()) => match self.settle() {
                Ok(()) => self.answer(batch),
                Err(error) => batch.refuse(&unwritten(&error)),
            },
        }
        true
    }

    fn settle(&self) -> io::Result<()> {
        if self.sync { self.capture.sync() } else { Ok(()) }
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
                if let Some(what) = peculiar(&body) {
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
