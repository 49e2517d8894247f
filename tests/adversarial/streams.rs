//! What streams: captures larger than the memory, and pipes that stall.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::child::{program, run, start, watch};
use super::reading::read_within;
use super::webhooks::{BASE64, OTHERS, STRINGS, har, quoted, started};

/// Writes a HAR of so many entries of 100 kB, each with a webhook posted.
fn write_har(out: &mut dyn Write, entries: u64) -> io::Result<()> {
    let answer = quoted(&"<p class=\"x\">lorem ipsum</p>\n".repeat(2800));
    write!(out, "{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"x\"}},\"entries\":[")?;
    for number in 0..entries {
        let comma = if number > 0 { "," } else { "" };
        let body = quoted(&started(number));
        write!(
            out,
            "{comma}{{\"startedDateTime\":\"2026-02-13T16:26:40.001Z\",\"request\":{{\"method\":\
             \"POST\",\"postData\":{{\"mimeType\":\"application/json\",\"text\":{body}}}}},\
             \"response\":{{\"status\":200,\"content\":{{\"text\":{answer}}}}}}}"
        )?;
    }
    writeln!(out, "]}}}}")
}

fn is_read_as_it_streams(entries: u64, seconds: u64) {
    let read = read_within(seconds, move |out| write_har(&mut io::BufWriter::new(out), entries));
    let figures = format!("documents {entries}, webhooks {entries}, events {entries}, damaged 0");
    read.has(&figures);
}

#[test]
fn a_har_of_20_mb_is_read_as_it_streams_within_20_seconds() {
    is_read_as_it_streams(200, 20);
}

#[test]
#[ignore = "200 MB; with --release"]
fn a_har_of_200_mb_is_read_as_it_streams_within_60_seconds() {
    is_read_as_it_streams(2_000, 60);
}

#[test]
#[ignore = "2 GB; with --release"]
fn a_har_of_2_gb_is_read_as_it_streams_within_120_seconds() {
    is_read_as_it_streams(20_000, 120);
}

/// All carriers one after another, many times.
fn mixed(times: u64) -> Vec<u8> {
    let carriers = || STRINGS.into_iter().chain(BASE64).chain(OTHERS);
    let count = carriers().count() as u64;
    let text = (0..times).flat_map(|time| {
        carriers().zip(0..).map(move |((_, carrier), at)| carrier(&started(time * count + at)))
    });
    text.collect::<String>().into_bytes()
}

#[test]
fn a_pipe_that_stalls_at_any_place_gives_what_the_file_gives_within_20_seconds() {
    let text = mixed(2);
    let whole = text.clone();
    let expected = read_within(20, move |out| out.write_all(&whole));
    expected.has("events 36, damaged 0");
    for pieces in [7, 31] {
        let text = text.clone();
        let read = read_within(20, move |out| {
            for piece in text.chunks(text.len() / pieces + 1) {
                out.write_all(piece)?;
                out.flush()?;
                thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        });
        assert_eq!(read.told(), expected.told());
    }
}

#[test]
fn a_pipe_whose_writer_is_stopped_and_goes_on_gives_what_the_file_gives_within_30_seconds() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    let text = mixed(200);
    std::fs::write(&path, &text).expect("a file");
    let arguments = ["timeline", "--format", "ndjson", "-q", "-"];
    let expected = run(&arguments, Box::new(move |out| out.write_all(&text)), 20);

    let mut writer =
        Command::new("cat").arg(&path).stdout(Stdio::piped()).spawn().expect("cat starts");
    let pipe = writer.stdout.take().expect("a pipe");
    let signal = |name: &str| {
        let process = writer.id().to_string();
        let sent = Command::new("kill").args([name, &process]).stderr(Stdio::null()).status();
        assert!(sent.is_ok());
    };
    signal("-STOP");
    let child = start(program(&arguments).stdin(pipe));
    for _ in 0..4 {
        thread::sleep(Duration::from_millis(40));
        signal("-CONT");
        thread::sleep(Duration::from_millis(2));
        signal("-STOP");
    }
    signal("-CONT");
    let found = watch(child, 20);
    writer.wait().expect("cat ends");
    assert!(found.stdout == expected.stdout, "the rows differ");
    assert!(!found.stdout.is_empty());
}

#[test]
fn a_file_gives_what_the_pipe_gives_within_20_seconds() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    let text = mixed(3);
    std::fs::write(&path, &text).expect("a file");
    let name = path.to_str().expect("UTF-8");
    let arguments = |input| ["events", "--format", "ndjson", "-q", input];
    let piped = run(&arguments("-"), Box::new(move |out| out.write_all(&text)), 20);
    let read = run(&arguments(name), Box::new(|_| Ok(())), 20);
    let piped = String::from_utf8_lossy(&piped.stdout).replace("<stdin>", name);
    let read = String::from_utf8_lossy(&read.stdout).into_owned();
    assert_eq!(read.lines().count(), 54);
    assert_eq!(piped.replace("\"-\"", &quoted(name)), read);
}

#[test]
fn every_carrier_is_read_from_one_line_within_20_seconds() {
    for (name, carrier) in STRINGS.into_iter().chain(BASE64).chain(OTHERS) {
        let text = carrier(&started(1));
        let read = read_within(20, move |out| out.write_all(text.as_bytes()));
        assert_eq!(read.figure("events"), 1, "{name}: {}", read.told());
        read.has("documents 1, damaged 0, skipped_lines 0");
    }
    assert_eq!(har(&started(1)).lines().count(), 1);
}
