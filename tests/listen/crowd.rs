//! Many at once: as many rows as answers, each whole.

use std::collections::HashSet;

use super::*;

/// Sends webhooks with these numbers on one connection, one behind the other's answer; gives the
/// numbers of those that were answered 200.
pub(super) fn send(address: &str, numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut answered = Vec::new();
    let Ok(mut stream) = TcpStream::connect(address) else {
        return answered;
    };
    let mut answers = BufReader::new(stream.try_clone().expect("a handle"));
    for number in numbers {
        let body = webhook(number);
        let request = String::from_utf8(request("/hooks", &[], &body)).expect("text");
        let request = request.replace("connection: close\r\n", "");
        if stream.write_all(request.as_bytes()).is_err() {
            break;
        }
        let mut first = String::new();
        let mut line = String::new();
        loop {
            line.clear();
            if answers.read_line(&mut line).unwrap_or(0) == 0 {
                return answered;
            }
            if first.is_empty() {
                first.clone_from(&line);
            }
            if line == "\r\n" {
                break;
            }
        }
        if first.starts_with("HTTP/1.1 200 ") {
            answered.push(number);
        }
    }
    answered
}

/// Sends from many connections at once; gives the numbers of those that were answered 200.
pub(super) fn send_all(address: &str, connections: usize, each: usize) -> HashSet<usize> {
    let senders: Vec<_> = (0..connections)
        .map(|at| {
            let address = address.to_owned();
            thread::spawn(move || send(&address, at * each..(at + 1) * each))
        })
        .collect();
    senders.into_iter().flat_map(|sender| sender.join().expect("a sender")).collect()
}

/// The numbers of the webhooks in a capture.
pub(super) fn captured(records: &[Value]) -> HashSet<usize> {
    let number = |record: &Value| {
        let body: Value = serde_json::from_str(record["body"].as_str()?).ok()?;
        body["data"]["sessionId"].as_str()?.strip_prefix("room-")?.parse().ok()
    };
    records.iter().map(|record| number(record).expect("a webhook")).collect()
}

#[test]
fn every_answer_has_its_row_and_every_row_its_answer() {
    let listening = Listening::start(&["--calls"]);
    let answered = send_all(&listening.address, 50, 200);
    assert_eq!(answered.len(), 10_000);
    let ended = listening.end();
    let records = ended.capture();
    assert_eq!(records.len(), 10_000);
    assert_eq!(captured(&records), answered);
    assert!(ended.summary().ends_with("; 10,000 bodies captured"), "{}", ended.summary());
}

#[test]
fn rows_that_nobody_reads_keep_no_answer_waiting() {
    let mut listening = Listening::start(&[]);
    // The pipe is full after some hundred rows.
    let stdout = listening.child.stdout.take();
    assert_eq!(send_all(&listening.address, 20, 100).len(), 2000);
    drop(stdout);
    let ended = listening.end();
    assert_eq!((ended.capture().len(), ended.status.code()), (2000, Some(0)));
}

#[test]
fn rows_that_find_no_room_are_left_out_and_counted() {
    let mut listening = Listening::start(&["--events"]);
    let stdout = listening.child.stdout.take().expect("a pipe");
    assert_eq!(send_all(&listening.address, 10, 100).len(), 1000);
    let long = WEBHOOK.replace("room", &"r".repeat(1_000_000));
    for _ in 0..80 {
        assert_eq!(listening.post(long.as_bytes()), 200);
    }
    // As if somebody looked again.
    let reader = thread::spawn(move || BufReader::new(stdout).lines().count());
    let ended = listening.end();
    let rows = reader.join().expect("a reader");
    let unshown = ended.said.iter().find(|line| line.contains("not shown; the capture has them"));
    let unshown = unshown.and_then(|line| line.split(' ').nth(1)).expect("they are counted");
    let unshown: usize = unshown.parse().expect("a number");
    assert!(unshown > 5 && rows < 1081, "{unshown} {rows}");
    assert_eq!((ended.capture().len(), ended.status.code()), (1080, Some(0)));
}
