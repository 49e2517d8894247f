//! What a call is called, how it turned out, and in which order its events happened.

use super::dsl::{APP, meeting, session};
use super::told::{groups, told};

#[test]
fn within_one_second_the_order_is_causal() {
    let words = "
        recorded @50 50+5
        ended @50 50..50
        left @50 50..50 Ben
        joined @50 50 Ben
        left @50 40..50 Ana
        started @50 50
        cancelled 53 50
        initiated 52 50 sid=@50
    ";
    assert_eq!(groups(words), ["8 7 6 5 4 3 2 1"]);
}

#[test]
fn seconds_come_before_causes() {
    let words = "
        ended @0 1..8
        recorded @0 3+50
        left @0 2..7 Ana
        joined @0 2 Ana
        started @0 1
        initiated 52 9 sid=@0
    ";
    assert_eq!(groups(words), ["5 4 2 3 1 6"]);
}

#[test]
fn a_leave_before_its_own_join_is_not_of_an_earlier_second() {
    assert_eq!(groups("left room 60..50 Ana \n joined room 50 Ben \n started room 50"), ["3 2 1"]);
}

#[test]
fn what_causality_leaves_open_goes_by_names_numbers_and_times() {
    let words = "
        joined room 3 Zoe
        joined room 3 Ana
        left room 3..9 Ben
        left room 2..9 Ben
        left room 4..9 Ana
    ";
    assert_eq!(groups(words), ["2 1 5 4 3"]);
    let rings = "
        initiated 100 0 sid=room
        initiated 99 0 sid=room
        initiated x 0 sid=room
        busy 70 0 sid=room
        busy 7 0 sid=room
    ";
    assert_eq!(groups(rings), ["2 1 3 5 4"]);
}

#[test]
fn calls_are_ordered_by_first_event_and_then_by_id() {
    let words = "
        m.started b 5
        m.started a 5
        m.started c 4
        m.joined d 3 Ana
        m.started d 6
        initiated 52 5
    ";
    assert_eq!(groups(words), ["4 5", "3", "2", "1", "6"]);
}

#[test]
fn calls_of_one_id_and_second_are_ordered_by_app() {
    assert_eq!(groups("m.started a 5 app=b \n m.started a 5 app=a"), ["2", "1"]);
}

#[test]
fn a_ringing_calls_id_is_its_sessions() {
    let told = told(
        "
        initiated 52 0 sid=room
        started @9 9
        unanswered 53 500 sid=hall
    ",
    );
    assert_eq!(told.ids(), ["room", &session("@9"), "hall"]);
}

#[test]
fn a_meetings_id_has_the_epoch_of_created_at_else_of_its_first_event() {
    let told = told(
        "
        m.started a 5
        m.joined a 4 Ana
        m.ended b 15..30
        m.joined b 14 Ana
        m.left c 40..50 Ana
        m.joined c 45 Ben
    ",
    );
    assert_eq!(told.ids(), [meeting("a", 5), meeting("b", 15), meeting("c", 45)]);
}

#[test]
fn without_a_session_id_it_is_that_of_the_first_ring_event() {
    let told = told(
        "
        rejected 99 20
        initiated 100 0
        busy 200 500
    ",
    );
    assert_eq!(told.ids(), ["ring:100", "ring:200"]);
    let ring_ids: Vec<_> = told.calls.iter().map(|call| call.json["ring_id"].as_str()).collect();
    assert_eq!(ring_ids, [Some("100"), Some("200")]);
}

#[test]
fn the_first_ring_event_of_one_second_is_the_one_with_the_lower_number() {
    assert_eq!(told("initiated 100 0 \n rejected 99 0").ids(), ["ring:99"]);
}

#[test]
fn where_only_recordings_are_known_the_id_is_the_ringing_one_or_has_the_start() {
    let told = told(
        "
        recorded @0 5+2
        recorded room 7+2
        recorded room 6+2
    ",
    );
    assert_eq!(told.ids(), [session("@0"), meeting("room", 6)]);
    assert_eq!(told.outcomes(), ["unknown", "unknown"]);
    assert!(told.calls[0].json["flow"].is_null());
}

#[test]
fn the_id_is_unique_in_an_app() {
    let told = told(
        "
        initiated 52 0
        initiated 52 500
        initiated 52 500 cyd>dan
        initiated 52 500 eve>fay
        initiated 52 500 app=another
    ",
    );
    let at = meeting("ring:52", 500);
    let expected = ["ring:52", "ring:52", &at, &format!("{at}#2"), &format!("{at}#3")];
    let mut ids = told.ids();
    ids.sort_unstable();
    assert_eq!(ids, expected);
    assert_eq!(told.call_of(5).id, "ring:52");
    // Of one second they go by their conversations.
    assert_eq!(told.call_of(1).id, "ring:52");
    assert_eq!(told.call_of(2).id, at);
    assert_eq!(told.call_of(3).id, format!("{at}#2"));
    assert_eq!(told.call_of(4).id, format!("{at}#3"));
}

#[test]
fn which_of_them_is_which_does_not_depend_on_the_order_of_arrival() {
    let twins = |words: &str| {
        let order = groups(words);
        let at = meeting("ring:52", 500);
        assert_eq!(told(words).ids(), ["ring:52", &at]);
        order
    };
    assert_eq!(twins("initiated 52 500 cyd>dan \n initiated 52 500 ana>ben"), ["2", "1"]);
    assert_eq!(twins("rejected 52 500 ben>ana \n busy 52 500 ben>ana"), ["2", "1"]);
}

#[test]
fn every_delivery_knows_its_call() {
    let told = told(
        "
        m.started a 5
        initiated 52 0
        m.started a 5
        other message_sent
        m.joined a 6 Ana
    ",
    );
    let a = Some(meeting("a", 5));
    assert_eq!(told.call_ids, [a.clone(), Some("ring:52".to_owned()), a.clone(), None, a]);
    let counts: Vec<_> = told.calls.iter().map(|call| &call.json["delivery_count"]).collect();
    assert_eq!(counts, [1, 3]);
}

#[test]
fn an_end_outranks_a_start_or_a_join_and_those_a_ring_outcome() {
    let ring = "initiated 52 0 sid=room \n busy 53 20 sid=room \n";
    for (events, outcome) in [
        ("", "busy"),
        ("left room 3..9 Ana", "busy"),
        ("recorded room 3+9", "busy"),
        ("started room 3", "ongoing"),
        ("joined room 3 Ana", "ongoing"),
        ("started room 3 \n ended room 3..9", "ended"),
        ("ended room 3..9", "ended"),
    ] {
        assert_eq!(told(&format!("{ring}{events}")).outcomes(), [outcome], "{events}");
    }
}

#[test]
fn of_ring_outcomes_the_latest_counts() {
    for (last, outcome) in [
        ("busy 60 30", "busy"),
        ("cancelled 60 30", "cancelled"),
        ("rejected 60 30", "rejected"),
        ("unanswered 60 30", "unanswered"),
        // One second: the higher number is the later.
        ("busy 53 20", "cancelled"),
        ("busy 153 20", "busy"),
    ] {
        let words =
            format!("{last} sid=room \n cancelled 54 20 sid=room \n rejected 55 10 sid=room");
        assert_eq!(told(&words).outcomes(), [outcome], "{last}");
    }
}

#[test]
fn a_call_is_initiated_while_nothing_more_is_known_and_unknown_without_even_that() {
    assert_eq!(told("initiated 52 0").outcomes(), ["initiated"]);
    assert_eq!(told("initiated 52 0 sid=room \n left room 3..9 Ana").outcomes(), ["initiated"]);
    assert_eq!(told("left room 3..9 Ana").outcomes(), ["unknown"]);
    assert_eq!(told("recorded room 3+9").outcomes(), ["unknown"]);
}

#[test]
fn a_call_started_at_created_at_of_its_start_else_of_its_end_else_at_the_first_join() {
    let times = |words: &str| {
        let call = &told(words).calls[0];
        (call.initiated, call.started, call.ended)
    };
    let all = "
        initiated 52 0 sid=room
        started room 12
        ended room 11..30
        ended room 10..40
        joined room 9 Ana
        joined room 8 Ben
    ";
    assert_eq!(times(all), (Some(0), Some(12), Some(40)));
    let without = |kind: &str, words: &str| {
        let lines = words.lines().filter(|line| !line.trim().starts_with(kind));
        lines.collect::<Vec<_>>().join("\n")
    };
    let no_start = without("started", all);
    assert_eq!(times(&no_start), (Some(0), Some(10), Some(40)));
    let no_end = without("ended", &no_start);
    assert_eq!(times(&no_end), (Some(0), Some(8), None));
    assert_eq!(times(&without("initiated", &no_end)), (None, Some(8), None));
    assert_eq!(times(&without("joined", &no_end)), (Some(0), None, None));
}

#[test]
fn it_rang_from_the_initiation_to_the_start_or_the_ring_outcome() {
    let rang = |words: &str| told(words).calls[0].json["ring_seconds"].as_i64();
    assert_eq!(rang("initiated 52 0 sid=room \n started room 12"), Some(12));
    assert_eq!(rang("initiated 52 0 \n cancelled 53 20"), Some(20));
    assert_eq!(rang("initiated 52 0 sid=room \n cancelled 53 20 \n started room 30"), Some(30));
    assert_eq!(rang("initiated 52 0"), None);
    assert_eq!(rang("started room 12"), None);
}

#[test]
fn rules_are_the_calls_own_sorted_each_once_and_none_of_them_an_information() {
    let told = told(
        "
        initiated 40 -500 in=elsewhere
        m.started a 0 /type=\"call\"
        m.joined a 1 Ana /type=-
        m.joined b 1 Ana
        m.joined b 1 Ana
        m.joined c 2 Ana
        m.joined c 2 Ana /data/occupant/audio_call=5
        cancelled 53 3
        m.started d 4 /type=\"call\"
    ",
    );
    let rules: Vec<&str> = told.calls.iter().map(|call| &call.rules[..]).collect();
    assert_eq!(rules, ["F007", "S007", "F004", "F004 K003 S002", "L003", "S007"]);
}

#[test]
fn caller_and_receiver_come_from_the_initiation_alone() {
    let told = told(
        "
        initiated 52 0 ana>ben sid=room
        rejected 53 20 ben>ana sid=room
        rejected 63 500 dan>cyd
    ",
    );
    let [first, second] = &told.calls[..] else { panic!("two calls") };
    let people = |call: &super::told::Summary| {
        [&call.json["caller"], &call.json["receiver"], &call.json["caller_name"]]
            .map(|name| name.as_str().unwrap_or("none").to_owned())
    };
    assert_eq!(people(first), ["ana", "ben", "ana"]);
    assert_eq!(people(second), ["none", "none", "none"]);
    assert_eq!(second.json["ring_id"], "63");
    assert_eq!(second.json["conversation_id"], "cyd_user_dan");
    assert_eq!((&second.json["app_id"], &second.json["region"]), (&APP.into(), &"us".into()));
    assert_eq!(first.json["receiver_type"], "user");
}

#[test]
fn receivers_are_users_or_groups() {
    let told = told("initiated 52 0 /data/call/receiverType=\"group\"");
    assert_eq!(told.calls[0].json["receiver_type"], "group");
}

#[test]
fn a_session_with_call_and_meeting_events_is_a_ringing_one() {
    let flow = |words: &str| told(words).calls[0].json["flow"].as_str().map(str::to_owned);
    assert_eq!(flow("m.started a 0 \n joined a 1 Ana").as_deref(), Some("ringing"));
    assert_eq!(flow("m.started a 0 \n recorded a 1+5").as_deref(), Some("session"));
    assert_eq!(flow("initiated 52 0").as_deref(), Some("ringing"));
}

#[test]
fn recordings_are_ordered_by_their_start() {
    let told = told(
        "
        started room 0
        recorded room 30+2.5
        recorded room 20+7
    ",
    );
    let recordings = told.calls[0].json["recordings"].as_array().expect("a list").clone();
    let lengths: Vec<f64> =
        recordings.iter().filter_map(|one| one["duration_seconds"].as_f64()).collect();
    assert_eq!(lengths, [7.0, 2.5]);
    assert_eq!(recordings[0]["url"], "https://recordings.example/20.mp4");
}
