//! Bytes → webhook bodies with their place.
//!
//! A [`Source`] is a path, a file a glob or folder stands for, or stdin. Its text passes through a
//! window of bounded size; the framer cuts it into JSON values and offers each object to a
//! [`Sink`], which says whether it is a webhook. Whatever could not be read is told as a finding of
//! the family J and counted in [`Counts`]; reading goes on behind it.

mod body_reader;
mod broken;
mod carrier;
mod copied;
mod enter;
mod excerpt;
mod expand;
mod feed;
mod file_cursor;
mod frame;
mod head;
mod join;
pub(crate) mod json;
mod kept;
mod line;
mod meter;
mod notes;
mod open_files;
mod outline;
mod place;
mod record_reader;
mod resync;
pub mod rules;
mod scalar;
mod scan;
mod search;
mod secret;
mod sink;
mod source;
mod stamp;
mod tail;
mod tally;
mod text;
mod threaded_reader;
mod unpack;
mod walk;
mod window;
mod written;

use std::io;

pub use body_reader::{BodyReader, Unreadable};
pub use excerpt::Excerpt;
pub use expand::Packing;
pub use feed::{Feed, Stop, Wait};
pub use kept::KeptAt;
pub use meter::Meter;
pub use notes::{Reading, Shapes};
pub use place::{Place, Spots};
pub use record_reader::RecordReader;
pub(crate) use secret::without_secret_parameters;
#[cfg(feature = "net")]
pub(crate) use secret::{names_secret, without_secrets};
pub use sink::{Answer, Candidate, Parts, Sink};
pub use source::{Source, Sources};
pub use tally::Counts;
pub use threaded_reader::{Split, read, read_all};

use crate::finding::{Finding, Severity, SourceId, Spot};
use expand::{Expanded, Most, Trouble, expanded_with};
use frame::Framer;
use kept::Kept;
use notes::{Context, Notes};
use tally::{Found, Sighting};
use window::Window;

/// Reads all that `reader` gives as the source `id`; see [`read`]. Bodies that do not stand there as
/// they are cannot be read again.
///
/// # Errors
/// When the reader fails.
pub fn read_text<'r>(
    reader: impl io::Read + 'r,
    id: SourceId,
    walked: bool,
    reading: &Reading,
    sink: &mut impl Sink,
    counts: &mut Counts,
) -> io::Result<()> {
    let mut window = Window::new(Box::new(reader), id)?;
    let mut notes = Notes::new(reading, Kept::new(0), Most::typed(None));
    let (found, end) = frame(&mut window, &mut notes, Trouble::default(), sink);
    told(found, walked, sink, counts);
    end
}

/// What a text turned out to be.
#[derive(Clone, Debug, Default)]
pub struct Recognised {
    /// How it is packed.
    pub packing: Packing,
    /// What its webhooks were found in.
    pub shapes: Shapes,
    /// Whether packed data was damaged, was cut or expanded too far.
    pub is_damaged: bool,
}

/// Reads the text that `feed` gives, which may be packed, as the source `id`; `most` bytes are taken
/// out where it is, and `as_what` says what it was. See [`read_text`].
///
/// # Errors
/// When the feed fails.
pub fn read_packed<W: Wait>(
    feed: &mut Feed<W>,
    most: Option<u64>,
    id: SourceId,
    reading: &Reading,
    sink: &mut impl Sink,
    (counts, as_what): (&mut Counts, &mut Recognised),
) -> io::Result<()> {
    let most = Most::typed(most);
    let Expanded { reader, packing, trouble } = expanded_with(feed, most, |feed| feed.skip_rest())?;
    let mut window = Window::new(Box::new(reader), id)?;
    let mut notes = Notes::new(reading, Kept::new(0), most);
    let (found, end) = frame(&mut window, &mut notes, trouble.clone(), sink);
    told(found, false, sink, counts);
    let is_damaged = trouble.told().is_some();
    *as_what = Recognised { packing, shapes: notes.shapes, is_damaged };
    end
}

/// Reads the text of a window to its end.
fn frame(
    window: &mut Window<'_>,
    notes: &mut Notes,
    trouble: Trouble,
    sink: &mut impl Sink,
) -> (Found, io::Result<()>) {
    let mut framer = Framer::new(window, sink, notes, Context::default(), trouble);
    let end = framer.run().map(|_| ());
    (framer.found(), end)
}

/// Adds what a source held to what was read before, and tells of its values that are no webhooks;
/// in a file that was `walked` to they may be expected.
fn told(found: Found, walked: bool, sink: &mut impl Sink, counts: &mut Counts) {
    counts.add(found.counts);
    if let (Some(first), true) = (found.first_other, found.counts.not_webhooks > 0) {
        sink.finding(not_a_webhook(found.counts, first, walked || found.log_lines));
    }
}

/// J003, told once per source. In a file that was found by walking a folder, and beside lines of
/// text, other JSON is `expected`.
fn not_a_webhook(counts: Counts, first: Sighting, expected: bool) -> Finding {
    let values = match counts.not_webhooks {
        1 => "a JSON value that is no webhook".to_owned(),
        many => format!("{many} JSON values that are no webhooks, the first of them here"),
    };
    let mut finding = Finding::new(&rules::NOT_A_WEBHOOK, first.spot, values)
        .help("a webhook is an object with a string `trigger` and an object `data`");
    finding.surroundings = first.surroundings;
    if expected || counts.skipped_lines > 0 {
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
