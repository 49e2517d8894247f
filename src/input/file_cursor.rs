//! A read position of its own in a shared open file.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// Reads a shared file from a position that no other reader moves. (All clones of a [`File`] share
/// one position.)
#[derive(Debug)]
pub(super) struct FileCursor {
    file: Arc<File>,
    position: u64,
}

impl FileCursor {
    /// Reads `file` from the byte `position` on.
    pub(super) fn new(file: Arc<File>, position: u64) -> Self {
        Self { file, position }
    }
}

impl Read for FileCursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_at(&self.file, buffer, self.position)?;
        self.position += read as u64;
        Ok(read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn each_cursor_reads_from_its_own_position() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"0123456789").expect("room");
        let file = Arc::new(file);
        let read = |from: &mut FileCursor| {
            let mut two = [0; 2];
            from.read_exact(&mut two).expect("two bytes");
            two
        };
        let mut one = FileCursor::new(file.clone(), 0);
        let mut other = FileCursor::new(file, 5);
        assert_eq!([read(&mut one), read(&mut other), read(&mut one)], [*b"01", *b"56", *b"23"]);
    }
}
