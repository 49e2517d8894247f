//! A user and a password, from a file or the environment; never typed and never shown.

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::bounded_file::read_bounded;

/// The variable with `user:password`, unless a file is named.
const VARIABLE: &str = "CALLSCOPE_AUTH";

/// Bytes of the largest file of credentials.
const MAX_CREDENTIALS: u64 = 4 << 10;

/// What Basic authentication (RFC 7617) sends: `Basic` and `user:password` in base64.
#[derive(Clone)]
pub(super) struct Credentials {
    header: String,
}

impl Credentials {
    /// The credentials of a file, or else of the variable; `None` if there is neither.
    ///
    /// # Errors
    /// When the file cannot be read, or the content is not `user:password`.
    pub(super) fn of(file: Option<&Path>) -> Result<Option<Self>> {
        if let Some(path) = file {
            let bytes = read_bounded(path, MAX_CREDENTIALS)?;
            let Ok(text) = std::str::from_utf8(&bytes) else {
                bail!("the credentials in {} are not UTF-8", path.display());
            };
            return Self::parsed(text, &path.display().to_string()).map(Some);
        }
        match std::env::var(VARIABLE) {
            Ok(text) => Self::parsed(&text, VARIABLE).map(Some),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(_) => bail!("{VARIABLE} is not UTF-8"),
        }
    }

    fn parsed(text: &str, holder: &str) -> Result<Self> {
        let text = text.trim_end_matches(['\r', '\n']);
        // Messages do not repeat the text: it is a secret.
        match text.split_once(':') {
            Some((user, _)) if !user.is_empty() && !text.contains(char::is_control) => {
                Ok(Self { header: format!("Basic {}", STANDARD.encode(text)) })
            }
            _ => bail!("the credentials in {holder} are not `user:password` in one line"),
        }
    }

    /// The value of the `Authorization` header.
    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// Whether a request's `Authorization` header has these credentials. The time this takes does not
    /// depend on how much of it is right.
    pub(super) fn admit(&self, header: Option<&[u8]>) -> bool {
        // The scheme is case-insensitive. Hashes compare in constant time.
        let given = header.unwrap_or_default();
        let (scheme, rest) = given.split_at(given.len().min("Basic ".len()));
        let own = &self.header.as_bytes()["Basic ".len()..];
        scheme.eq_ignore_ascii_case(b"Basic ")
            && blake3::hash(rest.trim_ascii()) == blake3::hash(own)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(text: &str) -> Result<Option<Credentials>> {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(text.as_bytes()).expect("a disk");
        Credentials::of(Some(file.path()))
    }

    #[test]
    fn a_file_holds_a_user_and_a_password() {
        // The example of RFC 7617.
        let read = read("Aladdin:open sesame\r\n").expect("credentials").expect("some");
        assert_eq!(read.header(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(format!("{read:?}"), "Credentials");
    }

    #[test]
    fn what_is_no_user_and_password_is_refused_and_not_repeated() {
        for wrong in ["", "\n", "sesame", ":sesame", "a:sesame\nb:sesame"] {
            let error = read(wrong).expect_err("no credentials").to_string();
            assert!(!error.contains("sesame"), "{error}");
        }
        let nowhere = Credentials::of(Some(Path::new("/no/such/file")));
        assert!(nowhere.is_err());
    }

    #[test]
    fn a_longer_file_is_refused_rather_than_read_in_part() {
        let error = read(&format!("ana:sesame\n{}", "\n".repeat(4096))).expect_err("too long");
        let error = error.to_string();
        assert!(error.contains("larger than 4 KiB") && !error.contains("sesame"), "{error}");
    }

    #[test]
    fn only_the_same_user_and_password_are_admitted() {
        let own = read("ana:secret").expect("credentials").expect("some");
        let header = own.header().to_owned();
        assert!(own.admit(Some(header.as_bytes())));
        assert!(own.admit(Some(header.replace("Basic", "bAsIc").as_bytes())));
        let others =
            ["", "Basic", "Basic ", &header[..header.len() - 1], "Bearer YW5hOnNlY3JldA=="];
        for other in others {
            assert!(!own.admit(Some(other.as_bytes())), "{other}");
        }
        assert!(!own.admit(None));
    }
}
