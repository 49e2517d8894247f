//! Captures read as the program reads them, with all that the laws look at.

use std::io;
use std::time::{Duration, Instant};

use callscope::event::{Capture, Detail};
use callscope::finding::{Finding, SourceId};
use callscope::flow::{Limits, Reconstruction};
use callscope::input::{self, Answer, Candidate, Counts, Place, Sink};
use callscope::view::summary::Summary;
use serde_json::Value;

/// What one or more sources held.
pub(crate) struct Reading {
    pub(crate) capture: Capture,
    pub(crate) counts: Counts,
    /// Each webhook as the sink got it.
    pub(crate) taken: Vec<(Place, String)>,
    pub(crate) took: Duration,
    sources: Vec<Vec<u8>>,
}

/// Passes everything on to a capture and notes what it takes.
struct Spy {
    capture: Capture,
    taken: Vec<(Place, String)>,
}

impl Sink for Spy {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        let answer = self.capture.object(candidate);
        if matches!(answer, Answer::Webhook) {
            self.taken.push((candidate.place(), candidate.text.to_owned()));
        }
        answer
    }

    fn finding(&mut self, finding: Finding) {
        self.capture.finding(finding);
    }
}

/// Reads one source.
pub(crate) fn read(bytes: &[u8]) -> Reading {
    read_all(&[bytes.to_vec()], Detail::All)
}

/// Reads several sources one after another.
pub(crate) fn read_all(sources: &[Vec<u8>], detail: Detail) -> Reading {
    read_with(sources, detail, |bytes| bytes)
}

/// Reads one source that comes in pieces of `sizes`, over and over.
pub(crate) fn read_in_pieces(bytes: &[u8], sizes: &[usize]) -> Reading {
    read_with(&[bytes.to_vec()], Detail::All, |bytes| Pieces { bytes, sizes, turn: 0 })
}

fn read_with<'s, R: io::Read + 's>(
    sources: &'s [Vec<u8>],
    detail: Detail,
    reader: impl Fn(&'s [u8]) -> R,
) -> Reading {
    let mut spy = Spy { capture: Capture::new(detail), taken: Vec::new() };
    let mut counts = Counts::default();
    let start = Instant::now();
    for (id, bytes) in (0..).zip(sources) {
        let read = input::read_text(
            reader(bytes),
            SourceId(id),
            false,
            &input::Reading::default(),
            &mut spy,
            &mut counts,
        );
        assert!(read.is_ok(), "memory can always be read");
    }
    Reading {
        capture: spy.capture,
        counts,
        taken: spy.taken,
        took: start.elapsed(),
        sources: sources.to_vec(),
    }
}

/// A pipe: gives what it likes, and is interrupted now and then.
struct Pieces<'p> {
    bytes: &'p [u8],
    sizes: &'p [usize],
    turn: usize,
}

impl io::Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        match self.sizes.get(self.turn % (self.sizes.len() + 1)) {
            None if self.turn.is_multiple_of(5) => Err(io::ErrorKind::Interrupted.into()),
            size => {
                let size = size.copied().unwrap_or(7).clamp(1, buffer.len());
                (&mut self.bytes).take(size as u64).read(buffer)
            }
        }
    }
}

impl Reading {
    /// What two readings of the same bytes must have in common, in words.
    pub(crate) fn told(&self) -> String {
        let findings: Vec<_> = (self.capture.findings.iter())
            .map(|finding| {
                (finding.rule.code, finding.severity, finding.spot, finding.message.as_str())
            })
            .collect();
        format!("{:?}\n{:#?}\n{:#?}", self.counts, self.taken, findings)
    }

    /// The first source, to be shown where a law fails.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.sources[0]).into_owned()
    }

    /// The findings' codes.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.capture.findings.iter().map(|finding| finding.rule.code).collect()
    }

    /// The webhooks' texts.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.taken.iter().map(|(_, text)| text.as_str()).collect()
    }

    pub(crate) fn calls(&self) -> Reconstruction<'_> {
        Reconstruction::new(&self.capture, &Limits::USUAL, &|place| {
            let from = usize::try_from(place.spot().byte_offset).ok()?;
            let to = from + place.length as usize;
            Some(self.sources[place.spot().source.0 as usize].get(from..to)?.to_vec())
        })
    }

    pub(crate) fn summary(&self) -> Summary {
        Summary::new(1, self.counts, &self.calls())
    }

    /// The calls with their timelines, each event as the content of its body. Without `counted`,
    /// how often things were delivered is left out.
    pub(crate) fn story(&self, counted: bool) -> Vec<Value> {
        let calls = self.calls();
        (calls.indexes())
            .map(|at| {
                let mut call = serde_json::to_value(calls.call(at)).unwrap_or_default();
                if !counted {
                    call["delivery_count"] = Value::Null;
                }
                call["timeline"] =
                    calls.events(at).iter().map(|event| self.content(*event)).collect();
                call
            })
            .collect()
    }

    /// What a delivery says, `webhook` aside.
    fn content(&self, delivery: u32) -> Value {
        let text = &self.taken[delivery as usize].1;
        let mut value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()));
        make_whole(&mut value);
        if let Value::Object(members) = &mut value {
            members.remove("webhook");
        }
        value
    }

    /// All findings in words that do not depend on where they stand.
    pub(crate) fn findings(&self) -> Vec<String> {
        let mut findings: Vec<String> = (self.calls().findings())
            .filter(|finding| !finding.rule.code.starts_with('J'))
            .map(|finding| {
                // K names lines.
                let lines = finding.rule.code.starts_with('K');
                let message = if lines { "" } else { &finding.message };
                let (rule, pointer) = (finding.rule.code, &finding.pointer);
                format!("{rule} {pointer:?} {:?} {message}", finding.trigger)
            })
            .collect();
        findings.sort_unstable();
        findings
    }
}

/// `5.0` and `5` are one number: of two copies of an event that write it differently, the first is
/// shown.
fn make_whole(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(make_whole),
        Value::Array(elements) => elements.iter_mut().for_each(make_whole),
        Value::Number(number) => {
            let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0);
            let whole = float.and_then(|float| format!("{float:.0}").parse::<i64>().ok());
            *value = whole.map_or_else(|| value.take(), Value::from);
        }
        _ => {}
    }
}
