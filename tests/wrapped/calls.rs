//! Calls that never happened, as the webhooks that CometChat would have sent. Nothing is lost and
//! nothing ambiguous: what is odd is what people call themselves.

use serde_json::{Value, json};

use super::dice::Dice;

const START: i64 = 1_767_346_800;
const APPS: [&str; 2] = ["7c1f0a92d3b86e45", "90817263544536"];
pub(crate) const HOOK: &str = "4e0b7a6f19d8c25300aa41fe";

/// Stands for a lone surrogate, which a `Value` does not hold; see [`super::bodies`].
pub(crate) const HALF: char = '\u{e0ff}';

const NAMES: [&str; 18] = [
    "Ida Brandt",
    "Jo",
    "Łukasz / Ops",
    "Renée \u{1F469}\u{200D}\u{1F680}",
    "\"quoted\"",
    "back\\slash \\\" \\n \\\\",
    "{\"trigger\":\"call_ended\"}",
    "{\"trigger\":\"call_ended\",\"data\":{\"sessionId\":\"no\",\"destroyed_at\":1}}",
    "שלום \u{202e}abc",
    "half \u{e0ff}!",
    "tab\tline\nreturn\r\u{1}\u{7f}",
    "}}]}\" , {[\"",
    "\\x22 \\u0022 &quot; %22",
    "[2026-01-02 10:11:12] local.INFO: {\"body\":\"",
    "[06/May/2031:07:08:09 +0000] \"POST /\"",
    "2031-05-06T07:08:09.123Z\tINFO\t",
    "api-1  | web-1 stdout F {",
    "日本語",
];

/// One webhook and the second in which it was sent.
pub(crate) struct Webhook {
    pub(crate) at: i64,
    pub(crate) body: Value,
}

/// The webhooks of so many calls, in order of sending.
pub(crate) fn webhooks(calls: i64, dice: &mut Dice<'_>) -> Vec<Webhook> {
    let mut sent = Vec::new();
    for number in 0..calls {
        let at = START + 37 * number;
        let mut call = Call { number, app: dice.of(&APPS), at, sent: &mut sent };
        match dice.below(10) {
            _ if call.is_crowded() => call.answered(dice),
            0..=2 => call.answered(dice),
            3..=7 => {
                let outcome = dice.of(&["rejected", "busy", "cancelled", "unanswered"]);
                call.declined(outcome, dice);
            }
            8 => call.meeting(dice),
            _ => call.other(dice),
        }
    }
    sent.sort_by_key(|webhook| webhook.at);
    sent
}

/// A call on its way.
struct Call<'c> {
    number: i64,
    app: &'c str,
    at: i64,
    sent: &'c mut Vec<Webhook>,
}

impl Call<'_> {
    fn send(&mut self, at: i64, trigger: &str, data: &Value) {
        let mut body = json!({
            "trigger": trigger, "data": data, "appId": self.app, "region": "eu", "webhook": HOOK,
        });
        let session = ["_started", "_joined", "_left", "_ended"];
        if session.iter().any(|end| trigger.ends_with(end)) {
            body["type"] = json!(if trigger.starts_with("call_") { "call" } else { "meet" });
        }
        self.sent.push(Webhook { at, body });
    }

    /// Whether hundreds come, whose own events nobody waits for: its end is a body of 40 KB.
    fn is_crowded(&self) -> bool {
        self.number == 7
    }

    fn answered(&mut self, dice: &mut Dice<'_>) {
        let session = format!("v1.eu.{}.{}{:040x}", self.app, self.at, self.number * 7_919);
        self.ring("initiated", self.at, Some(&session), dice);
        let answered_at = self.at + 2 + dice.seconds(20);
        self.session("call", &session, answered_at, dice);
    }

    /// A ring that nobody answers. Some tell no session, and are linked by their conversation.
    fn declined(&mut self, action: &str, dice: &mut Dice<'_>) {
        let session = format!("v1.eu.{}.{}{:040x}", self.app, self.at, self.number * 104_729);
        let told = dice.once_in(2).then_some(session.as_str());
        self.ring("initiated", self.at, told, dice);
        let declined_at = self.at + 1 + dice.seconds(40);
        self.ring(action, declined_at, None, dice);
    }

    fn ring(&mut self, action: &str, at: i64, session: Option<&str>, dice: &mut Dice<'_>) {
        let (from, to) = (format!("ida{}", self.number), format!("jo/{}", self.number));
        let acts = matches!(action, "rejected" | "busy");
        let (sender, receiver) = if acts { (&to, &from) } else { (&from, &to) };
        let mut data = json!({"action": action, "resource": "WEB-4_0_8"});
        if let Some(session) = session {
            data["entities"] = json!({
                "by": {"entity": {"uid": sender, "name": dice.of(&NAMES), "status": "online", "role": "default"}, "entityType": "user"},
                "on": {"entity": {"sessionid": session, "status": action, "type": "video", "initiatedAt": at}, "entityType": "call"},
            });
        }
        let call = json!({
            "id": (at - START + 40).to_string(), "conversationId": format!("{from}_user_{to}"),
            "sender": sender, "receiverType": "user", "receiver": receiver, "category": "call",
            "type": "video", "data": data, "sentAt": at, "updatedAt": at,
        });
        self.send(at, &format!("call_{action}"), &json!({"call": call}));
    }

    fn meeting(&mut self, dice: &mut Dice<'_>) {
        let session = format!("stand-up / {} \"é\"", self.number);
        self.session("meeting", &session, self.at, dice);
    }

    fn session(&mut self, kind: &str, session: &str, at: i64, dice: &mut Dice<'_>) {
        let started = json!({"created_at": at, "sessionId": session});
        self.send(at, &format!("{kind}_started"), &started);
        let crowd = if self.is_crowded() { 350 + dice.below(100) } else { 0 };
        let (mut roster, mut last) = (Vec::new(), at);
        for seat in 0..2 + dice.below(3) + crowd {
            let joined_at = at + dice.seconds(30);
            let left_at = joined_at + 5 + dice.seconds(600);
            last = last.max(left_at);
            let name = format!("{} {seat}", dice.of(&NAMES));
            let mut stay = json!({"joined_at": joined_at, "audio_call": dice.of(&["false", "true"]), "left_at": left_at, "name": name});
            roster.push(stay.clone());
            if seat < 5 {
                let left = json!({"occupant": stay, "sessionId": session});
                self.send(left_at, &format!("{kind}_participant_left"), &left);
                stay.as_object_mut().map(|stay| stay.remove("left_at"));
                let joined = json!({"occupant": stay, "sessionId": session});
                self.send(joined_at, &format!("{kind}_participant_joined"), &joined);
            }
        }
        let ended = json!({"all_occupants": roster, "destroyed_at": last, "created_at": at, "sessionId": session});
        self.send(last, &format!("{kind}_ended"), &ended);
        if dice.once_in(5) {
            let recording = json!({
                "recordingDate": "2026-01-02", "duration": "3.25", "startTime": (at + 1).to_string(),
                "sessionId": session, "recording_url": "https://rec.example/a%2Fb.mp4?x=1&y=\u{e9}",
            });
            self.send(last + 90, "recording_generated", &recording);
        }
    }

    /// Not a calling event, with one inside that nobody may find.
    fn other(&mut self, dice: &mut Dice<'_>) {
        let inside =
            json!({"trigger": "call_started", "data": {"created_at": START, "sessionId": "no"}});
        let message =
            json!({"text": inside.to_string(), "sender": dice.of(&NAMES), "metadata": inside});
        self.send(self.at, "message_sent", &json!({"message": message}));
    }
}
