//! Things inside things, and very many of them.

use super::reading::{events, read, read_within};
use super::webhooks::{
    awslogs, base64, cloudwatch, docker, joined, journald, lambda_base64, lambda_event, quoted,
    quoted_deep, request_bin, started,
};

#[test]
fn strings_inside_strings_20_levels_deep_do_not_blow_up_within_20_seconds() {
    for kernel in ["{}", "{\"trigger\":\"a\",\"data\":{}}"] {
        let deep = quoted_deep(kernel, 20);
        for text in [format!("INFO {deep}\n"), format!("{{\"MESSAGE\":{deep}}}\n")] {
            let read = read_within(20, move |out| {
                out.write_all(text.as_bytes())?;
                writeln!(out, "{}", started(1))
            });
            read.has("events 1");
            read.counts_what_it_passes_over();
        }
    }
}

#[test]
fn carriers_inside_carriers_without_end_do_not_blow_up_within_20_seconds() {
    let wrap = |text: String, depth: usize| {
        (0..depth).fold(text, |text, _| lambda_base64(&text).trim_end().to_owned())
    };
    for depth in [1, 2, 4, 8, 20] {
        let read = read(wrap(started(1), depth) + "\n" + &started(2));
        let found = read.figure("events");
        assert_eq!(found, 1 + u64::from(depth <= 4), "{depth} deep: {}", read.told());
    }
}

#[test]
fn four_carriers_one_in_the_other_are_opened_within_20_seconds() {
    let line = |text: String| text.trim_end().to_owned();
    let lambda = line(lambda_base64(&started(1)));
    let logged = line(cloudwatch(&lambda));
    for text in
        [docker(&lambda), docker(&logged), journald(&line(docker(&lambda))), awslogs(&lambda)]
    {
        read(text).has("documents 1, webhooks 1, events 1, damaged 0");
    }
}

#[test]
fn a_carrier_of_100_000_members_is_one_value_within_20_seconds() {
    for member in ["\"{}\"", "\"{\\\"a\\\":1}\"", "\"eyJhIjoxfQ==\"", "{\"body\":\"{}\"}"] {
        let read = read_within(20, move |out| {
            write!(out, "{{\"method\":\"POST\",\"headers\":{{}}")?;
            (0..100_000).try_for_each(|at| write!(out, ",\"m{at}\":{member}"))?;
            writeln!(out, ",\"body\":{}}}\n{}", quoted(&started(1)), started(2))
        });
        assert_eq!(read.figure("events"), 2, "{member}: {}", read.told());
        read.has("damaged 0");
    }
}

#[test]
fn a_million_strings_that_look_like_base64_are_one_value_within_20_seconds() {
    let read = read_within(20, |out| {
        let piece = "\"YWJjZGVmZ2hpamtsbW5v\",".repeat(1000);
        write!(out, "[")?;
        (0..1000).try_for_each(|_| out.write_all(piece.as_bytes()))?;
        writeln!(out, "\"\"]\n{}", started(1))
    });
    read.has("documents 2, events 1, not_webhooks 1, damaged 0");
}

#[test]
fn base64_that_is_none_is_no_webhook_and_no_damage_within_20_seconds() {
    let body = started(1);
    let whole = base64(body.as_bytes());
    let garbage = [0xFFu8, 0x00, 0x7B, 0x22, 0x80, 0x81].repeat(40);
    for text in [
        "deadbeefdeadbeefdeadbeef",
        "abc=",
        "====",
        "",
        "not base64 at all!",
        "e30=e30=",
        &base64(&garbage),
        &base64(b"\x1f\x8b\x08\x00garbage"),
        &base64(b"\x1f\x8b"),
    ] {
        let read = read(format!("[{},{},{}]\n", started(2), lambda_event(text, true), started(3)));
        assert_eq!(read.figure("events"), 2, "{text}: {}", read.told());
        let passed_over = read.figure("not_webhooks") + read.figure("damaged");
        assert_eq!(passed_over, 1, "{text}: {}", read.told());
    }
    // With its padding left out, spoilt or of the other alphabet it is read or counted.
    let bare = whole.trim_end_matches('=');
    for text in [bare.to_owned(), format!("{bare}==="), whole.replace('+', "-").replace('/', "_")] {
        let read = read(format!("{}\n{}\n", lambda_event(&text, true), started(2)));
        assert!(read.figure("events") == 2 || read.figure("not_webhooks") == 1, "{}", read.told());
    }
}

#[test]
fn a_flag_that_lies_about_base64_loses_no_webhook_uncounted_within_20_seconds() {
    let body = started(1);
    for event in [lambda_event(&body, true), lambda_event(&base64(body.as_bytes()), false)] {
        let read = read(format!("{event}\n{}\n", started(2)));
        assert!(read.figure("events") == 2 || read.figure("not_webhooks") == 1, "{}", read.told());
    }
}

#[test]
fn a_request_without_a_body_is_no_damage_and_a_body_without_its_request_is_read_within_20_seconds()
{
    let raw = |raw: &str| {
        format!("{{\"requests\":[{{\"request\":{{\"raw\":\"{}\"}}}}]}}\n", base64(raw.as_bytes()))
    };
    for empty in
        ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: {\"a\"\r\n", "\r\n\r\n", ""]
    {
        read(raw(empty)).has("documents 1, not_webhooks 1, damaged 0");
    }
    let body = started(1);
    for text in [
        body.clone(),
        format!("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n{body}"),
        format!("POST / HTTP/1.1\r\nX-Note: {}\r\n\r\n{body}", joined("header")),
        format!("POST / HTTP/1.1\n\n{body}"),
    ] {
        let rows = events(raw(&text));
        assert_eq!(rows.len(), 1, "{text}");
        assert_eq!(rows[0]["trigger"], "call_started", "{text}");
    }
}

#[test]
fn half_of_a_surrogate_pair_in_a_body_in_a_string_costs_nothing_within_20_seconds() {
    for half in ["\\ud83d", "\\ude00", "\\ud83d\\ud83d", "\\udfff x"] {
        let body = joined("NAME").replace("NAME", half);
        for carrier in [request_bin, lambda_base64, docker, cloudwatch, awslogs] {
            let rows = events(carrier(&body));
            assert_eq!(rows.len(), 1, "{half}");
            let name = rows[0]["participant_name"].as_str();
            assert!(name.is_some_and(|name| name.starts_with('\u{FFFD}')), "{name:?}");
        }
        // The tool that wrote the carrier has cut the pair itself.
        let once = quoted(&body).replace("\\\\u", "\\u");
        read(format!("{{\"method\":\"POST\",\"headers\":{{}},\"body\":{once}}}\n"))
            .has("events 1, damaged 0");
    }
}

#[test]
fn a_body_that_a_carrier_holds_twice_is_one_webhook_within_20_seconds() {
    let (body, raw) = (started(1), quoted(&started(1)));
    for text in [
        format!("{{\"method\":\"POST\",\"headers\":{{}},\"body\":{body},\"rawBody\":{raw}}}"),
        format!("{{\"method\":\"POST\",\"headers\":{{}},\"rawBody\":{raw},\"body\":{body}}}"),
        format!("{{\"method\":\"POST\",\"headers\":{{}},\"body\":{raw},\"rawBody\":{raw}}}"),
    ] {
        read(text).has("documents 1, webhooks 1, events 1, duplicates 0");
    }
}

#[test]
fn a_broken_carrier_is_entered_for_the_body_in_it_within_20_seconds() {
    let carrier = request_bin(&started(1));
    let whole = carrier.trim_end();
    let breaks = [
        whole.replace("\"headers\":{}", "\"headers\":{oops}"),
        whole.replace("\"method\":", "\"method\" "),
        whole[..whole.len() - 1].to_owned(),
        whole.replace("\"client_ip\"", "client_ip"),
    ];
    for broken in breaks {
        let read = read(format!("{broken}\n{}\n", started(2)));
        assert_eq!(read.figure("events"), 2, "{broken}: {}", read.told());
        read.has("damaged 1");
    }
}

#[test]
fn a_console_dump_in_a_carrier_is_told_as_one_within_20_seconds() {
    let dump = "{ trigger: 'call_started', data: { created_at: 1771000000 } }";
    for carrier in [docker, cloudwatch, journald] {
        let read = read(carrier(dump) + &started(1));
        assert!(read.rules().contains(&"J006"), "{}", read.told());
        read.has("events 1, damaged 0");
    }
}
