//! How events are delivered, and what goes wrong with that.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use fastrand::Rng;

use super::body::{Event, trigger};
use super::call::{Call, What};
use super::carrier::{Carrier, Delivery};
use super::world::{World, throws};
use super::{Faults, Generated, Plan};

/// So much is written at once.
const CHUNK: usize = 1 << 17;
/// A first arrival so many milliseconds behind its event is late (D001).
const LATE: u64 = 60_000;

/// What is to be written once its time has come.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    arrival: u64,
    /// Of one millisecond the first to be sent comes first.
    turn: u64,
    line: Vec<u8>,
}

/// What delivers.
pub(super) struct Post<'w> {
    out: &'w mut dyn Write,
    carrier: Carrier,
    faults: Faults,
    /// Decides faults.
    dice: Rng,
    /// Decides all else: what carriers say besides, and how long a delivery takes.
    noise: Rng,
    body: Vec<u8>,
    buffer: Vec<u8>,
    held: BinaryHeap<Reverse<Held>>,
    clock: u64,
    generated: Generated,
}

impl<'w> Post<'w> {
    pub(super) fn new(plan: &Plan, out: &'w mut dyn Write) -> io::Result<Self> {
        out.write_all(plan.carrier.head())?;
        Ok(Self {
            out,
            carrier: plan.carrier,
            faults: plan.faults.clone(),
            dice: throws(plan.seed, 1),
            noise: throws(plan.seed, 2),
            body: Vec::new(),
            buffer: Vec::with_capacity(CHUNK + CHUNK / 2),
            held: BinaryHeap::new(),
            clock: 0,
            generated: Generated::default(),
        })
    }

    /// Delivers what a call sends next, and notes in it what became of that.
    pub(super) fn send(&mut self, call: &mut Call, world: &mut World) -> io::Result<()> {
        let Some(step) = call.next() else {
            return Ok(());
        };
        let ring_id = match (step.what, &call.ring) {
            (What::Missed, _) => world.ring_id(call.app),
            (_, ring) => ring.map_or(0, |ring| ring.id),
        };
        let event = Event { app: &world.apps[call.app], call, step, ring_id };
        let mut first = None;
        let mut sound = 0;
        if !self.hits(self.faults.drop) {
            for (arrival, webhook) in self.arrivals(step.at) {
                if self.deliver(&event, arrival, webhook)? {
                    sound += 1;
                    first = Some(first.map_or(arrival, |first: u64| first.min(arrival)));
                }
            }
        }
        let told = first.and_then(|first| self.carrier.told(first));
        let is_late = told.is_some_and(|told| told > step.at * 1000 + LATE);
        call.late |= is_late && !matches!(step.what, What::Recorded(_));
        call.sent += 1;
        call.deliveries += sound;
        if sound == 0 {
            call.lost.push(step);
            self.generated.lost += 1;
        }
        Ok(())
    }

    /// When an event arrives, and through which of the app's webhooks, each time. CometChat tries
    /// again 10 s and 30 s later.
    fn arrivals(&mut self, sent_at: u64) -> impl Iterator<Item = (u64, usize)> + use<> {
        let at = (sent_at * 1000 + self.noise.u64(200..900)).max(self.clock);
        let mut arrivals = [Some((at, 0)), None, None, None];
        if self.hits(self.faults.duplicate) {
            let retries = self.dice.u8(0..3);
            let (soon, later) = (self.dice.u64(10_100..14_900), self.dice.u64(40_100..49_900));
            arrivals[1] = (retries != 1).then_some((at + soon, 0));
            arrivals[2] = (retries != 0).then_some((at + later, 0));
        }
        if self.hits(self.faults.copy) {
            arrivals[3] = Some((at + self.dice.u64(0..3000), 1));
        }
        let window = self.faults.shuffle;
        if window > 0 {
            for (arrival, _) in arrivals.iter_mut().flatten() {
                *arrival += self.dice.u64(0..=window);
            }
        }
        arrivals.into_iter().flatten()
    }

    /// Delivers once; whether it is sound.
    fn deliver(&mut self, event: &Event<'_>, arrival: u64, webhook: usize) -> io::Result<bool> {
        self.body.clear();
        event.write(&mut self.body, webhook);
        let is_sound = !self.hits(self.faults.corrupt);
        if !is_sound {
            corrupt(&mut self.body, &mut self.dice);
            self.generated.corrupt += 1;
        }
        let trigger = trigger(event.call, event.step.what);
        let delivery = Delivery { trigger, body: &self.body, arrival };
        self.generated.webhooks += 1;
        let is_prompt = arrival < (event.step.at + 1) * 1000 && self.faults.shuffle == 0;
        if is_prompt {
            self.clock = arrival;
            release(&mut self.held, arrival, self.carrier, &mut self.buffer);
            self.carrier.wrap(&mut self.buffer, &mut self.noise, delivery);
            self.buffer.extend_from_slice(self.carrier.between());
        } else {
            let mut line = Vec::with_capacity(self.body.len() + 256);
            self.carrier.wrap(&mut line, &mut self.noise, delivery);
            let turn = self.generated.webhooks;
            self.held.push(Reverse(Held { arrival, turn, line }));
            // What comes later is not sent before this second.
            release(&mut self.held, event.step.at * 1000, self.carrier, &mut self.buffer);
        }
        if self.buffer.len() >= CHUNK {
            // What stands between two is kept back until there is another.
            let whole = self.buffer.len() - self.carrier.between().len();
            self.out.write_all(&self.buffer[..whole])?;
            self.buffer.drain(..whole);
        }
        Ok(is_sound)
    }

    fn hits(&mut self, share: f64) -> bool {
        share > 0.0 && self.dice.f64() < share
    }

    /// Delivers what is still held back; says what came of so many calls.
    pub(super) fn finish(mut self, calls: u64) -> io::Result<Generated> {
        release(&mut self.held, u64::MAX, self.carrier, &mut self.buffer);
        if self.generated.webhooks > 0 {
            let whole = self.buffer.len().saturating_sub(self.carrier.between().len());
            self.buffer.truncate(whole);
        }
        if self.generated.webhooks > 0 || self.carrier == Carrier::WebhookSite {
            self.buffer.extend_from_slice(self.carrier.tail());
        }
        self.out.write_all(&self.buffer)?;
        Ok(Generated { calls, ..self.generated })
    }
}

/// Adds what has been held back until a time.
fn release(held: &mut BinaryHeap<Reverse<Held>>, until: u64, carrier: Carrier, out: &mut Vec<u8>) {
    while held.peek().is_some_and(|Reverse(next)| next.arrival <= until)
        && let Some(Reverse(next)) = held.pop()
    {
        out.extend_from_slice(&next.line);
        out.extend_from_slice(carrier.between());
    }
}

/// Cuts a body in half, or breaks one of its bytes.
fn corrupt(body: &mut Vec<u8>, dice: &mut Rng) {
    let is_inside = |at: usize| body[at] & 0xc0 == 0x80;
    if dice.bool() {
        let half = body.len() / 2;
        let half = (0..=half).rev().find(|at| !is_inside(*at));
        body.truncate(half.unwrap_or_default());
    } else {
        let from = dice.usize(1..body.len() / 2);
        if let Some(byte) = body[from..].iter_mut().find(|byte| byte.is_ascii()) {
            // No JSON has this byte, in a string or beside one.
            *byte = 0x01;
        }
    }
}
