//! What is said before the first request.

use std::io::{self, IsTerminal};
use std::net::SocketAddr;

use crate::args::Listen;
use crate::commands::read::complain;
use crate::input::without_secret_parameters;

/// What is to be known of a receiver.
pub(super) struct Greeting {
    pub(super) address: SocketAddr,
    /// Whether anybody may send.
    pub(super) is_open: bool,
    /// What is answered on purpose.
    pub(super) plan: Option<String>,
}

impl Greeting {
    /// Says where it listens, and what is to be thought of before somebody is told the address.
    pub(super) fn say(&self, args: &Listen) {
        let path = without_secret_parameters(args.path.as_deref().unwrap_or("/"));
        let plan = self.plan.as_ref().map_or_else(String::new, |plan| format!("; {plan}"));
        complain(&format!("listening on http://{}{path}{plan}", self.address));
        if args.quiet {
            return;
        }
        let is_beyond = !self.address.ip().to_canonical().is_loopback();
        if is_beyond {
            complain(&format!(
                "{} is reached from other machines, and what they send is not encrypted",
                self.address.ip()
            ));
        }
        if self.is_open {
            let who = if is_beyond { "anybody" } else { "behind a tunnel anybody" };
            complain(&format!("{who} may send webhooks here; --auth-file asks for a password"));
        }
        if args.out.is_none() && io::stdout().is_terminal() {
            complain(&"the capture is printed and kept nowhere; --out FILE keeps it");
        }
    }
}
