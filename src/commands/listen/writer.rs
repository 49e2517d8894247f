//! The thread that writes the capture. Requests that wait together are written, and put on the disk,
//! together.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use serde::de::IgnoredAny;
use tokio::sync::{mpsc, oneshot};

use super::capture_file::CaptureFile;
use super::record;
use super::stderr_log::StderrLog;
use crate::commands::live::EventSender;
use crate::net::server::{ContentCoding, Refusal, RequestBody, RequestHead, StatusCode};
use crate::view::words::count;

/// A batch takes no more requests once it has this many bytes.
const BATCH: usize = 4 << 20;

#[derive(Debug)]
pub(super) enum CaptureTask {
    Write(CaptureRequest),
    /// Open the path of the capture again if its file was moved or deleted.
    Reopen,
}

/// A request to capture.
#[derive(Debug)]
pub(super) struct CaptureRequest {
    pub(super) head: Arc<RequestHead>,
    pub(super) body: RequestBody,
    /// When the body was complete.
    pub(super) received_at: Timestamp,
    /// Learns whether it was captured.
    pub(super) answer: oneshot::Sender<Result<(), Refusal>>,
}

pub(super) struct CaptureWriter {
    capture: CaptureFile,
    events: EventSender,
    log: Arc<StderrLog>,
    /// Bodies that were captured.
    captured: Arc<AtomicU64>,
    /// Captured bodies that were not shown, since that was last reported.
    unshown: u64,
}

/// Requests that are written together.
#[derive(Default)]
struct WriteBatch {
    lines: Vec<u8>,
    /// Each with the end of its line.
    requests: Vec<(CaptureRequest, usize)>,
}

impl CaptureWriter {
    pub(super) fn new(
        mut capture: CaptureFile,
        mut events: EventSender,
        log: Arc<StderrLog>,
        captured: Arc<AtomicU64>,
    ) -> Self {
        let (bytes, lines) = capture.take_opened().unwrap_or_default();
        events.begin_file(bytes, lines);
        Self { capture, events, log, captured, unshown: 0 }
    }

    /// Writes requests until no more come, or nobody reads the capture any more.
    pub(super) fn run(mut self, mut tasks: mpsc::Receiver<CaptureTask>) {
        while let Some(first) = tasks.blocking_recv() {
            let mut batch = WriteBatch::default();
            batch.add(first);
            // One write, and one sync, for all requests that came during the last ones.
            while batch.lines.len() < BATCH
                && let Ok(next) = tasks.try_recv()
            {
                batch.add(next);
            }
            if batch.requests.is_empty() {
                self.reopen();
            } else if !self.write(batch) {
                break;
            }
        }
        self.events.begin_file(0, 0);
        self.events.send();
        self.report_unshown();
    }

    fn reopen(&mut self) {
        if let Err(error) = self.capture.follow_path() {
            self.log.say(&unwritten(&error).why);
        }
        self.note_reopened();
    }

    fn note_reopened(&mut self) {
        if let Some((bytes, lines)) = self.capture.take_opened() {
            self.events.begin_file(bytes, lines);
            self.log.say("the file of the capture was moved or deleted; its name is opened anew");
        }
    }

    /// Writes a batch; `false` if nobody reads the capture any more.
    fn write(&mut self, batch: WriteBatch) -> bool {
        let written = self.capture.add(&batch.lines);
        self.note_reopened();
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                let why = "nobody reads the capture any more";
                batch.refuse(&Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why));
                return false;
            }
            // The disk may have room for the short ones.
            Err(_) if batch.requests.len() > 1 => {
                return batch.split().into_iter().all(|single| self.write(single));
            }
            Err(error) => batch.refuse(&unwritten(&error)),
            Ok(()) => {
                let secured = self.capture.secure(&batch.lines);
                self.note_reopened();
                match secured {
                    Ok(()) => self.answer(batch),
                    Err(error) => batch.refuse(&unwritten(&error)),
                }
            }
        }
        true
    }

    /// Answers the requests of a batch, then shows them.
    fn answer(&mut self, batch: WriteBatch) {
        let number = batch.requests.len() as u64;
        self.captured.fetch_add(number, Ordering::Relaxed);
        let mut captured = Vec::with_capacity(batch.requests.len());
        for (CaptureRequest { head, body, answer, .. }, end) in batch.requests {
            // Fails if the sender has gone.
            let _ = answer.send(Ok(()));
            captured.push((head, body, end));
        }
        // Nobody waits for this thread now: it decodes what it has written.
        let (mut start, mut warnings) = (0, Vec::new());
        for (head, body, end) in captured {
            let webhooks = self.events.decode(&batch.lines[start..end]);
            start = end;
            if !self.log.is_quiet()
                && let Some(warning) = body_warning(&head, &body, webhooks)
            {
                warnings.push((head, warning));
            }
        }
        if self.events.send() {
            self.report_unshown();
        } else {
            self.unshown += number;
        }
        for (head, warning) in warnings {
            self.log.say_of(head.peer, &head, &format!("{warning}; captured all the same"));
        }
    }

    fn report_unshown(&mut self) {
        if self.unshown > 0 {
            let number = count(std::mem::take(&mut self.unshown), "webhook");
            self.log.say(&format!("{number} not shown; the capture has them"));
        }
    }
}

impl WriteBatch {
    /// Adds a request. A task to reopen the file needs nothing: each write checks the path first.
    fn add(&mut self, task: CaptureTask) {
        let CaptureTask::Write(request) = task else {
            return;
        };
        let start = self.lines.len();
        let CaptureRequest { received_at, head, body, .. } = &request;
        match record::write(&mut self.lines, *received_at, head, body) {
            Ok(()) => self.requests.push((request, self.lines.len())),
            Err(error) => {
                self.lines.truncate(start);
                let _ = request.answer.send(Err(unwritten(&error)));
            }
        }
    }

    fn refuse(self, refusal: &Refusal) {
        for (request, _) in self.requests {
            let _ = request.answer.send(Err(refusal.clone()));
        }
    }

    /// A batch for each request.
    fn split(self) -> Vec<Self> {
        let mut start = 0;
        let single = |(request, end): (CaptureRequest, usize)| {
            let lines = self.lines[std::mem::replace(&mut start, end)..end].to_vec();
            Self { requests: vec![(request, lines.len())], lines }
        };
        self.requests.into_iter().map(single).collect()
    }
}

fn unwritten(error: &io::Error) -> Refusal {
    let why = format!("the capture cannot be written: {error}");
    Refusal::new(StatusCode::INSUFFICIENT_STORAGE, why)
}

/// What is odd about a captured body with this many webhooks, if anything.
fn body_warning(head: &RequestHead, body: &[u8], webhooks: u64) -> Option<String> {
    if head.coding() == ContentCoding::Gzip {
        return Some("the gzip data of the body is damaged".to_owned());
    }
    match serde_json::from_slice::<IgnoredAny>(body) {
        Err(error) => Some(format!("the body is not JSON: {error}")),
        Ok(_) if webhooks == 0 => Some("the body is JSON, but no webhook".to_owned()),
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::live::event_channel;
    use crate::net::server::{HeaderMap, Method};

    /// The warning about a body, as it is captured.
    fn warning(body: &[u8]) -> Option<String> {
        let (mut events, _receiver) = event_channel();
        let peer = ([127, 0, 0, 1], 1).into();
        let head =
            RequestHead { method: Method::POST, path: "/".into(), headers: HeaderMap::new(), peer };
        let mut line = Vec::new();
        record::write(&mut line, Timestamp::UNIX_EPOCH, &head, body).expect("memory");
        body_warning(&head, body, events.decode(&line))
    }

    #[test]
    fn a_webhook_is_nothing_peculiar_and_all_else_is() {
        let webhook = r#"{"trigger":"call_started","data":{}}"#;
        assert_eq!(warning(webhook.as_bytes()), None);
        assert_eq!(warning(format!("[{webhook}]").as_bytes()), None);
        assert_eq!(warning(b"{\"a\":1}").as_deref(), Some("the body is JSON, but no webhook"));
        for wrong in [&b"hello"[..], b"{\"trigger\":\"a\",\"data\":{", b"\xff"] {
            let warning = warning(wrong).expect("peculiar");
            assert!(warning.starts_with("the body is not JSON: "), "{warning}");
        }
    }
}
