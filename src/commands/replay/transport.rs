//! Sends bodies: to stdout on the thread of the run, to URLs on threads that each wait for an
//! answer.

use std::io::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::plan::PlannedSend;
use super::retry_policy::Answer;
use super::scheduler::{Attempt, SendEvent, Transport};
use crate::commands::output;
#[cfg(feature = "net")]
use {
    super::auth_headers::Headers,
    super::secret_mask::SecretMask,
    super::targets::Targets,
    crate::args::Replay,
    crate::net::{ClientOptions, HttpClient},
    std::sync::mpsc::{Sender, channel},
    std::sync::{Arc, Mutex, PoisonError},
    std::thread,
};

/// Where events come from: finished attempts, and stop requests.
pub(super) type Events = Receiver<Result<SendEvent>>;

/// Sends a body to a target: the answer, and its latency. Fails if nothing more can be sent.
type SendBody = Box<dyn FnMut(u16, &[u8]) -> Result<(Answer, Duration)> + Send>;

/// Starts an attempt. Returns its event if it is finished already.
type StartSend = Box<dyn FnMut(usize, u16, Vec<u8>) -> Option<Result<SendEvent>>>;

pub(super) struct LiveTransport {
    started: Instant,
    events: Events,
    start: StartSend,
    /// The event of a send that finished when it started.
    finished: Option<Result<SendEvent>>,
    /// Sends that can start now.
    free: usize,
    abort: Box<dyn Fn()>,
}

impl LiveTransport {
    /// Writes bodies to stdout.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub(super) fn stdout(events: Events) -> Result<Self> {
        let mut out = output::open(None)?;
        let mut send: SendBody = Box::new(move |_, body| write_body(&mut out, body));
        // A write takes no time worth a thread.
        let start: StartSend =
            Box::new(move |index, target, body| Some(attempt(&mut send, index, target, &body)));
        Ok(Self::new(events, start, 1, Box::new(|| {})))
    }

    fn new(events: Events, start: StartSend, free: usize, abort: Box<dyn Fn()>) -> Self {
        Self { started: Instant::now(), events, start, finished: None, free, abort }
    }
}

impl Transport for LiveTransport {
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn is_free(&self) -> bool {
        self.free > 0
    }

    fn start(&mut self, index: usize, send: &PlannedSend, body: Vec<u8>) {
        self.free -= 1;
        self.finished = (self.start)(index, send.target, body);
    }

    fn wait(&mut self, limit: Option<Duration>) -> Result<SendEvent> {
        // A run to stdout never waits: without this look it would not see a stop request.
        if self.finished.is_some()
            && let Ok(stop) = self.events.try_recv()
        {
            return stop;
        }
        let event = self.finished.take().unwrap_or_else(|| receive(&self.events, limit))?;
        if let SendEvent::Finished(_) = event {
            self.free += 1;
        }
        Ok(event)
    }

    fn abort(&mut self) {
        (self.abort)();
    }
}

fn receive(events: &Events, limit: Option<Duration>) -> Result<SendEvent> {
    let received = match limit {
        Some(limit) => events.recv_timeout(limit),
        None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
    };
    match received {
        Ok(event) => event,
        Err(RecvTimeoutError::Timeout) => Ok(SendEvent::TimedOut),
        Err(RecvTimeoutError::Disconnected) => Ok(SendEvent::Stop),
    }
}

fn attempt(send: &mut SendBody, index: usize, target: u16, body: &[u8]) -> Result<SendEvent> {
    let sent_at = Timestamp::now();
    let (answer, latency) = send(target, body)?;
    Ok(SendEvent::Finished(Attempt { index, sent_at, latency, answer }))
}

/// Writes a body unchanged, with a line feed after it, and flushes it.
fn write_body(out: &mut impl Write, body: &[u8]) -> Result<(Answer, Duration)> {
    let started = Instant::now();
    let written = out.write_all(body).and_then(|()| out.write_all(b"\n"));
    written.and_then(|()| out.flush()).context("cannot write the output")?;
    Ok((Answer::Written, started.elapsed()))
}

/// Bytes of an answer that the log keeps.
#[cfg(feature = "net")]
const ANSWER: usize = 200;

#[cfg(feature = "net")]
impl LiveTransport {
    /// Sends `--concurrency` bodies at a time to URLs and to stdout.
    pub(super) fn http(
        args: &Replay,
        timeout: Duration,
        targets: &Targets,
        (headers, mask): (Headers, Arc<SecretMask>),
        (events, finished): (Events, &Sender<Result<SendEvent>>),
    ) -> Self {
        let threads = usize::from(args.pace.concurrency);
        let client = Arc::new(HttpClient::new(ClientOptions {
            budget: timeout,
            connections: threads,
            start: (ANSWER as u64).saturating_add(mask.lookahead()),
            proxy: args.route.proxy,
            headers,
        }));
        let (starts, queue) = channel::<(usize, u16, Vec<u8>)>();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..threads {
            let (queue, finished) = (queue.clone(), finished.clone());
            let mut send = send_body(client.clone(), targets, mask.clone());
            thread::spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((index, target, body)) = next else { return };
                    if finished.send(attempt(&mut send, index, target, &body)).is_err() {
                        return;
                    }
                }
            });
        }
        let start: StartSend = Box::new(move |index, target, body| {
            // The threads live as long as the queue.
            let _ = starts.send((index, target, body));
            None
        });
        Self::new(events, start, threads, Box::new(move || client.cut()))
    }
}

#[cfg(feature = "net")]
fn send_body(client: Arc<HttpClient>, targets: &Targets, mask: Arc<SecretMask>) -> SendBody {
    let targets = targets.list.clone();
    Box::new(move |target, body| {
        let Some(endpoint) = &targets[usize::from(target)] else {
            return write_body(&mut output::open(None)?, body);
        };
        let started = Instant::now();
        Ok(match client.post(endpoint, body) {
            Ok(answer) => {
                let start = mask.hide_start(&answer.start, ANSWER);
                (Answer::Status(answer.status, start), answer.took)
            }
            Err(failure) => (Answer::Failed(failure.name()), started.elapsed()),
        })
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// Marks each flush with `|`.
    #[derive(Default)]
    struct Flushes(Vec<u8>);

    impl Write for Flushes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.push(b'|');
            Ok(())
        }
    }

    #[test]
    fn each_body_is_flushed_as_it_is_with_a_line_feed_behind_it() {
        let mut out = Flushes::default();
        for body in ["{\r\n \"a\": 1}", "{}"] {
            let (answer, _) = write_body(&mut out, body.as_bytes()).expect("memory");
            assert_eq!(answer, Answer::Written);
        }
        assert_eq!(out.0, b"{\r\n \"a\": 1}\n|{}\n|");
    }
}
