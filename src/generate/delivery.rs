//! Delivers events in the order of their arrival, with the planned faults.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use fastrand::Rng;

use super::plan::{CapturePlan, GeneratedCounts};
use super::render::carrier::{CarriedDelivery, CarrierFormat};
use super::render::webhook_body::{WebhookEvent, trigger};
use super::scenario::call::{PlannedCall, StepKind};
use super::scenario::simulation::{Simulation, rng_for};

/// Bytes that are written at once: fewer writes to the file.
const CHUNK: usize = 1 << 17;
/// Bytes of most bodies: a vector of this capacity does not grow, which would double the time.
const BODY: usize = 1 << 10;
/// Milliseconds after its event from which on a first arrival is late (D001).
const LATE_AFTER: u64 = 60_000;

/// A delivery that is written when its arrival comes. Ordered by arrival, then as sent.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct HeldDelivery {
    arrival: u64,
    number: u64,
    line: Vec<u8>,
}

/// Writes deliveries, and holds back those that arrive later than others.
pub(super) struct DeliveryQueue<'w> {
    out: &'w mut dyn Write,
    plan: CapturePlan,
    fault_rng: Rng,
    /// For latencies and ids of carriers.
    noise_rng: Rng,
    buffer: Vec<u8>,
    /// Empty before the first delivery.
    separator: &'static [u8],
    held: BinaryHeap<Reverse<HeldDelivery>>,
    /// The latest arrival that was not held back, in milliseconds.
    clock: u64,
    counts: GeneratedCounts,
}

impl<'w> DeliveryQueue<'w> {
    pub(super) fn new(plan: &CapturePlan, out: &'w mut dyn Write) -> io::Result<Self> {
        out.write_all(plan.carrier.prologue())?;
        Ok(Self {
            out,
            plan: plan.clone(),
            fault_rng: rng_for(plan.seed, 1),
            noise_rng: rng_for(plan.seed, 2),
            buffer: Vec::new(),
            separator: b"",
            held: BinaryHeap::new(),
            clock: 0,
            counts: GeneratedCounts::default(),
        })
    }

    /// Delivers a call's next event, and notes in the call whether it arrived.
    pub(super) fn send_step(
        &mut self,
        call: &mut PlannedCall,
        simulation: &mut Simulation,
    ) -> io::Result<()> {
        let Some(step) = call.next_step() else {
            return Ok(());
        };
        let ring_id = match (step.kind, &call.ring) {
            (StepKind::RingOutcome, _) => simulation.next_ring_id(call.app),
            (_, ring) => ring.map_or(0, |ring| ring.id),
        };
        let event = WebhookEvent { app: &simulation.apps[call.app], call, step, ring_id };
        let mut first: Option<u64> = None;
        let mut intact = 0;
        if !self.hits(self.plan.faults.drop) {
            for (arrival, webhook) in self.arrivals(step.at) {
                if self.deliver(&event, arrival, webhook)? {
                    intact += 1;
                    first = Some(first.map_or(arrival, |first| first.min(arrival)));
                }
            }
        }
        let recorded = first.and_then(|first| self.plan.carrier.recorded_arrival(first));
        let is_late = recorded.is_some_and(|arrival| arrival > step.at * 1000 + LATE_AFTER);
        call.late |= is_late && !matches!(step.kind, StepKind::Recorded(_));
        call.sent += 1;
        call.deliveries += intact;
        if intact == 0 {
            call.lost.push(step);
            self.counts.lost += 1;
        }
        Ok(())
    }

    /// The arrival and the webhook of each delivery of an event.
    fn arrivals(&mut self, sent_at: u64) -> impl Iterator<Item = (u64, usize)> + use<> {
        let at = (sent_at * 1000 + self.noise_rng.u64(200..900)).max(self.clock);
        let mut arrivals = [Some((at, 0)), None, None, None];
        if self.hits(self.plan.faults.duplicate) {
            // CometChat retries after 10 and after 30 more seconds; one of the two may be missing.
            let retries = self.fault_rng.u8(0..3);
            let (soon, later) =
                (self.fault_rng.u64(10_100..14_900), self.fault_rng.u64(40_100..49_900));
            arrivals[1] = (retries != 1).then_some((at + soon, 0));
            arrivals[2] = (retries != 0).then_some((at + later, 0));
        }
        if self.hits(self.plan.faults.copy) {
            arrivals[3] = Some((at + self.fault_rng.u64(0..3000), 1));
        }
        let window = self.plan.faults.shuffle;
        if window > 0 {
            for (arrival, _) in arrivals.iter_mut().flatten() {
                *arrival += self.fault_rng.u64(0..=window);
            }
        }
        arrivals.into_iter().flatten()
    }

    /// Delivers once; returns whether the body is intact.
    fn deliver(
        &mut self,
        event: &WebhookEvent<'_>,
        arrival: u64,
        webhook: usize,
    ) -> io::Result<bool> {
        let mut body = Vec::with_capacity(BODY);
        event.write_body(&mut body, webhook);
        let is_intact = !self.hits(self.plan.faults.corrupt);
        if !is_intact {
            corrupt(&mut body, &mut self.fault_rng);
            self.counts.corrupt += 1;
        }
        let trigger = trigger(event.call, event.step.kind);
        let delivery = CarriedDelivery { trigger, body: &body, arrival };
        self.counts.webhooks += 1;
        if arrival < (event.step.at + 1) * 1000 && self.plan.faults.shuffle == 0 {
            // Written at once: a line of its own for each delivery took a fifth longer.
            self.clock = arrival;
            self.release(arrival)?;
            self.buffer.extend_from_slice(self.separator);
            self.plan.carrier.wrap(&mut self.buffer, &mut self.noise_rng, delivery);
            self.separator = self.plan.carrier.separator();
        } else {
            let mut line = Vec::with_capacity(2 * body.len());
            self.plan.carrier.wrap(&mut line, &mut self.noise_rng, delivery);
            self.held.push(Reverse(HeldDelivery { arrival, number: self.counts.webhooks, line }));
            // Events are sent in the order of their seconds: nothing can arrive before this one.
            self.release(event.step.at * 1000)?;
        }
        Ok(is_intact)
    }

    fn hits(&mut self, share: f64) -> bool {
        share > 0.0 && self.fault_rng.f64() < share
    }

    /// Writes the held deliveries that arrive until then, in milliseconds.
    fn release(&mut self, until: u64) -> io::Result<()> {
        while self.held.peek().is_some_and(|Reverse(next)| next.arrival <= until)
            && let Some(Reverse(next)) = self.held.pop()
        {
            self.buffer.extend_from_slice(self.separator);
            self.buffer.extend_from_slice(&next.line);
            self.separator = self.plan.carrier.separator();
        }
        if self.buffer.len() >= CHUNK {
            self.out.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Writes what is still held, and the end of the capture.
    pub(super) fn finish(mut self, calls: u64) -> io::Result<GeneratedCounts> {
        self.release(u64::MAX)?;
        if self.counts.webhooks > 0 || self.plan.carrier == CarrierFormat::WebhookSite {
            self.buffer.extend_from_slice(self.plan.carrier.epilogue());
        }
        self.out.write_all(&self.buffer)?;
        Ok(GeneratedCounts { calls, ..self.counts })
    }
}

/// Cuts a body in half, or breaks one of its bytes.
fn corrupt(body: &mut Vec<u8>, rng: &mut Rng) {
    if rng.bool() {
        let is_boundary = |at: &usize| body[*at] & 0xc0 != 0x80;
        let half = (0..=body.len() / 2).rev().find(is_boundary);
        body.truncate(half.unwrap_or_default());
    } else {
        let from = rng.usize(1..body.len() / 2);
        if let Some(byte) = body[from..].iter_mut().find(|byte| byte.is_ascii()) {
            // JSON allows this byte neither inside nor outside a string.
            *byte = 0x01;
        }
    }
}
