//! Edits bodies before they are sent, changing as few bytes as possible.

use std::borrow::Cow;

use anyhow::{Context, Result};
use jiff::ZonedDateTime;

use super::plan::OrderedDelivery;
use crate::args::{Edits, Setting};
use crate::event::{Capture, Event, Moment, Pointed, moved};
use crate::view::words::count;

#[derive(Debug)]
pub(super) struct BodyEditor<'e> {
    set: &'e [Setting],
    /// Seconds to add to all times.
    shift: i64,
    /// Bodies changed so far.
    edited: u64,
}

impl<'e> BodyEditor<'e> {
    /// Times move so that the earliest of these events happens at `--rebase-to`.
    ///
    /// # Errors
    /// When that time is out of range.
    pub(super) fn new(
        args: &'e Edits,
        ordered: &[OrderedDelivery],
        capture: &Capture,
        now: &ZonedDateTime,
    ) -> Result<Self> {
        let at = |ordered: &OrderedDelivery| capture.event(ordered.delivery).map(Event::at);
        let first = ordered.iter().filter_map(at).filter(|at| at.is_plausible()).min();
        let shift = match (&args.rebase_to, first) {
            (Some(when), Some(first)) => {
                let to = when.resolve(now).context("a time that is out of range")?;
                Moment::from(to).seconds() - first.seconds()
            }
            _ => 0,
        };
        Ok(Self { set: &args.set, shift, edited: 0 })
    }

    fn is_active(&self) -> bool {
        !self.set.is_empty() || self.shift != 0
    }

    /// The edited body. It is unchanged if it has no value at any of the pointers.
    pub(super) fn apply(&mut self, body: Vec<u8>) -> Vec<u8> {
        if !self.is_active() {
            return body;
        }
        let Ok(text) = String::from_utf8(body) else {
            // Cannot happen: only UTF-8 is recognised as a webhook.
            return Vec::new();
        };
        let mut edited = Cow::Borrowed(&*text);
        if self.shift != 0
            && let Some(moved) = moved(&edited, self.shift)
        {
            edited = Cow::Owned(moved);
        }
        for Setting { pointer, json } in self.set {
            if let Some((start, length)) = Pointed::new(edited.to_string()).at(pointer) {
                edited = format!("{}{json}{}", &edited[..start], &edited[start + length..]).into();
            }
        }
        self.edited += u64::from(edited != text);
        edited.into_owned().into_bytes()
    }

    /// Announces the edits; `None` if there are none.
    pub(super) fn announcement(&self) -> Option<String> {
        let set = self.set.iter().map(|setting| format!("{} is set", setting.pointer));
        let moved = (self.shift != 0).then(|| format!("times move by {} s", self.shift));
        let edits: Vec<String> = set.chain(moved).collect();
        (!edits.is_empty()).then(|| format!("bodies are edited: {}", edits.join(", ")))
    }

    /// The number of edited bodies; `None` if there were no edits to make.
    pub(super) fn summary(&self) -> Option<String> {
        self.is_active().then(|| format!("{} edited", count(self.edited, "body")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(set: &[(&str, &str)], shift: i64, body: &str) -> (String, u64) {
        let setting = |(pointer, json): &(&str, &str)| Setting {
            pointer: (*pointer).into(),
            json: (*json).into(),
        };
        let set: Vec<Setting> = set.iter().map(setting).collect();
        let mut editor = BodyEditor { set: &set, shift, edited: 0 };
        let body = editor.apply(body.as_bytes().to_vec());
        (String::from_utf8(body).expect("UTF-8"), editor.edited)
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
