//! Lines that open objects and never close them cost little more than lines of whole objects.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::child::{program, start, watch};

const SIZE: u64 = 50_000_000;

/// The least speed, in hundredths of that of NDJSON. It is 40 on a machine that does nothing else.
const LEAST: u128 = 25;

/// The most memory, in KiB.
const MOST: u64 = 24_000;

/// Writes line after line until there is enough.
fn write(path: &Path, line: impl Fn(u64) -> String) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    let (mut written, mut number) = (0, 0);
    while written < SIZE {
        let line = line(number);
        file.write_all(line.as_bytes()).expect("room");
        (written, number) = (written + line.len() as u64, number + 1);
    }
    file.flush().expect("room");
}

/// Bytes a millisecond that one thread reads, and the memory it needs in KiB.
fn speed(path: &Path) -> (u128, u64) {
    let path = path.to_str().expect("UTF-8");
    let run = || {
        let begun = Instant::now();
        let child = start(&mut program(&["calls", "-q", "--threads", "1", "--limit", "1", path]));
        let ended = watch(child, 300);
        (begun.elapsed(), ended.peak.unwrap_or(0))
    };
    let runs = [run(), run(), run()];
    let best = runs.iter().map(|(took, _)| *took).min().unwrap_or(Duration::MAX);
    let size = std::fs::metadata(path).expect("a file").len();
    let speed = u128::from(size) / best.as_millis().max(1);
    (speed, runs.iter().map(|(_, peak)| *peak).max().unwrap_or(0))
}

#[test]
fn lines_that_open_objects_and_never_close_them_are_read_fast_in_little_memory() {
    const HEAD: &str = r#"{"trigger":"call_started","appId":"239414efb0e4882a","region":"eu","webhook":"66f31560d3b226ee3c03d490","#;
    let folder = tempfile::tempdir().expect("a folder");
    let whole = folder.path().join("whole");
    write(&whole, |at| {
        format!(
            "{HEAD}\"data\":{{\"created_at\":{},\"sessionId\":\"s{}\"}},\"type\":\"call\"}}\n",
            1_773_200_000 + at % 500,
            at % 500
        )
    });
    let (due, _) = speed(&whole);
    let escaped = |text: &str| serde_json::json!(text);
    let time = |at: u64| format!("2026-01-01T00:{:02}:{:02}Z", at / 60 % 60, at % 60);
    type Line<'l> = &'l dyn Fn(u64) -> String;
    let lines: [(&str, Line<'_>); 7] = [
        ("one a line", &|_| format!("{HEAD}\"data\":{{\n")),
        ("nested", &|_| format!("{HEAD}\"data\":{{\"call\":{{\"data\":\n")),
        ("indented", &|at| format!("{}{HEAD}\"data\":\n", if at == 0 { "" } else { " " })),
        ("no webhook", &|at| {
            format!("{{\"request\":{{\"number\":\"{at}\",\"path\":\"/hooks\",\"body\":\n")
        }),
        ("log", &|at| format!("{} INFO got {HEAD}\"id\":{at},\"data\":{{\"call\":\n", time(at))),
        ("escaped in a log", &|at| {
            format!("{} INFO {}\n", time(at), escaped(&format!("{HEAD}\"data\":{{\"call\":")))
        }),
        ("records", &|at| {
            format!(
                "{{\"log\":{},\"stream\":\"stdout\",\"time\":\"{}\"}}\n",
                escaped(&format!("{HEAD}\"data\":{{\"call\":\n")),
                time(at)
            )
        }),
    ];
    for (name, line) in lines {
        let open = folder.path().join("open");
        write(&open, line);
        let (found, peak) = speed(&open);
        let ratio = found * 100 / due;
        println!("{name}: {ratio} % of the speed of NDJSON, {peak} KiB");
        assert!(ratio > LEAST, "{name}: {ratio} %");
        assert!(peak < MOST, "{name}: {peak} KiB");
    }
}
