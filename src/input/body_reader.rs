//! Bodies and text, read a second time. There is no other way to do that.
//!
//! What is read a second time is compared with a digest of the first reading. What differs has
//! *changed since it was read*: it is counted, and nobody gets to see it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::excerpt::{Excerpt, ShownText};
use super::expand::{Expanded, Packing, expanded};
use super::file_cursor::FileCursor;
use super::kept::KeptAt;
use super::place::{Cursor, Encoding, Place, Spots};
use super::source::{Origin, Sources};
use super::window::{BEFORE, BEHIND};
use crate::digest::Digest;
use crate::finding::{Finding, SourceId, Spot, Surroundings};

/// Why something cannot be read a second time.
#[derive(Debug)]
pub enum Unreadable {
    /// It is no longer what was read first.
    Changed,
    /// It cannot be read: a pipe of which no copy could be kept, a disk that fails.
    Failed(io::Error),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// The places that changed since they were read, each once.
#[derive(Debug, Default)]
pub(super) struct ChangedPlaces(Mutex<BTreeSet<Spot>>);

impl ChangedPlaces {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<Spot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a place that changed.
    fn note<T>(&self, read: Result<T, Unreadable>, spot: Spot) -> Result<T, Unreadable> {
        if let Err(Unreadable::Changed) = read {
            self.lock().insert(spot);
        }
        read
    }
}

/// The packed file that was unpacked last, in an unnamed temporary file.
#[derive(Debug, Default)]
pub(super) struct Unpacked(Mutex<Option<(SourceId, Arc<File>)>>);

/// The text of a source, or of the spill file, readable from any byte on.
enum StoredText {
    File(Arc<File>),
    Memory(&'static [u8]),
}

impl StoredText {
    /// At most `length` bytes from `offset` on; fewer where the text ends.
    fn bytes(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        match self {
            Self::File(file) => {
                FileCursor::new(file.clone(), offset).take(length).read_to_end(&mut bytes)?;
            }
            Self::Memory(text) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
                (&text[from..]).take(length).read_to_end(&mut bytes)?;
            }
        }
        Ok(bytes)
    }

    /// How the text is written, by its byte order mark.
    fn encoding(&self) -> io::Result<Encoding> {
        Ok(Encoding::sniff(&self.bytes(0, 3)?).0)
    }
}

impl Sources {
    /// Reads a webhook body a second time.
    ///
    /// # Errors
    /// When it has changed, which is counted, or cannot be read.
    pub fn body(&self, place: Place) -> Result<Vec<u8>, Unreadable> {
        let body = match place.kept {
            Some(kept) => self.spilled_body(kept, place.length),
            None => self.body_in_source(place),
        };
        let is_whole = |body: &Vec<u8>| body.len() == place.length as usize;
        let body = body.and_then(|body| {
            let is_same = Digest::of(&body) == place.digest;
            if is_same { Ok(body) } else { Err(self.difference(place.source, is_whole(&body))) }
        });
        self.changed.note(body, place.spot())
    }

    /// How many bodies and other places changed since they were read, of those that were read a
    /// second time.
    #[must_use]
    pub fn changed(&self) -> u64 {
        self.changed.lock().len() as u64
    }

    /// The first of the places that changed, at most `limit`, by source and place.
    #[must_use]
    pub fn changed_places(&self, limit: usize) -> Vec<Spot> {
        self.changed.lock().iter().copied().take(limit).collect()
    }

    fn spilled_body(&self, kept: KeptAt, length: u32) -> Result<Vec<u8>, Unreadable> {
        Ok(StoredText::File(self.kept.file()?).bytes(kept.offset()?, length.into())?)
    }

    fn body_in_source(&self, place: Place) -> Result<Vec<u8>, Unreadable> {
        let text = self.text(place.source)?;
        let length = u64::from(place.length);
        Ok(match text.encoding()? {
            Encoding::Utf8 => text.bytes(place.byte_offset, length)?,
            encoding => {
                // No character takes more than twice its bytes in UTF-8.
                let bytes = text.bytes(place.byte_offset, 2 * length)?;
                let mut body = encoding.text(&bytes).into_owned().into_bytes();
                body.truncate(place.length as usize);
                body
            }
        })
    }

    /// Why text of a source is not what was read first. A copy cannot change, but it ends where
    /// there was no more room for it.
    fn difference(&self, id: SourceId, is_whole: bool) -> Unreadable {
        let source = self.source(id);
        let is_copy = source.copy.is_some() || source.packing != Packing::Plain;
        if is_copy && !is_whole {
            return Unreadable::Failed(io::ErrorKind::UnexpectedEof.into());
        }
        Unreadable::Changed
    }

    /// Opens the text of a source for a second reading.
    fn text(&self, id: SourceId) -> Result<StoredText, Unreadable> {
        let source = self.source(id);
        if let Some(copy) = &source.copy {
            return Ok(StoredText::File(copy.clone()));
        }
        match &source.origin {
            Origin::File(path, _) => {
                let file = self.files.get(id, path)?.ok_or(Unreadable::Changed)?;
                match source.packing {
                    Packing::Plain => Ok(StoredText::File(file)),
                    _ => Ok(StoredText::File(self.unpacked.text(id, file, self)?)),
                }
            }
            Origin::Memory(text) => Ok(StoredText::Memory(text)),
            Origin::Stdin | Origin::Pipe(_) => {
                Err(Unreadable::Failed(io::ErrorKind::NotSeekable.into()))
            }
        }
    }

    /// Reads the text around a finding a second time: what is before its place, and what is behind.
    fn surroundings(
        &self,
        Surroundings { before, after, digest }: Surroundings,
        spot: Spot,
    ) -> Result<(String, String), Unreadable> {
        let read = || {
            let text = self.text(spot.source)?;
            let encoding = text.encoding()?;
            let from = spot.byte_offset.saturating_sub(before.into());
            let bytes = text.bytes(from, u64::from(before) + u64::from(after))?;
            let is_whole = bytes.len() == usize::from(before) + usize::from(after);
            let (before, behind) = bytes.split_at(bytes.len().min(before.into()));
            // What is no UTF-8 is compared as it is, and shown as U+FFFD.
            let is_same = match encoding {
                Encoding::Utf8 => Digest::of(&bytes) == digest,
                _ => Digest::of(encoding.text(&bytes).as_bytes()) == digest,
            };
            if !is_same {
                return Err(self.difference(spot.source, is_whole));
            }
            Ok((encoding.text(before).into_owned(), encoding.text(behind).into_owned()))
        };
        self.changed.note(read(), spot)
    }
}

impl Unpacked {
    /// The text of a packed file, as much of it as can be unpacked.
    fn text(&self, id: SourceId, file: Arc<File>, sources: &Sources) -> io::Result<Arc<File>> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = last.as_ref().filter(|(last, _)| *last == id) {
            return Ok(text.clone());
        }
        let Expanded { reader, .. } = expanded(FileCursor::new(file, 0), sources.most)?;
        let mut text = tempfile::tempfile()?;
        // Damage was reported when the file was read first.
        let _ = io::copy(&mut reader.take(sources.copy), &mut text);
        let text = Arc::new(text);
        *last = Some((id, text.clone()));
        Ok(text)
    }
}

/// Reads bodies and text a second time, best in the order of the sources. Remembers the last body:
/// several findings are often about one.
#[derive(Debug)]
pub struct BodyReader<'s> {
    sources: &'s Sources,
    last: Option<(Place, Result<String, Unreadable>)>,
}

impl<'s> BodyReader<'s> {
    /// A reader of the bodies of `sources`.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Self {
        Self { sources, last: None }
    }

    /// A webhook body.
    ///
    /// # Errors
    /// Those of [`Sources::body`].
    pub fn body(&mut self, place: Place) -> Result<&str, &Unreadable> {
        if self.last.as_ref().is_none_or(|(last, _)| *last != place) {
            let body = self.sources.body(place);
            // Every body was UTF-8 when it was read first, and is proven to be the same.
            let text = |body| String::from_utf8(body).map_err(|_| Unreadable::Changed);
            self.last = Some((place, body.and_then(text)));
        }
        match &self.last {
            Some((_, Ok(body))) => Ok(body),
            Some((_, Err(error))) => Err(error),
            None => Err(&Unreadable::Changed),
        }
    }

    /// Whether a body is no longer what was read first.
    pub fn is_changed(&mut self, place: Place) -> bool {
        matches!(self.body(place), Err(Unreadable::Changed))
    }

    /// Works out spots in the body at `place`; `None` where its source cannot be read.
    #[must_use]
    pub fn spots(&self, place: Place) -> Option<Spots> {
        let encoding = match place.kept {
            Some(_) => Encoding::Utf8,
            None => self.sources.text(place.source).ok()?.encoding().ok()?,
        };
        Some(Spots::new(place, encoding))
    }

    /// The text at a finding with what is around it on the line; `None` where that cannot be read
    /// again. Of a webhook, whose body is at `body`, nothing but the body is shown: its envelope may
    /// hold secrets. Elsewhere what looks like a secret is covered.
    pub fn excerpt(&mut self, finding: &Finding, body: Option<Place>) -> Option<Excerpt> {
        let Some(body) = body else {
            let (before, behind) =
                self.sources.surroundings(finding.surroundings?, finding.spot).ok()?;
            let (begins, ends) = (before.len() + 3 < BEFORE, behind.len() + 3 < BEHIND);
            let at = before.len();
            let text = before + &behind;
            let shown = ShownText { text: &text, begins, ends };
            return Some(shown.covered_excerpt(at, finding.length.max(1) as usize));
        };
        let text = self.body(body).ok()?;
        let shown = ShownText { text, begins: true, ends: true };
        shown.excerpt(finding.inside as usize, finding.length.max(1) as usize)
    }

    /// Line and column of what follows the value that a finding is about, in the body at `body`;
    /// `None` where that is not verbatim in its source, or cannot be read again.
    pub fn end(&mut self, finding: &Finding, body: Option<Place>) -> Option<(u64, u64)> {
        let body = body.filter(|body| body.kept.is_none() && finding.length > 1)?;
        let Spot { line, col, .. } = finding.spot;
        let from = finding.inside as usize;
        let text = self.body(body).ok()?.as_bytes();
        let to = from.saturating_add(finding.length as usize).min(text.len());
        let end = Cursor { line, col }.after(text.get(from..to)?);
        ((end.line, end.col) > (line, col)).then_some((end.line, end.col))
    }
}
