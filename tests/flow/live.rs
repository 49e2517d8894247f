//! Calls that are told while they happen. `wait 5` lets five seconds pass in which nothing comes.

use callscope::event::{Capture, Detail, Span};
use callscope::finding::SourceId;
use callscope::flow::Limits;
use callscope::flow::live::{Live, Patience, Replaced, Tell, Told};
use callscope::input::{self, Counts, Reading};

use super::dsl::{hooks, meeting, session};

const PATIENCE: Patience = Patience { limits: Limits::USUAL, linger: Span::from_seconds(3600) };

#[derive(Default)]
struct Heard {
    told: Vec<String>,
    /// How often there was something new to say in a line.
    news: usize,
    ids: Vec<String>,
}

impl Tell for Heard {
    fn call(&mut self, told: &Told<'_>) {
        let outcome = told.call.outcome.name();
        let end = if told.is_final { " final" } else { "" };
        let again = if told.is_new { "" } else { " as before" };
        self.told.push(format!("{outcome} {}{end}{again}", told.revision));
        self.news += usize::from(told.is_news);
        self.ids.push(told.call.call_id.to_owned());
    }

    fn replaced(&mut self, replaced: &Replaced<'_>) {
        let Replaced { call_id, revision, by, .. } = replaced;
        self.told.push(format!("{call_id} {revision} is {by}"));
    }
}

/// What was heard, and what is open.
struct Hearing {
    heard: Heard,
    live: Live,
}

impl Hearing {
    fn new() -> Self {
        Self::with(PATIENCE)
    }

    fn with(patience: Patience) -> Self {
        Self { heard: Heard::default(), live: Live::new(patience) }
    }

    /// What is told of more lines.
    fn of(&mut self, text: &str) -> Vec<String> {
        let before = self.heard.told.len();
        for line in text.lines() {
            match line.trim().strip_prefix("wait ") {
                Some(seconds) => {
                    let seconds = seconds.parse().expect("a number");
                    self.live.pass(Span::from_seconds(seconds), &mut self.heard);
                }
                None => hooks(line).iter().for_each(|hook| self.take(&hook.body)),
            }
        }
        self.heard.told[before..].to_vec()
    }

    fn take(&mut self, body: &str) {
        let mut one = Capture::new(Detail::All);
        let counts = &mut Counts::default();
        let read = input::read_text(
            body.as_bytes(),
            SourceId(0),
            false,
            &Reading::default(),
            &mut one,
            counts,
        );
        read.expect("memory can be read");
        self.live.add(&one, &mut self.heard);
        self.live.tell(&mut self.heard);
    }

    /// What is told at the end of the input.
    fn end(mut self) -> Vec<String> {
        let before = self.heard.told.len();
        self.live.finish(&mut self.heard);
        self.heard.told.split_off(before)
    }
}

#[test]
fn a_call_is_told_when_it_ends_and_when_it_is_forgotten() {
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("m.started weekly 0 \n m.joined weekly 1 Ana"), [""; 0]);
    assert_eq!(hearing.of("m.ended weekly 0..60 Ana:1..60"), ["ended 1"]);
    assert_eq!(hearing.of("wait 3600"), [""; 0]);
    assert_eq!(hearing.of("wait 1"), ["ended 2 final as before"]);
    assert_eq!(hearing.live.held(), 0);
    assert_eq!(hearing.end(), [""; 0]);
}

#[test]
fn a_ringing_is_told_with_its_outcome() {
    for outcome in ["busy", "cancelled", "rejected", "unanswered"] {
        let mut hearing = Hearing::new();
        assert_eq!(hearing.of("initiated 52 0"), [""; 0]);
        assert_eq!(hearing.of(&format!("{outcome} 53 20")), [format!("{outcome} 1")]);
        assert_eq!(hearing.end(), [format!("{outcome} 2 final as before")]);
    }
}

#[test]
fn a_ringing_that_says_nothing_is_told_behind_the_ring_window() {
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("initiated 52 0 \n wait 120"), [""; 0]);
    assert_eq!(hearing.of("wait 1"), ["initiated 1"]);
    let unanswered = hearing.of("unanswered 53 119");
    assert_eq!(unanswered, ["unanswered 2"], "it counts by its own time");
}

#[test]
fn a_call_that_goes_on_is_told_when_it_has_said_nothing_for_very_long() {
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("started @0 0 \n joined @0 1 Ana \n wait 21600"), [""; 0]);
    assert_eq!(hearing.of("wait 1"), ["ongoing 1"]);
    assert_eq!(hearing.of("joined @0 9000 Ben \n wait 6"), ["ongoing 2"]);
    assert_eq!(hearing.of("ended @0 0..9001 Ana:1..9001"), ["ended 3"]);
}

#[test]
fn time_passes_with_the_events_of_others() {
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("initiated 52 0"), [""; 0]);
    assert_eq!(hearing.of("m.started weekly 120"), [""; 0]);
    assert_eq!(hearing.of("m.joined weekly 121 Ana"), ["initiated 1"]);
    assert_eq!(hearing.of("m.joined weekly 9000 Ben"), ["initiated 2 final as before"]);
}

#[test]
fn a_time_that_cannot_be_does_not_move_the_clock() {
    let mut hearing = Hearing::new();
    let words = "initiated 52 0 \n initiated 54 0 in=other /data/call/sentAt=9999999999";
    assert_eq!(hearing.of(words), [""; 0]);
    assert_eq!(hearing.of("cancelled 53 20"), ["cancelled 1"]);
}

#[test]
fn what_comes_late_is_told_in_one_revision() {
    let mut hearing = Hearing::new();
    hearing.of("started @0 0 \n joined @0 1 Ana \n left @0 1..60 Ana \n ended @0 0..60 Ana:1..60");
    let late = hearing.of("joined @0 1 Ana hook=other \n left @0 1..60 Ana hook=other");
    assert_eq!(late, [""; 0]);
    assert_eq!(hearing.of("wait 6"), ["ended 2"]);
    assert_eq!(hearing.heard.news, 1, "its line says nothing else");
    hearing.of("started @9 9 \n ended @9 9..60 Ben:10..60");
    hearing.of("joined @9 10 Ben \n left @9 10..60 Ben \n wait 6");
    assert_eq!(hearing.heard.news, 3, "those that seemed lost have come");
}

#[test]
fn a_recording_revises_its_call() {
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("started @0 0 \n ended @0 0..60 Ana:1..60"), ["ended 1"]);
    assert_eq!(hearing.of("wait 300 \n recorded @0 5+20.5"), ["ended 2"]);
    assert_eq!(hearing.heard.news, 2);
}

#[test]
fn a_recording_waits_for_its_call() {
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("recorded @0 5+20.5"), [""; 0]);
    assert_eq!(hearing.of("ended @0 0..60 Ana:1..60"), ["ended 1"]);
    assert_eq!(hearing.end(), ["ended 2 final as before"]);
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("recorded @0 5+20.5 \n wait 121"), ["unknown 1"]);
}

#[test]
fn an_id_that_turns_out_to_be_anothers_is_taken_back() {
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("rejected 53 20"), ["rejected 1"]);
    assert_eq!(hearing.of("initiated 52 0 \n wait 6"), ["ring:53 2 is ring:52", "rejected 2"]);
    let mut hearing = Hearing::new();
    hearing.of("initiated 52 0 \n wait 121");
    let id = session("@0");
    hearing.of("started @0 10");
    assert_eq!(hearing.of("wait 6"), [format!("ring:52 2 is {id}"), "ongoing 2".to_owned()]);
}

#[test]
fn two_initiations_of_one_second_are_told_apart_where_their_sessions_do() {
    let mut hearing = Hearing::new();
    hearing.of("initiated 52 0 \n initiated 54 0 cy>dan \n cancelled 55 9 cy>dan");
    hearing.of("started @0 10 \n ended @0 10..20 Ana:10..20");
    assert_eq!(hearing.heard.ids, ["ring:54".to_owned(), session("@0")]);
    assert_eq!(hearing.heard.told, ["cancelled 1", "ended 1"]);
}

#[test]
fn ring_records_of_one_id_in_two_conversations_are_two_calls() {
    let mut hearing = Hearing::new();
    hearing.of("initiated 52 0 \n initiated 52 0 cy>dan \n wait 121");
    assert_eq!(hearing.heard.told, ["initiated 1", "initiated 1"]);
    assert_ne!(hearing.heard.ids[0], hearing.heard.ids[1]);
}

#[test]
fn each_run_of_a_meeting_is_told() {
    let mut hearing = Hearing::new();
    assert_eq!(hearing.of("m.started weekly 0 \n m.ended weekly 0..60 Ana:1..60"), ["ended 1"]);
    let again = hearing.of("m.started weekly 500 \n m.ended weekly 500..560 Ana:501..560");
    assert_eq!(again, ["ended 1"]);
    assert_eq!(hearing.heard.ids, [meeting("weekly", 0), meeting("weekly", 500)]);
}

#[test]
fn calls_are_told_in_their_order_at_the_end() {
    let mut hearing = Hearing::new();
    hearing.of("m.started b 9 \n m.started c 5 \n initiated 52 2 \n initiated 54 2 cy>dan");
    hearing.live.finish(&mut hearing.heard);
    let ids = ["ring:52".to_owned(), "ring:54".to_owned(), meeting("c", 5), meeting("b", 9)];
    assert_eq!(hearing.heard.ids, ids);
}

#[test]
fn a_pair_that_calls_all_day_is_not_remembered_all_day() {
    let linger = Span::from_seconds(800);
    let mut hearing = Hearing::with(Patience { linger, ..PATIENCE });
    for call in 0..300 {
        let (id, at) = (100 + 2 * call, 80 * call);
        hearing.of(&format!("initiated {id} {at} \n cancelled {} {}", id + 1, at + 30));
        assert!(hearing.live.held() < 2 * 16, "{}", hearing.live.held());
    }
    let last = |told: &&String| *told == "cancelled 2 final as before";
    assert!(hearing.heard.told.iter().filter(last).count() > 280);
    hearing.live.finish(&mut hearing.heard);
    assert_eq!(hearing.heard.told.iter().filter(last).count(), 300);
}

#[test]
fn a_call_that_was_forgotten_while_it_went_on_has_a_higher_revision_when_it_comes_back() {
    let mut hearing = Hearing::new();
    hearing.of("m.started room 0 \n wait 21601 \n wait 3600");
    assert_eq!(hearing.heard.told, ["ongoing 1", "ongoing 2 final as before"]);
    assert_eq!(hearing.of("m.ended room 0..90000 Ana:1..90000"), ["ended 3"]);
}

#[test]
fn what_is_forgotten_is_forgotten_with_what_it_could_be_taken_for() {
    // Nothing tells which of the two was cancelled.
    let mut hearing = Hearing::new();
    hearing.of("initiated 52 0 \n initiated 54 0 \n cancelled 55 20 \n wait 121");
    let told = hearing.of("initiated 56 100 cy>dan in=ana_user_ben \n wait 3500 \n wait 3600");
    assert!(!told.iter().any(|told| told.starts_with("cancelled 3")), "{told:?}");
}
