//! `callscope listen`: a receiver that answers at once, writes a capture, and shows what came.

mod admission;
mod capture_file;
mod crew;
mod desk;
mod ends;
mod greeting;
mod notices;
mod peculiar;
mod record;
mod shown;
mod writer;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::Outcome;
use super::credentials::Credentials;
use super::settings::Settings;
use crate::args::{Bind, Listen};
use crate::net::server::{Limits, Server};
use admission::Admission;
use capture_file::CaptureFile;
use crew::Crew;
use desk::Fault;
use ends::{Signals, WriteClock};
use greeting::Greeting;
use shown::Shown;

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
    let clock = WriteClock::default();
    let (capture, skipped) = CaptureFile::open(args, clock.clone())?;

    let (is_open, plan) = (credentials.is_none(), fault.plan(seed));
    let greeting = Greeting { address, is_open, plan };
    let (crew, is_gone) = Crew::start(args, shown, capture, skipped, clock);
    let admission = Admission { credentials, path: args.path.clone() };
    let desk = Arc::new(crew.desk(admission, fault, args));
    greeting.say(args);

    let max_body = args.max_body;
    // A body that is unpacked is held twice.
    let held = LIMITS.held.max(max_body.saturating_mul(2));
    let limits = Limits { max_body, held, ..LIMITS };
    let on_hangup = crew.on_hangup(args);
    let (ending, has_ended) = oneshot::channel::<()>();
    let end = async move {
        tokio::select! {
            () = signals.wait(on_hangup) => {}
            _ = is_gone => {}
        }
        drop(ending);
    };
    // What waits for a pipe that nobody reads is not waited for.
    let gives_up = async {
        let _ = has_ended.await;
        crew.until_stuck().await;
    };
    runtime.block_on(async {
        tokio::select! {
            () = server.serve(desk.clone(), limits, end) => {}
            () = gives_up => {}
        }
    });
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
