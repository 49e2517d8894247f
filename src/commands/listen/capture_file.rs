//! Where the capture is written: stdout, or a file that somebody may move or delete meanwhile.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::ends::WriteClock;
use super::shown::beginning;
use crate::args::Listen;
use crate::commands::append_file::AppendFile;

/// How often lines are written anew whose file was deleted before they were answered.
const ATTEMPTS: usize = 3;

/// The capture.
pub(super) struct CaptureFile {
    lines: AppendFile,
    /// `None` for stdout.
    path: Option<PathBuf>,
    /// Whether lines are put on the disk before they are answered.
    sync: bool,
    clock: WriteClock,
    reopened: Option<(u64, u64)>,
}

impl CaptureFile {
    /// Opens the capture, and says how many bytes and lines are in it. The clock tells how long a
    /// pipe or a device has not taken a write.
    ///
    /// # Errors
    /// When its file cannot be opened, or another run adds to it.
    pub(super) fn open(args: &Listen, clock: WriteClock) -> Result<(Self, (u64, u64))> {
        let Listen { out: path, sync, .. } = args;
        let (lines, there) = match path {
            None => (AppendFile::stdout(), (0, 0)),
            Some(path) if path.as_os_str() == "-" => {
                bail!(
                    "cannot write to a file of the name -: without --out the capture goes to stdout"
                )
            }
            Some(path) => {
                let opened = opened(path, *sync);
                opened.with_context(|| format!("cannot write {}", path.display()))?
            }
        };
        Ok((Self { lines, path: path.clone(), sync: *sync, clock, reopened: None }, there))
    }

    /// Opens the name anew if the file was moved or deleted.
    ///
    /// # Errors
    /// When it cannot be opened; then the former file stays open.
    pub(super) fn follow_name(&mut self) -> io::Result<()> {
        match &self.path {
            Some(path) if !self.lines.is_at(path) => self.reopen(),
            _ => Ok(()),
        }
    }

    /// Bytes and lines of the file that was opened anew, if one was since this was last asked.
    pub(super) fn take_reopened(&mut self) -> Option<(u64, u64)> {
        self.reopened.take()
    }

    /// Adds lines to the file that has the name now.
    ///
    /// # Errors
    /// When they cannot be written; then none of them is in the file.
    pub(super) fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        self.follow_name()?;
        if self.lines.is_file() {
            self.lines.add(lines)
        } else {
            self.clock.time(|| self.lines.add(lines))
        }
    }

    /// Makes sure that the lines that were added last may be answered: that they are on the disk if
    /// they have to be, and that their file was not deleted meanwhile. (One that was moved has them.)
    ///
    /// # Errors
    /// When they may be lost.
    pub(super) fn settle(&mut self, lines: &[u8]) -> io::Result<()> {
        for _ in 0..ATTEMPTS {
            if self.sync {
                self.lines.sync()?;
            }
            if !self.lines.is_deleted()? {
                return Ok(());
            }
            self.reopen()?;
            self.lines.add(lines)?;
        }
        Err(io::Error::other("its file is deleted again and again"))
    }

    fn reopen(&mut self) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        // A pipe would have to be opened from its other end too.
        let opened = if path.metadata().is_ok_and(|there| !there.is_file()) {
            Err(io::Error::other("what has it now is no file"))
        } else {
            opened(path, self.sync)
        };
        let (lines, there) = opened.map_err(|error| {
            let why = format!(
                "its file was moved or deleted, and its name cannot be opened anew: {error}"
            );
            io::Error::new(error.kind(), why)
        })?;
        (self.lines, self.reopened) = (lines, Some(there));
        Ok(())
    }
}

/// Opens a file, and says how many bytes and lines are in it.
fn opened(path: &Path, sync: bool) -> io::Result<(AppendFile, (u64, u64))> {
    let lines = AppendFile::open(path)?;
    if sync {
        settle_name(path)?;
    }
    // A file that may be written may well not be read; then places are those of this run.
    Ok((lines, beginning(path).unwrap_or_default()))
}

/// Puts the name of a file that may be new on the disk.
fn settle_name(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) && path.metadata()?.is_file() {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn capture(path: &Path) -> CaptureFile {
        let (lines, _) = opened(path, false).expect("a disk");
        let path = Some(path.to_owned());
        CaptureFile { lines, path, sync: true, clock: WriteClock::default(), reopened: None }
    }

    #[test]
    fn a_file_that_was_moved_keeps_what_it_has_and_the_name_is_opened_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, moved) = (folder.path().join("a"), folder.path().join("b"));
        let mut capture = capture(&path);
        capture.add(b"one\n").expect("a disk");
        fs::rename(&path, &moved).expect("a disk");
        // It was moved between the write and the answer: nothing is lost.
        capture.settle(b"one\n").expect("a disk");
        assert_eq!(capture.take_reopened(), None);
        fs::write(&path, "else\n").expect("a disk");
        capture.add(b"two\n").expect("a disk");
        assert_eq!(capture.take_reopened(), Some((5, 1)));
        assert_eq!(fs::read_to_string(&moved).expect("a file"), "one\n");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "else\ntwo\n");
    }

    #[test]
    #[cfg(unix)]
    fn what_was_written_to_a_file_that_is_deleted_is_written_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        let mut capture = capture(&path);
        capture.add(b"one\n").expect("a disk");
        fs::remove_file(&path).expect("a disk");
        capture.settle(b"one\n").expect("a disk");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "one\n");
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_cannot_be_opened_anew_is_told_until_it_can() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).expect("a disk");
        let mut capture = capture(&inner.join("a"));
        fs::remove_dir_all(&inner).expect("a disk");
        let error = capture.add(b"one\n").expect_err("there is no folder").to_string();
        assert!(error.contains("moved or deleted") && error.contains("anew: "), "{error}");
        fs::create_dir(&inner).expect("a disk");
        capture.add(b"two\n").expect("a disk");
        assert_eq!(fs::read_to_string(inner.join("a")).expect("a file"), "two\n");
    }
}
