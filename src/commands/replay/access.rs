//! What goes along with every request, and whether it may go to where it is to.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, anyhow, bail};

use super::route::{Destination, Targets};
use crate::args::Routes;
use crate::commands::credentials::Credentials;
use crate::net::Endpoint;
use crate::net::header::{
    AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING,
};

/// Headers of every request.
pub(super) type Headers = Vec<(HeaderName, HeaderValue)>;

/// The headers that were typed, those of authentication among them. They go to every target.
///
/// # Errors
/// When a file cannot be read, holds no headers, or a header was typed instead of a file.
pub(super) fn headers(typed: &Routes) -> Result<Headers> {
    let mut headers = Headers::new();
    for file in &typed.header {
        let Some(path) = file.strip_prefix('@') else {
            bail!("--header takes @FILE: what is typed can be read by others on this machine");
        };
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the headers in {path}"))?;
        for (line, text) in (1..).zip(text.lines()) {
            if !text.trim().is_empty() {
                let header = header(text).map_err(|why| anyhow!("{path}:{line}: {why}"))?;
                headers.push(header);
            }
        }
    }
    let own = headers.iter().any(|(name, _)| name == AUTHORIZATION);
    if let Some(credentials) = Credentials::of(typed.auth_file.as_deref())? {
        if own {
            bail!("there are two Authorization headers: --header and the credentials");
        }
        headers.push((AUTHORIZATION, secret(credentials.header())?));
    }
    Ok(headers)
}

fn header(line: &str) -> Result<(HeaderName, HeaderValue)> {
    // The line itself may be a secret.
    let (name, value) = line.split_once(':').context("expected `Name: value`")?;
    let name: HeaderName = name.trim().parse().context("this is no name of a header")?;
    if [HOST, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name) {
        bail!("`{name}` follows from what is sent where");
    }
    Ok((name, secret(value.trim())?))
}

fn secret(value: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(value).context("this is no value of a header")?;
    value.set_sensitive(true);
    Ok(value)
}

/// Says how much goes where, and makes sure that it may.
///
/// # Errors
/// When secrets would go unencrypted to another machine, or nobody says that what goes to another
/// machine may go.
pub(super) fn admit(targets: &Targets, typed: &Routes, has_secrets: bool) -> Result<()> {
    let urls = targets.list.iter().filter_map(|target| match target {
        Destination::Url(endpoint) => Some(endpoint),
        Destination::Stdout => None,
    });
    // Behind a proxy this machine's own names are another machine's.
    let is_near = |endpoint: &&Endpoint| endpoint.is_loopback() && !typed.proxy;
    let far: Vec<&Endpoint> = urls.filter(|endpoint| !is_near(endpoint)).collect();
    if let Some(open) = far.iter().find(|endpoint| has_secrets && !endpoint.is_encrypted()) {
        bail!("credentials do not go to {open} unencrypted: use https, or leave them out");
    }
    if far.is_empty() || typed.yes {
        return Ok(());
    }
    match asked(&far)? {
        Some(true) => Ok(()),
        Some(false) => bail!("nothing was sent"),
        None => bail!("{} is another machine: `--yes` sends there", far[0].host()),
    }
}

/// Asks on the terminal; `None` where there is nobody to ask.
fn asked(far: &[&Endpoint]) -> Result<Option<bool>> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Ok(None);
    }
    let hosts: Vec<&str> = far.iter().map(|endpoint| endpoint.host()).collect();
    let question = format!("callscope: send to {}? [y/N] ", hosts.join(" and "));
    let mut answer = String::new();
    write!(io::stderr(), "{question}")
        .and_then(|()| io::stdin().lock().read_line(&mut answer))
        .context("cannot ask")?;
    Ok(Some(matches!(answer.trim(), "y" | "Y" | "yes")))
}
