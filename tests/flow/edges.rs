//! L003 at the beginning of a capture, where the initiation may not have been captured.

use super::told::told;

fn unlinked(text: &str) -> Vec<String> {
    told(text).found("L003")
}

#[test]
fn an_outcome_is_not_called_unlinked_while_the_window_reaches_to_the_first_event() {
    for (at, is_told) in [(119, false), (120, false), (121, true)] {
        let found = unlinked(&format!("m.started weekly 0 \n cancelled 53 {at}"));
        assert_eq!(!found.is_empty(), is_told, "{at}");
    }
    assert_eq!(unlinked("cancelled 53 500"), [] as [&str; 0]);
}

#[test]
fn the_finding_stands_at_the_outcome_and_in_its_calls_rules() {
    let told = told(
        "
        m.started weekly 0
        cancelled 53 500
    ",
    );
    assert_eq!(told.found("L"), ["L003 2 call_cancelled"]);
    assert!(told.messages("L003").contains("no `call_initiated`"), "{}", told.messages("L003"));
    assert_eq!((&told.call_of(1).rules[..], &told.call_of(2).rules[..]), ("", "L003"));
}

#[test]
fn each_app_is_a_capture_of_its_own() {
    assert_eq!(unlinked("m.started weekly 0 app=another \n cancelled 53 500"), [] as [&str; 0]);
}

#[test]
fn the_earliest_event_counts_wherever_it_stands() {
    let found = unlinked(
        "
        m.started monthly 450
        m.started weekly 0
        m.started daily 400
        cancelled 53 500
    ",
    );
    assert_eq!(found, ["L003 4 call_cancelled"]);
}

#[test]
fn a_recording_counts_at_its_end() {
    assert_eq!(unlinked("recorded room 0+379 \n cancelled 53 500").len(), 1);
    assert_eq!(unlinked("recorded room 0+380 \n cancelled 53 500").len(), 0);
    assert_eq!(unlinked("recorded room 0+490 \n cancelled 53 500").len(), 0);
}

#[test]
fn implausible_times_do_not_move_the_edge() {
    let early = "started room 0 /data/created_at=1000 \n cancelled 53 500";
    assert_eq!(told(early).found("S"), ["S009 1 call_started"]);
    assert_eq!(unlinked(early), [] as [&str; 0]);
}

#[test]
fn nor_do_milliseconds() {
    let early = "started room 0 /data/created_at=1767346800000 \n cancelled 53 500";
    assert_eq!(told(early).found("S"), ["S009 1 call_started"]);
    assert_eq!(unlinked(early), [] as [&str; 0]);
}

#[test]
fn an_invalid_event_does_not_move_the_edge() {
    let found = unlinked("joined room 0 Ana /data/sessionId=null \n cancelled 53 500");
    assert_eq!(found, [] as [&str; 0]);
}

#[test]
fn an_attempt_with_another_id_is_not_the_one_that_had_been_answered() {
    let told = told(
        "
        m.started weekly -500
        initiated 52 0 sid=room
        started room 5
        rejected 53 20 sid=other
    ",
    );
    assert_eq!(told.found("L003"), ["L003 4 call_rejected"]);
    let message = told.messages("L003");
    assert!(message.contains("the only call before it has another session id"), "{message}");
}
