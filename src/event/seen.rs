//! What a delivery is among those that came before it, told at once.

use rustc_hash::{FxHashMap, FxHashSet};

use super::capture::Capture;
use super::key::{Documented, Identity, Status};
use super::strings::Sym;
use super::trigger::Trigger;

/// The events of a capture that grows, by identity. In [`super::key::identify`], which knows all
/// deliveries, another than the first may stand for an event; here it is always the first.
#[derive(Debug, Default)]
pub struct Seen(Option<Box<Known>>);

/// What is known of all deliveries, where there are more than a few.
#[derive(Debug, Default)]
struct Known {
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

/// So many deliveries are looked through one by one.
const FEW: u32 = 16;

impl Seen {
    /// Takes the delivery of this index, behind those that came before it, all of which were taken.
    /// `None` where it is no event.
    pub fn take(&mut self, capture: &Capture, index: u32) -> Option<Sight> {
        if index < FEW {
            return look_through(capture, index);
        }
        let known = self.0.get_or_insert_with(|| {
            let mut known = Box::<Known>::default();
            for before in 0..index {
                known.note(capture, before);
            }
            known
        });
        known.note(capture, index)
    }
}

impl Known {
    fn note(&mut self, capture: &Capture, index: u32) -> Option<Sight> {
        let identity = Identity::of(capture, index)?;
        let webhook = capture.hook(index).webhook;
        let first = *self.first.entry(identity).or_insert(index);
        if first != index {
            let again =
                capture.hook(first).webhook == webhook || !self.webhooks.insert((first, webhook));
            let status = status(capture, first, index, again);
            return Some(Sight { status, other: Some(first) });
        }
        let key = (identity.trigger, identity.key, webhook);
        let holder = *self.keys.entry(key).or_insert(index);
        Some(Sight { status: Status::Event, other: Some(holder).filter(|holder| *holder != index) })
    }
}

/// What [`Seen::take`] says of one of the first few deliveries: most calls have no more, and need
/// nothing but them.
fn look_through(capture: &Capture, index: u32) -> Option<Sight> {
    let identity = Identity::of(capture, index)?;
    let of = |index: u32| Identity::of(capture, index);
    let webhook = |index: u32| capture.hook(index).webhook;
    let first = (0..index).find(|before| of(*before) == Some(identity));
    if let Some(first) = first {
        let again = (first..index)
            .any(|before| webhook(before) == webhook(index) && of(before) == Some(identity));
        let status = status(capture, first, index, again);
        return Some(Sight { status, other: Some(first) });
    }
    let has_key = |before: &u32| {
        let own =
            of(*before).is_some_and(|of| (of.trigger, of.key) == (identity.trigger, identity.key));
        own && webhook(*before) == webhook(index)
    };
    let stands_for_itself = |before: &u32| (0..*before).all(|other| of(other) != of(*before));
    let other = (0..index).filter(has_key).find(stands_for_itself);
    Some(Sight { status: Status::Event, other })
}

/// What a delivery is of an event that another stands for, which may have come through the same
/// webhook `again`.
fn status(capture: &Capture, kept: u32, delivery: u32, again: bool) -> Status {
    match capture.content(kept) == capture.content(delivery) {
        false => Status::Conflict,
        true if again => Status::Duplicate,
        true => Status::Copy,
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::*;
    use crate::digest::Digest;
    use crate::event::content::Content;
    use crate::event::{Body, Delivery, Event, Joined, Moment, What};
    use crate::finding::SourceId;
    use crate::input::Place;

    fn any(capture: &mut Capture, dice: &mut Rng) -> Delivery {
        let mut word = |dice: &mut Rng, words: u8| {
            let word = dice.u8(..words).to_string();
            Some(capture.strings.intern(&word))
        };
        let place = Place {
            source: SourceId(0),
            length: 2,
            line: 1,
            col: 1,
            byte_offset: 0,
            kept: None,
            digest: Digest::of(b"{}"),
        };
        let (joined_at, _) = Moment::from_number(1_773_100_000 + dice.i64(0..2)).expect("a time");
        let name = word(dice, 2).expect("a word");
        let (media, platform, sdk, call_version) = (None, None, None, None);
        let body = Body::Joined(Joined { name, joined_at, media, platform, sdk, call_version });
        Delivery {
            place,
            received_at: None,
            content: Content(dice.u64(0..2)),
            app: word(dice, 2),
            region: None,
            webhook: word(dice, 3),
            session: None,
            what: What::Event(Event {
                trigger: Trigger::MeetingParticipantJoined,
                is_implausible: false,
                body,
            }),
        }
    }

    #[test]
    fn the_first_few_are_told_apart_as_all_others_are() {
        let mut dice = Rng::with_seed(5);
        for _ in 0..2000 {
            let (mut capture, mut known) = (Capture::default(), Known::default());
            for index in 0..FEW {
                let delivery = any(&mut capture, &mut dice);
                capture.deliveries.push(delivery);
                assert_eq!(look_through(&capture, index), known.note(&capture, index));
            }
        }
    }
}
