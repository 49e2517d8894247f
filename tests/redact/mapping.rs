//! Which pseudonym stands for what, found by laying bodies before and after beside each other.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// What a text is, by the key that it stands under.
fn kind(key: &str) -> &'static str {
    match key {
        "name" | "caller_name" | "participant_name" => "name",
        "uid" | "guid" | "owner" | "sender" | "receiver" | "caller" => "uid",
        "conversationId" | "conversation_id" => "conversation",
        "sessionId" | "sessionid" | "session_id" => "session",
        "appId" | "app_id" => "app",
        "webhook" | "webhook_id" => "webhook",
        "recording_url" | "avatar" | "url" => "url",
        "id" | "ring_id" => "id",
        "region" => "region",
        "platform" => "platform",
        "sdk" => "sdk",
        "call_version" => "call_version",
        _ => "",
    }
}

/// The pseudonyms by kind and original, and back.
#[derive(Debug, Default)]
pub(crate) struct Mapping {
    there: HashMap<(&'static str, String), String>,
    back: HashMap<(&'static str, String), String>,
    /// All strings that were replaced.
    pub(crate) gone: Vec<String>,
    /// Words that stay where a word of CometChat's stands.
    pub(crate) stayed: HashSet<String>,
}

impl Mapping {
    /// Takes what the bodies before and after say of it.
    ///
    /// # Panics
    /// When they differ in more than pseudonyms.
    pub(crate) fn learn(&mut self, before: &str, after: &str) {
        let before = serde_json::from_str(before).or_else(|_| {
            // Half a surrogate pair, which this reader does not take.
            serde_json::from_slice(before.replace(r"\ud800", r"\ufffd").as_bytes())
        });
        let (before, after) = (before.expect("JSON"), serde_json::from_str(after).expect("JSON"));
        self.compare("", &before, &after);
    }

    /// Of values at a path of keys.
    fn compare(&mut self, path: &str, before: &Value, after: &Value) {
        let key = match path.rsplit_once('/') {
            // Elsewhere nobody knows what an id is of.
            Some((_, "id")) if path != "/data/call/id" => "",
            Some((_, key)) => key,
            None => path,
        };
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                assert_eq!(before.len(), after.len());
                // A key that was replaced is one of no field.
                for (key, value) in before.iter().filter(|(key, _)| after.contains_key(*key)) {
                    self.compare(&format!("{path}/{key}"), value, &after[key]);
                }
            }
            (Value::Array(before), Value::Array(after)) => {
                assert_eq!(before.len(), after.len());
                before.iter().zip(after).for_each(|(one, other)| self.compare(path, one, other));
            }
            (Value::String(before), Value::String(after)) => self.pair(key, before, after),
            (Value::Number(before), Value::Number(after)) => {
                assert_eq!(before.is_f64(), after.is_f64(), "{before} {after}");
                if let (Some(before), Some(after)) = (whole(before), whole(after)) {
                    self.pair(key, &before, &after);
                }
            }
            _ => assert_eq!(before, after),
        }
    }

    fn pair(&mut self, key: &str, before: &str, after: &str) {
        if before != after {
            self.gone.push(before.to_owned());
        }
        let kind = kind(key);
        let private = ["name", "uid", "conversation", "session", "app", "webhook", "url"];
        if private.contains(&kind) {
            assert!(before != after || before.trim().is_empty(), "{kind} {before}");
        } else if before == after {
            self.stayed.insert(before.to_owned());
        }
        if kind.is_empty() {
            return;
        }
        let there = self.there.entry((kind, before.to_owned())).or_insert_with(|| after.to_owned());
        assert_eq!(there, after, "{kind} {before}");
        let back = self.back.entry((kind, after.to_owned())).or_insert_with(|| before.to_owned());
        assert_eq!(back, before, "{kind} {after}");
    }

    fn of(&self, kind: &'static str, text: &str) -> String {
        let there = self.there.get(&(kind, text.to_owned()));
        assert!(there.is_some(), "no pseudonym for the {kind} {text}");
        there.cloned().unwrap_or_default()
    }

    /// A row of `calls` or `events` with pseudonyms.
    pub(crate) fn row(&self, row: &mut Value) {
        let id = row["call_id"].as_str().map(|id| self.call_id(id));
        self.fields("", row);
        if let Some(id) = id {
            row["call_id"] = id.into();
        }
    }

    fn fields(&self, key: &str, value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.iter_mut().for_each(|(key, value)| self.fields(key, value));
            }
            Value::Array(elements) => elements.iter_mut().for_each(|one| self.fields(key, one)),
            Value::String(text) if !kind(key).is_empty() => *text = self.of(kind(key), text),
            _ => {}
        }
    }

    /// A call's id is its session's, or begins with it, or has the ring's.
    fn call_id(&self, id: &str) -> String {
        if id.starts_with("ring:") {
            return "ring".to_owned();
        }
        let known = |end: usize| self.there.get(&("session", id[..end].to_owned()));
        let ends = (0..=id.len()).rev().filter(|end| id.is_char_boundary(*end));
        let found = ends.into_iter().find_map(|end| Some(known(end)?.clone() + &id[end..]));
        assert!(found.is_some(), "no session of the call {id}");
        found.unwrap_or_default()
    }
}

/// A number as an id says it; `None` where it is none.
fn whole(number: &serde_json::Number) -> Option<String> {
    let float = number.as_f64().filter(|_| number.is_f64());
    match float {
        None => Some(number.to_string()),
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        Some(float)
            if float.fract() == 0.0
                && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float) =>
        {
            Some((float as i64).to_string())
        }
        Some(_) => None,
    }
}

/// Rows in an order of their own, those of one time with whatever order their words gave them.
pub(crate) fn sorted(mut rows: Vec<Value>) -> Vec<String> {
    for row in &mut rows {
        // Two that begin in one second with one id are told apart by words.
        if row["call_id"].as_str().is_some_and(|id| id.starts_with("ring")) {
            row["call_id"] = "ring".into();
        }
        if let Some(stays) = row["stays"].as_array_mut() {
            stays.sort_by_key(Value::to_string);
        }
    }
    let mut rows: Vec<String> = rows.iter().map(Value::to_string).collect();
    rows.sort();
    rows
}

/// Stops at the first row that only one side has.
///
/// # Panics
/// Where there is one.
pub(crate) fn assert_same(before: &[String], after: &[String], what: &str) {
    let lost = before.iter().find(|row| !after.contains(row));
    let new = after.iter().find(|row| !before.contains(row));
    assert_eq!((lost, new), (None, None), "{what}");
    assert_eq!(before.len(), after.len(), "{what}");
}
