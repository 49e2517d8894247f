//! Finds and hides secrets in text.
//!
//! [`SECRET_NAMES`] is the one list of names that mark a secret, for headers, query parameters
//! (`?name=value`), matrix parameters (`;name=value`) and the text around damage. The search hides too
//! much rather than too little.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use percent_encoding::percent_decode_str;

/// Replaces a secret of any length.
const HIDDEN: &str = "[hidden]";

/// Where a name has a word that marks a secret.
#[derive(Clone, Copy, Debug)]
enum WordPosition {
    /// Anywhere, also across the parts of the name: `apikey` is in `X-Api-Key`.
    Anywhere,
    /// At the beginning of a part of the name.
    PartStart,
    /// At the end, as a part of its own. The word alone marks a secret only as the name of a header
    /// or a parameter: in prose and JSON it is too common.
    Last,
    /// As the whole name of a header or a parameter.
    Whole,
}

/// The words that mark a secret, in lower case.
const SECRET_NAMES: [(&str, WordPosition); 52] = {
    use WordPosition::{Anywhere, Last, PartStart, Whole};
    [
        ("authorization", Anywhere),
        ("authentication", Anywhere),
        ("cookie", Anywhere),
        ("password", Anywhere),
        ("passwd", Anywhere),
        ("secret", Anywhere),
        ("token", Anywhere),
        ("signature", Anywhere),
        ("credential", Anywhere),
        ("apikey", Anywhere),
        ("appkey", Anywhere),
        ("accesskey", Anywhere),
        ("privatekey", Anywhere),
        ("hmac", Anywhere),
        ("csrf", Anywhere),
        ("xsrf", Anywhere),
        ("sessid", Anywhere),
        ("jsessionid", Anywhere),
        ("clientcert", Anywhere),
        ("auth", PartStart),
        ("oauth", PartStart),
        ("pass", PartStart),
        ("pwd", PartStart),
        ("jwt", PartStart),
        ("sid", PartStart),
        ("otp", PartStart),
        ("totp", PartStart),
        ("saml", PartStart),
        ("oidc", PartStart),
        ("dpop", PartStart),
        ("key", Last),
        ("pin", Last),
        ("login", Last),
        ("session", Last),
        ("session-id", Last),
        ("sessionid", Last),
        ("sig", Last),
        ("sign", Last),
        ("pw", Last),
        ("mfa", Last),
        ("2fa", Last),
        ("cert", Last),
        ("principal", Last),
        ("assertion", Last),
        ("verifier", Last),
        ("ticket", Last),
        ("bearer", Last),
        // OAuth's parameter.
        ("code", Whole),
        // Headers with other names: a secret of Flutterwave, a key of Honeycomb,
        // a signature of Trello, half of a service token of Cloudflare.
        ("verif-hash", Whole),
        ("x-honeycomb-team", Whole),
        ("x-trello-webhook", Whole),
        ("cf-access-client-id", Whole),
    ]
};

/// Names that end like those of secrets but do not mark one.
const HARMLESS_NAMES: [&str; 2] = ["idempotency-key", "sec-websocket-key"];

/// Schemes of `Authorization`, with the space before the secret.
const SCHEMES: [&str; 2] = ["bearer ", "basic "];

/// The shortest run of base64 that may encode a request with its headers.
const MIN_BASE64: usize = 40;

/// Hides secrets in a text of three parts. Unless the text `begins` at its beginning, it may begin
/// inside of a secret.
pub(super) fn hide_secrets(parts: [&str; 3], begins: bool) -> [String; 3] {
    let whole = parts.concat();
    let mut secrets = find_secrets(&whole);
    if !begins {
        secrets.push(0..whole.find(['"', '\'', '\n']).unwrap_or(0));
    }
    secrets.sort_by_key(|range| range.start);
    let mut from = 0;
    parts.map(|part| {
        let range = from..from + part.len();
        from = range.end;
        hide(&whole, &range, &secrets)
    })
}

/// The part `own` of a text, without the secrets in it.
fn hide(whole: &str, own: &Range<usize>, secrets: &[Range<usize>]) -> String {
    let mut shown = String::new();
    let mut at = own.start;
    for secret in secrets.iter().filter(|secret| secret.end > own.start && secret.start < own.end) {
        if secret.start > at {
            shown.push_str(&whole[at..secret.start]);
        }
        if secret.start >= own.start && secret.end > at {
            shown.push_str(HIDDEN);
        }
        at = at.max(secret.end);
    }
    shown.push_str(whole.get(at..own.end).unwrap_or_default());
    shown
}

/// Whether a header or a parameter of this name holds a secret. `_`, `-`, `.`, percent-encoding and
/// case make no difference.
#[cfg(feature = "net")]
pub(crate) fn names_secret(name: &str) -> bool {
    marks_secret(name, true)
}

/// A text with its secrets hidden.
#[cfg(feature = "net")]
pub(crate) fn without_secrets(text: &str) -> String {
    hide_secrets(["", text, ""], true).concat()
}

/// A URL or a path with its secret parameters hidden.
pub(crate) fn without_secret_parameters(url: &str) -> Cow<'_, str> {
    let mut secrets = parameters(url);
    if secrets.is_empty() {
        return Cow::Borrowed(url);
    }
    secrets.sort_by_key(|range| range.start);
    Cow::Owned(hide(url, &(0..url.len()), &secrets))
}

/// Whether a name marks a secret. `is_field`: it is known to be that of a header or a parameter.
fn marks_secret(name: &str, is_field: bool) -> bool {
    // Most names contain no such word, which one search finds out without normalising them.
    if !name.contains('%') && search().is_none_or(|search| !search.is_match(name)) {
        return false;
    }
    let name = normalised(name);
    let joined: String = name.split('-').collect();
    let is_last = |word: &str| match name.strip_suffix(word) {
        Some("") => is_field,
        Some(before) => before.ends_with('-'),
        None => false,
    };
    let is_marked = |(word, position): &(&str, WordPosition)| match position {
        WordPosition::Anywhere => joined.contains(word),
        WordPosition::PartStart => name.split('-').any(|part| part.starts_with(word)),
        WordPosition::Last => is_last(word),
        WordPosition::Whole => is_field && name == *word,
    };
    !HARMLESS_NAMES.contains(&&*name) && SECRET_NAMES.iter().any(is_marked)
}

/// A name in lower case with `-` between its parts: `X_Api.Key`, `xApiKey` and `x%2Dapi-key` are
/// `x-api-key`.
fn normalised(name: &str) -> String {
    let decoded: Vec<char> = percent_decode_str(name).decode_utf8_lossy().chars().collect();
    let mut parts = String::with_capacity(decoded.len() + 4);
    for (at, letter) in decoded.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| decoded[before]);
        let follows = decoded.get(at + 1);
        let begins_part = before.is_some_and(|before| {
            before.is_lowercase()
                || before.is_numeric()
                || before.is_uppercase() && follows.is_some_and(|next| next.is_lowercase())
        });
        if !letter.is_alphanumeric() || letter.is_uppercase() && begins_part {
            parts.push('-');
        }
        if letter.is_alphanumeric() {
            parts.extend(letter.to_lowercase());
        }
    }
    parts.trim_matches('-').to_owned()
}

/// Finds the words of [`SECRET_NAMES`], then [`SCHEMES`]; `None` if the search cannot be built.
fn search() -> Option<&'static AhoCorasick> {
    static SEARCH: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let search = SEARCH.get_or_init(|| {
        let mut search = AhoCorasick::builder();
        search.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
        search.build(SECRET_NAMES.iter().map(|(word, _)| *word).chain(SCHEMES)).ok()
    });
    search.as_ref()
}

fn find_secrets(text: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    // The end of the last name, which may contain several words and is judged once.
    let mut judged = 0;
    for word in search().iter().flat_map(|search| search.find_iter(text)) {
        if word.pattern().as_usize() >= SECRET_NAMES.len() {
            secrets.push(word.end()..end_of_word(text, word.end()));
        } else if word.start() >= judged {
            let name = name_around(text, word.range());
            judged = name.end;
            // `parameters` finds those.
            if !ends_parameter_name(text, name.end) && marks_secret(&text[name.clone()], false) {
                secrets.extend(
                    name_value_object(text, name.start).or_else(|| value_after(text, name.end)),
                );
            }
        }
    }
    secrets.extend(parameters(text));
    secrets.extend(base64_runs(text));
    secrets.extend(url_users(text));
    secrets.extend(curl_users(text));
    secrets
}

/// The whole name that contains `part`.
fn name_around(text: &str, part: Range<usize>) -> Range<usize> {
    let start = text[..part.start].trim_end_matches(is_name_character).len();
    let rest = &text[part.end..];
    start..part.end + rest.len() - rest.trim_start_matches(is_name_character).len()
}

fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '%' | '$')
}

/// Whether `=` follows, but not `=>`.
fn ends_parameter_name(text: &str, name_end: usize) -> bool {
    text[name_end..].starts_with('=') && !text[name_end..].starts_with("=>")
}

/// The secret values of `name=value` in queries, path segments, forms and cookies.
fn parameters(text: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    for equals in memchr::memchr_iter(b'=', text.as_bytes()) {
        let name = name_around(text, equals..equals).start..equals;
        if name.is_empty() || !ends_parameter_name(text, equals) {
            continue;
        }
        let before = &text[..name.start];
        let name = &text[name];
        // In `\nkey=` the letter belongs to the escaped line end, not to the name.
        let escape = name.strip_prefix(['n', 'r', 't']).filter(|_| before.ends_with('\\'));
        if !marks_secret(name, true) && !escape.is_some_and(|name| marks_secret(name, true)) {
            continue;
        }
        if before.ends_with(';') {
            // A matrix parameter ends with its path segment.
            let start = equals + 1;
            let is_end = |c: char| c.is_whitespace() || "&;/?#\"',}".contains(c);
            let end = text[start..].find(is_end).map_or(text.len(), |end| start + end);
            secrets.push(start..end);
        } else {
            secrets.extend(value_after(text, equals));
        }
    }
    secrets
}

/// The end of the word at `start`.
fn end_of_word(text: &str, start: usize) -> usize {
    let end = text[start..].find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ','));
    end.map_or(text.len(), |end| start + end)
}

/// All places of a word in a text.
fn find_all<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = (usize, &'t str)> {
    memchr::memmem::find_iter(text.as_bytes(), word).map(move |at| (at, word))
}

/// The value of the name that ends at `name_end`.
fn value_after(text: &str, name_end: usize) -> Option<Range<usize>> {
    let rest = text.get(name_end..)?;
    let start = rest.find(|c: char| !is_separator(c))?;
    if start == 0 {
        return None;
    }
    let end = start + value_length(&rest[..start], &rest[start..]);
    Some(name_end + start..name_end + end)
}

/// The length of the value that follows `before`: a list, an object, a string, a word of a query, or
/// the rest of the line.
fn value_length(before: &str, text: &str) -> usize {
    let opened = before.matches('[').count().saturating_sub(before.matches(']').count());
    let slashes = |text: &str| text.len() - text.trim_end_matches('\\').len();
    let end = if opened > 0 || text.starts_with('{') {
        end_of_list(text, opened)
    } else if let Some(quote) = before.rfind(['"', '\'']) {
        // A quote inside of the string has more backslashes before it than the opening one.
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

/// The end of a list or an object; `opened` of its brackets precede the text.
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

/// The whole object in which a header or a cookie has its name and value as members, as in HAR.
fn name_value_object(text: &str, name_start: usize) -> Option<Range<usize>> {
    let before = text[..name_start].trim_end_matches(is_separator);
    let named = ["name", "key", "Name", "Key"].iter().any(|name| before.ends_with(name));
    let start = before.rfind('{').filter(|_| named)?;
    let end = end_of_list(&text[start..], 0).map_or(text.len(), |end| start + end);
    Some(start..end)
}

/// `user:password` after curl's flags.
fn curl_users(text: &str) -> Vec<Range<usize>> {
    let flags = [" -u ", " -u", "--user ", "--user="];
    let behind = flags.iter().flat_map(|flag| find_all(text, flag));
    let value = |(at, flag): (usize, &str)| {
        let start = at + flag.len();
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |end| start + end);
        text[start..end].contains(':').then_some(start..end)
    };
    behind.filter_map(value).collect()
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ':' | '=' | '>' | ',' | '"' | '\'' | '\\' | '[' | ']')
}

/// Long runs of base64.
fn base64_runs(text: &str) -> Vec<Range<usize>> {
    let is_base64 = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_' | b'.')
    };
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| is_base64(byte)).count();
        // Session ids are long too, but have no capitals.
        let any = |is: fn(&u8) -> bool| bytes[at..at + run].iter().any(is);
        if run >= MIN_BASE64 && any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase) {
            runs.push(at..at + run);
        }
        at += run.max(1);
    }
    runs
}

/// `user:password` before the host of a URL.
fn url_users(text: &str) -> Vec<Range<usize>> {
    let within = |(at, _): (usize, &str)| {
        let host = &text[at + 3..];
        let end = host.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?'));
        let host = &host[..end.unwrap_or(host.len())];
        host.rfind('@').map(|length| at + 3..at + 3 + length)
    };
    find_all(text, "://").filter_map(within).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        hide_secrets(["", text, ""], true).concat()
    }

    #[test]
    fn headers_cookies_tokens_and_passwords_are_hidden() {
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
            "GET /hook?%74oken=hunter2&x=1",
            "GET /hook;jsessionid=hunter2/a",
            "POST /hook?user[password]=hunter2",
            r#"{"pwd":"hunter2"}"#,
            r#"{"x-consumer-key":"hunter2"}"#,
            r#"{"name":"X-Consumer-Key","value":"hunter2"}"#,
        ] {
            let shown = shown(text);
            assert!(!shown.contains("hunter2") && shown.contains(HIDDEN), "{shown}");
        }
    }

    #[test]
    fn a_parameter_ends_where_its_part_of_the_url_does() {
        for (url, expected) in [
            (
                "/a;token=x;v=2/b;pin=y/c?code=z;w&v=3",
                "/a;token=[hidden];v=2/b;pin=[hidden]/c?code=[hidden]&v=3",
            ),
            ("/a;v=1?status_code=200&page-key=x", "/a;v=1?status_code=200&page-key=[hidden]"),
        ] {
            assert_eq!(shown(url), expected);
            assert_eq!(without_secret_parameters(url), expected);
        }
    }

    #[test]
    fn names_of_secrets_are_known_by_their_words_and_others_are_not() {
        for word in ["key", "token", "secret", "signature", "session-id", "pin", "login"] {
            for name in [format!("x-{word}"), format!("X_Odd_{word}"), format!("a.{word}")] {
                assert!(marks_secret(&name, true) && marks_secret(&name, false), "{name}");
            }
        }
        let known = [
            ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "apikey"],
            [
                "x-hub-signature-256",
                "x-shopify-hmac-sha256",
                "paypal-transmission-sig",
                "dpop",
                "key",
                "pin",
            ],
            [
                "x-goog-iap-jwt-assertion",
                "x-amzn-oidc-data",
                "x-ms-client-principal",
                "code",
                "sig",
                "sid",
            ],
            [
                "AWSAccessKeyId",
                "X-Amz-Credential",
                "PHPSESSID",
                "SAMLResponse",
                "client_secret",
                "sessionId",
            ],
            [
                "x-forwarded-client-cert",
                "verif-hash",
                "cb-access-sign",
                "x-otp",
                "%6Bey",
                "user%5Bpwd%5D",
            ],
        ];
        for name in known.as_flattened() {
            assert!(marks_secret(name, true), "{name}");
        }
        let harmless = [
            [
                "idempotency-key",
                "Idempotency_Key",
                "sec-websocket-key",
                "host",
                "content-type",
                "date",
            ],
            [
                "user-agent",
                "content-length",
                "x-request-id",
                "traceparent",
                "status_code",
                "monkey",
            ],
            ["x-forwarded-for", "accept-encoding", "x-pinned", "keyboard", "x-signal", "page"],
        ];
        for name in harmless.as_flattened() {
            assert!(!marks_secret(name, true), "{name}");
        }
        for common in ["key", "code", "pin", "login", "sessionId", "session"] {
            assert!(!marks_secret(common, false), "{common}");
        }
    }

    #[test]
    fn what_is_long_and_in_base64_is_hidden() {
        let text = format!(r#"{{"raw":"{}"}}"#, "UE9TVCAvaG9vayBIVFRQLzEuMQ".repeat(3));
        assert_eq!(shown(&text), r#"{"raw":"[hidden]"}"#);
    }

    #[test]
    fn the_rest_is_shown_as_it_is() {
        let text = r#"{"trigger":"call_started","data":{"sessionId":"s"}"#;
        assert_eq!(hide_secrets([&text[..10], &text[10..20], &text[20..]], true).concat(), text);
    }

    #[test]
    fn a_text_may_begin_within_a_secret() {
        let parts = hide_secrets(["x; a hunter2\",\"body\": ", "oops", ""], false);
        assert_eq!(parts[0], "[hidden]\",\"body\": ");
    }

    #[test]
    fn a_secret_that_reaches_over_the_place_is_hidden_once() {
        let parts = hide_secrets(["authorization: Basic hun", "ter", "2"], true);
        assert_eq!(parts, ["authorization: [hidden]".to_owned(), String::new(), String::new()]);
    }
}
