//! A law: the fast path and the slow path agree about every payload.
//!
//! The payloads come from the generators of `tests/properties`.

#[path = "../../tests/properties/dice.rs"]
mod dice;
#[path = "../../tests/properties/mess.rs"]
mod mess;
#[path = "../../tests/properties/world.rs"]
mod world;

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::decode::decode;
use super::explain::{Explained, explain};
use super::fields::{Entry, Fields};
use super::rules;
use super::schema::Slot;
use super::trigger::Trigger;
use super::value::Spare;

const SLOTS: [Slot; Slot::COUNT] = [
    Slot::Trigger,
    Slot::Type,
    Slot::AppId,
    Slot::Region,
    Slot::Webhook,
    Slot::SessionId,
    Slot::CreatedAt,
    Slot::DestroyedAt,
    Slot::JoinedAt,
    Slot::LeftAt,
    Slot::AudioCall,
    Slot::Name,
    Slot::Platform,
    Slot::Sdk,
    Slot::CallVersion,
    Slot::RingId,
    Slot::RingSession,
    Slot::ConversationId,
    Slot::Sender,
    Slot::Receiver,
    Slot::ReceiverType,
    Slot::Media,
    Slot::Action,
    Slot::SentAt,
    Slot::CallerName,
    Slot::StartTime,
    Slot::Duration,
    Slot::RecordingUrl,
];

/// All that is kept, in words.
fn kept(fields: &Fields<'_>, roster: &[Entry<'_>]) -> Vec<String> {
    let fields = SLOTS.iter().map(|slot| {
        let (text, flag) = (fields.text(*slot), fields.flag(*slot));
        format!("{slot:?}: {text:?} {flag:?} {:?} {:?}", fields.moment(*slot), fields.span(*slot))
    });
    fields.chain(roster.iter().map(|entry| format!("{entry:?}"))).collect()
}

/// What holds of one payload.
fn agree(body: &str) -> Result<(), TestCaseError> {
    let spare = &Spare::new();
    let decoded = decode(body, spare).expect("valid JSON");
    let trigger = decoded.fields.text(Slot::Trigger).and_then(Trigger::parse);
    let Some(trigger) = trigger.filter(|_| decoded.webhook) else {
        return Ok(());
    };
    let Explained { fields, roster, problems } = explain(body, trigger, None, spare);
    let told = |codes: &[&str]| problems.iter().any(|problem| codes.contains(&problem.rule.code));
    let unknown = told(&[rules::UNKNOWN_FIELD.code]);
    let lenient = told(&[rules::LENIENT_TYPE.code]);
    let other = problems.iter().any(|problem| {
        problem.rule != &rules::UNKNOWN_FIELD && problem.rule != &rules::LENIENT_TYPE
    });
    if decoded.refused || !decoded.fits(trigger) {
        // What is odd may be another event's field, which is none of this one's.
        prop_assert!(other || unknown, "refused without a reason: {}", body);
        return Ok(());
    }
    prop_assert!(!other, "fits, but {:?}: {}", problems, body);
    prop_assert!(decoded.unknown || !unknown, "an unknown field goes untold: {}", body);
    prop_assert_eq!(decoded.lenient && !unknown, lenient && !unknown, "{}", body);
    prop_assert_eq!(
        kept(&decoded.fields, &decoded.roster),
        kept(&fields, &roster.unwrap_or_default()),
        "the paths read other values: {}",
        body
    );
    Ok(())
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_paths_agree_about_every_payload(tape in dice::tape(400)) {
        for webhook in world::webhooks(&mut dice::Dice::new(&tape)) {
            agree(&webhook.to_string())?;
        }
    }

    #[test]
    fn the_paths_agree_about_odd_payloads(tape in dice::tape(300), odd in dice::tape(80)) {
        let odd = &mut dice::Dice::new(&odd);
        for mut webhook in world::webhooks(&mut dice::Dice::new(&tape)) {
            for _ in 0..=odd.below(3) {
                mess::mess(odd, &mut webhook);
            }
            agree(&webhook.to_string())?;
        }
    }

    #[test]
    fn the_paths_agree_about_a_key_that_stands_twice(tape in dice::tape(100), at in any::<prop::sample::Index>()) {
        for webhook in world::webhooks(&mut dice::Dice::new(&tape)) {
            let body = webhook.to_string();
            // A member of any object comes a second time, before itself.
            let members: Vec<usize> = body.match_indices("\":").map(|(colon, _)| colon).collect();
            let colon = members[at.index(members.len())];
            let Some(key) = body[..colon].rfind('"') else { continue };
            let twice = format!("{}\":null,{}", &body[..colon], &body[key..]);
            if serde_json::from_str::<serde::de::IgnoredAny>(&twice).is_ok() {
                agree(&twice)?;
            }
        }
    }
}
