//! `callscope follow` as a process: what comes out while the input is still open.

#![expect(
    clippy::expect_used,
    reason = "a process that cannot be run fails its test, in the helpers too"
)]

#[cfg(unix)]
mod archives;
#[cfg(unix)]
mod files;
mod open;
#[cfg(unix)]
mod signals;
mod size;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Second 0 of these tests.
const BASE: i64 = 1_773_100_000;
const APP: &str = "c0ffee1234567890";

/// A running `callscope follow --format ndjson`.
struct Following {
    child: Child,
    stdin: Option<ChildStdin>,
    rows: Receiver<Value>,
}

/// How it ended.
struct Ended {
    status: ExitStatus,
    /// The rows that were not asked for before.
    rows: Vec<Value>,
    told: String,
}

impl Following {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_callscope"))
            .args(["follow", "--format", "ndjson"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let stdout = child.stdout.take().expect("a pipe");
        let (sender, rows) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let row = serde_json::from_str(&line).expect("a row is JSON");
                if sender.send(row).is_err() {
                    return;
                }
            }
        });
        Self { stdin: child.stdin.take(), child, rows }
    }

    fn write(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("open");
        stdin.write_all(text.as_bytes()).expect("writes");
        stdin.flush().expect("writes");
    }

    fn say(&mut self, webhooks: &[Value]) {
        for webhook in webhooks {
            self.write(&format!("{webhook}\n"));
        }
    }

    /// The next row, which must come soon.
    fn row(&self) -> Value {
        self.rows.recv_timeout(Duration::from_secs(5)).expect("a row in time")
    }

    /// Nothing comes for a while.
    fn is_silent(&self, millis: u64) -> bool {
        let waited = self.rows.recv_timeout(Duration::from_millis(millis));
        matches!(waited, Err(RecvTimeoutError::Timeout))
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Ends the input and waits.
    fn end(mut self) -> Ended {
        drop(self.stdin.take());
        self.wait()
    }

    fn wait(self) -> Ended {
        let _open = self.stdin;
        let output = self.child.wait_with_output().expect("ends");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        Ended { status: output.status, rows: self.rows.iter().collect(), told }
    }
}

/// What a row tells in short.
fn short(row: &Value) -> String {
    let word = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    match row["row"].as_str() {
        Some("event") => format!("{} {}", word("trigger"), word("status")),
        Some("call") => {
            let end = if row["final"] == json!(true) { " final" } else { "" };
            format!("{} {}{end}", word("outcome"), row["revision"])
        }
        _ => word("rule"),
    }
}

fn shorts(rows: &[Value]) -> Vec<String> {
    rows.iter().map(short).collect()
}

/// Waits until something is so.
fn eventually(mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(5), "it never was so");
        thread::sleep(Duration::from_millis(20));
    }
}

fn envelope(trigger: &str, data: &Value) -> Value {
    let mut body = json!({"trigger": trigger, "data": data, "appId": APP, "region": "eu", "webhook": "hook-1"});
    if !trigger.starts_with("call_initiated") && !trigger.starts_with("recording") {
        body["type"] = json!(if trigger.starts_with("meeting") { "meet" } else { "call" });
    }
    body
}

fn ring(action: &str, id: u32, at: i64) -> Value {
    let call = json!({
        "id": id.to_string(), "conversationId": "ida_user_ole", "sender": "ida", "receiverType": "user",
        "receiver": "ole", "category": "call", "type": "audio", "data": {"action": action},
        "sentAt": BASE + at, "updatedAt": BASE + at,
    });
    let mut body = envelope(&format!("call_{action}"), &json!({"call": call}));
    body.as_object_mut().expect("an object").remove("type");
    body
}

fn started(session: &str, at: i64) -> Value {
    envelope("meeting_started", &json!({"created_at": BASE + at, "sessionId": session}))
}

fn joined(session: &str, name: &str, at: i64) -> Value {
    let occupant = json!({"joined_at": BASE + at, "audio_call": "false", "name": name});
    envelope("meeting_participant_joined", &json!({"occupant": occupant, "sessionId": session}))
}

fn ended(session: &str, names: &[&str], from: i64, to: i64) -> Value {
    let roster: Vec<Value> = names
        .iter()
        .map(|name| json!({"joined_at": BASE + from, "audio_call": "false", "left_at": BASE + to, "name": name}))
        .collect();
    let data = json!({
        "all_occupants": roster, "destroyed_at": BASE + to, "created_at": BASE + from, "sessionId": session,
    });
    envelope("meeting_ended", &data)
}

fn recorded(session: &str, at: i64) -> Value {
    let data = json!({
        "recordingDate": "2026-03-09", "duration": "4.5", "startTime": (BASE + at).to_string(),
        "sessionId": session, "recording_url": "https://recordings.example/x.mp4",
    });
    envelope("recording_generated", &data)
}
