//! Calls that never happened, as the webhooks that CometChat would have sent: few people, few
//! sessions and few seconds, so that everything meets everything.

use serde_json::{Value, json};

use super::dice::Dice;
use super::mess::mess;

const BASE: i64 = 1_767_346_800;
const APPS: [&str; 3] = ["239414efb0e4882a", "239414efb0e4882a", "41730965028817"];
const HOOKS: [&str; 3] = ["66f31560d3b226ee3c03d490", "66f31560d3b226ee3c03d490", "w\"2"];
pub(crate) const PEOPLE: [&str; 3] = ["ana", "ben", "zoë"];
pub(crate) const NAMES: [&str; 8] = [
    "Ana Ruiz",
    "Ben",
    "Zoë \u{1F600}",
    "a\"b\\c",
    "{\"trigger\":\"call_ended\",\"data\":{}}",
    "tab\tline\nnul\u{0}\u{7f}\u{202e}",
    "",
    "[{\"",
];

/// The webhooks of a few calls, in order of sending or nearly so.
pub(crate) fn webhooks(dice: &mut Dice<'_>) -> Vec<Value> {
    let mut sent = Vec::new();
    for number in 0..=dice.below(6) {
        match dice.below(9) {
            0..=5 => ringing(dice, number, &mut sent),
            6 | 7 => meeting(dice, &mut sent),
            _ => sent.push(other(dice)),
        }
    }
    deliver(dice, sent)
}

/// What arrives of what was sent: some of it lost, some twice, some odd.
fn deliver(dice: &mut Dice<'_>, sent: Vec<Value>) -> Vec<Value> {
    let mut delivered = Vec::new();
    for mut webhook in sent {
        if dice.once_in(9) {
            continue;
        }
        if dice.once_in(8) {
            mess(dice, &mut webhook);
        }
        match dice.below(24) {
            21 => delivered.push(webhook.clone()),
            22 => {
                let mut copy = webhook.clone();
                copy["webhook"] = json!("another");
                delivered.push(copy);
            }
            23 => {
                let mut conflict = webhook.clone();
                mess(dice, &mut conflict);
                delivered.push(conflict);
            }
            _ => {}
        }
        delivered.push(webhook);
    }
    delivered
}

fn envelope(dice: &mut Dice<'_>, app: &str, trigger: &str, data: &Value) -> Value {
    let mut body = json!({
        "trigger": trigger, "data": data, "appId": app, "region": "us", "webhook": dice.of(&HOOKS),
    });
    let session = ["_started", "_joined", "_left", "_ended"];
    if session.iter().any(|end| trigger.ends_with(end)) {
        body["type"] = json!(if trigger.starts_with("call_") { "call" } else { "meet" });
    }
    body
}

fn ringing(dice: &mut Dice<'_>, number: usize, sent: &mut Vec<Value>) {
    let app = dice.of(&APPS);
    let (from, to) = (dice.of(&PEOPLE), dice.of(&PEOPLE));
    let at = BASE + dice.seconds(60);
    let epoch = at + [0, 0, 0, 1, -1][dice.below(5)];
    let session = match dice.below(6) {
        5 => "odd \u{e9}\"id".to_owned(),
        hex => format!("v1.us.{app}.{epoch}{}", format!("{hex}f").repeat(20)),
    };
    let ring = Ring { app, caller: from, called: to, group: dice.once_in(5), id: 100 + 7 * number };
    let carries = dice.below(3);
    let initiated = ring.record(dice, "initiated", at, &session, carries);
    sent.push(initiated);
    for _ in 0..=usize::from(dice.once_in(8)) {
        match dice.below(8) {
            0..=2 => {
                let answered_at = at + dice.seconds(5);
                session_events(dice, "call", app, &session, answered_at, sent);
            }
            outcome @ 3..=6 => {
                let action = ["rejected", "busy", "cancelled", "unanswered"][outcome - 3];
                let later = at + dice.seconds(50);
                let carries = [0, 0, 0, 1, 2][dice.below(5)];
                let record = ring.record(dice, action, later, &session, carries);
                sent.push(record);
            }
            _ => {}
        }
    }
}

/// A ring between two people.
struct Ring<'r> {
    app: &'r str,
    caller: &'r str,
    called: &'r str,
    group: bool,
    id: usize,
}

impl Ring<'_> {
    /// The ring record of `action`; `carries`: no session id, `sessionid` or `sessionId`.
    fn record(
        &self,
        dice: &mut Dice<'_>,
        action: &str,
        at: i64,
        session: &str,
        carries: usize,
    ) -> Value {
        let by_called = matches!(action, "rejected" | "busy") && !dice.once_in(6);
        let (sender, receiver) =
            if by_called { (self.called, self.caller) } else { (self.caller, self.called) };
        let (low, high) = (self.caller.min(self.called), self.caller.max(self.called));
        let mut data = json!({"action": action});
        if carries > 0 {
            let key = ["sessionid", "sessionId"][carries - 1];
            data["entities"] = json!({
                "by": {"entity": {"uid": sender, "name": dice.of(&NAMES), "status": "available", "role": "default"}, "entityType": "user"},
                "on": {"entity": {key: session, "status": "initiated", "type": "video", "initiatedAt": at}, "entityType": "call"},
            });
        }
        // `call.id` is a counter that several apps and, in odd captures, several calls share.
        let id = self.id + [0, 1, 2, 0][dice.below(4)];
        let call = json!({
            "id": id.to_string(),
            "conversationId": if self.group { format!("group_{low}") } else { format!("{low}_user_{high}") },
            "sender": sender, "receiverType": if self.group { "group" } else { "user" },
            "receiver": receiver, "category": "call", "type": dice.of(&["video", "audio"]),
            "data": data, "sentAt": at, "updatedAt": at,
        });
        envelope(dice, self.app, &format!("call_{action}"), &json!({"call": call}))
    }
}

fn meeting(dice: &mut Dice<'_>, sent: &mut Vec<Value>) {
    let app = dice.of(&APPS);
    let session = dice.of(&["weekly", "odd \u{e9}\"id", "weekly"]);
    let at = BASE + 3600 * dice.seconds(3) + dice.seconds(20);
    session_events(dice, "meeting", app, session, at, sent);
}

fn session_events(
    dice: &mut Dice<'_>,
    kind: &str,
    app: &str,
    session: &str,
    at: i64,
    sent: &mut Vec<Value>,
) {
    let started = json!({"created_at": at, "sessionId": session});
    sent.push(envelope(dice, app, &format!("{kind}_started"), &started));
    let (mut roster, mut last) = (Vec::new(), at);
    for _ in 0..=dice.below(5) {
        let joined_at = at + dice.seconds(6);
        let left_at = joined_at + dice.seconds(9);
        last = last.max(left_at);
        let stay = json!({"joined_at": joined_at, "audio_call": dice.of(&["false", "true"]), "left_at": left_at, "name": dice.of(&NAMES)});
        roster.push(stay.clone());
        let mut occupant = stay.clone();
        occupant.as_object_mut().map(|occupant| occupant.remove("left_at"));
        let mut joined = json!({"occupant": occupant, "sessionId": session});
        if dice.once_in(2) {
            joined["initial_config"] = json!({"is_video_muted": "false", "call_version": "5.0.3", "sdk": dice.of(&["react", "ios"]), "platform": "web"});
        }
        sent.push(envelope(dice, app, &format!("{kind}_participant_joined"), &joined));
        if !dice.once_in(6) {
            let left = json!({"occupant": stay, "sessionId": session});
            sent.push(envelope(dice, app, &format!("{kind}_participant_left"), &left));
        }
    }
    if dice.once_in(6) {
        roster.pop();
    }
    let created_at = at + [0, 0, 0, 1, -2][dice.below(5)];
    let ended = json!({"all_occupants": roster, "destroyed_at": last, "created_at": created_at, "sessionId": session});
    sent.push(envelope(dice, app, &format!("{kind}_ended"), &ended));
    if dice.once_in(4) {
        let recording = json!({
            "recordingDate": "2026-01-02", "duration": dice.of(&["21.433", "0.5", "7"]),
            "startTime": (at + dice.seconds(12)).to_string(), "sessionId": session,
            "recording_url": "https://recordings.example/a.mp4?signed=\u{e9}",
        });
        sent.push(envelope(dice, app, "recording_generated", &recording));
    }
}

/// A webhook that is no calling event, with one inside that nobody may find.
fn other(dice: &mut Dice<'_>) -> Value {
    let app = dice.of(&APPS);
    let inside =
        json!({"trigger": "call_started", "data": {"created_at": BASE, "sessionId": "no"}});
    let trigger =
        dice.of(&["message_sent", "call_strated", "transcription_generated", "\u{1b}[31m"]);
    let data = json!({"message": {"text": inside.to_string(), "metadata": inside}});
    envelope(dice, app, trigger, &data)
}
