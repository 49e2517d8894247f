//! Initiations without a session id and ringing sessions without an initiation.

use super::dsl::session;
use super::told::{groups, told};

#[test]
fn an_initiation_and_a_session_whose_id_carries_its_second_are_one_call() {
    let words = "
        initiated 52 0
        started @0 2
    ";
    assert_eq!(groups(words), ["1 2"]);
    let told = told(words);
    assert_eq!((told.calls[0].link, told.ids()[0]), ("session_epoch", &session("@0")[..]));
    assert_eq!(told.found("L"), ["L001 1 call_initiated"]);
}

#[test]
fn the_second_before_or_after_does_as_well() {
    for (epoch, linked) in [(98, false), (99, true), (100, true), (101, true), (102, false)] {
        let words = format!("initiated 52 100 \n started @{epoch} 103");
        assert_eq!(groups(&words).len() == 1, linked, "{epoch}");
    }
}

#[test]
fn the_id_carries_app_and_region() {
    for (option, linked) in [
        ("", true),
        ("id_region=eu", false),
        ("id_app=0123456789abcdef", false),
        ("app=0123456789abcdef", false),
        ("app=0123456789abcdef id_app=239414efb0e4882a", false),
    ] {
        let own = groups(&format!("initiated 52 0 \n started @0 2 {option}"));
        assert_eq!(own.len() == 1, linked, "{option}");
        let beside = groups(&format!("initiated 52 1 \n started @0 2 {option}"));
        assert_eq!(beside.len() == 1, linked, "{option}");
    }
    assert_eq!(groups("initiated 52 0 region=eu \n started @0 2").len(), 2);
    assert_eq!(groups("initiated 52 0 region=eu \n started @0 2 id_region=eu").len(), 1);
}

#[test]
fn an_id_of_another_form_carries_no_second() {
    let id = session("@0");
    let hex = "a".repeat(40);
    let joined = |id: &str| groups(&format!("initiated 52 0 \n started {id} 2")).len() == 1;
    assert!(joined(&id));
    for other in [
        "weekly",
        &id[..id.len() - 1],
        &format!("{id}a"),
        &id.replace(&hex, &"g".repeat(40)),
        &id.replace("v1.", "v2."),
        &id.replace("1767346800", "+176734680"),
    ] {
        assert!(!joined(other), "{other}");
    }
}

#[test]
fn an_initiation_with_an_id_looks_for_no_epoch() {
    assert_eq!(groups("initiated 52 0 sid=room \n started @0 2").len(), 2);
}

#[test]
fn a_session_with_an_initiation_looks_for_no_other() {
    let words = "
        initiated 52 0 sid=@0
        initiated 53 0 in=elsewhere
        started @0 2
    ";
    assert_eq!(groups(words), ["2", "1 3"]);
    assert_eq!(told(words).found("L"), [] as [&str; 0]);
}

#[test]
fn a_meeting_is_no_ringing_session() {
    assert_eq!(groups("initiated 52 0 \n m.started @0 2"), ["1", "2"]);
    assert_eq!(groups("initiated 52 0 \n m.started @1 2"), ["1", "2"]);
}

#[test]
fn an_id_that_an_outcome_alone_carries_is_no_session_yet() {
    let told = told(
        "
        initiated 52 0 in=elsewhere
        cancelled 53 20 sid=@0
    ",
    );
    assert_eq!(told.groups(), ["1", "2"]);
}

#[test]
fn a_recording_of_a_ringing_session_leads_to_its_initiation() {
    let told = told(
        "
        initiated 52 0
        recorded @0 5+20
    ",
    );
    assert_eq!(told.groups(), ["1 2"]);
    assert_eq!(told.calls[0].link, "session_epoch");
}

#[test]
fn several_initiations_of_one_second_are_told_and_linked_to_none() {
    let words = "
        initiated 52 0
        initiated 53 0 cyd>dan
        started @0 2
    ";
    assert_eq!(groups(words), ["1", "2", "3"]);
    let told = told(words);
    assert_eq!(told.found("L"), ["L002 1 call_initiated", "L002 2 call_initiated"]);
    for finding in told.findings_of("L002") {
        let message = &finding.message;
        assert!(message.contains("52, 53") && message.contains(&session("@0")), "{message}");
    }
}

#[test]
fn several_sessions_of_one_second_are_told_and_linked_to_none() {
    let words = "
        initiated 52 0
        started @0a 2
        started @0b 2
    ";
    assert_eq!(groups(words), ["1", "2", "3"]);
    let told = told(words);
    assert_eq!(told.found("L"), ["L002 1 call_initiated"]);
    let message = told.messages("L002");
    let both = format!("{}, {}", session("@0a"), session("@0b"));
    assert!(message.contains("52 ") && message.contains(&both), "{message}");
}

#[test]
fn what_an_outcome_has_settled_may_make_the_rest_unique() {
    let words = "
        initiated 52 0
        initiated 53 0 cyd>dan
        started @0 2
        rejected 54 9 dan>cyd
    ";
    assert_eq!(groups(words), ["2 4", "1 3"]);
    assert_eq!(told(words).found("L002"), [] as [&str; 0]);
}

#[test]
fn the_first_look_does_not_wait_for_outcomes() {
    // Answered in the second of the outcome: a contradiction to be told, not a reason to part them.
    assert_eq!(groups("initiated 52 0 \n started @0 5 \n rejected 53 5"), ["1 3 2"]);
}

#[test]
fn one_that_got_an_outcome_is_not_looked_for_beside_its_second() {
    assert_eq!(groups("initiated 52 1 \n rejected 53 9 \n started @0 12"), ["1 2", "3"]);
}

#[test]
fn an_initiation_with_a_partner_in_its_own_second_leaves_the_others_alone() {
    let words = "
        initiated 52 0
        initiated 53 1 cyd>dan
        started @1 3
    ";
    assert_eq!(groups(words), ["1", "2 3"]);
    assert_eq!(told(words).found("L002"), [] as [&str; 0]);
}

#[test]
fn two_sessions_beside_one_initiation_are_told() {
    let words = "
        initiated 52 1
        started @0 3
        started @2 3
    ";
    assert_eq!(groups(words), ["1", "2", "3"]);
    let told = told(words);
    assert_eq!(told.found("L"), ["L002 1 call_initiated"]);
    let message = told.messages("L002");
    let both = format!("{}, {}", session("@0"), session("@2"));
    assert!(message.contains("52 ") && message.contains(&both), "{message}");
}

#[test]
fn two_initiations_beside_one_session_are_told() {
    let words = "
        initiated 52 0
        initiated 53 2 cyd>dan
        started @1 3
    ";
    assert_eq!(groups(words), ["1", "2", "3"]);
    let told = told(words);
    assert_eq!(told.found("L"), ["L002 1 call_initiated", "L002 2 call_initiated"]);
    for finding in told.findings_of("L002") {
        let message = &finding.message;
        assert!(message.contains("52, 53") && message.contains(&session("@1")), "{message}");
    }
}

#[test]
fn two_initiations_of_one_second_beside_one_session_are_told() {
    let words = "
        initiated 52 0
        initiated 53 0 cyd>dan
        started @1 3
    ";
    assert_eq!(groups(words).len(), 3);
    assert_eq!(told(words).found("L"), ["L002 1 call_initiated", "L002 2 call_initiated"]);
}

#[test]
fn a_chain_of_neighbours_is_told_at_each_with_its_own_rivals() {
    let words = "
        initiated 52 0
        started @1 3
        initiated 53 2 cyd>dan
        started @3 5
    ";
    assert_eq!(groups(words).len(), 4);
    let told = told(words);
    assert_eq!(told.found("L"), ["L002 1 call_initiated", "L002 3 call_initiated"]);
    let at = |line: usize| {
        let mut found = told.findings_of("L002").filter(|finding| finding.line == line);
        found.next().expect("a finding").message.clone()
    };
    assert!(at(1).contains("52, 53") && !at(1).contains(&session("@3")), "{}", at(1));
    let both = format!("{}, {}", session("@1"), session("@3"));
    assert!(at(3).contains("52, 53") && at(3).contains(&both), "{}", at(3));
}

#[test]
fn sides_with_partners_in_their_own_second_are_nobodys_neighbours() {
    // Second 0 is ambiguous in itself: what stands beside it has no part in that.
    let words = "
        initiated 52 0
        initiated 53 0 cyd>dan
        started @0 2
        initiated 54 1 eve>fay
    ";
    let told = told(words);
    assert_eq!(told.found("L"), ["L002 1 call_initiated", "L002 2 call_initiated"]);
    // The initiation of second 2 has sessions of its own to choose from: no rival for the one of
    // second 1.
    let words = "
        initiated 52 0
        started @1 3
        initiated 53 2 cyd>dan
        started @2a 4
        started @2b 4
    ";
    assert_eq!(groups(words)[0], "1 2");
}

#[test]
fn who_stands_beside_an_ambiguous_second_is_no_rival() {
    // What may begin the session of second 0 is the initiation of second 1 alone; that of second 3
    // could at best begin the one of second 2, which has initiations of its own.
    let words = "
        initiated 52 1
        started @0 3
        initiated 53 2 cyd>dan
        initiated 54 2 eve>fay
        started @2 5
        initiated 55 3 gil>hal
    ";
    assert!(groups(words).contains(&"1 2".to_owned()), "{:?}", groups(words));
    assert_eq!(told(words).found("L002"), ["L002 3 call_initiated", "L002 4 call_initiated"]);
}

#[test]
fn a_ringing_session_without_an_initiation_stands_alone() {
    let told = told(
        "
        started @0 2
        initiated 52 50
    ",
    );
    assert_eq!(told.groups(), ["1", "2"]);
    assert_eq!(told.call_of(1).link, "none");
    assert_eq!(told.found("L"), [] as [&str; 0]);
}

#[test]
fn each_second_has_its_own_partners() {
    let words = "
        initiated 52 0
        initiated 53 1 cyd>dan
        initiated 54 2 eve>fay
        started @2 4
        started @0 3
        started @1 3
    ";
    assert_eq!(groups(words), ["1 5", "2 6", "3 4"]);
}

#[test]
fn a_session_that_an_outcome_has_brought_to_an_initiation_is_nobody_elses() {
    let words = "
        initiated 52 0
        initiated 53 0 cyd>dan
        started @0 12
        rejected 54 9 sid=@0
    ";
    assert_eq!(groups(words), ["2", "1 4 3"]);
}
