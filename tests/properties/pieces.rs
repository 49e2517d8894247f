//! A pipe and a file of the same bytes give the same result.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::cases;
use super::dice::{Dice, tape};
use super::reading::{read, read_in_pieces};
use super::soup::{capture, edited, soup};

const MIB: usize = 1024 * 1024;

fn agree(bytes: &[u8], sizes: &[usize]) {
    assert_eq!(read_in_pieces(bytes, sizes).told(), read(bytes).told());
}

/// `length` bytes of something that has no end of its own.
fn padding(kind: usize, length: usize) -> Vec<u8> {
    let (open, fill, close) = [
        ("", " ", ""),
        ("", "text ", "\n"),
        ("{\"long\":\"", "é\\\\\\\"{", "\"}\n"),
        ("{\"long\":[", "1,", "1]}"),
        ("[", "1", "]\n"),
        ("[{\"a\":\"", "x", ""),
        ("{\"trigger\":\"x\",\"data\":{\"t\":\"", "{\\\"trigger\\\":\\\"y\\\",", "\"}}"),
        ("{\"x\":", "\n", ""),
        ("{", "\r\n", "\"a\":1}"),
        ("", "{\"trigger\":\"message_sent\",\"data\":{\"a\":[{}]}}\n", ""),
        ("[", "{\"trigger\":\"message_sent\",\"data\":{\"a\":[{}]}},", "{}]"),
    ][kind];
    let mut bytes = open.as_bytes().to_vec();
    bytes.extend(fill.bytes().cycle().take(length / fill.len() * fill.len()));
    bytes.extend_from_slice(close.as_bytes());
    bytes
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_capture_in_pieces_is_the_same_capture(tape in tape(200), sizes in vec(1_usize..90, 1..5)) {
        agree(&capture(&mut Dice::new(&tape)), &sizes);
    }

    #[test]
    fn a_damaged_capture_in_pieces_is_the_same_capture(tape in tape(200), sizes in vec(1_usize..40, 1..5)) {
        agree(&edited(&mut Dice::new(&tape)), &sizes);
    }

    #[test]
    fn soup_in_pieces_is_the_same_soup(tape in tape(60), sizes in vec(1_usize..9, 1..5)) {
        agree(&soup(&mut Dice::new(&tape), tape.len()), &sizes);
    }
}

proptest! {
    // Each try reads megabytes, so that shrinking for long would outlast anybody's patience.
    #![proptest_config(Config { max_shrink_iters: 30, ..cases(8) })]

    #[test]
    fn a_capture_longer_than_the_window_in_pieces_is_the_same_capture(
        head in tape(100),
        tail in tape(100),
        kind in 0_usize..11,
        near in prop::sample::select(vec![256 * 1024, 512 * 1024, MIB, MIB + 256 * 1024]),
        beyond in 0_usize..200,
        sizes in vec(50_000_usize..400_000, 1..4),
    ) {
        let mut bytes = edited(&mut Dice::new(&head));
        bytes.extend(padding(kind, near + beyond - 100));
        bytes.extend(edited(&mut Dice::new(&tail)));
        bytes.extend(capture(&mut Dice::new(&head)));
        agree(&bytes, &sizes);
    }
}
