//! Where a broken document ends, and so where reading goes on.

use serde::de::IgnoredAny;

use super::scan::{begins_document, literal_length};

/// Looks for the end of the broken document that begins a text, the earliest of
///
/// - the bracket that closes it;
/// - a line that begins a document at or left of `indent`, the indent of the line on which the
///   broken one begins: what is inside a pretty-printed document stands further right;
/// - a line so far left behind `broken_at` that no document can go on with;
/// - an object behind `broken_at` where its own object has room for a key alone;
/// - `{"trigger"` behind a comma, which a string cannot hold unescaped: the next element of a list whose
///   strings the cut has turned inside out;
/// - a closing bracket that none of its brackets fits;
/// - the end of `text`.
#[derive(Debug)]
pub(super) struct Resync {
    broken_at: usize,
    indent: usize,
    at: usize,
    open: Vec<u8>,
    in_string: bool,
}

/// How far is looked ahead of a byte at most, whatever the window holds.
const AHEAD: usize = 1024;

impl Resync {
    pub(super) fn new(broken_at: usize, indent: usize) -> Self {
        Self { broken_at, indent, at: 0, open: Vec::new(), in_string: false }
    }

    /// Goes on through `text`, which begins with all the text of the calls before. `None` where it
    /// takes more of it, which it never does of the `whole`.
    pub(super) fn run(&mut self, text: &[u8], whole: bool) -> Option<usize> {
        loop {
            self.at += self.before_next(text.get(self.at..).unwrap_or_default());
            if self.at >= text.len() || !(whole || can_tell(&text[self.at..])) {
                return whole.then_some(text.len());
            }
            if let Some(end) = self.step(text) {
                return Some(end);
            }
        }
    }

    /// Bytes before the next one that may end the document, or matters to what follows.
    fn before_next(&self, text: &[u8]) -> usize {
        let matters = |byte: &u8| match byte {
            b'"' | b'\n' | b'{' => true,
            b'\\' => self.in_string,
            b'[' | b'}' | b']' => !self.in_string,
            _ => false,
        };
        text.iter().position(matters).unwrap_or(text.len())
    }

    fn step(&mut self, text: &[u8]) -> Option<usize> {
        let at = self.at;
        let rest = &text[at..text.len().min(at + AHEAD)];
        let byte = rest[0];
        // The last byte that is no white space.
        let last = || text[..at].trim_ascii_end().last().copied();
        match byte {
            b'\n' if self.starts_anew(&rest[1..]) => return Some(at + 1),
            // A string has no line end in it: it was cut off.
            b'\n' => self.in_string = false,
            b'{' if at > 0 && begins_webhook(rest) && last() == Some(b',') => return Some(at),
            b'\\' if self.in_string && rest.get(1) != Some(&b'\n') => self.at += 1,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'{' if at >= self.broken_at.max(1)
                && self.open.last() == Some(&b'{')
                && begins_document(rest)
                && last() != Some(b':') =>
            {
                return Some(at);
            }
            b'{' | b'[' => self.open.push(byte),
            b'}' | b']' => match self.close(byte) {
                Closed::Inner => {}
                Closed::Document => return Some(at + 1),
                Closed::Foreign => return Some(at),
            },
            _ => {}
        }
        self.at += 1;
        None
    }

    /// Whether the line that begins here, no further right than the document, is no part of it: it
    /// begins another, or it is text where the document is broken already.
    fn starts_anew(&self, line: &[u8]) -> bool {
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let line = &line[blanks..];
        let broken = self.at + 1 >= self.broken_at;
        blanks <= self.indent && (begins_document(line) || broken && is_text(line))
    }

    /// Closes up to the innermost bracket that `byte` fits.
    fn close(&mut self, byte: u8) -> Closed {
        let opening = if byte == b'}' { b'{' } else { b'[' };
        let Some(level) = self.open.iter().rposition(|bracket| *bracket == opening) else {
            return Closed::Foreign;
        };
        self.open.truncate(level);
        if level == 0 { Closed::Document } else { Closed::Inner }
    }
}

/// Whether enough of a text is there to tell what its first byte means. More than that is not waited
/// for: on a pipe it may be long in coming.
fn can_tell(text: &[u8]) -> bool {
    if text.len() > AHEAD {
        return true;
    }
    match text[0] {
        b'\\' => text.len() > 1,
        b'{' => text[1..].trim_ascii_start().len() >= b"\"trigger\"".len(),
        b'\n' => {
            let line = text[1..].trim_ascii_start();
            let bracket = line.starts_with(b"{") || line.starts_with(b"[");
            memchr::memchr(b'\n', line).is_some()
                && (!bracket || !line[1..].trim_ascii_start().is_empty())
        }
        _ => true,
    }
}

enum Closed {
    Inner,
    Document,
    Foreign,
}

/// Whether no line of a JSON document begins so.
fn is_text(line: &[u8]) -> bool {
    match line.first() {
        None | Some(b'\n' | b'\r' | b'{' | b'}' | b']' | b'"' | b',' | b':') => false,
        Some(b'[') => true,
        Some(_) => {
            let word = &line[..literal_length(line)];
            let then = line[word.len()..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
            let ends = matches!(then, None | Some(b'\n' | b'\r' | b',' | b'}' | b']'));
            !ends || serde_json::from_slice::<IgnoredAny>(word).is_err()
        }
    }
}

/// Whether an object begins here whose first key is `trigger`.
fn begins_webhook(text: &[u8]) -> bool {
    text[1..].trim_ascii_start().starts_with(b"\"trigger\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str, broken_at: usize) -> &str {
        let end = Resync::new(broken_at, 0).run(text.as_bytes(), true);
        &text[end.expect("an end")..]
    }

    #[test]
    fn a_document_that_was_cut_ends_with_its_line() {
        assert_eq!(kept("{\"a\":\n{\"b\":1}\n{", 14), "{\"b\":1}\n{");
        assert_eq!(kept("{\"a\":\"x\n{\"b\":1}", 7), "{\"b\":1}");
    }

    #[test]
    fn a_document_with_a_bad_token_ends_at_its_bracket() {
        assert_eq!(kept("{\"a\":{\"b\" 1}} rest", 10), " rest");
    }

    #[test]
    fn what_is_inside_a_pretty_printed_document_belongs_to_it() {
        let text = "{\n  \"a\" [\n    {\n      \"b\": 1\n    }\n  ]\n}\nrest";
        assert_eq!(kept(text, 8), "\nrest");
    }

    #[test]
    fn an_object_where_only_a_key_fits_is_the_next_document() {
        let text = r#"{"a":{"b":1},{"c":2}]"#;
        assert_eq!(kept(text, 13), r#"{"c":2}]"#);
    }

    #[test]
    fn a_document_that_was_cut_behind_a_backslash_ends_with_its_line() {
        assert_eq!(kept("{\"a\":\"x\\\n{\"b\":1}", 9), "{\"b\":1}");
    }

    #[test]
    fn lines_of_text_behind_a_document_that_was_cut_are_left_alone() {
        assert_eq!(kept("{\"a\":\nnext line\n{\"b\":1}", 6), "next line\n{\"b\":1}");
        assert_eq!(kept("{\"a\":tru\n\"b\":1}\nrest", 8), "\nrest");
    }

    #[test]
    fn the_next_webhook_of_a_list_is_found_behind_a_string_that_was_cut() {
        let text = r#"{"a":"x,{"trigger":"b"}]"#;
        assert_eq!(kept(text, 11), r#"{"trigger":"b"}]"#);
    }

    #[test]
    fn a_bracket_of_the_list_around_it_is_left_to_the_list() {
        assert_eq!(kept(r#"{"a":{"b":1 ] rest"#, 12), "] rest");
    }
}
