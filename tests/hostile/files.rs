//! Files and folders whose names move the cursor: whole, missing, unreadable, and nothing at all.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::judge::{Looks, is_harmless, printed};
use super::terminal::{callscope, root};

/// The last is not UTF-8.
const NAMES: [&[u8]; 5] = [
    b"a\x1b[31mred\x1b[2J\x07\x08\x7f.ndjson",
    b"line\none\r\ttwo.ndjson",
    "\u{9b}2J\u{85}\u{2028}\u{202e}\u{2066}\u{200f}.ndjson".as_bytes(),
    "=1+1|\"'`,;אב[*]\\.ndjson".as_bytes(),
    b"caf\xe9\x9b31m\x1b[31m.ndjson",
];

const COMMANDS: [&str; 12] = [
    "calls -v",
    "timeline",
    "events",
    "events --format csv",
    "events --format markdown",
    "check --select J,S,K,L,F,R,D",
    "check --format concise",
    "check --json",
    "check --format github",
    "check --format gitlab",
    "check --format junit",
    "check --format sarif",
];

/// Runs every command with these inputs.
fn look(inputs: &[PathBuf]) {
    for words in COMMANDS {
        for looks in [Looks::PIPE, Looks::TERMINAL] {
            let mut command = callscope(words.split(' '));
            command.args(inputs);
            is_harmless(&printed(command, looks), looks, &(words, inputs));
        }
    }
}

fn named(folder: &Path, name: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(name))
}

#[test]
fn no_name_of_a_file_is_printed_as_it_is() {
    for name in NAMES {
        let folder = tempfile::tempdir().expect("a folder");
        let path = named(folder.path(), name);
        fs::copy(root().join("samples/damaged.ndjson"), &path).expect("a capture");
        look(&[path]);
        look(&[folder.path().to_owned()]);
    }
}

#[test]
fn no_name_of_what_cannot_be_read_is_printed_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut inputs = Vec::new();
    for (number, name) in NAMES.iter().enumerate() {
        let missing = named(folder.path(), name);
        let below = folder.path().join(number.to_string());
        fs::create_dir(&below).expect("a folder");
        let (circle, closed) = (named(&below, name), named(&below, &[name, &b"x"[..]].concat()));
        symlink(&circle, &circle).expect("a link to itself");
        fs::write(&closed, "{}").expect("a file");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("a closed file");
        let empty = named(&below, &[name, &b"-empty"[..]].concat());
        fs::create_dir(&empty).expect("a folder");
        let nothing = named(&empty, &[b"[", *name].concat());
        inputs.extend([missing, circle, closed, empty.clone(), nothing, empty.join("*.json")]);
    }
    look(&inputs);
    inputs.push(root().join("samples/busy.ndjson"));
    look(&inputs);
}

#[test]
fn no_name_of_what_cannot_be_written_is_printed_as_it_is() {
    for name in NAMES {
        let folder = tempfile::tempdir().expect("a folder");
        let path = named(folder.path(), name);
        fs::copy(root().join("samples/busy.ndjson"), &path).expect("a capture");
        let nowhere = path.join("nowhere").into_os_string();
        for outputs in [
            ["--output".into(), path.clone().into_os_string()],
            ["--summary".into(), path.clone().into_os_string()],
            ["--output".into(), nowhere.clone()],
            ["--summary".into(), nowhere],
            ["--output".into(), folder.path().as_os_str().to_owned()],
        ] {
            for looks in [Looks::PIPE, Looks::TERMINAL] {
                let mut command = callscope(["calls"]);
                command.arg(&path).args::<_, &OsString>(&outputs);
                let printed = printed(command, looks);
                is_harmless(&printed, looks, &outputs);
                assert_eq!(printed.status, Some(2), "{outputs:?}: {printed:?}");
            }
        }
    }
}
