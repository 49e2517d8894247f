//! Several threads, each with pieces of a file, tell what one tells that reads it at once.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot prepare")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::Path;

use callscope::event::{Capture, Detail};
use callscope::input::{self, Reading, Sources, Split};
use callscope::threads::Threads;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use regex::Regex;

use super::cases;
use super::dice::{Dice, tape};
use super::soup::{capture, edited, soup};

/// All that is known once a file has been read, or a folder's files have.
fn told(path: &Path, split: Split) -> String {
    let mut sources = Sources::default();
    sources.add(path, &mut |error| panic!("{error:#}"));
    let (mut capture, mut told) = (Capture::new(Detail::All), String::new());
    let reading = Reading::default();
    input::read_all(&mut sources, &reading, split, &mut capture, &mut |source, counts, end| {
        writeln!(told, "{counts:?}\n{:?} {end:?}", source.shapes).expect("memory");
    });
    // Entries of rosters that nothing came of may lie between others.
    let numbers = Regex::new(r"roster: \(\d+, \d+\)").expect("an expression");
    for delivery in capture.deliveries.iter() {
        let body =
            sources.body(delivery.place).map(|body| String::from_utf8_lossy(&body).into_owned());
        let session = delivery.session.map(|session| capture.string(session));
        let roster = delivery.what.event().map(|event| event.roster(&capture));
        let delivery = format!("{delivery:?} {roster:?} {session:?} {body:?}");
        writeln!(told, "{}", numbers.replace(&delivery, "")).expect("memory");
    }
    for finding in &capture.findings {
        writeln!(told, "{finding:?}").expect("memory");
    }
    told
}

/// How a capture lies on the disk.
fn packed(bytes: &[u8]) -> [Vec<u8>; 3] {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).expect("memory");
    let gzip = gzip.finish().expect("memory");
    // Packed data may be cut, and its text end anywhere.
    let cut = gzip[..gzip.len() - gzip.len().min(bytes.len() / 7 + 3)].to_vec();
    [bytes.to_vec(), gzip, cut]
}

fn agree(bytes: &[u8], piece: u64) {
    for bytes in packed(bytes) {
        agree_as_it_is(&bytes, piece);
    }
}

fn agree_as_it_is(bytes: &[u8], piece: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, bytes).expect("a disk");
    if let Some(differ) = difference(&path, piece) {
        panic!("pieces of {piece} of {:?}: {differ:#?}", String::from_utf8_lossy(bytes));
    }
}

/// The first line in which several threads tell something else than one.
fn difference(path: &Path, piece: u64) -> Option<[String; 2]> {
    let threads = Threads::new(NonZeroUsize::new(3).expect("three"));
    let (at_once, in_pieces) = (told(path, Split::NONE), told(path, Split { threads, piece }));
    let (mut one, mut other) = (at_once.lines(), in_pieces.lines());
    (at_once != in_pieces).then(|| {
        loop {
            let lines = [one.next(), other.next()].map(|line| line.unwrap_or_default().to_owned());
            if lines[0] != lines[1] {
                break lines;
            }
        }
    })
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn a_capture_is_the_same_capture_however_it_is_split(tape in tape(300), piece in 30_u64..2000) {
        agree(&capture(&mut Dice::new(&tape)), piece);
    }

    #[test]
    fn a_damaged_capture_is_the_same_capture_however_it_is_split(tape in tape(300), piece in 30_u64..2000) {
        agree(&edited(&mut Dice::new(&tape)), piece);
    }

    #[test]
    fn soup_is_the_same_soup_however_it_is_split(tape in tape(200), piece in 5_u64..200) {
        agree(&soup(&mut Dice::new(&tape), tape.len()), piece);
    }
}

/// Every fixture there is: samples, carriers, rules, whatever else is no program.
fn fixtures() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("samples"), root.join("tests")];
    let mut all = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.ends_with("tests/fuzz") {
                // What the fuzzers have made is not ours.
            } else if path.is_dir() {
                folders.push(path);
            } else if path.metadata().expect("a file").len() < 200_000 {
                all.push(fs::read(&path).expect("a file"));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn every_fixture_is_the_same_however_it_is_split() {
    let all = fixtures();
    for bytes in &all {
        agree(bytes, 400);
        for piece in [50, 3000] {
            agree_as_it_is(bytes, piece);
        }
    }
    // All of them one behind another are a capture too.
    let whole = all.join(&b'\n');
    for piece in [2000, 50_000] {
        agree(&whole, piece);
    }
}

#[test]
fn many_files_are_the_same_in_whatever_groups_they_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for (nth, bytes) in fixtures().iter().enumerate() {
        let [plain, packed, cut] = packed(bytes);
        let (name, bytes) = match nth % 7 {
            0 => ("log.gz", packed),
            1 => ("json.gz", cut),
            _ => ("json", plain),
        };
        fs::write(folder.path().join(format!("{nth:04}.{name}")), bytes).expect("a disk");
    }
    for piece in [8000, 40_000, 400_000, 4_000_000] {
        assert_eq!(difference(folder.path(), piece), None, "pieces of {piece}");
    }
}
