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
    /// The file that has taken its place.
    next: Option<Open>,
    /// Whether a file was there before.
    begun: bool,
}

/// A file that is being read.
struct Open {
    handle: Handle,
    position: u64,
    /// The last bytes that were read, by which a file is known again that was cut and has grown
    /// beyond them meanwhile.
    last: Vec<u8>,
    /// Whether all was read that was there.
    at_end: bool,
    /// A pipe has neither a length nor a successor.
    is_file: bool,
}

/// How many bytes a file is known by: more than the end that webhooks of one kind share.
const LAST: usize = 1024;

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
        Self { path: path.to_owned(), open: None, next: None, begun: false }
    }

    /// Reads on into `buffer`.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub(super) fn step(&mut self, buffer: &mut [u8]) -> io::Result<Step> {
        let Some(open) = &mut self.open else {
            return self.begin();
        };
        if open.was_cut()? {
            open.rewind()?;
            return Ok(Step::Anew);
        }
        let read = open.read(buffer)?;
        if read > 0 {
            return Ok(Step::Read(read));
        }
        if let Some(next) = self.next.take() {
            self.open = Some(next);
            return Ok(Step::Anew);
        }
        if !open.is_file {
            return Ok(Step::Wait);
        }
        self.next = successor(&self.path, &open.handle);
        // Until a moment ago its writer may have had this one.
        Ok(if self.next.is_some() { Step::Read(0) } else { Step::Wait })
    }

    /// Opens the file, if there is one.
    fn begin(&mut self) -> io::Result<Step> {
        match File::open(&self.path).and_then(Open::new) {
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
        let handle = Handle::from_file(file)?;
        Ok(Self { handle, position: 0, last: Vec::new(), at_end: false, is_file })
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.handle.as_file_mut().read(buffer)?;
        self.position += read as u64;
        self.at_end = read == 0;
        self.last.extend_from_slice(&buffer[read.saturating_sub(LAST)..read]);
        self.last.drain(..self.last.len().saturating_sub(LAST));
        Ok(read)
    }

    /// Whether what was read last does not stand there any more.
    fn was_cut(&mut self) -> io::Result<bool> {
        if !self.is_file || !self.at_end {
            return Ok(false);
        }
        let (mut there, file) = (vec![0; self.last.len()], self.handle.as_file_mut());
        file.seek(SeekFrom::Start(self.position - self.last.len() as u64))?;
        match file.read_exact(&mut there) {
            Ok(()) => Ok(there != self.last),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Begins again.
    fn rewind(&mut self) -> io::Result<()> {
        self.handle.as_file_mut().rewind()?;
        (self.position, self.at_end) = (0, false);
        self.last.clear();
        Ok(())
    }
}

/// Another file that stands at the path, with something in it: its writer has left the old one.
fn successor(path: &Path, handle: &Handle) -> Option<Open> {
    // A pipe would have to be opened from its other end too.
    let meta = std::fs::metadata(path).ok()?;
    if !meta.is_file() || meta.len() == 0 {
        return None;
    }
    let next = File::open(path).and_then(Open::new).ok()?;
    (next.is_file && next.handle != *handle).then_some(next)
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
        let alike = |id: &str| format!("{id}{}", "-".repeat(LAST / 2));
        std::fs::write(&path, alike("eight")).expect("cuts");
        assert_eq!(rest(&mut tail), format!("|{}", alike("eight")), "it has grown beyond its end");
        std::fs::write(&path, alike("seven") + "!").expect("cuts");
        assert_eq!(rest(&mut tail), format!("|{}!", alike("seven")), "it ends alike");
    }

    #[test]
    fn a_file_that_has_taken_the_place_of_another_is_read_though_it_is_replaced_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("app.log");
        let replace = |text: &str| {
            let new = folder.path().join("new");
            std::fs::write(&new, text).expect("writes");
            std::fs::rename(&new, &path).expect("renames");
        };
        replace("one");
        let mut tail = Tail::new(&path);
        assert_eq!(rest(&mut tail), "one");
        replace("two");
        assert_eq!(tail.step(&mut [0; 4]).expect("reads"), Step::Read(0), "it is seen");
        replace("three");
        assert_eq!(rest(&mut tail), "|two|three");
    }
}
