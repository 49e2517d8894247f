//! A law: a validator says of a payload by its event's schema what callscope says of it.

use std::fs::File;
use std::path::Path;

use callscope::event::Trigger;
use callscope::view::schema::example;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::judge::{Validators, judged};
use super::{dice, mess, odd, world};

/// Holds both against each other, and says how many payloads there were.
fn agree(validators: &Validators, capture: &str) -> Result<usize, String> {
    let judged = judged(capture.as_bytes());
    judged.iter().try_for_each(|one| validators.agree(one))?;
    Ok(judged.len())
}

fn lines(payloads: &[Value]) -> String {
    payloads.iter().flat_map(|payload| [payload.to_string(), "\n".into()]).collect()
}

#[test]
fn they_agree_about_every_sample() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let (validators, mut count) = (Validators::new(), 0);
    for entry in ignore::Walk::new(samples).map(|entry| entry.expect("a folder")) {
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            for judged in judged(File::open(entry.path()).expect("a file")) {
                validators.agree(&judged).unwrap_or_else(|differ| panic!("{differ}"));
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn they_agree_about_every_field_made_odd() {
    let (validators, mut count) = (Validators::new(), 0);
    for trigger in Trigger::ALL {
        let payload: Value = serde_json::from_str(example(trigger)).expect("JSON");
        let payloads = odd::odd(&payload);
        match agree(&validators, &lines(&payloads)) {
            // What has no object as its data is no webhook at all.
            Ok(judged) => count += judged,
            Err(differ) => panic!("{differ}"),
        }
    }
    assert!(count > 10_000, "{count}");
}

/// Recordings with each of these values in this field.
fn they_agree_about_recordings(key: &str, values: impl Iterator<Item = String>) {
    let payload: Value = serde_json::from_str(example(Trigger::RecordingGenerated)).expect("JSON");
    let payloads = values.map(|value| {
        let mut payload = payload.clone();
        payload["data"][key] = json!(value);
        payload
    });
    let payloads: Vec<Value> = payloads.collect();
    let count = agree(&Validators::new(), &lines(&payloads));
    assert_eq!(count.unwrap_or_else(|differ| panic!("{differ}")), payloads.len());
}

#[test]
fn they_agree_about_every_day() {
    let days =
        (0..14).flat_map(|month| (0..33).map(move |day| format!("2023-{month:02}-{day:02}")));
    they_agree_about_recordings("recordingDate", days);
    they_agree_about_recordings(
        "recordingDate",
        (0..10_000).map(|year| format!("{year:04}-02-29")),
    );
}

#[test]
fn they_agree_about_whatever_begins_a_host() {
    let signs = ('\0'..='\u{ff}').chain(['\u{fffd}', '\u{1f600}']);
    they_agree_about_recordings("recording_url", signs.map(|sign| format!("https://{sign}x/a")));
}

#[test]
fn they_agree_about_odd_captures() {
    let validators = Validators::new();
    let config = Config { failure_persistence: None, ..Config::default() };
    let tapes = (dice::tape(300), dice::tape(80));
    let law = |(tape, odd): (Vec<u16>, Vec<u16>)| {
        let odd = &mut dice::Dice::new(&odd);
        let mut webhooks = world::webhooks(&mut dice::Dice::new(&tape));
        for webhook in &mut webhooks {
            for _ in 0..odd.below(4) {
                mess::mess(odd, webhook);
            }
        }
        agree(&validators, &lines(&webhooks)).map(drop).map_err(TestCaseError::fail)
    };
    TestRunner::new(config).run(&tapes, law).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn what_is_no_webhook_is_no_payload_either() {
    let validator = Validators::new();
    for trigger in Trigger::ALL {
        for data in [json!(null), json!([]), json!("x")] {
            let payload = json!({"trigger": trigger.name(), "data": data});
            assert!(judged(payload.to_string().as_bytes()).is_empty());
            assert!(!validator.open(trigger).is_valid(&payload));
        }
    }
}
