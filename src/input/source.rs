//! What was typed as an input → named sources that can be read, and read again.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use ignore::WalkBuilder;
use ignore::types::TypesBuilder;

use super::place::{Encoding, Place};
use crate::finding::SourceId;

/// Endings of the files that a folder stands for.
const ENDINGS: [&str; 6] = ["json", "jsonl", "ndjson", "log", "har", "txt"];

/// One capture to read.
#[derive(Debug)]
pub struct Source {
    /// Its path as shown to people; `-` for stdin.
    pub name: String,
    /// Whether it was found by walking a folder rather than named.
    pub walked: bool,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    File(PathBuf),
    /// Stdin, and what was read of it so far, since a pipe cannot be read twice.
    Stdin(Option<File>),
}

/// All sources of a run, in the order in which they are read.
#[derive(Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
    seen: HashSet<PathBuf>,
}

impl Sources {
    /// Adds what `input` stands for: a path, a folder, a glob, or `-` for stdin. A file that an
    /// earlier input named already is not added again.
    ///
    /// # Errors
    /// When there is no such path and no file that the glob matches, or the folder holds no capture.
    pub fn add(&mut self, input: &Path) -> Result<()> {
        if input.as_os_str() == "-" {
            self.add_stdin();
            return Ok(());
        }
        match std::fs::metadata(input) {
            Ok(meta) if meta.is_dir() => match self.add_folder(input)? {
                0 => bail!(
                    "no captures below {} (a folder stands for its *.{} files)",
                    input.display(),
                    ENDINGS.join(" *.")
                ),
                _ => Ok(()),
            },
            Ok(_) => {
                self.add_file(input, false);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.add_glob(input),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", input.display())),
        }
    }

    fn add_stdin(&mut self) {
        if self.seen.insert(PathBuf::from("-")) {
            self.list.push(Source { name: "-".into(), walked: false, origin: Origin::Stdin(None) });
        }
    }

    fn add_file(&mut self, path: &Path, walked: bool) {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.seen.insert(real) {
            self.list.push(Source {
                name: path.display().to_string(),
                walked,
                origin: Origin::File(path.to_owned()),
            });
        }
    }

    /// Adds a folder's captures in sorted order and says how many it has.
    fn add_folder(&mut self, folder: &Path) -> Result<usize> {
        let mut types = TypesBuilder::new();
        for ending in ENDINGS {
            types.add("capture", &format!("*.{ending}"))?;
        }
        let walk = WalkBuilder::new(folder)
            .types(types.select("capture").build()?)
            .require_git(false)
            .sort_by_file_path(Path::cmp)
            .build();
        let mut found = 0;
        for entry in walk {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            if entry.file_type().is_some_and(|kind| kind.is_file()) {
                self.add_file(entry.path(), true);
                found += 1;
            }
        }
        Ok(found)
    }

    fn add_glob(&mut self, pattern: &Path) -> Result<()> {
        let text = pattern.to_str().unwrap_or_default();
        if !text.contains(['*', '?', '[']) {
            bail!("cannot read {}: no such file or folder", pattern.display());
        }
        let paths = glob::glob(text).map_err(|error| anyhow!("cannot read {text}: {error}"))?;
        let mut found = false;
        for path in paths {
            let path = path.with_context(|| format!("cannot read {text}"))?;
            found = true;
            if path.is_dir() {
                self.add_folder(&path)?;
            } else {
                self.add_file(&path, false);
            }
        }
        if !found {
            bail!("no file matches {text}");
        }
        Ok(())
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

    /// The source of an id that this list gave out.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &Source {
        &self.list[id.0 as usize]
    }

    /// Opens a source. A stdin that cannot be read twice is copied to an unnamed temporary file
    /// while it is read, so that [`Self::body`] works for it too.
    ///
    /// # Errors
    /// When the file cannot be opened, or is a folder.
    pub(crate) fn open(&mut self, id: SourceId) -> io::Result<Box<dyn Read>> {
        let source = &mut self.list[id.0 as usize];
        match &mut source.origin {
            Origin::File(path) => Ok(Box::new(File::open(path)?)),
            Origin::Stdin(copy) => {
                // Without room for a copy the input is read all the same; see `Sources::body`.
                let Ok(file) = tempfile::tempfile() else {
                    return Ok(Box::new(io::stdin().lock()));
                };
                *copy = Some(file.try_clone()?);
                Ok(Box::new(Copied { from: io::stdin().lock(), to: Some(file) }))
            }
        }
    }

    /// Reads a webhook body again.
    ///
    /// # Errors
    /// When the source cannot be read again (a stdin of which no copy could be kept), or has become
    /// shorter.
    pub fn body(&self, place: Place) -> io::Result<Vec<u8>> {
        let file = match &self.source(place.source).origin {
            Origin::File(path) => File::open(path)?,
            Origin::Stdin(Some(copy)) => copy.try_clone()?,
            Origin::Stdin(None) => return Err(io::ErrorKind::NotSeekable.into()),
        };
        read_at(file, place)
    }
}

fn read_at(mut file: File, place: Place) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(3).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(place.byte_offset))?;
    let (encoding, _) = Encoding::sniff(&head);
    let mut body = vec![0; place.length as usize];
    encoding.decode(file).read_exact(&mut body)?;
    Ok(body)
}

/// A reader that keeps a copy of what passes through, until the copy has no room left.
struct Copied<R> {
    from: R,
    to: Option<File>,
}

impl<R: Read> Read for Copied<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        if let Some(to) = &mut self.to
            && to.write_all(&buffer[..read]).is_err()
        {
            self.to = None;
        }
        Ok(read)
    }
}
