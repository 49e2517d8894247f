//! The key of a redaction: from a file, or made on the spot.

use std::path::Path;

use anyhow::{Result, anyhow, bail};

use crate::commands::bounded_file::read_bounded;

/// How long a key has to be, blanks aside; and the largest file of a key.
const SHORTEST: usize = 16;
const LONGEST: u64 = 64 << 10;

/// The key that a file holds, what is blank at its ends aside; without a file, one that nobody
/// knows.
///
/// # Errors
/// When the file cannot be read, or holds too little or too much for a key, or there is no chance.
pub(super) fn of(file: Option<&Path>) -> Result<Vec<u8>> {
    let Some(path) = file else {
        let mut key = vec![0; 32];
        getrandom::fill(&mut key).map_err(|error| anyhow!("cannot make a key: {error}"))?;
        return Ok(key);
    };
    let key = read_bounded(path, LONGEST)?;
    let key = key.trim_ascii();
    if key.iter().filter(|byte| !byte.is_ascii_whitespace()).count() < SHORTEST {
        bail!("the key in {} is too short: it needs {SHORTEST} bytes", path.display());
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
        of(Some(file.path()))
    }

    #[test]
    fn a_key_has_sixteen_bytes_and_no_line_end() {
        assert_eq!(key(b"0123456789abcdef\r\n").expect("a key"), b"0123456789abcdef");
        let long = "0123".repeat(20_000);
        for wrong in ["", "0123456789abcde", "a b c d e f g h i j k l", &long] {
            let error = key(wrong.as_bytes()).expect_err("no key").to_string();
            assert!(!error.contains("0123"), "{error}");
        }
        assert!(of(Some(Path::new("/no/such/file"))).is_err());
    }

    #[test]
    fn every_run_has_a_key_of_its_own() {
        assert_ne!(of(None).expect("chance"), of(None).expect("chance"));
    }
}
