//! What stands between documents: lines of text, and values that hold no webhook.

use std::io;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::de::IgnoredAny;

use super::frame::{Fault, Framer, WINDOW, search};
use super::rules;
use super::scan::Extent;
use super::sink::Sink;
use super::tally::Tally;

impl<S: Sink> Framer<'_, '_, S> {
    /// Takes a number, string or literal that is a line of its own, or an array that begins with
    /// one, where a document could stand. Anything else that looks like it is text.
    pub(super) fn plain_value(&mut self) -> io::Result<bool> {
        match self.window.peek()? {
            Some(b'[') => self.plain_array(),
            Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => match self.line_length()? {
                Some(length) => Ok(self.plain_line(length)),
                None if self.window.peek()? == Some(b'"') => self.long_string().map(|()| true),
                None => Ok(false),
            },
            _ => Ok(false),
        }
    }

    fn plain_array(&mut self) -> io::Result<bool> {
        let line = self.line_length()?;
        let array = match self.extent(WINDOW, 0)? {
            Extent::Complete(length) => {
                let text = self.window.text();
                // A log may put numbers in brackets before its messages.
                let alone = line.is_none_or(|line| {
                    length >= line || text[length..line].trim_ascii().is_empty()
                });
                alone && is_json(&text[..length])
            }
            Extent::TooLong => true,
            _ => false,
        };
        if array {
            self.document()?;
        }
        Ok(array)
    }

    fn plain_line(&mut self, length: usize) -> bool {
        let line = self.window.text()[..length].trim_ascii_end();
        if !is_json(line) {
            return false;
        }
        let tally = match std::str::from_utf8(line) {
            Ok(text) if text.starts_with('"') => {
                search!(self, |search, context| search.string(text, context))
            }
            _ => Tally::other(self.sighting(line.len())),
        };
        self.add(tally);
        self.window.consume(length);
        true
    }

    /// A line that begins with a quote and is longer than the window: a string if it ends with one.
    fn long_string(&mut self) -> io::Result<()> {
        let at = self.sighting(WINDOW);
        let closed = self.skip_string()?;
        let mut alone = closed;
        while let Some(byte) = self.window.peek()?.filter(|byte| *byte != b'\n') {
            alone &= byte.is_ascii_whitespace();
            self.window.consume(1);
        }
        if alone {
            self.add(Tally::other(at));
        } else {
            self.counts.skipped_lines += 1;
        }
        Ok(())
    }
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Text where only JSON was asked for (`--strict`).
pub(super) fn outside(at: usize) -> Fault {
    Fault { damages: false, ..Fault::new(&rules::NOT_JSON, at, "text outside JSON") }
}

/// How an object looks that was printed instead of being written as JSON.
#[derive(Debug)]
pub(super) struct Dump {
    /// What stands before the trigger.
    mark: &'static [u8],
    pub(super) what: &'static str,
    pub(super) help: &'static str,
}

static DUMPS: &[Dump] = &[
    Dump {
        mark: b"'trigger': ",
        what: "a Python object as it is printed",
        help: "log json.dumps(payload) instead of the object itself",
    },
    Dump {
        mark: b"\"trigger\"=>",
        what: "a Ruby hash as it is printed",
        help: "log payload.to_json instead of the hash itself",
    },
    Dump {
        mark: b"\"trigger\" => ",
        what: "a Ruby hash as it is printed",
        help: "log payload.to_json instead of the hash itself",
    },
    Dump {
        mark: b":trigger=>",
        what: "a Ruby hash as it is printed",
        help: "log payload.to_json instead of the hash itself",
    },
    Dump {
        mark: b"\"\"trigger\"\":",
        what: "a payload in a field of CSV, with its quotes doubled",
        help: "export it as JSON, or take the field out with a CSV tool first",
    },
    Dump {
        mark: b"[trigger] => ",
        what: "a PHP array as it is printed",
        help: "log json_encode($payload) instead of the array itself",
    },
    Dump {
        mark: b"trigger: ",
        what: "a JavaScript console dump",
        help: "log JSON.stringify(payload) instead of the object itself",
    },
];

static TRIGGER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("trigger"));

/// What finds the mark of each dump: to build it takes longer than to search a line.
static MARKS: LazyLock<Vec<Finder<'static>>> =
    LazyLock::new(|| DUMPS.iter().map(|dump| Finder::new(dump.mark)).collect());

/// Where an object shows in a line that was printed and is not JSON, and by which language.
pub(super) fn dump(line: &[u8]) -> Option<(usize, &'static Dump)> {
    TRIGGER.find(line)?;
    DUMPS.iter().zip(&*MARKS).find_map(|(dump, mark)| {
        let quoted = |at: &usize| {
            let value = line.get(at + dump.mark.len());
            dump.mark.starts_with(b"[") || matches!(value, Some(b'\'' | b'"' | b'`'))
        };
        mark.find_iter(line).find(quoted).map(|at| (at, dump))
    })
}
