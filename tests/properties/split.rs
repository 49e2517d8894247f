//! Several threads that parse batches of lines report what one thread reports.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot prepare")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::Path;

use callscope::event::{Capture, Detail};
use callscope::finding::Finding;
use callscope::input::{self, Answer, Candidate, KeptAt, Parts, Reading, Sink, Sources, Split};
use callscope::threads::Threads;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use regex::Regex;
use serde_json::value::RawValue;

use super::cases;
use super::dice::{Dice, tape};
use super::soup::{capture, edit, edited, soup};
use super::world::webhooks;
use super::writing::Style;

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

fn agree(bytes: &[u8], batch: u64) {
    for bytes in packed(bytes) {
        agree_as_it_is(&bytes, batch);
    }
}

fn agree_as_it_is(bytes: &[u8], batch: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, bytes).expect("a disk");
    if let Some(differ) = difference(&path, batch) {
        panic!("batches of {batch} of {:?}: {differ:#?}", String::from_utf8_lossy(bytes));
    }
}

/// The first line in which several threads tell something else than one.
fn difference(path: &Path, batch: u64) -> Option<[String; 2]> {
    let threads = Threads::new(NonZeroUsize::new(3).expect("three"));
    let (at_once, in_pieces) = (told(path, Split::NONE), told(path, Split { threads, batch }));
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

/// The JSON values that a text begins with; of an array its elements.
fn values(bytes: &[u8]) -> Vec<String> {
    let values = serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>();
    let values = values.map_while(Result::ok).map(RawValue::get).flat_map(|value| {
        let elements = serde_json::from_str::<Vec<&RawValue>>(value);
        elements.map_or(vec![value.to_owned()], |elements| {
            elements.into_iter().map(|element| element.get().to_owned()).collect()
        })
    });
    values.collect()
}

/// A list that is longer than its elements, over and over.
fn list(elements: &[String], between: &str) -> Vec<u8> {
    let some = elements.iter().cycle().take(elements.len().max(15)).map(String::as_str);
    format!("[{}]", some.collect::<Vec<_>>().join(between)).into_bytes()
}

/// How elements are told from each other.
const BETWEEN: [&str; 3] = [",", ",\n", " ,\n    "];

#[test]
fn every_fixture_is_the_same_in_a_list_however_that_is_split() {
    let lists: Vec<_> = fixtures().iter().map(|bytes| values(bytes)).collect();
    for elements in lists.iter().filter(|elements| !elements.is_empty()) {
        for between in BETWEEN {
            let list = list(elements, between);
            let piece = (list.len() as u64 / 7).max(100);
            agree_as_it_is(&list, piece);
        }
    }
    let all: Vec<String> = lists.into_iter().flatten().collect();
    agree(&list(&all, ","), 50_000);
}

/// Webhooks, in whatever holds one a time.
fn elements(dice: &mut Dice<'_>) -> Vec<String> {
    let (style, escaped) = (Style::any(dice), dice.once_in(2));
    let before = dice.of(&["", "{\"uuid\":1,\"created_at\":\"2026-01-02 09:40:00\",\"content\":"]);
    let texts = webhooks(dice).into_iter().map(|webhook| {
        let text = style.write(&webhook);
        let text = if escaped { serde_json::to_string(&text).expect("a string") } else { text };
        format!("{before}{text}{}", if before.is_empty() { "" } else { "}" })
    });
    texts.collect()
}

/// A document that is too long to be one body, but is mostly blank.
fn long_document(dice: &mut Dice<'_>) -> Vec<u8> {
    const LONGEST: usize = 16 * 1024 * 1024;
    let between = dice.of(&BETWEEN);
    let list = list(&elements(dice), between);
    let damaged = if dice.once_in(3) { list } else { edit(list, dice) };
    let at = dice.below(damaged.len() / 2);
    let at = damaged.iter().skip(at).position(|byte| *byte == b',').map_or(0, |comma| at + comma);
    let (head, tail) = damaged.split_at(at);
    let before =
        dice.of(&["{\"data\":", "{\"log\":{\"version\":\"1.2\",\"pages\":[],\"entries\":"]);
    let blank = vec![dice.of(b" \n"); LONGEST];
    let behind =
        dice.of(&["}", ",\"total\":3}}\n{\"trigger\":\"call_ended\",\"data\":{}}\n", "}}"]);
    [before.as_bytes(), head, &blank, tail, behind.as_bytes()].concat()
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn a_list_is_the_same_list_however_it_is_split(tape in tape(300), between in 0_usize..3, piece in 30_u64..2000) {
        agree(&list(&elements(&mut Dice::new(&tape)), BETWEEN[between]), piece);
    }

    #[test]
    fn a_damaged_list_is_the_same_list_however_it_is_split(tape in tape(300), between in 0_usize..3, piece in 30_u64..2000) {
        let mut dice = Dice::new(&tape);
        let list = list(&elements(&mut dice), BETWEEN[between]);
        agree(&edit(list, &mut dice), piece);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 30, ..cases(8) })]

    #[test]
    fn a_document_longer_than_a_body_is_the_same_however_it_is_split(tape in tape(300), piece in 200_u64..5000) {
        agree_as_it_is(&long_document(&mut Dice::new(&tape)), piece);
    }
}

/// Counts what it was handed, and what others were.
#[derive(Default)]
struct Counting {
    own: u64,
    of_others: u64,
}

impl Sink for Counting {
    fn object(&mut self, _: &Candidate<'_>) -> Answer {
        self.own += 1;
        Answer::Webhook
    }

    fn finding(&mut self, _: Finding) {}
}

impl Parts for Counting {
    fn part(&self) -> Self {
        Self::default()
    }

    fn join(&mut self, part: Self, _: &mut dyn FnMut(KeptAt, u32) -> KeptAt) {
        self.of_others += part.own + part.of_others;
    }
}

#[test]
fn nearly_all_lines_of_a_long_log_are_parsed_by_workers() {
    let body = r#"{"trigger":"call_ended","data":{"a":[{"b":1},{"b":2}]}}"#;
    let record = format!(r#"{{"uuid":"1","created_at":"x","content":{body}}}"#);
    let document = "{\n  \"trigger\": \"call_ended\",\n  \"data\": {}\n}";
    for line in [body, &record, &format!("2026-01-05T09:00:00Z web-1 | {body}"), document] {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), format!("{line}\n").repeat(2000)).expect("a disk");
        let threads = Threads::new(NonZeroUsize::new(2).expect("two"));
        let (mut sources, mut counting) = (Sources::default(), Counting::default());
        sources.add(file.path(), &mut |error| panic!("{error:#}"));
        let (reading, split) = (Reading::default(), Split { threads, batch: 5000 });
        input::read_all(&mut sources, &reading, split, &mut counting, &mut |_, _, end| {
            end.expect("a disk");
        });
        assert_eq!(counting.own + counting.of_others, 2000, "{line}");
        assert!(counting.of_others > 1800 || line == document, "{line}: {}", counting.own);
    }
}
