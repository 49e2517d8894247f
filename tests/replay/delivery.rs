//! What arrives at a handler, and what is said of it.

use std::collections::HashSet;
use std::net::TcpListener;
use std::time::Duration;

use super::handler::{Act, Handler};
use super::stdout::bodies;
use super::{Captured, join, text};

/// Ten thousand bodies, no two alike: escapes, odd spaces, names of all kinds, other orders of keys.
fn many() -> Vec<String> {
    let names = ["Zoë \\ud83d\\ude00", "Łucja", "李 雷", "O\\u0027Brien", "a\\/b\\\\", "Ünal\\t"];
    let body = |nth: usize| {
        let (name, at, gap) = (names[nth % 6], 1_771_000_000 + nth / 3, " ".repeat(nth % 4));
        let session = format!(r#""sessionId":{gap}"v1.eu.{}""#, nth % 700);
        let occupant = format!(r#""occupant":{{"name":"{name} {nth}",{gap}"joined_at":{at}}}"#);
        let data = if nth.is_multiple_of(2) {
            format!("{session},{occupant}")
        } else {
            format!("{occupant}{gap},{session}")
        };
        let (trigger, app) = (r#""trigger":"call_participant_joined""#, r#""appId":"5d1e""#);
        match nth % 3 {
            0 => format!(r#"{{{trigger},"data":{{{data}}},{app}}}"#),
            1 => format!("{{{app},{gap}{trigger}\t,\"data\" :{{{data} }} }}"),
            _ => format!("{{\n  {trigger},\n  \"data\": {{{data}}},\r\n  {app}\n}}"),
        }
    };
    (0..10_000).map(body).collect()
}

#[test]
fn ten_thousand_bodies_arrive_byte_for_byte_in_their_order() {
    let bodies = many();
    let captured = Captured::new(bodies.join("\n").as_bytes());
    let handler = Handler::glad();
    let output = captured.replay(&["--to", &handler.url, "--speed", "max", "-q"]);
    assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(0)));
    let hash = |bodies: &[Vec<u8>]| blake3::hash(&bodies.join(&b'\n'));
    let sent: Vec<Vec<u8>> = bodies.into_iter().map(String::into_bytes).collect();
    assert_eq!(hash(&handler.bodies()), hash(&sent));
    assert_eq!(handler.connections(), 1, "connections are kept");
}

#[test]
fn what_was_escaped_encoded_or_in_utf_16_arrives_as_it_was_before() {
    let bodies = bodies();
    let utf16 = ["\u{feff}", &bodies.join("\n")].concat();
    let captured =
        Captured::new(&utf16.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    let handler = Handler::glad();
    captured.replay(&["--to", &handler.url, "--speed", "max"]);
    let sent: Vec<Vec<u8>> = bodies.into_iter().map(String::into_bytes).collect();
    assert_eq!(handler.bodies(), sent);
}

#[test]
fn several_at_once_arrive_each_once() {
    let captured = Captured::joins(500);
    let handler = Handler::new(|nth, _| Act::Stall(Duration::from_millis(nth as u64 % 7)));
    let output = captured.replay(&["--to", &handler.url, "--speed", "max", "--concurrency", "16"]);
    assert_eq!(output.status.code(), Some(0));
    let sent: HashSet<Vec<u8>> = (0..500).map(|nth| join(nth).into_bytes()).collect();
    let came = handler.bodies();
    assert_eq!((came.len(), came.into_iter().collect::<HashSet<_>>()), (500, sent));
    assert!(handler.connections() <= 16, "{}", handler.connections());
}

#[test]
fn requests_are_plain_posts_of_json() {
    let handler = Handler::glad();
    Captured::joins(1).replay(&["--to", &format!("{}?token=hunter2", handler.url)]);
    let request = &handler.requests()[0];
    assert_eq!(request.line, "POST /hooks?token=hunter2 HTTP/1.1");
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("content-length"), Some(&*request.body.len().to_string()));
    assert!(header("user-agent").is_some_and(|agent| agent.starts_with("callscope/")));
    assert_eq!((header("authorization"), header("transfer-encoding")), (None, None));
}

#[test]
fn what_is_not_accepted_fails_the_run_and_is_told_by_its_answer() {
    let acts = [Act::Status(204), Act::Status(500), Act::Status(302), Act::Cut, Act::Garble];
    let handler = Handler::new(move |nth, _| acts[nth % 5]);
    let output = Captured::joins(10).replay(&["--to", &handler.url, "--speed", "max"]);
    let (told, table) = (text(&output.stderr), text(&output.stdout));
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.ends_with("; 2 bodies accepted, 8 not accepted\n"), "{told}");
    for answer in ["204", "500", "302", "connection closed", "no HTTP answer"] {
        let row = table.lines().find(|line| line.starts_with(answer));
        assert!(row.is_some_and(|row| row.contains(" 2 ")), "{answer}: {table}");
    }
    let first = format!("callscope: {}: 302\n", handler.url);
    assert_eq!(told.matches(&first).count(), 1, "{told}");
    assert_eq!(handler.requests().len(), 10, "a redirect is not followed");
}

#[test]
fn a_port_where_nobody_listens_is_told_once_and_every_body_is_counted() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", nobody.local_addr().expect("an address"));
    drop(nobody);
    let output = Captured::joins(300).replay(&["--to", &url, "--speed", "max"]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(told.matches("connection refused").count(), 1, "{told}");
    assert!(told.contains("0 bodies accepted, 300 not accepted"), "{told}");
}

#[test]
fn an_answer_that_takes_too_long_is_none() {
    let handler = Handler::new(|nth, _| match nth {
        0 => Act::Stall(Duration::from_millis(1500)),
        _ => Act::Status(200),
    });
    let output =
        Captured::joins(2).replay(&["--to", &handler.url, "--speed", "max", "--timeout", "0.4s"]);
    let told = text(&output.stderr);
    assert!(told.contains(": timed out\n"), "{told}");
    assert!(told.contains("1 body accepted, 1 not accepted"), "{told}");
}

#[test]
fn each_trigger_goes_where_its_route_leads_and_what_has_none_is_counted() {
    let (calls, all) = (Handler::glad(), Handler::glad());
    let capture = [
        join(0),
        r#"{"trigger":"message_sent","data":{},"appId":"5d1e"}"#.to_owned(),
        r#"{"trigger":"call_started","data":{"created_at":1771000000,"sessionId":"v1.eu.5d1e.0"},"type":"call","appId":"5d1e"}"#.to_owned(),
    ];
    let captured = Captured::new(capture.join("\n").as_bytes());
    let routes = [format!("*_started={}", calls.url), format!("call_*={}", all.url)];
    let output = captured.replay(&["--route", &routes[0], "--route", &routes[1], "--speed", "max"]);
    assert_eq!((calls.bodies().len(), all.bodies().len()), (1, 1));
    let told = text(&output.stderr);
    assert!(told.contains("2 bodies accepted, 1 without a route"), "{told}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_rate_spreads_them_evenly() {
    let handler = Handler::glad();
    Captured::joins(5).replay(&["--to", &handler.url, "--rate", "20/s"]);
    let requests = handler.requests();
    // 200 ms, but where the machine is busy the first comes late.
    let took = requests[4].at - requests[0].at;
    assert!(took >= Duration::from_millis(150), "{took:?}");
}

#[test]
fn stdout_and_urls_go_together() {
    let handler = Handler::glad();
    let captured = Captured::joins(3);
    let route = format!("recording_*={}", handler.url);
    let output = captured.replay(&["--to", "-", "--route", &route, "--speed", "max"]);
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<String> = text(&output.stdout).lines().map(ToOwned::to_owned).collect();
    assert_eq!(lines, (0..3).map(join).collect::<Vec<_>>(), "only bodies are on stdout");
}
