//! Sources that are read another time: a body, its spots, the text around a place.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::expand::Packing;
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

impl Sources {
    /// Reads a webhook body again.
    ///
    /// # Errors
    /// When the source cannot be read again (a pipe or packed text of which no copy could be kept),
    /// or has become shorter.
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
            return Ok(Box::new(copy.try_clone()?));
        }
        match &source.origin {
            Origin::File(path, _) if source.packing == Packing::Plain => {
                Ok(Box::new(File::open(path)?))
            }
            Origin::Memory(text) => Ok(Box::new(io::Cursor::new(*text))),
            _ => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}
