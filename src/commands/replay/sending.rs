//! What goes out when: the plan, what has to be tried again, and what must wait for others of its
//! call. Time and sending themselves are [`Hands`]'.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;

use super::answer::Answer;
use super::manners::Manners;
use super::plan::Parcel;

/// A parcel that is sent for the so-manieth time, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Job {
    /// Its place in the plan.
    pub(super) parcel: usize,
    pub(super) attempt: u8,
}

/// A job that is done.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) job: Job,
    pub(super) sent_at: Timestamp,
    pub(super) latency: Duration,
    pub(super) answer: Answer,
}

/// What is waited for.
#[derive(Debug)]
pub(super) enum News {
    Done(Done),
    /// So much time has passed.
    Time,
    /// No more is wanted.
    Stop,
}

/// Those who send, and the clock they go by.
pub(super) trait Hands {
    /// How long ago the first parcel was due.
    fn elapsed(&self) -> Duration;

    /// Whether one of them is free.
    fn is_free(&self) -> bool;

    /// Gives a job to one who is free.
    fn start(&mut self, job: Job, target: u16, body: Vec<u8>);

    /// Waits for news, no longer than this; `None`: for ever.
    ///
    /// # Errors
    /// When nothing can be sent any more.
    fn wait(&mut self, at_most: Option<Duration>) -> Result<News>;

    /// Breaks off what is on its way.
    fn break_off(&mut self);
}

/// One attempt, for whoever keeps books.
pub(super) struct Attempt<'p> {
    pub(super) parcel: &'p Parcel,
    /// Counted from 1.
    pub(super) number: u8,
    pub(super) sent_at: Timestamp,
    pub(super) latency: Duration,
    pub(super) answer: &'p Answer,
    pub(super) accepted: bool,
    /// Whether no other follows.
    pub(super) last: bool,
}

/// Who keeps books, and has the bodies.
pub(super) trait Books {
    /// The body of a parcel as it is to be sent; `None` where there is none, which it has told.
    fn body(&mut self, parcel: &Parcel) -> Option<Vec<u8>>;

    /// Takes what came of an attempt.
    ///
    /// # Errors
    /// When it cannot be written down: then nothing more is sent.
    fn attempt(&mut self, attempt: &Attempt<'_>) -> Result<()>;
}

/// How sending ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// All is done.
    Whole,
    /// Somebody stopped it.
    Stopped,
}

/// How long what is on its way may still take when somebody stops it.
const GRACE: Duration = Duration::from_secs(2);

/// A plan that is carried out.
pub(super) struct Sending<'p> {
    parcels: &'p [Parcel],
    manners: Manners,
    /// The next parcel of the plan.
    next: usize,
    /// What is tried again, and when.
    again: BinaryHeap<Reverse<(Duration, Job)>>,
    /// What was due and may go now.
    ready: VecDeque<Job>,
    /// The calls of which something is on its way, and what waits for that.
    lanes: HashMap<u32, VecDeque<Job>>,
    on_its_way: usize,
}

impl<'p> Sending<'p> {
    pub(super) fn new(parcels: &'p [Parcel], manners: Manners) -> Self {
        Self {
            parcels,
            manners,
            next: 0,
            again: BinaryHeap::new(),
            ready: VecDeque::new(),
            lanes: HashMap::new(),
            on_its_way: 0,
        }
    }

    /// Sends all that is due when it is due.
    ///
    /// # Errors
    /// When nothing can be sent, or written down, any more.
    pub(super) fn run(&mut self, hands: &mut dyn Hands, books: &mut dyn Books) -> Result<End> {
        loop {
            while hands.is_free()
                && let Some(job) = self.take(hands.elapsed())
            {
                self.start(job, hands, books);
            }
            let due = self.due().filter(|_| hands.is_free());
            if due.is_none() && self.on_its_way == 0 {
                return Ok(End::Whole);
            }
            match hands.wait(due.map(|due| due.saturating_sub(hands.elapsed())))? {
                News::Done(done) => self.done(&done, hands.elapsed(), books)?,
                News::Time => {}
                News::Stop => return self.stop(hands, books),
            }
        }
    }

    /// When the next job is due.
    fn due(&self) -> Option<Duration> {
        let again = self.again.peek().map(|Reverse((due, _))| *due);
        let planned = self.parcels.get(self.next).map(|parcel| parcel.due);
        again.into_iter().chain(planned).min()
    }

    /// The next job that is due and need not wait for another of its call.
    fn take(&mut self, now: Duration) -> Option<Job> {
        loop {
            if let Some(job) = self.ready.pop_front() {
                return Some(job);
            }
            let due = self.due().filter(|due| *due <= now)?;
            let job = match self.again.peek() {
                Some(Reverse((again, job))) if *again == due => {
                    let job = *job;
                    self.again.pop();
                    job
                }
                _ => {
                    self.next += 1;
                    Job { parcel: self.next - 1, attempt: 1 }
                }
            };
            match self.lane(job).and_then(|lane| self.lanes.get_mut(&lane)) {
                Some(waiting) => waiting.push_back(job),
                None => return Some(job),
            }
        }
    }

    fn lane(&self, job: Job) -> Option<u32> {
        self.parcels[job.parcel].lane
    }

    fn start(&mut self, job: Job, hands: &mut dyn Hands, books: &mut dyn Books) {
        let parcel = &self.parcels[job.parcel];
        let Some(body) = books.body(parcel) else {
            // Whoever waits for it need wait no longer.
            return self.release(job);
        };
        if let Some(lane) = parcel.lane {
            self.lanes.entry(lane).or_default();
        }
        self.on_its_way += 1;
        hands.start(job, parcel.target, body);
    }

    /// Lets go the next of a call. The one behind it waits for that one.
    fn release(&mut self, job: Job) {
        let Some(lane) = self.lane(job) else {
            return;
        };
        match self.lanes.get_mut(&lane).map(VecDeque::pop_front) {
            Some(Some(next)) => self.ready.push_back(next),
            Some(None) => {
                self.lanes.remove(&lane);
            }
            None => {}
        }
    }

    fn done(&mut self, done: &Done, now: Duration, books: &mut dyn Books) -> Result<()> {
        self.on_its_way -= 1;
        self.release(done.job);
        let accepted = self.manners.accept(&done.answer);
        let wait = self.manners.wait(done.job.attempt).filter(|_| !accepted);
        if let Some(wait) = wait {
            let job = Job { attempt: done.job.attempt + 1, ..done.job };
            self.again.push(Reverse((now + wait, job)));
        }
        books.attempt(&Attempt {
            parcel: &self.parcels[done.job.parcel],
            number: done.job.attempt,
            sent_at: done.sent_at,
            latency: done.latency,
            answer: &done.answer,
            accepted,
            last: wait.is_none(),
        })
    }

    /// Waits for what is on its way, but not for long; who asks twice waits no longer.
    fn stop(&mut self, hands: &mut dyn Hands, books: &mut dyn Books) -> Result<End> {
        let mut end = hands.elapsed() + GRACE;
        let mut is_broken_off = false;
        while self.on_its_way > 0 {
            match hands.wait(Some(end.saturating_sub(hands.elapsed())))? {
                News::Done(done) => self.done(&done, hands.elapsed(), books)?,
                News::Time if is_broken_off => break,
                News::Time => {}
                News::Stop => end = hands.elapsed(),
            }
            if !is_broken_off && hands.elapsed() >= end {
                hands.break_off();
                is_broken_off = true;
                end = hands.elapsed() + GRACE;
            }
        }
        Ok(End::Stopped)
    }
}
