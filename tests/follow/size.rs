//! Calls of many people, and many calls.

use std::io::Read;

use super::*;

/// What came out, how long it took, and the most memory in MiB (which Linux alone tells).
struct Measured {
    rows: String,
    took: Duration,
    peak: u64,
}

fn measure(text: &str) -> Measured {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["follow", "--calls", "--format", "ndjson", "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = child.stdout.take().expect("a pipe");
    let reading = thread::spawn(move || {
        let mut rows = vec![0];
        stdout.read_exact(&mut rows).expect("a row");
        (rows, stdout)
    });
    stdin.write_all(text.as_bytes()).expect("writes");
    let (mut rows, mut stdout) = reading.join().expect("a row");
    let peak = peak(child.id());
    drop(stdin);
    stdout.read_to_end(&mut rows).expect("reads");
    assert!(child.wait().expect("ends").success());
    Measured { rows: String::from_utf8(rows).expect("UTF-8"), took: begun.elapsed(), peak }
}

fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix(" kB"));
    line.and_then(|peak| peak.trim().parse::<u64>().ok()).unwrap_or_default() / 1024
}

fn written(webhooks: impl Iterator<Item = Value>) -> String {
    webhooks.flat_map(|webhook| [webhook.to_string(), "\n".to_owned()]).collect()
}

#[test]
fn a_call_of_40_000_people_takes_less_than_30_seconds_and_300_mib() {
    let names: Vec<String> = (0..40_000).map(|number| format!("Guest {number}")).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let people = (0..).zip(&names).map(|(at, name)| joined("hall", name, at / 100));
    let text = written(people.chain([ended("hall", &all, 0, 4000)]));
    let Measured { rows, took, peak } = measure(&text);
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(rows.len(), 2, "at its end, and at the input's");
    assert!(rows.iter().all(|row| row.contains("\"event_count\":40001")));
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(peak < 300, "{peak} MiB");
}

#[test]
fn ten_thousand_open_calls_take_less_than_20_seconds_and_40_mib() {
    let begun = (0..10_000).flat_map(|call| {
        let session = format!("room-{call}");
        [started(&session, call / 10), joined(&session, "Ida", call / 10)]
    });
    let text = written(begun.chain([ended("last", &["Ole"], 0, 1000)]));
    let Measured { rows, took, peak } = measure(&text);
    assert_eq!(rows.lines().count(), 1 + 10_001);
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert!(peak < 40, "{peak} MiB");
}
