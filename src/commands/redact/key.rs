//! The key of a redaction: from a file, or random.

use std::path::Path;

use anyhow::{Result, anyhow, bail};

use crate::commands::bounded_file::read_bounded;

/// The shortest key in bytes, without white space.
const MIN_LENGTH: usize = 16;
/// The largest key file in bytes.
const MAX_BYTES: u64 = 64 << 10;

/// The key in a file, without white space at its ends; a random key without a file.
///
/// # Errors
/// If the file cannot be read, or is too short or too long for a key, or the system has no random
/// bytes.
pub(super) fn load_key(file: Option<&Path>) -> Result<Vec<u8>> {
    let Some(path) = file else {
        let mut key = vec![0; 32];
        getrandom::fill(&mut key).map_err(|error| anyhow!("cannot make a key: {error}"))?;
        return Ok(key);
    };
    let key = read_bounded(path, MAX_BYTES)?;
    let key = key.trim_ascii();
    if key.iter().filter(|byte| !byte.is_ascii_whitespace()).count() < MIN_LENGTH {
        bail!("the key in {} is too short: it needs {MIN_LENGTH} bytes", path.display());
    }
    Ok(key.to_vec())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn key(bytes: &[u8]) -> Result<Vec<u8>> {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("a disk");
        load_key(Some(file.path()))
    }

    #[test]
    fn a_key_has_sixteen_bytes_and_no_line_end() {
        assert_eq!(key(b"0123456789abcdef\r\n").expect("a key"), b"0123456789abcdef");
        let long = "0123".repeat(20_000);
        for wrong in ["", "0123456789abcde", "a b c d e f g h i j k l", &long] {
            let error = key(wrong.as_bytes()).expect_err("no key").to_string();
            assert!(!error.contains("0123"), "{error}");
        }
        assert!(load_key(Some(Path::new("/no/such/file"))).is_err());
    }

    #[test]
    fn every_run_has_a_key_of_its_own() {
        assert_ne!(load_key(None).expect("chance"), load_key(None).expect("chance"));
    }
}
