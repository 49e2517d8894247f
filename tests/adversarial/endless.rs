//! Records that are never complete: what is kept of them is bounded, and what follows is read.

use serde_json::json;

use super::reading::read_within;
use super::webhooks::{docker, lines, quoted, started};

fn partial(text: &str) -> String {
    let record = json!({"log": text, "stream": "stdout", "time": "2026-02-13T16:26:40.1Z"});
    format!("{record}\n")
}

#[test]
fn docker_records_that_never_end_their_line_are_passed_over_within_20_seconds() {
    let read = read_within(20, move |out| {
        let begins = "{\"trigger\":\"call_ended\",\"data\":{\"a\":\"";
        write!(out, "{}{}", docker(&started(1)), partial(begins))?;
        // More than a body may have.
        let piece = partial(&"lorem ipsum ".repeat(15)).repeat(100);
        (0..1000).try_for_each(|_| out.write_all(piece.as_bytes()))?;
        write!(out, "{}{}", docker(" the end"), docker(&started(2)))
    });
    read.has("events 2");
    read.counts_what_it_passes_over();
}

#[test]
fn docker_records_without_a_last_one_are_counted_within_20_seconds() {
    let read = read_within(20, move |out| {
        write!(out, "{}", docker(&started(1)))?;
        let piece = partial("lorem ipsum").repeat(100);
        (0..1000).try_for_each(|_| out.write_all(piece.as_bytes()))
    });
    read.has("events 1");
    read.counts_what_it_passes_over();
}

#[test]
fn a_webhook_in_split_docker_records_is_joined_within_20_seconds() {
    let body = started(1);
    for length in [1, 7, 100] {
        let pieces: Vec<String> = body
            .as_bytes()
            .chunks(length)
            .map(|piece| partial(&String::from_utf8_lossy(piece)))
            .collect();
        let text = pieces.concat() + &partial("\n") + &docker(&started(2));
        let read = read_within(20, move |out| out.write_all(text.as_bytes()));
        read.has("webhooks 2, events 2, damaged 0");
    }
}

#[test]
fn two_streams_of_split_records_do_not_mix_within_20_seconds() {
    let (half, rest) = (started(1), started(2));
    let at = half.len() / 2;
    let record = |text: &str, stream: &str| {
        format!("{}\n", json!({"log": text, "stream": stream, "time": "2026-02-13T16:26:40Z"}))
    };
    let text = [
        record(&half[..at], "stdout"),
        record(&rest[..at], "stderr"),
        record(&format!("{}\n", &half[at..]), "stdout"),
        record(&format!("{}\n", &rest[at..]), "stderr"),
    ];
    let text = text.concat();
    read_within(20, move |out| out.write_all(text.as_bytes())).has("webhooks 2, events 2");
}

#[test]
fn cri_lines_that_are_partial_for_ever_are_passed_over_within_20_seconds() {
    for begins in ["", "{\"trigger\":\"call_ended\",\"data\":{\"a\":\"", "{\"a\":["] {
        let read = read_within(20, move |out| {
            let time = "2026-02-13T16:26:40.000000001Z stdout";
            writeln!(out, "{time} F {}\n{time} P {begins}", started(1))?;
            let piece = format!("{time} P {}\n", "lorem ipsum ".repeat(25)).repeat(100);
            (0..1000).try_for_each(|_| out.write_all(piece.as_bytes()))?;
            writeln!(out, "{time} F  the end\n{time} F {}", started(2))
        });
        assert_eq!(read.figure("events"), 2, "{begins}: {}", read.told());
        read.counts_what_it_passes_over();
    }
}

#[test]
fn fifty_thousand_services_that_each_open_an_object_are_forgotten_within_20_seconds() {
    let read = read_within(20, |out| {
        for service in 0..50_000 {
            writeln!(out, "svc-{service}  | {{\nsvc-{service}  |   \"a\": {service},")?;
        }
        for service in 0..50_000 {
            writeln!(out, "svc-{service}  |   \"b\": {},", quoted(&"b".repeat(200)))?;
        }
        writeln!(out, "hooks-1  | {}\n{}", started(1), started(2))
    });
    read.has("events 2");
    read.counts_what_it_passes_over();
}

fn pretty(number: u64) -> String {
    let value: serde_json::Value = serde_json::from_str(&started(number)).expect("JSON");
    format!("{value:#}")
}

#[test]
fn a_pretty_printed_webhook_behind_prefixes_is_read_within_20_seconds() {
    let text = lines(pretty(1).lines(), |line| format!("hooks-1  | {line}\n"));
    let text = text + "[pod/hooks-5f/hooks] " + &pretty(2).replace('\n', "\n[pod/hooks-5f/hooks] ");
    let read = read_within(20, move |out| out.write_all(text.as_bytes()));
    read.has("webhooks 2, events 2, damaged 0");
}

#[test]
fn pretty_printed_webhooks_of_two_services_line_by_line_are_both_read_within_20_seconds() {
    let (one, two) = (pretty(1), pretty(2));
    let text = lines(one.lines().zip(two.lines()), |(left, right)| {
        format!("hooks-1  | {left}\nhooks-2  | {right}\n")
    });
    let read = read_within(20, move |out| out.write_all(text.as_bytes()));
    read.has("webhooks 2, events 2, damaged 0");
}

#[test]
fn a_pretty_printed_object_of_a_million_lines_is_passed_over_within_20_seconds() {
    let read = read_within(20, |out| {
        writeln!(out, "hooks-1  | {{")?;
        let piece = "hooks-1  |   \"name\": \"value\",\n".repeat(1000);
        (0..1000).try_for_each(|_| out.write_all(piece.as_bytes()))?;
        writeln!(out, "hooks-1  |   \"z\": 1\nhooks-1  | }}\nhooks-1  | {}", started(1))
    });
    read.has("events 1");
    read.counts_what_it_passes_over();
}
