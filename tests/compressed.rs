//! Compressed captures: what they hold is what the plain capture holds, and damage costs only what
//! is behind it.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot prepare")]

#[path = "archives/damage.rs"]
mod damage;
#[path = "archives/set.rs"]
mod set;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

const SAMPLES: [&str; 4] = ["answered", "damaged", "duplicates", "lost"];

fn sample(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("samples/{name}.ndjson"));
    fs::read(path).expect("a sample")
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text).expect("memory");
    packed.finish().expect("memory")
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 3).expect("memory")
}

/// Runs the program with `bytes` as a file or on stdin.
fn run(arguments: &[&str], bytes: &[u8], piped: bool) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, bytes).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(arguments).stderr(Stdio::piped());
    if piped {
        command.stdin(fs::File::open(&path).expect("the file")).arg("-");
    } else {
        command.arg(&path);
    }
    command.output().expect("callscope starts")
}

/// What it prints with the source's name left out.
fn printed(arguments: &[&str], bytes: &[u8], piped: bool) -> String {
    let output = run(arguments, bytes, piped);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let documents = text.lines().map(|line| {
        let mut row: Value = serde_json::from_str(line).expect("a row");
        strip(&mut row);
        row.to_string() + "\n"
    });
    documents.collect()
}

/// Takes the name of the source out of a row, wherever it stands.
fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("source");
            if let Some(Value::String(message)) = members.get_mut("message") {
                message.truncate(message.find("; see").unwrap_or(message.len()));
            }
            members.values_mut().for_each(strip);
        }
        Value::Array(elements) => elements.iter_mut().for_each(strip),
        _ => {}
    }
}

fn findings(bytes: &[u8], more: &[&str]) -> Vec<Value> {
    let arguments = [&["check", "-q", "--format", "ndjson", "--select", "J"], more].concat();
    let output = run(&arguments, bytes, false);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a finding")).collect()
}

#[test]
fn a_packed_capture_is_read_as_the_plain_one_from_a_file_and_from_stdin() {
    let commands: [&[&str]; 3] = [
        &["timeline", "-q", "--format", "ndjson"],
        &["events", "-q", "--format", "ndjson"],
        &["check", "-q", "--format", "ndjson"],
    ];
    for name in SAMPLES {
        let plain = sample(name);
        let (half, rest) = plain.split_at(plain.len() / 2);
        let packings = [
            gzip(&plain),
            [gzip(half), gzip(rest)].concat(),
            zstd(&plain),
            [zstd(half), zstd(rest)].concat(),
        ];
        for command in commands {
            let expected = printed(command, &plain, false);
            for (at, packed) in packings.iter().enumerate() {
                for piped in [false, true] {
                    let found = printed(command, packed, piped);
                    assert_eq!(found, expected, "{name} {command:?} packing {at} piped {piped}");
                }
            }
        }
    }
}

#[test]
fn an_excerpt_of_a_packed_capture_stands_above_its_caret() {
    let output = run(&["check", "-q", "--select", "S"], &gzip(&sample("lenient")), false);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("\"id\":8812") && text.contains("^^^^"), "{text}");
}

#[test]
fn what_stands_before_damage_in_packed_data_is_read_and_the_damage_told_once() {
    let plain = sample("answered");
    for packed in [gzip(&plain), zstd(&plain)] {
        for cut in (20..packed.len()).step_by(61) {
            let found = findings(&packed[..cut], &["--allow-empty"]);
            let codes: Vec<_> = found.iter().map(|finding| finding["rule"].clone()).collect();
            assert_eq!(codes, ["J002"], "cut at {cut} of {}", packed.len());
        }
        let mut broken = packed.clone();
        let middle = broken.len() / 2;
        broken[middle..middle + 8].fill(0xA5);
        let found = findings(&broken, &["--allow-empty"]);
        // Zstandard has no checksum unless asked for; then what comes out is no JSON.
        assert!(!found.is_empty());
        let checked = packed[0] == 0x28 || found.iter().any(|finding| finding["rule"] == "J002");
        assert!(checked, "{found:?}");
    }
    let mut trailing = gzip(&plain);
    trailing.extend(b"not gzip");
    assert_eq!(findings(&trailing, &[]).len(), 1);
    let rows = printed(&["events", "-q", "--format", "ndjson"], &trailing, false);
    assert_eq!(rows.lines().count(), String::from_utf8_lossy(&plain).lines().count());
}

#[test]
fn damage_is_counted() {
    let packed = gzip(&sample("answered"));
    let output = run(&["calls", "--json"], &packed[..packed.len() - 30], false);
    let document: Value = serde_json::from_slice(&output.stdout).expect("a document");
    assert_eq!(document["summary"]["damaged"], 1);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_bomb_expands_no_further_than_it_may() {
    let mut bomb = sample("answered");
    let whole = bomb.len().to_string();
    assert_eq!(findings(&gzip(&bomb), &["--max-expanded", &whole]), [] as [Value; 0]);
    bomb.extend(vec![b' '; 3_000_000]);
    for packed in [gzip(&bomb), zstd(&bomb)] {
        let found = findings(&packed, &["--max-expanded", "1MB"]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (&found[0]["rule"], &found[0]["byte_offset"]),
            (&"J005".into(), &1_000_000.into())
        );
        assert_eq!(findings(&packed, &[]), [] as [Value; 0]);
    }
}

#[test]
fn a_window_that_takes_more_memory_than_it_may_is_told() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("an encoder");
    encoder.window_log(28).expect("a window");
    encoder.include_contentsize(false).expect("a setting");
    encoder.write_all(&sample("answered")).expect("memory");
    let packed = encoder.finish().expect("memory");
    let found = findings(&packed, &["--allow-empty"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["rule"], "J002");
}

#[test]
fn a_folder_stands_for_packed_captures_too() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in [
        ("a.ndjson.gz", gzip(&sample("answered"))),
        ("b.json.zst", zstd(&sample("busy"))),
        ("c.gz", gzip(&sample("rejected"))),
        ("d.tar.gz", gzip(b"no capture")),
    ] {
        fs::write(folder.path().join(name), bytes).expect("a file");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    let output = command.args(["calls", "--json"]).arg(folder.path()).output().expect("starts");
    let document: Value = serde_json::from_slice(&output.stdout).expect("a document");
    assert_eq!(document["summary"]["sources"], 2);
    assert_eq!(document["summary"]["calls"], 2);
}

/// What `check` prints of a folder of so many files, with at most `open` files open at once.
#[cfg(unix)]
fn checked(many: usize, open: usize, name: &str, pack: fn(&[u8]) -> Vec<u8>) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    for nth in 0..many {
        let text = String::from_utf8(sample("answered")).expect("UTF-8");
        // A field that no table has, after the first line: told with its line and a caret.
        let text = text.replacen("\n{", &format!("\n{{\"extra\":{nth},"), 1);
        let path = folder.path().join(format!("{nth:03}.{name}"));
        fs::write(path, pack(text.as_bytes())).expect("a file");
    }
    let check = format!("ulimit -n {open}; exec \"$0\" check --color never --select S006 .");
    let mut command = Command::new("sh");
    command.current_dir(folder.path());
    let output = command.args(["-c", &check, env!("CARGO_BIN_EXE_callscope")]).output();
    let output = output.expect("starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").replace(&format!(".{name}"), "")
}

#[cfg(unix)]
#[test]
fn more_packed_files_than_may_be_open_are_read_and_shown_as_plain_ones_are() {
    let plain = checked(300, 120, "ndjson", <[u8]>::to_vec);
    assert_eq!(plain.matches("S006").count(), 300);
    assert_eq!(plain.matches("\"extra\":").count(), 300, "each line is shown");
    assert_eq!(checked(300, 120, "ndjson.gz", gzip), plain);
}
