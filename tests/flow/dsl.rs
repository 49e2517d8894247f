//! Webhooks in short: a line of words is one delivery.
//!
//! ```text
//! initiated 52 0 ana>ben            call_initiated, `call.id` 52, at second 0 of the tests' time
//! rejected 53 20                    by the callee; likewise busy, cancelled, unanswered
//! started @0 2                      call_started; `@0` is the ringing session id of second 0
//! joined @0 3 Ana                   call_participant_joined
//! left @0 3..9 Ana                  call_participant_left
//! ended @0 2..9 Ana:3..9,Ben:4..9   call_ended with its roster
//! m.started weekly 0                meeting_started; `m.` makes a meeting of the four above
//! recorded weekly 5+20.5            recording_generated
//! other message_sent                another trigger
//! ```
//!
//! `key=value` behind them: `sid` (a ring record's session), `in` (its conversation), `app`,
//! `region`, `hook`, `platform`; `/pointer=json` puts any value into the body, `/pointer=-` takes
//! one out, and `rx=5` says when it arrived, `loose` that spaces stand in the body.

use serde_json::{Value, json};

/// Second 0 of the tests.
pub(crate) const BASE: i64 = 1_767_346_800;
pub(crate) const APP: &str = "239414efb0e4882a";
pub(crate) const HOOK: &str = "hook";

/// One delivery.
pub(crate) struct Hook {
    pub(crate) body: String,
    /// When it arrived, in seconds of the tests.
    pub(crate) arrived: Option<f64>,
}

/// The options of a line.
struct Options<'l>(Vec<(&'l str, &'l str)>);

impl<'l> Options<'l> {
    fn get(&self, key: &str) -> Option<&'l str> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    fn or(&self, key: &str, default: &'l str) -> &'l str {
        self.get(key).unwrap_or(default)
    }
}

/// The webhooks of a text, one a line.
pub(crate) fn hooks(text: &str) -> Vec<Hook> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(hook).collect()
}

/// `@12`, `@12b` and so on: the ringing session id of that second; any other id stands for itself.
pub(crate) fn session(id: &str) -> String {
    session_of(id, "us", APP)
}

fn session_of(id: &str, region: &str, app: &str) -> String {
    let Some(second) = id.strip_prefix('@') else {
        return id.to_owned();
    };
    let digits = second.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    let hex = if digits == second { "a" } else { &second[digits.len()..] };
    format!("v1.{region}.{app}.{}{}", BASE + whole(digits), hex.repeat(40))
}

/// The id of a meeting's run.
pub(crate) fn meeting(id: &str, second: i64) -> String {
    format!("{id}@{}", BASE + second)
}

fn whole(text: &str) -> i64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

fn time(text: &str) -> i64 {
    BASE + whole(text)
}

fn range(text: &str) -> (i64, i64) {
    let (from, to) = text.split_once("..").unwrap_or_else(|| panic!("{text} is no range"));
    (time(from), time(to))
}

fn hook(line: &str) -> Hook {
    let is_option = |word: &&str| word.contains('=') || *word == "loose";
    let words: Vec<&str> = line.split_whitespace().filter(|word| !is_option(word)).collect();
    let options = line.split_whitespace().filter(is_option);
    let options = Options(options.map(|word| word.split_once('=').unwrap_or((word, ""))).collect());
    let (trigger, kind, data) = data(&words, &options);
    let mut body = json!({
        "trigger": trigger, "data": data, "appId": options.or("app", APP),
        "region": options.or("region", "us"), "webhook": options.or("hook", HOOK),
    });
    if let Some(kind) = kind {
        body["type"] = json!(kind);
    }
    for (pointer, value) in options.0.iter().filter(|(key, _)| key.starts_with('/')) {
        change(&mut body, pointer, value);
    }
    let loose = options.get("loose").is_some();
    Hook {
        body: if loose { format!(" {body}").replacen("{\"", "{ \"", 1) } else { body.to_string() },
        arrived: options.get("rx").map(|second| second.parse().expect("a number")),
    }
}

fn change(body: &mut Value, pointer: &str, value: &str) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing is at {parent}"));
    match value {
        "-" => drop(parent.as_object_mut().expect("an object").remove(key)),
        value => parent[key] = serde_json::from_str(value).expect("JSON"),
    }
}

/// Trigger, `type` and data of a line.
fn data(words: &[&str], options: &Options<'_>) -> (String, Option<&'static str>, Value) {
    match words {
        [
            action @ ("initiated" | "rejected" | "busy" | "cancelled" | "unanswered"),
            id,
            at,
            who @ ..,
        ] => (format!("call_{action}"), None, ring(action, id, time(at), who, options)),
        ["recorded", id, span] => {
            ("recording_generated".to_owned(), None, recording(id, span, options))
        }
        ["other", trigger] => ((*trigger).to_owned(), None, json!({})),
        [event, id, rest @ ..] => {
            let (flow, kind, event) = match event.strip_prefix("m.") {
                Some(event) => ("meeting", "meet", event),
                None => ("call", "call", *event),
            };
            let (name, mut data) = of_session(event, rest, options);
            data["sessionId"] = json!(own_session(id, options));
            (format!("{flow}_{name}"), Some(kind), data)
        }
        _ => panic!("{words:?} say nothing"),
    }
}

fn own_session(id: &str, options: &Options<'_>) -> String {
    session_of(id, options.or("id_region", "us"), options.or("id_app", options.or("app", APP)))
}

fn ring(action: &str, id: &str, at: i64, who: &[&str], options: &Options<'_>) -> Value {
    let by_callee = matches!(action, "rejected" | "busy");
    let usual = if by_callee { "ben>ana" } else { "ana>ben" };
    let (sender, receiver) = who.first().unwrap_or(&usual).split_once('>').expect("two people");
    let (low, high) = (sender.min(receiver), sender.max(receiver));
    let conversation = format!("{low}_user_{high}");
    let mut record = json!({
        "id": id, "conversationId": options.or("in", &conversation), "sender": sender,
        "receiverType": "user", "receiver": receiver, "category": "call", "type": "video",
        "data": {"action": action}, "sentAt": at, "updatedAt": at,
    });
    if let Some(session) = options.get("sid") {
        record["data"]["entities"] = json!({
            "by": {"entity": {"uid": sender, "name": sender, "status": "available", "role": "default"}, "entityType": "user"},
            "on": {"entity": {"sessionid": own_session(session, options), "status": action, "type": "video", "initiatedAt": at}, "entityType": "call"},
        });
    }
    json!({"call": record})
}

fn recording(id: &str, span: &str, options: &Options<'_>) -> Value {
    let (start, duration) = span.split_once('+').expect("a start and a length");
    let (second, fraction) = start.split_at(start.find('.').unwrap_or(start.len()));
    json!({
        "recordingDate": "2026-01-02", "duration": duration,
        "startTime": format!("{}{fraction}", time(second)),
        "sessionId": own_session(id, options),
        "recording_url": format!("https://recordings.example/{start}.mp4"),
    })
}

fn of_session(event: &str, rest: &[&str], options: &Options<'_>) -> (String, Value) {
    match (event, rest) {
        ("started", [at]) => ("started".to_owned(), json!({"created_at": time(at)})),
        ("joined", [at, name]) => {
            let occupant = json!({"joined_at": time(at), "audio_call": "false", "name": name});
            let mut data = json!({"occupant": occupant});
            if let Some(platform) = options.get("platform") {
                data["initial_config"] =
                    json!({"platform": platform, "sdk": "react", "call_version": "2.3.0"});
            }
            ("participant_joined".to_owned(), data)
        }
        ("left", [span, name]) => {
            ("participant_left".to_owned(), json!({"occupant": occupant(name, span)}))
        }
        ("ended", [span, roster @ ..]) => {
            let (created_at, destroyed_at) = range(span);
            let entries = roster.iter().flat_map(|roster| roster.split(','));
            let entries = entries.map(|entry| {
                let (name, span) = entry.split_once(':').expect("a name and its time");
                occupant(name, span)
            });
            let data = json!({
                "all_occupants": entries.collect::<Vec<_>>(), "destroyed_at": destroyed_at,
                "created_at": created_at,
            });
            ("ended".to_owned(), data)
        }
        _ => panic!("{event} {rest:?} say nothing"),
    }
}

fn occupant(name: &str, span: &str) -> Value {
    let (joined_at, left_at) = range(span);
    json!({"joined_at": joined_at, "audio_call": "false", "left_at": left_at, "name": name})
}
