//! When a receiver got an event.

use crate::event::key::Identities;
use crate::event::{Capture, Kind, Moment, Span, Sym};

/// An arrival of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// The delivery that stands for the event.
    pub event: u32,
    /// The webhook configuration that it came through.
    pub webhook: Option<Sym>,
    /// When, by the receiver's clock.
    pub at: Moment,
    /// The delivery that arrived.
    pub delivery: u32,
}

impl Arrival {
    /// That of a delivery; `None` where it is no event, and where the capture does not tell.
    #[must_use]
    pub fn of(capture: &Capture, identities: &Identities, delivery: u32) -> Option<Self> {
        let at = capture.received_at(delivery)?;
        capture.event(delivery)?;
        let webhook = capture.hook(delivery).webhook;
        Some(Self { event: identities.kept(delivery), webhook, at, delivery })
    }

    /// How far it lies behind the event; may be negative. `None` where the webhook is not sent when
    /// it happens (that of a recording comes minutes after), and of a time that cannot be (S009).
    #[must_use]
    pub fn behind(&self, capture: &Capture) -> Option<Span> {
        let event = capture.event(self.event).filter(|event| {
            event.trigger.kind() != Kind::Recording
                && event.at().is_plausible()
                && !event.is_implausible
        })?;
        Some(self.at - event.at())
    }
}

/// Whether a retry comes so long after the first delivery: after 10 s, 30 s after that, or 30 s
/// where the first retry came through; each a little more, for the answer that is waited for.
#[must_use]
pub fn is_retry(gap: Span) -> bool {
    const RETRIES: [(i64, i64); 3] = [(10, 15), (20, 35), (40, 50)];
    let within = |(from, to): &(i64, i64)| {
        (Span::from_seconds(*from)..=Span::from_seconds(*to)).contains(&gap)
    };
    RETRIES.iter().any(within)
}
