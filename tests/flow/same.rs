//! Which deliveries are one event.

use callscope::event::key::Status::{Conflict, Copy, Duplicate, Event, Invalid, Other};

use super::told::told;

#[test]
fn the_documented_key_is_webhook_trigger_id_and_time_joined_by_colons() {
    let told = told(
        "
        initiated 52 0 sid=@0
        rejected 53 1
        busy 54 2
        cancelled 55 3
        unanswered 56 4
        started s 5
        joined s 6 Ana
        left s 6..7 Ana
        ended s 5..8 Ana:6..7
        m.started m 9 hook=other
        m.joined m 10 Ana
        m.left m 10..11 Ana
        m.ended m 9..12 Ana:10..11
        recorded m 10.5+2
        other message_sent
        started s 5 /data/created_at=null
    ",
    );
    let keys: Vec<&str> = told.keys.iter().map(|key| key.as_deref().unwrap_or("none")).collect();
    let expected = [
        "hook:call_initiated:52:1767346800",
        "hook:call_rejected:53:1767346801",
        "hook:call_busy:54:1767346802",
        "hook:call_cancelled:55:1767346803",
        "hook:call_unanswered:56:1767346804",
        "hook:call_started:s:1767346805",
        "hook:call_participant_joined:s:1767346806",
        "hook:call_participant_left:s:1767346807",
        "hook:call_ended:s:1767346808",
        "other:meeting_started:m:1767346809",
        "hook:meeting_participant_joined:m:1767346810",
        "hook:meeting_participant_left:m:1767346811",
        "hook:meeting_ended:m:1767346812",
        "hook:recording_generated:m:1767346810.5",
        "none",
        "none",
    ];
    assert_eq!(keys, expected);
}

#[test]
fn a_duplicate_is_the_same_event_through_the_same_webhook() {
    let told = told(
        "
        joined s 3 Ana
        m.started m 0
        joined s 3 Ana
        joined s 3 Ana
    ",
    );
    assert_eq!(told.status, [Event, Event, Duplicate, Duplicate]);
    assert_eq!(told.kept, [1, 2, 1, 1]);
    assert_eq!(told.delivered, [3, 1, 0, 0]);
    let call = "call_participant_joined";
    assert_eq!(told.found("K"), [format!("K001 3 {call}"), format!("K001 4 {call}")]);
    assert!(told.findings_of("K001").all(|finding| finding.others == [1]));
    let call = told.call_of(1);
    assert_eq!((&call.json["event_count"], &call.json["delivery_count"]), (&1.into(), &3.into()));
}

#[test]
fn a_copy_is_the_same_event_through_another_webhook() {
    let told = told(
        "
        joined s 3 Ana hook=a
        joined s 3 Ana hook=b
        joined s 3 Ana hook=b
        joined s 3 Ana hook=a
    ",
    );
    assert_eq!(told.status, [Event, Copy, Duplicate, Duplicate]);
    let joined = "call_participant_joined";
    let found = ["K001 3", "K001 4", "K004 2"].map(|found| format!("{found} {joined}"));
    assert_eq!(told.found("K"), found);
    assert_eq!(told.calls[0].json["delivery_count"], 4);
}

#[test]
fn a_conflict_is_the_same_event_with_another_content() {
    let told = told(
        "
        joined s 3 Ana
        joined s 3 Ana /data/occupant/audio_call=\"true\"
    ",
    );
    assert_eq!(told.status, [Event, Conflict]);
    assert_eq!(told.found("K"), ["K003 2 call_participant_joined"]);
    assert_eq!(told.call_ids[0], told.call_ids[1]);
    assert_eq!(told.calls[0].json["delivery_count"], 2);
}

#[test]
fn the_order_of_keys_and_spaces_are_no_content() {
    let told = told(
        "
        joined s 3 Ana
        joined s 3 Ana loose
    ",
    );
    assert_eq!(told.found("K"), ["K001 2 call_participant_joined"]);
}

#[test]
fn what_is_no_event_has_no_call() {
    let told = told(
        "
        other message_sent
        started s 5 /data/created_at=null
        started s 5
    ",
    );
    assert_eq!(told.status, [Other, Invalid, Event]);
    assert_eq!(told.kept, [1, 2, 3]);
    assert_eq!(told.call_ids, [None, None, Some("s".to_owned())]);
}

#[test]
fn nothing_makes_no_calls() {
    let told = told("other message_sent");
    assert!(told.calls.is_empty() && told.collisions.is_empty());
}

#[test]
fn two_who_join_or_leave_in_one_second_are_two_events_under_one_documented_key() {
    let told = told(
        "
        joined s 3 Zoe
        joined s 3 Ana
        joined s 3 Ben
        left s 3..9 Ana
        left s 4..9 Ana
    ",
    );
    assert_eq!(told.status, [Event; 5]);
    assert_eq!(told.collisions, [(1, 2, true), (3, 2, true), (5, 4, true)]);
    let joined = "call_participant_joined";
    let found = [format!("K002 1 {joined}"), format!("K002 3 {joined}")];
    assert_eq!(told.found("K002")[..2], found);
    assert_eq!(told.found("K002")[2], "K002 5 call_participant_left");
    let others: Vec<_> = told.findings_of("K002").map(|finding| &finding.others[..]).collect();
    assert_eq!(others, [[2], [2], [4]]);
}

#[test]
fn the_identity_has_app_conversation_name_and_both_times_of_a_leave() {
    let told = told(
        "
        initiated 52 0 in=a
        initiated 52 0 in=b
        initiated 52 0 in=a app=another
        joined s 3 Ana
        joined s 3 Ben
        joined s 4 Ana
        joined t 3 Ana
        left s 3..9 Ana
        left s 4..9 Ana
        left s 3..8 Ana
        m.joined s 3 Ana
    ",
    );
    assert_eq!(told.status, [Event; 11]);
}

#[test]
fn the_keys_of_two_apps_can_meet() {
    let told = told(
        "
        initiated 52 0 app=b
        initiated 52 0 app=a
    ",
    );
    assert_eq!(told.collisions, [(1, 2, true)]);
}

#[test]
fn keys_of_two_webhooks_do_not_meet() {
    let told = told(
        "
        joined s 3 Ana hook=a
        joined s 3 Ben hook=b
    ",
    );
    assert_eq!(told.collisions, []);
}

#[test]
fn what_another_webhook_brings_under_a_key_of_its_own_is_not_lost() {
    let both = "
        joined s 3 Ana hook=a
        joined s 3 Ben hook=a
    ";
    assert_eq!(told(both).collisions, [(2, 1, true)]);
    let saved = told(&format!("{both} joined s 3 Ben hook=b"));
    assert_eq!(saved.collisions, [(2, 1, false)]);
    let twice = told(&format!("{both} joined s 3 Ben hook=b \n joined s 3 Ana hook=b"));
    assert_eq!(twice.collisions, [(2, 1, true)]);
}

#[test]
fn a_duplicate_alone_is_no_collision() {
    let told = told(
        "
        joined s 3 Ana
        joined s 3 Ana
    ",
    );
    assert_eq!(told.collisions, []);
}
