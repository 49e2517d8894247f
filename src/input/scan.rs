//! Finds where a JSON value ends without building it.
//!
//! The scanner knows JSON's structure (brackets, commas, colons, strings) but not the grammar of
//! numbers, literals and escapes: whoever reads the value checks those. It stops at the first byte
//! that no JSON value can have there, so that a broken document never swallows the ones behind it.

use std::collections::VecDeque;

use memchr::memchr3;

use super::written::unescaped;

/// Deepest nesting of a document.
pub(crate) const MAX_DEPTH: u32 = 128;

/// What may stand next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    Colon,
    CommaOrClose,
}

/// How a scan stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The value ends before this offset.
    Complete(usize),
    /// The text so far is the beginning of a value: call again with more of it.
    More,
    /// No value can go on with the byte at this offset.
    Broken(usize),
    /// The bracket at this offset opens a level beyond [`MAX_DEPTH`].
    TooDeep(usize),
}

/// A scan of one object or array, resumable when more text has come, and for an object or array
/// inside of it that was still open when the scan stopped.
#[derive(Debug)]
pub(crate) struct Scan {
    at: usize,
    deepest: usize,
    /// The brackets that are open, the innermost last: offsets in the text of the first call.
    open: VecDeque<u64>,
    /// Where the text of the next call begins in that of the first.
    began: u64,
    /// One bit a level, the innermost lowest: set for an object.
    objects: u128,
    next: Next,
    in_string: bool,
    in_literal: bool,
}

impl Scan {
    /// A scan that has seen nothing; `text[0]` will be the opening bracket, `above` other levels
    /// deep.
    pub(crate) fn new(above: u32) -> Self {
        Self {
            at: 0,
            deepest: deepest(above),
            open: VecDeque::new(),
            began: 0,
            objects: 0,
            next: Next::Value,
            in_string: false,
            in_literal: false,
        }
    }

    /// Forgets the text that was scanned, and says how long it was: the next call's text begins
    /// behind it. What is inside cannot be resumed any more.
    pub(crate) fn let_go(&mut self) -> usize {
        std::mem::take(&mut self.at)
    }

    /// Whether the bracket at `offset` is open.
    pub(crate) fn has_open(&self, offset: u64) -> bool {
        self.open.binary_search(&(self.began + offset)).is_ok()
    }

    /// Whether the bracket at `offset` is open, and a scan that begins there, `above` other levels
    /// deep, would stop no earlier than this one did. If so, this one becomes that scan: the next
    /// call's text begins at `offset`.
    pub(crate) fn resume_at(&mut self, offset: u64, above: u32) -> bool {
        let (Ok(outer), Ok(passed)) =
            (self.open.binary_search(&(self.began + offset)), usize::try_from(offset))
        else {
            return false;
        };
        // The deepest level that this scan could reach must be allowed there too.
        if self.deepest.saturating_sub(outer) > deepest(above) {
            return false;
        }
        self.open.drain(..outer);
        self.began += offset;
        self.at -= passed;
        self.deepest = deepest(above);
        true
    }

    /// Goes on through `text`, which begins with all the text of the calls before. Once stopped at a
    /// byte, it stops there again.
    pub(crate) fn run(&mut self, text: &[u8]) -> Stop {
        #[cfg(test)]
        let before = self.at;
        let stop = self.go_on(text);
        #[cfg(test)]
        tests::SCANNED.set(tests::SCANNED.get() + (self.at - before) as u64);
        stop
    }

    fn go_on(&mut self, text: &[u8]) -> Stop {
        while self.at < text.len() {
            if self.in_string {
                match self.string(text) {
                    None => continue,
                    Some(stop) => return stop,
                }
            }
            if let Some(stop) = self.token(text) {
                return stop;
            }
        }
        Stop::More
    }

    /// Reads on inside a string. `None` when it has ended.
    fn string(&mut self, text: &[u8]) -> Option<Stop> {
        loop {
            let Some(found) = memchr3(b'"', b'\\', b'\n', &text[self.at..]) else {
                self.at = text.len();
                return Some(Stop::More);
            };
            let at = self.at + found;
            match text[at] {
                b'"' => {
                    self.at = at + 1;
                    self.in_string = false;
                    self.after_string();
                    return None;
                }
                b'\\' if at + 1 < text.len() && text[at + 1] != b'\n' => self.at = at + 2,
                b'\\' if at + 1 < text.len() => return Some(Stop::Broken(at + 1)),
                b'\\' => {
                    self.at = at;
                    return Some(Stop::More);
                }
                _ => return Some(Stop::Broken(at)),
            }
        }
    }

    fn after_string(&mut self) {
        self.next = match self.next {
            Next::Key | Next::KeyOrClose => Next::Colon,
            _ => Next::CommaOrClose,
        };
    }

    /// Takes one structural byte or one run of a literal.
    fn token(&mut self, text: &[u8]) -> Option<Stop> {
        if self.in_literal {
            return self.literal(text);
        }
        let at = self.at;
        let byte = text[at];
        self.at += 1;
        let wants_value = matches!(self.next, Next::Value | Next::ValueOrClose);
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => None,
            b'"' if wants_value || matches!(self.next, Next::Key | Next::KeyOrClose) => {
                self.in_string = true;
                None
            }
            b'{' | b'[' if wants_value => self.open(at, byte == b'{'),
            b'}' if self.in_object() && self.may_close() => self.close(),
            b']' if !self.in_object() && self.may_close() => self.close(),
            b':' if self.next == Next::Colon => self.then(Next::Value),
            b',' if self.next == Next::CommaOrClose && self.in_object() => self.then(Next::Key),
            b',' if self.next == Next::CommaOrClose => self.then(Next::Value),
            b'0'..=b'9' | b'-' | b't' | b'f' | b'n' if wants_value && !self.open.is_empty() => {
                self.in_literal = true;
                None
            }
            _ => {
                self.at = at;
                Some(Stop::Broken(at))
            }
        }
    }

    /// Reads on inside a number, `true`, `false` or `null`.
    fn literal(&mut self, text: &[u8]) -> Option<Stop> {
        self.at += literal_length(&text[self.at..]);
        self.in_literal = self.at == text.len();
        self.then(Next::CommaOrClose)
    }

    fn then(&mut self, next: Next) -> Option<Stop> {
        self.next = next;
        None
    }

    fn in_object(&self) -> bool {
        !self.open.is_empty() && self.objects & 1 == 1
    }

    fn may_close(&self) -> bool {
        matches!(self.next, Next::CommaOrClose | Next::KeyOrClose | Next::ValueOrClose)
            && !self.open.is_empty()
    }

    fn open(&mut self, at: usize, object: bool) -> Option<Stop> {
        if self.open.len() == self.deepest {
            self.at = at;
            return Some(Stop::TooDeep(at));
        }
        self.open.push_back(self.began + at as u64);
        self.objects = self.objects << 1 | u128::from(object);
        self.then(if object { Next::KeyOrClose } else { Next::ValueOrClose })
    }

    fn close(&mut self) -> Option<Stop> {
        self.open.pop_back();
        self.objects >>= 1;
        self.next = Next::CommaOrClose;
        self.open.is_empty().then_some(Stop::Complete(self.at))
    }
}

/// Levels that a document may have, `above` other levels deep.
fn deepest(above: u32) -> usize {
    MAX_DEPTH.saturating_sub(above) as usize
}

/// Whether a number, `true`, `false` or `null` (or a slip in one) may hold this byte.
fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_')
}

/// Bytes of the literal that `text` begins with.
pub(crate) fn literal_length(text: &[u8]) -> usize {
    text.iter().position(|byte| !is_literal(*byte)).unwrap_or(text.len())
}

/// Whether the text begins a JSON object or array as a capture has them: `{` before `"` or `}`, `[`
/// before `{`, `[`, `"` or `]`, white space aside. Whatever else begins with a bracket is text.
pub(crate) fn begins_document(text: &[u8]) -> bool {
    let then = |rest: &[u8]| rest.iter().copied().find(|byte| !byte.is_ascii_whitespace());
    match text {
        [b'{', rest @ ..] => matches!(then(rest), Some(b'"' | b'}')),
        [b'[', rest @ ..] => matches!(then(rest), Some(b'{' | b'[' | b'"' | b']')),
        _ => false,
    }
}

/// Whether the object at the start of `text`, whole or broken, has the key `trigger` with a string,
/// or `data` beside another key of the envelope: a webhook then, and nothing inside it is searched.
pub(crate) fn has_trigger(text: &[u8]) -> bool {
    let (mut has_data, mut has_envelope) = (false, false);
    let mut depth = 0_u32;
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(text, at);
                if depth == 1 && opens(&text[end..], b":") {
                    match &*unescaped(&text[at..end]) {
                        b"\"trigger\"" if opens(&text[end..], b":\"") => return true,
                        b"\"data\"" => has_data |= opens(&text[end..], b":{"),
                        b"\"appId\"" | b"\"webhook\"" => {
                            has_envelope |= opens(&text[end..], b":\"");
                        }
                        _ => {}
                    }
                    if has_data && has_envelope {
                        return true;
                    }
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// Whether these bytes follow, white space aside.
fn opens(text: &[u8], with: &[u8]) -> bool {
    let bytes = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    bytes.take(with.len()).eq(with)
}

/// The offset behind the string that opens at `at`; a line end breaks it off.
pub(super) fn string_end(text: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(found) = memchr3(b'"', b'\\', b'\n', &text[at.min(text.len())..]) {
        at += found;
        match text[at] {
            b'\\' if text.get(at + 1) != Some(&b'\n') => at += 2,
            _ => return at + 1,
        }
    }
    text.len()
}

/// How far the object or array at the window's start reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// This many bytes.
    Complete(usize),
    /// To the byte at which it cannot go on.
    Broken(usize),
    /// To the bracket that opens one level too many.
    TooDeep(usize),
    /// Further than the limit.
    TooLong,
    /// Beyond the end of the source.
    Cut,
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// Bytes that scans of this thread have passed over.
        pub(in crate::input) static SCANNED: Cell<u64> = const { Cell::new(0) };
    }

    fn scan(text: &str) -> Stop {
        Scan::new(0).run(text.as_bytes())
    }

    #[test]
    fn a_value_ends_at_its_closing_bracket() {
        assert_eq!(scan(r#"{"a":[1,{"b":"}]"}],"c":null} x"#), Stop::Complete(29));
        assert_eq!(scan("[]"), Stop::Complete(2));
    }

    #[test]
    fn a_missing_bracket_is_noticed_where_the_next_document_begins() {
        assert_eq!(scan("{\"a\":{\"b\":1}\n{\"a\":2}"), Stop::Broken(13));
        assert_eq!(scan("{\"a\":\"cut\n{\"a\":2}"), Stop::Broken(9));
    }

    #[test]
    fn a_scan_goes_on_wherever_the_text_was_cut() {
        let text = br#"{"k\"":[12.5e3,true,"x\\"],"z":{}}"#;
        for cut in 0..text.len() {
            let mut scan = Scan::new(0);
            assert_eq!(scan.run(&text[..cut]), Stop::More, "cut at {cut}");
            assert_eq!(scan.run(text), Stop::Complete(text.len()), "cut at {cut}");
        }
    }

    #[test]
    fn a_scan_resumed_inside_stops_where_one_that_begins_there_does() {
        const PIECES: [&str; 12] = [
            "{\"a\":",
            "{\"b\":[",
            "{\"a\":\n",
            "[",
            "{",
            "\"c\":",
            "1",
            ",",
            "}",
            "]",
            "\n",
            "\"x\"",
        ];
        let mut dice = fastrand::Rng::with_seed(7);
        let mut resumed = 0;
        for _ in 0..2000 {
            // The first few alone open more and more levels.
            let pieces = [2, 3, PIECES.len()][dice.usize(..3)];
            let text: String =
                (0..dice.usize(..200)).map(|_| PIECES[dice.usize(..pieces)]).collect();
            let text = text.as_bytes();
            let mut last: Option<(usize, Scan)> = None;
            for (from, byte) in text.iter().enumerate() {
                if !matches!(byte, b'{' | b'[') {
                    continue;
                }
                let above = dice.u32(..5);
                let mut fresh = Scan::new(above);
                let due = fresh.run(&text[from..]);
                if let Some((began, scan)) = &mut last
                    && scan.resume_at((from - *began) as u64, above)
                {
                    resumed += 1;
                    assert_eq!(scan.run(&text[from..]), due, "{from} in {text:?}");
                    *began = from;
                } else if !matches!(due, Stop::Complete(_)) {
                    last = Some((from, fresh));
                }
            }
        }
        assert!(resumed > 10_000, "{resumed}");
    }

    #[test]
    fn nesting_is_followed_to_128_levels() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert_eq!(scan(&deep(128)), Stop::Complete(256));
        assert_eq!(scan(&deep(129)), Stop::TooDeep(128));
    }

    #[test]
    fn a_trigger_counts_at_the_top_of_the_object_alone() {
        assert!(has_trigger(br#"{"data":{"x":1},"trigger" : "a"#));
        assert!(!has_trigger(br#"{"data":{"trigger":"a"}}"#));
        assert!(!has_trigger(br#"{"trigger":5,"text":"\"trigger\":\"a\""}"#));
        assert!(has_trigger(br#"{"\u0074rigger":"a","data":{"#));
    }

    #[test]
    fn a_webhook_whose_trigger_was_cut_is_told_by_its_envelope() {
        assert!(has_trigger(br#"{"appId":"a","data":{"message":{"text":"cut"#));
        assert!(!has_trigger(br#"{"id":"a","data":{"webhook":"w","appId":"a"#));
    }
}
