//! Appends lines to a file or to stdout: each whole or, as far as the system allows, not at all.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

#[derive(Debug)]
pub(super) struct AppendFile {
    out: Out,
    /// Whether the last line broke off and could not be removed: the next write ends it first.
    torn: bool,
}

#[derive(Debug)]
enum Out {
    /// A regular file, locked against other runs.
    File(File),
    /// A pipe or a device.
    Stream(File),
    Stdout(io::Stdout),
}

impl AppendFile {
    pub(super) fn stdout() -> Self {
        Self { out: Out::Stdout(io::stdout()), torn: false }
    }

    /// Opens or creates a file.
    ///
    /// # Errors
    /// When it cannot be opened, or another run adds to it.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Self::open_with(path, File::options())
    }

    /// Opens or creates a file that only its owner may read and write.
    ///
    /// # Errors
    /// When it cannot be opened or made private, or another run adds to it.
    pub(super) fn open_private(path: &Path) -> io::Result<Self> {
        let mut options = File::options();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE);
        let opened = Self::open_with(path, options)?;
        #[cfg(unix)]
        if let Out::File(file) = &opened.out {
            make_private(file)?;
        }
        Ok(opened)
    }

    fn open_with(path: &Path, mut options: OpenOptions) -> io::Result<Self> {
        let is_regular = path.metadata().map_or(true, |there| there.is_file());
        options.append(true).create(true).read(is_regular);
        let mut file = options.open(path)?;
        if !is_regular {
            return Ok(Self { out: Out::Stream(file), torn: false });
        }
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, "another run adds to it"));
        }
        let torn = is_torn(&mut file)?;
        Ok(Self { out: Out::File(file), torn })
    }

    /// Adds lines, each with its line feed.
    ///
    /// # Errors
    /// When they cannot be written: a file then keeps its length.
    pub(super) fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        let ended;
        let lines = if self.torn {
            ended = [b"\n", lines].concat();
            &ended
        } else {
            lines
        };
        // Not remembered from the last write: somebody may have truncated the file since.
        let length = self.length()?;
        let written = match &mut self.out {
            Out::File(file) | Out::Stream(file) => file.write_all(lines),
            Out::Stdout(out) => out.write_all(lines).and_then(|()| out.flush()),
        };
        match (&written, &self.out) {
            (Ok(()), _) => self.torn = false,
            (Err(_), Out::File(file)) => self.torn |= file.set_len(length).is_err(),
            (Err(_), _) => self.torn = true,
        }
        written
    }

    /// Bytes of a file; 0 for a pipe, a device or stdout.
    ///
    /// # Errors
    /// When the system does not say.
    pub(super) fn length(&self) -> io::Result<u64> {
        match &self.out {
            Out::File(file) => Ok(file.metadata()?.len()),
            Out::Stream(_) | Out::Stdout(_) => Ok(0),
        }
    }

    /// Truncates a file to a length at which a line ends.
    ///
    /// # Errors
    /// When the file is unchanged.
    pub(super) fn truncate(&mut self, length: u64) -> io::Result<()> {
        if let Out::File(file) = &self.out {
            file.set_len(length)?;
            self.torn = false;
        }
        Ok(())
    }

    /// Waits until all lines of a file are on the disk.
    ///
    /// # Errors
    /// When they may not be.
    pub(super) fn sync(&self) -> io::Result<()> {
        match &self.out {
            Out::File(file) => file.sync_data(),
            Out::Stream(_) | Out::Stdout(_) => Ok(()),
        }
    }

    /// Whether it is a regular file.
    #[cfg(feature = "net")]
    pub(super) fn is_file(&self) -> bool {
        matches!(self.out, Out::File(_))
    }

    /// Whether a path still names the open file; `false` if that cannot be found out. Always `true`
    /// for stdout.
    #[cfg(feature = "net")]
    pub(super) fn is_at(&self, path: &Path) -> bool {
        match &self.out {
            Out::File(file) | Out::Stream(file) => is_same(file, path).unwrap_or(false),
            Out::Stdout(_) => true,
        }
    }

    /// Whether the file was deleted, so that nobody will ever read it.
    ///
    /// # Errors
    /// When the system does not say.
    #[cfg(feature = "net")]
    pub(super) fn is_deleted(&self) -> io::Result<bool> {
        match &self.out {
            #[cfg(unix)]
            Out::File(file) => {
                use std::os::unix::fs::MetadataExt;
                Ok(file.metadata()?.nlink() == 0)
            }
            _ => Ok(false),
        }
    }
}

/// Whether a path names an open file.
#[cfg(all(unix, feature = "net"))]
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (open, named) = (file.metadata()?, path.metadata()?);
    Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
}

/// Whether a path names an open file.
#[cfg(all(not(unix), feature = "net"))]
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    use same_file::Handle;
    Ok(Handle::from_file(file.try_clone()?)? == Handle::from_path(path)?)
}

#[cfg(unix)]
const PRIVATE: u32 = 0o600;

/// Sets the mode, and checks that the file system keeps it.
#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let is_private =
        || Ok::<_, io::Error>(file.metadata()?.permissions().mode() & 0o7777 == PRIVATE);
    if !is_private()? {
        file.set_permissions(PermissionsExt::from_mode(PRIVATE))?;
    }
    if is_private()? { Ok(()) } else { Err(io::Error::other("its mode cannot be set to 0600")) }
}

/// Whether a file ends within a line.
fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_line_that_broke_off_is_ended_before_the_next() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log");
        fs::write(&path, "one\nhal").expect("a disk");
        let mut lines = AppendFile::open(&path).expect("a file");
        lines.add(b"two\n").expect("a disk");
        lines.add(b"three\n").expect("a disk");
        lines.sync().expect("a disk");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "one\nhal\ntwo\nthree\n");
    }

    #[test]
    #[cfg(unix)]
    fn a_private_file_is_for_its_owner_alone_also_where_it_was_for_all() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().expect("a folder");
        let mode = |path: &Path| path.metadata().expect("a file").permissions().mode() & 0o7777;
        let (new, old) = (folder.path().join("new"), folder.path().join("old"));
        fs::write(&old, "one\n").expect("a disk");
        fs::set_permissions(&old, PermissionsExt::from_mode(0o666)).expect("our own file");
        for path in [&new, &old] {
            AppendFile::open_private(path).expect("a file").add(b"two\n").expect("a disk");
            assert_eq!(mode(path), 0o600);
        }
        assert_eq!(fs::read_to_string(&old).expect("a file"), "one\ntwo\n");
        // What is no regular file keeps its mode.
        AppendFile::open_private(Path::new("/dev/null")).expect("a device");
        assert_ne!(mode(Path::new("/dev/null")), 0o600);
    }

    #[test]
    fn two_runs_do_not_add_to_one_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log");
        let first = AppendFile::open(&path).expect("a file");
        let error = AppendFile::open(&path).expect_err("it is taken").to_string();
        assert!(error.ends_with("another run adds to it"), "{error}");
        drop(first);
        AppendFile::open(&path).expect("it is free again");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_device_that_takes_nothing_says_so_each_time() {
        let mut lines = AppendFile::open(Path::new("/dev/full")).expect("a device");
        for _ in 0..2 {
            let error = lines.add(b"one\n").expect_err("it is full");
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        }
        lines.sync().expect("it has no disk");
    }
}
