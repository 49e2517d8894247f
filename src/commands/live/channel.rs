//! Hands decoded events from the thread that captures them to the thread that shows them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Instant;

use super::EventRows;
use crate::event::{Capture, Detail};
use crate::finding::Finding;
use crate::input::{Answer, Candidate, Counts, RecordReader, Sink};

/// Bytes of the records whose events wait to be shown, and of the events. More are not shown: nobody
/// may be reading the rows.
const UNSHOWN: usize = 64 << 20;

/// Bytes of a decoded webhook, by the memory of a run whose rows nobody reads (1.5 KB).
const DECODED: usize = 2 << 10;

/// Batches that wait to be shown, whatever their length.
const UNSHOWN_BATCHES: usize = 4096;

/// A webhook, in a capture of its own, or text that could not be read.
enum LiveEvent {
    Webhook(Box<Capture>),
    Finding(Box<Finding>),
}

/// The decoded events of records that were written together.
#[derive(Default)]
struct EventBatch {
    events: Vec<LiveEvent>,
    counts: Counts,
    /// Bytes of the records and of their events.
    bytes: usize,
}

impl Sink for EventBatch {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        let mut capture = Box::new(Capture::new(Detail::All));
        let answer = capture.object(candidate);
        if matches!(answer, Answer::Webhook) {
            // A record may contain the same body twice.
            if candidate.may_repeat()
                && let Some(LiveEvent::Webhook(last)) = self.events.last()
                && last.ends_alike(&capture)
            {
                return Answer::Again;
            }
            self.events.push(LiveEvent::Webhook(capture));
        }
        answer
    }

    fn finding(&mut self, finding: Finding) {
        self.events.push(LiveEvent::Finding(Box::new(finding)));
    }
}

/// Decodes the records of the capture, and hands their events to the view.
pub(in crate::commands) struct EventSender {
    records: RecordReader,
    batch: EventBatch,
    batches: SyncSender<EventBatch>,
    waiting: Arc<AtomicUsize>,
}

/// The events that wait to be shown.
pub(in crate::commands) struct EventReceiver {
    batches: Receiver<EventBatch>,
    waiting: Arc<AtomicUsize>,
}

pub(in crate::commands) fn event_channel() -> (EventSender, EventReceiver) {
    let (sender, batches) = sync_channel(UNSHOWN_BATCHES);
    let waiting = Arc::<AtomicUsize>::default();
    let records = RecordReader::after(0, 0);
    let batch = EventBatch::default();
    let sender = EventSender { records, batch, batches: sender, waiting: waiting.clone() };
    (sender, EventReceiver { batches, waiting })
}

impl EventReceiver {
    /// Shows events until no more come, or rows cannot be printed. Returns the counts of what was
    /// shown.
    pub(in crate::commands) fn show(&self, rows: &mut EventRows<'_>) -> Counts {
        let mut counts = Counts::default();
        loop {
            let begun = Instant::now();
            let batch = match rows.patience() {
                Some(patience) => self.batches.recv_timeout(patience),
                None => self.batches.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            if !rows.wait(begun.elapsed()) {
                return counts;
            }
            match batch {
                Ok(batch) => {
                    self.waiting.fetch_sub(batch.bytes, Ordering::Relaxed);
                    counts.add(batch.counts);
                    for event in batch.events {
                        match event {
                            LiveEvent::Webhook(capture) => rows.webhook(&capture),
                            LiveEvent::Finding(finding) => rows.finding(&finding),
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return counts,
            }
        }
    }
}

impl EventSender {
    /// Goes on in another file, which has this many bytes and lines already.
    pub(in crate::commands) fn begin_file(&mut self, bytes: u64, lines: u64) {
        let records = std::mem::replace(&mut self.records, RecordReader::after(bytes, lines));
        // Memory does not fail to be read.
        if let Ok(counts) = records.finish(&mut self.batch) {
            self.batch.counts.add(counts);
        }
    }

    /// Decodes a record that was written. Returns the number of webhooks in it.
    pub(in crate::commands) fn decode(&mut self, record: &[u8]) -> u64 {
        let events = self.batch.events.len();
        // Memory does not fail to be read.
        let counts = self.records.read(record, &mut self.batch).unwrap_or_default();
        self.batch.counts.add(counts);
        self.batch.bytes += record.len() + (self.batch.events.len() - events) * DECODED;
        counts.webhooks
    }

    /// Hands over what was decoded. `false` if there is no room for it, or nobody shows it.
    pub(in crate::commands) fn send(&mut self) -> bool {
        let batch = std::mem::take(&mut self.batch);
        let bytes = batch.bytes;
        let waiting = self.waiting.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let is_sent = waiting <= UNSHOWN && self.batches.try_send(batch).is_ok();
        if !is_sent {
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
        }
        is_sent
    }
}
