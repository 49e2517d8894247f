//! Files that several read at once.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// A file with a place of its own in it. (All clones of a [`File`] share one.)
#[derive(Debug)]
pub(super) struct Apart {
    file: File,
    at: u64,
}

impl Apart {
    /// The file from its beginning.
    pub(super) fn new(file: File) -> Self {
        Self { file, at: 0 }
    }

    #[cfg(unix)]
    fn read_at(&self, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, buffer, self.at)
    }

    #[cfg(windows)]
    fn read_at(&self, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, buffer, self.at)
    }
}

impl Read for Apart {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.read_at(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Apart {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.file.metadata()?.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn who_reads_a_file_moves_nobody_else() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"0123456789").expect("room");
        let read = |from: &mut Apart| {
            let mut two = [0; 2];
            from.read_exact(&mut two).expect("two bytes");
            two
        };
        let mut one = Apart::new(file.try_clone().expect("a handle"));
        let mut other = Apart::new(file);
        assert_eq!([read(&mut one), read(&mut one), read(&mut other)], [*b"01", *b"23", *b"01"]);
        assert_eq!(one.seek(SeekFrom::End(-2)).expect("a place"), 8);
        assert_eq!(other.seek(SeekFrom::Current(3)).expect("a place"), 5);
        assert_eq!([read(&mut one), read(&mut other)], [*b"89", *b"56"]);
        assert!(one.seek(SeekFrom::Current(-11)).is_err());
    }
}
