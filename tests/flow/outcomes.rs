//! Outcomes that find their initiation by the conversation.

use super::told::{groups, told};

#[test]
fn an_outcome_lies_in_the_ring_window_from_0_to_120_seconds_behind_its_initiation() {
    for (at, within) in [(-1, false), (0, true), (1, true), (120, true), (121, false)] {
        let words = format!("initiated 52 1000 \n cancelled 53 {}", 1000 + at);
        assert_eq!(groups(&words).len() == 1, within, "{at} s behind");
    }
}

#[test]
fn an_outcome_belongs_to_its_own_conversation_and_app() {
    let words = "
        initiated 52 0
        cancelled 53 20 in=elsewhere
        cancelled 54 21 app=another
    ";
    assert_eq!(groups(words), ["1", "2", "3"]);
}

#[test]
fn an_initiation_gets_one_outcome_by_its_conversation() {
    let told = told(
        "
        initiated 42 -200 in=elsewhere
        initiated 52 0
        rejected 53 10
        cancelled 54 20
    ",
    );
    assert_eq!(told.groups(), ["1", "2 3", "4"]);
    assert_eq!(told.found("L003"), ["L003 4 call_cancelled"]);
    let message = told.messages("L003");
    assert!(message.contains("the only call it could end has another outcome"), "{message}");
}

#[test]
fn an_outcome_is_told_that_several_attempts_before_it_have_their_outcomes() {
    let told = told(
        "
        initiated 42 -200 in=elsewhere
        initiated 52 0
        initiated 54 20
        cancelled 56 30
        cancelled 57 31
        cancelled 58 32
    ",
    );
    assert_eq!(told.found("L003"), ["L003 6 call_cancelled"]);
    let message = told.messages("L003");
    assert!(message.contains("every call before it had been answered"), "{message}");
}

#[test]
fn one_that_got_its_outcome_by_id_gets_none_by_conversation() {
    let words = "
        initiated 52 0 sid=room
        rejected 53 10 sid=room
        cancelled 54 20
    ";
    assert_eq!(groups(words), ["1 2", "3"]);
}

#[test]
fn outcomes_take_their_turns_in_the_order_of_time_and_then_of_the_number_of_their_id() {
    // Only the first of the three finds an initiation that is free.
    assert_eq!(groups("initiated 52 0 \n cancelled 60 20 \n cancelled 61 19"), ["1 3", "2"]);
    assert_eq!(groups("initiated 52 0 \n cancelled 100 20 \n cancelled 99 20"), ["1 3", "2"]);
    assert_eq!(groups("initiated 52 0 \n cancelled x 20 \n cancelled 99 20"), ["1 3", "2"]);
}

#[test]
fn what_was_answered_before_an_outcome_is_no_candidate() {
    for (at, linked) in [(4, true), (5, true), (6, false)] {
        let told = told(&format!(
            "
            initiated 42 -200 in=elsewhere
            initiated 52 0 sid=room
            started room 5
            rejected 53 {at}
        "
        ));
        assert_eq!(told.calls.len() == 2, linked, "{at}");
        assert_eq!(told.found("L003").is_empty(), linked, "{at}");
        assert!(linked || told.messages("L003").contains("second device"), "{at}");
    }
}

#[test]
fn a_session_is_answered_at_its_start_whatever_its_end_says() {
    let words = "
        initiated 52 0 sid=room
        started room 10
        ended room 5..90
        joined room 5 Ana
        cancelled 53 8
    ";
    assert_eq!(groups(words).len(), 1);
    let words = words.replace("started room 10", "started room 7");
    assert_eq!(groups(&words).len(), 2);
}

#[test]
fn without_a_start_it_is_answered_when_its_end_says_whatever_the_joins_say() {
    let words = "
        initiated 52 0 sid=room
        ended room 10..90
        joined room 5 Ana
        cancelled 53 8
    ";
    assert_eq!(groups(words).len(), 1);
    let words = words.replace("10..90", "7..90").replace("room 5", "room 9");
    assert_eq!(groups(&words).len(), 2);
}

#[test]
fn without_either_it_is_answered_at_its_first_join() {
    let words = "
        initiated 52 0 sid=room
        joined room 5 Ana
        joined room 9 Ben
        cancelled 53 8
    ";
    assert_eq!(groups(words).len(), 2);
    assert_eq!(groups(&words.replace("room 5", "room 8")).len(), 1);
}

#[test]
fn a_leave_tells_of_a_join_too() {
    let words = "
        initiated 52 0 sid=room
        left room 5..20 Ana
        left room 9..30 Ben
        cancelled 53 8
    ";
    assert_eq!(groups(words).len(), 2);
    assert_eq!(groups(&words.replace("room 5", "room 8")).len(), 1);
}

#[test]
fn a_recording_answers_nothing() {
    assert_eq!(groups("initiated 52 0 sid=room \n recorded room 5+9 \n cancelled 53 8").len(), 1);
}

#[test]
fn the_actor_counts_most() {
    let rings = "
        initiated 52 0 ana>ben
        initiated 53 5 ben>ana
    ";
    for (outcome, expected) in [
        ("cancelled 54 10 ana>ben", "1 3"),
        ("cancelled 54 10 ben>ana", "2 3"),
        ("unanswered 54 10 ana>ben", "1 3"),
        ("unanswered 54 10 ben>ana", "2 3"),
        ("rejected 54 10 ben>ana", "1 3"),
        ("rejected 54 10 ana>ben", "2 3"),
        ("busy 54 10 ben>ana", "1 3"),
        ("busy 54 10 ana>ben", "2 3"),
        // Even before the earlier second.
        ("busy 54 5 ana>ben", "2 3"),
    ] {
        let found = groups(&format!("{rings}{outcome}"));
        assert!(found.contains(&expected.to_owned()), "{outcome}: {found:?}");
    }
}

#[test]
fn an_outcome_by_somebody_else_still_belongs_to_the_only_candidate() {
    assert_eq!(groups("initiated 52 0 ana>ben \n cancelled 53 20 ben>ana"), ["1 2"]);
}

#[test]
fn who_cannot_be_read_fits_nobody() {
    // The first has no sender; neither has the outcome, and yet the second, later one is as good.
    let told = told(
        "
        initiated 52 0 /data/call/sender=null
        initiated 53 5
        cancelled 54 20 /data/call/sender=null
    ",
    );
    assert_eq!(told.groups(), ["1", "2 3"]);
}

#[test]
fn an_earlier_second_counts_more_than_a_later_one() {
    assert_eq!(groups("initiated 52 5 \n initiated 53 10 \n cancelled 54 10"), ["1 3", "2"]);
}

#[test]
fn a_redial_is_no_ambiguity_as_the_outcome_belongs_to_the_latest_attempt() {
    let words = "
        initiated 52 0
        initiated 53 10
        cancelled 54 11
    ";
    assert_eq!(groups(words), ["1", "2 3"]);
    assert_eq!(told(words).found("L"), ["L001 3 call_cancelled"]);
}

#[test]
fn two_that_nothing_tells_apart_are_linked_to_neither_and_all_candidates_named() {
    let words = "
        initiated 40 0
        initiated 52 5
        initiated 53 5
        initiated 54 5
        cancelled 60 20
    ";
    assert_eq!(groups(words), ["1", "2", "3", "4", "5"]);
    let told = told(words);
    assert_eq!(told.found("L"), ["L002 5 call_cancelled"]);
    assert!(told.messages("L002").contains("52, 53, 54"), "{}", told.messages("L002"));
    assert_eq!(told.call_of(5).link, "none");
    assert_eq!(told.call_of(5).rules, "L002");
}

#[test]
fn of_very_many_candidates_the_first_twenty_are_named_and_the_others_counted() {
    let rings = |count: usize| {
        let rings = (100..100 + count).map(|id| format!("initiated {id} 5 \n"));
        told(&format!("{} cancelled 900 20", rings.collect::<String>())).messages("L002")
    };
    let named = rings(20);
    assert!(named.contains("118, 119 ") && !named.contains("more"), "{named}");
    let named = rings(22);
    assert!(named.contains("118, 119 and 2 more") && !named.contains("120"), "{named}");
}

#[test]
fn an_answered_attempt_leaves_the_outcome_to_the_other() {
    let words = "
        initiated 52 0
        initiated 53 10 sid=room
        started room 12
        cancelled 54 20
    ";
    assert_eq!(groups(words), ["1 4", "2 3"]);
}

#[test]
fn an_end_an_answer_or_a_redial_do_not_end_the_window_of_others() {
    let words = "
        initiated 52 0
        cancelled 53 20
        initiated 54 30
        cancelled 55 50
    ";
    assert_eq!(groups(words), ["1 2", "3 4"]);
}
