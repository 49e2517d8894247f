//! What a capture is handed over to, piece by piece.

use jiff::Timestamp;

use super::kept::KeptAt;
use super::notes::{Context, Notes};
use super::place::Place;
use super::window::Window;
use crate::digest::Digest;
use crate::finding::{Finding, Spot};

/// A JSON object that may be a webhook body.
pub struct Candidate<'w> {
    /// From `{` to `}`, valid UTF-8, not yet known to be valid JSON.
    pub text: &'w str,
    /// How far behind the window's start it begins.
    pub(super) ahead: usize,
    pub(super) window: &'w Window<'w>,
    pub(super) context: &'w Context<'w>,
    pub(super) notes: &'w Notes,
}

impl Candidate<'_> {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        let Spot { source, line, col, byte_offset } = self.spot(0);
        let length = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let kept = (!self.window.is_source()).then(|| self.notes.kept.next(self.text.len()));
        let digest = Digest::of(self.text.as_bytes());
        Place { source, length, line, col, byte_offset, kept, digest }
    }

    /// The spot of the byte `offset` of the text.
    #[must_use]
    pub fn spot(&self, offset: usize) -> Spot {
        self.window.spot(self.ahead + offset)
    }

    /// When it arrived, by the envelope or the log line that holds it; `None` where neither says.
    /// Where a log names no year, it is the one that brings the arrival nearest to `event_at`.
    #[must_use]
    pub fn received_at(&self, event_at: impl FnOnce() -> Option<Timestamp>) -> Option<Timestamp> {
        let written = self.context.written?;
        written.resolve(self.notes.zone.as_ref(), event_at())
    }

    /// Whether it stands beside a webhook in one envelope, which may hold the same body twice.
    #[must_use]
    pub fn may_repeat(&self) -> bool {
        self.context.beside_another
    }
}

/// What is said of a [`Candidate`].
#[derive(Debug)]
pub enum Answer {
    /// A webhook: nothing inside it is searched.
    Webhook,
    /// The webhook that came last, of a candidate that [may repeat](Candidate::may_repeat) it. It
    /// is not taken again.
    Again,
    /// Valid JSON, but no webhook.
    Other,
    /// Not valid JSON.
    Malformed(serde_json::Error),
}

/// Takes what a capture holds. The room behind this one knows what a webhook is.
pub trait Sink {
    /// Takes the object if it is a webhook. Must not keep anything of an object that it refuses: it
    /// is offered again, whole or in parts.
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer;

    /// Takes a finding of the family J.
    fn finding(&mut self, finding: Finding);
}

/// A sink that can be filled in parts.
pub trait Parts: Sink + Send + Sized {
    /// An empty one of the same kind.
    #[must_use]
    fn part(&self) -> Self;

    /// Takes over all that a part has taken, as if it had been handed over here, behind all that is
    /// here already. All of it stands `shift` further on; `kept` says where a body is kept now of
    /// which the part knows where it was, and how long it is.
    fn join(&mut self, part: Self, shift: Shift, kept: &mut dyn FnMut(KeptAt, u32) -> KeptAt);
}

/// How far something stands behind where it was counted to stand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shift {
    lines: u64,
    /// On the first line: which that was counted to be, and so many columns.
    first: u64,
    cols: u64,
}

impl Shift {
    /// From where the first of it was counted to stand to where it stands.
    pub(super) fn between(counted: Spot, stands: Spot) -> Self {
        let lines = stands.line.saturating_sub(counted.line);
        let cols = stands.col.saturating_sub(counted.col);
        Self { lines, first: counted.line, cols }
    }

    /// So many lines.
    pub(super) fn lines(self) -> u64 {
        self.lines
    }

    /// Where something stands that was counted to stand at a line and column.
    #[must_use]
    pub fn of_line(self, line: u64, col: u64) -> (u64, u64) {
        (line + self.lines, if line == self.first { col + self.cols } else { col })
    }

    /// The same of a spot.
    #[must_use]
    pub fn of(self, spot: Spot) -> Spot {
        let (line, col) = self.of_line(spot.line, spot.col);
        Spot { line, col, ..spot }
    }
}
