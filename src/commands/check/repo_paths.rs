//! Paths of sources from the root of the repository, by which CI knows files.

use std::borrow::Cow;
use std::env;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::input::Source;
use crate::view::findings::SourceLocation;

/// What is escaped in a URI's path. A colon is: before it could be a scheme.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) struct RepoPaths {
    working_folder: PathBuf,
    root: PathBuf,
}

impl RepoPaths {
    /// Takes as root the nearest folder at or above the working folder that has a `.git`, else the
    /// working folder.
    pub(super) fn from_working_folder() -> Self {
        let working_folder = env::current_dir().unwrap_or_default();
        let root = working_folder.ancestors().find(|folder| folder.join(".git").exists());
        let root = root.unwrap_or(&working_folder).to_owned();
        Self { working_folder, root }
    }

    /// The path of a source from the root; absolute outside of it.
    pub(super) fn location(&self, source: &Source) -> SourceLocation {
        let Some(path) = source.path() else {
            // Code scanning accepts no result without a file, so stdin gets a name that no file
            // has.
            return SourceLocation { path: None, uri: "stdin".into() };
        };
        let whole = normalized(&self.working_folder.join(path));
        if let Ok(inside) = whole.strip_prefix(&self.root) {
            return with_uri(inside, "");
        }
        // A symbolic link may lead into the repository by another path.
        let real = path.canonicalize().ok();
        match real.as_deref().and_then(|real| real.strip_prefix(&self.root).ok()) {
            Some(inside) => with_uri(inside, ""),
            None => with_uri(&whole, if cfg!(windows) { "file:///" } else { "file://" }),
        }
    }
}

fn with_uri(path: &Path, scheme: &str) -> SourceLocation {
    let bytes = bytes(path);
    let encoded = percent_encode(&bytes, ESCAPED);
    let uri = format!("{scheme}{encoded}");
    SourceLocation { path: Some(slashed(&path.to_string_lossy()).into_owned()), uri }
}

#[cfg(unix)]
fn bytes(path: &Path) -> Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt;
    Cow::Borrowed(path.as_os_str().as_bytes())
}

#[cfg(not(unix))]
fn bytes(path: &Path) -> Cow<'_, [u8]> {
    Cow::Owned(slashed(&path.to_string_lossy()).into_owned().into_bytes())
}

/// The path with forward slashes.
fn slashed(path: &str) -> Cow<'_, str> {
    if cfg!(windows) { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}

/// The path without `.` and `..`.
fn normalized(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normalized.pop();
            }
            other => normalized.push(other),
        }
    }
    normalized
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::input::Sources;

    #[test]
    fn a_source_is_named_from_the_root_of_its_repository() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a path").join("repo");
        let here = root.join("ci");
        std::fs::create_dir_all(&here).expect("a folder");
        let location = |name: &str| {
            let path = here.join(name);
            std::fs::write(&path, "").expect("a file");
            let mut sources = Sources::default();
            sources.add(&path, &mut |error| unreachable!("{error}"));
            let paths = RepoPaths { working_folder: here.clone(), root: root.clone() };
            paths.location(sources.iter().next().expect("a source"))
        };
        assert_eq!(location("a b:ü%.ndjson").uri, "ci/a%20b%3A%C3%BC%25.ndjson");
        assert_eq!(location("../x.ndjson").path.as_deref(), Some("x.ndjson"));
        let outside = location("../../y.ndjson");
        assert!(outside.uri.starts_with("file:///") && outside.uri.ends_with("/y.ndjson"));
    }
}
