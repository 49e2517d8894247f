//! The program run as a user runs it: on a pseudo-terminal of so many columns, or in a pipe.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use rustix_openpty::openpty;
use rustix_openpty::rustix::termios::Winsize;

/// What the environment may say of colour, width, zone and clock; a test starts without any of it.
const SILENCED: [&str; 9] = [
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "COLUMNS",
    "LINES",
    "CI",
    "TZ",
    "CALLSCOPE_NOW",
];

/// Where a stream of the program goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A pipe.
    Pipe,
    /// A terminal of so many columns.
    Terminal(u16),
}

/// What the program printed.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: Option<i32>,
}

/// The program with its arguments, in the project's folder, on a terminal that knows colours.
pub(crate) fn callscope<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(arguments).current_dir(root()).stdin(Stdio::null()).env("TERM", "xterm-256color");
    for name in SILENCED {
        command.env_remove(name);
    }
    command
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program to its end.
///
/// # Errors
/// When it cannot be run, or prints what is not UTF-8.
pub(crate) fn run(mut command: Command, stdout: End, stderr: End) -> io::Result<Printed> {
    let (to_stdout, from_stdout) = open(stdout)?;
    let (to_stderr, from_stderr) = open(stderr)?;
    let mut child = command.stdout(to_stdout).stderr(to_stderr).spawn()?;
    // The command keeps the program's end of both, and reading ends when nobody has it any more.
    drop(command);
    let [stdout, stderr] = [(from_stdout, stdout), (from_stderr, stderr)]
        .map(|(from, end)| thread::spawn(move || read(from, end)));
    let status = child.wait()?.code();
    let text = |thread: thread::JoinHandle<io::Result<String>>| {
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the reader fell over")))
    };
    Ok(Printed { stdout: text(stdout)?, stderr: text(stderr)?, status })
}

/// The program's end of a stream, and ours.
fn open(end: End) -> io::Result<(Stdio, Box<dyn Read + Send>)> {
    match end {
        End::Pipe => {
            let (ours, its) = io::pipe()?;
            Ok((its.into(), Box::new(ours)))
        }
        End::Terminal(columns) => {
            let size = Winsize { ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
            let pty = openpty(None, Some(&size))?;
            Ok((pty.user.into(), Box::new(File::from(pty.controller))))
        }
    }
}

/// All that the program writes. A terminal that everybody has left is read with an error on Linux,
/// and puts a carriage return before each line's end.
fn read(mut from: impl Read, end: End) -> io::Result<String> {
    let mut bytes = Vec::new();
    let read = from.read_to_end(&mut bytes);
    if end == End::Pipe {
        read?;
    }
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(if end == End::Pipe { text } else { text.replace("\r\n", "\n") })
}
