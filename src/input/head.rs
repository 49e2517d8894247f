//! What a line of a log begins with, before its message.

use std::ops::Range;

use super::stamp::Stamp;

/// No time stands further right in a line.
const FURTHEST: usize = 256;

/// The beginning of a line, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// What put it there; `None` where nothing is known that does.
    pub(super) name: Option<&'static str>,
    /// Bytes of the name of a service before each line; 0 where there is none.
    pub(super) service: usize,
    /// Where its time stands, if it has one.
    pub(super) stamp: Option<(Range<usize>, Stamp)>,
    /// What a container runtime says of it.
    pub(super) runtime: Option<Runtime>,
}

/// `stdout F ` behind the time: Kubernetes' container runtime interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Runtime {
    /// `stdout ` or `stderr `.
    pub(super) stream: Range<usize>,
    /// Whether the line goes on with the next record.
    pub(super) partial: bool,
    /// Where the line itself begins.
    pub(super) content: usize,
}

impl Head {
    /// The head of a line.
    pub(super) fn of(line: &[u8]) -> Self {
        let line = &line[..line.len().min(FURTHEST)];
        // What stands in an object is its own.
        let line = &line[..memchr::memchr(b'{', line).unwrap_or(line.len())];
        let (service, before) = service(line);
        let stamp = stamp(line, before);
        let runtime = stamp.as_ref().and_then(|(range, _)| runtime(line, range.end));
        let name = match (&runtime, service, &stamp) {
            (Some(_), ..) => Some("CRI log"),
            (None, Some(service), _) => Some(service),
            (None, None, Some(_)) => Some("log with times"),
            _ => None,
        };
        Self { name, service: before, stamp, runtime }
    }
}

/// The name of a container that a tool has put before each line, and how long it is.
fn service(line: &[u8]) -> (Option<&'static str>, usize) {
    let start = colours(line);
    let rest = &line[start..];
    if let Some(inner) = rest.strip_prefix(b"[pod/")
        && let Some(end) = memchr::memchr(b']', inner)
    {
        return (Some("kubectl log"), start + 5 + end + 1);
    }
    let name = rest.iter().take_while(|byte| is_name(**byte)).count();
    let blanks = rest[name..].iter().take_while(|byte| **byte == b' ').count();
    let bar = start + name + blanks;
    if name > 0 && blanks > 0 && line.get(bar) == Some(&b'|') {
        return (Some("docker compose log"), bar + 1);
    }
    (None, 0)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The time behind what may stand before one: brackets, a level, `time=`, `<13>1 `, colours. One
/// behind more words than one is a time that the message is about.
fn stamp(line: &[u8], before: usize) -> Option<(Range<usize>, Stamp)> {
    let mut at = before;
    let mut words = 0;
    while words <= 1 {
        let rest = &line[at..];
        let epoch = rest.iter().take(10).filter(|byte| byte.is_ascii_digit()).count() == 10;
        if let Some((stamp, length)) = Stamp::leading(rest).filter(|_| !(epoch && words > 0)) {
            return Some((at..at + length, stamp));
        }
        let Some((length, word)) = lead(rest) else {
            break;
        };
        at += length;
        words += usize::from(word);
    }
    // Web servers write theirs behind the address, the identity and the user.
    let bracket = before + memchr::memchr(b'[', &line[before..])?;
    let words = line[before..bracket].split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let (stamp, length) = Stamp::leading(&line[bracket + 1..])?;
    (words.count() == 3).then_some((bracket + 1..bracket + 1 + length, stamp))
}

/// The length of what may stand before a time, and whether it is a word.
fn lead(rest: &[u8]) -> Option<(usize, bool)> {
    let colour = colours(rest);
    if colour > 0 {
        return Some((colour, false));
    }
    let length = |is: fn(&u8) -> bool| rest.iter().take_while(|byte| is(byte)).count();
    match rest.first()? {
        b' ' | b'\t' | b'(' | b'"' | b'\'' | b'|' | b']' => Some((1, false)),
        b'[' => {
            // The number of a process is no time.
            let digits = rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let process = (1..8).contains(&digits) && rest.get(1 + digits) == Some(&b']');
            Some((if process { digits + 2 } else { 1 }, false))
        }
        b'<' => {
            let end = memchr::memchr(b'>', &rest[..rest.len().min(5)])? + 1;
            let version = usize::from(rest[end..].starts_with(b"1 "));
            Some((end + 2 * version, false))
        }
        byte if byte.is_ascii_alphabetic() || matches!(byte, b'@' | b'_') => {
            let word = length(|byte| is_name(*byte) || *byte == b'@');
            let end = rest.get(word)?;
            (word <= 12 && matches!(end, b' ' | b'=' | b':' | b',' | b']' | b'\t'))
                .then_some((word + 1, *end != b'='))
        }
        _ => None,
    }
}

/// The length of the colours (ANSI escape sequences) that a text begins with.
fn colours(text: &[u8]) -> usize {
    let mut at = 0;
    while text[at..].starts_with(b"\x1b[") {
        let parameters = text[at + 2..].iter().take_while(|byte| !byte.is_ascii_alphabetic());
        at = (at + 2 + parameters.count() + 1).min(text.len());
    }
    at
}

/// ` stdout F ` and its like, which begins at `at`.
fn runtime(line: &[u8], at: usize) -> Option<Runtime> {
    let rest = line[at..].strip_prefix(b" ")?;
    let start = at + 1;
    let stream = [&b"stdout "[..], b"stderr "].into_iter().find(|name| rest.starts_with(name))?;
    let tags = &rest[stream.len()..];
    let end = memchr::memchr(b' ', tags).unwrap_or(tags.len());
    let mut tags = tags[..end].split(|byte| *byte == b':');
    let partial = match tags.next()? {
        b"P" => true,
        b"F" => false,
        _ => return None,
    };
    let content = (start + stream.len() + end + 1).min(line.len());
    Some(Runtime { stream: start..start + stream.len(), partial, content })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> (Option<&'static str>, Option<&str>) {
        let head = Head::of(line.as_bytes());
        (head.name, head.stamp.map(|(range, _)| &line[range]))
    }

    #[test]
    fn the_time_of_a_line_is_found_behind_what_may_stand_before_it() {
        for (line, time) in [
            ("2026-01-02T09:40:00Z got {", "2026-01-02T09:40:00Z"),
            ("[2026-01-02 09:40:00] local.INFO: webhook {", "2026-01-02 09:40:00"),
            ("I, [2026-01-02T09:40:00.123456 #7]  INFO -- : {", "2026-01-02T09:40:00.123456"),
            ("<34>1 2026-01-02T09:40:00.5Z host app - {", "2026-01-02T09:40:00.5Z"),
            ("<13>Jan  2 09:40:00 host app: {", "Jan  2 09:40:00"),
            ("time=\"2026-01-02T09:40:00Z\" level=info {", "2026-01-02T09:40:00Z"),
            ("10.0.0.1 - - [02/Jan/2026:09:40:00 +0000] \"POST", "02/Jan/2026:09:40:00 +0000"),
            ("\x1b[36mweb-1  |\x1b[0m 2026-01-02T09:40:00Z {", "2026-01-02T09:40:00Z"),
            ("[1767346800123] {", "1767346800123"),
            ("INFO 2026/01/02 09:40:00 {", "2026/01/02 09:40:00"),
            ("[812] 2026-01-02T09:40:00Z POST {", "2026-01-02T09:40:00Z"),
            ("level=info time=2026-01-02T09:40:00Z {", "2026-01-02T09:40:00Z"),
        ] {
            assert_eq!(told(line).1, Some(time), "{line}");
        }
    }

    #[test]
    fn a_number_or_time_further_on_in_a_text_is_not_its_time() {
        for line in [
            "user 1767346800 came {",
            "GET /calls?since=2026-01-02T09:40:00Z {",
            "INFO meeting moved to 2026-01-02T09:40:00Z {",
            "[ERROR] deadline: 2026-01-02T09:40:00Z {",
            "webhook for [2026-01-02T09:40:00Z] {",
            "Jan {",
        ] {
            assert_eq!(told(line).1, None, "{line}");
        }
    }

    #[test]
    fn what_put_a_prefix_before_each_line_is_told() {
        assert_eq!(told("web-1  | {").0, Some("docker compose log"));
        assert_eq!(told("[pod/hook-7f/app] {").0, Some("kubectl log"));
        assert_eq!(told("plain text {").0, None);
    }

    #[test]
    fn a_runtime_says_whether_its_line_goes_on() {
        let head = Head::of(b"2026-01-02T09:40:00.123456789Z stdout P {\"a\"");
        let runtime = head.runtime.expect("of a runtime");
        assert!(runtime.partial && head.name == Some("CRI log"));
        assert_eq!(runtime.content, 40);
        let whole = Head::of(b"2026-01-02T09:40:00Z stderr F:x y").runtime.expect("of a runtime");
        assert!(!whole.partial);
    }
}
