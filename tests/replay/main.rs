//! `replay`: bodies byte for byte, when they are due, to where they are to go, and nowhere else.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]
#![cfg_attr(not(feature = "net"), expect(dead_code, reason = "most of it is about URLs"))]

#[cfg(feature = "net")]
mod accounts;
#[cfg(feature = "net")]
mod delivery;
#[cfg(feature = "net")]
mod faults;
#[cfg(feature = "net")]
mod flaky;
#[cfg(feature = "net")]
mod handler;
#[cfg(feature = "net")]
mod safety;
mod stdout;
#[cfg(feature = "net")]
mod tls;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A capture in a folder of its own.
struct Captured {
    folder: TempDir,
    path: PathBuf,
}

impl Captured {
    fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("capture.ndjson");
        fs::write(&path, bytes).expect("a file");
        Self { folder, path }
    }

    /// So many joins of as many calls, a second after each other.
    fn joins(many: u32) -> Self {
        let lines: String = (0..many).map(|nth| join(nth) + "\n").collect();
        Self::new(lines.as_bytes())
    }

    /// A file beside the capture.
    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `callscope replay` of it, not yet run.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
        command.arg("replay").arg(&self.path).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for variable in ["CALLSCOPE_AUTH", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            command.env_remove(variable);
        }
        command
    }

    fn replay(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("callscope starts")
    }
}

/// The webhook of somebody who joins a call of their own.
fn join(nth: u32) -> String {
    let at = 1_771_000_000 + nth;
    format!(
        r#"{{"trigger":"call_participant_joined","data":{{"occupant":{{"joined_at":{at},"audio_call":"true","name":"Ida {nth}"}},"sessionId":"v1.eu.5d1e.{nth}"}},"appId":"5d1e","region":"eu","webhook":"a41f","type":"call"}}"#
    )
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
