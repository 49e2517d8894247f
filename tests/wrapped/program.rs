//! The program run on captures, many at a time.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::carriers::{CARRIERS, Carrier};

/// What a source in a file is called, so that the name can be taken out of what is printed.
const NAME: &str = "capture.under.test";

/// Where the program gets a capture from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    File,
    Pipe,
}

/// What `callscope` prints of one capture, its source called `-` wherever it came from.
pub(crate) fn printed(words: &str, bytes: &[u8], from: From) -> String {
    match from {
        From::Pipe => text(command(words).arg("-"), Some(bytes)),
        From::File => {
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join(NAME), bytes).expect("a file");
            text(command(words).arg(NAME).current_dir(folder.path()), None).replace(NAME, "-")
        }
    }
}

/// What it prints of a folder of captures.
pub(crate) fn printed_of_folder(words: &str, files: &[(&str, Vec<u8>)]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("a file");
    }
    text(command(words).arg(folder.path()), None)
}

fn command(words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(words.split(' ')).env_remove("TZ").env_remove("CALLSCOPE_NOW");
    command
}

/// Runs it to its end, with `bytes` on a pipe if there are any.
fn text(command: &mut Command, bytes: Option<&[u8]>) -> String {
    let stdin = if bytes.is_some() { Stdio::piped() } else { Stdio::null() };
    let command = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("callscope starts");
    let pipe = child.stdin.take();
    let output = thread::scope(|scope| {
        scope.spawn(|| {
            if let (Some(mut pipe), Some(bytes)) = (pipe, bytes) {
                // The program may end before it has read all.
                drop(pipe.write_all(bytes));
            }
        });
        child.wait_with_output().expect("callscope ends")
    });
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Looks at every carrier, several at a time, and fails with all that `look` has to say.
pub(crate) fn for_each_carrier(look: impl Fn(usize, &Carrier) -> Result<(), String> + Sync) {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let at = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(carrier) = CARRIERS.get(at)
                {
                    if let Err(why) = look(at, carrier) {
                        let told = format!("{}: {why}", carrier.0);
                        failed.lock().unwrap_or_else(PoisonError::into_inner).push((at, told));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_unstable();
    let told: Vec<_> = failed.into_iter().map(|(_, told)| told).collect();
    assert!(told.is_empty(), "{} of {}\n{}", told.len(), CARRIERS.len(), told.join("\n"));
}

/// The first place in which two outputs differ.
pub(crate) fn compare(what: &str, found: &str, expected: &str) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    let lines = (found.lines().count(), expected.lines().count());
    let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    let at =
        found.chars().zip(expected.chars()).take_while(|(found, other)| found == other).count();
    let around =
        |text: &str| text.chars().skip(at.saturating_sub(60)).take(120).collect::<String>();
    Err(format!(
        "{what}: {} lines, not {}; line {} has\n    {:?}\n  not\n    {:?}",
        lines.0,
        lines.1,
        line.unwrap_or(lines.0.min(lines.1)) + 1,
        around(found),
        around(expected)
    ))
}

/// Leaves a capture where it can be looked at when a test has failed.
pub(crate) fn leave(at: usize, carrier: &Carrier, bytes: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrapped");
    let path = folder.join(format!("{at:02} {}", carrier.0));
    fs::create_dir_all(folder).expect("a folder");
    fs::write(&path, bytes).expect("a file");
    path
}
