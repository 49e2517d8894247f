//! What was typed as an input → named sources that can be read, and read again.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fmt::Debug;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, anyhow};
use glob::MatchOptions;
use ignore::WalkBuilder;

use super::copied::copied;
use super::expand::{Expanded, Most, Packing, expanded};
use super::kept::Kept;
use super::meter::Meter;
use super::notes::{Notes, Shapes};
use super::pieces::Split;
use super::place::{Encoding, Place, Spots};
use crate::finding::SourceId;

/// Endings of the files that a folder stands for.
const ENDINGS: [&str; 6] = ["json", "jsonl", "ndjson", "log", "har", "txt"];

/// What may stand behind them.
const PACKED: [&str; 2] = ["gz", "zst"];

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
    origin: Origin,
    /// What was read of it so far, where it cannot be read twice at any place: a pipe, or packed
    /// text.
    copy: Option<File>,
}

impl Source {
    /// The file that it is; `None` for stdin, and for a text of our own.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) | Origin::Pipe(path) => Some(path),
            Origin::Stdin | Origin::Memory(_) => None,
        }
    }
}

#[derive(Debug)]
enum Origin {
    File(PathBuf),
    /// Stdin.
    Stdin,
    /// A named pipe or device.
    Pipe(PathBuf),
    /// A text of our own.
    Memory(&'static [u8]),
}

/// A source that is read another time, at any place.
pub(super) trait Again: Read + Seek + Debug {}

impl<T: Read + Seek + Debug> Again for T {}

impl dyn Again {
    /// How its text is written, and how long its byte order mark is.
    pub(super) fn encoding(&mut self) -> io::Result<(Encoding, usize)> {
        Ok(Encoding::sniff(&self.piece(0, 3)?))
    }

    /// The bytes from a place on, as many as there are.
    pub(super) fn piece(&mut self, at: u64, length: u64) -> io::Result<Vec<u8>> {
        self.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        self.take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// All sources of a run, in the order in which they are read.
#[derive(Debug)]
pub struct Sources {
    list: Vec<Source>,
    seen: HashSet<PathBuf>,
    pub(super) most: Most,
    /// How much is kept of a source that cannot be read twice.
    copy: u64,
    /// Bodies that do not stand in their source as they are.
    kept: Kept,
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
        Self { list: Vec::new(), seen, most, copy: COPY, kept, meter }
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
            Origin::File(path.to_owned())
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
        let length = |source: &Source| match &source.origin {
            Origin::File(path) => path.metadata().ok().map(|meta| meta.len()),
            _ => None,
        };
        self.list.iter().map(length).sum()
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

    /// Takes back what was found out about a source.
    pub(super) fn tell(&mut self, id: SourceId, notes: Notes) {
        self.list[id.0 as usize].shapes = notes.shapes;
        self.kept = notes.kept;
        self.kept.settle();
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
    pub(super) fn open(&mut self, id: SourceId) -> io::Result<Expanded<'static>> {
        let (most, copy, meter) = (self.most, self.copy, self.meter.clone());
        let source = &mut self.list[id.0 as usize];
        let (opened, is_file) = match &source.origin {
            Origin::File(path) => (expanded(meter.of(File::open(path)?), most)?, true),
            Origin::Stdin => (expanded(meter.of(io::stdin().lock()), most)?, false),
            Origin::Pipe(path) => (expanded(meter.of(File::open(path)?), most)?, false),
            Origin::Memory(text) => (expanded(*text, most)?, true),
        };
        source.packing = opened.packing;
        if is_file && opened.packing == Packing::Plain {
            return Ok(opened);
        }
        Ok(Expanded { reader: copied(opened.reader, copy, &mut source.copy), ..opened })
    }

    /// The path and length of a source that was opened, if it is to be read in pieces: a long file
    /// that is neither packed nor in UTF-16.
    ///
    /// # Errors
    /// When it cannot be opened again.
    pub(super) fn in_pieces(
        &self,
        id: SourceId,
        split: Split,
    ) -> io::Result<Option<(PathBuf, u64)>> {
        let source = self.source(id);
        let (Origin::File(path), Packing::Plain) = (&source.origin, source.packing) else {
            return Ok(None);
        };
        let length = path.metadata()?.len();
        if !split.is_worth(length) {
            return Ok(None);
        }
        let (encoding, _) = self.again(id)?.encoding()?;
        Ok((encoding == Encoding::Utf8).then(|| (path.clone(), length)))
    }

    /// Reads a webhook body again.
    ///
    /// # Errors
    /// When the source cannot be read again (a pipe or packed text of which no copy could be kept),
    /// or has become shorter.
    pub fn body(&self, place: Place) -> io::Result<Vec<u8>> {
        let mut body = vec![0; place.length as usize];
        if let Some(kept) = place.kept {
            let mut text = self.kept.again()?;
            text.seek(SeekFrom::Start(kept.offset()?))?;
            text.read_exact(&mut body)?;
            return Ok(body);
        }
        let mut text = self.again(place.source)?;
        let (encoding, _) = text.encoding()?;
        text.seek(SeekFrom::Start(place.byte_offset))?;
        encoding.decode(text).read_exact(&mut body)?;
        Ok(body)
    }

    /// Works out spots in the body at `place`.
    ///
    /// # Errors
    /// When the source cannot be opened again.
    pub fn spots(&self, place: Place) -> io::Result<Spots> {
        let (encoding, _) = self.again(place.source)?.encoding()?;
        Ok(Spots::new(place, encoding))
    }

    /// The bodies that are kept, one behind the other.
    ///
    /// # Errors
    /// When there are none.
    pub(super) fn kept(&self) -> io::Result<Box<dyn Again>> {
        self.kept.again()
    }

    /// A source that is read another time, from wherever.
    ///
    /// # Errors
    /// Those of [`Self::body`].
    pub(super) fn again(&self, id: SourceId) -> io::Result<Box<dyn Again>> {
        let source = self.source(id);
        if let Some(copy) = &source.copy {
            return Ok(Box::new(copy.try_clone()?));
        }
        match &source.origin {
            Origin::File(path) if source.packing == Packing::Plain => {
                Ok(Box::new(File::open(path)?))
            }
            Origin::Memory(text) => Ok(Box::new(io::Cursor::new(*text))),
            _ => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}

/// The captures below a folder: links not followed, hidden entries and what `.gitignore` names left
/// out.
fn walk(folder: &Path) -> ignore::Walk {
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).ignore(false).git_global(false).git_exclude(false);
    walk.sort_by_file_path(Path::cmp);
    walk.filter_entry(|entry| {
        is_capture(entry.path()) || !entry.file_type().is_some_and(|kind| kind.is_file())
    });
    walk.build()
}

/// Whether a folder stands for this file too.
fn is_capture(path: &Path) -> bool {
    let ending = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_owned);
    let packed = ending(path).is_some_and(|ending| PACKED.contains(&ending.as_str()));
    let inside = if packed { path.with_extension("") } else { path.to_owned() };
    ending(&inside).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

fn nothing_below(folder: &Path) -> Error {
    anyhow!(
        "no captures below {} (a folder stands for its *.{} files, and those with .gz or .zst)",
        folder.display(),
        ENDINGS.join(" *.")
    )
}

/// The most that is kept of an input that cannot be read twice, and of bodies inside texts.
const COPY: u64 = 1 << 30;
