//! Archives with one damaged bit or one cut, and whether every way of reading them gives the same.

use std::fs::{self, File};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use callscope::event::{Capture, Detail};
use callscope::input::{self, Reading, Sources, Split};
use callscope::threads::Threads;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// How many archives the whole set has.
pub(crate) const COUNT: usize = 500;

/// An archive that is damaged, or a whole one where the bit that was changed does not matter.
pub(crate) struct Archive {
    pub(crate) bytes: Vec<u8>,
    /// What was done to it.
    pub(crate) title: String,
}

/// What one way of reading an archive gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Each webhook: place and body, or its row.
    pub(crate) webhooks: Vec<String>,
    /// The J findings, equal ones merged: `follow` prints each by itself.
    pub(crate) findings: Vec<JFinding>,
    /// Bytes that the text has before the damage; `None` where the archive is whole.
    pub(crate) damage_at: Option<u64>,
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text).expect("memory");
    packed.finish().expect("memory")
}

/// With a checksum, as the `zstd` command writes it.
pub(crate) fn zstd(text: &[u8]) -> Vec<u8> {
    let mut packed = ::zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
    packed.include_checksum(true).expect("a setting");
    packed.write_all(text).expect("memory");
    packed.finish().expect("memory")
}

/// The text in members of `length` bytes.
fn members(text: &[u8], length: usize, pack: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    text.chunks(length).flat_map(pack).collect()
}

/// A capture with damage and other text of its own, longer than a Zstandard block.
pub(crate) fn text() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let names = ["answered", "damaged", "duplicates", "lost", "busy", "shuffled"];
    let one: Vec<u8> = names
        .iter()
        .flat_map(|name| fs::read(folder.join(format!("{name}.ndjson"))).unwrap_or_default())
        .collect();
    assert!(one.len() > 10_000, "the samples are there");
    // Each time in other seconds, so that it does not pack to nothing.
    let mut random = fastrand::Rng::with_seed(3);
    let mut all = Vec::new();
    while all.len() < 140_000 {
        let digits = |byte: &u8| if *byte == b'7' { random.u8(b'0'..=b'9') } else { *byte };
        all.extend(one.iter().map(digits));
    }
    all
}

/// The archives of the set with these numbers, always the same.
pub(crate) fn archives(numbers: impl Iterator<Item = usize>) -> impl Iterator<Item = Archive> {
    let text = text();
    let kinds = [
        ("a gzip member", gzip(&text)),
        ("gzip members", members(&text, 30_011, gzip)),
        ("gzip members and zeros", {
            let two = text.split_at(text.len() / 3);
            [gzip(two.0), vec![0; 512], gzip(two.1), vec![0; 1024]].concat()
        }),
        ("a Zstandard frame", zstd(&text)),
        ("Zstandard frames", members(&text, 30_011, zstd)),
    ];
    numbers.map(move |number| {
        let (name, whole) = &kinds[number % kinds.len()];
        let mut random = fastrand::Rng::with_seed(number as u64);
        let mut bytes = whole.clone();
        let at = random.usize(..bytes.len());
        let what = if random.bool() {
            bytes.truncate(at);
            "cut"
        } else {
            bytes[at] ^= 1 << random.u8(..8);
            "changed"
        };
        Archive { bytes, title: format!("archive {number}: {name}, {what} at byte {at}") }
    })
}

/// What is wrong with a text, and how often.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct JFinding {
    /// Rule and message.
    pub(crate) text: String,
    /// Line, column and byte of the first.
    place: [u64; 3],
    count: u64,
}

/// A folder with one file, which holds one archive after another.
pub(crate) struct Shelf {
    _folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { path: folder.path().join("capture"), _folder: folder }
    }

    pub(crate) fn put(&self, bytes: &[u8]) {
        fs::write(&self.path, bytes).expect("a file");
    }

    /// Every way of reading the archive gives the same, which is returned.
    pub(crate) fn agreed(&self, archive: &Archive) -> Found {
        self.put(&archive.bytes);
        let title = &archive.title;
        let one = self.read(1);
        for threads in [2, 7] {
            assert!(self.read(threads) == one, "{title}: {threads} threads read something else");
        }
        let stdin = self.followed();
        assert_eq!(stdin.findings, one.findings, "{title}: `follow` found something else");
        assert!(stdin.webhooks == self.events(), "{title}: `follow` has other events");
        assert_eq!(stdin.webhooks.len(), one.webhooks.len(), "{title}");
        let damages = one.findings.iter().filter(|finding| is_archive_damage(finding)).count();
        assert_eq!(damages, usize::from(one.damage_at.is_some()), "{title}: one finding of damage");
        one
    }

    /// What so many threads read, each in short pieces.
    pub(crate) fn read(&self, threads: usize) -> Found {
        let threads = Threads::new(NonZeroUsize::new(threads).expect("not 0"));
        let split =
            if threads.are_several() { Split { threads, batch: 7000 } } else { Split::NONE };
        let mut sources = Sources::default();
        sources.add(&self.path, &mut |error| panic!("{error:#}"));
        let mut capture = Capture::new(Detail::All);
        let mut report = |_: &_, _, end: std::io::Result<()>| end.expect("reads");
        input::read_all(&mut sources, &Reading::default(), split, &mut capture, &mut report);
        let webhooks = capture.deliveries.iter().map(|delivery| {
            let body = sources.body(delivery.place).expect("it is there again");
            let place = delivery.place;
            format!(
                "{}:{} {} {}",
                place.line,
                place.col,
                place.byte_offset,
                String::from_utf8_lossy(&body)
            )
        });
        let webhooks = webhooks.collect();
        let mut found = Found { webhooks, ..Found::default() };
        for finding in capture.findings.iter().filter(|finding| finding.rule.code.starts_with('J'))
        {
            let spot = finding.spot;
            let place = [spot.line, spot.col, spot.byte_offset];
            found.add(finding.rule.code, place, &finding.message, finding.count);
        }
        found
    }

    /// The rows of `events`.
    pub(crate) fn events(&self) -> Vec<String> {
        Found::of_rows(self.run(&["events", "-q", "--format", "ndjson"], true)).webhooks
    }

    /// What `follow` prints of the same bytes from stdin.
    fn followed(&self) -> Found {
        Found::of_rows(self.run(&["follow", "-q", "--events", "--format", "ndjson"], false))
    }

    fn run(&self, arguments: &[&str], by_name: bool) -> Vec<Value> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
        command.args(arguments).stderr(Stdio::inherit());
        if by_name {
            command.arg(&self.path);
        } else {
            command.stdin(File::open(&self.path).expect("the file"));
        }
        let output = command.output().expect("callscope starts");
        let rows = String::from_utf8(output.stdout).expect("UTF-8");
        rows.lines().map(|row| serde_json::from_str(row).expect("a row")).collect()
    }
}

impl Found {
    fn of_rows(rows: impl IntoIterator<Item = Value>) -> Self {
        let mut found = Self::default();
        for mut row in rows {
            if row["rule"].is_string() {
                let number = |key: &str| row[key].as_u64().expect("a number");
                let place = ["line", "col", "byte_offset"].map(number);
                let word = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
                found.add(&word("rule"), place, &word("message"), number("count"));
                continue;
            }
            // `follow` names what it reads otherwise, and knows less of other events.
            let keys = ["line", "col", "byte_offset", "trigger", "at", "session_id", "webhook"];
            let members = row.as_object_mut().expect("an object");
            let webhook = keys.map(|key| format!("{:?}", members.remove(key)));
            found.webhooks.push(webhook.join(" "));
        }
        found
    }

    fn add(&mut self, rule: &str, place: [u64; 3], message: &str, count: u64) {
        let finding = JFinding { text: format!("{rule} {message}"), place, count };
        if is_archive_damage(&finding) {
            self.damage_at = Some(place[2]);
        }
        match self.findings.iter_mut().find(|known| known.text == finding.text) {
            Some(known) => known.count += count,
            None => self.findings.push(finding),
        }
    }
}

fn is_archive_damage(finding: &JFinding) -> bool {
    finding.text.starts_with("J002") && finding.text.ends_with(" left")
}
