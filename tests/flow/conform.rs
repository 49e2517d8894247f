//! What the rules of flow and roster say of whole calls, where their fixtures do not reach.

use super::told::told;

/// The rules of the calls, in the order of these.
fn rules(words: &str) -> Vec<String> {
    told(words).calls.iter().map(|call| call.rules.clone()).collect()
}

#[test]
fn two_of_one_name_who_come_and_go_together_have_one_webhook_each() {
    let words = "
        m.started early -100
        m.ended early -100..-90
        m.started room 0
        m.joined room 0 Ana
        m.left room 0..50 Ana
        m.ended room 0..50 Ana:0..50,Ana:0..50
    ";
    assert_eq!(rules(words), ["", ""]);
}

#[test]
fn an_initiation_before_the_capture_is_not_missed_where_a_leave_alone_tells_of_its_call() {
    let words = "
        m.started early 0
        m.ended early 0..10
        left opaque -5000..5000 Ana
    ";
    assert!(rules(words).iter().all(|rules| !rules.contains("F005")), "{:?}", rules(words));
}

#[test]
fn a_flow_that_breaks_off_tells_what_is_missing_once() {
    let words = "
        initiated 40 -500 in=elsewhere
        cancelled 41 -480 in=elsewhere
        joined @0 5 Ana
        joined @0 6 Ben
        left @0 5..20 Ana
        left @0 6..20 Ben
        ended @0 4..20 Ana:5..20,Ben:6..20
    ";
    assert_eq!(rules(words), ["", "F004"]);
}

#[test]
fn a_roster_that_cannot_be_read_whole_accuses_nobody_of_not_being_in_it() {
    let words = |entry: &str| {
        format!(
            "
            m.started room 0
            m.joined room 0 Ana
            m.joined room 1 Ben
            m.left room 0..50 Ana
            m.ended room 0..50 Ana:0..50,Cid:2..50 {entry}
        "
        )
    };
    assert_eq!(rules(&words("")), ["F009 R001 R002 R003"]);
    assert_eq!(rules(&words("/data/all_occupants/1/name=null")), ["S002"]);
}
