//! What looks like a secret in the text around a place, covered before anybody sees it.
//!
//! Only what surrounds damage is shown of an envelope or a line; this is careful rather than exact.

use std::ops::Range;

/// What is shown in the place of a secret, however long that is.
const COVER: &str = "[hidden]";

/// Words that stand before a secret, in any case, in any spelling of dashes.
const WORDS: [&str; 14] = [
    "authorization",
    "cookie",
    "password",
    "passwd",
    "secret",
    "token",
    "signature",
    "credential",
    "api-key",
    "apikey",
    "access-key",
    "private-key",
    "session-key",
    "auth",
];

/// So many bytes of base64 in a row may hold a whole request with its headers.
const CODED: usize = 40;

/// The three parts of a text, what looks like a secret in it covered.
pub(super) fn covered(parts: [&str; 3]) -> [String; 3] {
    let whole = parts.concat();
    let mut secrets = secrets(&whole);
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

fn secrets(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase().replace('_', "-");
    let mut secrets = Vec::new();
    for word in WORDS {
        for (at, _) in lower.match_indices(word) {
            secrets.extend(value_before(text, at));
            secrets.extend(value(text, at + word.len()));
        }
    }
    secrets.extend(coded(text));
    secrets.extend(userinfo(text));
    secrets.extend(user_flag(text));
    secrets
}

/// The value behind a word that names it.
fn value(text: &str, word_end: usize) -> Option<Range<usize>> {
    let rest = text.get(word_end..)?;
    // The word may go on, as `tokens` or `authorization_header` does.
    let word = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))?;
    let rest = &rest[word..];
    let mut start = rest.find(|c: char| !is_between(c))?;
    if start == 0 {
        return None;
    }
    // HAR and others have a header as a pair of name and value.
    if let Some(pair) = rest[start..].strip_prefix("value") {
        start += 5 + pair.find(|c: char| !is_between(c))?;
    }
    let end = start + end_of_value(&rest[..start], &rest[start..]);
    Some(word_end + word + start..word_end + word + end)
}

/// How long the value is that follows `before`: a list, an object, a string, a word of a query, or
/// the rest of the line.
fn end_of_value(before: &str, text: &str) -> usize {
    let list = before.contains('[') || text.starts_with(['[', '{']);
    let slashes = |text: &str| text.len() - text.trim_end_matches('\\').len();
    let end = if list {
        text.find([']', '\n'])
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

/// The pair of a value and of a word that names it behind it.
fn value_before(text: &str, word: usize) -> Option<Range<usize>> {
    let before = text[..word].trim_end_matches(is_between);
    let object = before.strip_suffix("name").or_else(|| before.strip_suffix("key"))?;
    let start = object.rfind(['{', '\n']).map_or(0, |at| at + 1);
    (!object[start..].trim_matches(is_between).is_empty()).then_some(start..object.len())
}

/// `user:password` behind curl's flags.
fn user_flag(text: &str) -> Vec<Range<usize>> {
    let flags = ["-u ", "--user "];
    let behind = flags.iter().flat_map(|flag| text.match_indices(flag));
    let value = |(at, flag): (usize, &str)| {
        let start = at + flag.len();
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |end| start + end);
        text[start..end].contains(':').then_some(start..end)
    };
    behind.filter_map(value).collect()
}

fn is_between(c: char) -> bool {
    matches!(c, ' ' | '\t' | ':' | '=' | '>' | ',' | '"' | '\'' | '\\' | '[' | ']')
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
    text.match_indices("://").filter_map(within).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        covered(["", text, ""]).concat()
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
        assert_eq!(covered([&text[..10], &text[10..20], &text[20..]]).concat(), text);
    }

    #[test]
    fn a_secret_that_reaches_over_the_place_is_covered_once() {
        let parts = covered(["authorization: Basic hun", "ter", "2"]);
        assert_eq!(parts, ["authorization: [hidden]".to_owned(), String::new(), String::new()]);
    }
}
