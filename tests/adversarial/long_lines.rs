//! Lines of 100 MB: passed over as they stream, and what follows them is read.

use std::io::{self, Write};

use super::reading::{Reading, read_within};
use super::webhooks::started;

const LENGTH: usize = 100_000_000;

/// Writes `unit` until so many bytes are written.
pub(crate) fn fill(out: &mut dyn Write, unit: &str, length: usize) -> io::Result<()> {
    let piece = unit.repeat((64 << 10) / unit.len() + 1);
    let pieces = length / piece.len();
    (0..pieces).try_for_each(|_| out.write_all(piece.as_bytes()))?;
    let rest = (length - pieces * piece.len()) / unit.len();
    out.write_all(unit.repeat(rest).as_bytes())
}

/// Reads `before`, 100 MB of `unit` and `after` on one line, with a webhook before and behind it.
fn between(before: String, unit: &'static str, after: String) -> Reading {
    read_within(20, move |out| {
        write!(out, "{}\n{before}", started(1))?;
        fill(out, unit, LENGTH)?;
        write!(out, "{after}\n{}\nINFO {}\n", started(2), started(3))
    })
}

fn is_passed_over(unit: &'static str) {
    let read = between(String::new(), unit, String::new());
    assert_eq!(read.figure("events"), 3, "{}", read.told());
    read.counts_what_it_passes_over();
}

#[test]
fn a_100_mb_line_of_braces_is_passed_over_within_20_seconds() {
    is_passed_over("{");
}

#[test]
fn a_100_mb_line_of_braces_and_quotes_is_passed_over_within_20_seconds() {
    is_passed_over("{\"");
}

#[test]
fn a_100_mb_line_of_brackets_is_passed_over_within_20_seconds() {
    is_passed_over("[");
}

#[test]
fn a_100_mb_line_of_braces_and_escaped_quotes_is_passed_over_within_20_seconds() {
    is_passed_over("{\\\"");
}

#[test]
fn a_100_mb_line_of_backslashes_is_passed_over_within_20_seconds() {
    is_passed_over("\\");
}

#[test]
fn a_100_mb_line_of_quotes_is_passed_over_within_20_seconds() {
    is_passed_over("\"");
}

#[test]
fn a_100_mb_line_of_empty_objects_is_passed_over_within_20_seconds() {
    is_passed_over("x{} ");
}

#[test]
fn a_100_mb_line_of_digits_of_base64_is_passed_over_within_20_seconds() {
    is_passed_over("eyJ0cmlnZ2VyIjoi");
}

#[test]
fn a_webhook_at_the_beginning_of_a_100_mb_line_is_read_or_counted_within_20_seconds() {
    let read = between(format!("INFO {} ", started(4)), "lorem ipsum ", String::new());
    assert!(read.figure("events") >= 3, "{}", read.told());
    assert!(read.figure("events") == 4 || read.figure("skipped_lines") > 0, "{}", read.told());
}

#[test]
fn a_webhook_at_the_end_of_a_100_mb_line_is_read_or_counted_within_20_seconds() {
    let read = between("INFO ".into(), "lorem ipsum ", format!(" {}", started(4)));
    assert!(read.figure("events") >= 3, "{}", read.told());
    assert!(read.figure("events") == 4 || read.figure("skipped_lines") > 0, "{}", read.told());
}

#[test]
fn a_100_mb_string_in_a_carrier_is_passed_over_within_20_seconds() {
    let read = between(
        "{\"method\":\"POST\",\"headers\":{},\"body\":\"".into(),
        "{\\\"trigger\\\":5,",
        "\"}".into(),
    );
    read.has("events 3");
    read.counts_what_it_passes_over();
}
