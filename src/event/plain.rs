//! The common way through a body: strings without escapes, whole numbers, nothing broken. It walks
//! the same tables as the way for any JSON and gives up at whatever else it meets.

use super::compiled::Table;
use super::content::Content;
use super::decode::{Decoded, Walk, whole};
use super::value::Scalar;
use crate::input::json::Text;

/// Digits of the longest number that is read here: it fits 64 bits.
const DIGITS: usize = 18;

/// Reads a body; `None` where it is not as plain as that.
pub(super) fn decode(text: &str) -> Option<Decoded<'_>> {
    let mut reader = Reader { text, at: 0, walk: Walk::new() };
    let content = reader.value(Some(Table::ROOT))?;
    reader.blank();
    (reader.at == text.len()).then(|| reader.walk.end(content))
}

struct Reader<'de> {
    text: &'de str,
    at: usize,
    walk: Walk<'de>,
}

impl<'de> Reader<'de> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes over blanks and this byte; whether it was there.
    fn pass(&mut self, byte: u8) -> bool {
        self.blank();
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self, node: Option<u8>) -> Option<Content> {
        self.blank();
        match self.peek()? {
            b'"' => {
                let text = self.string()?;
                self.walk.take(node, Scalar::Text(Text(text.into())));
                Some(Content::text(text))
            }
            b'{' => self.object(node),
            b'[' => self.array(node),
            b'-' | b'0'..=b'9' => self.number(node),
            b't' => self.word("true", node, Scalar::Bool(true), Content::bool(true)),
            b'f' => self.word("false", node, Scalar::Bool(false), Content::bool(false)),
            b'n' => self.word("null", node, Scalar::Null, Content::null()),
            _ => None,
        }
    }

    fn word(
        &mut self,
        word: &str,
        node: Option<u8>,
        scalar: Scalar<'de>,
        content: Content,
    ) -> Option<Content> {
        self.text[self.at..].starts_with(word).then(|| {
            self.at += word.len();
            self.walk.take(node, scalar);
            content
        })
    }

    /// The string that begins here, if nothing in it is escaped or must be.
    fn string(&mut self) -> Option<&'de str> {
        let from = self.at + 1;
        let rest = self.text.as_bytes().get(from..)?;
        let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
        (rest[length] == b'"').then(|| {
            self.at = from + length + 1;
            &self.text[from..from + length]
        })
    }

    /// A whole number as JSON writes it, less `-0`, which is a fraction to others.
    fn number(&mut self, node: Option<u8>) -> Option<Content> {
        let bytes = &self.text.as_bytes()[self.at..];
        let dash = usize::from(bytes[0] == b'-');
        let digits = bytes[dash..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (first, end) = (*bytes.get(dash)?, dash + digits);
        let is_whole = !matches!(bytes.get(end), Some(b'.' | b'e' | b'E'));
        let is_plain = (1..=DIGITS).contains(&digits) && (first != b'0' || end == 1);
        let number: i64 = self.text[self.at..self.at + end].parse().ok()?;
        (is_whole && is_plain).then(|| {
            self.at += end;
            let scalar = u64::try_from(number).map_or(Scalar::Int(number), whole);
            self.walk.take(node, scalar);
            Content::int(number.into())
        })
    }

    fn object(&mut self, node: Option<u8>) -> Option<Content> {
        self.walk.enter::<serde_json::Error>().ok()?;
        let node = self.walk.open_object(node);
        let content = self.members(node)?;
        self.walk.depth -= 1;
        Some(content)
    }

    fn members(&mut self, node: Option<u8>) -> Option<Content> {
        let (mut content, mut guess) = (Content::object(), 0);
        self.at += 1;
        if self.pass(b'}') {
            return Some(content);
        }
        loop {
            self.blank();
            if self.peek()? != b'"' {
                return None;
            }
            let key = self.string()?;
            let key = self.walk.key(node, key, guess);
            let child = self.walk.member(node, &key, &mut guess);
            if !self.pass(b':') {
                return None;
            }
            let value = self.value(child)?;
            if child != Some(self.walk.table.webhook) {
                content.add_member(key.content, value);
            }
            if self.pass(b'}') {
                return Some(content);
            }
            if !self.pass(b',') {
                return None;
            }
        }
    }

    fn array(&mut self, node: Option<u8>) -> Option<Content> {
        self.walk.enter::<serde_json::Error>().ok()?;
        let list = self.walk.open_array(node);
        // As the other way has it: what a body has beside a roster stays as it is.
        let outside = list.map(|_| std::mem::take(&mut self.walk.decoded.fields));
        let content = self.elements(list)?;
        if let Some(outside) = outside {
            self.walk.decoded.fields = outside;
        }
        self.walk.depth -= 1;
        Some(content)
    }

    fn elements(&mut self, list: Option<u8>) -> Option<Content> {
        let mut content = Content::array();
        self.at += 1;
        if self.pass(b']') {
            return Some(content);
        }
        loop {
            let element = match list {
                Some(list) => self.entry(list)?,
                None => self.value(None)?,
            };
            content.add_element(element);
            if self.pass(b']') {
                return Some(content);
            }
            if !self.pass(b',') {
                return None;
            }
        }
    }

    /// An entry of a roster.
    fn entry(&mut self, list: u8) -> Option<Content> {
        self.blank();
        if self.peek()? != b'{' {
            self.walk.decoded.refused = true;
            return self.value(None);
        }
        self.walk.enter::<serde_json::Error>().ok()?;
        self.walk.open_entry(list);
        let content = self.members(Some(list))?;
        self.walk.close_entry(list);
        self.walk.depth -= 1;
        Some(content)
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;
    use serde_json::Value;

    use super::super::decode::decode_any;
    use super::*;
    use crate::rules;

    /// Webhooks of all kinds, good ones and those in which rules fire, and the same with sorted keys
    /// and spaces.
    fn bodies() -> Vec<String> {
        let lines = rules::all().flat_map(|rule| rule.example.split(|byte| *byte == b'\n'));
        let lines = lines.filter_map(|line| std::str::from_utf8(line).ok()).map(str::to_owned);
        let lines: Vec<String> = lines.filter(|line| line.starts_with('{')).collect();
        let again = lines.iter().filter_map(|line| {
            let value: Value = serde_json::from_str(line).ok()?;
            let sorted: std::collections::BTreeMap<String, Value> =
                value.as_object()?.clone().into_iter().collect();
            serde_json::to_string_pretty(&sorted).ok()
        });
        again.chain(lines.clone()).collect()
    }

    /// A body with some characters in other places, or others in theirs.
    fn mutated(body: &str, dice: &mut Rng) -> String {
        const ODD: [&str; 22] = [
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "-",
            "0",
            ".5",
            "e3",
            "\u{1}",
            "é",
            " ",
            "\\u0041",
            "null",
            "true",
            "12345678901234567890",
            "\"trigger\":",
            "\"webhook\":\"x\",",
            "\"name\":",
        ];
        let mut body: Vec<char> = body.chars().collect();
        for _ in 0..dice.usize(1..4) {
            let at = dice.usize(..=body.len());
            let end = (at + dice.usize(..3)).min(body.len());
            let odd = ODD[dice.usize(..ODD.len())].chars();
            body.splice(at..end, odd.filter(|_| dice.bool()).collect::<Vec<_>>());
        }
        body.into_iter().collect()
    }

    /// Both ways, so many times; how many bodies the common way has read.
    fn agreed(times: usize, seed: u64) -> usize {
        let (bodies, mut dice) = (bodies(), Rng::with_seed(seed));
        let mut read = 0;
        for nth in 0..times {
            let body = &bodies[nth % bodies.len()];
            let body = if nth < bodies.len() { body.clone() } else { mutated(body, &mut dice) };
            if let Some(plain) = decode(&body) {
                let any = decode_any(&body).map(|any| format!("{any:?}"));
                assert_eq!(any.ok(), Some(format!("{plain:?}")), "{body}");
                read += 1;
            }
        }
        read
    }

    #[test]
    fn the_common_way_reads_what_the_other_reads() {
        let read = agreed(60_000, 1);
        assert!(read > 10_000, "{read}");
    }

    #[test]
    #[ignore = "it takes minutes"]
    fn the_common_way_reads_what_the_other_reads_millions_of_times() {
        agreed(5_000_000, 2);
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_other_way() {
        for odd in [
            r#"{"a":"\n"}"#,
            r#"{"a":1.5}"#,
            r#"{"a":-0}"#,
            r#"{"a":1e3}"#,
            r#"{"a":01}"#,
            "{\"a\":\"\u{1}\"}",
            r#"{"a":1}x"#,
            r#"{"a":1,}"#,
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":tru}"#,
            r#"{"a":-}"#,
            "{",
            "",
            r#"{"a":1234567890123456789}"#,
            "{a:1}",
            r#"{"a":"b}"#,
        ] {
            assert!(decode(odd).is_none(), "{odd}");
        }
        assert!(decode(r#" { "a" : [ 1 , -2, true, null, {} , [] ] , "b":"é" } "#).is_some());
    }
}
