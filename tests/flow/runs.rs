//! The runs of a meeting's session id.

use super::dsl::meeting;
use super::told::{groups, told};

#[test]
fn each_distinct_created_at_of_an_end_opens_a_run() {
    let words = "
        m.ended weekly 0..100
        m.ended weekly 200..300
    ";
    assert_eq!(groups(words), ["1", "2"]);
    let told = told(words);
    assert_eq!(told.ids(), [meeting("weekly", 0), meeting("weekly", 200)]);
}

#[test]
fn ends_of_one_created_at_are_one_run_that_lasts_to_the_latest() {
    let words = "
        m.ended weekly 0..100
        m.ended weekly 0..150
        m.ended weekly 0..120
        m.joined weekly 140 Ana
        m.joined weekly 160 Ben
    ";
    assert_eq!(groups(words), ["1 3 4 2", "5"]);
    assert_eq!(told(words).calls[0].ended, Some(150));
}

#[test]
fn a_session_with_a_call_event_is_always_one_run() {
    let words = "
        ended room 0..100
        ended room 200..300
        joined room 400 Ana
    ";
    assert_eq!(groups(words).len(), 1);
    let mixed = "
        m.ended room 0..100
        m.ended room 200..300
        joined room 400 Ana
    ";
    assert_eq!(groups(mixed).len(), 1);
}

#[test]
fn an_initiation_makes_one_run_of_a_session_too() {
    let words = "
        initiated 52 0 sid=room
        m.ended room 0..100
        m.ended room 200..300
    ";
    assert_eq!(groups(words).len(), 1);
}

#[test]
fn an_end_whose_created_at_cannot_be_read_uses_its_rosters_first_join() {
    let words = "
        m.ended weekly 0..100 Ana:60..90,Ben:50..90 /data/created_at=null
        m.joined weekly 50 Ben
        m.started weekly 50
        m.joined weekly 44 Cyd
    ";
    assert_eq!(groups(words), ["4", "3 2 1"]);
}

#[test]
fn one_without_a_roster_too_begins_when_it_is_over() {
    let words = "
        m.ended weekly 0..100 /data/created_at=null
        m.joined weekly 95 Ana
        m.joined weekly 94 Ben
    ";
    assert_eq!(groups(words), ["3", "2 1"]);
}

#[test]
fn a_start_belongs_to_the_run_with_its_created_at() {
    let words = "
        m.started weekly 200
        m.ended weekly 200..300
        m.started weekly 0
        m.ended weekly 0..100
    ";
    assert_eq!(groups(words), ["3 4", "1 2"]);
}

#[test]
fn a_start_with_its_created_at_outranks_one_that_is_nearer_to_others() {
    // The run of 100 lasts over that of 103, which has a start of its own.
    let words = "
        m.ended weekly 100..200
        m.ended weekly 103..110
        m.started weekly 103
        m.started weekly 102
    ";
    assert_eq!(groups(words), ["4 1", "3 2"]);
}

#[test]
fn of_the_runs_that_it_may_have_begun_it_gets_the_nearest() {
    let words = "
        m.ended weekly 100..200
        m.ended weekly 110..210
        m.started weekly 109
    ";
    assert_eq!(groups(words), ["3 2", "1"]);
    let words = "
        m.ended weekly 100..200
        m.ended weekly 105..210
        m.started weekly 101
    ";
    assert_eq!(groups(words), ["3 1", "2"]);
}

#[test]
fn several_starts_may_begin_one_run() {
    let words = "
        m.ended weekly 100..200
        m.started weekly 100
        m.started weekly 150
        m.started weekly 98
    ";
    assert_eq!(groups(words), ["4 2 3 1"]);
}

#[test]
fn of_two_starts_beside_two_runs_each_begins_one() {
    let words = "
        m.ended weekly 100..200
        m.ended weekly 104..204
        m.started weekly 101
        m.started weekly 102
    ";
    assert_eq!(groups(words), ["3 1", "4 2"]);
}

#[test]
fn a_run_that_is_over_is_begun_by_no_start_though_another_around_it_still_is() {
    let words = "
        m.ended weekly 0..1000
        m.ended weekly 100..200
        m.started weekly 300
    ";
    assert_eq!(groups(words), ["2", "3 1"]);
}

#[test]
fn any_other_start_opens_a_run_of_its_own_until_the_next_begins() {
    let words = "
        m.started weekly 0
        m.joined weekly 50 Ana
        m.joined weekly 5000 Cyd
        m.started weekly 100
        m.joined weekly 98 Dan
        m.joined weekly 99 Ben
        m.joined weekly 9000 Eve
    ";
    assert_eq!(groups(words), ["1 2 5", "6 4 3 7"]);
}

#[test]
fn a_start_opens_its_run_between_two_ends() {
    let words = "
        m.ended weekly 0..100
        m.started weekly 200
        m.joined weekly 210 Ana
        m.ended weekly 300..400
        m.joined weekly 310 Ben
    ";
    assert_eq!(groups(words), ["1", "2 3", "5 4"]);
    assert_eq!(
        told(words).ids(),
        [meeting("weekly", 0), meeting("weekly", 200), meeting("weekly", 300)]
    );
}

#[test]
fn who_came_or_went_belongs_to_the_run_whose_roster_lists_the_stay() {
    // By time both belong to the second run.
    let words = "
        m.ended weekly 0..100 Ana:250..290
        m.ended weekly 200..300 Ben:210..290
        m.joined weekly 250 Ana
        m.left weekly 250..290 Ana
        m.joined weekly 251 Ana
        m.joined weekly 210 Ben
    ";
    assert_eq!(groups(words), ["1 3 4", "6 5 2"]);
}

#[test]
fn the_roster_outranks_the_gap_before_the_first_run() {
    let words = "
        m.ended weekly 100..200 Ana:10..50
        m.joined weekly 10 Ana
        m.joined weekly 11 Ben
    ";
    assert_eq!(groups(words), ["2 1", "3"]);
}

#[test]
fn of_several_rosters_that_list_a_stay_the_latest_run_begun_by_then_has_it() {
    let words = "
        m.ended weekly 0..100 Ana:210..250
        m.ended weekly 200..300 Ana:210..250
        m.ended weekly 400..500 Ana:210..250
        m.joined weekly 210 Ana
    ";
    assert_eq!(groups(words), ["1", "4 2", "3"]);
    let words = "
        m.ended weekly 200..300 Ana:10..50
        m.ended weekly 400..500 Ana:10..50
        m.joined weekly 10 Ana
    ";
    assert_eq!(groups(words), ["3 1", "2"]);
}

#[test]
fn with_a_second_of_slack_there_too() {
    for (joined_at, first) in [(198, true), (199, false), (200, false)] {
        let words = format!(
            "
            m.ended weekly 0..100 Ana:{joined_at}..250
            m.ended weekly 200..300 Ana:{joined_at}..250
            m.joined weekly {joined_at} Ana
        "
        );
        assert_eq!(groups(&words)[0] == "3 1" || groups(&words)[0] == "1 3", first, "{joined_at}");
    }
}

#[test]
fn strays_between_behind_and_before_the_runs_form_runs_of_their_own() {
    let words = "
        m.ended weekly 100..200
        m.ended weekly 300..400
        m.joined weekly 10 Ana
        m.left weekly 10..20 Ana
        m.joined weekly 250 Ben
        m.left weekly 260..270 Ben
        m.joined weekly 500 Cyd
        recorded weekly 600+5
        recorded weekly 280+5
    ";
    assert_eq!(groups(words), ["3 4", "1", "5 6 9", "2", "7 8"]);
    assert_eq!(told(words).ids(), [10, 100, 250, 300, 500].map(|second| meeting("weekly", second)));
}

#[test]
fn a_start_without_an_end_keeps_all_that_comes_up_to_the_next() {
    let words = "
        m.ended weekly 100..200
        m.started weekly 300
        m.joined weekly 299 Ana
        m.joined weekly 9000 Ben
        recorded weekly 8000+5
    ";
    assert_eq!(groups(words), ["1", "3 2 5 4"]);
}

#[test]
fn without_any_start_or_end_there_is_one_run() {
    let words = "
        m.joined weekly 10 Ana
        m.left weekly 10..20 Ana
        m.joined weekly 90000 Ben
        recorded weekly 50000+5
    ";
    assert_eq!(groups(words), ["1 2 4 3"]);
}

#[test]
fn runs_of_one_id_in_two_apps_are_apart() {
    let words = "
        m.ended weekly 100..200 Ana:110..150
        m.joined weekly 110 Ana app=another
    ";
    assert_eq!(groups(words), ["2", "1"]);
}
