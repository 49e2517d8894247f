//! What can be read only once, kept while it is read.

use std::fs::File;
use std::io::{self, Read, Write};

/// The reader, keeping a copy in an unnamed temporary file. Without room for one the input is read
/// all the same; see [`Sources::body`](super::Sources::body).
pub(super) fn copied<'r>(
    from: impl Read + Send + 'r,
    most: u64,
) -> (Box<dyn Read + Send + 'r>, Option<File>) {
    let file = tempfile::tempfile().and_then(|file| Ok((file.try_clone()?, file)));
    match file {
        Ok((kept, to)) => (Box::new(Copied { from, to: Some(to), room: most }), Some(kept)),
        Err(_) => (Box::new(from), None),
    }
}

/// A reader that keeps a copy of what passes through, until the copy has no room left.
struct Copied<R> {
    from: R,
    to: Option<File>,
    room: u64,
}

impl<R: Read> Read for Copied<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        let rest = self.room.checked_sub(read as u64);
        if let Some(to) = &mut self.to
            && (rest.is_none() || to.write_all(&buffer[..read]).is_err())
        {
            self.to = None;
        }
        self.room = rest.unwrap_or_default();
        Ok(read)
    }
}
