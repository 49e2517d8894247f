//! A capture told as it comes says in the end what it says as a whole.

use std::collections::BTreeMap;

use callscope::event::{Capture, Detail, Span};
use callscope::finding::{Finding, SourceId};
use callscope::flow::Limits;
use callscope::flow::Reconstruction;
use callscope::flow::live::{Live, Patience, Replaced, Tell, Told};
use callscope::input::{self, Answer, Candidate, Counts, Reading, Sink};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use super::dice::{Dice, tape};
use super::world::webhooks;
use super::writing::Style;

const USUAL: Patience = Patience { limits: Limits::USUAL, linger: Span::from_seconds(3600) };

/// Remembers everything.
const ENDLESS: Patience = Patience { linger: Span::from_seconds(100_000 * 86_400), ..USUAL };

/// Everything that was told, the highest revision of each call.
#[derive(Default)]
struct Heard {
    calls: BTreeMap<(String, String), (u32, Option<Value>)>,
    rows: u64,
}

impl Heard {
    fn hear(&mut self, app: Option<&str>, id: &str, revision: u32, row: Option<Value>) {
        let key = (app.unwrap_or_default().to_owned(), id.to_owned());
        let heard = self.calls.entry(key).or_default();
        assert!(revision > heard.0, "revision {revision} of {id} comes behind {}", heard.0);
        *heard = (revision, row);
        self.rows += 1;
    }

    fn calls(self) -> Vec<Value> {
        self.calls.into_values().filter_map(|(_, row)| row).collect()
    }
}

impl Tell for Heard {
    fn call(&mut self, told: &Told<'_>) {
        let row = serde_json::to_value(told.call).unwrap_or_default();
        self.hear(told.call.app_id, told.call.call_id, told.revision, Some(row));
    }

    fn replaced(&mut self, replaced: &Replaced<'_>) {
        self.hear(replaced.app_id, replaced.call_id, replaced.revision, None);
    }
}

/// Hands each webhook on as it comes.
struct Following {
    live: Live,
    heard: Heard,
}

impl Sink for Following {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        let mut one = Capture::new(Detail::All);
        let answer = one.object(candidate);
        if matches!(answer, Answer::Webhook) {
            self.live.add(&one, &mut self.heard);
            self.live.tell(&mut self.heard);
        }
        answer
    }

    fn finding(&mut self, _: Finding) {}
}

fn read(text: &str, sink: &mut impl Sink) {
    let counts = &mut Counts::default();
    let read =
        input::read_text(text.as_bytes(), SourceId(0), false, &Reading::default(), sink, counts);
    assert!(read.is_ok(), "memory can always be read");
}

fn followed(text: &str, patience: Patience) -> Heard {
    let mut following = Following { live: Live::new(patience), heard: Heard::default() };
    read(text, &mut following);
    let Following { live, mut heard } = following;
    live.finish(&mut heard);
    heard
}

/// As it is read whole; of conflicts the first is kept, as where bodies cannot be read again.
fn whole(text: &str) -> Vec<Value> {
    let mut capture = Capture::new(Detail::Warnings);
    read(text, &mut capture);
    let calls = Reconstruction::new(&capture, &USUAL.limits, &|_| None);
    calls.calls().map(|call| serde_json::to_value(&call).unwrap_or_default()).collect()
}

fn sorted(mut calls: Vec<Value>) -> Vec<Value> {
    calls.sort_by_cached_key(|call| (call["app_id"].to_string(), call["call_id"].to_string()));
    calls
}

fn same(text: &str, patience: Patience) {
    let (heard, whole) = (sorted(followed(text, patience).calls()), sorted(whole(text)));
    let ids = |calls: &[Value]| -> Vec<String> {
        calls.iter().map(|call| call["call_id"].to_string()).collect()
    };
    assert_eq!(ids(&heard), ids(&whole), "in\n{text}");
    for (heard, whole) in heard.into_iter().zip(whole) {
        let (heard, whole) = (lasting(heard, patience), lasting(whole, patience));
        for (key, value) in whole.as_object().into_iter().flatten() {
            assert_eq!(&heard[key], value, "{key} of {} in\n{text}", whole["call_id"]);
        }
    }
}

/// The call without the rules that its app's capture has to go on for, where the call may have been
/// forgotten by then: the clock is that of all apps.
fn lasting(mut call: Value, patience: Patience) -> Value {
    if let (Some(rules), true) = (call["rules"].as_array_mut(), patience.linger < ENDLESS.linger) {
        rules.retain(|rule| rule != "F006" && rule != "F007");
    }
    call
}

fn shuffled(dice: &mut Dice<'_>, mut texts: Vec<String>) -> Vec<String> {
    for at in (1..texts.len()).rev() {
        texts.swap(at, dice.below(at + 1));
    }
    texts
}

/// In the order in which they happened, but for what stands near each other and happened within
/// two minutes. What has no time of the first hour is left out, and what has an odd id.
fn nearly_in_order(dice: &mut Dice<'_>, texts: Vec<String>) -> Vec<String> {
    let mut timed: Vec<(i64, String)> =
        texts.into_iter().filter_map(|text| Some((happened(&text)?, text))).collect();
    timed.sort_by_key(|(at, _)| *at);
    for at in 1..timed.len() {
        let other = at.saturating_sub(dice.below(4));
        if timed[at].0 - timed[other].0 < 120 {
            timed.swap(at, other);
        }
    }
    timed.into_iter().map(|(_, text)| text).collect()
}

fn happened(text: &str) -> Option<i64> {
    let mut capture = Capture::new(Detail::Warnings);
    read(text, &mut capture);
    let at = capture.deliveries.iter().next()?.what.event()?.at().seconds();
    let odd = ["sessionId", "sessionid"].iter().any(|key| {
        let key = format!("\"{key}\":");
        text.contains(&key) && !text.contains(&format!("{key}\""))
    });
    ((1_767_346_600..1_767_350_300).contains(&at) && !odd).then_some(at)
}

/// The same some days later, with message ids of their own, however they are written, and where a
/// meeting has another id: without a start and an end only who remembers the first could tell that
/// it is not that one.
fn days_later(text: &str) -> String {
    let text = text.replace("17673", "17678");
    let text = text.replace("\"id\":\"1", "\"id\":\"8").replace("\"id\":1", "\"id\":8");
    text.replace("weekly", "monthly").replace("odd", "even")
}

fn texts(tape: &[u16]) -> Vec<String> {
    let webhooks = webhooks(&mut Dice::new(tape));
    webhooks.iter().map(|value| Style::default().write(value)).collect()
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn who_forgets_nothing_has_told_all_calls_in_the_end(tape in tape(500), order in tape(200)) {
        let texts = shuffled(&mut Dice::new(&order), texts(&tape));
        same(&texts.join("\n"), ENDLESS);
    }

    #[test]
    fn who_forgets_has_told_all_calls_of_what_comes_nearly_in_order(
        tape in tape(500),
        order in tape(200),
    ) {
        let (one, other) = tape.split_at(tape.len() / 2);
        let dice = &mut Dice::new(&order);
        let first = nearly_in_order(dice, texts(one));
        let later = nearly_in_order(dice, texts(other));
        let later = later.iter().map(|text| days_later(text));
        same(&first.iter().cloned().chain(later).collect::<Vec<_>>().join("\n"), USUAL);
    }
}

#[test]
fn a_call_whose_times_are_all_implausible_is_judged_by_what_else_its_app_has_sent() {
    let stay = json!({"audio_call": "true", "joined_at": 1_767_346_808, "name": "Ben"});
    let joined = json!({"occupant": stay, "sessionId": "first"});
    let mut left = stay.clone();
    left["left_at"] = json!(1_767_346_815);
    let ended = json!({
        "all_occupants": [left], "created_at": 1_767_346_806, "sessionId": "second",
        "destroyed_at": 1_767_346_815_000_i64,
    });
    let text = lines([("call_participant_joined", joined), ("call_ended", ended)]);
    let rules = |call: &Value| call["rules"].to_string();
    assert!(whole(&text).iter().any(|call| rules(call).contains("R002")));
    same(&text, USUAL);
}

#[test]
fn an_initiation_finds_the_session_of_the_next_second_where_its_own_has_another_initiation() {
    const SECOND: i64 = 1_767_346_825;
    let session = |second: i64| format!("v1.eu.a.{second}{}", "0f".repeat(20));
    let started = |second: i64| {
        ("call_started", json!({"created_at": SECOND + 1, "sessionId": session(second)}))
    };
    let initiated = |id: &str, session: Option<String>| {
        let on = json!({
            "entity": {"initiatedAt": SECOND, "sessionid": session, "status": "initiated", "type": "audio"},
            "entityType": "call",
        });
        let by = json!({
            "entity": {"name": "Ana", "role": "default", "status": "available", "uid": "ana"},
            "entityType": "user",
        });
        let mut data = json!({"action": "initiated"});
        if session.is_some() {
            data["entities"] = json!({"by": by, "on": on});
        }
        let call = json!({
            "category": "call", "conversationId": "ana_user_ben", "data": data, "id": id,
            "receiver": "ben", "receiverType": "user", "sender": "ana", "sentAt": SECOND,
            "type": "audio", "updatedAt": SECOND,
        });
        ("call_initiated", json!({"call": call}))
    };
    let own = || [started(SECOND), initiated("1", Some(session(SECOND)))];
    let (next, other) = (|| started(SECOND + 1), || initiated("2", None));
    let [[first, second], [third, fourth]] = [own(), [next(), other()]];
    let late = lines([first, second, third, fourth]);
    let [first, second] = own();
    let early = lines([first, next(), other(), second]);
    for text in [late, early] {
        let linked = |call: &Value| call["link_reason"] == "session_epoch";
        assert!(whole(&text).iter().any(linked), "{text}");
        same(&text, USUAL);
    }
}

/// The webhooks of an app, a line each.
fn lines<const MANY: usize>(webhooks: [(&str, Value); MANY]) -> String {
    let bodies = webhooks.map(|(trigger, data)| {
        json!({
            "appId": "a", "data": data, "region": "eu", "trigger": trigger, "type": "call",
            "webhook": "w",
        })
        .to_string()
    });
    bodies.join("\n")
}

#[test]
fn the_highest_revisions_of_each_sample_are_its_calls() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            same(&std::fs::read_to_string(path).expect("UTF-8"), USUAL);
            seen += 1;
        }
    }
    assert!(seen > 10);
}
