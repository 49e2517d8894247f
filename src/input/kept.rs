//! Bodies that do not stand in their source as they are (they were escaped, encoded, or spread over
//! lines), kept so that they can be read again.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::num::NonZeroU64;
use std::sync::Arc;

use tempfile::SpooledTempFile;

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

/// Bodies one behind another, in an unnamed temporary file that is made when it is needed.
#[derive(Debug)]
pub(super) struct Kept {
    store: Store,
    length: u64,
    most: u64,
}

#[derive(Debug)]
enum Store {
    /// Nothing is kept yet, or nothing could be.
    Nothing,
    /// What is read again.
    File(BufWriter<Arc<File>>),
    /// What is soon taken over: in memory as long as it is short.
    Spool(SpooledTempFile),
}

/// How much of what is soon taken over stays in memory.
const IN_MEMORY: usize = 4 << 20;

impl Kept {
    /// Nothing yet; `most` bytes are kept.
    pub(super) fn new(most: u64) -> Self {
        Self { store: Store::Nothing, length: 0, most }
    }

    /// What is kept of a part until it is [taken over](Self::take_over): no more than could be kept
    /// here if nothing came before it.
    pub(super) fn part(most: u64) -> Self {
        let store = Store::Spool(SpooledTempFile::new(IN_MEMORY));
        Self { store, length: 0, most }
    }

    /// How much is kept at the most.
    pub(super) fn most(&self) -> u64 {
        self.most
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
        if let Store::Nothing = self.store
            && let Ok(file) = tempfile::tempfile()
        {
            self.store = Store::File(BufWriter::new(Arc::new(file)));
        }
        let written = match &mut self.store {
            Store::Nothing => None,
            Store::File(file) => Some(file.write_all(body)),
            Store::Spool(spool) => Some(spool.write_all(body)),
        };
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
        if let Store::File(file) = &mut self.store {
            let _ = file.flush();
        }
    }

    /// Keeps a body of so many bytes that a part has kept, and says where. A body that cannot be
    /// had again has no place here either.
    pub(super) fn take_over(&mut self, part: &mut Self, at: KeptAt, length: u32) -> KeptAt {
        let place = self.next(length as usize);
        match part.body(at, length) {
            Ok(body) => {
                self.keep(&body);
                place
            }
            Err(_) => KeptAt::NOWHERE,
        }
    }

    fn body(&mut self, at: KeptAt, length: u32) -> io::Result<Vec<u8>> {
        let Store::Spool(spool) = &mut self.store else {
            return Err(io::ErrorKind::NotSeekable.into());
        };
        let mut body = vec![0; length as usize];
        spool.seek(SeekFrom::Start(at.offset()?))?;
        spool.read_exact(&mut body)?;
        Ok(body)
    }

    /// The file that holds what is kept and settled.
    ///
    /// # Errors
    /// When nothing is kept.
    pub(super) fn file(&self) -> io::Result<Arc<File>> {
        match &self.store {
            Store::File(file) => Ok(file.get_ref().clone()),
            Store::Nothing | Store::Spool(_) => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}
