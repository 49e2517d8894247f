//! Who was there, from joined, left and the roster.

use serde_json::Value;

use super::told::{stays, told};

#[test]
fn one_name_and_joined_at_is_one_stay() {
    let all = "
        joined room 3 Ana
        left room 3..9 Ana
        ended room 0..12 Ana:3..9
    ";
    assert_eq!(stays(all), ["Ana 3..9 both"]);
}

#[test]
fn seen_says_which_sources_tell_of_a_stay() {
    let told = stays(
        "
        joined room 3 Ana
        left room 4..9 Ben
        joined room 5 Cyd
        left room 5..9 Cyd
        joined room 6 Dan
        left room 7..9 Eve
        ended room 0..12 Dan:6..10,Eve:7..9,Fay:8..9
    ",
    );
    let expected = [
        "Ana 3..? events",
        "Ben 4..9 events",
        "Cyd 5..9 events",
        "Dan 6..10 both",
        "Eve 7..9 both",
        "Fay 8..9 roster",
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_is_left_over_of_one_name_within_two_seconds_is_one_stay() {
    for (at, count) in [(7, 2), (8, 1), (9, 1), (10, 1), (11, 1), (12, 1), (13, 2)] {
        let found = stays(&format!("joined room 10 Ana \n left room {at}..20 Ana"));
        assert_eq!(found.len(), count, "{at}: {found:?}");
        let found = stays(&format!("joined room 10 Ana \n ended room 0..30 Ana:{at}..20"));
        assert_eq!(found.len(), count, "{at}: {found:?}");
        let found = stays(&format!("left room 10..20 Ana \n ended room 0..30 Ana:{at}..20"));
        assert_eq!(found.len(), count, "{at}: {found:?}");
    }
}

#[test]
fn leftovers_of_two_names_are_two_stays() {
    assert_eq!(stays("joined room 10 Ana \n left room 10..20 Ben").len(), 2);
    assert_eq!(stays("joined room 10 Ana \n left room 11..20 Ben").len(), 2);
}

#[test]
fn what_both_tell_of_the_same_are_two_stays_however_near() {
    assert_eq!(stays("joined room 10 Ana \n joined room 11 Ana").len(), 2);
    assert_eq!(stays("left room 10..20 Ana \n left room 11..20 Ana").len(), 2);
    assert_eq!(stays("ended room 0..30 Ana:10..20,Ana:11..20").len(), 2);
    // The first two are one stay, and the third has its leave already.
    let found = stays("joined room 10 Ana \n left room 10..20 Ana \n left room 11..25 Ana");
    assert_eq!(found, ["Ana 10..20 events", "Ana 11..25 events"]);
}

#[test]
fn the_three_sources_of_one_stay_may_tell_three_times() {
    let found = stays(
        "
        joined room 10 Ana
        left room 11..20 Ana
        ended room 0..30 Ana:9..19
    ",
    );
    assert_eq!(found, ["Ana 10..20 both"]);
}

#[test]
fn of_leftovers_the_nearest_are_joined_first() {
    let found = stays(
        "
        joined room 10 Ana
        ended room 0..30 Ana:8..20,Ana:11..25
    ",
    );
    assert_eq!(found, ["Ana 8..20 roster", "Ana 10..25 both"]);
    let found = stays(
        "
        joined room 10 Ana
        ended room 0..30 Ana:9..20,Ana:12..25
    ",
    );
    assert_eq!(found, ["Ana 10..20 both", "Ana 12..25 roster"]);
}

#[test]
fn what_fits_exactly_is_joined_before_any_leftover() {
    let found = stays(
        "
        joined room 10 Ana
        joined room 11 Ana
        ended room 0..30 Ana:11..20
    ",
    );
    assert_eq!(found, ["Ana 10..? events", "Ana 11..20 both"]);
}

#[test]
fn pairs_that_are_equally_near_go_by_time() {
    let found = stays(
        "
        joined room 10 Ana
        joined room 12 Ana
        left room 11..20 Ana
        left room 13..25 Ana
    ",
    );
    assert_eq!(found, ["Ana 10..20 events", "Ana 12..25 events"]);
}

#[test]
fn a_leftover_finds_its_other_half_behind_one_of_its_own_kind() {
    let found = stays(
        "
        joined room 10 Ana
        joined room 11 Ana
        left room 11..15 Ana
        left room 12..20 Ana
    ",
    );
    assert_eq!(found, ["Ana 10..20 events", "Ana 11..15 events"]);
}

#[test]
fn where_events_and_roster_disagree_events_win() {
    let found = stays(
        "
        joined room 4 Ana
        left room 5..10 Ana
        ended room 0..12 Ana:3..9
    ",
    );
    assert_eq!(found, ["Ana 4..10 both"]);
    assert_eq!(stays("left room 5..10 Ana \n ended room 0..12 Ana:4..9"), ["Ana 5..10 both"]);
}

#[test]
fn of_several_leaves_of_one_stay_the_latest_counts() {
    let found = stays(
        "
        left room 3..9 Ana
        left room 3..15 Ana
        left room 3..12 Ana
        joined room 3 Ana
    ",
    );
    assert_eq!(found, ["Ana 3..15 events"]);
    let found = stays(
        "
        left room 3..9 Ana
        left room 3..15 Ana
        ended room 0..20 Ana:3..9
    ",
    );
    assert_eq!(found, ["Ana 3..15 both"]);
    let found = stays(
        "
        left room 3..9 Ana
        left room 3..15 Ana
        ended room 0..20 Ana:3..15
    ",
    );
    assert_eq!(found, ["Ana 3..15 both"]);
}

#[test]
fn a_late_leave_belongs_near_its_stay_even_if_it_is_the_latest() {
    // Its own `joined_at` says that it is another stay.
    let found = stays(
        "
        joined room 3 Ana
        left room 3..9 Ana
        left room 6..15 Ana
    ",
    );
    assert_eq!(found, ["Ana 3..9 events", "Ana 6..15 events"]);
}

#[test]
fn media_is_said_by_joined_then_left_then_the_roster() {
    let media =
        |words: &str| told(words).calls[0].json["stays"][0]["media"].as_str().map(str::to_owned);
    let audio = "/data/occupant/audio_call=\"true\"";
    let none = "/data/occupant/audio_call=null";
    let listed = "/data/all_occupants/0/audio_call=\"true\"";
    let with = |joined: &str, left: &str, entry: &str| {
        media(&format!(
            "joined room 3 Ana {joined} \n left room 3..9 Ana {left} \n \
             ended room 0..12 Ana:3..9 {entry}"
        ))
    };
    assert_eq!(with(audio, "", "").as_deref(), Some("audio"));
    assert_eq!(with("", audio, listed).as_deref(), Some("video"));
    assert_eq!(with(none, audio, "").as_deref(), Some("audio"));
    assert_eq!(with(none, "", listed).as_deref(), Some("video"));
    assert_eq!(with(none, none, listed).as_deref(), Some("audio"));
    assert_eq!(with(none, none, "/data/all_occupants/0/audio_call=null"), None);
}

#[test]
fn a_call_is_audio_where_everybody_was_and_video_where_one_was_not() {
    let media = |words: &str| told(words).calls[0].json["media"].as_str().map(str::to_owned);
    let audio = "/data/occupant/audio_call=\"true\"";
    let one = format!("joined room 3 Ana {audio}");
    assert_eq!(media(&one).as_deref(), Some("audio"));
    assert_eq!(media(&format!("{one} \n joined room 4 Ben {audio}")).as_deref(), Some("audio"));
    assert_eq!(media(&format!("{one} \n joined room 4 Ben")).as_deref(), Some("video"));
    let unread = "joined room 4 Ben /data/occupant/audio_call=null";
    assert_eq!(media(&format!("{one} \n {unread}")).as_deref(), Some("audio"));
    assert_eq!(media(unread), None);
    assert_eq!(media(&format!("{one} \n initiated 52 0 sid=room")).as_deref(), Some("video"));
}

#[test]
fn the_client_is_that_of_the_joined_event() {
    let told = told(
        "
        joined room 3 Ana platform=web
        ended room 0..12 Ana:3..9,Ben:4..9
    ",
    );
    let stays = &told.calls[0].json["stays"];
    let client = |at: usize| ["platform", "sdk", "call_version"].map(|key| stays[at][key].clone());
    assert_eq!(client(0), ["web", "react", "2.3.0"].map(Value::from));
    assert!(client(1).iter().all(Value::is_null));
}

#[test]
fn stays_are_ordered_by_joined_at_then_left_at_with_none_last_then_name() {
    let found = stays(
        "
        joined room 4 Ana
        left room 4..9 Zoe
        left room 4..9 Ben
        left room 4..8 Fay
        left room 3..20 Eve
    ",
    );
    let expected = [
        "Eve 3..20 events",
        "Fay 4..8 events",
        "Ben 4..9 events",
        "Zoe 4..9 events",
        "Ana 4..? events",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_entry_without_a_name_or_joined_at_is_no_stay() {
    let found = stays(
        "
        ended room 0..12 Ana:3..9,Ben:4..9,Cyd:5..9 \
        /data/all_occupants/0/name=null /data/all_occupants/1/joined_at=null
    ",
    );
    assert_eq!(found, ["Cyd 5..9 roster"]);
}

#[test]
fn an_entry_without_left_at_is_a_stay_without_an_end() {
    let found = stays("ended room 0..12 Ana:3..9 /data/all_occupants/0/left_at=null");
    assert_eq!(found, ["Ana 3..? roster"]);
}

#[test]
fn a_chain_of_leftovers_does_not_depend_on_its_direction() {
    let stays_of = |entry: i64, joined: i64, left: i64| {
        stays(&format!(
            "joined room {joined} Ana \n left room {left}..20 Ana \n ended room 0..30 Ana:{entry}..20"
        ))
        .len()
    };
    assert_eq!(stays_of(8, 10, 11), stays_of(11, 9, 8));
    assert_eq!(stays_of(8, 9, 11), stays_of(11, 10, 8));
    assert_eq!(stays_of(8, 9, 11), stays_of(8, 10, 11));
}
