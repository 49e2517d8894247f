//! Deliveries of one capture → another, which has strings of its own: some of them, or all.

use super::capture::{Capture, Detail};
use super::delivery::{
    Body, Delivery, Ended, Event, Joined, Left, Occupant, Recording, Ring, What,
};
use super::strings::Sym;
use crate::finding::{Finding, Severity};
use crate::input::{KeptAt, Parts};

/// A capture of fewer deliveries grows by one.
const SMALL: usize = 8;

impl Default for Capture {
    /// A capture that tells of payloads what a call's `rules` name.
    fn default() -> Self {
        Self::new(Detail::Warnings)
    }
}

impl Capture {
    /// Takes over those deliveries of `other` that `keep` wants, and what is wrong with their
    /// payloads as far as a call's `rules` name it. Says of each delivery of `other` where it
    /// stands now; `None` where it was not kept.
    pub fn absorb(&mut self, other: &Self, keep: impl Fn(u32) -> bool) -> Vec<Option<u32>> {
        let mut moved = Vec::with_capacity(other.deliveries.len());
        for index in other.deliveries.indexes() {
            if !keep(index) {
                moved.push(None);
                continue;
            }
            moved.push(u32::try_from(self.deliveries.len()).ok());
            let mut own = |sym: Sym| self.strings.intern(other.string(sym));
            let told = other.delivery(index);
            let Delivery { app, region, webhook, session, what, .. } = told;
            let [app, region, webhook, session] =
                [app, region, webhook, session].map(|there| there.map(&mut own));
            let what = own_what(&what, other, &mut self.occupants, &mut own);
            if self.deliveries.len() < SMALL {
                // Of thousands of small captures each would have room for two that never come.
                self.deliveries.reserve_exact(1);
            }
            self.deliveries.push(Delivery { app, region, webhook, session, what, ..told });
        }
        let at = |index: u32| moved.get(index as usize).copied().flatten();
        for finding in &other.findings {
            let Some(delivery) = finding.delivery.and_then(at) else {
                continue;
            };
            if finding.severity >= Severity::Warning {
                let others = finding.others.iter().copied().filter_map(at).collect();
                let delivery = Some(delivery);
                self.findings.push(Finding { delivery, others, ..finding.clone() });
            }
        }
        moved
    }
}

/// What a delivery of `other` tells, in other strings and rosters; `own` says which symbol stands
/// for one of the other.
fn own_what(
    what: &What,
    other: &Capture,
    occupants: &mut Vec<Occupant>,
    own: &mut impl FnMut(Sym) -> Sym,
) -> What {
    match *what {
        What::Event(event) => {
            What::Event(Event { body: own_body(event.body, other, occupants, own), ..event })
        }
        What::Invalid(trigger) => What::Invalid(trigger),
        What::Other(name) => What::Other(own(name)),
    }
}

fn own_body(
    body: Body,
    other: &Capture,
    occupants: &mut Vec<Occupant>,
    mut own: &mut impl FnMut(Sym) -> Sym,
) -> Body {
    match body {
        Body::Ring(ring) => Body::Ring(Ring {
            id: own(ring.id),
            conversation: own(ring.conversation),
            sender: ring.sender.map(&mut own),
            receiver: ring.receiver.map(&mut own),
            caller_name: ring.caller_name.map(&mut own),
            ..ring
        }),
        Body::Started { created_at } => Body::Started { created_at },
        Body::Joined(joined) => Body::Joined(Joined {
            name: own(joined.name),
            platform: joined.platform.map(&mut own),
            sdk: joined.sdk.map(&mut own),
            call_version: joined.call_version.map(&mut own),
            ..joined
        }),
        Body::Left(left) => Body::Left(Left { name: own(left.name), ..left }),
        Body::Ended(ended) => {
            let index = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            let first = index(occupants.len());
            let roster = other.roster(&ended).iter();
            occupants.extend(roster.map(|one| Occupant { name: own(one.name), ..*one }));
            Body::Ended(Ended { roster: (first, index(occupants.len())), ..ended })
        }
        Body::Recording(recording) => {
            Body::Recording(Recording { url: recording.url.map(&mut own), ..recording })
        }
    }
}

impl Parts for Capture {
    fn part(&self) -> Self {
        Self::new(self.detail)
    }

    fn join(&mut self, mut part: Self, kept: &mut dyn FnMut(KeptAt, u32) -> KeptAt) {
        part.deliveries.move_kept(kept);
        if self.is_new() {
            // A part may be all there is, and too large to be there twice.
            *self = part;
            return;
        }
        let syms = self.strings.join(&part.strings);
        let first = u32::try_from(self.deliveries.len()).unwrap_or(u32::MAX);
        let own = |what: &What| own_what(what, &part, &mut self.occupants, &mut |sym| syms.of(sym));
        self.deliveries.join(&part.deliveries, |sym| syms.of(sym), own);
        for mut finding in part.findings {
            if finding.delivery.is_none() {
                self.add_text_finding(finding);
                continue;
            }
            finding.delivery = finding.delivery.map(|delivery| delivery + first);
            finding.others.iter_mut().for_each(|other| *other += first);
            self.findings.push(finding);
        }
    }
}
