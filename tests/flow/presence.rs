//! How many were there at once, and for how long.

use super::told::told;

/// `participant_count`, `peak_concurrent`, `participant_seconds`, `connected_seconds`.
fn presence(words: &str) -> (u64, u64, i64, Option<i64>) {
    let call = &told(words).calls[0].json;
    let count = |key: &str| call[key].as_u64().expect("a count");
    (
        count("participant_count"),
        count("peak_concurrent"),
        call["participant_seconds"].as_i64().expect("seconds"),
        call["connected_seconds"].as_i64(),
    )
}

#[test]
fn connected_is_the_time_in_which_two_stays_or_more_were_open() {
    assert_eq!(presence("ended room 0..30 Ana:2..20,Ben:5..15"), (2, 2, 28, Some(10)));
    assert_eq!(presence("ended room 0..30 Ana:2..20,Ben:5..15,Cyd:10..25"), (3, 3, 43, Some(15)));
    assert_eq!(presence("ended room 0..30 Ana:2..5,Ben:5..15"), (2, 1, 13, Some(0)));
    assert_eq!(presence("ended room 0..30 Ana:0..5,Ben:1..4,Cyd:8..15,Dan:9..12").3, Some(6));
}

#[test]
fn participants_are_distinct_names() {
    assert_eq!(presence("ended room 0..30 Ana:2..5,Ana:7..9,Ben:5..15"), (2, 2, 15, Some(2)));
    assert_eq!(presence("ended room 0..30"), (0, 0, 0, Some(0)));
}

#[test]
fn what_is_connected_is_unknown_while_the_call_has_no_end() {
    let words = "left room 2..20 Ana \n left room 5..15 Ben";
    assert_eq!(presence(words), (2, 2, 28, None));
}

#[test]
fn and_while_a_stay_has_none() {
    let words = "joined room 2 Ana \n ended room 0..30 Ben:5..15";
    assert_eq!(presence(words), (2, 2, 10, None));
}

#[test]
fn a_stay_without_an_end_lasts_to_the_calls_end_or_stays_open() {
    // One that joins as the call ends finds nobody there any more.
    assert_eq!(presence("joined room 2 Ana \n joined room 30 Ben \n ended room 0..30").1, 1);
    assert_eq!(presence("joined room 2 Ana \n joined room 29 Ben \n ended room 0..30").1, 2);
    assert_eq!(presence("joined room 2 Ana \n joined room 90000 Ben").1, 2);
}

#[test]
fn a_stay_that_ends_before_it_begins_has_no_length() {
    let words = "left room 20..2 Ana \n ended room 0..30 Ben:5..15";
    assert_eq!(presence(words), (2, 1, 10, Some(0)));
    assert!(told(words).calls[0].json["stays"][1]["duration_seconds"].is_null());
}

#[test]
fn the_length_of_a_call_is_unknown_where_it_ended_before_it_began() {
    let length = |words: &str| told(words).calls[0].json["duration_seconds"].as_i64();
    assert_eq!(length("ended room 0..30"), Some(30));
    assert_eq!(length("ended room 30..30"), Some(0));
    assert_eq!(length("ended room 31..30"), None);
}
