//! Arguments and environment variables that a script took from somewhere without looking.

use std::ffi::OsStr;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;

use super::judge::{Looks, objections, printed};
use super::terminal::callscope;

/// Each place where something can be typed; `X` stands for it.
const ARGUMENTS: [&str; 66] = [
    "X",
    "--X",
    "-X",
    "help X",
    "man X",
    "completions X",
    "rule X",
    "rule --color X",
    "calls --X",
    "calls --color X",
    "calls --format X",
    "calls --tz X",
    "calls --since X",
    "calls --until X",
    "calls --limit X",
    "calls --ring-window X",
    "calls --min-ring X",
    "calls --min-duration X",
    "calls --outcome X",
    "calls --flow X",
    "calls --rule X",
    "calls --trigger X",
    "calls --trigger [X",
    "calls --columns X samples/busy.ndjson",
    "calls --columns who,X samples/busy.ndjson",
    "calls --sort X samples/busy.ndjson",
    "calls --sort -X samples/busy.ndjson",
    "calls --call X samples/busy.ndjson",
    "calls --session X samples/busy.ndjson",
    "calls --conversation X samples/busy.ndjson",
    "calls --participant X samples/busy.ndjson",
    "calls --app X samples/busy.ndjson",
    "calls --webhook X samples/busy.ndjson",
    "calls --output X/y samples/busy.ndjson",
    "calls --summary X/y samples/busy.ndjson",
    "calls --quiet=X samples/busy.ndjson",
    "calls --ascii=X samples/busy.ndjson",
    "check --format X",
    "check --select X",
    "check --select K,X",
    "check --ignore X",
    "check --severity X",
    "check --severity X=error",
    "check --severity K003=X",
    "check --fail-on X",
    "check --config X samples/busy.ndjson",
    "check --baseline X samples/busy.ndjson",
    "check --write-baseline X/y samples/busy.ndjson",
    "events X",
    "events X samples/busy.ndjson",
    "events X/*.ndjson samples/busy.ndjson",
    "events [X samples/busy.ndjson",
    "generate --calls X",
    "generate --start X",
    "generate --mix X=1",
    "generate --mix ended=X",
    "generate --participants X",
    "generate --faults X",
    "generate --faults drop=X",
    "generate --carrier X",
    "generate --calls 1 --truth X/y",
    "replay --to X samples/busy.ndjson",
    "replay --to - --speed X samples/busy.ndjson",
    "replay --to - --max-gap X samples/busy.ndjson",
    "replay --to - --call X samples/busy.ndjson",
    "timeline -- -X",
];

const ENVIRONMENT: [(&str, &str); 4] = [
    ("CALLSCOPE_NOW", "calls --since -3h samples/busy.ndjson"),
    ("TZ", "calls --tz local samples/busy.ndjson"),
    ("COLUMNS", "timeline samples/busy.ndjson"),
    ("TERM", "timeline samples/busy.ndjson"),
];

/// Texts that move the cursor, change the colour and turn what stands behind them. The last is not
/// UTF-8.
const TEXTS: [&[u8]; 4] = [
    b"x\x1b[31mred\x1b[2J\x1b]0;title\x07\x08\x7f\r\n\ty",
    "x\u{9b}31m\u{85}\u{90}q\u{2028}\u{2029}\u{200e}\u{200f}\u{61c}y".as_bytes(),
    "\u{202e}\u{2066}אב|\"'`\\=1+1\u{2069}".as_bytes(),
    b"caf\xe9\x9b31m\x1b[31m",
];

#[test]
fn no_argument_comes_back_with_its_control_characters() {
    let mut report = String::new();
    for words in ARGUMENTS {
        for text in TEXTS {
            for looks in [Looks::PIPE, Looks::TERMINAL] {
                let mut command = callscope([""; 0]);
                for word in words.split(' ') {
                    command.arg(OsStr::from_bytes(&filled(word, text)));
                }
                note(&mut report, words, text, &objections(&printed(command, looks), looks));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn no_environment_variable_comes_back_with_its_control_characters() {
    let mut report = String::new();
    for (name, words) in ENVIRONMENT {
        for text in TEXTS {
            for looks in [Looks::PIPE, Looks::TERMINAL] {
                let mut command = callscope(words.split(' '));
                command.env(name, OsStr::from_bytes(text));
                note(&mut report, name, text, &objections(&printed(command, looks), looks));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// The word with the text for its `X`.
fn filled(word: &str, text: &[u8]) -> Vec<u8> {
    match word.split_once('X') {
        Some((before, after)) => [before.as_bytes(), text, after.as_bytes()].concat(),
        None => word.as_bytes().to_owned(),
    }
}

fn note(report: &mut String, what: &str, text: &[u8], objections: &[String]) {
    for objection in objections {
        let text = text.escape_ascii();
        // Writing to a string cannot fail.
        let _ = writeln!(report, "{what} with X={text}: {objection}");
    }
}
