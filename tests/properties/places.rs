//! Every webhook stands where its place says.

use callscope::input::Place;
use proptest::prelude::*;

use super::cases;
use super::dice::{Dice, tape};
use super::reading::{Reading, read};
use super::soup::capture;

/// Checks all places of a capture in UTF-8.
pub(crate) fn check(bytes: &[u8], reading: &Reading) {
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let mut end = mark;
    for (place, text) in &reading.taken {
        let (from, to) = span(*place);
        if place.kept.is_some() {
            // It was taken out of a string, or lines: there it stands.
            assert!(end <= from && from < bytes.len(), "it stands behind what was before it");
            continue;
        }
        assert!(end <= from, "the spans are in order and do not overlap");
        assert_eq!(bytes.get(from..to), Some(text.as_bytes()), "the span is the body");
        end = to;
        let before = &bytes[mark..from];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = before.split(|byte| *byte == b'\n').count() as u64;
        assert_eq!(place.spot().line, line);
        if let Ok(head) = std::str::from_utf8(&before[line_start..]) {
            assert_eq!(place.spot().col, 1 + head.chars().count() as u64);
        }
    }
    for finding in &reading.capture.findings {
        assert!(finding.spot.byte_offset <= bytes.len() as u64, "{finding:?}");
    }
}

fn span(place: Place) -> (usize, usize) {
    let from = usize::try_from(place.spot().byte_offset).unwrap_or(usize::MAX);
    (from, from + place.length as usize)
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_webhook_stands_where_its_place_says(tape in tape(300)) {
        let bytes = capture(&mut Dice::new(&tape));
        check(&bytes, &read(&bytes));
    }

    #[test]
    fn a_webhook_behind_byte_order_marks_stands_where_its_place_says(tape in tape(300)) {
        let text = marked(&tape);
        check(text.as_bytes(), &read(text.as_bytes()));
    }

    #[test]
    fn a_webhook_in_utf_16_stands_where_its_place_says(tape in tape(200), big in any::<bool>()) {
        let bytes = capture(&mut Dice::new(&tape));
        let text = String::from_utf8(bytes).expect("written in UTF-8");
        same_in_utf_16(text.trim_start_matches('\u{feff}'), big);
    }

    #[test]
    fn a_webhook_behind_marks_in_utf_16_stands_where_its_place_says(tape in tape(200), big in any::<bool>()) {
        same_in_utf_16(&marked(&tape), big);
    }
}

/// A capture with byte order marks at its head, at the heads of lines and anywhere.
fn marked(tape: &[u16]) -> String {
    let (places, rest) = tape.split_at(tape.len() / 4);
    let text = capture(&mut Dice::new(rest));
    let mut text = String::from_utf8_lossy(&text).into_owned();
    let mut dice = Dice::new(places);
    for _ in 0..dice.below(10) {
        let roll = dice.below(text.len() + 1);
        let before = text.get(..roll).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let at = if dice.once_in(3) { before.len() } else { line };
        text.insert(at, '\u{feff}');
    }
    text
}

/// A text is the same capture with the same places in UTF-8 and in UTF-16.
fn same_in_utf_16(text: &str, big: bool) {
    let swap = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    let wide: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(swap).collect();
    let narrow = read(format!("\u{feff}{text}").as_bytes());
    let wide_reading = read(&wide);
    assert_eq!(narrow.counts, wide_reading.counts);
    assert_eq!(narrow.texts(), wide_reading.texts());
    for ((one, body), (other, _)) in narrow.taken.iter().zip(&wide_reading.taken) {
        assert_eq!((one.spot().line, one.spot().col), (other.spot().line, other.spot().col));
        assert_eq!(one.kept.is_some(), other.kept.is_some());
        if one.kept.is_some() {
            continue;
        }
        let (at, _) = span(*other);
        let expected: Vec<u8> = body.encode_utf16().flat_map(swap).collect();
        assert_eq!(wide.get(at..at + expected.len()), Some(&expected[..]));
    }
    for (one, other) in narrow.capture.findings.iter().zip(&wide_reading.capture.findings) {
        assert_eq!((one.spot.line, one.spot.col), (other.spot.line, other.spot.col), "{one:?}");
    }
}
