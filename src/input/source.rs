//! What was typed as an input → named sources that can be read, and read again.

use std::collections::HashSet;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Error, anyhow};
use glob::MatchOptions;

use super::body_reader::{ChangedPlaces, Unpacked};
use super::copied::copied;
use super::expand::{Expanded, Most, Packing, Trouble, expanded};
use super::file_cursor::FileCursor;
use super::kept::Kept;
use super::meter::Meter;
use super::notes::Shapes;
use super::open_files::OpenFiles;
use super::walk::{nothing_below, walk};
use crate::finding::SourceId;

/// One capture to read.
#[derive(Debug)]
pub struct Source {
    /// Its path as shown to people; `-` for stdin.
    pub name: String,
    /// Whether it was found by walking a folder rather than named.
    pub walked: bool,
    /// How it is packed, once it was opened.
    pub packing: Packing,
    /// What its webhooks were found in, once it was read.
    pub shapes: Shapes,
    pub(super) origin: Origin,
    /// What was read of it so far, where it cannot be read twice at any place: a pipe, or packed
    /// text.
    pub(super) copy: Option<Arc<File>>,
}

impl Source {
    /// The file that it is; `None` for stdin, and for a text of our own.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path, _) | Origin::Pipe(path) => Some(path),
            Origin::Stdin | Origin::Memory(_) => None,
        }
    }
}

#[derive(Debug)]
pub(super) enum Origin {
    /// A file, and how long it was when it was named.
    File(PathBuf, u64),
    /// Stdin.
    Stdin,
    /// A named pipe or device.
    Pipe(PathBuf),
    /// A text of our own.
    Memory(&'static [u8]),
}

/// All sources of a run, in the order in which they are read.
#[derive(Debug)]
pub struct Sources {
    list: Vec<Source>,
    seen: HashSet<PathBuf>,
    pub(super) most: Most,
    /// How much is kept of a source that cannot be read twice.
    pub(super) copy: u64,
    /// Packed files of which a copy was made, or would have been.
    copies: AtomicUsize,
    pub(super) unpacked: Unpacked,
    pub(super) files: OpenFiles,
    /// What was no longer the same when it was read a second time.
    pub(super) changed: ChangedPlaces,
    /// Bodies that do not stand in their source as they are.
    pub(super) kept: Kept,
    /// What is read of all.
    pub(super) meter: Meter,
}

impl Default for Sources {
    fn default() -> Self {
        Self::expanding(None)
    }
}

impl Sources {
    /// No sources yet; of each that is packed `most` bytes are taken out.
    #[must_use]
    pub fn expanding(most: Option<u64>) -> Self {
        let (most, kept) = (Most::typed(most), Kept::new(COPY));
        let (seen, meter) = (HashSet::new(), Meter::default());
        Self {
            list: Vec::new(),
            seen,
            most,
            copy: COPY,
            copies: AtomicUsize::new(0),
            unpacked: Unpacked::default(),
            files: OpenFiles::default(),
            changed: ChangedPlaces::default(),
            kept,
            meter,
        }
    }

    /// The same, where every body will be read again: of pipes, packed text and bodies inside
    /// texts all is kept.
    #[must_use]
    pub fn keeping_all(self) -> Self {
        Self { copy: u64::MAX, kept: Kept::new(u64::MAX), ..self }
    }

    /// Adds what `input` stands for: a path, a folder, a glob, or `-` for stdin. A file that an
    /// earlier input named already is not added again. What cannot be read is told to `complain`,
    /// and the rest is added all the same; so is an input that stands for nothing.
    pub fn add(&mut self, input: &Path, complain: &mut dyn FnMut(Error)) {
        if input.as_os_str() == "-" {
            self.add_stdin();
            return;
        }
        match std::fs::metadata(input) {
            Ok(meta) if meta.is_dir() => {
                if self.add_folder(input, complain) == 0 {
                    complain(nothing_below(input));
                }
            }
            Ok(meta) => self.add_file(input, &meta, false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.add_glob(input, complain),
            Err(error) => {
                complain(Error::new(error).context(format!("cannot read {}", input.display())));
            }
        }
    }

    /// Whether a file is one of the sources.
    #[must_use]
    pub fn has(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|path| self.seen.contains(&path))
    }

    fn add_stdin(&mut self) {
        if self.seen.insert(PathBuf::from("-")) {
            self.push("-".into(), false, Origin::Stdin);
        }
    }

    /// Adds a text of our own.
    pub fn add_text(&mut self, name: &str, text: &'static [u8]) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.push(name.into(), false, Origin::Memory(text));
        id
    }

    fn push(&mut self, name: String, walked: bool, origin: Origin) {
        self.list.push(Source {
            name,
            walked,
            packing: Packing::Plain,
            shapes: Shapes::default(),
            origin,
            copy: None,
        });
    }

    fn add_file(&mut self, path: &Path, meta: &Metadata, walked: bool) {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if !self.seen.insert(real) {
            return;
        }
        let name = path.display().to_string();
        let origin = if meta.is_file() {
            Origin::File(path.to_owned(), meta.len())
        } else {
            Origin::Pipe(path.to_owned())
        };
        self.push(name, walked, origin);
    }

    /// Adds a folder's captures in sorted order and says how many it has.
    fn add_folder(&mut self, folder: &Path, complain: &mut dyn FnMut(Error)) -> usize {
        let mut found = 0;
        for entry in walk(folder) {
            let entry = match entry.map(|entry| entry.metadata().map(|meta| (entry, meta))) {
                Ok(Ok(entry)) => entry,
                Ok(Err(error)) | Err(error) => {
                    complain(Error::new(error).context("cannot read a folder"));
                    continue;
                }
            };
            let (entry, meta) = entry;
            if meta.is_file() {
                self.add_file(entry.path(), &meta, true);
                found += 1;
            }
        }
        found
    }

    fn add_glob(&mut self, pattern: &Path, complain: &mut dyn FnMut(Error)) {
        let text = pattern.to_string_lossy();
        if !text.contains(['*', '?', '[']) {
            complain(anyhow!("cannot read {text}: no such file or folder"));
            return;
        }
        // As in a shell, a wildcard does not stand for the dot of a hidden name.
        let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
        let paths = match glob::glob_with(&text, options) {
            Ok(paths) => paths,
            Err(error) => return complain(anyhow!("cannot read {text}: {error}")),
        };
        let mut found = 0;
        for path in paths {
            match path.map_err(Error::new).and_then(|path| {
                let meta = std::fs::metadata(&path);
                Ok((meta.with_context(|| format!("cannot read {}", path.display()))?, path))
            }) {
                Ok((meta, path)) if meta.is_dir() => found += self.add_folder(&path, complain),
                Ok((meta, path)) => {
                    self.add_file(&path, &meta, false);
                    found += 1;
                }
                Err(error) => complain(error),
            }
        }
        if found == 0 {
            complain(anyhow!("no file matches {text}"));
        }
    }

    /// What counts the bytes that are read, packed ones as they are.
    #[must_use]
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// How many bytes there are to be read; `None` where not all sources are files.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.ids().map(|id| self.length_of(id)).sum()
    }

    /// The sources in the order in which they are read.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.list.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The ids of all sources, in the same order.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> + use<> {
        (0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)).map(SourceId)
    }

    /// Hands out what keeps bodies, for as long as a source is read.
    pub(super) fn take_kept(&mut self) -> Kept {
        std::mem::replace(&mut self.kept, Kept::new(0))
    }

    /// Takes back what keeps bodies.
    pub(super) fn keep(&mut self, kept: Kept) {
        self.kept = kept;
        self.kept.settle();
    }

    /// Is told what was found out about a source.
    pub(super) fn tell(&mut self, id: SourceId, told: Told) {
        let source = &mut self.list[id.0 as usize];
        (source.packing, source.shapes) = (told.packing, told.shapes);
        source.copy = told.copy.map(Arc::new);
    }

    /// How long a file was when it was named; `None` for what is no file.
    pub(super) fn length_of(&self, id: SourceId) -> Option<u64> {
        match self.source(id).origin {
            Origin::File(_, length) => Some(length),
            _ => None,
        }
    }

    /// The source of an id that this list gave out.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &Source {
        &self.list[id.0 as usize]
    }

    /// Opens a source. What cannot be read twice at any place is copied to an unnamed temporary
    /// file while it is read, so that [`Self::body`] works for it too.
    ///
    /// # Errors
    /// When the file cannot be opened, or is a folder.
    pub(super) fn open(&self, id: SourceId) -> io::Result<Opened> {
        let origin = &self.source(id).origin;
        let reader: Box<dyn Read + Send> = match origin {
            Origin::File(path, _) => {
                let file = self.file(id, path)?;
                Box::new(self.meter.of(FileCursor::new(file, 0)))
            }
            Origin::Pipe(path) => Box::new(self.meter.of(File::open(path)?)),
            Origin::Stdin => Box::new(self.meter.of(io::stdin())),
            Origin::Memory(text) => Box::new(*text),
        };
        let Expanded { reader, packing, trouble } = expanded(reader, self.most)?;
        let reader = reader.of_length(self.length_of(id));
        let plain = match origin {
            Origin::File(_, length) if packing == Packing::Plain => Some(*length),
            Origin::Memory(text) => Some(text.len() as u64),
            _ => None,
        };
        let (reader, copy) = match plain {
            None if self.grants_copy(origin) => copied(reader, self.copy),
            _ => (Box::new(reader) as _, None),
        };
        Ok(Opened { reader, packing, trouble, length: plain, copy })
    }
}

impl Sources {
    /// The file that a source is read from.
    ///
    /// # Errors
    /// When it cannot be opened, or another file has taken its place while it was read.
    pub(super) fn file(&self, id: SourceId, path: &Path) -> io::Result<Arc<File>> {
        let changed = || io::Error::other("the file was replaced while it was read");
        self.files.get(id, path)?.ok_or_else(changed)
    }

    /// Counts a source among those that want a copy, and says whether it gets one: not where there
    /// are enough, each of which is an open file, and it is a file that can be unpacked again.
    fn grants_copy(&self, origin: &Origin) -> bool {
        let is_file = matches!(origin, Origin::File(..));
        !is_file || self.copies.fetch_add(1, Ordering::Relaxed) < COPIES
    }
}

/// What was found out about a source while it was read.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) packing: Packing,
    pub(super) shapes: Shapes,
    /// The copy that was made of it.
    pub(super) copy: Option<File>,
}

/// A source that was opened.
pub(super) struct Opened {
    pub(super) reader: Box<dyn Read + Send>,
    pub(super) packing: Packing,
    pub(super) trouble: Trouble,
    /// How long it is, where it can be read at any place as it is.
    pub(super) length: Option<u64>,
    /// Where a copy is made of it while it is read, if one is.
    pub(super) copy: Option<File>,
}

/// So many copies of packed files are kept.
const COPIES: usize = 64;

/// The most that is kept of an input that cannot be read twice, and of bodies inside texts.
const COPY: u64 = 1 << 30;
