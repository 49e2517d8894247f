//! What is sent again, where to, and how fast.

use clap::Args;

use super::{Dates, Input, Select, value};
use crate::event::Span;

/// `replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// What is sent of it.
    #[command(flatten)]
    pub select: Select,
    /// Where the bodies go: - for stdout
    #[arg(long, value_name = "TARGET", value_parser = value::target, help_heading = "Send")]
    pub to: Target,
    /// So many times as fast as they came, like 60x or 0.5x; max: without waiting
    #[arg(long, value_name = "SPEED", default_value = "1x", value_parser = value::speed, allow_hyphen_values = true, help_heading = "Send")]
    pub speed: Speed,
    /// No wait is longer
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = value::span, allow_hyphen_values = true, help_heading = "Send")]
    pub max_gap: Span,
    /// Zone of the dates that select.
    #[command(flatten)]
    pub dates: Dates,
}

/// Where bodies go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Stdout.
    Stdout,
}

/// How fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// So many times as fast as recorded; above 0 and finite.
    Times(f64),
    /// Without waiting.
    Max,
}
