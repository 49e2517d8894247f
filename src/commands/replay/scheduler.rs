//! Decides what is sent when: planned sends, retries, and sends that wait for others of their call.
//!
//! Knows neither sockets nor the clock; a [`Transport`] has both.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;

use super::plan::PlannedSend;
use super::retry_policy::{Answer, RetryPolicy};

/// A finished attempt at a send.
#[derive(Debug)]
pub(super) struct Attempt {
    /// Index of the send in the plan.
    pub(super) index: usize,
    pub(super) sent_at: Timestamp,
    pub(super) latency: Duration,
    pub(super) answer: Answer,
}

#[derive(Debug)]
pub(super) enum SendEvent {
    Finished(Attempt),
    /// The time to wait is over.
    TimedOut,
    /// The user stops the run.
    Stop,
}

/// Sends bodies, and has the clock.
pub(super) trait Transport {
    /// Time since the run began.
    fn elapsed(&self) -> Duration;

    /// Whether another send can start.
    fn is_free(&self) -> bool;

    /// Starts an attempt at the send of this index.
    fn start(&mut self, index: usize, send: &PlannedSend, body: Vec<u8>);

    /// Waits for an event, at most this long.
    ///
    /// # Errors
    /// When nothing more can be sent.
    fn wait(&mut self, limit: Option<Duration>) -> Result<SendEvent>;

    /// Cuts the attempts in flight.
    fn abort(&mut self);
}

/// Reads the bodies and records the attempts.
pub(super) trait Recorder {
    /// The body to send; `None` if it cannot be read, which is reported.
    fn body(&mut self, send: &PlannedSend) -> Option<Vec<u8>>;

    /// Records an attempt. After the last one the send is not tried again.
    ///
    /// # Errors
    /// When the attempt cannot be logged: the run then ends.
    fn record(&mut self, send: &PlannedSend, attempt: &Attempt, is_last: bool) -> Result<()>;
}

/// How long attempts in flight may take after the user stops the run.
const GRACE: Duration = Duration::from_secs(2);

pub(super) struct Scheduler<'p> {
    sends: &'p mut [PlannedSend],
    policy: RetryPolicy,
    /// Index of the next planned send.
    next: usize,
    /// Sends to retry, and when.
    retries: BinaryHeap<Reverse<(Duration, usize)>>,
    /// Sends that waited for their call and may start.
    ready: VecDeque<usize>,
    /// The sends that wait for a send of the same call, for each call with one in flight.
    waiting: HashMap<u32, VecDeque<usize>>,
    in_flight: usize,
}

impl<'p> Scheduler<'p> {
    pub(super) fn new(sends: &'p mut [PlannedSend], policy: RetryPolicy) -> Self {
        Self {
            sends,
            policy,
            next: 0,
            retries: BinaryHeap::new(),
            ready: VecDeque::new(),
            waiting: HashMap::new(),
            in_flight: 0,
        }
    }

    /// Sends everything when it is due. Returns whether the user stopped it.
    ///
    /// # Errors
    /// When nothing more can be sent or logged.
    pub(super) fn run(
        &mut self,
        transport: &mut dyn Transport,
        recorder: &mut dyn Recorder,
    ) -> Result<bool> {
        loop {
            while transport.is_free()
                && let Some(index) = self.next_due(transport.elapsed())
            {
                self.start(index, transport, recorder);
            }
            let due = self.due().filter(|_| transport.is_free());
            if due.is_none() && self.in_flight == 0 {
                return Ok(false);
            }
            match transport.wait(due.map(|due| due.saturating_sub(transport.elapsed())))? {
                SendEvent::Finished(attempt) => {
                    self.finish(&attempt, transport.elapsed(), recorder)?;
                }
                SendEvent::TimedOut => {}
                SendEvent::Stop => {
                    self.drain(transport, recorder)?;
                    return Ok(true);
                }
            }
        }
    }

    /// When the next send is due.
    fn due(&self) -> Option<Duration> {
        let retry = self.retries.peek().map(|Reverse((due, _))| *due);
        let planned = self.sends.get(self.next).map(|send| send.due);
        retry.into_iter().chain(planned).min()
    }

    /// The next send that is due and need not wait for another of its call.
    fn next_due(&mut self, now: Duration) -> Option<usize> {
        loop {
            if let Some(index) = self.ready.pop_front() {
                return Some(index);
            }
            let due = self.due().filter(|due| *due <= now)?;
            let retry = self.retries.peek().filter(|Reverse((retry, _))| *retry == due);
            let index = if let Some(&Reverse((_, index))) = retry {
                self.retries.pop();
                index
            } else {
                self.next += 1;
                self.next - 1
            };
            match self.sends[index].call.and_then(|call| self.waiting.get_mut(&call)) {
                Some(waiting) => waiting.push_back(index),
                None => return Some(index),
            }
        }
    }

    fn start(&mut self, index: usize, transport: &mut dyn Transport, recorder: &mut dyn Recorder) {
        let send = &mut self.sends[index];
        let Some(body) = recorder.body(send) else {
            return self.release(index);
        };
        if let Some(call) = send.call {
            self.waiting.entry(call).or_default();
        }
        send.attempts += 1;
        self.in_flight += 1;
        transport.start(index, send, body);
    }

    /// Lets the next send of the same call start; those behind it now wait for that one.
    fn release(&mut self, index: usize) {
        let Some(call) = self.sends[index].call else {
            return;
        };
        match self.waiting.get_mut(&call).map(VecDeque::pop_front) {
            Some(Some(next)) => self.ready.push_back(next),
            Some(None) => _ = self.waiting.remove(&call),
            None => {}
        }
    }

    fn finish(
        &mut self,
        attempt: &Attempt,
        now: Duration,
        recorder: &mut dyn Recorder,
    ) -> Result<()> {
        self.in_flight -= 1;
        self.release(attempt.index);
        let send = &self.sends[attempt.index];
        let retry = self.policy.retry_delay(&attempt.answer, send.attempts);
        if let Some(delay) = retry {
            self.retries.push(Reverse((now + delay, attempt.index)));
        }
        recorder.record(send, attempt, retry.is_none())
    }

    /// Waits for the attempts in flight. They are cut after [`GRACE`], or when the user stops the
    /// run again.
    fn drain(&mut self, transport: &mut dyn Transport, recorder: &mut dyn Recorder) -> Result<()> {
        let mut end = transport.elapsed() + GRACE;
        let mut is_aborted = false;
        while self.in_flight > 0 {
            match transport.wait(Some(end.saturating_sub(transport.elapsed())))? {
                SendEvent::Finished(attempt) => {
                    self.finish(&attempt, transport.elapsed(), recorder)?;
                }
                SendEvent::TimedOut if is_aborted => break,
                SendEvent::TimedOut => {}
                SendEvent::Stop => end = transport.elapsed(),
            }
            if !is_aborted && transport.elapsed() >= end {
                transport.abort();
                is_aborted = true;
                end = transport.elapsed() + GRACE;
            }
        }
        Ok(())
    }
}
