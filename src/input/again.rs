//! Sources that are read another time: a body, its spots, the text around a place.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::apart::Apart;
use super::expand::{Expanded, Packing, expanded};
use super::place::{Encoding, Place, Spots};
use super::source::{Origin, Sources};
use crate::finding::SourceId;

/// A source that is read another time, at any place.
pub(super) trait Again: Read + Seek + Debug {}

impl<T: Read + Seek + Debug> Again for T {}

impl dyn Again {
    /// How its text is written, and how long its byte order mark is.
    pub(super) fn encoding(&mut self) -> io::Result<(Encoding, usize)> {
        Ok(Encoding::sniff(&self.piece(0, 3)?))
    }

    /// The bytes from a place on, as many as there are.
    pub(super) fn piece(&mut self, at: u64, length: u64) -> io::Result<Vec<u8>> {
        self.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        self.take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The packed file that was last unpacked again, in an unnamed temporary file.
#[derive(Debug, Default)]
pub(super) struct Unpacked(Mutex<Option<(SourceId, File)>>);

impl Unpacked {
    /// The text of a packed file, as much of it as can be taken out.
    fn text(&self, id: SourceId, path: &Path, sources: &Sources) -> io::Result<File> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, file)) = last.as_ref().filter(|(last, _)| *last == id) {
            return file.try_clone();
        }
        let Expanded { reader, .. } = expanded(File::open(path)?, sources.most)?;
        let mut file = tempfile::tempfile()?;
        // Where it is damaged was told when it was read.
        let _ = io::copy(&mut reader.take(sources.copy), &mut file);
        let text = file.try_clone()?;
        *last = Some((id, file));
        Ok(text)
    }
}

impl Sources {
    /// Reads a webhook body again.
    ///
    /// # Errors
    /// When the source cannot be read again (a pipe of which no copy could be kept, a file that is
    /// gone), or has become shorter.
    pub fn body(&self, place: Place) -> io::Result<Vec<u8>> {
        let mut body = vec![0; place.length as usize];
        if let Some(kept) = place.kept {
            let mut text = self.kept.again()?;
            text.seek(SeekFrom::Start(kept.offset()?))?;
            text.read_exact(&mut body)?;
            return Ok(body);
        }
        let mut text = self.again(place.source)?;
        let (encoding, _) = text.encoding()?;
        text.seek(SeekFrom::Start(place.byte_offset))?;
        encoding.decode(text).read_exact(&mut body)?;
        Ok(body)
    }

    /// Works out spots in the body at `place`.
    ///
    /// # Errors
    /// When the source cannot be opened again.
    pub fn spots(&self, place: Place) -> io::Result<Spots> {
        let (encoding, _) = self.again(place.source)?.encoding()?;
        Ok(Spots::new(place, encoding))
    }

    /// The bodies that are kept, one behind the other.
    ///
    /// # Errors
    /// When there are none.
    pub(super) fn kept(&self) -> io::Result<Box<dyn Again>> {
        self.kept.again()
    }

    /// A source that is read another time, from wherever.
    ///
    /// # Errors
    /// Those of [`Self::body`].
    pub(super) fn again(&self, id: SourceId) -> io::Result<Box<dyn Again>> {
        let source = self.source(id);
        if let Some(copy) = &source.copy {
            return Ok(Box::new(Apart::new(copy.try_clone()?)));
        }
        match &source.origin {
            Origin::File(path, _) if source.packing == Packing::Plain => {
                Ok(Box::new(File::open(path)?))
            }
            Origin::File(path, _) => Ok(Box::new(Apart::new(self.unpacked.text(id, path, self)?))),
            Origin::Memory(text) => Ok(Box::new(io::Cursor::new(*text))),
            _ => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}
