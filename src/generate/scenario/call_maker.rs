//! Makes calls: who calls whom, and what comes of it.

use super::app::SimulatedApp;
use super::call::{PlannedCall, RingAttempt, RingParties, RingReceiver};
use super::people::draw_free;
use super::simulation::Simulation;
use crate::generate::plan::CallFate;

/// Seconds in which a reader may link an outcome to an attempt (120), and a margin.
const RING_WINDOW: u64 = 130;
/// Seconds after which a room's session id may be used again.
const ROOM_REST: u64 = 900;

impl Simulation {
    /// A call that begins at `at`; `None` if nobody is free for it.
    pub(super) fn make_call(&mut self, app: usize, at: u64, fate: CallFate) -> Option<PlannedCall> {
        let SimulatedApp { people, groups, .. } = &self.apps[app];
        match fate {
            CallFate::Meeting => Some(self.meet(app, at)),
            CallFate::Group => {
                let group = draw_free(groups, &mut self.rng, at, None)?;
                let caller = self.apps[app].draw_people(&mut self.rng, 1)[0];
                let fate = match self.rng.u8(0..10) {
                    0 => CallFate::Unanswered,
                    1 => CallFate::Cancelled,
                    _ => CallFate::Ended,
                };
                let receiver = RingReceiver::Group(group);
                Some(self.ring(RingParties { app, caller, receiver }, at, fate))
            }
            _ => {
                let caller = draw_free(people, &mut self.rng, at, None)?;
                let other = draw_free(people, &mut self.rng, at, Some(caller))?;
                let receiver = RingReceiver::Person(other);
                Some(self.ring(RingParties { app, caller, receiver }, at, fate))
            }
        }
    }

    pub(super) fn ring(&mut self, parties: RingParties, at: u64, fate: CallFate) -> PlannedCall {
        let RingParties { app, caller, receiver } = parties;
        let rng = &mut self.rng;
        let missed_at = match fate {
            CallFate::Rejected => Some(at + rng.u64(2..40)),
            CallFate::Busy => Some(at + rng.u64(1..4)),
            CallFate::Cancelled => Some(at + rng.u64(1..44)),
            CallFate::Unanswered => Some(at + if rng.u8(0..4) == 0 { 30 } else { 45 }),
            _ => None,
        };
        let video = rng.bool();
        let id = self.apps[app].next_ring_id(rng);
        let missed = missed_at.map(|at| (at, fate));
        let attempt = RingAttempt { id, parties, video, missed };
        let SimulatedApp { id, region, .. } = &self.apps[app];
        let session_id =
            format!("v1.{region}.{id}.{at:010}{:032x}{:08x}", rng.u128(..), rng.u32(..));
        let session = missed_at.is_none().then(|| {
            let people = self.draw_answering(parties);
            let created_at = at + self.rng.u64(2..40);
            self.plan_session(created_at, &people, !video)
        });
        let call = PlannedCall::new(app, at, session_id, Some(attempt), session);
        // Only then can none of their outcomes be linked to an earlier attempt.
        let free_at = call.over_at() + RING_WINDOW;
        let SimulatedApp { people, groups, .. } = &mut self.apps[app];
        match receiver {
            RingReceiver::Group(group) => groups[group].free_at = free_at,
            RingReceiver::Person(other) => {
                people[caller].free_at = free_at;
                people[other].free_at = free_at;
            }
        }
        call
    }

    /// Who is in the session of an answered attempt, the caller first.
    fn draw_answering(&mut self, parties: RingParties) -> Vec<usize> {
        let RingParties { app, caller, receiver } = parties;
        let mut people = vec![caller];
        match receiver {
            RingReceiver::Person(other) => people.push(other),
            RingReceiver::Group(_) => {
                let count = self.draw_head_count().max(2);
                let drawn = self.apps[app].draw_people(&mut self.rng, count).iter().copied();
                people.extend(drawn.filter(|person| *person != caller).take(count - 1));
            }
        }
        people
    }

    fn draw_head_count(&mut self) -> usize {
        let (least, most) = self.plan.participants;
        self.rng.usize(least..=most)
    }

    /// People meet, one time in three in a room that is used again.
    fn meet(&mut self, app: usize, at: u64) -> PlannedCall {
        let count = self.draw_head_count();
        let (rng, rooms) = (&mut self.rng, &self.apps[app].rooms);
        let room = rng.usize(..rooms.len() * 3);
        let room = rooms.get(room).filter(|room| room.free_at <= at).map(|_| room);
        let session_id = match room {
            Some(room) => rooms[room].session.clone(),
            None => format!("{:08x}-{:04x}-{:04x}", rng.u32(..), rng.u16(..), rng.u16(..)),
        };
        let audio = rng.u8(0..4) == 0;
        let people = self.apps[app].draw_people(rng, count).to_vec();
        let session = self.plan_session(at, &people, audio);
        let call = PlannedCall::new(app, at, session_id, None, Some(session));
        if let Some(room) = room {
            self.apps[app].rooms[room].free_at = call.over_at() + ROOM_REST;
        }
        call
    }
}
