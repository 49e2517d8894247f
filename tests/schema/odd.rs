//! Payloads with one field made odd in every way there is.

use serde_json::{Map, Value, json};

/// Values that a field may hold, right or wrong.
fn values() -> Vec<Value> {
    let mut values: Vec<Value> = WORDS.iter().map(|word| json!(word)).collect();
    values.extend(NUMBERS.iter().map(|number| serde_json::from_str(number).expect("a number")));
    values.extend([json!(null), json!(true), json!(false), json!([]), json!({})]);
    values.extend([json!([[]]), json!([null]), json!([{}]), json!({"a": 1}), json!(["true"])]);
    values
}

const WORDS: [&str; 74] = [
    // Ids, names, words of a set.
    "",
    " ",
    "x",
    "\n",
    "é",
    "\u{1f600}",
    "call",
    "meet",
    "Call",
    "user",
    "group",
    "audio",
    "video",
    "initiated",
    "busy",
    "true",
    "false",
    "True",
    "null",
    // Times and lengths.
    "0",
    "-0",
    "5",
    "-5",
    "+5",
    "007",
    ".5",
    "5.",
    "0.5",
    "-0.5",
    "1e9",
    "1E9",
    "0x10",
    "1_000",
    "inf",
    "nan",
    " 5",
    "5 ",
    "5\n",
    "٥",
    "1767346800",
    "1767346800.0",
    "1767346800.5",
    "1767346800000",
    "1767346800000.5",
    "0001767346800",
    "00000000001767346800.25",
    "99999999999",
    "100000000000",
    "99999999999999",
    "100000000000000",
    "999999999999",
    "1000000000000",
    "-9999999999",
    "-10000000000",
    "-9999999999.5",
    "9223372036854775808",
    "4133980800",
    "1420070399",
    "21.433",
    "1.2.3",
    // Days.
    "2026-02-28",
    "2026-02-29",
    "2024-02-29",
    "20240229",
    "2026-13-01",
    "2026-1-02",
    "2026-W10-3",
    // Addresses.
    "https://x.example/a",
    "http://[::1]/a",
    "https://",
    "https:///a",
    "ftp://x.example",
    "https://é.example",
    "HTTPS://x.example",
];

const NUMBERS: [&str; 36] = [
    "0",
    "-0",
    "0.0",
    "-0.0",
    "1",
    "-1",
    "5.0",
    "5.5",
    "0.5",
    "-0.5",
    "-1e-9",
    "1e3",
    "52",
    "1767346800",
    "1767346800.0",
    "1767346800.5",
    "1.7673468e9",
    "1767346800000",
    "1767346800000.5",
    "99999999999",
    "100000000000",
    "99999999999999",
    "100000000000000",
    "999999999999",
    "1000000000000",
    "999999999999.5",
    "-9999999999",
    "-10000000000",
    "-9999999999.5",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "-9223372036854775808",
    "-9223372036854775809",
    "1e19",
    "1e300",
];

/// The payload with each of its values replaced, each member taken out, spelled otherwise or
/// joined by another.
pub(crate) fn odd(payload: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    pointers(payload, String::new(), &mut places);
    let values = values();
    let mut odd = Vec::new();
    for place in places.iter().filter(|place| *place != "/trigger") {
        let mut with = |change: &dyn Fn(&mut Value)| {
            let mut payload = payload.clone();
            change(payload.pointer_mut(place).expect("a place of the payload"));
            odd.push(payload);
        };
        if !place.is_empty() {
            for value in &values {
                with(&|at| *at = value.clone());
            }
        }
        with(&|at| {
            if let Value::Array(elements) = at {
                elements.push(json!("x"));
            }
        });
        for key in keys(payload.pointer(place)) {
            with(&|at| drop(members(at).remove(&key)));
            with(&|at| drop(members(at).insert(swapped(&key), json!(""))));
            with(&|at| {
                if let Some(value) = members(at).remove(&key) {
                    members(at).insert(swapped(&key), value);
                }
            });
        }
        with(&|at| {
            if at.is_object() {
                members(at).insert("extra".into(), json!(null));
            }
        });
    }
    odd.retain(|payload| payload["trigger"].is_string());
    odd
}

/// Another spelling: for a session's id the one that is read too.
fn swapped(key: &str) -> String {
    match key {
        "sessionId" => "sessionid".into(),
        "sessionid" => "sessionId".into(),
        other => format!("{other}_"),
    }
}

fn members(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().expect("an object")
}

fn keys(value: Option<&Value>) -> Vec<String> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, _)| key.clone()).collect()
}

fn pointers(value: &Value, here: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, value)| pointers(value, format!("{here}/{key}"), places));
        }
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            elements.for_each(|(at, value)| pointers(value, format!("{here}/{at}"), places));
        }
        _ => {}
    }
    places.push(here);
}
