//! A second reading gives what the first one gave, or says that it changed.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot prepare")]

use std::fs;

use callscope::event::{Capture, Detail};
use callscope::input::{self, BodyReader, Counts, Reading, Sources, Split, Unreadable};
use proptest::collection::vec;
use proptest::prelude::*;
use tempfile::NamedTempFile;

use super::cases;
use super::dice::{Dice, tape};
use super::soup::edited;

/// A file that was read.
struct ReadFile {
    file: NamedTempFile,
    sources: Sources,
    capture: Capture,
}

impl ReadFile {
    fn new(bytes: &[u8]) -> Self {
        let file = NamedTempFile::new().expect("a file");
        fs::write(file.path(), bytes).expect("a disk");
        let mut sources = Sources::default();
        sources.add(file.path(), &mut |error| panic!("{error:#}"));
        let (mut capture, mut counts) = (Capture::new(Detail::Unknown), Counts::default());
        let id = sources.ids().next().expect("a source");
        let (reading, split) = (Reading::default(), Split::NONE);
        input::read(&mut sources, id, &reading, split, &mut capture, &mut counts).expect("a disk");
        Self { file, sources, capture }
    }

    /// All bodies and excerpts; `None` for a body that changed.
    fn read_again(&self) -> (Vec<Option<String>>, Vec<String>) {
        let mut bodies = BodyReader::new(&self.sources);
        let mut excerpts = Vec::new();
        for finding in &self.capture.findings {
            let place = finding.delivery.map(|delivery| self.capture.place(delivery));
            excerpts.push(format!("{:?}", bodies.excerpt(finding, place)));
        }
        let body = |place| match bodies.body(place) {
            Ok(body) => Some(body.to_owned()),
            Err(Unreadable::Changed) => None,
            Err(Unreadable::Failed(error)) => panic!("{error}"),
        };
        let places = self.capture.deliveries.iter().map(|delivery| delivery.place);
        (places.map(body).collect(), excerpts)
    }
}

/// The same text in UTF-16, with its byte order mark.
fn wide(bytes: &[u8], big: bool) -> Vec<u8> {
    let swap = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    let text = String::from_utf8_lossy(bytes);
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(swap).collect()
}

fn holds(first: &[u8], second: &[u8]) -> Result<(), TestCaseError> {
    let read = ReadFile::new(first);
    let original = read.read_again();
    prop_assert_eq!(read.sources.changed(), 0, "a false alarm");
    prop_assert!(original.0.iter().all(Option::is_some));
    fs::write(read.file.path(), second).expect("a disk");
    let (bodies, excerpts) = read.read_again();
    for (body, original) in bodies.iter().zip(&original.0) {
        prop_assert!(body.is_none() || body == original, "another body");
    }
    for (excerpt, original) in excerpts.iter().zip(&original.1) {
        prop_assert!(excerpt == "None" || excerpt == original, "{} for {}", excerpt, original);
    }
    fs::write(read.file.path(), first).expect("a disk");
    prop_assert_eq!(read.read_again(), original);
    Ok(())
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn only_what_was_read_first_is_read_again(first in tape(250), second in tape(250), encoding in 0..3_u8) {
        let texts = [first, second].map(|tape| edited(&mut Dice::new(&tape)));
        let [first, second] = texts.map(|text| match encoding {
            0 => text,
            big => wide(&text, big == 1),
        });
        holds(&first, &second)?;
    }

    #[test]
    fn bytes_changed_anywhere_never_show(tape in tape(250), changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let first = edited(&mut Dice::new(&tape));
        let mut second = first.clone();
        for (at, byte) in changes {
            if !second.is_empty() {
                let at = at.index(second.len());
                second[at] = byte;
            }
        }
        holds(&first, &second)?;
    }
}
