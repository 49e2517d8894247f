//! Deliveries of one capture → another, which has strings of its own.

use super::capture::{Capture, Detail};
use super::delivery::{
    Body, Delivery, Ended, Event, Joined, Left, Occupant, Recording, Ring, What,
};
use super::strings::{Strings, Sym};
use crate::finding::{Finding, Severity};

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
        for (index, delivery) in (0..).zip(&other.deliveries) {
            if !keep(index) {
                moved.push(None);
                continue;
            }
            moved.push(u32::try_from(self.deliveries.len()).ok());
            let delivery = self.own(other, delivery);
            self.deliveries.push(delivery);
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

    /// A delivery of `other` in strings and rosters of this capture.
    fn own(&mut self, other: &Self, delivery: &Delivery) -> Delivery {
        let what = match delivery.what {
            What::Event(Event { trigger, body }) => {
                What::Event(Event { trigger, body: self.own_body(other, body) })
            }
            What::Invalid(trigger) => What::Invalid(trigger),
            What::Other(name) => What::Other(self.strings.intern(other.string(name))),
        };
        let Delivery { app, region, webhook, session, .. } = *delivery;
        let mut own = |sym: Option<Sym>| again(&mut self.strings, other, sym);
        Delivery {
            app: own(app),
            region: own(region),
            webhook: own(webhook),
            session: own(session),
            what,
            ..*delivery
        }
    }

    fn own_body(&mut self, other: &Self, body: Body) -> Body {
        let strings = &mut self.strings;
        match body {
            Body::Ring(ring) => Body::Ring(Ring {
                id: strings.intern(other.string(ring.id)),
                conversation: strings.intern(other.string(ring.conversation)),
                sender: again(strings, other, ring.sender),
                receiver: again(strings, other, ring.receiver),
                caller_name: again(strings, other, ring.caller_name),
                ..ring
            }),
            Body::Started { created_at } => Body::Started { created_at },
            Body::Joined(joined) => Body::Joined(Joined {
                name: strings.intern(other.string(joined.name)),
                platform: again(strings, other, joined.platform),
                sdk: again(strings, other, joined.sdk),
                call_version: again(strings, other, joined.call_version),
                ..joined
            }),
            Body::Left(left) => {
                Body::Left(Left { name: strings.intern(other.string(left.name)), ..left })
            }
            Body::Ended(ended) => Body::Ended(self.own_roster(other, ended)),
            Body::Recording(recording) => Body::Recording(Recording {
                url: again(strings, other, recording.url),
                ..recording
            }),
        }
    }

    fn own_roster(&mut self, other: &Self, ended: Ended) -> Ended {
        let index = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let first = index(self.occupants.len());
        for occupant in other.roster(&ended) {
            let name = self.strings.intern(other.string(occupant.name));
            self.occupants.push(Occupant { name, ..*occupant });
        }
        Ended { roster: (first, index(self.occupants.len())), ..ended }
    }
}

/// The symbol of the same string.
fn again(strings: &mut Strings, other: &Capture, sym: Option<Sym>) -> Option<Sym> {
    sym.map(|sym| strings.intern(other.string(sym)))
}
