//! What differs is told, all of it, and nothing else.

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use crate::program::{Shelf, calls, diff, events, lines};

/// The lines without those at these places, turned round.
fn without(lines: &[String], removed: &[usize]) -> Vec<String> {
    let kept = lines.iter().enumerate().filter(|(at, _)| !removed.contains(at));
    kept.map(|(_, line)| line.clone()).rev().collect()
}

/// The same with A and B named the other way round.
fn mirrored(told: &Value) -> Value {
    let text = told.to_string();
    let swaps = [
        ("only_a", "only_b"),
        ("\"call_a\"", "\"call_b\""),
        ("parts_a", "parts_b"),
        ("\"a\":", "\"b\":"),
    ];
    let text = swaps.iter().fold(text, |text, (one, other)| {
        text.replace(one, "\u{1}").replace(other, one).replace('\u{1}', other)
    });
    serde_json::from_str(&text).expect("JSON")
}

/// A call or event without what names the first side's value where both have one.
fn core(told: &Value) -> Vec<Value> {
    let mut all = calls(told).to_vec();
    for call in &mut all {
        call.as_object_mut().expect("a call").remove("call_id");
        for event in call["events"].as_array_mut().expect("events") {
            let event = event.as_object_mut().expect("an event");
            for name in ["event_at", "text", "sender", "receiver"] {
                event.remove(name);
            }
        }
    }
    all
}

#[test]
fn ten_webhooks_removed_two_calls_changed_and_everything_shuffled_is_told_so() {
    let shelf = Shelf::new();
    let a = shelf.generate("a", "--calls 300 --seed 21");
    let all = lines(&a);
    let removed: Vec<usize> = (0..10).map(|nth| nth * 61 + 40).collect();
    let mut changed = all.clone();
    let is = |trigger: &str| {
        let wanted = format!("\"trigger\":\"{trigger}\"");
        let found = (0..all.len()).filter(|at| all[*at].contains(&wanted) && !removed.contains(at));
        found.collect::<Vec<_>>()
    };
    let (end, leave) = (is("call_ended")[20], is("call_participant_left")[90]);
    for (at, pointer) in [(end, "/data/destroyed_at"), (leave, "/data/occupant/left_at")] {
        let mut webhook: Value = serde_json::from_str(&all[at]).expect("JSON");
        let time = webhook.pointer_mut(pointer).expect("a time");
        *time = json!(time.as_i64().expect("a number") + 7);
        changed[at] = webhook.to_string();
    }
    let b = shelf.write("b", &without(&changed, &removed));
    let (told, status) = diff(&a, &b, &[]);
    assert_eq!(status, Some(1));
    let number = |at: usize| u64::try_from(at).expect("small") + 1;
    let removed: Vec<u64> = removed.into_iter().map(number).collect();
    assert_eq!(events(&told, "only_a", "a"), removed);
    assert_eq!(events(&told, "only_b", "b"), [0_u64; 0]);
    let mut retimed = [number(end), number(leave)];
    retimed.sort_unstable();
    assert_eq!(events(&told, "changed", "a"), retimed);
    let summary = &told["summary"];
    assert_eq!((&summary["events_only_a"], &summary["events_changed"]), (&json!(10), &json!(2)));
    let of = |field: &str| summary[field].as_u64().expect("a count");
    let differing = u64::try_from(calls(&told).len()).expect("small");
    assert_eq!(of("calls_changed") + of("calls_only_a") + of("calls_only_b"), differing);
    assert_eq!(of("calls_same") + differing - of("calls_only_b"), 300);
}

proptest! {
    #![proptest_config(Config { cases: 16, failure_persistence: None, ..Config::default() })]

    #[test]
    fn each_removed_webhook_is_named_and_nothing_else(
        seed in 0..1000_u32,
        from_b in prop::collection::btree_set(0..150_usize, 0..12),
        from_a in prop::collection::btree_set(0..150_usize, 0..6),
    ) {
        let shelf = Shelf::new();
        let all = lines(&shelf.generate("all", &format!("--calls 40 --seed {seed}")));
        let from_a: Vec<usize> = from_a.difference(&from_b).copied().collect();
        let from_b: Vec<usize> = from_b.into_iter().collect();
        // What each lacks is told by its line in the other.
        let (in_a, in_b) = (without(&all, &from_a), without(&all, &from_b));
        let places = |lines: &[String], removed: &[usize]| {
            let mut places: Vec<u64> = removed
                .iter()
                .filter_map(|at| lines.iter().position(|line| *line == all[*at]))
                .map(|at| at as u64 + 1)
                .collect();
            places.sort_unstable();
            places
        };
        let (a, b) = (shelf.write("a", &in_a), shelf.write("b", &in_b));
        let (told, status) = diff(&a, &b, &[]);
        prop_assert_eq!(events(&told, "only_a", "a"), places(&in_a, &from_b));
        prop_assert_eq!(events(&told, "only_b", "b"), places(&in_b, &from_a));
        prop_assert_eq!(events(&told, "changed", "a"), Vec::<u64>::new());
        prop_assert_eq!(status, Some(i32::from(!from_a.is_empty() || !from_b.is_empty())));
        // The other way round it is the same, the other way round.
        let (turned, _) = diff(&b, &a, &[]);
        prop_assert_eq!(core(&mirrored(&turned)), core(&told));
    }
}
