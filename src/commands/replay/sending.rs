//! What goes out when: the plan, what has to be tried again, and what must wait for others of its
//! call. Time and sending themselves are [`Hands`]'.

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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::manners::tests::AS_COMETCHAT;
    use super::*;

    /// Hands and books in a time that does not pass by itself.
    struct Simulated {
        now: Duration,
        slots: usize,
        /// What is on its way, and when its answer comes.
        running: Vec<(Duration, Done)>,
        /// What comes of a delivery's attempts, and how many milliseconds that takes; 200 after 1 ms
        /// where nothing is said.
        answers: HashMap<(u32, u8), (u64, Answer)>,
        parcels: Vec<Parcel>,
        stop_at: Option<Duration>,
        told: Vec<String>,
    }

    fn parcel(delivery: u32, due_ms: u64, lane: Option<u32>) -> Parcel {
        let due = Duration::from_millis(due_ms);
        Parcel { delivery, target: 0, again: false, due, lane }
    }

    fn simulated(parcels: Vec<Parcel>, slots: usize) -> Simulated {
        Simulated {
            now: Duration::ZERO,
            slots,
            running: Vec::new(),
            answers: HashMap::new(),
            parcels,
            stop_at: None,
            told: Vec::new(),
        }
    }

    impl Hands for Simulated {
        fn elapsed(&self) -> Duration {
            self.now
        }

        fn is_free(&self) -> bool {
            self.running.len() < self.slots
        }

        fn start(&mut self, job: Job, _: u16, _: Vec<u8>) {
            let delivery = self.parcels[job.parcel].delivery;
            let answer = self.answers.get(&(delivery, job.attempt)).cloned();
            let (takes, answer) = answer.unwrap_or((1, Answer::Status(200, Vec::new())));
            let latency = Duration::from_millis(takes);
            let done = Done { job, sent_at: Timestamp::UNIX_EPOCH, latency, answer };
            self.told.push(format!("{delivery}.{} {}", job.attempt, self.now.as_millis()));
            self.running.push((self.now + latency, done));
        }

        fn wait(&mut self, at_most: Option<Duration>) -> Result<News> {
            self.running.sort_by_key(|(at, _)| *at);
            let time = at_most.map(|at_most| self.now + at_most);
            let answer = self.running.first().map(|(at, _)| *at);
            let first = [time, answer, self.stop_at].into_iter().flatten().min().expect("no end");
            self.now = self.now.max(first);
            if self.stop_at == Some(first) {
                self.stop_at = None;
                return Ok(News::Stop);
            }
            if answer == Some(first) {
                return Ok(News::Done(self.running.remove(0).1));
            }
            Ok(News::Time)
        }

        fn break_off(&mut self) {
            for (at, done) in &mut self.running {
                *at = self.now;
                done.answer = Answer::Nothing("connection closed");
            }
        }
    }

    /// Delivery, attempt, whether it was accepted, whether it was the last.
    type Ended = (u32, u8, bool, bool);

    #[derive(Default)]
    struct Kept {
        ends: Vec<Ended>,
        gone: Vec<u32>,
    }

    impl Books for Kept {
        fn body(&mut self, parcel: &Parcel) -> Option<Vec<u8>> {
            (!self.gone.contains(&parcel.delivery)).then(Vec::new)
        }

        fn attempt(&mut self, attempt: &Attempt<'_>) -> Result<()> {
            let Attempt { parcel, number, accepted, last, .. } = attempt;
            self.ends.push((parcel.delivery, *number, *accepted, *last));
            Ok(())
        }
    }

    /// Carries out a plan; what was started when, and what came of each attempt.
    fn sent(mut hands: Simulated, mut books: Kept) -> (Vec<String>, Vec<Ended>, End) {
        let parcels = hands.parcels.clone();
        let end = Sending::new(&parcels, AS_COMETCHAT).run(&mut hands, &mut books);
        (hands.told, books.ends, end.expect("nothing fails"))
    }

    const NO: Answer = Answer::Nothing("timed out");

    #[test]
    fn one_after_another_goes_out_when_it_is_due_and_those_in_time_wait_for_one_that_is_slow() {
        let mut hands =
            simulated(vec![parcel(7, 0, None), parcel(8, 100, None), parcel(9, 5000, None)], 1);
        hands.answers.insert((7, 1), (1500, Answer::Status(200, Vec::new())));
        let (told, _, end) = sent(hands, Kept::default());
        assert_eq!(
            (told, end),
            (vec!["7.1 0".into(), "8.1 1500".into(), "9.1 5000".into()], End::Whole)
        );
    }

    #[test]
    fn what_is_not_accepted_is_tried_again_after_ten_and_after_thirty_seconds() {
        let mut hands = simulated(vec![parcel(7, 0, None), parcel(8, 11_000, None)], 1);
        hands.answers.insert((7, 1), (2000, NO));
        hands.answers.insert((7, 2), (500, Answer::Status(500, Vec::new())));
        hands.answers.insert((7, 3), (2000, NO));
        let (told, ends, _) = sent(hands, Kept::default());
        assert_eq!(told, ["7.1 0", "8.1 11000", "7.2 12000", "7.3 42500"]);
        assert_eq!(ends[0], (7, 1, false, false));
        assert_eq!(ends[3], (7, 3, false, true));
    }

    #[test]
    fn those_of_one_call_do_not_overtake_each_other_on_the_way_and_others_do() {
        let lanes = [(1, Some(5)), (2, Some(5)), (3, None), (4, Some(6)), (5, Some(5))];
        let parcels = lanes.map(|(delivery, lane)| parcel(delivery, 0, lane)).to_vec();
        let mut hands = simulated(parcels, 3);
        hands.answers.insert((1, 1), (100, Answer::Status(200, Vec::new())));
        let (told, ends, _) = sent(hands, Kept::default());
        assert_eq!(told, ["1.1 0", "3.1 0", "4.1 0", "2.1 100", "5.1 101"]);
        assert_eq!(ends.len(), 5);
    }

    #[test]
    fn one_whose_body_is_gone_holds_up_nobody() {
        let parcels = (1..=4).map(|delivery| parcel(delivery, 0, Some(5))).collect();
        let books = Kept { gone: vec![2, 3], ..Kept::default() };
        let (told, _, end) = sent(simulated(parcels, 2), books);
        assert_eq!((told, end), (vec!["1.1 0".into(), "4.1 1".into()], End::Whole));
    }

    #[test]
    fn who_stops_it_waits_for_what_is_on_its_way_but_not_for_long() {
        let mut hands = simulated((0..9).map(|at| parcel(at, 0, None)).collect(), 2);
        hands.answers.insert((0, 1), (1000, Answer::Status(200, Vec::new())));
        hands.answers.insert((1, 1), (60_000, Answer::Status(200, Vec::new())));
        hands.stop_at = Some(Duration::from_millis(500));
        let (told, ends, end) = sent(hands, Kept::default());
        assert_eq!((told.len(), end), (2, End::Stopped));
        assert_eq!(ends, [(0, 1, true, true), (1, 1, false, false)]);
    }
}
