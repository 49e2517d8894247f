//! What a delivery is among those that came before it, told at once.

use rustc_hash::{FxHashMap, FxHashSet};

use super::capture::Capture;
use super::key::{Documented, Identity, Status};
use super::strings::Sym;
use super::trigger::Trigger;

/// The events of a capture that grows, by identity. In [`super::key::identify`], which knows all
/// deliveries, another than the first may stand for an event; here it is always the first.
#[derive(Debug, Default)]
pub struct Seen {
    /// The first delivery of each event.
    first: FxHashMap<Identity, u32>,
    /// The webhooks, the first delivery's aside, that an event came through.
    webhooks: FxHashSet<(u32, Option<Sym>)>,
    /// The first event of each documented key.
    keys: FxHashMap<(Trigger, Documented, Option<Sym>), u32>,
}

/// What was seen of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// What it is among those before it.
    pub status: Status,
    /// The other delivery that this is about: the first of the same event, or of another event
    /// that has the same documented key.
    pub other: Option<u32>,
}

impl Seen {
    /// Takes the delivery of this index, behind those that came before it. `None` where it is no
    /// event.
    pub fn take(&mut self, capture: &Capture, index: u32) -> Option<Sight> {
        let delivery = capture.delivery(index);
        let identity = Identity::of(delivery)?;
        let first = *self.first.entry(identity).or_insert(index);
        if first != index {
            let kept = capture.delivery(first);
            let again = kept.webhook == delivery.webhook
                || !self.webhooks.insert((first, delivery.webhook));
            let status = match kept.content == delivery.content {
                false => Status::Conflict,
                true if again => Status::Duplicate,
                true => Status::Copy,
            };
            return Some(Sight { status, other: Some(first) });
        }
        let key = (identity.trigger, identity.key, delivery.webhook);
        let holder = *self.keys.entry(key).or_insert(index);
        Some(Sight { status: Status::Event, other: Some(holder).filter(|holder| *holder != index) })
    }
}
