//! What strangers write where they may choose: names, ids, URLs and keys that are wide, joined,
//! written from right to left, or meant to move the cursor.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::world;

/// What texts are made of.
const PIECES: [&str; 65] = [
    "Ana Ruiz",
    " ",
    "李雷",
    "ｆｕｌｌ",
    "한국어",
    "👩‍👩‍👧‍👦",
    "👍🏽",
    "🏳️‍🌈",
    "🇩🇪",
    "1\u{fe0f}\u{20e3}",
    "e\u{301}\u{323}",
    "Zo\u{308}e",
    "क्षितिज",
    "ก็",
    "أحمد",
    "لا",
    "יעל",
    "\u{5d0}\u{5b8}",
    "\u{1b}[31m",
    "\u{1b}[2J",
    "\u{1b}]0;title\u{7}",
    "\u{1b}",
    "\u{9b}2J",
    "\u{90}q",
    "\u{8}\u{8}",
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{200e}",
    "\u{200f}",
    "\u{61c}",
    "\u{200b}",
    "\u{2060}",
    "\u{ad}",
    "\u{3164}",
    "\u{200d}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fe0f}",
    "\u{301}",
    "\u{e0041}",
    "\"",
    "'",
    "`",
    "\\",
    "|",
    "<b>&",
    "=1+1",
    "@SUM(A1)",
    "-",
    "+",
    "; ,",
    "{\"",
    "[*_]",
    "%s~?#/",
    "a-word-that-is-longer-than-any-column-and-has-no-place-where-it-may-be-broken",
];

/// What senders and receivers of webhooks may choose.
const CHOSEN: [&str; 15] = [
    "name",
    "uid",
    "sender",
    "receiver",
    "conversationId",
    "sessionId",
    "sessionid",
    "webhook",
    "appId",
    "region",
    "sdk",
    "platform",
    "call_version",
    "recording_url",
    "trigger",
];

/// A text that nobody expects.
pub(crate) fn text(dice: &mut Dice<'_>) -> String {
    let pieces = dice.below(6);
    let text: String = (0..pieces).map(|_| dice.of(&PIECES)).collect();
    if dice.once_in(8) { text.repeat(12) } else { text }
}

/// The webhooks of a few calls, in which strangers chose what they may.
pub(crate) fn webhooks(dice: &mut Dice<'_>) -> Vec<Value> {
    let mut sent = world::webhooks(dice);
    let mut chosen = HashMap::new();
    for webhook in &mut sent {
        choose(dice, webhook, &mut chosen);
    }
    sent
}

/// The webhooks a line each.
pub(crate) fn lines(webhooks: &[Value]) -> String {
    let mut lines = String::new();
    for webhook in webhooks {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{webhook}");
    }
    lines
}

/// Puts strange texts for plain ones, for each of them always the same, so that what belonged
/// together still does.
fn choose(dice: &mut Dice<'_>, value: &mut Value, chosen: &mut HashMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member {
                    Value::String(plain) if CHOSEN.contains(&key.as_str()) => {
                        let strange = chosen.entry(plain.clone());
                        *member = json!(*strange.or_insert_with(|| strange_for(dice, key, plain)));
                    }
                    other => choose(dice, other, chosen),
                }
            }
            extend(dice, members);
        }
        Value::Array(elements) => {
            for element in elements {
                choose(dice, element, chosen);
            }
        }
        _ => {}
    }
}

fn strange_for(dice: &mut Dice<'_>, key: &str, plain: &str) -> String {
    match (key, dice.below(6)) {
        (_, 0) | ("trigger", 1..=4) => plain.to_owned(),
        ("recording_url", 1..=4) => format!("https://{}/{}?sig=", text(dice), text(dice)),
        (_, 1 | 2) => format!("{plain}{}", text(dice)),
        _ => text(dice),
    }
}

/// Now and then a field that no documentation has.
fn extend(dice: &mut Dice<'_>, members: &mut Map<String, Value>) {
    if dice.once_in(20) {
        members.insert(text(dice), json!({ text(dice): text(dice) }));
    }
}
