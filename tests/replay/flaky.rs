//! A handler as bad as they come, under CometChat's manners. It takes a minute and more:
//! `cargo test --release --test replay -- --ignored`.

use std::collections::HashMap;
use std::fs;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::handler::{Act, Handler};
use super::{Captured, join, text};

/// The handler's mood for its n-th request.
fn mood(nth: usize) -> Act {
    match nth % 20 {
        3 | 11 => Act::Status(500),
        7 => Act::Stall(Duration::from_millis(2500)),
        15 => Act::Cut,
        _ => Act::Status(200),
    }
}

#[test]
#[ignore = "it takes more than a minute"]
fn every_delivery_is_accounted_for_and_tried_as_cometchat_would_have_tried_it() {
    // The port is dead for the first thirty seconds.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let url = format!("http://{address}/hooks");
    let waking = thread::spawn(move || {
        thread::sleep(Duration::from_secs(30));
        Handler::on(TcpListener::bind(address).expect("the same port"), |nth, _| mood(nth))
    });
    let captured = Captured::joins(5000);
    let log = captured.beside("log");
    let arguments = ["--to", &url, "--as-cometchat", "--speed", "100x", "--concurrency", "50"];
    let output = captured.command(&arguments).arg("--log").arg(&log).output().expect("starts");
    let handler = waking.join().expect("a handler");
    let (told, table) = (text(&output.stderr), text(&output.stdout));

    let mut attempts: HashMap<String, Vec<Value>> = HashMap::new();
    for line in fs::read_to_string(&log).expect("a log").lines() {
        let record: Value = serde_json::from_str(line).expect("a record");
        let delivery = record["delivery"].as_str().expect("a name").to_owned();
        attempts.entry(delivery).or_default().push(record);
    }
    assert_eq!(attempts.len(), 5000);
    let (mut accepted, mut failed) = (0, 0);
    for tries in attempts.values() {
        let (last, before) = tries.split_last().expect("one at least");
        assert!(tries.len() <= 3);
        assert!(before.iter().all(|record| record["accepted"] == false && record["last"] == false));
        assert_eq!(last["last"], true);
        assert_eq!(last["accepted"] == true, last["status"] == 200);
        assert!(last["accepted"] == true || tries.len() == 3);
        accepted += usize::from(last["accepted"] == true);
        failed += usize::from(last["accepted"] == false);
        for (pair, wait) in tries.windows(2).zip([10.0, 30.0]) {
            let gap = seconds(&pair[1]) - seconds(&pair[0]);
            let took = pair[0]["latency_seconds"].as_f64().expect("a length");
            assert!(took <= 2.3, "{took}");
            assert!((wait..wait + 3.0).contains(&(gap - took)), "{gap} after {took}");
        }
    }
    assert_eq!(accepted + failed, 5000);
    let row = table.lines().nth(1).expect("a row").split_whitespace();
    let figures: Vec<&str> = row.skip(1).take(3).collect();
    assert_eq!(figures, ["5000", &accepted.to_string(), &failed.to_string()], "{told}{table}");
    // Whatever was accepted is what the handler has answered with 200 in time.
    let seen: HashMap<Vec<u8>, usize> =
        handler.bodies().into_iter().fold(HashMap::new(), |mut seen, body| {
            *seen.entry(body).or_default() += 1;
            seen
        });
    assert!((0..5000).all(|nth| seen.contains_key(join(nth).as_bytes())));
}

fn seconds(record: &Value) -> f64 {
    let at: jiff::Timestamp = record["sent_at"].as_str().expect("a time").parse().expect("a time");
    at.duration_since(jiff::Timestamp::UNIX_EPOCH).as_secs_f64()
}
