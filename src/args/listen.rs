//! `listen`: where it listens, what it keeps, and what it answers.

use std::path::PathBuf;

use clap::Args;

use super::{Live, value};
use crate::event::Span;

/// `listen`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Receive")]
pub struct Listen {
    /// Where to listen: HOST:PORT, or a port of this machine alone; with port 0 any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = value::bind)]
    pub bind: Bind,
    /// Add the capture to this file, and print rows; opened anew when it is moved or deleted. Without
    /// it the capture is printed, and rows go to stderr
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Answer 200 only when the webhook is on the disk
    #[arg(long, requires = "out")]
    pub sync: bool,
    /// Take only requests with the `user:password` that this file holds, else that of
    /// `CALLSCOPE_AUTH`
    #[arg(long, value_name = "FILE")]
    pub auth_file: Option<PathBuf>,
    /// Take only requests for this path, like /hooks/cometchat
    #[arg(long, value_name = "PATH", value_parser = value::path)]
    pub path: Option<String>,
    /// The longest body that is taken, like 64KiB or 4MiB, packed and unpacked
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = value::size)]
    pub max_body: u64,
    /// No warnings, no refused requests and no summary line on stderr
    #[arg(short, long)]
    pub quiet: bool,
    /// What is answered to see what the sender does.
    #[command(flatten)]
    pub failing: Failing,
    /// How it is told.
    #[command(flatten)]
    pub live: Live,
}

/// What is answered to see what the sender does. The webhook is captured all the same.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Fail on purpose (what came is captured all the same)")]
pub struct Failing {
    /// Answer with this status instead of 200
    #[arg(long, value_name = "STATUS", value_parser = value::status)]
    pub respond: Option<u16>,
    /// Do so only for this share of the requests, like 20% or 0.2; with 500 unless --respond says
    /// otherwise
    #[arg(long, value_name = "SHARE", value_parser = value::share)]
    pub fail_rate: Option<f64>,
    /// Answer so much later, like 3s
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub delay: Option<Span>,
    /// Which requests fail: the same number, the same ones
    #[arg(long, value_name = "NUMBER", requires = "fail_rate")]
    pub seed: Option<u64>,
}

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bind {
    /// A name or an address, an IPv6 one without its brackets.
    pub host: String,
    /// 0 for any that is free.
    pub port: u16,
}
