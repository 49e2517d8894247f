//! The edges of a capture: what came before its first event was not captured.

use super::link::Board;
use crate::event::{Body, Delivery, Moment, Sym};

/// When what was captured of an app begins, as far as another capture tells.
pub(super) type Edge<'e> = dyn Fn(&str) -> Option<Moment> + 'e;

/// From when on a delivery shows that its app was captured. A recording is known of at its end; an
/// implausible time (S009) tells nothing of when the capture began.
pub(super) fn known_at(delivery: &Delivery) -> Option<Moment> {
    let event = delivery.event()?;
    let at = match event.body {
        Body::Recording(recording) => event.at() + recording.duration.unwrap_or_default(),
        _ => event.at(),
    };
    (at.is_plausible() && !delivery.implausible).then_some(at)
}

impl Board<'_> {
    /// Moves the edge of the event's app.
    pub(super) fn edge(&mut self, delivery: &Delivery) {
        if let Some(at) = known_at(delivery) {
            let edge = self.edges.entry(delivery.app).or_insert(at);
            *edge = (*edge).min(at);
        }
    }

    /// Moves the edges to where what was captured besides begins.
    pub(super) fn widen(&mut self, known: &Edge<'_>) {
        for (app, edge) in &mut self.edges {
            let known = app.and_then(|app| known(self.capture.string(app)));
            *edge = known.map_or(*edge, |known| known.min(*edge));
        }
    }

    /// Whether something of this time would have been captured in this app.
    pub(super) fn is_captured(&self, app: Option<Sym>, at: Moment) -> bool {
        self.edges.get(&app).is_some_and(|edge| at > *edge)
    }
}
