//! Any bytes are read or counted, and soon.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::cases;
use super::dice::{Dice, tape};
use super::soup::{edited, soup};
use super::{counts, places, reading};

/// Far more than any of these captures takes, even in a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(10);

fn holds(bytes: &[u8]) {
    let reading = reading::read(bytes);
    assert!(reading.took < SOON, "{} bytes took {:?}", bytes.len(), reading.took);
    counts::check(&reading);
    // The bytes of UTF-16 are not those that the sink gets.
    if !bytes.starts_with(b"\xFF\xFE") && !bytes.starts_with(b"\xFE\xFF") {
        places::check(bytes, &reading);
    }
    let blank = bytes.trim_ascii().is_empty() || bytes.trim_ascii() == b"\xEF\xBB\xBF";
    let counted = reading.counts.documents + reading.counts.damaged + reading.counts.skipped_lines;
    assert!(blank || counted > 0, "what is there is counted");
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_bytes_are_read_or_counted(bytes in vec(any::<u8>(), 0..200)) {
        holds(&bytes);
    }

    #[test]
    fn any_tokens_are_read_or_counted(tape in tape(60)) {
        let bytes = soup(&mut Dice::new(&tape), tape.len());
        holds(&bytes);
    }

    #[test]
    fn an_edited_capture_is_read_or_counted(tape in tape(250)) {
        let bytes = edited(&mut Dice::new(&tape));
        holds(&bytes);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_long_capture_of_the_same_again_and_again_is_read_soon(tape in tape(7), once in tape(3)) {
        let mut bytes = soup(&mut Dice::new(&once), once.len());
        let piece = soup(&mut Dice::new(&tape), tape.len());
        if !piece.is_empty() {
            while bytes.len() < 30_000 {
                bytes.extend_from_slice(&piece);
            }
        }
        let took = reading::read(&bytes).took;
        // A pass over these bytes for each of them would take minutes.
        prop_assert!(took < Duration::from_secs(2), "{} bytes of {:?} took {:?}", bytes.len(), String::from_utf8_lossy(&piece), took);
    }
}
