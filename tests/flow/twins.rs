//! The roster as a multiset, and the rosters of several ends.

use super::told::{groups, stays, told};

#[test]
fn two_equal_entries_are_two_stays() {
    assert_eq!(stays("ended room 0..12 Ana:3..9,Ana:3..9"), ["Ana 3..9 roster"; 2]);
    let mut found = stays(
        "
        joined room 3 Ana
        left room 3..9 Ana
        ended room 0..12 Ana:3..9,Ana:3..9
    ",
    );
    found.sort_unstable();
    assert_eq!(found, ["Ana 3..9 both", "Ana 3..9 roster"]);
}

#[test]
fn leaves_of_twins_go_to_the_entry_with_their_time() {
    let found = stays(
        "
        left room 3..9 Ana
        left room 3..14 Ana
        ended room 0..20 Ana:3..9,Ana:3..15
    ",
    );
    assert_eq!(found, ["Ana 3..9 both", "Ana 3..14 both"]);
    let found = stays(
        "
        left room 3..8 Ana
        left room 3..15 Ana
        ended room 0..20 Ana:3..9,Ana:3..15
    ",
    );
    assert_eq!(found, ["Ana 3..8 both", "Ana 3..15 both"]);
    let found = stays(
        "
        left room 3..12 Ana
        left room 3..16 Ana
        ended room 0..20 Ana:3..9,Ana:3..12,Ana:3..15
    ",
    );
    assert_eq!(found, ["Ana 3..9 roster", "Ana 3..12 both", "Ana 3..16 both"]);
}

#[test]
fn one_leave_alone_goes_to_the_entry_with_its_time_too() {
    let found = stays(
        "
        left room 3..12 Ana
        ended room 0..20 Ana:3..9,Ana:3..12,Ana:3..15
    ",
    );
    assert_eq!(found, ["Ana 3..9 roster", "Ana 3..12 both", "Ana 3..15 roster"]);
}

#[test]
fn leaves_of_twins_that_fit_no_entry_go_in_order() {
    let found = stays(
        "
        left room 3..10 Ana
        left room 3..16 Ana
        ended room 0..20 Ana:3..9,Ana:3..15
    ",
    );
    assert_eq!(found, ["Ana 3..10 both", "Ana 3..16 both"]);
}

#[test]
fn of_more_leaves_than_twins_the_latest_of_all_counts() {
    let found = stays(
        "
        left room 3..9 Ana
        left room 3..15 Ana
        left room 3..17 Ana
        ended room 0..20 Ana:3..9,Ana:3..15
    ",
    );
    assert_eq!(found, ["Ana 3..9 both", "Ana 3..17 both"]);
    let found = stays(
        "
        left room 3..9 Ana
        left room 3..15 Ana
        left room 3..12 Ana
        ended room 0..20 Ana:3..9,Ana:3..15
    ",
    );
    assert_eq!(found, ["Ana 3..9 both", "Ana 3..15 both"]);
}

#[test]
fn what_the_rosters_of_several_ends_list_alike_counts_once() {
    let found = stays(
        "
        ended room 0..12 Ana:3..9,Ben:4..10
        ended room 0..14 Ana:3..9,Cyd:5..11
    ",
    );
    assert_eq!(found, ["Ana 3..9 roster", "Ben 4..10 roster", "Cyd 5..11 roster"]);
}

#[test]
fn the_last_end_knows_best() {
    let words = "
        ended room 0..12 Ana:3..9
        ended room 0..14 Ana:3..13
    ";
    assert_eq!(stays(words), ["Ana 3..13 roster"]);
    let swapped = words.replace("..12", "..15");
    assert_eq!(stays(&swapped), ["Ana 3..9 roster"]);
}

#[test]
fn the_end_that_lists_more_twins_tells_how_many_there_are() {
    let found = stays(
        "
        ended room 0..12 Ana:3..9,Ana:3..9,Ana:3..9
        ended room 0..14 Ana:3..9,Ana:3..9
        ended room 0..16 Ana:3..9
    ",
    );
    assert_eq!(found, ["Ana 3..9 roster"; 3]);
}

#[test]
fn the_order_of_arrival_does_not_matter_to_stays() {
    let words = "
        joined room 3 Ana platform=web
        m.joined room 3 Ana platform=ios
        ended room 0..14 Ana:3..9,Ana:3..9
        left room 3..9 Ana /data/occupant/audio_call=\"true\"
        m.left room 3..9 Ana
    ";
    assert_eq!(groups(words).len(), 1);
    let backwards: Vec<&str> = words.lines().rev().collect();
    let stays = |words: &str| told(words).calls[0].json["stays"].clone();
    assert_eq!(stays(words), stays(&backwards.join("\n")));
    assert_eq!(
        stays(words)[0]["platform"].as_str().or(stays(words)[1]["platform"].as_str()),
        Some("web")
    );
}
