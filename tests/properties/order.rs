//! Calls do not depend on how their webhooks arrived or were written down.

use std::collections::HashSet;

use callscope::event::{Detail, key::Status};
use proptest::prelude::*;
use serde_json::Value;

use super::cases;
use super::dice::{Dice, tape};
use super::reading::{Reading, read_all};
use super::soup::lay_out;
use super::world::webhooks;
use super::writing::Style;

fn shuffled(dice: &mut Dice<'_>, mut texts: Vec<String>) -> Vec<String> {
    for at in (1..texts.len()).rev() {
        texts.swap(at, dice.below(at + 1));
    }
    texts
}

/// Lays the texts out over up to three sources.
fn spread(dice: &mut Dice<'_>, texts: &[String]) -> Vec<Vec<u8>> {
    let mut sources = vec![Vec::new(); 1 + dice.below(3)];
    for text in texts {
        let source = dice.below(sources.len());
        sources[source].push(text.clone());
    }
    sources.into_iter().map(|texts| lay_out(dice, &texts)).collect()
}

fn plain(texts: &[String]) -> Reading {
    read_all(&[texts.join("\n").into_bytes()], Detail::All)
}

fn write(values: &[Value]) -> Vec<String> {
    values.iter().map(|value| Style::default().write(value)).collect()
}

/// Without those that another event of the same identity contradicts: which of them is kept depends
/// on how they are written.
fn without_conflicts(values: Vec<Value>) -> Vec<Value> {
    let reading = plain(&write(&values));
    let calls = reading.calls();
    if calls.identities.status.len() != values.len() {
        return Vec::new();
    }
    let statuses = calls.identities.status.iter();
    let kept = values.into_iter().zip(statuses).filter(|(_, status)| **status != Status::Conflict);
    kept.map(|(value, _)| value).collect()
}

/// The same calls, and where deliveries count the same findings too.
fn same(one: &Reading, other: &Reading, counted: bool) {
    same_calls(one, other, counted);
    if counted {
        assert_eq!(one.findings(), other.findings(), "in\n{}", one.texts().join("\n"));
    }
}

fn same_calls(one: &Reading, other: &Reading, counted: bool) {
    let (story, again) = (one.story(counted), other.story(counted));
    for (call, other) in story.iter().zip(&again) {
        for (key, value) in call.as_object().into_iter().flatten() {
            let text = one.texts().join("\n");
            assert_eq!(value, &other[key], "{key} of {} in\n{text}", call["call_id"]);
        }
    }
    assert_eq!(story.len(), again.len());
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn calls_are_the_same_in_any_order_and_layout(tape in tape(500), order in tape(200)) {
        let texts = write(&webhooks(&mut Dice::new(&tape)));
        let dice = &mut Dice::new(&order);
        let moved = shuffled(dice, texts.clone());
        let sources = spread(dice, &moved);
        same(&plain(&texts), &read_all(&sources, Detail::All), true);
    }

    #[test]
    fn calls_are_the_same_when_webhooks_are_repeated(tape in tape(400), order in tape(200)) {
        let texts = write(&webhooks(&mut Dice::new(&tape)));
        let dice = &mut Dice::new(&order);
        let mut more = texts.clone();
        for _ in 0..=dice.below(6) {
            more.extend(texts.get(dice.below(texts.len())).cloned());
        }
        let moved = shuffled(dice, more);
        same(&plain(&texts), &plain(&moved), false);
    }

    #[test]
    fn calls_are_the_same_in_any_writing(tape in tape(400), order in tape(300)) {
        let values = without_conflicts(webhooks(&mut Dice::new(&tape)));
        let dice = &mut Dice::new(&order);
        let styled = values.iter().map(|value| Style::any(dice).write(value)).collect();
        let moved = shuffled(dice, styled);
        let sources = spread(dice, &moved);
        // The findings may quote a value as it is written.
        same_calls(&plain(&write(&values)), &read_all(&sources, Detail::All), true);
    }

    #[test]
    fn calls_are_the_same_however_much_is_told(tape in tape(400)) {
        let source = [write(&webhooks(&mut Dice::new(&tape))).join("\n").into_bytes()];
        let all = read_all(&source, Detail::Unknown);
        for detail in [Detail::Warnings, Detail::All] {
            same_calls(&read_all(&source, detail), &all, true);
        }
    }

    #[test]
    fn call_ids_are_unique_in_an_app(tape in tape(500)) {
        let reading = plain(&write(&webhooks(&mut Dice::new(&tape))));
        let calls = reading.calls();
        let mut ids = HashSet::new();
        for call in calls.calls() {
            prop_assert!(ids.insert((call.app_id, call.call_id)), "{} is there twice", call.call_id);
        }
    }
}
