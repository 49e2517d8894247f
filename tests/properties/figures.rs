//! Figures of parts put together are those of the whole.

#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

use std::collections::BTreeMap;

use callscope::event::Detail;
use callscope::stats::{CallGroups, CallIndex, CallTally, GroupBy, PartialStats};
use callscope::threads::Threads;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use super::dice::{Dice, tape};
use super::reading::{Reading, read, read_all};
use super::soup::capture;
use super::world::webhooks;
use super::writing::Style;

fn zone() -> TimeZone {
    TimeZone::get("Asia/Kathmandu").expect("a zone")
}

/// The calls dealt out to so many tallies.
fn dealt(reading: &Reading, parts: usize, mut part: impl FnMut() -> usize) -> Vec<CallTally> {
    let calls = reading.calls();
    let index = CallIndex::new(&calls);
    let mut tallies = vec![CallTally::default(); parts];
    for at in calls.indexes() {
        tallies[part()].add(&index.call(at), &zone());
    }
    tallies
}

fn whole(reading: &Reading) -> CallTally {
    dealt(reading, 1, || 0).remove(0)
}

fn together(tallies: impl IntoIterator<Item = CallTally>) -> CallTally {
    let mut all = CallTally::default();
    tallies.into_iter().for_each(|tally| all.merge(tally));
    all
}

/// The tally, written down and read again.
fn written(tally: &CallTally) -> CallTally {
    let text = serde_json::to_string(tally).expect("JSON");
    let read = serde_json::from_str(&text).expect("what was written");
    assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
    read
}

fn app(webhook: &Value) -> String {
    match &webhook["appId"] {
        Value::String(app) => app.clone(),
        other => other.to_string(),
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn parts_can_be_put_together_in_any_order(tape in tape(400)) {
        let mut dice = Dice::new(&tape);
        let reading = read(&capture(&mut dice));
        let all = whole(&reading);
        let [one, two, three] = <[CallTally; 3]>::try_from(dealt(&reading, 3, || dice.below(3)))
            .expect("three");
        prop_assert_eq!(&together([one.clone(), two.clone(), three.clone()]), &all);
        prop_assert_eq!(&together([three.clone(), one.clone(), two.clone()]).stats("UTC"), &all.stats("UTC"));
        let right = together([two.clone(), three.clone()]);
        prop_assert_eq!(&together([one.clone(), right]), &all);
        prop_assert_eq!(&together([CallTally::default(), all.clone(), CallTally::default()]), &all);
        prop_assert_eq!(&together([written(&one), two, written(&three)]), &all);
    }

    #[test]
    fn what_was_written_down_is_what_could_have_come_of_calls(tape in tape(400)) {
        let tally = whole(&read(&capture(&mut Dice::new(&tape))));
        let partial = json!({"schema": "", "zone": "", "grouped_by": null, "summary": null, "whole": tally, "groups": []});
        let partial: PartialStats<()> = serde_json::from_value(partial).expect("a partial");
        prop_assert!(partial.is_sound());
    }

    #[test]
    fn captures_of_an_app_each_put_together_are_the_capture_of_all(tape in tape(400)) {
        let sent = webhooks(&mut Dice::new(&tape));
        let mut apps: BTreeMap<String, String> = BTreeMap::new();
        for webhook in &sent {
            *apps.entry(app(webhook)).or_default() += &(Style::default().write(webhook) + "\n");
        }
        let all: String = sent.iter().map(|webhook| Style::default().write(webhook) + "\n").collect();
        let all = read_all(&[all.into_bytes()], Detail::Warnings);
        let each = apps.into_values().map(|text| {
            whole(&read_all(&[text.into_bytes()], Detail::Warnings))
        });
        let (mut all, mut put_together) = (whole(&all).stats("UTC"), together(each).stats("UTC"));
        // A documented key does not have the app, so that two apps may have one.
        prop_assert!(all.collisions >= put_together.collisions);
        (all.collisions, put_together.collisions) = (0, 0);
        prop_assert_eq!(all, put_together);
    }

    #[test]
    fn every_call_is_in_a_group_and_but_for_platforms_in_one(tape in tape(400)) {
        let reading = read(&capture(&mut Dice::new(&tape)));
        let calls = reading.calls();
        let chosen: Vec<u32> = calls.indexes().collect();
        for by in [GroupBy::Day, GroupBy::Hour, GroupBy::App, GroupBy::Region, GroupBy::Caller, GroupBy::Conversation, GroupBy::Platform, GroupBy::Outcome] {
            let groups = CallGroups::new(by, &calls, &chosen, [], &zone(), Threads::ONE).groups;
            let mut grouped: Vec<u32> = groups.iter().flat_map(|(_, calls)| calls.clone()).collect();
            grouped.sort_unstable();
            if by == GroupBy::Platform {
                grouped.dedup();
            }
            prop_assert_eq!(&grouped, &chosen, "{:?}", by);
        }
    }
}
