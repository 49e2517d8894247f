//! Captures in which names and ids are where nobody expects them, and a search for them that knows
//! nothing of how they are replaced.

use std::collections::HashSet;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::search::{collect, search};
use super::world;

/// People, those with words of CometChat's and of the output among them, with marks that no
/// pseudonym can have by chance: q, w, x and y are in none.
const NAMES: [&str; 30] = [
    "Quixo Wexcyq",
    "quixo-WEXCYQ Zyqwor",
    "Zyqwor",
    "Lena Okafor",
    "Zoë Łukasz-Ng",
    "李娜",
    "Ян Ж",
    "İpek Straße",
    "ΌΣΟΣ Παπάς",
    "J. R. O'Neil",
    "X",
    "call",
    "us",
    "web",
    "user",
    "name",
    "Group",
    "BUSY",
    "trigger",
    "true",
    "null",
    "video",
    "Example Redacted",
    "Https Mp4",
    "React Default",
    "471 Guest",
    "123456",
    "Call Ended",
    "\u{1F600} _ \u{1F600}",
    "v1 us",
];

const UIDS: [&str; 24] = [
    "wexcyq.quixo",
    "lena_okafor",
    "zyqwor-7",
    "7",
    "42",
    "471",
    "4711",
    "2026",
    "491511",
    "4915112345678",
    "us",
    "web",
    "user",
    "call",
    "name",
    "group_1",
    "ana_user",
    "v1",
    "true",
    "redacted",
    "0b7d",
    "6f1c2a34-0b7d-4e58-9c11-aa02de77b301",
    "李娜",
    "-5",
];

const SESSIONS: [&str; 6] = ["weekly", "us-standup", "4711", "call", "quixo's room", "v1.us.x"];

/// Words by themselves are proof that a secret is left, wherever they are.
const MARKS: [&str; 3] = ["quixo", "wexcyq", "zyqwor"];

/// A capture and what was planted in it.
#[derive(Debug)]
pub(crate) struct Planted {
    pub(crate) webhooks: Vec<Value>,
    /// Secrets in encodings, which must be gone as they are.
    encoded: Vec<String>,
}

/// Calls of such people. With `secrets`, their names and ids are also where they do not belong.
pub(crate) fn capture(tape: &[u16], odd: &[u16], has_secrets: bool) -> Planted {
    let mut webhooks = world::webhooks(&mut Dice::new(tape));
    let dice = &mut Dice::new(odd);
    let people = People::new(dice);
    for webhook in &mut webhooks {
        people.rename(webhook);
    }
    let known = people.known(&webhooks);
    let mut planted = Planted { webhooks, encoded: Vec::new() };
    if has_secrets && !known.is_empty() {
        for at in 0..planted.webhooks.len() {
            for _ in 0..dice.below(3) {
                let mut webhook = planted.webhooks[at].take();
                planted.plant(dice, &known, &mut webhook);
                planted.webhooks[at] = webhook;
            }
        }
    }
    planted
}

/// The capture's text, each webhook in a carrier.
pub(crate) fn text(planted: &Planted, dice: &mut Dice<'_>) -> String {
    let string = |text: &str| Value::from(text).to_string();
    let carried = planted.webhooks.iter().map(|webhook| {
        let body = webhook.to_string();
        match dice.below(6) {
            0 => json!({"isBase64Encoded": true, "body": base64(body.as_bytes())}).to_string(),
            1 => format!(r#"{{"data":[{{"content":{}}}]}}"#, string(&body)),
            2 => format!("2026-02-17T09:40:00Z INFO body={body}"),
            3 => escaped(&body),
            _ => body,
        }
    });
    carried.map(|line| line + "\n").collect()
}

/// The same JSON with each letter outside ASCII as an escape.
fn escaped(body: &str) -> String {
    let mut escaped = String::new();
    for letter in body.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            write!(escaped, "\\u{unit:04x}").expect("memory");
        }
    }
    escaped
}

struct People {
    uids: [&'static str; 3],
    names: [&'static str; 8],
    session: &'static str,
}

impl People {
    fn new(dice: &mut Dice<'_>) -> Self {
        // Two people of one uid would make other calls of them.
        let first = dice.below(UIDS.len());
        let step = 1 + dice.below(UIDS.len() / 2 - 1);
        Self {
            uids: [0, 1, 2].map(|nth| UIDS[(first + nth * step) % UIDS.len()]),
            names: [(); 8].map(|()| dice.of(&NAMES)),
            session: dice.of(&SESSIONS),
        }
    }

    /// Gives those of a webhook other names and ids.
    fn rename(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if let Some(other) = value.as_str().and_then(|text| self.other(key, text)) {
                        *value = other.into();
                    }
                    self.rename(value);
                }
            }
            Value::Array(elements) => elements.iter_mut().for_each(|one| self.rename(one)),
            _ => {}
        }
    }

    fn other(&self, key: &str, text: &str) -> Option<String> {
        let uid = |uid: &str| {
            let at = world::PEOPLE.iter().position(|person| *person == uid)?;
            Some(self.uids[at].to_owned())
        };
        match key {
            "sender" | "receiver" | "uid" | "guid" => uid(text),
            "conversationId" => {
                if let Some(group) = text.strip_prefix("group_") {
                    return Some("group_".to_owned() + &uid(group)?);
                }
                let (one, other) = text.split_once("_user_")?;
                Some(uid(one)? + "_user_" + &uid(other)?)
            }
            "name" => {
                let at = world::NAMES.iter().position(|name| *name == text)?;
                Some(self.names[at].to_owned())
            }
            "sessionId" | "sessionid" => (text == "weekly").then(|| self.session.to_owned()),
            _ => None,
        }
    }

    /// The names and uids that webhooks have, and so are known to be somebody's.
    fn known(&self, webhooks: &[Value]) -> Vec<&'static str> {
        fn has(value: &Value, keys: &[&str], text: &str) -> bool {
            match value {
                Value::Object(members) => members.iter().any(|(key, value)| {
                    (keys.contains(&key.as_str()) && value == text) || has(value, keys, text)
                }),
                Value::Array(elements) => elements.iter().any(|one| has(one, keys, text)),
                _ => false,
            }
        }
        let webhooks: Vec<&Value> = webhooks.iter().filter(|body| is_webhook(body)).collect();
        let is_used = |keys: &[&str], text: &str| webhooks.iter().any(|body| has(body, keys, text));
        let names = self.names.iter().filter(|name| is_used(&["name"], name));
        let uids = self.uids.iter().filter(|uid| is_used(&["sender", "receiver", "uid"], uid));
        names.chain(uids).copied().collect()
    }
}

fn is_webhook(body: &Value) -> bool {
    body["trigger"].is_string() && body["data"].is_object()
}

/// A name, a part of one, or a uid, in any case.
fn secret(dice: &mut Dice<'_>, known: &[&str]) -> String {
    let name = dice.of(known);
    let parts: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric()).collect();
    let is_id = UIDS.contains(&name);
    let secret = if is_id || dice.once_in(2) { name } else { parts[dice.below(parts.len())] };
    match dice.below(4) {
        0 => secret.to_lowercase(),
        1 => secret.to_uppercase(),
        _ => secret.to_owned(),
    }
}

impl Planted {
    fn plant(&mut self, dice: &mut Dice<'_>, known: &[&str], webhook: &mut Value) {
        let secret = secret(dice, known);
        let form = self.form(dice, &secret);
        let number = secret.parse::<i64>().ok().filter(|number| number.abs() > 100_000);
        let text = form.as_str().unwrap_or(&secret).to_owned();
        match dice.below(9) {
            0 => put(object(dice, webhook), "extra", form),
            1 => put(object(dice, webhook), &text, json!(1)),
            2 => put(object(dice, webhook), "extra", json!([form.clone(), {text: form}])),
            3 => {
                let fields =
                    ["region", "platform", "sdk", "mode", "call_version", "status", "role"];
                overwrite(webhook, dice.of(&fields), &form);
            }
            4 => {
                let fields =
                    ["resource", "avatar", "recording_url", "is_video_muted", "entityType"];
                overwrite(webhook, dice.of(&fields), &form);
            }
            5 => {
                let fields =
                    ["lastActiveAt", "updatedAt", "joinedAt", "initiatedAt", "recordingDate"];
                let value = number.map_or(form, |number| json!(number));
                overwrite(webhook, dice.of(&fields), &value);
            }
            6 => {
                // A number there is a counter, or another time or length.
                let fields = ["id", "joined_at", "left_at", "created_at", "duration"];
                if text.parse::<f64>().is_err() {
                    overwrite(webhook, dice.of(&fields), &json!(text));
                }
            }
            7 => overwrite(webhook, dice.of(&["action", "category", "type", "audio_call"]), &form),
            _ => {
                let family = dice.of(&["", "message_", "call_", "user_"]);
                overwrite(webhook, "trigger", &json!(format!("{family}{text}")));
            }
        }
    }

    fn form(&mut self, dice: &mut Dice<'_>, secret: &str) -> Value {
        let all = |each: fn(u8) -> String| secret.bytes().map(each).collect::<String>();
        let encoded = match dice.below(12) {
            0 => base64(secret.as_bytes()),
            1 => base64(secret.as_bytes()).trim_end_matches('=').to_owned(),
            2 => all(|byte| format!("%{byte:02X}")),
            3 => all(|byte| format!("{byte:02x}")),
            4 => return json!(format!("ask {secret}, please")),
            5 => return json!(json!({"name": secret}).to_string()),
            6 => return json!(format!("https://{secret}.example/a/{secret}.mp4?u={secret}")),
            7 => match secret.parse::<i64>() {
                Ok(number) => return json!(number),
                Err(_) => return json!(format!("{secret}@mail.example")),
            },
            _ => return json!(secret),
        };
        // Shorter ones may be words of others.
        if encoded.len() >= 8 {
            self.encoded.push(encoded.clone());
        }
        json!(encoded)
    }

    /// What of the secrets is left in what was written.
    pub(crate) fn left(&self, written: &str) -> Option<String> {
        let lower = written.to_lowercase();
        let marks = MARKS.iter().find(|mark| lower.contains(**mark)).map(|mark| (*mark).to_owned());
        let encoded = || self.encoded.iter().find(|text| written.contains(text.as_str())).cloned();
        marks.or_else(encoded).or_else(|| left(&self.webhooks, written))
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// One of the objects in a webhook.
fn object<'v>(dice: &mut Dice<'_>, webhook: &'v mut Value) -> &'v mut Map<String, Value> {
    fn count(value: &Value) -> usize {
        match value {
            Value::Object(members) => 1 + members.values().map(count).sum::<usize>(),
            Value::Array(elements) => elements.iter().map(count).sum(),
            _ => 0,
        }
    }
    fn nth<'v>(value: &'v mut Value, before: &mut usize) -> Option<&'v mut Map<String, Value>> {
        if *before == 0 && value.is_object() {
            return value.as_object_mut();
        }
        match value {
            Value::Object(members) => {
                *before -= 1;
                members.values_mut().find_map(|value| nth(value, before))
            }
            Value::Array(elements) => elements.iter_mut().find_map(|value| nth(value, before)),
            _ => None,
        }
    }
    let mut before = dice.below(count(webhook));
    nth(webhook, &mut before).expect("a webhook is an object")
}

/// Adds a member, if there is none of this key.
fn put(members: &mut Map<String, Value>, key: &str, value: Value) {
    if !members.contains_key(key) {
        members.insert(key.to_owned(), value);
    }
}

/// Sets the first member of this key, wherever it is.
fn overwrite(value: &mut Value, key: &str, other: &Value) {
    set_first(value, key, other);
}

/// Whether there was one.
fn set_first(value: &mut Value, key: &str, other: &Value) -> bool {
    match value {
        Value::Object(members) => {
            if let Some(own) = members.get_mut(key) {
                *own = other.clone();
                return true;
            }
            members.values_mut().any(|value| set_first(value, key, other))
        }
        Value::Array(elements) => elements.iter_mut().any(|value| set_first(value, key, other)),
        _ => false,
    }
}

/// A name or an id of the webhooks that is a word of what was written, where it could be somebody's.
fn left(before: &[Value], written: &str) -> Option<String> {
    let mut originals = HashSet::new();
    // Of what is no webhook nothing is collected, and nothing written.
    before
        .iter()
        .filter(|body| is_webhook(body))
        .for_each(|webhook| collect(webhook, &mut originals));
    written.lines().find_map(|line| {
        let body: Value = serde_json::from_str(line).expect("what is written is whole");
        search("", &body, &originals)
    })
}
