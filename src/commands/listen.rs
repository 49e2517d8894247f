//! `callscope listen`: a receiver that answers at once, writes a capture, and shows what came.

mod admission;
mod crew;
mod desk;
mod ends;
mod greeting;
mod notices;
mod peculiar;
mod record;
mod shown;
mod writer;

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::runtime::{Builder, Runtime};

use super::Outcome;
use super::appended::Appended;
use super::credentials::Credentials;
use super::settings::Settings;
use crate::args::{Bind, Listen};
use crate::net::server::{Limits, Server};
use admission::Admission;
use crew::Crew;
use desk::Fault;
use ends::Signals;
use greeting::Greeting;
use shown::{Shown, beginning};

/// What a client may cost, but for the length of a body.
const LIMITS: Limits = Limits {
    head: Duration::from_secs(10),
    body: Duration::from_secs(30),
    drain: Duration::from_secs(5),
    max_body: 0,
    held: 256 << 20,
    connections: 16 << 10,
};

pub(super) fn run(args: &Listen) -> Result<Outcome> {
    let settings = Settings::of(&args.live.settings, false)?;
    let shown = Shown::new(args, &settings)?;
    let credentials = Credentials::of(args.auth_file.as_deref())?;
    let seed = args.failing.seed.map_or_else(getrandom::u64, Ok).context("there is no chance")?;
    let fault = Fault::new(&args.failing, seed);

    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot wait for requests")?;
    let (server, address) = bind(&runtime, &args.bind)?;
    let signals =
        runtime.block_on(async { Signals::catch() }).context("cannot wait for signals")?;
    let (capture, skipped) = open(args)?;

    let (is_open, plan) = (credentials.is_none(), fault.plan(seed));
    let greeting = Greeting { address, is_open, plan };
    let (crew, is_gone) = Crew::start(args, shown, capture, skipped);
    let admission = Admission { credentials, path: args.path.clone() };
    let desk = Arc::new(crew.desk(admission, fault, args));
    greeting.say(args);

    let max_body = args.max_body;
    let limits = Limits { max_body, held: LIMITS.held.max(max_body), ..LIMITS };
    let end = async {
        tokio::select! {
            () = signals.wait() => {}
            _ = is_gone => {}
        }
    };
    runtime.block_on(server.serve(desk.clone(), limits, end));
    // What did not end in time holds the desk too.
    drop(runtime);
    Ok(crew.end(desk, args.quiet))
}

fn bind(runtime: &Runtime, bind: &Bind) -> Result<(Server, SocketAddr)> {
    let Bind { host, port } = bind;
    let bound = runtime.block_on(async {
        let server = Server::bind(host, *port)?;
        let address = server.address()?;
        io::Result::Ok((server, address))
    });
    let brackets = if host.contains(':') { ["[", "]"] } else { [""; 2] };
    bound.with_context(|| format!("cannot listen on {}:{port}", brackets.join(host)))
}

/// Opens the capture, and says how many bytes and lines are in it.
fn open(args: &Listen) -> Result<(Appended, (u64, u64))> {
    let Some(path) = &args.out else {
        return Ok((Appended::stdout(), (0, 0)));
    };
    if path.as_os_str() == "-" {
        bail!("cannot write to a file of the name -: without --out the capture goes to stdout");
    }
    let capture = Appended::open(path)?;
    if args.sync {
        settle(path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    // A file that may be written may well not be read; then places are those of this run.
    Ok((capture, beginning(path).unwrap_or_default()))
}

/// Puts the name of a file that may be new on the disk.
fn settle(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) && path.metadata()?.is_file() {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
