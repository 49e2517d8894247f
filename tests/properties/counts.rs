//! Nothing is lost uncounted.

use proptest::prelude::*;

use super::cases;
use super::dice::{Dice, tape};
use super::reading::{Reading, read};
use super::soup::capture;
use super::world::webhooks;
use super::writing::Style;

/// What holds of the counts of any capture.
pub(crate) fn check(reading: &Reading) {
    let summary = reading.summary();
    let told_apart = summary.events
        + summary.duplicates
        + summary.copies
        + summary.conflicts
        + summary.invalid
        + summary.other_webhooks;
    assert_eq!(summary.webhooks, told_apart, "{summary:?}");
    assert_eq!(summary.webhooks, reading.taken.len() as u64, "the sink took each once");
    assert_eq!(summary.webhooks, reading.capture.deliveries.len() as u64);
    // A value with webhooks counts as many documents as it holds webhooks or elements without one.
    assert_eq!(summary.documents, summary.webhooks + summary.not_webhooks, "{summary:?}");
    let damage = ["J001", "J002", "J004", "J005"];
    let told = reading.capture.findings.iter();
    let told = told.filter(|finding| damage.contains(&finding.rule.code));
    let told: u64 = told.map(|finding| finding.count).sum();
    assert_eq!(summary.damaged, told, "each damage is told once");
    let others = reading.codes().contains(&"J003");
    assert_eq!(others, summary.not_webhooks > 0, "{:?}", reading.text());
    let calls = reading.calls();
    let events: usize = calls.calls().map(|call| call.event_count).sum();
    let deliveries: u64 = calls.calls().map(|call| call.delivery_count).sum();
    assert_eq!(events as u64, summary.events, "each event is in one call");
    let delivered = summary.events + summary.duplicates + summary.copies + summary.conflicts;
    assert_eq!(deliveries, delivered, "each delivery of an event counts in its call");
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn every_webhook_is_told_apart_and_every_event_is_in_one_call(tape in tape(400)) {
        let bytes = capture(&mut Dice::new(&tape));
        check(&read(&bytes));
    }

    #[test]
    fn a_value_a_line_is_a_document_a_line(tape in tape(300)) {
        let mut dice = Dice::new(&tape);
        let mut values = webhooks(&mut dice);
        // A generator may leave out what makes a webhook one; what is inside is then found.
        values.retain(|value| value["trigger"].is_string() && value["data"].is_object());
        for _ in 0..dice.below(4) {
            let at = dice.below(values.len() + 1);
            values.insert(at, serde_json::json!({"id": at, "data": [{"a": []}], "trigger": 5}));
        }
        let written: String = values.iter().map(|value| Style::default().write(value) + "\n").collect();
        let reading = read(written.as_bytes());
        prop_assert_eq!(reading.counts.documents, values.len() as u64);
        prop_assert_eq!((reading.counts.damaged, reading.counts.skipped_lines), (0, 0));
    }
}
