//! The rules of the family J: text that is not a webhook, or cannot be read.

use crate::finding::{
    Basis::{Documented, Inferred},
    Rule,
    Severity::{Error, Warning},
    example,
};

/// The family in code order.
pub static ALL: &[&Rule] =
    &[&NOT_JSON, &TRUNCATED, &NOT_A_WEBHOOK, &NOT_UTF8, &TOO_BIG, &CONSOLE_DUMP, &NO_WEBHOOKS];

/// J001.
pub static NOT_JSON: Rule = Rule {
    code: "J001",
    name: "not-json",
    severity: Error,
    by_default: true,
    summary: "text that begins a JSON value and is not valid JSON",
    why: "Whatever webhook was meant to stand there was not read, so its call lacks an event and \
          may seem never answered or never ended. Text counts as the beginning of JSON where a \
          line begins with `{` followed by `\"` or `}`, or with `[` followed by `{`, `[`, `\"` or \
          `]`, blanks and line ends aside, or where a webhook begins anywhere in a line; any other \
          text is counted and passed over, and so is what looks like JSON in a log message or a \
          string but has no webhook in it. \
          Each damage is told once, at the part that broke: a broken webhook is passed over whole, \
          and a broken array or envelope is searched for the whole webhooks in it. With `--strict` \
          any text outside JSON is told as well.",
    remedy: "Let the logger write each payload with a JSON serialiser, one document to a line and \
             in one write, so that two processes cannot mix their lines. Where text around the \
             JSON is meant to be there, leave `--strict` out.",
    basis: Documented,
    source: "RFC 8259, section 2: the grammar of JSON",
    example: example!("J001"),
};

/// J002.
pub static TRUNCATED: Rule = Rule {
    code: "J002",
    name: "truncated",
    severity: Error,
    by_default: true,
    summary: "the input, or a string that holds a body, ends inside a document",
    why: "The last document was still open when the input ended, so the webhook in it was not read \
          and its call lacks an event. A capture looks like this that was copied while it was \
          being written, cut to a size, or left by a process that was killed or a disk that was \
          full. The whole webhooks before the cut were read, also those in an array that was never \
          closed. A tool that keeps no more than so many bytes of each request cuts the body in a \
          string of its export: then the finding stands at that string. A document that breaks off \
          with other text behind it is told as J001. Compressed data that is cut or damaged ends \
          the input too: everything that could be unpacked before was read, nothing behind it, and \
          the finding says how many bytes are left.",
    remedy: "If the file is still being written, check it again when it is complete. Otherwise \
             take the payload that was cut from another copy of the capture or from the receiver's \
             own store, and let the tool that cut it keep longer bodies.",
    basis: Documented,
    source: "RFC 8259, section 2: an object, an array and a string end with their closing mark",
    example: example!("J002"),
};

/// J003.
pub static NOT_A_WEBHOOK: Rule = Rule {
    code: "J003",
    name: "not-a-webhook",
    severity: Warning,
    by_default: true,
    summary: "valid JSON that holds no webhook, told once per source",
    why: "The value was read and counted under `not_webhooks`, and nothing came of it. A webhook \
          is an object with a string `trigger` and an object `data`, alone or inside other objects \
          and arrays; a log entry about a webhook that has a `trigger` and no `data` is none. The \
          finding stands at the first such value of its source and says how many there are. It is \
          a warning where a named file holds nothing but JSON, since somebody may have given the \
          wrong file; in a file that was found by walking a folder, beside lines of text and in \
          the records of a log, other JSON is to be expected, and it is info.",
    remedy: "If the payloads should be in there, make the logger write the payload itself and not \
             only what it has to say about it. If the values belong in the file, nothing needs \
             doing, and `--ignore J003` silences them.",
    basis: Inferred,
    source: "seen in captures: structured log entries about a webhook, with a `trigger` and \
             without its `data`",
    example: example!("J003"),
};

/// J004.
pub static NOT_UTF8: Rule = Rule {
    code: "J004",
    name: "not-utf8",
    severity: Error,
    by_default: true,
    summary: "bytes inside a document that are not UTF-8",
    why: "JSON is UTF-8, so a document with other bytes in it cannot be trusted, and a webhook \
          with such bytes is passed over whole: its call lacks an event. Often it is somebody's \
          name that shows it, since text in Latin-1 or Windows-1252 breaks at the first `ë` or \
          `ø`. The finding stands at the first byte that does not fit. UTF-16 with a byte order \
          mark is no such case: it is decoded.",
    remedy: "Store the bytes of the request body as they arrived, or open the log file for writing \
             as UTF-8. A capture that is in another encoding throughout can be converted, for \
             instance with `iconv -f WINDOWS-1252 -t UTF-8`.",
    basis: Documented,
    source: "RFC 8259, section 8.1: JSON that systems exchange is encoded in UTF-8 (RFC 3629)",
    example: example!("J004"),
};

/// J005.
pub static TOO_BIG: Rule = Rule {
    code: "J005",
    name: "too-big",
    severity: Error,
    by_default: true,
    summary: "a webhook body over 16 MiB, or nesting over 128",
    why: "A webhook body of more than 16 MiB, or a document with more than 128 levels of brackets, \
          is passed over whole, so that broken or hostile input cannot use up the memory; an event \
          in it is missing from its call. Levels are counted from the outermost value. The size of \
          a file, an array or an envelope is not limited: these are read element by element. With \
          `--max-expanded` the text that a compressed source may give is, and what is packed inside \
          a body may expand to 64 MiB.",
    remedy: "Look at what wrote the line: no payload that CometChat documents comes near these \
             limits, so it is a document stored inside itself again and again, or a file that is \
             no capture. No flag raises the limits but `--max-expanded`, where it was given.",
    basis: Inferred,
    source: "callscope's own limits, far above every payload in CometChat's documentation",
    example: example!("J005"),
};

/// J006.
pub static CONSOLE_DUMP: Rule = Rule {
    code: "J006",
    name: "console-dump",
    severity: Warning,
    by_default: true,
    summary: "a JavaScript console dump, which is not JSON",
    why: "`console.log(payload)` in Node prints the object in JavaScript's notation, which is not \
          JSON, and puts `[Object]` in the place of what lies deeper than two levels, the \
          occupants of `all_occupants` among it. The event is missing from its call, and the \
          capture does not hold all of it any more. The rule looks for `trigger: ` and a quoted \
          string in a line of text, and for how Python, Ruby and PHP print such an object: \
          `'trigger': `, `\"trigger\"=>` and `[trigger] => `.",
    remedy: "Log `JSON.stringify(payload)` instead of the object itself (`json.dumps(payload)`, \
             `payload.to_json`, `json_encode($payload)`), or store the request body as text. What \
             was logged before cannot be restored in full; where the line is not about a webhook, \
             nothing needs doing.",
    basis: Inferred,
    source: "seen in captures: what `console.log` prints of a payload in Node",
    example: example!("J006"),
};

/// J007.
pub static NO_WEBHOOKS: Rule = Rule {
    code: "J007",
    name: "no-webhooks",
    severity: Error,
    by_default: true,
    summary: "the whole run found no webhook at all",
    why: "Not one webhook was found in all inputs together. In CI that is a wrong path, an empty \
          capture or a log that names webhooks without holding them, and a check that passed on it \
          would have checked nothing; so it is an error. Webhooks that are no calling events, such \
          as `message_sent`, count as found. The finding stands at line 1 of the first input, \
          whichever inputs there were.",
    remedy: "Check the path, and that the receiver logs the payloads and not only that they came. \
             Where a capture may rightly hold none, give `--allow-empty`.",
    basis: Inferred,
    source: "whoever checks a capture expects at least one webhook in it",
    example: example!("J007"),
};
