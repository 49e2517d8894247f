//! What looks like a secret in the text around a place, covered before anybody sees it.
//!
//! Only what surrounds damage is shown of an envelope or a line; this is careful rather than exact.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Match, MatchKind};

/// What is shown in the place of a secret, however long that is.
const COVER: &str = "[hidden]";

/// Words that stand before a secret, in any case.
const WORDS: [&str; 22] = [
    "authorization",
    "cookie",
    "password",
    "passwd",
    "secret",
    "token",
    "signature",
    "credential",
    "api-key",
    "api_key",
    "apikey",
    "access-key",
    "access_key",
    "private-key",
    "private_key",
    "bearer ",
    "basic ",
    "auth",
    "pass",
    "pwd",
    "jwt",
    "sid",
];

/// Of these so many at the end count only where a word begins with them.
const SHORT: usize = 5;

/// So many bytes of base64 in a row may hold a whole request with its headers.
const CODED: usize = 40;

/// The three parts of a text, what looks like a secret in it covered. A text that `begins` somewhere
/// may begin within one.
pub(super) fn covered(parts: [&str; 3], begins: bool) -> [String; 3] {
    let whole = parts.concat();
    let mut secrets = secrets(&whole);
    if !begins {
        secrets.push(0..whole.find(['"', '\'', '\n']).unwrap_or(0));
    }
    secrets.sort_by_key(|range| range.start);
    let mut from = 0;
    parts.map(|part| {
        let own = from..from + part.len();
        from = own.end;
        cover(&whole, &own, &secrets)
    })
}

/// The part `own` of a text.
fn cover(whole: &str, own: &Range<usize>, secrets: &[Range<usize>]) -> String {
    let mut shown = String::new();
    let mut at = own.start;
    for secret in secrets.iter().filter(|secret| secret.end > own.start && secret.start < own.end) {
        if secret.start > at {
            shown.push_str(&whole[at..secret.start]);
        }
        if secret.start >= own.start && secret.end > at {
            shown.push_str(COVER);
        }
        at = at.max(secret.end);
    }
    shown.push_str(whole.get(at..own.end).unwrap_or_default());
    shown
}

#[cfg(feature = "net")]
/// Whether the name of a header says that its value is a secret.
pub(crate) fn names_secret(name: &str) -> bool {
    words(name).next().is_some()
}

#[cfg(feature = "net")]
/// A text, what looks like a secret in it covered.
pub(crate) fn without_secrets(text: &str) -> String {
    covered(["", text, ""], true).concat()
}

/// Where words stand that a secret follows.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    static SEARCH: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let search = SEARCH.get_or_init(|| {
        let mut search = AhoCorasick::builder();
        search.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
        search.build(WORDS).ok()
    });
    let found = search.iter().flat_map(move |search| search.find_iter(text));
    let counts = move |word: &Match| {
        let before = text[..word.start()].chars().next_back();
        let inside = before.is_some_and(char::is_alphanumeric);
        !inside || word.pattern().as_usize() < WORDS.len() - SHORT
    };
    found.filter(counts).map(|word| word.range())
}

fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    for word in words(text) {
        secrets.extend(pair(text, word.start).or_else(|| value(text, word.end)));
    }
    secrets.extend(query(text));
    secrets.extend(coded(text));
    secrets.extend(userinfo(text));
    secrets.extend(user_flag(text));
    secrets
}

/// The keys and signatures of a query.
fn query(text: &str) -> Vec<Range<usize>> {
    let names = ["key=", "sig=", "code="];
    let behind = names.iter().flat_map(|name| found(text, name));
    behind.filter_map(|(at, name)| value(text, at + name.len() - 1)).collect()
}

/// Where a word stands in a text.
fn found<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = (usize, &'t str)> {
    memchr::memmem::find_iter(text.as_bytes(), word).map(move |at| (at, word))
}

/// The value behind a word that names it.
fn value(text: &str, word_end: usize) -> Option<Range<usize>> {
    let rest = text.get(word_end..)?;
    if text[..word_end].ends_with(' ') {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ','));
        return Some(word_end..end.map_or(text.len(), |end| word_end + end));
    }
    // The word may go on, as `tokens` or `authorization_header` does.
    let word = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))?;
    let rest = &rest[word..];
    let start = rest.find(|c: char| !is_between(c))?;
    if start == 0 {
        return None;
    }
    let end = start + end_of_value(&rest[..start], &rest[start..]);
    Some(word_end + word + start..word_end + word + end)
}

/// How long the value is that follows `before`: a list, an object, a string, a word of a query, or
/// the rest of the line.
fn end_of_value(before: &str, text: &str) -> usize {
    let opened = before.matches('[').count().saturating_sub(before.matches(']').count());
    let slashes = |text: &str| text.len() - text.trim_end_matches('\\').len();
    let end = if opened > 0 || text.starts_with('{') {
        end_of_list(text, opened)
    } else if let Some(quote) = before.rfind(['"', '\'']) {
        // A quote inside has more backslashes before it than the one that opened the string.
        let (mark, escapes) = (&before[quote..=quote], slashes(&before[..quote]));
        let ends = |at: &usize| slashes(&text[..*at]) <= escapes;
        text.match_indices(mark).map(|(at, _)| at).find(ends)
    } else if before.contains('=') && !before.contains('>') {
        text.find(|c: char| c.is_whitespace() || matches!(c, '&' | '"' | '\'' | ',' | '}'))
    } else {
        text.find('\n')
    };
    end.unwrap_or(text.len())
}

/// Where the brackets end that a list or an object has open, `opened` of them before the text.
fn end_of_list(text: &str, mut opened: usize) -> Option<usize> {
    let (mut in_string, mut escaped) = (text.starts_with(|c| c != '{' && c != '['), false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '[' | '{' => opened += 1,
            ']' | '}' => {
                opened = opened.saturating_sub(1);
                if opened == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The object around a word that is the name of a header or a cookie, a value beside it as HAR and
/// others have it: all of it.
fn pair(text: &str, word: usize) -> Option<Range<usize>> {
    let before = text[..word].trim_end_matches(is_between);
    let named = ["name", "key", "Name", "Key"].iter().any(|name| before.ends_with(name));
    let start = before.rfind('{').filter(|_| named)?;
    let end = end_of_list(&text[start..], 0).map_or(text.len(), |end| start + end);
    Some(start..end)
}

/// `user:password` behind curl's flags.
fn user_flag(text: &str) -> Vec<Range<usize>> {
    let flags = [" -u ", " -u", "--user ", "--user="];
    let behind = flags.iter().flat_map(|flag| found(text, flag));
    let value = |(at, flag): (usize, &str)| {
        let start = at + flag.len();
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |end| start + end);
        text[start..end].contains(':').then_some(start..end)
    };
    behind.filter_map(value).collect()
}

fn is_between(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ':' | '=' | '>' | ',' | '"' | '\'' | '\\' | '[' | ']')
}

/// Long runs of base64.
fn coded(text: &str) -> Vec<Range<usize>> {
    let of_base64 = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_' | b'.')
    };
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| of_base64(byte)).count();
        // Ids of sessions are long too, and have no capitals.
        let any = |is: fn(&u8) -> bool| bytes[at..at + run].iter().any(is);
        if run >= CODED && any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase) {
            runs.push(at..at + run);
        }
        at += run.max(1);
    }
    runs
}

/// `user:password` before the host of a URL.
fn userinfo(text: &str) -> Vec<Range<usize>> {
    let within = |(at, _): (usize, &str)| {
        let host = &text[at + 3..];
        let end = host.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?'));
        let host = &host[..end.unwrap_or(host.len())];
        host.rfind('@').map(|length| at + 3..at + 3 + length)
    };
    found(text, "://").filter_map(within).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        covered(["", text, ""], true).concat()
    }

    #[test]
    fn headers_cookies_tokens_and_passwords_are_covered() {
        for text in [
            r#"{"headers":{"authorization":"Basic hunter2 x","host":"h"}"#,
            r#"{"name":"Authorization","value":"Bearer hunter2"}"#,
            "Cookie: sid=hunter2; theme=dark",
            "X-API-Key: hunter2",
            "GET /hook?access_token=hunter2&x=1",
            r#"{\"x_api_key\":\"hunter2\"}"#,
            "https://ana:hunter2@example.org/hook",
            "POST /hook?sig=1&client_secret=hunter2 HTTP/1.1",
            r#"{"authorization":["Basic hunter2"],"a":1}"#,
            r#"{"set-cookie":["a=b","sid=hunter2"]}"#,
            r#"{"cookies":[{"name":"sid","value":"hunter2"}]}"#,
            r#"{"authorization":"Digest username=\"ana\", response=\"hunter2\""}"#,
            r#"{"value":"Bearer hunter2","name":"Authorization"}"#,
            "curl -u ana:hunter2 https://example.org",
            "[authorization] => Basic hunter2",
            "\"authorization\":\n\"hunter2\" oops",
            "{\"name\":\"Authorization\",\n\"value\":\"Basic hunter2\" oops",
            r#"{"cookie":["a=[1]; b","sid=hunter2"]}"#,
            r#"{"authorization":{"a":["x"],"b":"hunter2"}}"#,
            r#"{"key":"Authorization","type":"text","value":"Basic hunter2"}"#,
            "sent Bearer hunter2",
            "curl -uana:hunter2 https://example.org",
            "GET /hook?sig=hunter2&x=1",
            r#"{"pwd":"hunter2"}"#,
        ] {
            let shown = shown(text);
            assert!(!shown.contains("hunter2") && shown.contains(COVER), "{shown}");
        }
    }

    #[test]
    fn what_is_long_and_in_base64_is_covered() {
        let text = format!(r#"{{"raw":"{}"}}"#, "UE9TVCAvaG9vayBIVFRQLzEuMQ".repeat(3));
        assert_eq!(shown(&text), r#"{"raw":"[hidden]"}"#);
    }

    #[test]
    fn the_rest_is_shown_as_it_is() {
        let text = r#"{"trigger":"call_started","data":{"sessionId":"s"}"#;
        assert_eq!(covered([&text[..10], &text[10..20], &text[20..]], true).concat(), text);
    }

    #[test]
    fn a_text_may_begin_within_a_secret() {
        let parts = covered(["x; a hunter2\",\"body\": ", "oops", ""], false);
        assert_eq!(parts[0], "[hidden]\",\"body\": ");
    }

    #[test]
    fn a_secret_that_reaches_over_the_place_is_covered_once() {
        let parts = covered(["authorization: Basic hun", "ter", "2"], true);
        assert_eq!(parts, ["authorization: [hidden]".to_owned(), String::new(), String::new()]);
    }
}
