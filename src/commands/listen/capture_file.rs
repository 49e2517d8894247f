//! The file of the capture, which somebody may move or delete while it is written, or stdout.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::shutdown::WriteClock;
use crate::args::Listen;
use crate::commands::append_file::AppendFile;

/// How often lines are written again whose file was deleted before they were answered.
const ATTEMPTS: usize = 3;

pub(super) struct CaptureFile {
    lines: AppendFile,
    /// `None` for stdout.
    path: Option<PathBuf>,
    /// Whether lines are on the disk before they are answered.
    sync: bool,
    /// Times writes to a pipe or a device.
    clock: WriteClock,
    /// Bytes and lines of a file that was just opened.
    opened: Option<(u64, u64)>,
}

impl CaptureFile {
    /// # Errors
    /// When the file cannot be opened, or another run adds to it.
    pub(super) fn open(args: &Listen, clock: WriteClock) -> Result<Self> {
        let Listen { out: path, sync, .. } = args;
        let (lines, length) = match path {
            None => (AppendFile::stdout(), (0, 0)),
            Some(path) if path.as_os_str() == "-" => {
                bail!(
                    "cannot write to a file of the name -: without --out the capture goes to stdout"
                )
            }
            Some(path) => {
                let opened = open(path, *sync);
                opened.with_context(|| format!("cannot write {}", path.display()))?
            }
        };
        Ok(Self { lines, path: path.clone(), sync: *sync, clock, opened: Some(length) })
    }

    /// Opens the path again if its file was moved or deleted.
    ///
    /// # Errors
    /// When it cannot be opened: the former file then stays open.
    pub(super) fn follow_path(&mut self) -> io::Result<()> {
        match &self.path {
            Some(path) if !self.lines.is_at(path) => self.reopen(),
            _ => Ok(()),
        }
    }

    /// Bytes and lines of the file that was opened since this was last called, if one was.
    pub(super) fn take_opened(&mut self) -> Option<(u64, u64)> {
        self.opened.take()
    }

    /// Adds lines to the file that the path names now.
    ///
    /// # Errors
    /// When they cannot be written: none of them is then in the file.
    pub(super) fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        self.follow_path()?;
        if self.lines.is_file() {
            self.lines.add(lines)
        } else {
            self.clock.time(|| self.lines.add(lines))
        }
    }

    /// Makes sure that the lines added last may be answered: with `--sync` they are on the disk, and
    /// their file was not deleted meanwhile. (A file that was moved still has them.)
    ///
    /// # Errors
    /// When they may be lost.
    pub(super) fn secure(&mut self, lines: &[u8]) -> io::Result<()> {
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
            open(path, self.sync)
        };
        let (lines, length) = opened.map_err(|error| {
            let why = format!(
                "its file was moved or deleted, and its name cannot be opened anew: {error}"
            );
            io::Error::new(error.kind(), why)
        })?;
        (self.lines, self.opened) = (lines, Some(length));
        Ok(())
    }
}

/// Opens a file. Returns its bytes and lines too.
fn open(path: &Path, sync: bool) -> io::Result<(AppendFile, (u64, u64))> {
    let lines = AppendFile::open(path)?;
    // The name of a new file is on the disk only when its folder is.
    if sync && cfg!(unix) && path.metadata()?.is_file() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    // A file that may be written need not be readable: rows then count from this run.
    Ok((lines, length(path).unwrap_or_default()))
}

/// Bytes and lines of a file. A last line that is torn counts as ended: [`AppendFile`] ends it.
fn length(path: &Path) -> io::Result<(u64, u64)> {
    if !path.metadata()?.is_file() {
        return Ok((0, 0));
    }
    let mut file = File::open(path)?;
    let (mut bytes, mut lines, mut last) = (0, 0, b'\n');
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(end) = buffer[..read].last() else {
            break;
        };
        bytes += read as u64;
        lines += memchr::memchr_iter(b'\n', &buffer[..read]).count() as u64;
        last = *end;
    }
    let torn = u64::from(last != b'\n');
    Ok((bytes + torn, lines + torn))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn capture(path: &Path) -> CaptureFile {
        let (lines, _) = open(path, false).expect("a disk");
        let path = Some(path.to_owned());
        CaptureFile { lines, path, sync: true, clock: WriteClock::default(), opened: None }
    }

    #[test]
    fn a_file_that_was_moved_keeps_what_it_has_and_the_name_is_opened_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, moved) = (folder.path().join("a"), folder.path().join("b"));
        let mut capture = capture(&path);
        capture.add(b"one\n").expect("a disk");
        fs::rename(&path, &moved).expect("a disk");
        // It was moved between the write and the answer: nothing is lost.
        capture.secure(b"one\n").expect("a disk");
        assert_eq!(capture.take_opened(), None);
        fs::write(&path, "else\n").expect("a disk");
        capture.add(b"two\n").expect("a disk");
        assert_eq!(capture.take_opened(), Some((5, 1)));
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
        capture.secure(b"one\n").expect("a disk");
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
