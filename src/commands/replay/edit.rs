//! Bodies that are changed on their way, as little as can be.

use std::borrow::Cow;

use anyhow::{Context, Result};
use jiff::ZonedDateTime;

use super::order::Turn;
use crate::args::{Edits, Setting};
use crate::event::{Capture, Event, Moment, Pointed, moved};
use crate::view::words::count;

/// What is changed, and how much was.
#[derive(Debug)]
pub(super) struct Editing<'e> {
    set: &'e [Setting],
    /// How many seconds all times move.
    later: i64,
    edited: u64,
}

impl<'e> Editing<'e> {
    /// What was typed; times move so that the first event of these turns is at the one that was
    /// asked for.
    ///
    /// # Errors
    /// When that is out of range.
    pub(super) fn new(
        typed: &'e Edits,
        turns: &[Turn],
        capture: &Capture,
        now: &ZonedDateTime,
    ) -> Result<Self> {
        let at = |turn: &Turn| capture.event(turn.delivery).map(Event::at);
        let first = turns.iter().filter_map(at).filter(|at| at.is_plausible()).min();
        let later = match (&typed.rebase_to, first) {
            (Some(when), Some(first)) => {
                let to = when.resolve(now).context("a time that is out of range")?;
                Moment::from(to).seconds() - first.seconds()
            }
            _ => 0,
        };
        Ok(Self { set: &typed.set, later, edited: 0 })
    }

    /// Whether bodies may go out other than they were captured.
    pub(super) fn is_active(&self) -> bool {
        !self.set.is_empty() || self.later != 0
    }

    /// The body as it goes out. One that is no JSON, or has no value at any of the pointers, is left
    /// as it is.
    pub(super) fn apply(&mut self, body: Vec<u8>) -> Vec<u8> {
        if !self.is_active() {
            return body;
        }
        let Ok(text) = String::from_utf8(body) else {
            // What was taken as a webhook is UTF-8.
            return Vec::new();
        };
        let mut edited = Cow::Borrowed(&*text);
        if self.later != 0
            && let Some(moved) = moved(&edited, self.later)
        {
            edited = Cow::Owned(moved);
        }
        for Setting { pointer, json } in self.set {
            if let Some((from, length)) = Pointed::new(edited.to_string()).at(pointer) {
                edited = format!("{}{json}{}", &edited[..from], &edited[from + length..]).into();
            }
        }
        self.edited += u64::from(edited != text);
        edited.into_owned().into_bytes()
    }

    /// What there is to say of it beforehand.
    pub(super) fn plan(&self) -> Option<String> {
        let set = self.set.iter().map(|setting| format!("{} is set", setting.pointer));
        let moved = (self.later != 0).then(|| format!("times move by {} s", self.later));
        let all: Vec<String> = set.chain(moved).collect();
        (!all.is_empty()).then(|| format!("bodies are edited: {}", all.join(", ")))
    }

    /// What there is to say of it afterwards.
    pub(super) fn line(&self) -> Option<String> {
        self.is_active().then(|| format!("{} edited", count(self.edited, "body")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(set: &[(&str, &str)], later: i64, body: &str) -> (String, u64) {
        let setting = |(pointer, json): &(&str, &str)| Setting {
            pointer: (*pointer).into(),
            json: (*json).into(),
        };
        let set: Vec<Setting> = set.iter().map(setting).collect();
        let mut editing = Editing { set: &set, later, edited: 0 };
        let body = editing.apply(body.as_bytes().to_vec());
        (String::from_utf8(body).expect("UTF-8"), editing.edited)
    }

    const BODY: &str = r#"{ "appId" : "a1", "trigger":"call_started","data":{"created_at":1767346800,"sessionId":"s"}}"#;

    #[test]
    fn what_is_set_stands_where_something_stood_and_nothing_else_changes() {
        let (body, many) = edited(&[("/appId", r#""b2""#), ("/data/nowhere", "5")], 0, BODY);
        assert_eq!((body, many), (BODY.replace("\"a1\"", "\"b2\""), 1));
        let (body, many) = edited(&[("/data/nowhere", "5")], 0, BODY);
        assert_eq!((body.as_str(), many), (BODY, 0));
    }

    #[test]
    fn times_move_before_values_are_set() {
        let (body, _) = edited(&[("/data/created_at", "1")], 60, BODY);
        assert_eq!(body, BODY.replace("1767346800", "1"));
        let (body, many) = edited(&[], 60, BODY);
        assert_eq!((body, many), (BODY.replace("1767346800", "1767346860"), 1));
    }
}
