//! SIGINT and SIGTERM end the program, and nothing of what it was writing is left.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::run::root;

const PATIENCE: Duration = Duration::from_secs(20);

/// SIGINT and SIGTERM, with their numbers.
const SIGNALS: [(&str, i32); 2] = [("INT", 2), ("TERM", 15)];

fn callscope(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.current_dir(folder).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn send(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &pid]).stderr(Stdio::null()).status();
    assert!(sent.is_ok(), "{sent:?}");
}

/// The names of the files in a folder, those that the test has put there aside.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string());
    let mut names: Vec<String> = names.map(|name| name.expect("UTF-8")).collect();
    names.retain(|name| !["capture", "fifo"].contains(&&**name));
    names.sort();
    names
}

fn is_temporary(name: &str) -> bool {
    name.starts_with(".callscope-")
}

/// Waits until `reached` or the process has ended; whether it was reached.
fn wait_until(child: &mut Child, mut reached: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if reached() {
            return true;
        }
        if child.try_wait().expect("a process").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    unreachable!("nothing has happened for {PATIENCE:?}")
}

/// Runs the command until it writes to a temporary file, sends the signal, and says by which signal
/// it has ended. `None` where it was done before.
fn stopped(folder: &Path, arguments: &[&str], signal: &str) -> Option<i32> {
    let mut child = callscope(folder, arguments).spawn().expect("runs");
    wait_until(&mut child, || names(folder).iter().any(|name| is_temporary(name)));
    send(&child, signal);
    let ended = child.wait().expect("ends");
    let left = names(folder);
    if ended.signal().is_some() {
        assert!(left.is_empty(), "{arguments:?} {signal}: {left:?}");
    } else {
        assert!(ended.success(), "{arguments:?} {signal}: {ended}");
        assert_eq!(left, ["out"], "{arguments:?} {signal}");
        fs::remove_file(folder.join("out")).expect("a file");
    }
    ended.signal()
}

#[test]
fn a_signal_leaves_nothing_of_an_output_that_was_being_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let made = callscope(folder, &["generate", "--calls", "4000", "-q", "-o", "capture"]).status();
    assert!(made.is_ok_and(|status| status.success()));
    let commands: [&[&str]; 5] = [
        &["generate", "--calls", "1000000", "-q", "-o", "out"],
        &["calls", "--format", "json", "-q", "-o", "out", "capture"],
        &["events", "--format", "json", "-q", "-o", "out", "capture"],
        &["redact", "-q", "-o", "out", "capture"],
        &[
            "check",
            "--exit-zero",
            "--select",
            "J,S,K,L,F,R,D",
            "--format",
            "json",
            "-q",
            "-o",
            "out",
            "capture",
        ],
    ];
    for arguments in commands {
        for (signal, number) in SIGNALS {
            // It may be faster than the signal, but not each time.
            let ended = (0..50).find_map(|_| stopped(folder, arguments, signal));
            assert_eq!(ended, Some(number), "{arguments:?} {signal}");
        }
    }
}

#[test]
fn a_signal_leaves_nothing_beside_an_output_that_waits_for_its_reader() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::copy(root().join("samples/damaged.ndjson"), folder.join("capture")).expect("a capture");
    let made = Command::new("mkfifo").arg(folder.join("fifo")).status();
    assert!(made.is_ok_and(|status| status.success()));
    for (signal, number) in SIGNALS {
        let outputs = ["--format", "json=out", "--format", "sarif=other", "--format", "junit=fifo"];
        let arguments = [&["check", "-q", "capture"][..], &outputs].concat();
        let mut child = callscope(folder, &arguments).spawn().expect("runs");
        let open = || names(folder).iter().filter(|name| is_temporary(name)).count() == 2;
        assert!(wait_until(&mut child, open));
        send(&child, signal);
        assert_eq!(child.wait().expect("ends").signal(), Some(number));
        assert_eq!(names(folder), [""; 0]);
    }
}

#[test]
fn a_signal_ends_the_reading_of_a_pipe_that_nobody_writes_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let made = Command::new("mkfifo").arg(folder.join("fifo")).status();
    assert!(made.is_ok_and(|status| status.success()));
    for verb in ["calls", "check", "redact"] {
        for (signal, number) in SIGNALS {
            let mut child =
                callscope(folder, &[verb, "-q", "-o", "out", "fifo"]).spawn().expect("runs");
            // Opening it waits for the reader.
            let writer = File::options().write(true).open(folder.join("fifo")).expect("a reader");
            send(&child, signal);
            assert_eq!(child.wait().expect("ends").signal(), Some(number), "{verb}");
            assert_eq!(names(folder), [""; 0], "{verb}");
            drop(writer);
        }
    }
}
