//! The one place that opens, writes and finishes outputs.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, bail};
use serde::Serialize;

use super::is_broken_pipe;
use super::signals::TemporaryFile;
use crate::view::report::json;

/// An open output.
pub(super) enum Output {
    Stdout(BufWriter<io::Stdout>),
    /// A regular or new file. A temporary file in its folder is renamed to it once it is complete,
    /// so that a run that fails leaves the old file unchanged.
    Replaced(BufWriter<TemporaryFile>, PathBuf),
    /// A pipe, a device or a link, which cannot be replaced by renaming.
    InPlace(BufWriter<File>),
}

/// Opens stdout, or the file at `path`.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn open(path: Option<&Path>) -> Result<Output> {
    let Some(path) = path else {
        return Ok(Output::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())));
    };
    let context = || format!("cannot write {}", path.display());
    let existing = fs::symlink_metadata(path);
    if existing.as_ref().is_ok_and(|meta| !meta.is_file()) {
        let file = File::options().write(true).create(true).truncate(true).open(path);
        return Ok(Output::InPlace(BufWriter::new(file.with_context(context)?)));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        bail!("cannot write {}: there is no folder {}", path.display(), folder.display());
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(mode(existing.ok().as_ref()));
    let file = TemporaryFile::create(builder.prefix(".callscope-"), folder);
    let file = file.with_context(context)?;
    Ok(Output::Replaced(BufWriter::new(file), path.to_owned()))
}

/// The mode of the file that is replaced, else that of any new file.
#[cfg(unix)]
fn mode(existing: Option<&fs::Metadata>) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    existing.map_or_else(|| fs::Permissions::from_mode(0o666), fs::Metadata::permissions)
}

/// The file with the canonical path of its folder, which need not hold it yet: equal for all paths
/// that lead to the file.
pub(super) fn real(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (folder, file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_owned(),
    }
}

impl Output {
    /// Makes final what was written.
    ///
    /// # Errors
    /// If it cannot be flushed or renamed.
    pub(super) fn keep(self) -> Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush().context("cannot write to stdout"),
            Self::InPlace(mut out) => out.flush().context("cannot write the output"),
            Self::Replaced(out, path) => {
                let context = || format!("cannot write {}", path.display());
                let file = out.into_inner().with_context(context)?;
                file.persist(&path).with_context(context)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Replaced(out, _) => out.write(bytes),
            Self::InPlace(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Replaced(out, _) => out.flush(),
            Self::InPlace(out) => out.flush(),
        }
    }
}

/// Opens stdout or the file at `path`, prints to it and makes it final.
///
/// # Errors
/// If the output cannot be opened or written. A reader of stdout that is gone is no error.
pub(super) fn print_to<E: Into<Error>>(
    path: Option<&Path>,
    print: impl FnOnce(&mut Output) -> Result<(), E>,
) -> Result<()> {
    let mut out = open(path)?;
    let printed = print(&mut out).map_err(Into::into);
    finish(printed.context("cannot write the output"), out)
}

/// Makes an output final once it is printed. That its reader has read enough and is gone does not
/// change how the run ends.
///
/// # Errors
/// The failure of `printed`, or if the output cannot be flushed or renamed.
pub(super) fn finish(printed: Result<()>, out: Output) -> Result<()> {
    match printed.and_then(|()| out.keep()) {
        Err(error) if is_broken_pipe(&error) => Ok(()),
        other => other,
    }
}

/// Writes a whole file.
///
/// # Errors
/// If it cannot be written.
pub(super) fn write_file(path: &Path, content: &[u8]) -> Result<()> {
    let mut out = open(Some(path))?;
    let written = out.write_all(content).and_then(|()| out.flush());
    written.with_context(|| format!("cannot write {}", path.display()))?;
    out.keep()
}

/// Writes the figures of a run to the file that `--summary` names, if it names one.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn write_summary(path: Option<&Path>, summary: &impl Serialize) -> Result<()> {
    let Some(path) = path else {
        return Ok(());
    };
    let mut line = Vec::new();
    json(&mut line, summary)?;
    line.push(b'\n');
    write_file(path, &line)
}
