//! Which group a delivery belongs to.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::group::Group;
use crate::event::{Capture, Delivery, Event, Kind, RingingId};

/// A group, by the number that it got.
pub(super) type GroupId = u64;

/// All groups, and what leads to them.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// Boxed, since a tree of groups that come one behind another is half empty.
    all: BTreeMap<GroupId, Box<Group>>,
    /// By session, by conversation and by ring record.
    homes: HashMap<Rc<str>, Home>,
    /// By app, region and second.
    seconds: HashMap<Rc<str>, Meeting>,
    next: GroupId,
}

/// Where the deliveries of one session, conversation or ring record are.
#[derive(Clone, Copy, Debug)]
struct Home {
    group: GroupId,
    /// Whether an initiation carries the session's id: then no second needs to tell it.
    has_initiation: bool,
    /// Whether any ring record carries it, which may lead to the initiation.
    is_rung: bool,
}

/// Who may belong together because of one second.
#[derive(Debug, Default)]
struct Meeting {
    /// Groups of initiations without an id.
    initiations: Vec<GroupId>,
    /// Groups of ringing sessions whose id has the second.
    sessions: Vec<GroupId>,
    /// Whether a ring record carries the id of one of the sessions: the initiations may be of others.
    is_rung: bool,
}

impl Meeting {
    fn side(&mut self, side: Side) -> &mut Vec<GroupId> {
        match side {
            Side::Initiation => &mut self.initiations,
            Side::Session => &mut self.sessions,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Initiation,
    Session,
}

/// A second of an app in a region.
#[derive(Clone, Copy, Debug)]
struct Second<'c> {
    app: &'c str,
    region: &'c str,
    at: i64,
}

impl Second<'_> {
    fn key(self, behind: i64) -> Rc<str> {
        let Self { app, region, at } = self;
        format!("{}:{app}{}:{region}", at + behind, app.len()).into()
    }
}

/// What a delivery tells of a second.
#[derive(Clone, Copy, Debug)]
struct Clue<'c> {
    second: Second<'c>,
    /// On which side it looks for its call there; `None` where it has found it by an id.
    side: Option<Side>,
    /// Whether a ring record carries the id of the session.
    is_rung: bool,
}

impl Groups {
    pub(super) fn group(&mut self, id: GroupId) -> Option<&mut Group> {
        self.all.get_mut(&id).map(Box::as_mut)
    }

    pub(super) fn ids(&self) -> Vec<GroupId> {
        self.all.keys().copied().collect()
    }

    /// How many deliveries all of them hold.
    pub(super) fn held(&self) -> usize {
        self.all.values().map(|group| group.len()).sum()
    }

    /// Whether anything is remembered under one of these names.
    pub(super) fn knows(&self, names: &[Rc<str>]) -> bool {
        names.iter().any(|name| self.homes.contains_key(name))
    }

    /// The group of a delivery that is an event. Those that it shows to be one become one.
    pub(super) fn home(
        &mut self,
        capture: &Capture,
        delivery: &Delivery,
        names: Vec<Rc<str>>,
    ) -> GroupId {
        let keys = keys(capture, delivery, names);
        let known = keys.iter().filter_map(|key| Some(self.homes.get(key)?.group));
        let known: Vec<GroupId> = known.collect();
        let mut id = match known.first() {
            Some(first) => *first,
            None => self.open(),
        };
        for other in known.into_iter().skip(1) {
            id = self.join(id, other);
        }
        self.note(id, keys, delivery);
        let Some(Clue { second, side, is_rung }) = self.second(capture, delivery) else {
            return id;
        };
        if let Some(side) = side {
            id = self.meet(id, side, second);
        }
        if is_rung && self.ring(id, second) {
            id = self.join_all(id, self.beside(Side::Initiation, second));
        }
        id
    }

    fn open(&mut self) -> GroupId {
        self.next += 1;
        self.all.insert(self.next, Box::default());
        self.next
    }

    /// Leads the keys to a group.
    fn note(&mut self, id: GroupId, keys: Vec<Rc<str>>, delivery: &Delivery) {
        let initiates = is_initiation(delivery);
        let rings = delivery.what.event().and_then(Event::ring).is_some();
        for key in keys {
            let home = self.homes.entry(key.clone()).or_insert_with(|| {
                if let Some(group) = self.all.get_mut(&id) {
                    group.keys.push(key);
                }
                Home { group: id, has_initiation: false, is_rung: false }
            });
            home.has_initiation |= initiates;
            home.is_rung |= rings;
        }
    }

    /// What a delivery tells of a second: its own, by which it may find its call if it has no better
    /// way, or that of a session whose id a ring record carries.
    fn second<'c>(&self, capture: &'c Capture, delivery: &Delivery) -> Option<Clue<'c>> {
        let app = capture.string(delivery.app?);
        let ring = delivery.what.event().and_then(Event::ring);
        let Some(session) = delivery.session.map(|session| capture.string(session)) else {
            let ring = ring.filter(|_| is_initiation(delivery))?;
            let (region, at) = (capture.string(delivery.region?), ring.sent_at.seconds());
            let second = Second { app, region, at };
            return Some(Clue { second, side: Some(Side::Initiation), is_rung: false });
        };
        let id = RingingId::parse(session).filter(|id| id.app == app)?;
        let home = self.homes.get(&key('s', app, session))?;
        let side = (ring.is_none() && !home.has_initiation).then_some(Side::Session);
        // A session's event tells nothing new where an initiation has told it all along.
        let is_rung = home.is_rung && (ring.is_some() || side.is_some());
        let second = Second { app, region: id.region, at: id.epoch };
        Some(Clue { second, side, is_rung })
    }

    /// Notes whose second it is. Where both sides are known of one second, or where a side that is
    /// alone has the other in the second before or after, they become one.
    fn meet(&mut self, id: GroupId, side: Side, second: Second<'_>) -> GroupId {
        if !self.attend(id, side, second.key(0)) {
            return id;
        }
        let (own, others) = self.present(side, second, 0);
        if others.is_empty() {
            return self.join_all(id, self.beside(side, second));
        }
        let id = self.join_all(id, own.into_iter().chain(others));
        let is_rung = self.seconds.get(&second.key(0)).is_some_and(|meeting| meeting.is_rung);
        if is_rung { self.join_all(id, self.beside(Side::Initiation, second)) } else { id }
    }

    /// Notes that a ring record carries the id of a session that has been looked for in its second:
    /// the initiations of the second, in one group with it, may be of sessions in the one before or
    /// after. `true` where there are any and it was not noted before.
    fn ring(&mut self, id: GroupId, second: Second<'_>) -> bool {
        let meeting = self.seconds.get_mut(&second.key(0));
        meeting.filter(|meeting| meeting.sessions.contains(&id)).is_some_and(|meeting| {
            !std::mem::replace(&mut meeting.is_rung, true) && !meeting.initiations.is_empty()
        })
    }

    fn join_all(&mut self, id: GroupId, others: impl IntoIterator<Item = GroupId>) -> GroupId {
        others.into_iter().fold(id, |id, other| self.join(id, other))
    }

    /// The groups of the other side in the second before and after.
    fn beside(&self, side: Side, second: Second<'_>) -> Vec<GroupId> {
        let mut groups = Vec::new();
        for behind in [-1, 1] {
            let (own, others) = self.present(side, second, behind);
            // A session beside this second that has an initiation in its own needs no other.
            if side == Side::Session || own.is_empty() {
                groups.extend(others);
            }
        }
        groups
    }

    /// Notes a group at a second; `false` where it was noted before.
    fn attend(&mut self, id: GroupId, side: Side, key: Rc<str>) -> bool {
        let groups = self.seconds.entry(key.clone()).or_default().side(side);
        if groups.contains(&id) {
            return false;
        }
        groups.push(id);
        if let Some(group) = self.all.get_mut(&id) {
            group.seconds.push(key);
        }
        true
    }

    /// The groups of this side at a second, and those of the other.
    fn present(&self, side: Side, second: Second<'_>, behind: i64) -> (Vec<GroupId>, Vec<GroupId>) {
        let Some(Meeting { initiations, sessions, .. }) = self.seconds.get(&second.key(behind))
        else {
            return Default::default();
        };
        match side {
            Side::Initiation => (initiations.clone(), sessions.clone()),
            Side::Session => (sessions.clone(), initiations.clone()),
        }
    }

    /// Makes two groups one, the smaller part of the greater.
    fn join(&mut self, one: GroupId, other: GroupId) -> GroupId {
        let size = |id: GroupId| self.all.get(&id).map_or(0, |group| group.len());
        let (kept, gone) = if size(one) < size(other) { (other, one) } else { (one, other) };
        if one == other {
            return one;
        }
        let Some(group) = self.all.remove(&gone) else {
            return kept;
        };
        for key in &group.keys {
            if let Some(home) = self.homes.get_mut(key) {
                home.group = kept;
            }
        }
        for key in &group.seconds {
            let Some(meeting) = self.seconds.get_mut(key) else {
                continue;
            };
            for side in [Side::Initiation, Side::Session] {
                let groups = meeting.side(side);
                let had = groups.len();
                groups.retain(|id| *id != gone);
                if groups.len() < had && !groups.contains(&kept) {
                    groups.push(kept);
                }
            }
        }
        if let Some(into) = self.all.get_mut(&kept) {
            into.absorb(*group);
        }
        kept
    }

    /// Leads to a group anew what has stayed in it; one that is empty is let go.
    pub(super) fn index(&mut self, id: GroupId) {
        let Some(mut group) = self.all.remove(&id) else {
            return;
        };
        for key in std::mem::take(&mut group.keys) {
            self.homes.remove(&key);
        }
        for key in std::mem::take(&mut group.seconds) {
            self.leave(id, &key);
        }
        if group.len() == 0 {
            return;
        }
        // The deliveries are looked at while the group's keys are written.
        let capture = std::mem::take(&mut group.capture);
        self.all.insert(id, group);
        for delivery in capture.deliveries.iter() {
            let names = names(&capture, &delivery).collect();
            self.note(id, keys(&capture, &delivery, names), &delivery);
        }
        for delivery in capture.deliveries.iter() {
            let Some(Clue { second, side, is_rung }) = self.second(&capture, &delivery) else {
                continue;
            };
            if let Some(side) = side {
                self.attend(id, side, second.key(0));
            }
            if is_rung {
                self.ring(id, second);
            }
        }
        if let Some(group) = self.all.get_mut(&id) {
            group.capture = capture;
        }
    }

    fn leave(&mut self, id: GroupId, key: &Rc<str>) {
        let Some(meeting) = self.seconds.get_mut(key) else {
            return;
        };
        meeting.initiations.retain(|group| *group != id);
        meeting.sessions.retain(|group| *group != id);
        if meeting.initiations.is_empty() && meeting.sessions.is_empty() {
            self.seconds.remove(key);
        }
    }

    /// All groups as one.
    pub(super) fn into_one(self) -> Option<Group> {
        let mut groups = self.all.into_values();
        let mut all = *groups.next()?;
        groups.for_each(|group| all.absorb(*group));
        Some(all)
    }
}

fn is_initiation(delivery: &Delivery) -> bool {
    delivery.what.event().is_some_and(|event| event.trigger.kind() == Kind::Initiated)
}

/// What leads to a delivery's group: its names, and a ring record's conversation.
fn keys(capture: &Capture, delivery: &Delivery, mut names: Vec<Rc<str>>) -> Vec<Rc<str>> {
    let app = delivery.app.map_or("", |app| capture.string(app));
    let ring = delivery.what.event().and_then(Event::ring);
    let conversation = ring.map(|ring| key('c', app, capture.string(ring.conversation)));
    names.extend(conversation);
    names
}

/// What a delivery calls its call: its session, and the id of a ring record, since calls whose ids
/// are alike are told apart only where they meet.
pub(super) fn names<'c>(
    capture: &'c Capture,
    delivery: &Delivery,
) -> impl Iterator<Item = Rc<str>> + use<'c> {
    let app = delivery.app.map_or("", |app| capture.string(app));
    let ring = delivery.what.event().and_then(Event::ring).map(|ring| ring.id);
    let session = delivery.session.map(|session| key('s', app, capture.string(session)));
    session.into_iter().chain(ring.map(|ring| key('r', app, capture.string(ring))))
}

fn key(kind: char, app: &str, id: &str) -> Rc<str> {
    format!("{kind}{}:{app}{id}", app.len()).into()
}
