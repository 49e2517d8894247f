//! What odd senders and receivers do to a payload: fields that are missing, of another type, in
//! milliseconds, spelled differently, or from another event.

use serde_json::{Value, json};

use super::dice::Dice;

/// Makes one thing in the payload odd.
pub(crate) fn mess(dice: &mut Dice<'_>, webhook: &mut Value) {
    let depth = dice.below(7);
    let place = descend(dice, webhook, depth);
    match place {
        Value::Object(members) => {
            let keys: Vec<String> = members.keys().cloned().collect();
            let Some(key) = keys.get(dice.below(keys.len())) else {
                members.insert("extra".into(), json!([{}, null, "\u{fffd}"]));
                return;
            };
            match dice.below(6) {
                0 => drop(members.remove(key)),
                1 => drop(members.insert("extra".into(), json!({"a": [1.5]}))),
                2 => {
                    // Another event's field beside its own.
                    let (key, value) = graft(dice);
                    members.insert(key.into(), value);
                }
                3 if key.eq_ignore_ascii_case("sessionid") => {
                    let value = members.remove(key).unwrap_or_default();
                    let other = if key == "sessionId" { "sessionid" } else { "sessionId" };
                    members.insert(other.into(), value);
                }
                _ => {
                    if let Some(value) = members.get_mut(key) {
                        odd(dice, value);
                    }
                }
            }
        }
        Value::Array(elements) => match dice.below(3) {
            0 => drop(elements.pop()),
            1 => elements.push(odd_value(dice)),
            _ => {
                if let Some(first) = elements.first().cloned() {
                    elements.push(first);
                }
            }
        },
        scalar => odd(dice, scalar),
    }
}

fn descend<'v>(dice: &mut Dice<'_>, value: &'v mut Value, depth: usize) -> &'v mut Value {
    let length = match value {
        Value::Object(members) => members.len(),
        Value::Array(elements) => elements.len(),
        _ => 0,
    };
    if depth == 0 || length == 0 {
        return value;
    }
    let at = dice.below(length);
    // `data` has most of what is to be found.
    let key = match value {
        Value::Object(members) if members.contains_key("data") && dice.below(4) > 0 => {
            Some("data".to_owned())
        }
        Value::Object(members) => members.keys().nth(at).cloned(),
        _ => None,
    };
    match key {
        Some(key) => descend(dice, &mut value[key], depth - 1),
        None => descend(dice, &mut value[at], depth - 1),
    }
}

fn graft(dice: &mut Dice<'_>) -> (&'static str, Value) {
    match dice.below(7) {
        0 => ("sessionId", json!("weekly")),
        1 => ("occupant", json!({"name": "Grafted", "joined_at": 1_767_346_805})),
        2 => ("created_at", odd_value(dice)),
        3 => ("type", json!(dice.of(&["call", "meet", "x"]))),
        4 => ("all_occupants", json!([{"name": "Grafted", "joined_at": 1_767_346_805}])),
        5 => ("call", json!({"id": "1", "data": {"action": "busy"}})),
        _ => ("left_at", json!(1_767_346_899)),
    }
}

fn odd(dice: &mut Dice<'_>, value: &mut Value) {
    *value = match (&*value, dice.below(5)) {
        (Value::Number(number), 0) => json!(number.to_string()),
        (Value::Number(number), 1) => json!(number.as_i64().unwrap_or(1).saturating_mul(1000)),
        (Value::Number(number), 2) => json!(number.as_f64().unwrap_or(1.0) + 0.5),
        (Value::Number(number), 3) => {
            json!(number.as_i64().unwrap_or(1).saturating_add(dice.seconds(4)).saturating_sub(2))
        }
        (Value::String(text), 0 | 1) => {
            text.parse::<i64>().map_or(json!(7), |number| json!(number))
        }
        (Value::String(text), 2) => text.parse::<bool>().map_or(json!("odd"), |truth| json!(truth)),
        _ => odd_value(dice),
    };
}

fn odd_value(dice: &mut Dice<'_>) -> Value {
    match dice.below(12) {
        0 => Value::Null,
        1 => json!(""),
        2 => json!([]),
        3 => json!({}),
        4 => json!(-1),
        5 => json!(0),
        6 => json!(true),
        7 => json!(u64::MAX),
        8 => json!(1e300),
        9 => json!([[{"trigger": "x", "data": {}}]]),
        10 => json!("\u{0}\u{85}\u{2028}\u{202e}"),
        _ => json!(i64::MIN),
    }
}
