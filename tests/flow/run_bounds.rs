//! How far from a run something may lie and still belong to it: each bound, and the second beyond
//! it.

use super::told::groups;

/// Whether the second line is of one call with the first, for each second that it may have.
fn of_the_run(run: &str, event: impl Fn(i64) -> String, expected: &[(i64, bool)]) {
    for (at, within) in expected {
        let found = groups(&format!("{run}\n{}", event(*at)));
        let together = found.iter().any(|group| group.contains('1') && group.contains('2'));
        assert_eq!(together, *within, "{at}: {found:?}");
    }
}

#[test]
fn a_start_belongs_to_a_run_from_five_seconds_before_created_at_until_destroyed_at() {
    let start = |at| format!("m.started weekly {at}");
    let expected = [(94, false), (95, true), (101, true), (199, true), (200, false), (201, false)];
    of_the_run("m.ended weekly 100..200", start, &expected);
}

#[test]
fn a_start_belongs_to_the_run_with_its_created_at_however_short_that_was() {
    of_the_run("m.ended weekly 100..100", |at| format!("m.started weekly {at}"), &[(100, true)]);
}

#[test]
fn a_join_belongs_to_the_first_run_from_five_seconds_before_it() {
    let join = |at| format!("m.joined weekly {at} Ana");
    let expected = [(94, false), (95, true), (98, true), (99, true), (100, true)];
    of_the_run("m.ended weekly 100..200", join, &expected);
}

#[test]
fn a_join_belongs_to_a_run_until_one_second_behind_destroyed_at() {
    let join = |at| format!("m.joined weekly {at} Ana");
    let expected = [(199, true), (200, true), (201, true), (202, false), (203, false)];
    of_the_run("m.ended weekly 100..200", join, &expected);
}

#[test]
fn a_leave_counts_by_its_joined_at() {
    let leave = |at| format!("m.left weekly {at}..900 Ana");
    let expected = [(94, false), (95, true), (201, true), (202, false)];
    of_the_run("m.ended weekly 100..200", leave, &expected);
}

#[test]
fn a_recording_belongs_to_a_run_from_five_seconds_before_to_five_behind() {
    let recording = |at| format!("recorded weekly {at}+9");
    let expected = [(94, false), (95, true), (150, true), (205, true), (206, false)];
    of_the_run("m.ended weekly 100..200", recording, &expected);
}

#[test]
fn a_join_belongs_to_the_next_run_from_one_second_before_it() {
    for (at, expected) in [(298, "1"), (299, "2"), (300, "2")] {
        let found = groups(&format!(
            "
            m.started weekly 100
            m.started weekly 300
            m.joined weekly {at} Ana
        "
        ));
        let group = found.iter().find(|group| group.contains('3')).expect("a run");
        assert!(group.contains(expected), "{at}: {found:?}");
    }
}

#[test]
fn a_recording_belongs_to_the_next_run_from_five_seconds_before_it() {
    for (at, expected) in [(294, "1"), (295, "2"), (300, "2")] {
        let found = groups(&format!(
            "
            m.started weekly 100
            m.started weekly 300
            recorded weekly {at}+9
        "
        ));
        let group = found.iter().find(|group| group.contains('3')).expect("a run");
        assert!(group.contains(expected), "{at}: {found:?}");
    }
}

#[test]
fn a_recording_between_two_runs_is_as_far_from_both_as_it_may_be() {
    for (at, expected) in [(205, "1 3"), (206, "3"), (294, "3"), (295, "3 2")] {
        let found = groups(&format!(
            "
            m.ended weekly 100..200
            m.ended weekly 300..400
            recorded weekly {at}+9
        "
        ));
        let of_it = found.iter().find(|group| group.contains('3')).expect("a run");
        let sorted = |group: &str| {
            let mut lines: Vec<&str> = group.split(' ').collect();
            lines.sort_unstable();
            lines.join(" ")
        };
        assert_eq!(sorted(of_it), sorted(expected), "{at}: {found:?}");
    }
}

#[test]
fn a_start_that_lies_in_two_runs_counts_in_the_latest_that_is_not_over() {
    // Bounds of the inner run, while the outer has a start of its own.
    for (at, inner) in [(294, false), (295, true), (399, true), (400, false)] {
        let found = groups(&format!(
            "
            m.ended weekly 100..900
            m.ended weekly 300..400
            m.started weekly {at}
            m.started weekly 100
        "
        ));
        let of_it = found.iter().find(|group| group.contains('3')).expect("a run");
        assert_eq!(of_it.contains('2'), inner, "{at}: {found:?}");
        assert!(inner || of_it.contains('1'), "{at}: {found:?}");
    }
}
