//! URLs that requests go to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::http::Uri;

use crate::input::without_secret_parameters;

/// An absolute `http` or `https` URL (RFC 3986), without userinfo and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Uri);

impl Endpoint {
    /// Parses a URL.
    ///
    /// # Errors
    /// With the reason, which does not repeat the URL: it may contain a password.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        if !matches!(scheme, "http" | "https") {
            return Err("it begins with neither http:// nor https://");
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        // `Uri` ignores an invalid port and drops a fragment: requests could go elsewhere than the URL
        // says.
        check_authority(authority)?;
        check_path(path)?;
        url.parse().map(Self).map_err(|_| "it is no URL")
    }

    /// The URL with its query.
    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }

    /// The host's name or address.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    /// Whether the name or address is this machine's own.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
    }

    /// Whether requests are encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }
}

impl fmt::Display for Endpoint {
    /// Without the query, which may be a secret, and without secret parameters of the path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.scheme_str().unwrap_or_default();
        let authority = self.0.authority().map_or("", |authority| authority.as_str());
        let path = without_secret_parameters(self.0.path());
        write!(f, "{scheme}://{authority}{path}")
    }
}

/// Checks `host`, `host:port`, `[IPv6]` or `[IPv6]:port`.
fn check_authority(authority: &str) -> Result<(), &'static str> {
    if authority.contains('@') {
        return Err(
            "credentials belong into a file that --auth-file names, or into CALLSCOPE_AUTH, \
                    not into a URL",
        );
    }
    let port = if let Some(bracketed) = authority.strip_prefix('[') {
        let (address, port) = bracketed.split_once(']').unwrap_or_default();
        address.parse::<Ipv6Addr>().map_err(|_| "what is in brackets is no IPv6 address")?;
        port
    } else {
        let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
        if port.matches(':').count() > 1 {
            return Err("it has several colons: an IPv6 address is in brackets, like [::1]:3000");
        }
        check_host(host)?;
        port
    };
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok(()),
        Some(number) if is_port(number) => Ok(()),
        _ => Err("a port is a number from 1 to 65535"),
    }
}

/// Checks a name or an IPv4 address.
fn check_host(host: &str) -> Result<(), &'static str> {
    if host.is_empty() {
        return Err("it names no host");
    }
    if !host.is_ascii() {
        return Err("a host's name in other letters than a to z is written as xn--…");
    }
    if !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)) {
        return Err("a host's name has letters, digits, hyphens, underscores and dots alone");
    }
    // A dot at the end says that the name is complete.
    let labels = || host.strip_suffix('.').unwrap_or(host).split('.');
    if host.len() > 254 || !labels().all(|label| (1..=63).contains(&label.len())) {
        return Err("a part of the host's name is empty, or it is longer than names can be");
    }
    // Some resolvers also read `127.1`, `0x7f.1` and `2130706433` as addresses.
    let last = labels().next_back().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    if is_number && host.parse::<Ipv4Addr>().is_err() {
        return Err("an IPv4 address is four numbers from 0 to 255");
    }
    Ok(())
}

fn is_port(number: &str) -> bool {
    // `parse` would accept a sign too.
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    is_plain && number.parse::<u16>().is_ok()
}

/// Checks a path and a query.
fn check_path(path: &str) -> Result<(), &'static str> {
    if path.contains('#') {
        return Err("what follows a # is never sent: leave it out");
    }
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte);
    if !path.bytes().all(is_allowed) {
        return Err("its path or query has a character that a URL holds only as %XX");
    }
    let is_encoded = |rest: &str| {
        rest.get(..2).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if !path.split('%').skip(1).all(is_encoded) {
        return Err("a % in its path or query is not followed by two hexadecimal digits");
    }
    Ok(())
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
        let shown = Endpoint::parse("https://host/a;token=secret/hook").expect("a URL");
        assert_eq!(shown.to_string(), "https://host/a;token=[hidden]/hook");
        for wrong in ["", "host", "/hook", "http://", "ftp://host/", "http:///hook", "http://a b/"]
        {
            assert!(Endpoint::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_port_is_a_number_from_1_to_65535() {
        for port in [1, 80, 3000, 65_535] {
            for host in ["localhost", "[::1]", "10.0.0.1"] {
                let url = format!("http://{host}:{port}/hooks");
                let endpoint = Endpoint::parse(&url).expect("a URL");
                assert_eq!(endpoint.uri().port_u16(), Some(port), "{url}");
            }
        }
        for wrong in ["", "0", "65536", "99999", "123456789", "+80", "-1", "8o", "80 ", "080", "٣"]
        {
            for host in ["localhost", "[::1]"] {
                let refused = Endpoint::parse(&format!("http://{host}:{wrong}/hooks"));
                assert_eq!(refused, Err("a port is a number from 1 to 65535"), "{host}:{wrong}");
            }
        }
    }

    #[test]
    fn what_is_accepted_is_sent_as_it_is_written() {
        for url in [
            "http://localhost",
            "http://my_service.internal.:8080/hooks",
            "https://xn--mnchen-3ya.example/a//b/%C3%A4?x=1&y=a:b@c,(d)!*;~'$",
            "http://[2001:db8::1]:3000?x",
            "http://[::ffff:10.0.0.1]/",
            "http://1.2.3.4:80/",
            "http://4.example/",
        ] {
            let endpoint = Endpoint::parse(url).unwrap_or_else(|why| panic!("{url}: {why}"));
            let (_, rest) = url.split_once("://").expect("a scheme");
            let (uri, host) = (endpoint.uri(), endpoint.host());
            assert!(rest.starts_with(host), "{url}: {host}");
            let written = rest.find(['/', '?']).map_or("", |at| &rest[at..]);
            let sent = uri.path_and_query().map_or("", |sent| sent.as_str());
            assert_eq!(sent.trim_start_matches('/'), written.trim_start_matches('/'), "{url}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address_and_nothing_is_around_it() {
        let long = format!("http://{}/", "a".repeat(64));
        let longer = format!("http://{}example/", "abcdefghi.".repeat(25));
        for wrong in [
            // Stray characters.
            "http://local host/",
            "http://localhost\\@elsewhere/",
            "http://localhost%2eexample/",
            "http://<host>/",
            "http://a,b/",
            "http://münchen.example/",
            "http://host\t/",
            "http://host/a b",
            "http://host/a\"b",
            "http://host/ä",
            "http://host/a|b",
            "http://host/?a[]=1",
            "http://host/50%",
            "http://host/%zz",
            "http://host/%é",
            "http://host/#part",
            "http://host#part",
            "http://host/\n",
            " http://host/",
            // Names and addresses.
            "http://:80/",
            "http://a..b/",
            "http://.a/",
            "http://./",
            &long,
            &longer,
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0X7F.1/",
            "http://0177.0.0.1/",
            "http://1.2.3.256/",
            "http://127.0.0.1./",
            // Brackets.
            "http://::1/",
            "http://::1:3000/",
            "http://[::1/",
            "http://::1]/",
            "http://[]/",
            "http://[localhost]/",
            "http://[127.0.0.1]/",
            "http://[::1]x/",
            "http://[::1]3000/",
            "http://[[::1]]/",
            "http://[fe80::1%25eth0]/",
            "http://host:80:90/",
        ] {
            assert!(Endpoint::parse(wrong).is_err(), "{wrong}");
        }
    }
}
