//! A run of the program under a watchdog.

use std::fs;
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The most a run may print; whoever prints more tells a stranger's text line by line.
const MOST_PRINTED: u64 = 64 << 20;

/// Writes what the program is to read.
pub(crate) type Feed = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>;

/// How a run ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    /// The most memory it held at once, in KiB; `None` where the system does not tell.
    pub(crate) peak: Option<u64>,
}

/// The program that is tested.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let tested = std::env::var_os("CALLSCOPE_TESTED");
    let mut command = Command::new(tested.unwrap_or(env!("CARGO_BIN_EXE_callscope").into()));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// Runs the program with what `feed` writes on its stdin.
pub(crate) fn run(arguments: &[&str], feed: Feed, seconds: u64) -> Ended {
    let mut child = start(program(arguments).stdin(Stdio::piped()));
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = thread::spawn(move || match feed(&mut stdin) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    });
    let ended = watch(child, seconds);
    writer.join().expect("no panic").expect("a pipe that takes all");
    ended
}

/// Starts it with both outputs piped.
pub(crate) fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// Waits for the child; kills it and fails when it takes longer than it may.
pub(crate) fn watch(mut child: Child, seconds: u64) -> Ended {
    let begun = Instant::now();
    let stdout = collect(child.stdout.take().expect("a pipe"));
    let stderr = collect(child.stderr.take().expect("a pipe"));
    let mut peak = None;
    let status = loop {
        peak = memory(child.id()).max(peak);
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if begun.elapsed() > Duration::from_secs(seconds) {
            let _ = child.kill();
            let _ = child.wait();
            let peak = peak.unwrap_or(0) / 1024;
            unreachable!("it took longer than {seconds} s, and {peak} MiB until then");
        }
        thread::sleep(Duration::from_millis(3));
    };
    let stdout = stdout.join().expect("no panic");
    let stderr = String::from_utf8_lossy(&stderr.join().expect("no panic")).into_owned();
    let code = status.code().unwrap_or(-1);
    assert!((0..=2).contains(&code), "{status}: {stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!((stdout.len() as u64) < MOST_PRINTED, "it prints without end");
    Ended { code, stdout, stderr, peak }
}

fn collect(stream: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stream.take(MOST_PRINTED).read_to_end(&mut text);
        text
    })
}

/// The most memory that a process has held so far, in KiB.
fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
