//! A file that is written to while it is read, and may be rotated or cut meanwhile.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use same_file::Handle;

/// A file at its path: the one that stands there now, or the one that stood there and is not read
/// to its end.
pub(super) struct Tail {
    path: PathBuf,
    open: Option<Open>,
    /// Whether a file was there before.
    begun: bool,
}

/// The file that is being read.
struct Open {
    handle: Handle,
    position: u64,
    /// A pipe has neither a length nor a successor.
    is_file: bool,
}

/// What a look at the file gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many bytes more.
    Read(usize),
    /// Nothing for now.
    Wait,
    /// What follows is another text: a new file stands at the path, or this one was cut.
    Anew,
    /// Nothing comes any more, which is never so of a file.
    End,
}

impl Tail {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), open: None, begun: false }
    }

    /// Reads on into `buffer`.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub(super) fn step(&mut self, buffer: &mut [u8]) -> io::Result<Step> {
        let Some(open) = &mut self.open else {
            return self.begin();
        };
        let read = open.read(buffer)?;
        if read > 0 {
            return Ok(Step::Read(read));
        }
        if !open.is_file {
            return Ok(Step::Wait);
        }
        if open.handle.as_file().metadata()?.len() < open.position {
            open.handle.as_file_mut().seek(SeekFrom::Start(0))?;
            open.position = 0;
            return Ok(Step::Anew);
        }
        if !is_replaced(&self.path, &open.handle) {
            return Ok(Step::Wait);
        }
        // Until a moment ago its writer may have had this one.
        let read = open.read(buffer)?;
        if read > 0 {
            return Ok(Step::Read(read));
        }
        self.open = None;
        Ok(Step::Wait)
    }

    /// Opens the file, if there is one.
    fn begin(&mut self) -> io::Result<Step> {
        let opened = match File::open(&self.path) {
            Ok(file) => Open::new(file),
            Err(error) => Err(error),
        };
        match opened {
            Ok(open) => {
                self.open = Some(open);
                let again = std::mem::replace(&mut self.begun, true);
                Ok(if again { Step::Anew } else { Step::Read(0) })
            }
            // A file that is being rotated may not be there, or not be ours to read yet.
            Err(error) if error.kind() == io::ErrorKind::NotFound || self.begun => Ok(Step::Wait),
            Err(error) => Err(error),
        }
    }
}

impl Open {
    fn new(file: File) -> io::Result<Self> {
        let is_file = file.metadata()?.is_file();
        Ok(Self { handle: Handle::from_file(file)?, position: 0, is_file })
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.handle.as_file_mut().read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

/// Whether another file stands at the path, with something in it: its writer has left the old one.
fn is_replaced(path: &Path, handle: &Handle) -> bool {
    let meta = std::fs::metadata(path);
    meta.is_ok_and(|meta| meta.is_file() && meta.len() > 0)
        && Handle::from_path(path).is_ok_and(|there| there != *handle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that is there for now, `|` where another text begins.
    fn rest(tail: &mut Tail) -> String {
        let mut text = String::new();
        let mut waits = 0;
        let mut buffer = [0; 4];
        while waits < 3 {
            match tail.step(&mut buffer).expect("reads") {
                Step::Read(read) => text += std::str::from_utf8(&buffer[..read]).expect("ASCII"),
                Step::Wait => waits += 1,
                Step::Anew => text.push('|'),
                Step::End => unreachable!("a file has no end"),
            }
        }
        text
    }

    #[test]
    fn a_file_is_read_as_it_grows_is_rotated_and_is_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("app.log");
        let append = |path: &Path, text: &str| {
            let mut file = File::options().append(true).create(true).open(path).expect("opens");
            io::Write::write_all(&mut file, text.as_bytes()).expect("writes");
        };
        let mut tail = Tail::new(&path);
        assert_eq!(rest(&mut tail), "", "it is not there yet");
        append(&path, "one two ");
        assert_eq!(rest(&mut tail), "one two ");
        append(&path, "three");
        let old = folder.path().join("app.log.1");
        std::fs::rename(&path, &old).expect("renames");
        assert_eq!(rest(&mut tail), "three", "it is gone for a moment");
        append(&path, "");
        append(&old, " four");
        assert_eq!(rest(&mut tail), " four", "its writer has not let go of it");
        append(&old, " five");
        append(&path, "six");
        assert_eq!(rest(&mut tail), " five|six");
        std::fs::write(&path, "7").expect("cuts");
        assert_eq!(rest(&mut tail), "|7");
    }
}
