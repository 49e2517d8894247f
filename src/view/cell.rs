//! One cell of a row, before it is known who reads it.

use std::borrow::Cow;

use serde::Serialize;

use super::text::shown;
use super::words;
use crate::event::{Moment, Span};

/// What stands in a cell, before it is known who reads it.
#[derive(Clone, Debug)]
pub enum Cell<'r> {
    /// Unknown.
    Nothing,
    /// Text, perhaps from strangers.
    Text(Cow<'r, str>),
    /// A URL, whose query may be a secret.
    Url(&'r str),
    /// A time.
    Time(Moment),
    /// A length of time.
    Length(Span),
    /// How far behind the first event.
    Offset(Span),
    /// A number.
    Count(u64),
}

impl Cell<'static> {
    /// One of the contract's words, as its type spells it for JSON.
    pub(super) fn word(value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::String(word)) => Self::Text(word.into()),
            _ => Self::Nothing,
        }
    }
}

impl Cell<'_> {
    /// As people read it, controls escaped.
    #[must_use]
    pub fn human(&self) -> String {
        match self {
            Self::Nothing => "-".into(),
            Self::Text(text) => shown(text).into_owned(),
            Self::Url(url) => shown(host_and_path(url)).into_owned(),
            Self::Time(moment) => words::time(*moment),
            Self::Length(span) => words::length(*span),
            Self::Offset(span) => words::offset(*span),
            Self::Count(number) => number.to_string(),
        }
    }

    /// As programs read it; empty where unknown.
    #[must_use]
    pub fn machine(&self) -> Cow<'_, str> {
        match self {
            Self::Nothing => "".into(),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Url(url) => Cow::Borrowed(url),
            Self::Time(moment) => moment.to_string().into(),
            Self::Length(span) | Self::Offset(span) => span.to_string().into(),
            Self::Count(number) => number.to_string().into(),
        }
    }

    /// Whether it is set to the right.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Length(_) | Self::Offset(_) | Self::Count(_))
    }
}

/// A URL without its query, which may be signed.
fn host_and_path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    // Credentials before the host are a secret too.
    let host_end = rest.find('/').unwrap_or(rest.len());
    match rest[..host_end].rfind('@') {
        Some(at) => &rest[at + 1..],
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_what_may_be_a_secret() {
        let shown = |url| Cell::Url(url).human();
        assert_eq!(shown("https://u:p@rec.example/a.mp4?sig=x#t"), "rec.example/a.mp4");
        assert_eq!(shown("rec.example?sig=x"), "rec.example");
    }
}
