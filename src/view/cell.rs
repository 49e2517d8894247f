//! One cell of a row, before it is known who reads it.

use std::borrow::Cow;

use serde::Serialize;

use super::ink::Ink;
use super::screen::Screen;
use super::text::shown;
use super::words;
use crate::event::{Moment, Span};
use crate::input::without_secret_parameters;

/// What stands in a cell, before it is known who reads it.
#[derive(Clone, Debug)]
pub enum Cell<'r> {
    /// Unknown.
    Nothing,
    /// Text, perhaps from strangers.
    Text(Cow<'r, str>),
    /// A word that its colour makes plainer.
    Word(Ink, Cow<'r, str>),
    /// A number as it is to be read, which its colour makes plainer.
    Figure(Ink, Cow<'r, str>),
    /// From one to the other.
    Parties(&'r str, &'r str),
    /// A line of a source.
    Place(&'r str, u64),
    /// A time.
    Time(Moment),
    /// A length of time.
    Length(Span),
    /// How far behind the first event.
    Offset(Span),
    /// A number.
    Count(u64),
    /// A part of a whole that is not 0.
    Share(u64, u64),
}

/// What orders the cells of a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A number.
    Count(u64),
    /// A length of time.
    Length(Span),
    /// A time.
    Time(Moment),
    /// A source, and a line in it.
    Place(String, u64),
    /// A number that is written as text, as ids are.
    Number(u128),
    /// Anything else, by its letters in lower case.
    Text(String),
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
    pub fn human(&self, screen: &Screen) -> String {
        match self {
            Self::Nothing => "-".into(),
            Self::Text(text) | Self::Word(_, text) | Self::Figure(_, text) => {
                shown(text).into_owned()
            }
            Self::Parties(from, to) => {
                format!("{} {} {}", shown(from), screen.glyphs.arrow, shown(to))
            }
            Self::Place(source, line) => format!("{}:{line}", shown(source)),
            Self::Time(moment) => screen.clock.time(*moment),
            Self::Length(span) => words::length(*span),
            Self::Offset(span) => words::offset(*span),
            Self::Count(number) => number.to_string(),
            Self::Share(part, whole) => words::share(*part, *whole),
        }
    }

    /// As programs read it; empty where unknown.
    #[must_use]
    pub fn machine(&self) -> Cow<'_, str> {
        match self {
            Self::Nothing => "".into(),
            Self::Text(text) | Self::Word(_, text) | Self::Figure(_, text) => Cow::Borrowed(text),
            Self::Parties(from, to) => format!("{from} → {to}").into(),
            Self::Place(source, line) => format!("{source}:{line}").into(),
            Self::Time(moment) => moment.to_string().into(),
            Self::Length(span) | Self::Offset(span) => span.to_string().into(),
            Self::Count(number) => number.to_string().into(),
            Self::Share(part, whole) => fraction(*part, *whole).to_string().into(),
        }
    }

    /// What orders it; `None` for what is unknown.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        Some(match self {
            Self::Nothing => return None,
            Self::Time(moment) => Key::Time(*moment),
            Self::Length(span) | Self::Offset(span) => Key::Length(*span),
            Self::Count(number) => Key::Count(*number),
            Self::Share(part, whole) => {
                Key::Number((u128::from(*part) << 63) / u128::from(*whole).max(1))
            }
            Self::Place(source, line) => Key::Place((*source).to_owned(), *line),
            text => {
                let text = text.machine();
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                let number = text.parse().ok().filter(|_| digits);
                number.map_or_else(|| Key::Text(text.to_lowercase()), Key::Number)
            }
        })
    }

    /// Whether it is set to the right.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Length(_) | Self::Offset(_) | Self::Count(_) | Self::Share(..) | Self::Figure(..)
        )
    }

    /// Whether strangers may have chosen how it begins.
    pub(super) fn is_foreign(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Parties(..) | Self::Place(..))
    }

    /// The ink it is set in.
    #[must_use]
    pub fn ink(&self) -> Ink {
        match self {
            Self::Nothing | Self::Place(..) => Ink::Faint,
            Self::Word(ink, _) | Self::Figure(ink, _) => *ink,
            _ => Ink::Plain,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "as in JSON")]
fn fraction(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// A URL without its query, which may be signed, and without secret parameters of its path.
pub(super) fn host_and_path(url: &str) -> Cow<'_, str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    // Credentials before the host are a secret too.
    let host_end = rest.find('/').unwrap_or(rest.len());
    let credentials = rest[..host_end].rfind('@').map_or(0, |at| at + 1);
    without_secret_parameters(&rest[credentials..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_what_may_be_a_secret() {
        assert_eq!(host_and_path("https://u:p@rec.example/a.mp4?sig=x#t"), "rec.example/a.mp4");
        assert_eq!(host_and_path("rec.example?sig=x"), "rec.example");
        assert_eq!(
            host_and_path("rec.example/a;token=x/b.mp4"),
            "rec.example/a;token=[hidden]/b.mp4"
        );
    }
}
