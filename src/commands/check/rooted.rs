//! Where sources are in the repository that is checked: CI knows files by that.

use std::borrow::Cow;
use std::env;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::input::Source;
use crate::view::findings::Located;

/// What a URI's path may hold as it is, besides letters and digits. A colon could end a scheme.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The root of the repository, and where we stand.
pub(super) struct Rooted {
    here: PathBuf,
    root: PathBuf,
}

impl Rooted {
    /// The nearest folder from here up that has a `.git`, else here.
    pub(super) fn here() -> Self {
        let here = env::current_dir().unwrap_or_default();
        let root = here.ancestors().find(|folder| folder.join(".git").exists());
        let root = root.unwrap_or(&here).to_owned();
        Self { here, root }
    }

    /// What the source is called from the root.
    pub(super) fn located(&self, source: &Source) -> Located {
        let Some(path) = source.path() else {
            // Code scanning takes no result without a file; this one is none of the repository's.
            return Located { path: None, uri: "stdin".into() };
        };
        let whole = plain(&self.here.join(path));
        if let Ok(inside) = whole.strip_prefix(&self.root) {
            return named(inside, "");
        }
        // A link may lead here by another way.
        let real = path.canonicalize().ok();
        match real.as_deref().and_then(|real| real.strip_prefix(&self.root).ok()) {
            Some(inside) => named(inside, ""),
            None => named(&whole, if cfg!(windows) { "file:///" } else { "file://" }),
        }
    }
}

fn named(path: &Path, scheme: &str) -> Located {
    let bytes = bytes(path);
    let encoded = percent_encode(&bytes, ESCAPED);
    let uri = format!("{scheme}{encoded}");
    Located { path: Some(slashed(&path.to_string_lossy()).into_owned()), uri }
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
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
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
        let located = |name: &str| {
            let path = here.join(name);
            std::fs::write(&path, "").expect("a file");
            let mut sources = Sources::default();
            sources.add(&path, &mut |error| unreachable!("{error}"));
            let rooted = Rooted { here: here.clone(), root: root.clone() };
            rooted.located(sources.iter().next().expect("a source"))
        };
        assert_eq!(located("a b:ü%.ndjson").uri, "ci/a%20b%3A%C3%BC%25.ndjson");
        assert_eq!(located("../x.ndjson").path.as_deref(), Some("x.ndjson"));
        let outside = located("../../y.ndjson");
        assert!(outside.uri.starts_with("file:///") && outside.uri.ends_with("/y.ndjson"));
    }
}
