//! Several threads, each with pieces of a file, tell what one tells that reads it at once.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot prepare")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::Path;

use callscope::event::{Capture, Detail};
use callscope::input::{self, Counts, Reading, Sources, Split};
use callscope::threads::Threads;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use regex::Regex;

use super::cases;
use super::dice::{Dice, tape};
use super::soup::{capture, edited, soup};

/// All that is known once a file has been read.
fn told(path: &Path, split: Split) -> String {
    let mut sources = Sources::default();
    sources.add(path, &mut |error| panic!("{error:#}"));
    let (mut capture, mut counts) = (Capture::new(Detail::All), Counts::default());
    let id = sources.ids().next().expect("a source");
    let reading = Reading::default();
    input::read(&mut sources, id, &reading, split, &mut capture, &mut counts).expect("a disk");
    let mut told = format!("{counts:?}\n{:?}\n", sources.source(id).shapes);
    // Entries of rosters that nothing came of may lie between others.
    let numbers = Regex::new(r"roster: \(\d+, \d+\)").expect("an expression");
    for delivery in &capture.deliveries {
        let body =
            sources.body(delivery.place).map(|body| String::from_utf8_lossy(&body).into_owned());
        let session = delivery.session.map(|session| capture.string(session));
        let roster = delivery.event().map(|event| event.roster(&capture));
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
    let threads = Threads::new(NonZeroUsize::new(3).expect("three"));
    let (at_once, in_pieces) = (told(&path, Split::NONE), told(&path, Split { threads, piece }));
    if at_once != in_pieces {
        let differ = at_once.lines().zip(in_pieces.lines()).find(|(one, other)| one != other);
        panic!("pieces of {piece} of {:?}: {differ:#?}", String::from_utf8_lossy(bytes));
    }
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
#[test]
fn every_fixture_is_the_same_however_it_is_split() {
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
    for bytes in &all {
        for piece in [50, 400, 3000] {
            agree(bytes, piece);
        }
    }
    // All of them one behind another are a capture too.
    let whole = all.join(&b'\n');
    for piece in [2000, 50_000] {
        agree(&whole, piece);
    }
}
