//! Where requests go.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

/// An absolute `http` or `https` URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Uri);

impl Endpoint {
    /// Reads a URL.
    ///
    /// # Errors
    /// With what is wrong with it, in words that do not repeat it: it may hold a password.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "it is no URL")?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err("it begins with neither http:// nor https://");
        }
        match uri.authority() {
            None => Err("it names no host"),
            Some(authority) if authority.as_str().contains('@') => Err(
                "credentials belong into a file that --auth-file names, or into CALLSCOPE_AUTH, \
                 not into a URL",
            ),
            Some(authority) if authority.host().is_empty() => Err("it names no host"),
            Some(_) => Ok(Self(uri)),
        }
    }

    /// The URL as a request needs it, its query included.
    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }

    /// The host's name or address.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    /// Whether it is this machine, as its name or address says. (Addresses of other spellings, as
    /// `127.1`, are not looked into.)
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
    }

    /// Whether what is sent there is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }
}

impl fmt::Display for Endpoint {
    /// Without the query, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.scheme_str().unwrap_or_default();
        let authority = self.0.authority().map_or("", |authority| authority.as_str());
        write!(f, "{scheme}://{authority}{}", self.0.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_names_and_addresses() {
        let is_loopback = |url| Endpoint::parse(url).expect("a URL").is_loopback();
        for own in
            ["http://localhost:3000/x", "http://LOCALHOST", "https://127.8.0.1", "http://[::1]:1/"]
        {
            assert!(is_loopback(own), "{own}");
        }
        for other in [
            "http://localhost.example",
            "http://127.0.0.1.nip.example",
            "http://10.0.0.1",
            "http://[::2]/",
            "http://0.0.0.0",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }

    #[test]
    fn a_password_or_a_query_is_not_shown() {
        let refused = Endpoint::parse("https://ana:secret@host/").expect_err("a password");
        assert!(refused.contains("--auth-file") && !refused.contains("secret"));
        let shown = Endpoint::parse("https://host:8443/hook?token=secret").expect("a URL");
        assert_eq!(shown.to_string(), "https://host:8443/hook");
        for wrong in ["", "host", "/hook", "http://", "ftp://host/", "http:///hook", "http://a b/"]
        {
            assert!(Endpoint::parse(wrong).is_err(), "{wrong}");
        }
    }
}
