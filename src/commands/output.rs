//! Where output goes, decided once.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::is_broken_pipe;
use super::signals::TemporaryFile;

/// An open output.
pub(super) enum Output {
    /// Stdout.
    Stdout(BufWriter<io::Stdout>),
    /// A regular or new file: written beside it, and renamed when whole.
    Beside(BufWriter<TemporaryFile>, PathBuf),
    /// A pipe, a device or a link: written as it is.
    InPlace(BufWriter<File>),
}

/// Opens stdout, or the file at `path`.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn open(path: Option<&Path>) -> Result<Output> {
    let Some(path) = path else {
        return Ok(Output::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())));
    };
    let context = || format!("cannot write {}", path.display());
    let there = fs::symlink_metadata(path);
    if there.as_ref().is_ok_and(|meta| !meta.is_file()) {
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
    builder.permissions(mode(there.ok().as_ref()));
    let file = TemporaryFile::create(builder.prefix(".callscope-"), folder);
    let file = file.with_context(context)?;
    Ok(Output::Beside(BufWriter::new(file), path.to_owned()))
}

/// The mode of the file that is replaced, else what any new file gets.
#[cfg(unix)]
fn mode(there: Option<&fs::Metadata>) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    there.map_or_else(|| fs::Permissions::from_mode(0o666), fs::Metadata::permissions)
}

/// The file whatever way leads to its folder; itself where there is none yet.
pub(super) fn real(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (folder, file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_owned(),
    }
}

impl Output {
    /// Makes what was written final.
    ///
    /// # Errors
    /// When it cannot be flushed or renamed.
    pub(super) fn keep(self) -> Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush().context("cannot write to stdout"),
            Self::InPlace(mut out) => out.flush().context("cannot write the output"),
            Self::Beside(out, path) => {
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
            Self::Beside(out, _) => out.write(bytes),
            Self::InPlace(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Beside(out, _) => out.flush(),
            Self::InPlace(out) => out.flush(),
        }
    }
}

/// Makes the output final once it is printed. A reader that has seen enough and is gone changes
/// nothing about how the run ends.
///
/// # Errors
/// Whatever went wrong before, or when the output cannot be flushed or renamed.
pub(super) fn finish(printed: Result<()>, out: Output) -> Result<()> {
    match printed.and_then(|()| out.keep()) {
        Err(error) if is_broken_pipe(&error) => Ok(()),
        other => other,
    }
}
