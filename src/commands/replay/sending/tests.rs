//! Plans that are carried out in a time that does not pass by itself.

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
