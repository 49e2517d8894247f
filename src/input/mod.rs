//! Bytes → webhook bodies with their place.
//!
//! A [`Source`] is a path, a file a glob or folder stands for, or stdin. Its text passes through a
//! window of bounded size; the framer cuts it into JSON values and offers each object to a
//! [`Sink`], which says whether it is a webhook. Whatever could not be read is told as a finding of
//! the family J and counted in [`Counts`]; reading goes on behind it.

mod enter;
mod excerpt;
mod expand;
mod frame;
mod place;
mod resync;
pub mod rules;
mod scalar;
mod scan;
mod source;
mod tally;
mod text;
mod window;

use std::io;

pub use excerpt::{Excerpt, Excerpts};
pub use expand::Packing;
pub use frame::{Answer, Candidate, Sink};
pub use place::Place;
pub use source::{Source, Sources};
pub use tally::Counts;

use crate::finding::{Finding, Severity, SourceId, Spot};
use expand::{Expanded, Trouble};
use frame::Framer;
use window::Window;

/// Reads one source of `sources` to its end into `sink`. With `strict`, text outside JSON is a
/// finding.
///
/// # Errors
/// When the source cannot be opened or read on; `counts` then holds what was read before.
pub fn read(
    sources: &mut Sources,
    id: SourceId,
    strict: bool,
    sink: &mut impl Sink,
    counts: &mut Counts,
) -> io::Result<()> {
    let Expanded { reader, trouble, .. } = sources.open(id)?;
    let walked = sources.source(id).walked;
    frame(Window::new(reader, id)?, &trouble, walked, strict, sink, counts)
}

/// Reads all that `reader` gives as the source `id`; see [`read`].
///
/// # Errors
/// When the reader fails.
pub fn read_text<'r>(
    reader: impl io::Read + 'r,
    id: SourceId,
    walked: bool,
    strict: bool,
    sink: &mut impl Sink,
    counts: &mut Counts,
) -> io::Result<()> {
    frame(Window::new(Box::new(reader), id)?, &Trouble::default(), walked, strict, sink, counts)
}

fn frame(
    mut window: Window<'_>,
    trouble: &Trouble,
    walked: bool,
    strict: bool,
    sink: &mut impl Sink,
    counts: &mut Counts,
) -> io::Result<()> {
    let mut framer = Framer::new(&mut window, sink, strict, trouble.clone());
    let end = framer.run();
    let (read, first_other) = (framer.counts, framer.first_other);
    counts.add(read);
    if let (Some(spot), true) = (first_other, read.not_webhooks > 0) {
        sink.finding(not_a_webhook(read, spot, walked));
    }
    end
}

/// J003, told once per source. In a file that was found by walking a folder, and beside lines of
/// text, other JSON is to be expected.
fn not_a_webhook(counts: Counts, first: Spot, walked: bool) -> Finding {
    let values = match counts.not_webhooks {
        1 => "a JSON value that is no webhook".to_owned(),
        many => format!("{many} JSON values that are no webhooks, the first of them here"),
    };
    let mut finding = Finding::new(&rules::NOT_A_WEBHOOK, first, values)
        .help("a webhook is an object with a string `trigger` and an object `data`");
    if walked || counts.skipped_lines > 0 {
        finding.severity = Severity::Info;
    }
    finding
}

/// J007: stands at line 1 of the first input.
#[must_use]
pub fn no_webhooks() -> Finding {
    let spot = Spot::top_of(SourceId(0));
    let finding = Finding::new(&rules::NO_WEBHOOKS, spot, "no webhook in the whole input");
    Finding { length: 0, ..finding }.help("`--allow-empty` accepts that")
}
