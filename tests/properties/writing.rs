//! One JSON value written in many ways.

use std::fmt::Write;

use serde_json::Value;

use super::dice::Dice;

/// How a value is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    /// Keys from the last to the first.
    backward: bool,
    /// A space behind each colon and comma.
    spaced: bool,
    /// One member a line, each level so many blanks further right.
    indent: Option<usize>,
    /// Nothing but ASCII, and slashes escaped, as PHP does it.
    ascii: bool,
}

impl Style {
    pub(crate) const PRETTY: Self =
        Self { backward: false, spaced: true, indent: Some(2), ascii: false };

    pub(crate) fn any(dice: &mut Dice<'_>) -> Self {
        Self {
            backward: dice.once_in(2),
            spaced: dice.once_in(2),
            indent: dice.of(&[None, None, Some(2), Some(4), Some(0)]),
            ascii: dice.once_in(2),
        }
    }

    /// The same on one line.
    pub(crate) fn flat(self) -> Self {
        Self { indent: None, ..self }
    }

    pub(crate) fn write(self, value: &Value) -> String {
        let mut out = String::new();
        self.value(value, 0, &mut out);
        out
    }

    fn value(self, value: &Value, level: usize, out: &mut String) {
        match value {
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_unstable_by_key(|member| member.0);
                if self.backward {
                    members.reverse();
                }
                self.list(('{', '}'), level, out, members.len(), &|at, out| {
                    self.text(members[at].0, out);
                    out.push_str(if self.spaced { ": " } else { ":" });
                    self.value(members[at].1, level + 1, out);
                });
            }
            Value::Array(elements) => {
                self.list(('[', ']'), level, out, elements.len(), &|at, out| {
                    self.value(&elements[at], level + 1, out);
                });
            }
            Value::String(text) => self.text(text, out),
            other => out.push_str(&other.to_string()),
        }
    }

    fn list(
        self,
        (open, close): (char, char),
        level: usize,
        out: &mut String,
        length: usize,
        write: &dyn Fn(usize, &mut String),
    ) {
        out.push(open);
        for at in 0..length {
            if at > 0 {
                out.push_str(if self.spaced && self.indent.is_none() { ", " } else { "," });
            }
            self.line(level + 1, out);
            write(at, out);
        }
        if length > 0 {
            self.line(level, out);
        }
        out.push(close);
    }

    fn line(self, level: usize, out: &mut String) {
        if let Some(indent) = self.indent {
            out.push('\n');
            out.push_str(&" ".repeat(indent * level));
        }
    }

    fn text(self, text: &str, out: &mut String) {
        if !self.ascii {
            out.push_str(&Value::from(text).to_string());
            return;
        }
        out.push('"');
        for unit in text.encode_utf16() {
            match u8::try_from(unit) {
                Ok(b'/') => out.push_str("\\/"),
                Ok(byte @ (b' '..=b'~')) if byte != b'"' && byte != b'\\' => out.push(byte.into()),
                // Writing to a string cannot fail.
                _ => drop(write!(out, "\\u{unit:04x}")),
            }
        }
        out.push('"');
    }
}
