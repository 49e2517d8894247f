//! Links that an id says, and how a call says how it was linked.

use super::dsl::session;
use super::told::{groups, told};

#[test]
fn an_id_joins_initiation_session_and_outcome() {
    let told = told(
        "
        initiated 52 0 sid=room
        rejected 53 20 sid=room
        started room 30
    ",
    );
    assert_eq!(told.groups(), ["1 2 3"]);
    assert_eq!((told.calls[0].link, told.ids()[0]), ("session", "room"));
    assert_eq!(told.found("L"), [] as [&str; 0]);
}

#[test]
fn the_session_id_of_an_outcome_may_be_spelt_either_way() {
    let words = "
        initiated 52 0 sid=room
        rejected 53 20 sid=room
    ";
    let other = words.replace(
        "rejected 53 20 sid=room",
        "rejected 53 20 sid=x /data/call/data/entities/on/entity/sessionid=- \
         /data/call/data/entities/on/entity/sessionId=\"room\"",
    );
    assert_eq!(groups(words), ["1 2"]);
    assert_eq!(groups(&other), ["1 2"]);
    assert_eq!((told(words).calls[0].link, told(&other).calls[0].link), ("session", "session"));
}

#[test]
fn an_outcome_with_an_id_belongs_to_the_initiation_with_that_id_whatever_the_rest_says() {
    let words = "
        initiated 52 0 sid=room
        initiated 54 500 sid=other
        initiated 56 505
        cancelled 57 510 sid=room in=elsewhere
    ";
    assert_eq!(groups(words), ["1 4", "2", "3"]);
    assert_eq!(told(words).found("L"), [] as [&str; 0]);
}

#[test]
fn of_several_initiations_with_one_id_the_latest_before_the_outcome_gets_it() {
    // All of them are one call: the id says so.
    let told = told(
        "
        initiated 52 0 sid=room
        initiated 54 10 sid=room
        initiated 56 30 sid=room
        cancelled 57 20 sid=room
        cancelled 58 21 sid=room
    ",
    );
    assert_eq!(told.groups(), ["1 2 4 5 3"]);
    assert_eq!(
        (told.calls[0].link, told.calls[0].json["ring_id"].as_str()),
        ("session", Some("52"))
    );
}

#[test]
fn an_outcome_of_an_earlier_attempt_leaves_the_later_one_free() {
    // The last outcome lies within the window of the second initiation alone.
    let words = "
        initiated 52 0 sid=room
        initiated 54 30 sid=room
        cancelled 56 20 sid=room
        cancelled 57 130
    ";
    assert_eq!(groups(words), ["1 3 2 4"]);
}

#[test]
fn an_outcome_with_an_id_never_belongs_to_an_initiation_with_another() {
    let told = told(
        "
        initiated 52 0 sid=room
        cancelled 53 20 sid=other
    ",
    );
    assert_eq!(told.groups(), ["1", "2"]);
    assert_eq!(told.ids(), ["room", "other"]);
}

#[test]
fn nor_to_one_whose_session_an_epoch_told() {
    let words = "
        initiated 52 0
        started @0 30
        cancelled 53 20 sid=other
    ";
    assert_eq!(groups(words), ["1 2", "3"]);
    let same = words.replace("other", "@0");
    assert_eq!(groups(&same), ["1 3 2"]);
    assert_eq!(told(&same).calls[0].link, "session_epoch");
}

#[test]
fn an_outcome_without_an_id_belongs_to_an_initiation_that_has_one() {
    let told = told(
        "
        initiated 52 0 sid=room
        cancelled 53 20
    ",
    );
    assert_eq!(told.groups(), ["1 2"]);
    assert_eq!((told.calls[0].link, told.ids()[0]), ("conversation", "room"));
}

#[test]
fn an_outcome_whose_id_no_initiation_has_may_belong_to_one_without_and_brings_its_session() {
    let told = told(
        "
        initiated 52 0
        unanswered 53 45 sid=room
        started room 50
    ",
    );
    assert_eq!(told.groups(), ["1 2 3"]);
    assert_eq!((told.calls[0].link, told.ids()[0]), ("conversation", "room"));
    assert_eq!(told.found("L"), ["L001 2 call_unanswered"]);
}

#[test]
fn an_id_joins_an_outcome_and_its_session_without_an_initiation() {
    let told = told(
        "
        rejected 53 20 sid=room
        started room 30
        started other 30
    ",
    );
    assert_eq!(told.groups(), ["1 2", "3"]);
    assert_eq!((told.calls[0].link, told.calls[1].link), ("session", "none"));
}

#[test]
fn a_link_is_none_where_there_was_nothing_to_join() {
    let told = told(
        "
        initiated 52 0 sid=room
        rejected 62 500 in=elsewhere
        m.started weekly 1000
        m.joined weekly 1001 Ana
        initiated 72 2000 in=another
    ",
    );
    let links: Vec<&str> = told.calls.iter().map(|call| call.link).collect();
    assert_eq!(links, ["none"; 4]);
}

#[test]
fn the_epoch_is_named_where_conversation_and_epoch_apply() {
    let told = told(
        "
        initiated 52 0
        unanswered 53 45
        started @0 50
    ",
    );
    assert_eq!(told.groups(), ["1 2 3"]);
    assert_eq!((told.calls[0].link, told.ids()[0]), ("session_epoch", &session("@0")[..]));
    assert_eq!(told.found("L"), ["L001 1 call_initiated", "L001 2 call_unanswered"]);
}

#[test]
fn one_id_in_two_apps_is_two_sessions() {
    let words = "
        initiated 52 0 sid=room
        started room 3 app=another
        m.started weekly 5
        m.ended weekly 5..9 app=another
    ";
    assert_eq!(groups(words), ["1", "2", "3", "4"]);
}

#[test]
fn the_findings_of_a_link_say_what_it_rests_on() {
    let told = told(
        "
        initiated 52 0
        cancelled 53 20
        initiated 54 500 cyd>dan
        started @500 503
    ",
    );
    assert!(told.messages("L001").contains("conversation"), "{}", told.messages("L001"));
    assert!(told.messages("L001").contains("second"), "{}", told.messages("L001"));
    assert!(told.messages("L001").contains("52"), "{}", told.messages("L001"));
    assert!(told.messages("L001").contains("20 s before"), "{}", told.messages("L001"));
}
