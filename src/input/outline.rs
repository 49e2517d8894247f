//! The usual envelope at a glance: one walk over an object notes its members, makes sure that all of
//! it is JSON, and that it is no webhook itself.
//!
//! What is out of the ordinary (escaped names, lone surrogates, numbers beyond all bounds, deep
//! nesting) is left to the thorough way, which comes to the same.

use std::borrow::Cow;
use std::ops::Range;

use super::json::{Text, Walked, plain_length};

/// A member of an object, twins included: its name, and its value as it is written.
pub(super) type Member<'t> = (Text<'t>, &'t str);

/// As deep a nesting is looked at.
const DEEPEST: u32 = 64;

/// The longest number that is certain to be within bounds.
const LONGEST: usize = 64;

/// As many members have room at once.
const USUAL: usize = 16;

/// The names that the top of a webhook has.
const NAMES: [&str; 5] = ["trigger", "data", "appId", "region", "webhook"];

/// The members of an object that is valid JSON and no webhook. `None` where it may be one, or is
/// something else.
pub(super) fn outline(object: &str) -> Option<Vec<Member<'_>>> {
    if begins_webhook(object.as_bytes()) {
        return None;
    }
    let mut walk = Walk(Walked::new(object.as_bytes()));
    let members = walk.top(|span| written(object, span))?;
    walk.0.blank();
    (walk.0.at == object.len() && !may_be_webhook(&members)).then_some(members)
}

/// The same of the object that begins a text, with the object itself.
pub(super) fn outline_ahead(text: &[u8]) -> Option<(&str, Vec<Member<'_>>)> {
    if begins_webhook(text) {
        return None;
    }
    let mut walk = Walk(Walked::new(text));
    let spans = walk.top(|span| span)?;
    let object = std::str::from_utf8(&text[..walk.0.at]).ok()?;
    let members: Vec<_> = spans.into_iter().map(|span| written(object, span)).collect();
    (!may_be_webhook(&members)).then_some((object, members))
}

/// Whether the first name of an object is one of those that a webhook has.
pub(super) fn begins_webhook(object: &[u8]) -> bool {
    let Some(inside) = object.strip_prefix(b"{") else {
        return false;
    };
    let name = inside.trim_ascii_start().strip_prefix(b"\"");
    name.is_some_and(|name| NAMES.iter().any(|known| begins_with_name(name, known)))
}

fn begins_with_name(text: &[u8], name: &str) -> bool {
    text.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"\""))
}

/// Whether a string `trigger` and an object `data` are there.
fn may_be_webhook(members: &[Member<'_>]) -> bool {
    let has = |name, sign| members.iter().any(|(key, raw)| key.0 == name && raw.starts_with(sign));
    has("trigger", '"') && has("data", '{')
}

/// The members of an object that is known to be valid JSON, or nearly so. `None` where it is not
/// ordinary.
pub(super) fn members(object: &str) -> Option<Vec<Member<'_>>> {
    Walk(Walked::new(object.as_bytes())).top(|span| written(object, span))
}

/// Where a member stands in its object: what its name has between its quotes, and its value.
type Span = (Range<usize>, Range<usize>);

/// A member of an object, as it is written.
fn written(object: &str, (name, value): Span) -> Member<'_> {
    (Text(Cow::Borrowed(&object[name])), &object[value])
}

struct Walk<'t>(Walked<'t>);

impl Walk<'_> {
    /// The object that begins here, with what `member` makes of each of its members.
    fn top<M>(&mut self, member: impl Fn(Span) -> M) -> Option<Vec<M>> {
        if !self.0.pass(b'{') {
            return None;
        }
        let mut members = Vec::with_capacity(USUAL);
        if self.0.pass(b'}') {
            return Some(members);
        }
        loop {
            let name = self.name()?;
            let from = self.0.at;
            self.value(DEEPEST)?;
            members.push(member((name, from..self.0.at)));
            if self.0.is_last(b'}')? {
                return Some(members);
            }
        }
    }

    /// A name without escapes and its colon; the value begins behind it.
    fn name(&mut self) -> Option<Range<usize>> {
        self.0.blank();
        let from = self.0.at + 1;
        self.string()?;
        let name = from..self.0.at - 1;
        let is_plain = memchr::memchr(b'\\', &self.0.bytes[name.clone()]).is_none();
        let colon = self.0.pass(b':');
        self.0.blank();
        (is_plain && colon).then_some(name)
    }

    /// Passes over a value that has so many levels at the most.
    fn value(&mut self, levels: u32) -> Option<()> {
        match self.0.peek()? {
            b'"' => self.string(),
            b'{' => self.container(levels.checked_sub(1)?, true),
            b'[' => self.container(levels.checked_sub(1)?, false),
            b't' => self.0.word("true"),
            b'f' => self.0.word("false"),
            b'n' => self.0.word("null"),
            _ => self.number(),
        }
    }

    fn container(&mut self, levels: u32, object: bool) -> Option<()> {
        let closing = if object { b'}' } else { b']' };
        self.0.at += 1;
        if self.0.pass(closing) {
            return Some(());
        }
        loop {
            self.0.blank();
            if object {
                self.string()?;
                self.0.pass(b':').then_some(())?;
                self.0.blank();
            }
            self.value(levels)?;
            if self.0.is_last(closing)? {
                return Some(());
            }
        }
    }

    /// Passes over a number without an exponent.
    fn number(&mut self) -> Option<()> {
        let rest = self.0.rest();
        let digits = |from: usize| {
            rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count() + from
        };
        let first = usize::from(rest.first() == Some(&b'-'));
        let mut end = digits(first);
        let is_whole = end > first && (rest[first] != b'0' || end == first + 1);
        if rest.get(end) == Some(&b'.') {
            let point = end;
            end = digits(point + 1);
            if end == point + 1 {
                return None;
            }
        }
        let is_plain = !matches!(rest.get(end), Some(b'e' | b'E')) && end <= LONGEST;
        (is_whole && is_plain).then(|| self.0.at += end)
    }

    /// Passes over a string.
    fn string(&mut self) -> Option<()> {
        if self.0.peek()? != b'"' {
            return None;
        }
        self.0.at += 1;
        loop {
            self.0.at += plain_length(self.0.rest())?;
            match self.0.peek()? {
                b'"' => {
                    self.0.at += 1;
                    return Some(());
                }
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        self.0.at += match self.0.rest().get(1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' => match self.unit(0)? {
                0xD800..=0xDBFF => matches!(self.unit(6)?, 0xDC00..=0xDFFF).then_some(12)?,
                0xDC00..=0xDFFF => return None,
                _ => 6,
            },
            _ => return None,
        };
        Some(())
    }

    /// What the escape `\uXXXX` stands for that is so far behind.
    fn unit(&self, behind: usize) -> Option<u32> {
        let escape = self.0.rest().get(behind..behind + 6)?.strip_prefix(b"\\u")?;
        let digit = |sum: u32, digit: &u8| Some(sum << 4 | char::from(*digit).to_digit(16)?);
        escape.iter().try_fold(0, digit)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::super::json;
    use super::*;

    fn names(object: &str) -> Option<Vec<(String, &str)>> {
        let members = outline(object)?;
        Some(members.into_iter().map(|(name, raw)| (name.0.into_owned(), raw)).collect())
    }

    #[test]
    fn members_are_noted_as_they_are_written() {
        let object = r#" { "a" : [1, {"b":"}\""}] ,"a":-0.5, "c":"\ud83d\ude00" } "#;
        let noted = names(object).expect("ordinary");
        let noted: Vec<_> = noted.iter().map(|(name, raw)| (&**name, *raw)).collect();
        assert_eq!(
            noted,
            [("a", r#"[1, {"b":"}\""}]"#), ("a", "-0.5"), ("c", r#""\ud83d\ude00""#)]
        );
    }

    #[test]
    fn what_may_be_a_webhook_or_is_out_of_the_ordinary_is_left_to_others() {
        for object in [
            r#"{"trigger":"x","data":{}}"#,
            r#"{"id":1,"trigger":"x","data":{}}"#,
            r#"{ "appId":"a"}"#,
            r#"{"\u0061":1}"#,
            r#"{"a":"\ud83d"}"#,
            r#"{"a":1e999}"#,
            r#"{"a":01}"#,
            r#"{"a":1.}"#,
            r#"{"a":1,}"#,
            r#"{"a":1} x"#,
            "{\"a\":\"\t\"}",
            "[]",
        ] {
            assert_eq!(names(object), None, "{object}");
        }
        assert!(names(r#"{"id":1,"trigger":"x","payload":{"trigger":"x","data":{}}}"#).is_some());
    }

    proptest! {
        #[test]
        fn whatever_has_an_outline_is_json_with_those_members(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\":", "\"a\":{", "},", "\"\\u00e9\"",
                    "\"\\ud83d\"", "\"\\ud83d\\ude00\"", "1", "-", "0.5", "01", "true", "nul", "null",
                    " ", "\n", "\"", "\\", "1e5", "\"\u{1}\"",
                ]),
                0..12,
            ),
        ) {
            let object = format!("{{\"a\":{}", parts.concat());
            if let Some(noted) = names(&object) {
                prop_assert!(serde_json::from_str::<IgnoredAny>(&object).is_ok(), "{object}");
                let known = json::members(&object);
                let known: Vec<_> =
                    known.iter().map(|(name, raw)| (name.0.to_string(), raw.get())).collect();
                prop_assert_eq!(noted, known);
            }
        }
    }
}
