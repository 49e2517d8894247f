//! The headers of every request, and whether they may go to the targets.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::targets::Targets;
use crate::args::Routes;
use crate::commands::bounded_file::{read_bounded, size};
use crate::commands::credentials::Credentials;
use crate::net::Endpoint;
use crate::net::header::{
    AUTHORIZATION, CONTENT_LENGTH, COOKIE, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING,
};

/// The most bytes of headers, in one file and in all files together: handlers accept 8 to 64 KiB.
const MAX_HEADERS: u64 = 64 << 10;

pub(super) type Headers = Vec<(HeaderName, HeaderValue)>;

/// The headers of `--header` and of the credentials. They go to every target.
///
/// # Errors
/// When a file cannot be read, is too large or contains no headers, or a header is typed instead
/// of a file.
pub(super) fn load_headers(args: &Routes) -> Result<Headers> {
    let mut headers = Headers::new();
    let mut length = 0;
    for file in &args.header {
        let Some(path) = file.strip_prefix('@') else {
            bail!("--header takes @FILE: what is typed can be read by others on this machine");
        };
        let bytes = read_bounded(Path::new(path), MAX_HEADERS)?;
        length += bytes.len() as u64;
        if length > MAX_HEADERS {
            bail!("the headers of --header are larger than {} together", size(MAX_HEADERS));
        }
        let text = str::from_utf8(&bytes).map_err(|_| anyhow!("{path} is not UTF-8"))?;
        for (line, text) in (1..).zip(text.lines()) {
            if !text.trim().is_empty() {
                let header = parse_header(text).map_err(|why| anyhow!("{path}:{line}: {why}"))?;
                headers.push(header);
            }
        }
    }
    let has_authorization = headers.iter().any(|(name, _)| name == AUTHORIZATION);
    if let Some(credentials) = Credentials::of(args.auth_file.as_deref())? {
        if has_authorization {
            bail!("there are two Authorization headers: --header and the credentials");
        }
        headers.push((AUTHORIZATION, sensitive_value(credentials.header())?));
    }
    Ok(headers)
}

fn parse_header(line: &str) -> Result<(HeaderName, HeaderValue)> {
    // The line itself may be a secret.
    let (name, value) = line.split_once(':').context("expected `Name: value`")?;
    let name: HeaderName = name.trim().parse().context("this is no name of a header")?;
    if [HOST, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name) {
        bail!("`{name}` follows from what is sent where");
    }
    Ok((name, sensitive_value(value.trim())?))
}

fn sensitive_value(value: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(value).context("this is no value of a header")?;
    value.set_sensitive(true);
    Ok(value)
}

/// The parts of the headers that no output may show: values, tokens, passwords, cookies.
pub(super) fn secrets(headers: &Headers) -> Vec<Vec<u8>> {
    let mut secrets = Vec::new();
    for (name, value) in headers {
        secrets.push(value.as_bytes().to_vec());
        let value = value.to_str().unwrap_or_default();
        if name == COOKIE {
            let values = value.split(';').filter_map(|pair| pair.split_once('='));
            secrets.extend(values.map(|(_, value)| value.as_bytes().to_vec()));
        }
        if name.as_str().ends_with("authorization")
            && let Some((_, token)) = value.split_once(' ')
        {
            // Without its padding base64 is found with and without it.
            secrets.push(token.trim().trim_end_matches('=').as_bytes().to_vec());
            let decoded = STANDARD.decode(token.trim()).unwrap_or_default();
            if let Some(colon) = decoded.iter().position(|byte| *byte == b':') {
                let password = &decoded[colon + 1..];
                secrets.push(STANDARD.encode(password).trim_end_matches('=').as_bytes().to_vec());
                secrets.push(password.to_vec());
            }
        }
    }
    secrets
}

/// Asks before anything goes to another machine, unless `--yes` says so.
///
/// # Errors
/// When secrets would go unencrypted to another machine, or the user does not agree.
pub(super) fn confirm_targets(
    targets: &Targets,
    names: &[String],
    args: &Routes,
    has_secrets: bool,
) -> Result<()> {
    // A proxy resolves this machine's own names to itself.
    let is_local = |endpoint: &Endpoint| endpoint.is_loopback() && !args.proxy;
    let mut remote = Vec::new();
    for (target, name) in targets.list.iter().zip(names) {
        if let Some(endpoint) = target
            && !is_local(endpoint)
        {
            if has_secrets && !endpoint.is_encrypted() {
                bail!("credentials do not go to {name} unencrypted: use https, or leave them out");
            }
            remote.push(endpoint);
        }
    }
    if remote.is_empty() || args.yes {
        return Ok(());
    }
    match ask(&remote)? {
        Some(true) => Ok(()),
        Some(false) => bail!("nothing was sent"),
        None => bail!("{} is another machine: `--yes` sends there", remote[0].host()),
    }
}

/// Asks on the terminal; `None` if there is none.
fn ask(remote: &[&Endpoint]) -> Result<Option<bool>> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Ok(None);
    }
    let hosts: Vec<&str> = remote.iter().map(|endpoint| endpoint.host()).collect();
    let question = format!("callscope: send to {}? [y/N] ", hosts.join(" and "));
    let mut answer = String::new();
    write!(io::stderr(), "{question}")
        .and_then(|()| io::stdin().lock().read_line(&mut answer))
        .context("cannot ask")?;
    Ok(Some(matches!(answer.trim(), "y" | "Y" | "yes")))
}
