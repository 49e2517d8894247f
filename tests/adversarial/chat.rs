//! What people type: into a name, into a message, into the text around a webhook. Nothing inside a
//! webhook is searched, in whatever carrier it comes.

use super::reading::{events, read};
use super::webhooks::{all_carriers, ended, joined, lines, message, quoted, quoted_times, started};

/// A webhook and what is left of it when it is cut behind so many bytes.
fn cut_behind(webhook: &str, until: &str) -> String {
    let at = webhook.find(until).expect("that text") + until.len();
    webhook[..at].to_owned()
}

#[test]
fn a_webhook_typed_into_a_chat_message_is_not_found_in_any_carrier_within_20_seconds() {
    for text in [ended(2), quoted(&ended(2)), format!("look: {}", ended(2)), "{\"trigger\"".into()]
    {
        for (name, carrier) in all_carriers() {
            let read = read(carrier(&message(&text)) + &started(1));
            assert_eq!((read.figure("other_webhooks"), read.figure("events")), (1, 1), "{name}");
            read.has("webhooks 2, damaged 0, skipped_lines 0");
        }
    }
}

#[test]
fn a_webhook_typed_into_a_name_is_part_of_the_name_within_20_seconds() {
    for (name, carrier) in all_carriers() {
        let rows = events(carrier(&joined(&ended(1))));
        assert_eq!(rows.len(), 1, "{name}");
        assert_eq!(rows[0]["participant_name"], ended(1), "{name}");
    }
}

#[test]
fn braces_and_quotes_in_a_name_end_nothing_within_20_seconds() {
    let names =
        ["}", "{", "\"", "}}}}]", "{\"a\":", "\\", "\\\"", "| {", "' }", "\n{\n", "[{\"", "`"];
    for name in names {
        for (carrier_name, carrier) in all_carriers() {
            let rows = events(carrier(&joined(name)) + &started(1));
            assert_eq!(rows.len(), 2, "{name:?} in {carrier_name}");
            assert_eq!(rows[0]["participant_name"], name, "{carrier_name}");
            assert_eq!(rows[0]["line"], 1);
        }
    }
}

#[test]
fn a_broken_chat_message_is_not_searched_either_within_20_seconds() {
    let broken = message(&ended(2)).replace("\"sentAt\":", "\"sentAt\":x");
    let cut = cut_behind(&message(&ended(2)), "destroyed_at");
    for damage in [broken, cut] {
        for (name, carrier) in all_carriers() {
            // Docker and CRI join what lacks an end of its line, and a log line has none to lack.
            let read = read(carrier(&damage) + &started(1) + "\n");
            assert_eq!(read.figure("other_webhooks"), 0, "{name}: {}", read.told());
            assert_eq!(read.figure("events"), 1, "{name}: {}", read.told());
            assert_eq!(read.figure("damaged"), 1, "{name}: {}", read.told());
        }
    }
}

#[test]
fn outermost_wins_over_a_carrier_inside_a_webhook_within_20_seconds() {
    for (name, carrier) in all_carriers() {
        let inside = carrier(&ended(2));
        let Ok(inside) = serde_json::from_str::<serde_json::Value>(&inside) else {
            continue;
        };
        let outer = serde_json::json!({"trigger": "user_blocked", "data": {"log": inside}});
        let read = read(format!("{outer}\n"));
        assert_eq!((read.figure("webhooks"), read.figure("other_webhooks")), (1, 1), "{name}");
    }
}

#[test]
fn a_trigger_that_is_no_string_or_lacks_its_data_makes_no_webhook_within_20_seconds() {
    let body = quoted(&started(1));
    for text in [
        format!("{{\"trigger\":5,\"data\":{{}},\"method\":\"POST\",\"body\":{body}}}"),
        format!(
            "{{\"trigger\":\"call_started\",\"method\":\"POST\",\"headers\":{{}},\"body\":{body}}}"
        ),
        format!("{{\"trigger\":\"x\",\"data\":null,\"payload\":{}}}", started(1)),
    ] {
        read(&text).has("documents 1, webhooks 1, events 1");
    }
    read("{\"trigger\":\"call_started\",\"message\":\"took 5 ms\"}")
        .has("not_webhooks 1, webhooks 0");
}

#[test]
fn unbalanced_quotes_and_braces_before_a_webhook_do_not_hide_it_within_20_seconds() {
    let befores = [
        "user \"bob said: ",
        "can't parse: ",
        "it's \"\"\" ",
        "\\\" ",
        "\\ ",
        "C:\\hooks\\",
        "{} {{}} [{] } handler{id=5} ",
        "{ ",
        "\"{\" ",
        "f(\"{\\\" ",
        "[INFO] [{",
        "((([[[{{{ ",
        "{'a': ",
        "}}}]]]\"\"\" ",
    ];
    for before in befores {
        for body in [started(1), quoted(&started(1))] {
            let read = read(format!("INFO {before}{body}\n{}\n", started(2)));
            assert_eq!(read.figure("events"), 2, "{before:?} {body}: {}", read.told());
        }
    }
}

#[test]
fn escape_sequences_around_a_webhook_do_not_hide_it_within_20_seconds() {
    for body in [started(1), quoted(&started(1))] {
        for line in [
            format!("\x1b[32mINFO\x1b[0m {body}\x1b[0m"),
            format!("\x1b[2m2026-02-13\x1b[22m \x1b[1m{body}\x1b[22m \x1b[31m(POST)\x1b[39m"),
            format!("\x1b[38;5;214m{body}"),
            format!("\x1b]0;title\x07{body}"),
            format!("\x1b[32m{body}\x1b[0m"),
            format!("hooks-1  | \x1b[90m{body}\x1b[0m"),
        ] {
            let read = read(format!("{line}\n{}\n", started(2)));
            assert_eq!(read.figure("events"), 2, "{line:?}: {}", read.told());
            read.has("damaged 0");
        }
    }
}

#[test]
fn a_webhook_is_found_escaped_up_to_four_times_and_counted_when_five_within_20_seconds() {
    for times in 0..=5 {
        let escaped = quoted_times(&started(1), times);
        let line = format!("INFO hook {escaped}\n");
        let record = format!("{{\"MESSAGE\":{},\"PRIORITY\":\"6\"}}\n", quoted(&escaped));
        let (in_line, in_record) = (read(&line), read(&record));
        assert_eq!(in_line.figure("events"), u64::from(times <= 4), "{}", in_line.told());
        // Whether the record's own string is one of the four is left open.
        let found = in_record.figure("events");
        assert!(found == u64::from(times < 4) || times == 4, "{times}: {}", in_record.told());
        if times > 4 {
            in_line.counts_what_it_passes_over();
            in_record.counts_what_it_passes_over();
        }
    }
}

#[test]
fn a_webhook_written_in_unicode_escapes_is_found_within_20_seconds() {
    let escaped = lines(started(1).encode_utf16(), |unit| format!("\\u{unit:04x}"));
    let record = format!("{{\"method\":\"POST\",\"headers\":{{}},\"body\":\"{escaped}\"}}\n");
    read(record).has("documents 1, webhooks 1, events 1");
}
