//! The threads beside the one that answers: who writes, who shows, who says.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::admission::Admission;
use super::desk::{Desk, Fault, Refused};
use super::ends::Worker;
use super::notices::{self, Notices};
use super::shown::Shown;
use super::writer::{Waiting, Writer};
use crate::args::Listen;
use crate::commands::Outcome;
use crate::commands::appended::Appended;
use crate::commands::read::complain;
use crate::event::Span;
use crate::input::Inlet;
use crate::view::summary::Summary;
use crate::view::words::count;

/// Bytes of the capture that wait to be shown.
const UNSHOWN: usize = 64 << 20;

/// How many requests wait to be written.
const UNWRITTEN: usize = 1024;

/// How long the capture, its rows and what is said may take at the end.
const WRITING: Duration = Duration::from_secs(5);
const SHOWING: Duration = Duration::from_secs(10);
const SAYING: Duration = Duration::from_secs(1);

/// The threads, and what they count.
pub(super) struct Crew {
    writer: Worker<()>,
    rows: Worker<Option<Summary>>,
    sayer: Worker<()>,
    waiting: mpsc::Sender<Waiting>,
    notices: Arc<Notices>,
    captured: Arc<AtomicU64>,
}

impl Crew {
    /// Starts them. What is given beside them ends when nobody reads the capture any more. A
    /// capture has so many bytes and lines before anything is written.
    pub(super) fn start(
        args: &Listen,
        shown: Shown,
        capture: Appended,
        (bytes, lines): (u64, u64),
    ) -> (Self, oneshot::Receiver<()>) {
        let (mut inlet, text) = Inlet::new(UNSHOWN);
        inlet.skip(bytes, lines);
        let (notices, said) = Notices::new(args.quiet);
        let (notices, captured) = (Arc::new(notices), Arc::new(AtomicU64::new(0)));
        let writer = Writer {
            capture,
            sync: args.sync,
            rows: inlet,
            notices: notices.clone(),
            captured: captured.clone(),
            unshown: 0,
        };
        let (waiting, mut unwritten) = mpsc::channel(UNWRITTEN);
        let (going, is_gone) = oneshot::channel();
        let crew = Self {
            writer: Worker::start(move || {
                writer.run(&mut unwritten);
                drop(going);
            }),
            rows: Worker::start(move || shown.run(text)),
            sayer: Worker::start(move || notices::say(&said)),
            waiting,
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
            writer: self.waiting.clone(),
            notices: self.notices.clone(),
            refused: Refused::default(),
        }
    }

    /// Ends them, once nobody else is at the desk, and says what came of it all.
    pub(super) fn end(self, desk: Arc<Desk>, quiet: bool) -> Outcome {
        let Self { writer, rows, sayer, waiting, notices, captured } = self;
        let answered = desk.line();
        drop((desk, waiting));
        let is_written = writer.wait(WRITING).is_some();
        if !is_written {
            complain(&"nobody takes the capture; what was not answered is not in it");
        }
        // Where the writer has not ended, neither do they.
        let summary = rows.wait(if is_written { SHOWING } else { Duration::ZERO });
        if is_written && summary.is_none() {
            complain(&"nobody takes the rows; the capture has all of them");
        }
        drop(notices);
        let _ = sayer.wait(SAYING);
        let are_shown = summary.is_none_or(|summary| summary.is_some());
        if !quiet {
            let captured = count(captured.load(Ordering::Relaxed), "body") + " captured";
            let seen = summary.flatten().unwrap_or_default().line();
            let _ = writeln!(io::stderr(), "{seen}; {captured}{answered}");
        }
        if is_written && are_shown { Outcome::Clean } else { Outcome::Unread }
    }
}
