//! The files that payloads come in, with the place of everything that is wrong.

use super::payloads::{GOOD, Payload};
use super::tree::{Layout, Node, Placed, Value, Writing};

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carrier {
    pub(crate) name: &'static str,
    layout: Layout,
    mark: bool,
    /// Whether each line of NDJSON begins with a mark too, as files do that were put together.
    marked_lines: bool,
    utf16: bool,
}

const LINES: Layout = Layout { line_end: "\n", indent: None };

pub(crate) const NDJSON: Carrier =
    Carrier { name: "NDJSON", layout: LINES, mark: false, marked_lines: false, utf16: false };
pub(crate) const PRETTY: Carrier = Carrier {
    name: "a pretty array",
    layout: Layout { line_end: "\n", indent: Some("  ") },
    ..NDJSON
};
pub(crate) const TABBED: Carrier = Carrier {
    name: "a pretty array with tabs",
    layout: Layout { line_end: "\n", indent: Some("\t") },
    ..NDJSON
};
pub(crate) const MARKED: Carrier = Carrier {
    name: "NDJSON with a mark and CRLF",
    layout: Layout { line_end: "\r\n", indent: None },
    mark: true,
    ..NDJSON
};
pub(crate) const MARKED_PRETTY: Carrier = Carrier {
    name: "a pretty array with a mark and CRLF",
    layout: Layout { line_end: "\r\n", indent: Some("  ") },
    ..MARKED
};
pub(crate) const UTF16: Carrier = Carrier { name: "NDJSON in UTF-16", utf16: true, ..MARKED };
pub(crate) const UTF16_PRETTY: Carrier =
    Carrier { name: "a pretty array in UTF-16", utf16: true, ..MARKED_PRETTY };

pub(crate) const MARKED_LINES: Carrier =
    Carrier { name: "NDJSON with a mark on each line", marked_lines: true, ..MARKED };
pub(crate) const UTF16_MARKED_LINES: Carrier =
    Carrier { name: "NDJSON in UTF-16 with a mark on each line", utf16: true, ..MARKED_LINES };

pub(crate) const ALL: [Carrier; 9] = [
    NDJSON,
    PRETTY,
    TABBED,
    MARKED,
    MARKED_PRETTY,
    UTF16,
    UTF16_PRETTY,
    MARKED_LINES,
    UTF16_MARKED_LINES,
];

/// A file, and what is wrong in it.
#[derive(Debug)]
pub(crate) struct Capture {
    pub(crate) bytes: Vec<u8>,
    /// What should be found, by place.
    pub(crate) expected: Vec<Expected>,
}

/// A finding that is due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expected {
    pub(crate) byte_offset: usize,
    pub(crate) rule: String,
    pub(crate) pointer: String,
    pub(crate) line: usize,
    pub(crate) col: usize,
    /// What stands on its line before the value, as the value, and behind it.
    pub(crate) parts: [String; 3],
    pub(crate) title: String,
}

impl Carrier {
    /// A file of this kind with these wrong payloads, and good ones between them.
    pub(crate) fn capture<'p>(self, wrong: impl IntoIterator<Item = &'p Payload>) -> Capture {
        let mut writing = Writing::default();
        let mut titles: Vec<&str> = Vec::new();
        let mut payloads: Vec<&Payload> = Vec::new();
        for (at, wrong) in wrong.into_iter().enumerate() {
            // A mark is at its most treacherous where the first line is the wrong one.
            if at % 3 == usize::from(self.mark) {
                payloads.push(&GOOD[at % GOOD.len()]);
            }
            payloads.push(wrong);
        }
        payloads.push(&GOOD[0]);
        if self.layout.indent.is_some() {
            let bodies = payloads.iter().map(|payload| payload.body.clone()).collect();
            titles.extend(payloads.iter().flat_map(|payload| {
                let mut alone = Writing::default();
                alone.node(&payload.body, LINES, 0);
                vec![payload.title.as_str(); alone.placed.len()]
            }));
            let array = Node { value: Value::List(bodies), claims: Vec::new() };
            writing.node(&array, self.layout, 0);
            writing.text.push_str(self.layout.line_end);
        } else {
            for payload in payloads {
                writing.text.push_str(if self.marked_lines { "\u{feff}" } else { "" });
                writing.node(&payload.body, self.layout, 0);
                writing.text.push_str(self.layout.line_end);
                titles.resize(writing.placed.len(), &payload.title);
            }
        }
        assert_eq!(titles.len(), writing.placed.len());
        let lines = Lines::new(&writing.text);
        let mut expected: Vec<Expected> = (writing.placed.iter().zip(titles))
            .map(|(placed, title)| self.expected(placed, title, &lines))
            .collect();
        expected.sort();
        Capture { bytes: self.bytes(&writing.text), expected }
    }

    fn bytes(self, text: &str) -> Vec<u8> {
        let mark = if self.mark { "\u{feff}" } else { "" };
        let text = format!("{mark}{text}");
        if self.utf16 {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else {
            text.into_bytes()
        }
    }

    fn expected(self, placed: &Placed, title: &str, lines: &Lines<'_>) -> Expected {
        let (from, to) = (placed.bytes.start, placed.bytes.end);
        let number = lines.starts.partition_point(|start| *start <= from);
        let start = lines.starts[number - 1];
        let line = lines.text[start..].split(['\r', '\n']).next().unwrap_or_default();
        let end = to.min(start + line.len());
        // A mark stands before the webhook, of which alone something is shown.
        let shown = start + if line.starts_with('\u{feff}') { 3 } else { 0 };
        let parts = [shown..from, from..end, end..start + line.len()];
        let before = &lines.text[..from];
        Expected {
            byte_offset: if self.utf16 {
                2 + 2 * lines.units_before(start)
                    + 2 * lines.text[start..from].encode_utf16().count()
            } else {
                before.len() + if self.mark { 3 } else { 0 }
            },
            rule: placed.claim.rule.to_owned(),
            pointer: placed.claim.pointer.clone(),
            line: number,
            col: 1 + lines.text[start..from].chars().count(),
            parts: parts.map(|part| lines.text[part].to_owned()),
            title: title.to_owned(),
        }
    }
}

/// Where the lines of a text begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// UTF-16 code units before each.
    units: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let (mut starts, mut units) = (Vec::new(), Vec::new());
        let (mut at, mut unit) = (0, 0);
        for line in text.split_inclusive('\n') {
            starts.push(at);
            units.push(unit);
            at += line.len();
            unit += line.encode_utf16().count();
        }
        Self { text, starts, units }
    }

    fn units_before(&self, start: usize) -> usize {
        self.starts.binary_search(&start).map_or(0, |at| self.units[at])
    }
}
