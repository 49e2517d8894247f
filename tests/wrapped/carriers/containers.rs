//! What containers and the system's journal make of a line on stdout.

use super::super::bodies::{Delivery, flat};
use super::logs::pretty_printed;
use super::text::{lines, nanos, quoted};

/// Lines longer than this are split.
const MOST: usize = 16 * 1024;

/// A line in pieces of at most 16 KiB; the last has the line's end.
fn pieces(line: &str) -> Vec<String> {
    let line = format!("{line}\n");
    let (mut pieces, mut from) = (Vec::new(), 0);
    while from < line.len() {
        // Docker splits characters too, and loses them; nothing could mend that.
        let to = (from..=line.len().min(from + MOST)).rev().find(|to| line.is_char_boundary(*to));
        let to = to.unwrap_or(line.len());
        pieces.push(line[from..to].to_owned());
        from = to;
    }
    pieces
}

/// A record of Docker's json-file.
fn log_record(delivery: &Delivery, stream: &str, piece: &str) -> String {
    format!(r#"{{"log":{},"stream":"{stream}","time":"{}"}}"#, quoted(piece), nanos(delivery))
}

/// A record of the Container Runtime Interface.
fn cri_record(delivery: &Delivery, stream: &str, piece: &str) -> String {
    let (tag, text) = piece.strip_suffix('\n').map_or(("P", piece), |text| ("F", text));
    format!("{} {stream} {tag} {text}", nanos(delivery))
}

/// How a piece of a line on a stream is kept.
type Record = fn(&Delivery, &str, &str) -> String;

/// The records of what a delivery's receiver prints.
fn records(delivery: &Delivery, stream: &str, said: &str, record: Record) -> Vec<String> {
    let pieces = said.lines().flat_map(pieces);
    pieces.map(|piece| record(delivery, stream, &piece)).collect()
}

/// Each body on a line of its own.
fn on_stdout(deliveries: &[Delivery], record: Record) -> Vec<u8> {
    let records = |delivery| records(delivery, "stdout", &flat(&delivery.body), record);
    joined(&deliveries.iter().flat_map(records).collect::<Vec<_>>())
}

/// Each body as it came, a record for each of its lines.
fn over_lines(deliveries: &[Delivery], record: Record) -> Vec<u8> {
    let records = |delivery| records(delivery, "stdout", &delivery.body, record);
    joined(&deliveries.iter().flat_map(records).collect::<Vec<_>>())
}

/// Two bodies at a time on the two streams, with another line before each.
fn on_both(deliveries: &[Delivery], record: Record) -> Vec<u8> {
    in_pairs(deliveries, |delivery, at| {
        let said = format!("GET /health 200\n{}", flat(&delivery.body));
        records(delivery, ["stdout", "stderr"][at], &said, record)
    })
}

fn joined(lines: &[String]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()
}

/// Two lists of lines as they mix where two write at once: each keeps its order, and the first
/// begins first and ends first.
fn mixed(first: Vec<String>, second: Vec<String>) -> Vec<String> {
    let last = second.len().saturating_sub(1);
    let (mut first, mut out) = (first.into_iter(), Vec::new());
    for (at, line) in second.into_iter().enumerate() {
        if at == last {
            out.extend(first.by_ref());
        }
        out.extend(first.next());
        out.push(line);
    }
    out.extend(first);
    out
}

/// All deliveries in pairs, the two of a pair written at once.
fn in_pairs(deliveries: &[Delivery], lines: impl Fn(&Delivery, usize) -> Vec<String>) -> Vec<u8> {
    let mut out = Vec::new();
    for pair in deliveries.chunks(2) {
        let second = pair.get(1).map_or_else(Vec::new, |delivery| lines(delivery, 1));
        out.extend(mixed(lines(&pair[0], 0), second));
    }
    joined(&out)
}

pub(super) fn json_file(deliveries: &[Delivery]) -> Vec<u8> {
    on_stdout(deliveries, log_record)
}

pub(super) fn json_file_streams(deliveries: &[Delivery]) -> Vec<u8> {
    on_both(deliveries, log_record)
}

pub(super) fn json_file_pretty(deliveries: &[Delivery]) -> Vec<u8> {
    over_lines(deliveries, log_record)
}

pub(super) fn cri(deliveries: &[Delivery]) -> Vec<u8> {
    on_stdout(deliveries, cri_record)
}

pub(super) fn cri_streams(deliveries: &[Delivery]) -> Vec<u8> {
    on_both(deliveries, cri_record)
}

pub(super) fn cri_pretty(deliveries: &[Delivery]) -> Vec<u8> {
    over_lines(deliveries, cri_record)
}

/// The lines of a body, each behind a prefix; every third body is pretty-printed.
fn prefixed(number: usize, delivery: &Delivery, prefix: &str) -> Vec<String> {
    let body = match number % 3 {
        0 => pretty_printed(delivery),
        1 => flat(&delivery.body),
        _ => format!("POST /hooks {}", delivery.body),
    };
    body.lines().map(|line| format!("{prefix}{line}")).collect()
}

fn all_prefixed(deliveries: &[Delivery], prefix: impl Fn(&Delivery) -> String) -> Vec<u8> {
    let numbered = deliveries.iter().enumerate();
    let lines =
        numbered.flat_map(|(number, delivery)| prefixed(number, delivery, &prefix(delivery)));
    joined(&lines.collect::<Vec<_>>())
}

/// Two services that write at once, pretty-printed or not.
fn interleaved(deliveries: &[Delivery], prefixes: [&str; 2]) -> Vec<u8> {
    in_pairs(deliveries, |delivery, at| {
        let mut lines = vec![format!("{}ready", prefixes[at])];
        lines.extend(prefixed(delivery.body.len(), delivery, prefixes[at]));
        lines
    })
}

pub(super) fn compose(deliveries: &[Delivery]) -> Vec<u8> {
    all_prefixed(deliveries, |_| "api-1  | ".to_owned())
}

pub(super) fn compose_timestamps(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| {
        format!("api-1  | {} {}", nanos(delivery), flat(&delivery.body))
    })
}

pub(super) fn compose_timestamps_pretty(deliveries: &[Delivery]) -> Vec<u8> {
    all_prefixed(deliveries, |delivery| format!("api-1  | {} ", nanos(delivery)))
}

pub(super) fn compose_interleaved(deliveries: &[Delivery]) -> Vec<u8> {
    interleaved(deliveries, ["api-1     | ", "worker-1  | "])
}

pub(super) fn kubectl(deliveries: &[Delivery]) -> Vec<u8> {
    all_prefixed(deliveries, |_| "[pod/hooks-7d9f/api] ".to_owned())
}

pub(super) fn kubectl_interleaved(deliveries: &[Delivery]) -> Vec<u8> {
    interleaved(deliveries, ["[pod/hooks-7d9f/api] ", "[pod/hooks-x2k4/api] "])
}

/// A record of `journalctl -o json`.
fn journal_record(delivery: &Delivery, _: &str, piece: &str) -> String {
    format!(
        r#"{{"__CURSOR":"s=1;i=7","__REALTIME_TIMESTAMP":"{}000","__MONOTONIC_TIMESTAMP":"7","_HOSTNAME":"web1","PRIORITY":"6","SYSLOG_IDENTIFIER":"hooks","_PID":"7","MESSAGE":{}}}"#,
        delivery.arrival,
        quoted(piece.trim_end_matches('\n'))
    )
}

/// The second of each two behind words.
pub(super) fn journald(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |number, delivery| {
        let words = ["", "webhook "][number % 2];
        journal_record(delivery, "", &format!("{words}{}", flat(&delivery.body)))
    })
}

pub(super) fn journald_pretty(deliveries: &[Delivery]) -> Vec<u8> {
    over_lines(deliveries, journal_record)
}
