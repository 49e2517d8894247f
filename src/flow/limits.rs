//! What calls are found and judged by.

use crate::event::Span;
use crate::threads::Threads;

/// How long things may take before that is told, and who works on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How far an outcome may lie behind its initiation where no id links them, and how long a
    /// ringing may say nothing (F007).
    pub ring_window: Span,
    /// How long a call that goes on may say nothing (F006).
    pub open_after: Span,
    /// How long a webhook may take to arrive (D001).
    pub late_after: Span,
    /// Who works; what comes of it does not depend on that.
    pub threads: Threads,
}

impl Limits {
    /// Two minutes, six hours, one minute; one thread.
    pub const USUAL: Self = Self {
        ring_window: Span::from_seconds(120),
        open_after: Span::from_seconds(6 * 60 * 60),
        late_after: Span::from_seconds(60),
        threads: Threads::ONE,
    };
}
