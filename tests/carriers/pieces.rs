//! What a carrier holds does not depend on how its bytes come.

use std::fs;
use std::io::{self, Read};

use callscope::event::{Capture, Detail};
use callscope::finding::SourceId;
use callscope::input::{self, Counts, Reading};

use super::shelf::{Fixture, all};
use super::{judge, same};

/// Gives a line at a time, or as many bytes as `most` where that is less.
struct Lines<'l> {
    bytes: &'l [u8],
    most: usize,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let line = self.bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let most = line.len().min(self.most).min(buffer.len());
        (&mut self.bytes).take(most as u64).read(buffer)
    }
}

/// Each webhook with its place, and each finding.
fn told(reader: impl Read) -> Vec<String> {
    let (mut capture, mut counts) = (Capture::new(Detail::All), Counts::default());
    let reading = Reading::default();
    input::read_text(reader, SourceId(0), false, &reading, &mut capture, &mut counts)
        .expect("memory");
    let deliveries = capture.deliveries.iter().map(|delivery| {
        let (at, name) = (delivery.place.spot(), delivery.what.trigger_name(&capture));
        format!("{name} at {at:?}, received {:?}", delivery.received_at)
    });
    let findings = capture.findings.iter().map(|finding| format!("{finding:?}"));
    deliveries.chain(findings).chain([format!("{counts:?}")]).collect()
}

fn read(fixture: &Fixture) -> Vec<u8> {
    fs::read(&fixture.path).expect("a fixture")
}

#[test]
fn every_carrier_is_read_alike_at_once_and_line_by_line_and_in_small_pieces() {
    judge(&all(), |fixture| {
        let bytes = read(fixture);
        let whole = told(&*bytes);
        same(&told(Lines { bytes: &bytes, most: usize::MAX }), &whole)?;
        same(&told(Lines { bytes: &bytes, most: 7 }), &whole)
    });
}

#[test]
fn every_log_that_is_longer_than_what_is_read_at_a_time_gives_all_its_webhooks() {
    const READ_AT_A_TIME: usize = 256 * 1024;
    let logs: Vec<_> = all()
        .into_iter()
        .filter(|fixture| fixture.path.extension().is_some_and(|end| end == "log"))
        .collect();
    judge(&logs, |fixture| {
        let bytes = read(fixture);
        if fixture.is_utf16() {
            return Ok(());
        }
        let times = READ_AT_A_TIME / bytes.len() + 2;
        let line_end: &[u8] = if bytes.ends_with(b"\n") { b"" } else { b"\n" };
        let long = [&*bytes, line_end].concat().repeat(times);
        let webhooks =
            |told: &[String]| told.iter().filter(|told| told.contains(" at Spot")).count();
        let (once, often) = (webhooks(&told(&*bytes)), webhooks(&told(&*long)));
        same(&[often], &[once * times])
    });
}
