//! How calls come about.

use fastrand::Rng;

use super::app::App;
use super::call::{Call, Receiver, Ring, Talk};
use super::mix::Fate;
use super::party::draw_free;
use super::session::{Habits, talk};

/// How long an outcome may be taken for that of an attempt, and a little more.
const RING_WINDOW: u64 = 130;
/// A meeting's id comes back this much later at the earliest.
const ROOM_REST: u64 = 900;

/// Somebody who will ring again, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Redial {
    pub(super) app: usize,
    pub(super) caller: usize,
    pub(super) other: usize,
}

/// What calls are made with.
pub(super) struct Maker<'w> {
    pub(super) rng: &'w mut Rng,
    pub(super) apps: &'w mut [App],
    pub(super) habits: Habits,
    pub(super) participants: (usize, usize),
}

impl Maker<'_> {
    /// A call that begins at a time; `None` where nobody is free for it.
    pub(super) fn call(&mut self, app: usize, at: u64, fate: Fate) -> Option<Call> {
        match fate {
            Fate::Meeting => Some(self.meeting(app, at)),
            Fate::Group => self.group(app, at),
            _ => {
                let people = &self.apps[app].people;
                let caller = draw_free(people, self.rng, at, None)?;
                let other = draw_free(people, self.rng, at, Some(caller))?;
                Some(self.pair(Redial { app, caller, other }, at, fate))
            }
        }
    }

    /// One person calls another.
    pub(super) fn pair(&mut self, who: Redial, at: u64, fate: Fate) -> Call {
        let Redial { app, caller, other } = who;
        let call = self.ring(app, at, caller, Receiver::Person(other), fate);
        for person in [caller, other] {
            self.apps[app].people[person].free_at = call.over_at() + RING_WINDOW;
        }
        call
    }

    /// Somebody calls a group: in one of ten cases nobody answers, in another the caller gives up.
    fn group(&mut self, app: usize, at: u64) -> Option<Call> {
        let group = draw_free(&self.apps[app].groups, self.rng, at, None)?;
        let caller = self.apps[app].draw_people(self.rng, 1)[0];
        let fate = match self.rng.u8(0..10) {
            0 => Fate::Unanswered,
            1 => Fate::Cancelled,
            _ => Fate::Ended,
        };
        let call = self.ring(app, at, caller, Receiver::Group(group), fate);
        self.apps[app].groups[group].free_at = call.over_at() + RING_WINDOW;
        Some(call)
    }

    fn ring(&mut self, app: usize, at: u64, caller: usize, receiver: Receiver, fate: Fate) -> Call {
        let rng = &mut *self.rng;
        let missed_at = match fate {
            Fate::Rejected => Some(at + rng.u64(2..40)),
            Fate::Busy => Some(at + rng.u64(1..4)),
            Fate::Cancelled => Some(at + rng.u64(1..44)),
            Fate::Unanswered => Some(at + if rng.u8(0..4) == 0 { 30 } else { 45 }),
            _ => None,
        };
        let video = rng.bool();
        let attempt = Ring {
            id: self.apps[app].ring_id(rng),
            caller,
            receiver,
            video,
            missed: missed_at.map(|at| (at, fate)),
        };
        let App { id, region, .. } = &self.apps[app];
        let session = format!("v1.{region}.{id}.{at:010}{:032x}{:08x}", rng.u128(..), rng.u32(..));
        let talk = missed_at.is_none().then(|| self.answered(app, at, caller, receiver, !video));
        Call::new(app, at, session, Some(attempt), talk)
    }

    /// What comes of an attempt that is answered.
    fn answered(
        &mut self,
        app: usize,
        at: u64,
        caller: usize,
        receiver: Receiver,
        audio: bool,
    ) -> Talk {
        let mut people = vec![caller];
        match receiver {
            Receiver::Person(other) => people.push(other),
            Receiver::Group(_) => {
                let count = self.head_count().max(2);
                let drawn = self.apps[app].draw_people(self.rng, count);
                people.extend(drawn.iter().filter(|person| **person != caller).take(count - 1));
            }
        }
        let created_at = at + self.rng.u64(2..40);
        talk(self.rng, self.habits, created_at, &people, audio)
    }

    fn head_count(&mut self) -> usize {
        let (least, most) = self.participants;
        self.rng.usize(least..=most)
    }

    /// People meet, in one of three cases where others have met before.
    fn meeting(&mut self, app: usize, at: u64) -> Call {
        let count = self.head_count();
        let App { rooms, .. } = &self.apps[app];
        let room = self.rng.usize(..rooms.len() * 3);
        let room = rooms.get(room).filter(|room| room.free_at <= at).map(|_| room);
        let session = match room {
            Some(room) => rooms[room].session.clone(),
            None => format!(
                "{:08x}-{:04x}-{:04x}",
                self.rng.u32(..),
                self.rng.u16(..),
                self.rng.u16(..)
            ),
        };
        let audio = self.rng.u8(0..4) == 0;
        let people = self.apps[app].draw_people(self.rng, count);
        let talk = talk(self.rng, self.habits, at, people, audio);
        let call = Call::new(app, at, session, None, Some(talk));
        if let Some(room) = room {
            self.apps[app].rooms[room].free_at = call.over_at() + ROOM_REST;
        }
        call
    }
}
