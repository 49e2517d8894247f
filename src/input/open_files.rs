//! Input files, opened once and kept open.
//!
//! A file that was rotated or deleted stays readable while it is open. One that had to be closed is
//! opened again only if it is provably the same file.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::file_cursor::FileCursor;
use crate::digest::Digest;
use crate::finding::SourceId;

/// The most files that are kept open at a time.
const MAX_OPEN: usize = 256;

/// How much of a file's beginning must be unchanged when it is opened again.
const HEAD: u64 = 4096;

/// The open files of a run, and what identifies those that were closed.
#[derive(Debug)]
pub(super) struct OpenFiles {
    max_open: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The least recently used first.
    open: Vec<(SourceId, Arc<File>)>,
    identities: HashMap<SourceId, FileIdentity>,
}

/// What a file that is opened again must still be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileIdentity {
    inode: Inode,
    /// Bytes of the head when the file was opened first: a file may have grown since.
    head_length: u64,
    head: Digest,
}

impl Default for OpenFiles {
    fn default() -> Self {
        Self { max_open: max_open(), state: Mutex::default() }
    }
}

impl OpenFiles {
    /// The file at `path`, which is the source `id`. `None` where the path now leads to another file
    /// than when it was opened first, or nowhere.
    ///
    /// # Errors
    /// When the file cannot be opened or read.
    pub(super) fn get(&self, id: SourceId, path: &Path) -> io::Result<Option<Arc<File>>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = state.open.iter().position(|(open, _)| *open == id) {
            let used = state.open.remove(at);
            let file = used.1.clone();
            state.open.push(used);
            return Ok(Some(file));
        }
        let known = state.identities.get(&id).copied();
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && known.is_some() => {
                return Ok(None);
            }
            file => Arc::new(file?),
        };
        let head_length = known.map_or(HEAD, |known| known.head_length);
        let identity = FileIdentity::of(&file, head_length)?;
        if known.is_some_and(|known| known != identity) {
            return Ok(None);
        }
        state.identities.insert(id, identity);
        if state.open.len() >= self.max_open {
            state.open.remove(0);
        }
        state.open.push((id, file.clone()));
        Ok(Some(file))
    }
}

impl FileIdentity {
    /// The identity of an open file, of which at most `head_length` bytes of the head count.
    fn of(file: &Arc<File>, head_length: u64) -> io::Result<Self> {
        let mut head = Vec::new();
        FileCursor::new(file.clone(), 0).take(head_length).read_to_end(&mut head)?;
        Ok(Self {
            inode: inode(&file.metadata()?),
            head_length: head.len() as u64,
            head: Digest::of(&head),
        })
    }
}

/// Device and inode; nothing where the system has none.
#[cfg(unix)]
type Inode = (u64, u64);
#[cfg(not(unix))]
type Inode = ();

#[cfg(unix)]
fn inode(meta: &Metadata) -> Inode {
    use std::os::unix::fs::MetadataExt;
    (meta.dev(), meta.ino())
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> Inode {}

/// [`MAX_OPEN`], or a quarter of what the system allows if that is less: outputs, copies and sockets
/// need room too.
#[cfg(unix)]
fn max_open() -> usize {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let limit = limit.and_then(|limit| usize::try_from(limit / 4).ok());
    limit.map_or(MAX_OPEN, |limit| limit.clamp(1, MAX_OPEN))
}

#[cfg(not(unix))]
fn max_open() -> usize {
    MAX_OPEN
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn files(max_open: usize) -> OpenFiles {
        OpenFiles { max_open, state: Mutex::default() }
    }

    fn text(file: Option<Arc<File>>) -> Option<String> {
        let mut text = String::new();
        FileCursor::new(file?, 0).read_to_string(&mut text).expect("a disk");
        Some(text)
    }

    #[test]
    fn a_file_stays_readable_after_it_was_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log");
        fs::write(&path, "one").expect("a disk");
        let files = files(2);
        assert!(files.get(SourceId(0), &path).expect("a file").is_some());
        fs::rename(&path, folder.path().join("log.1")).expect("a disk");
        fs::write(&path, "two").expect("a disk");
        assert_eq!(text(files.get(SourceId(0), &path).expect("a file")).as_deref(), Some("one"));
    }

    #[test]
    fn a_closed_file_is_opened_again_only_if_it_is_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ["a", "b", "c"].map(|name| folder.path().join(name));
        let files = files(1);
        let get = |nth: usize| {
            let id = SourceId(u32::try_from(nth).expect("few"));
            text(files.get(id, &paths[nth]).expect("a file"))
        };
        for path in &paths {
            fs::write(path, "text").expect("a disk");
        }
        assert!((0..3).all(|nth| get(nth).is_some()));
        // It grew, it was rewritten, it is gone.
        fs::write(&paths[0], "text and more").expect("a disk");
        assert_eq!(get(0).as_deref(), Some("text and more"));
        fs::write(&paths[1], "TEXT").expect("a disk");
        assert_eq!(get(1), None);
        fs::remove_file(&paths[2]).expect("a disk");
        get(0);
        assert_eq!(get(2), None);
    }
}
