//! `callscope listen`: a receiver that answers at once, writes a capture, and shows what arrived.

mod admission;
mod capture_file;
mod handler;
mod live_view;
mod record;
mod shutdown;
mod stderr_log;
mod workers;
mod writer;

use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::Outcome;
use super::credentials::Credentials;
use super::read::complain;
use super::settings::Settings;
use crate::args::{Bind, Listen};
use crate::input::without_secret_parameters;
use crate::net::server::{HttpServer, ServerLimits};
use admission::Admission;
use capture_file::CaptureFile;
use handler::{FaultInjector, RequestHandler};
use live_view::LiveView;
use shutdown::{StopSignals, WriteClock};
use workers::Workers;

/// What a client may cost, except for the length of a body.
const LIMITS: ServerLimits = ServerLimits {
    head: Duration::from_secs(10),
    body: Duration::from_secs(30),
    drain: Duration::from_secs(5),
    max_body: 0,
    held: 256 << 20,
    connections: 16 << 10,
};

pub(super) fn run(args: &Listen) -> Result<Outcome> {
    let settings = Settings::of(&args.live.settings, false)?;
    let view = LiveView::new(args, &settings)?;
    let credentials = Credentials::of(args.auth_file.as_deref())?;
    let faults = FaultInjector::new(&args.failing)?;

    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot wait for requests")?;
    let (server, address) = bind(&runtime, &args.bind)?;
    let signals =
        runtime.block_on(async { StopSignals::catch() }).context("cannot wait for signals")?;
    let clock = WriteClock::default();
    let capture = CaptureFile::open(args, clock.clone())?;

    let (workers, capture_ends) = Workers::start(args, view, capture, clock);
    print_banner(args, address, credentials.is_none(), faults.plan());
    let admission = Admission { credentials, path: args.path.clone() };
    let handler = RequestHandler::new(args, admission, faults, &workers);
    let handler = Arc::new(handler);

    let max_body = args.max_body;
    // A body that is unpacked is in memory twice.
    let held = LIMITS.held.max(max_body.saturating_mul(2));
    let limits = ServerLimits { max_body, held, ..LIMITS };
    let on_hangup = workers.on_hangup(args);
    let (ending, has_ended) = oneshot::channel::<()>();
    let end = async move {
        tokio::select! {
            () = signals.wait(on_hangup) => {}
            _ = capture_ends => {}
        }
        drop(ending);
    };
    // Requests that wait for a pipe nobody reads would keep the server from ending.
    let capture_stuck = async {
        let _ = has_ended.await;
        workers.capture_stuck().await;
    };
    runtime.block_on(async {
        tokio::select! {
            () = server.serve(handler.clone(), limits, end) => {}
            () = capture_stuck => {}
        }
    });
    // Requests that did not end in time also hold the handler.
    drop(runtime);
    Ok(workers.end(handler, args.quiet))
}

fn bind(runtime: &Runtime, bind: &Bind) -> Result<(HttpServer, SocketAddr)> {
    let Bind { host, port } = bind;
    let bound = runtime.block_on(async {
        let server = HttpServer::bind(host, *port)?;
        let address = server.address()?;
        io::Result::Ok((server, address))
    });
    let brackets = if host.contains(':') { ["[", "]"] } else { [""; 2] };
    bound.with_context(|| format!("cannot listen on {}:{port}", brackets.join(host)))
}

/// Prints the address, and what to consider before giving it to a sender.
fn print_banner(args: &Listen, address: SocketAddr, is_open: bool, plan: Option<String>) {
    let path = without_secret_parameters(args.path.as_deref().unwrap_or("/"));
    let plan = plan.map_or_else(String::new, |plan| format!("; {plan}"));
    complain(&format!("listening on http://{address}{path}{plan}"));
    if args.quiet {
        return;
    }
    let is_beyond = !address.ip().to_canonical().is_loopback();
    if is_beyond {
        complain(&format!(
            "{} is reached from other machines, and what they send is not encrypted",
            address.ip()
        ));
    }
    if is_open {
        let who = if is_beyond { "anybody" } else { "behind a tunnel anybody" };
        complain(&format!("{who} may send webhooks here; --auth-file asks for a password"));
    }
    if args.out.is_none() && io::stdout().is_terminal() {
        complain(&"the capture is printed and kept nowhere; --out FILE keeps it");
    }
}
