//! Runs plans in a simulated time.

use std::collections::HashMap;

use super::super::retry_policy::tests::AS_COMETCHAT;
use super::*;

/// A transport whose clock jumps to the next event.
struct Simulated {
    now: Duration,
    slots: usize,
    /// The attempts in flight, and when they end.
    running: Vec<(Duration, Attempt)>,
    /// The answer to a delivery's attempt of this number, and its milliseconds; by default 200
    /// after 1 ms.
    answers: HashMap<(u32, u8), (u64, Answer)>,
    plan: Vec<PlannedSend>,
    stop_at: Option<Duration>,
    /// Delivery, attempt and time of each start.
    started: Vec<String>,
}

fn planned(delivery: u32, due_ms: u64, call: Option<u32>) -> PlannedSend {
    let due = Duration::from_millis(due_ms);
    PlannedSend { delivery, target: 0, is_repeat: false, due, call, attempts: 0 }
}

fn simulated(plan: Vec<PlannedSend>, slots: usize) -> Simulated {
    Simulated {
        now: Duration::ZERO,
        slots,
        running: Vec::new(),
        answers: HashMap::new(),
        plan,
        stop_at: None,
        started: Vec::new(),
    }
}

impl Transport for Simulated {
    fn elapsed(&self) -> Duration {
        self.now
    }

    fn is_free(&self) -> bool {
        self.running.len() < self.slots
    }

    fn start(&mut self, index: usize, send: &PlannedSend, _: Vec<u8>) {
        let PlannedSend { delivery, attempts, .. } = send;
        let answer = self.answers.get(&(*delivery, *attempts)).cloned();
        let (takes, answer) = answer.unwrap_or((1, Answer::Status(200, Vec::new())));
        let latency = Duration::from_millis(takes);
        let attempt = Attempt { index, sent_at: Timestamp::UNIX_EPOCH, latency, answer };
        self.started.push(format!("{delivery}.{attempts} {}", self.now.as_millis()));
        self.running.push((self.now + latency, attempt));
    }

    fn wait(&mut self, limit: Option<Duration>) -> Result<SendEvent> {
        self.running.sort_by_key(|(at, _)| *at);
        let time = limit.map(|limit| self.now + limit);
        let answer = self.running.first().map(|(at, _)| *at);
        let first = [time, answer, self.stop_at].into_iter().flatten().min().expect("no end");
        self.now = self.now.max(first);
        if self.stop_at == Some(first) {
            self.stop_at = None;
            return Ok(SendEvent::Stop);
        }
        if answer == Some(first) {
            return Ok(SendEvent::Finished(self.running.remove(0).1));
        }
        Ok(SendEvent::TimedOut)
    }

    fn abort(&mut self) {
        for (at, attempt) in &mut self.running {
            *at = self.now;
            attempt.answer = Answer::Failed("connection closed");
        }
    }
}

/// Delivery, attempt, whether it was accepted, whether it was the last.
type Recorded = (u32, u8, bool, bool);

#[derive(Default)]
struct MemoryRecorder {
    attempts: Vec<Recorded>,
    /// Deliveries whose bodies cannot be read.
    unreadable: Vec<u32>,
}

impl Recorder for MemoryRecorder {
    fn body(&mut self, send: &PlannedSend) -> Option<Vec<u8>> {
        (!self.unreadable.contains(&send.delivery)).then(Vec::new)
    }

    fn record(&mut self, send: &PlannedSend, attempt: &Attempt, is_last: bool) -> Result<()> {
        let is_accepted = AS_COMETCHAT.accepts(&attempt.answer);
        self.attempts.push((send.delivery, send.attempts, is_accepted, is_last));
        Ok(())
    }
}

/// Runs a plan: what started when, what was recorded, and whether it was stopped.
fn sent(
    mut transport: Simulated,
    mut recorder: MemoryRecorder,
) -> (Vec<String>, Vec<Recorded>, bool) {
    let mut plan = transport.plan.clone();
    let stopped = Scheduler::new(&mut plan, AS_COMETCHAT).run(&mut transport, &mut recorder);
    (transport.started, recorder.attempts, stopped.expect("nothing fails"))
}

const NO: Answer = Answer::Failed("timed out");

#[test]
fn one_after_another_goes_out_when_it_is_due_and_those_in_time_wait_for_one_that_is_slow() {
    let mut transport =
        simulated(vec![planned(7, 0, None), planned(8, 100, None), planned(9, 5000, None)], 1);
    transport.answers.insert((7, 1), (1500, Answer::Status(200, Vec::new())));
    let (started, _, stopped) = sent(transport, MemoryRecorder::default());
    assert_eq!(
        (started, stopped),
        (vec!["7.1 0".into(), "8.1 1500".into(), "9.1 5000".into()], false)
    );
}

#[test]
fn what_is_not_accepted_is_tried_again_after_ten_and_after_thirty_seconds() {
    let mut transport = simulated(vec![planned(7, 0, None), planned(8, 11_000, None)], 1);
    transport.answers.insert((7, 1), (2000, NO));
    transport.answers.insert((7, 2), (500, Answer::Status(500, Vec::new())));
    transport.answers.insert((7, 3), (2000, NO));
    let (started, recorded, _) = sent(transport, MemoryRecorder::default());
    assert_eq!(started, ["7.1 0", "8.1 11000", "7.2 12000", "7.3 42500"]);
    assert_eq!(recorded[0], (7, 1, false, false));
    assert_eq!(recorded[3], (7, 3, false, true));
}

#[test]
fn those_of_one_call_do_not_overtake_each_other_on_the_way_and_others_do() {
    let calls = [(1, Some(5)), (2, Some(5)), (3, None), (4, Some(6)), (5, Some(5))];
    let plan = calls.map(|(delivery, call)| planned(delivery, 0, call)).to_vec();
    let mut transport = simulated(plan, 3);
    transport.answers.insert((1, 1), (100, Answer::Status(200, Vec::new())));
    let (started, recorded, _) = sent(transport, MemoryRecorder::default());
    assert_eq!(started, ["1.1 0", "3.1 0", "4.1 0", "2.1 100", "5.1 101"]);
    assert_eq!(recorded.len(), 5);
}

#[test]
fn one_whose_body_is_gone_holds_up_nobody() {
    let plan = (1..=4).map(|delivery| planned(delivery, 0, Some(5))).collect();
    let recorder = MemoryRecorder { unreadable: vec![2, 3], ..MemoryRecorder::default() };
    let (started, _, stopped) = sent(simulated(plan, 2), recorder);
    assert_eq!((started, stopped), (vec!["1.1 0".into(), "4.1 1".into()], false));
}

#[test]
fn who_stops_it_waits_for_what_is_on_its_way_but_not_for_long() {
    let mut transport = simulated((0..9).map(|at| planned(at, 0, None)).collect(), 2);
    transport.answers.insert((0, 1), (1000, Answer::Status(200, Vec::new())));
    transport.answers.insert((1, 1), (60_000, Answer::Status(200, Vec::new())));
    transport.stop_at = Some(Duration::from_millis(500));
    let (started, recorded, stopped) = sent(transport, MemoryRecorder::default());
    assert_eq!((started.len(), stopped), (2, true));
    assert_eq!(recorded, [(0, 1, true, true), (1, 1, false, false)]);
}
