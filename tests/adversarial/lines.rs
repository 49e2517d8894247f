//! Lines with bytes in them that no logger should write.

use super::reading::{events, read, read_within};
use super::webhooks::{joined, lines, quoted, started};

#[test]
fn nul_bytes_and_bytes_that_are_not_utf8_around_a_webhook_cost_nothing_within_20_seconds() {
    for junk in
        [&b"\0"[..], b"\0\0\0\0", b"\xfe\xfd\xff", b"\xc3", b"\xf0\x9f\x98", b"\xed\xa0\x80"]
    {
        for body in [started(1), quoted(&started(1))] {
            let around = [b"INFO ", junk, b" ", body.as_bytes(), junk, b"\n"].concat();
            let at_once = [junk, body.as_bytes(), junk, b"\n"].concat();
            for line in [around, at_once] {
                let read = read([&line[..], started(2).as_bytes()].concat());
                assert_eq!(read.figure("events"), 2, "{junk:?} {body}: {}", read.told());
                read.has("damaged 0");
            }
        }
    }
}

#[test]
fn bytes_that_are_not_utf8_inside_a_webhook_in_a_line_cost_it_alone_within_20_seconds() {
    let body = joined("Zo\u{1}").replace("\\u0001", "\u{1}").into_bytes();
    let body: Vec<u8> = body.iter().map(|byte| if *byte == 1 { 0xEB } else { *byte }).collect();
    let line = [b"INFO hook ", &body[..], b"\n", started(2).as_bytes(), b"\n"].concat();
    let read = read(line);
    assert_eq!(read.rules(), ["J004"], "{}", read.told());
    read.has("events 1, damaged 1");
}

#[test]
fn lines_that_end_in_a_carriage_return_alone_lose_no_webhook_within_20_seconds() {
    let bare = lines(0..50, |number| started(number) + "\r");
    read(bare).has("documents 50, webhooks 50, events 50, damaged 0");
    let logged = lines(0..50, |number| format!("INFO {} done\r", started(number)));
    read(logged).has("webhooks 50, events 50, damaged 0");
    let both = lines(0..50, |number| format!("INFO {}\r\r\n", started(number)));
    read(both).has("webhooks 50, events 50, damaged 0, skipped_lines 0");
}

#[test]
fn a_line_separator_of_unicode_ends_no_line_within_20_seconds() {
    let text = format!(
        "a\u{2028}b\u{2029}c\u{85}d\n\u{2028}INFO \u{2028}{}\u{2028}\n{}\n",
        joined("Ilse\u{2028}{\u{2029}\"trigger\""),
        started(2),
    );
    read(&text).has("events 2, damaged 0, skipped_lines 1");
    let lines: Vec<_> = events(text).iter().map(|row| row["line"].as_u64()).collect();
    assert_eq!(lines, [Some(2), Some(3)]);
}

#[test]
fn a_hundred_thousand_lines_that_end_in_a_brace_are_text_within_20_seconds() {
    let read = read_within(20, |out| {
        for number in 0..100_000 {
            writeln!(out, "INFO handler {number} {{")?;
        }
        writeln!(out, "INFO {}", started(1))
    });
    read.has("events 1, skipped_lines 100000, damaged 0");
}

#[test]
fn a_hundred_thousand_lines_of_one_brace_behind_a_time_are_passed_over_within_20_seconds() {
    let read = read_within(20, |out| {
        for second in 0..100_000 {
            writeln!(out, "2026-02-13T16:{:02}:{:02}Z {{", second / 60 % 60, second % 60)?;
            writeln!(out, "  \"a\": {{")?;
        }
        writeln!(out, "INFO {}", started(1))
    });
    read.has("events 1");
    read.counts_what_it_passes_over();
}

#[test]
fn a_hundred_thousand_beginnings_of_a_webhook_in_a_line_are_passed_over_within_20_seconds() {
    let beginnings = ["{\"trigger\"", "{\"trigger\":\"a\",\"data\":{", "{\\\"trigger\\\":\\\""];
    for beginning in beginnings {
        let line = beginning.repeat(100_000);
        let read = read_within(20, move |out| {
            writeln!(out, "{line}\nINFO {line}\n{}\nINFO {}", started(1), started(2))
        });
        assert_eq!(read.figure("events"), 2, "{beginning}: {}", read.told());
        read.counts_what_it_passes_over();
    }
}

#[test]
fn two_thousand_webhooks_in_one_line_of_text_are_all_read_within_20_seconds() {
    let read = read_within(20, |out| {
        write!(out, "INFO ")?;
        for number in 0..2_000 {
            write!(out, "hook {} ", started(number))?;
        }
        writeln!(out)
    });
    read.has("webhooks 2000, events 2000, skipped_lines 0, damaged 0");
}

#[test]
fn a_webhook_behind_two_megabytes_of_text_is_read_or_counted_within_20_seconds() {
    for text in ["lorem ipsum ", "{", "\"", "\\", "{\"a\": ", "}{", "aGVsbG8gd29ybGQ"] {
        let before = text.repeat((2 << 20) / text.len());
        let line = format!("INFO {before} {}\n{}\n", started(1), started(2));
        let read = read_within(20, move |out| out.write_all(line.as_bytes()));
        assert!(read.figure("events") >= 1, "{text}: {}", read.told());
        if read.figure("events") == 1 {
            read.counts_what_it_passes_over();
        }
    }
}

#[test]
fn a_webhook_in_a_line_is_found_in_whatever_order_its_members_stand_within_20_seconds() {
    let mut sorted: serde_json::Value = serde_json::from_str(&started(1)).expect("JSON");
    sorted.sort_all_objects();
    let sorted = sorted.to_string();
    assert!(!sorted.starts_with("{\"trigger\""));
    for body in [&sorted, &quoted(&sorted), &sorted.replace(':', " : ")] {
        let read = read(format!("INFO hook {body} done\n{}\n", started(2)));
        assert_eq!(read.figure("events"), 2, "{body}: {}", read.told());
    }
}
