//! Bodies that a tool has cut, and bodies that are too long, inside a carrier's string.

use serde_json::{Value, json};

use super::reading::{Reading, read, read_within};
use super::webhooks::{
    BASE64, STRINGS, awslogs, base64, ended, joined, lambda_event, quoted, started, webhook_site,
};

/// Bytes before the string that holds the long body.
fn string_at(text: &str, length: usize) -> usize {
    let mut from = 0;
    loop {
        let begins = from + text[from..].find('"').expect("a long string");
        let mut ends = begins + 1;
        while text.as_bytes()[ends] != b'"' {
            ends += if text.as_bytes()[ends] == b'\\' { 2 } else { 1 };
        }
        if ends - begins > length {
            return begins;
        }
        from = ends + 1;
    }
}

/// The finding stands at the string: at its quote or at the text in it.
fn stands_at(read: &Reading, rule: &str, at: usize, name: &str) {
    assert_eq!(read.rules(), [rule], "{name}: {}", read.told());
    let offset = read.findings[0]["byte_offset"].as_u64().expect("an offset");
    let (least, most) = (at as u64, at as u64 + 1);
    assert!((least..=most).contains(&offset), "{name}: {offset}, not {least}: {}", read.told());
}

fn cut() -> String {
    ended(200)[..10_000].to_owned()
}

#[test]
fn a_body_cut_by_its_tool_is_told_at_the_carriers_string_within_20_seconds() {
    for (name, carrier) in STRINGS.into_iter().chain(BASE64) {
        let before = format!("{}\n", started(1));
        let record = carrier(&cut());
        if name == "awslogs" {
            continue; // Its packed string is short.
        }
        let text = format!("{before}{record}{}\n", started(2));
        let at = before.len() + string_at(&record, 9_000);
        let read = read(text);
        stands_at(&read, "J002", at, name);
        read.has("events 2, damaged 1, not_webhooks 0");
        assert_eq!(read.findings[0]["line"], 2, "{name}");
    }
}

#[test]
fn of_an_export_whose_tool_cuts_bodies_the_others_are_read_within_20_seconds() {
    let item = |body: &str| json!({"uuid": "9f2", "method": "POST", "content": body});
    let bodies = [started(1), cut(), started(2), cut(), started(3)];
    let list: Vec<Value> = bodies.iter().map(|body| item(body)).collect();
    let compact = json!({"data": list}).to_string();
    let pretty = format!("{:#}", json!({"data": list}));
    for text in [compact, pretty] {
        let read = read(text);
        assert_eq!(read.rules(), ["J002"], "{}", read.told());
        assert_eq!(read.findings[0]["count"], 2, "{}", read.told());
        read.has("events 3, damaged 2, not_webhooks 0");
    }
}

#[test]
fn packed_logs_that_are_cut_are_told_within_20_seconds() {
    let whole = awslogs(&ended(200));
    let end = whole.rfind("\"}}").expect("the string's end");
    for lost in [4, 40, 400] {
        let text = format!("{}\"}}}}\n{}\n", &whole[..end - lost], started(1));
        let read = read(text);
        // What the archive gave before the cut may hold the whole webhook.
        assert!(read.figure("events") >= 1, "{}", read.told());
        assert!(read.figure("damaged") == 1 || read.figure("not_webhooks") == 1, "{}", read.told());
    }
}

/// A webhook with so many bytes of a name in an export, and in base64 in a Lambda event.
fn long_bodies(length: usize) -> [String; 2] {
    let body = joined("NAME");
    let (before, behind) = body.split_once("NAME").expect("the name");
    let blanks = " ".repeat(before.len().next_multiple_of(3) - before.len());
    let before = base64((blanks + before).as_bytes());
    let packed = before + &"eHh4".repeat(length / 3) + &base64(behind.as_bytes());
    let record = lambda_event("BODY", true).to_string().replace("BODY", &packed);
    [webhook_site(&body).replace("NAME", &"x".repeat(length)), record + "\n"]
}

#[test]
fn a_body_of_more_than_16_mebibytes_in_a_string_is_too_big_within_20_seconds() {
    for record in long_bodies(17 << 20) {
        let read = read_within(20, move |out| {
            writeln!(out, "{}", started(1))?;
            out.write_all(record.as_bytes())?;
            writeln!(out, "{}\n{}", started(2), webhook_site(&started(3)))
        });
        assert_eq!(read.rules(), ["J005"], "{}", read.told());
        read.has("events 3, damaged 1, not_webhooks 0");
    }
}

#[test]
fn a_body_of_15_mebibytes_in_a_string_is_read_within_20_seconds() {
    for record in long_bodies(15 << 20) {
        let read = read_within(20, move |out| out.write_all(record.as_bytes()));
        read.has("events 1, damaged 0");
    }
}

#[test]
fn a_long_string_beside_a_body_does_not_cost_the_body_uncounted_within_20_seconds() {
    for long_first in [true, false] {
        let read = read_within(20, move |out| {
            let long = "z".repeat(20 << 20);
            let body = quoted(&started(1));
            write!(
                out,
                "{{\"log\":{{\"entries\":[{{\"startedDateTime\":\"2026-02-13T16:26:40Z\","
            )?;
            if long_first {
                write!(out, "\"response\":{{\"content\":{{\"text\":\"{long}\"}}}},")?;
            }
            write!(out, "\"request\":{{\"method\":\"POST\",\"postData\":{{\"text\":{body}}}}}")?;
            if !long_first {
                write!(out, ",\"response\":{{\"content\":{{\"text\":\"{long}\"}}}}")?;
            }
            writeln!(out, "}}]}}}}\n{}", started(2))
        });
        if read.figure("events") == 1 {
            read.counts_what_it_passes_over();
        } else {
            read.has("events 2");
        }
    }
}
