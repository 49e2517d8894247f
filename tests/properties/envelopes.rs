//! The quick way through an envelope comes to the same as the thorough one, which a name written with
//! an escape, or something beside the body, makes necessary.

use proptest::prelude::*;

use serde::de::IgnoredAny;

use super::cases;
use super::dice::{Dice, tape};
use super::reading::{Reading, read};
use super::soup::edit;
use super::world::webhooks;
use super::writing::Style;

/// How many ways there are to wrap a delivery.
const KINDS: usize = 7;

/// One delivery: as it is read quickly, and so that it is not.
fn wrapped(kind: usize, body: &str) -> (String, String) {
    let string = |body: &str| serde_json::to_string(body).unwrap_or_default();
    let time = r#""2026-02-17T09:40:00Z""#;
    let (quick, name) = match kind {
        0 => (format!(r#"{{"id":"1","receivedAt":1771321200000,"payload":{body}}}"#), "payload"),
        1 => {
            let log = string(&format!("{body}\n"));
            (format!(r#"{{"log":{log},"stream":"stdout","time":{time}}}"#), "stream")
        }
        2 => (
            format!(
                r#"{{"requestContext":{{"timeEpoch":1771321200000}},"body":{}}}"#,
                string(body)
            ),
            "requestContext",
        ),
        3 => {
            let content = string(body);
            let created = r#""2026-02-17 09:40:00""#;
            (format!(r#"{{"uuid":"u","content":{content},"created_at":{created}}}"#), "uuid")
        }
        4 => (
            format!(r#"{{"MESSAGE":{},"__REALTIME_TIMESTAMP":"1771321200000000"}}"#, string(body)),
            "MESSAGE",
        ),
        5 => (format!(r#"{{"trigger":"x","time":{time},"what":[{body},1,{{"a":null}}]}}"#), "time"),
        _ => {
            let line = format!("2026-02-17T09:40:00Z INFO got {body}");
            let thorough = format!("{line} .");
            return (line, thorough);
        }
    };
    let escaped = format!("\"\\u{:04x}{}\":", name.as_bytes()[0], &name[1..]);
    let thorough = quick.replacen(&format!("\"{name}\":"), &escaped, 1);
    (quick, thorough)
}

/// What was read, but for where it stands.
fn told(reading: &Reading) -> String {
    let taken: Vec<_> = (reading.taken.iter().zip(reading.capture.deliveries.iter()))
        .map(|((place, text), delivery)| (place.line, text, delivery.content, delivery.received_at))
        .collect();
    format!("{:?}\n{taken:#?}\n{:?}", reading.counts, reading.codes())
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn an_envelope_read_quickly_holds_what_it_holds_read_thoroughly(
        tape in tape(300),
        edits in tape(40),
    ) {
        let dice = &mut Dice::new(&edits);
        let style = Style::any(dice).flat();
        let (mut quick, mut thorough) = (String::new(), String::new());
        for value in webhooks(&mut Dice::new(&tape)) {
            let (kind, body) = (dice.below(KINDS), style.write(&value));
            let bytes = edit(body.clone().into_bytes(), dice);
            let damaged = String::from_utf8_lossy(&bytes).replace(['\n', '\r'], " ");
            let (one, other) = wrapped(kind, &damaged);
            // What stands beside a fault in an envelope itself is part of what is told of it.
            let is_whole = serde_json::from_str::<IgnoredAny>(&one).is_ok();
            let (one, other) = if is_whole { (one, other) } else { wrapped(kind, &body) };
            quick.push_str(&one);
            quick.push('\n');
            thorough.push_str(&other);
            thorough.push('\n');
        }
        let (one, other) = (read(quick.as_bytes()), read(thorough.as_bytes()));
        prop_assert_eq!(told(&one), told(&other), "{}", quick);
    }
}
