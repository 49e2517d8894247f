//! Which delivery stands for an event that came several times.

use callscope::event::key::Status::{Conflict, Copy, Duplicate, Event};

use super::told::{told, told_without_bodies};

#[test]
fn of_a_conflict_the_first_to_arrive_is_kept() {
    let told = told(
        "
        joined s 3 Ana rx=9 /data/occupant/audio_call=\"a\"
        joined s 3 Ana rx=4 /data/occupant/audio_call=\"z\"
        joined s 3 Ana rx=4.5 /data/occupant/audio_call=\"b\"
    ",
    );
    assert_eq!(told.status, [Conflict, Event, Conflict]);
    assert_eq!(told.kept, [2, 2, 2]);
    assert_eq!(told.read_again, [] as [usize; 0]);
}

#[test]
fn one_without_an_arrival_comes_last() {
    let told = told(
        "
        joined s 3 Ana
        joined s 3 Ana rx=90 /data/occupant/audio_call=\"true\"
    ",
    );
    assert_eq!(told.kept, [2, 2]);
}

#[test]
fn of_one_arrival_the_smallest_body_is_kept() {
    let told = told(
        "
        joined s 3 Ana rx=4 /data/occupant/audio_call=\"true\"
        joined s 3 Ana rx=4 /data/occupant/audio_call=\"false\"
        joined s 3 Ana rx=5 /data/occupant/audio_call=\"a\"
    ",
    );
    assert_eq!(told.kept, [2, 2, 2]);
    assert_eq!(told.read_again, [1, 2]);
}

#[test]
fn without_any_arrival_the_smallest_body_is_kept() {
    let told = told(
        "
        joined s 3 Ana /data/occupant/audio_call=\"true\"
        joined s 3 Ana /data/occupant/audio_call=\"false\"
        joined s 3 Ana /data/occupant/audio_call=\"true\"
    ",
    );
    assert_eq!(told.status, [Conflict, Event, Conflict]);
    assert_eq!(told.kept, [2, 2, 2]);
}

#[test]
fn bodies_that_cannot_be_read_again_go_by_their_order() {
    let told = told_without_bodies(
        "
        joined s 3 Ana /data/occupant/audio_call=\"true\"
        joined s 3 Ana /data/occupant/audio_call=\"false\"
    ",
    );
    assert_eq!(told.kept, [1, 1]);
}

#[test]
fn bodies_of_one_content_differ_in_webhook_alone_and_are_not_read_again() {
    let told = told(
        "
        joined s 3 Ana hook=b
        joined s 3 Ana hook=a
        joined s 3 Ana hook=a
    ",
    );
    assert_eq!(told.kept, [2, 2, 2]);
    assert_eq!(told.status, [Copy, Event, Duplicate]);
    assert_eq!(told.read_again, [] as [usize; 0]);
}

#[test]
fn of_one_content_the_first_to_arrive_is_kept() {
    let told = told(
        "
        joined s 3 Ana hook=a rx=9
        joined s 3 Ana hook=b rx=8
    ",
    );
    assert_eq!(told.kept, [2, 2]);
    assert_eq!(told.read_again, [] as [usize; 0]);
}
