//! `callscope listen` as a process: what is answered, what is captured, and that the one is never
//! said without the other.
#![cfg(all(unix, feature = "net"))]
#![expect(
    clippy::expect_used,
    reason = "a process that cannot be run fails its test, in the helpers too"
)]

mod bodies;
mod crowd;
mod disk;
mod ends;
mod faults;
mod moved;
mod packed;
mod refused;
mod rows;
mod secrets;
mod together;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

const WEBHOOK: &str = r#"{"trigger":"meeting_started","data":{"created_at":1773100000,"sessionId":"room"},"appId":"c0ffee1234567890","region":"eu","webhook":"hook-1","type":"meet"}"#;

/// A running `callscope listen` on a port that was free, and a folder for its files.
struct Listening {
    child: Child,
    address: String,
    /// What it says on stderr behind the first line.
    said: Receiver<String>,
    folder: TempDir,
}

/// How it ended.
struct Ended {
    status: ExitStatus,
    /// What it printed, where that was not taken.
    printed: String,
    /// Lines that were not asked for before.
    said: Vec<String>,
    folder: TempDir,
}

impl Listening {
    /// Listens, with the capture in the file `capture`.
    fn start(args: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        Self::start_in(folder, &[&["--out", "capture"], args].concat())
    }

    fn start_in(folder: TempDir, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
        command.args(["listen", "--no-config"]).args(args);
        if !args.contains(&"--bind") {
            command.args(["--bind", "0"]);
        }
        Self::run(folder, command)
    }

    /// Runs a command that listens.
    fn run(folder: TempDir, mut command: Command) -> Self {
        command.current_dir(folder.path()).env_remove("CALLSCOPE_AUTH");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let first = lines.next().expect("a line").expect("text");
        let address = first.split("http://").nth(1).expect("an address");
        let address = address.split('/').next().expect("one").to_owned();
        let (sender, said) = channel();
        thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| drop(sender.send(line)));
        });
        Self { child, address, said, folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn connect(&self) -> TcpStream {
        connect(&self.address)
    }

    /// Sends bytes on a connection of its own, and hears what comes until it is closed.
    fn exchange(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        // What is refused may not be read to its end.
        let _ = stream.write_all(request);
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard);
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// Sends a body, and gives the status.
    fn post(&self, body: &[u8]) -> u16 {
        status(&self.exchange(&request("/hooks", &[], body)))
    }

    /// The next line on stderr that holds a word; it must come soon.
    fn said(&self, word: &str) -> String {
        let next = || self.said.recv_timeout(Duration::from_secs(5)).ok();
        let mut lines = std::iter::from_fn(next);
        lines.find(|line| line.contains(word)).expect(word)
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Terminates it, and waits.
    fn end(self) -> Ended {
        self.signal("TERM");
        self.wait()
    }

    fn wait(mut self) -> Ended {
        let mut printed = String::new();
        if let Some(mut stdout) = self.child.stdout.take() {
            stdout.read_to_string(&mut printed).expect("text");
        }
        let status = self.child.wait().expect("ends");
        Ended { status, printed, said: self.said.iter().collect(), folder: self.folder }
    }
}

impl Ended {
    /// The lines of the capture.
    fn capture(&self) -> Vec<Value> {
        records(&self.folder.path().join("capture"))
    }

    /// The summary line.
    fn summary(&self) -> &str {
        self.said.last().expect("a summary")
    }

    fn callscope(&self, args: &[&str]) -> Vec<u8> {
        callscope(self.folder.path(), args)
    }
}

fn records(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a capture");
    text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

/// What a command prints of the files in a folder.
fn callscope(folder: &Path, args: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(args).current_dir(folder).stderr(Stdio::null());
    command.output().expect("starts").stdout
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(8))).expect("a timeout");
    stream
}

/// A POST after which the connection is closed.
fn request(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut headers: Vec<_> = headers.to_vec();
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        headers.push(("content-type", "application/json"));
    }
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let headers = headers.collect::<Vec<_>>().concat();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: hooks\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn status(heard: &str) -> u16 {
    let status = heard.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    status.and_then(|status| status.parse().ok()).expect("a status")
}

/// A webhook that is told apart from others by a number.
fn webhook(number: usize) -> Vec<u8> {
    let mut webhook: Value = serde_json::from_str(WEBHOOK).expect("JSON");
    webhook["data"]["sessionId"] = json!(format!("room-{number}"));
    webhook.to_string().into_bytes()
}

#[test]
fn a_webhook_is_captured_and_any_command_reads_it() {
    let listening = Listening::start(&[]);
    assert!(listening.said("--auth-file").contains("tunnel"));
    let heard = listening.exchange(&request("/hooks?key=1", &[("X-Odd", "a")], WEBHOOK.as_bytes()));
    assert_eq!(status(&heard), 200);
    let ended = listening.end();
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.printed.contains("meeting_started"), "{}", ended.printed);
    let summary = "1 call from 1 event (1 webhook in 1 source); 1 body captured";
    assert_eq!(ended.summary(), summary);
    let [record] = &ended.capture()[..] else { panic!("one record") };
    assert_eq!((&record["method"], &record["path"]), (&json!("POST"), &json!("/hooks")));
    assert_eq!((&record["headers"]["x-odd"], &record["body"]), (&json!("a"), &json!(WEBHOOK)));
    let rows = ended.callscope(&["events", "--format", "ndjson", "capture"]);
    let row: Value = serde_json::from_slice(&rows).expect("a row");
    // Written to the microsecond, and told without the zeros at its end.
    let [told, written] = [&row, record].map(|one| one["received_at"].as_str().expect("a time"));
    let written = written.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
    assert_eq!((told.trim_end_matches('Z'), &row["line"]), (written, &json!(1)));
    for command in ["calls", "timeline", "check", "redact"] {
        let printed = ended.callscope(&[command, "capture"]);
        assert!(!printed.is_empty(), "{command}");
    }
}

#[test]
fn an_address_that_is_taken_and_a_file_that_cannot_be_written_are_told() {
    let listening = Listening::start(&[]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    let taken = command.args(["listen", "--bind", &listening.address]).output().expect("starts");
    let said = String::from_utf8_lossy(&taken.stderr).into_owned();
    let expected = format!("callscope: cannot listen on {}: ", listening.address);
    assert!(said.starts_with(&expected), "{said}");
    assert_eq!(taken.status.code(), Some(2));
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    let capture = listening.file("capture");
    command.args(["listen", "--bind", "0", "--out"]).arg(&capture);
    let twice = command.output().expect("starts");
    let said = String::from_utf8_lossy(&twice.stderr).into_owned();
    assert!(said.ends_with("another run adds to it\n"), "{said}");
    assert_eq!(twice.status.code(), Some(2));
    listening.end();
}
