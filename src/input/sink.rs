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

    /// Takes over everything that a part has taken, behind everything that is here already. `kept`
    /// maps where the part kept a body, and its length, to where it is kept now.
    fn join(&mut self, part: Self, kept: &mut dyn FnMut(KeptAt, u32) -> KeptAt);
}
