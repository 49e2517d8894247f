//! Reads small files whole: settings, keys, credentials.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The content of a file, a pipe or a device of at most `limit` bytes. No more than that is read.
///
/// # Errors
/// When it cannot be read, or is longer. The message names the path and nothing of the content.
pub(super) fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    // Not by the size in the metadata: devices and pipes have none, and files grow.
    File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut content))
        .with_context(|| format!("cannot read {}", path.display()))?;
    if content.len() as u64 > limit {
        let limit = size(limit);
        bail!("{} is larger than {limit}, the limit for a file of this kind", path.display());
    }
    Ok(content)
}

/// A number of bytes in its largest whole unit, like `16 MiB`.
pub(super) fn size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units.iter().find(|(shift, _)| bytes > 0 && bytes.trailing_zeros() >= *shift);
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(shift, unit)| format!("{} {unit}", bytes >> shift),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_at_the_limit_is_read_and_a_longer_one_is_refused_by_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        fs::write(&path, [b'x'; 1024]).expect("a file");
        assert_eq!(read_bounded(&path, 1024).expect("at the limit"), [b'x'; 1024]);
        fs::write(&path, [b'x'; 1025]).expect("a file");
        let error = read_bounded(&path, 1024).expect_err("too long").to_string();
        assert!(error.contains("key is larger than 1 KiB"), "{error}");
        assert!(!error.contains("xxx"), "{error}");
        let error = read_bounded(&folder.path().join("none"), 1024).expect_err("no file");
        assert!(error.to_string().starts_with("cannot read "), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_device_without_end_is_refused() {
        let error = read_bounded(Path::new("/dev/zero"), 1 << 16).expect_err("no end");
        assert!(error.to_string().contains("larger than 64 KiB"), "{error}");
    }

    #[test]
    fn a_size_is_shown_in_its_largest_whole_unit() {
        let sizes = [1 << 12, 16 << 20, 4 << 30, 1025, 0].map(size);
        assert_eq!(sizes, ["4 KiB", "16 MiB", "4 GiB", "1025 bytes", "0 bytes"]);
    }
}
