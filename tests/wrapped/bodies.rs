//! Webhooks as the bytes that were delivered: spelled in many ways, some of them several times.

use serde_json::{Value, json};

use super::calls::{self, HALF, HOOK};
use super::dice::Dice;
use super::tape::tape;
use super::writing::Style;

/// One webhook as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// The body, byte for byte.
    pub(crate) body: String,
    /// Its trigger.
    pub(crate) trigger: String,
    /// When it came, in milliseconds since 1970.
    pub(crate) arrival: i64,
}

/// What arrives of so many calls, in order of arrival.
///
/// No event comes with two contents: which of them is kept depends on arrival, so that the plain
/// capture and a carrier would rightly differ.
pub(crate) fn deliveries(calls: i64, seed: u64) -> Vec<Delivery> {
    let tape = tape(seed, 60_000);
    let dice = &mut Dice::new(&tape);
    let mut delivered = Vec::new();
    for mut webhook in calls::webhooks(calls, dice) {
        let arrival = 1000 * webhook.at + 30 + dice.seconds(3_000);
        let mut deliver = |body: &Value, arrival: i64, dice: &mut Dice<'_>| {
            let trigger = body["trigger"].as_str().unwrap_or_default().to_owned();
            delivered.push(Delivery { body: spell(body, dice), trigger, arrival });
        };
        deliver(&webhook.body, arrival, dice);
        let is_long = webhook.body.pointer("/data/all_occupants/99").is_some();
        match dice.below(16) {
            14 if !is_long => {
                let again = arrival + 10_000 + dice.seconds(2_000);
                deliver(&webhook.body, again, dice);
            }
            // Two configurations send at once: what is long comes side by side.
            repeated if is_long || repeated == 15 => {
                // Behind the first in every order: by arrival, and by id where none is told.
                webhook.body["webhook"] = json!(format!("f{HOOK}"));
                let beside = arrival + 1 + dice.seconds(3);
                deliver(&webhook.body, beside, dice);
            }
            _ => {}
        }
    }
    delivered.sort_by_key(|delivery| delivery.arrival);
    delivered
}

fn spell(body: &Value, dice: &mut Dice<'_>) -> String {
    // Most as CometChat sends them.
    let style = match dice.below(6) {
        0 => Style::PRETTY,
        1 => Style::any(dice),
        _ => Style::default(),
    };
    let text = style.write(body).replace(HALF, "\\ud83d");
    text.replace(&format!("\\u{:04x}", u32::from(HALF)), "\\ud83d")
}

/// The same JSON on one line, each of its tokens as it was.
pub(crate) fn flat(body: &str) -> String {
    let (mut out, mut quoted, mut escaped) = (String::with_capacity(body.len()), false, false);
    for char in body.chars() {
        if quoted || !char.is_ascii_whitespace() {
            out.push(char);
        }
        quoted ^= char == '"' && !escaped;
        escaped = quoted && char == '\\' && !escaped;
    }
    out
}
