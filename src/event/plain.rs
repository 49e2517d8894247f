//! The common way through a body: strings without escapes, whole numbers, nothing broken. It walks
//! the same tables as the way for any JSON and gives up at whatever else it meets.

use super::compiled::{Behind, Table};
use super::content::{Path, Word};
use super::decode::{Key, Walk};
use crate::input::json::{Walked, plain_length};

/// Digits of the longest number that is read here: it fits 64 bits.
const DIGITS: usize = 18;

/// Walks a body; `false` where it is not as plain as that, and the walk is worth nothing.
pub(super) fn read<'de>(text: &'de str, walk: &mut Walk<'_, 'de>) -> bool {
    let mut reader = Reader { text, walked: Walked::new(text.as_bytes()), walk };
    let is_read = reader.value(Some(Table::ROOT), Path::root()).is_some();
    reader.walked.blank();
    let is_over = reader.walked.at == text.len();
    walk.end();
    is_read && is_over
}

/// Each of its ways gives `None` where what stands there is not plain.
struct Reader<'w, 'o, 'de> {
    text: &'de str,
    walked: Walked<'de>,
    walk: &'w mut Walk<'o, 'de>,
}

impl<'de> Reader<'_, '_, 'de> {
    fn value(&mut self, node: Option<u8>, path: Path) -> Option<()> {
        self.walked.blank();
        match self.walked.peek()? {
            b'"' => {
                let text = self.string()?;
                self.walk.text(node, path, text);
            }
            b'{' => self.object(node, path)?,
            b'[' => self.array(node, path)?,
            b'-' | b'0'..=b'9' => {
                let number = self.number()?;
                self.walk.whole(node, path, number.into());
            }
            b't' => self.word("true", node, path, Word::True)?,
            b'f' => self.word("false", node, path, Word::False)?,
            b'n' => self.word("null", node, path, Word::Null)?,
            _ => return None,
        }
        Some(())
    }

    fn word(&mut self, written: &str, node: Option<u8>, path: Path, word: Word) -> Option<()> {
        self.walked.word(written)?;
        self.walk.word(node, path, word);
        Some(())
    }

    /// The string that begins here, if nothing in it is escaped or must be.
    fn string(&mut self) -> Option<&'de str> {
        let from = self.walked.at + 1;
        let rest = self.walked.bytes.get(from..)?;
        let length = plain_length(rest)?;
        (rest[length] == b'"').then(|| {
            self.walked.at = from + length + 1;
            &self.text[from..from + length]
        })
    }

    /// A whole number as JSON writes it, less `-0`, which is a fraction to others.
    fn number(&mut self) -> Option<i64> {
        let rest = self.walked.rest();
        let dash = usize::from(rest[0] == b'-');
        let (mut number, mut end) = (0, dash);
        while let Some(digit @ b'0'..=b'9') = rest.get(end)
            && end < dash + DIGITS
        {
            number = number * 10 + i64::from(digit - b'0');
            end += 1;
        }
        let is_whole =
            end > dash && !matches!(rest.get(end), Some(b'.' | b'e' | b'E' | b'0'..=b'9'));
        let is_plain = rest[dash..].first() != Some(&b'0') || end == 1;
        (is_whole && is_plain).then(|| {
            self.walked.at += end;
            if dash == 0 { number } else { -number }
        })
    }

    fn object(&mut self, node: Option<u8>, path: Path) -> Option<()> {
        self.walk.enter::<serde_json::Error>().ok()?;
        let node = self.walk.open_object(node, path);
        self.members(node, path)?;
        self.walk.depth -= 1;
        Some(())
    }

    fn members(&mut self, node: Option<u8>, path: Path) -> Option<()> {
        let mut behind = Behind::start(node.unwrap_or(Table::ROOT));
        self.walked.at += 1;
        if self.walked.pass(b'}') {
            return Some(());
        }
        loop {
            let key = self.key(node, behind)?;
            let (child, path) = self.walk.member(node, path, key, &mut behind);
            self.value(child, path)?;
            if self.walked.is_last(b'}')? {
                return Some(());
            }
        }
    }

    /// A key and its colon.
    fn key(&mut self, node: Option<u8>, behind: Behind) -> Option<Key> {
        self.walked.blank();
        if node.is_some() {
            let rest = self.walked.rest();
            for child in self.walk.order.likely(behind) {
                let likely = self.walk.table.node(child);
                if child != Table::ROOT
                    && let Some(length) = likely.quoted.begins(rest)
                {
                    self.walked.at += length;
                    return Some(Key { hash: likely.key, found: Some(child) });
                }
            }
        }
        if self.walked.peek()? != b'"' {
            return None;
        }
        let key = self.string()?;
        let key = self.walk.key(node, behind, key);
        self.walked.pass(b':').then_some(key)
    }

    fn array(&mut self, node: Option<u8>, path: Path) -> Option<()> {
        self.walk.enter::<serde_json::Error>().ok()?;
        let list = self.walk.open_array(node, path);
        let aside = self.walk.decoded.fields.set_aside();
        self.elements(list, path)?;
        self.walk.decoded.fields.put_back(aside);
        self.walk.depth -= 1;
        Some(())
    }

    fn elements(&mut self, list: Option<u8>, path: Path) -> Option<()> {
        self.walked.at += 1;
        if self.walked.pass(b']') {
            return Some(());
        }
        for number in 0.. {
            let path = path.element(number);
            match list {
                Some(list) => self.entry(list, path)?,
                None => self.value(None, path)?,
            }
            if self.walked.is_last(b']')? {
                break;
            }
        }
        Some(())
    }

    /// An entry of a roster.
    fn entry(&mut self, list: u8, path: Path) -> Option<()> {
        self.walked.blank();
        if self.walked.peek()? != b'{' {
            self.walk.decoded.refused = true;
            return self.value(None, path);
        }
        self.walk.enter::<serde_json::Error>().ok()?;
        self.walk.open_entry(list, path);
        self.members(Some(list), path)?;
        self.walk.close_entry(list);
        self.walk.depth -= 1;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;
    use serde_json::Value;

    use super::super::any;
    use super::super::compiled::Order;
    use super::super::value::Spare;
    use super::*;
    use crate::rules;

    /// What the common way reads, in words.
    fn decode(text: &str) -> Option<String> {
        let (mut order, spare) = (Order::default(), Spare::new());
        let mut walk = Walk::new(&mut order, &spare);
        let is_read = read(text, &mut walk);
        is_read.then(|| format!("{:?}", walk.decoded))
    }

    fn decode_any(text: &str) -> Option<String> {
        let (mut order, spare) = (Order::default(), Spare::new());
        let mut walk = Walk::new(&mut order, &spare);
        let read = any::read(text, &mut walk);
        read.ok().map(|()| format!("{:?}", walk.decoded))
    }

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
                assert_eq!(decode_any(&body), Some(plain), "{body}");
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
