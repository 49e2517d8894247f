//! Bodies that do not stand in their source as they are (they were escaped, encoded, or spread over
//! lines), kept so that they can be read again.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroU64;

use super::source::Again;

/// Where a body is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptAt(NonZeroU64);

impl KeptAt {
    /// There was no room for it.
    const NOWHERE: Self = Self(NonZeroU64::MAX);

    /// The byte at which the body begins in what is kept.
    ///
    /// # Errors
    /// When there was no room for it.
    pub(super) fn offset(self) -> io::Result<u64> {
        if self == Self::NOWHERE {
            return Err(io::ErrorKind::NotSeekable.into());
        }
        Ok(self.0.get() - 1)
    }
}

/// An unnamed temporary file, made when it is needed.
#[derive(Debug)]
pub(super) struct Kept {
    file: Option<BufWriter<File>>,
    length: u64,
    most: u64,
}

impl Kept {
    /// Nothing yet; `most` bytes are kept.
    pub(super) fn new(most: u64) -> Self {
        Self { file: None, length: 0, most }
    }

    /// Where the next body will be kept, if it has this length.
    pub(super) fn next(&self, length: usize) -> KeptAt {
        if self.length.saturating_add(length as u64) > self.most {
            return KeptAt::NOWHERE;
        }
        NonZeroU64::new(self.length + 1).map_or(KeptAt::NOWHERE, KeptAt)
    }

    /// Keeps a body, at the place that [`Self::next`] told.
    pub(super) fn keep(&mut self, body: &[u8]) {
        if self.next(body.len()) == KeptAt::NOWHERE {
            return;
        }
        if self.file.is_none() {
            self.file = tempfile::tempfile().ok().map(BufWriter::new);
        }
        let written = self.file.as_mut().map(|file| file.write_all(body));
        if matches!(written, Some(Ok(()))) {
            self.length += body.len() as u64;
        } else {
            // A full disk costs what comes from here on; reading does without.
            self.most = self.length;
        }
    }

    /// Makes what was kept so far readable.
    pub(super) fn settle(&mut self) {
        // What cannot be written will not be there when it is read.
        let _ = self.file.as_mut().map(BufWriter::flush);
    }

    /// What is kept and settled, from its beginning on.
    ///
    /// # Errors
    /// When nothing is, or the file fails.
    pub(super) fn again(&self) -> io::Result<Box<dyn Again>> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotSeekable)?;
        Ok(Box::new(file.get_ref().try_clone()?))
    }
}
