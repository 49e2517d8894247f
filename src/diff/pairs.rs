//! Which calls of the two captures are one.
//!
//! A call keeps its id whatever else was captured, so that equal ids come first, then the most
//! events in common. What has no partner though it shares events was torn off a call that has one,
//! and is told with that.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::side::{Both, Side};
use super::twins::Twins;
use crate::flow::Reconstruction;

/// A call of either side, with its counterpart if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The call of each side; at least one is there.
    pub calls: Both<Option<u32>>,
    /// Calls of either side that are a part of this one on the other: a lost webhook may be what
    /// held them together.
    pub parts: Vec<(Side, u32)>,
}

impl Pair {
    /// All its calls of a side, the one that it is about first.
    pub fn of(&self, side: Side) -> impl Iterator<Item = u32> + '_ {
        let parts = self.parts.iter().filter(move |(of, _)| *of == side);
        self.calls.of(side).iter().copied().chain(parts.map(|(_, call)| *call))
    }
}

/// Two calls that have events in common.
#[derive(Clone, Copy)]
struct Shared {
    a: u32,
    b: u32,
    events: usize,
}

struct Pairing<'p> {
    sides: Both<&'p Reconstruction<'p>>,
    /// By call of each side, its counterpart.
    partner: Both<Vec<Option<u32>>>,
}

/// Every call of either side once, with its counterpart if it has one.
pub(super) fn pairs(sides: &Both<&Reconstruction<'_>>, twins: &Twins) -> Vec<Pair> {
    let mut shared = shared(sides, twins);
    let partner = sides.map(|side| vec![None; side.len()]);
    let mut pairing = Pairing { sides: *sides, partner };
    shared.retain(|of| !(pairing.is_same_id(of.a, of.b) && pairing.join(of.a, of.b)));
    shared.sort_by_cached_key(|of| pairing.key(of));
    shared.retain(|of| !pairing.join(of.a, of.b));
    let hosts = pairing.hosts(&shared);
    pairing.join_by_id(&hosts);
    pairing.finish(&hosts)
}

/// How many events each two calls have in common.
fn shared(sides: &Both<&Reconstruction<'_>>, twins: &Twins) -> Vec<Shared> {
    let calls = |event: u32| {
        let twin = twins.of_event(Side::A, event)?;
        Some((sides.a.call_of(event)?, sides.b.call_of(twin)?))
    };
    let mut calls: Vec<(u32, u32)> = sides.a.identities.events().filter_map(calls).collect();
    calls.sort_unstable();
    let of = |run: &[(u32, u32)]| Shared { a: run[0].0, b: run[0].1, events: run.len() };
    calls.chunk_by(|one, other| one == other).map(of).collect()
}

impl<'p> Pairing<'p> {
    fn is_same_id(&self, a: u32, b: u32) -> bool {
        self.sides.a.id(a) == self.sides.b.id(b)
    }

    /// Joins two calls that have no partner yet; whether they had none.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let free = self.partner.a[a as usize].is_none() && self.partner.b[b as usize].is_none();
        if free {
            self.partner.a[a as usize] = Some(b);
            self.partner.b[b as usize] = Some(a);
        }
        free
    }

    /// The most events in common first. What decides then is the same whichever side comes first.
    fn key(&self, of: &Shared) -> impl Ord + use<'p> {
        let (a, b) = (self.sides.a.id(of.a), self.sides.b.id(of.b));
        let at = [self.sides.a.first_at(of.a), self.sides.b.first_at(of.b)];
        (Reverse(of.events), at.iter().min().copied(), a.min(b), a.max(b))
    }

    /// For each call without a partner that shares events, the call of its own side that has the
    /// partner: it shares the most with that. They come in the order of their keys.
    fn hosts(&self, shared: &[Shared]) -> HashMap<(Side, u32), u32> {
        let mut hosts = HashMap::new();
        for of in shared {
            match (self.partner.a[of.a as usize], self.partner.b[of.b as usize]) {
                (None, Some(host)) => hosts.entry((Side::A, of.a)).or_insert(host),
                (Some(host), None) => hosts.entry((Side::B, of.b)).or_insert(host),
                _ => continue,
            };
        }
        hosts
    }

    /// Joins what is left by its id, though no event is the same.
    fn join_by_id(&mut self, hosts: &HashMap<(Side, u32), u32>) {
        let Both { a, b } = self.sides;
        let is_left = |pairing: &Self, side: Side, at: u32| {
            pairing.partner.of(side)[at as usize].is_none() && !hosts.contains_key(&(side, at))
        };
        let left = b.indexes().filter(|at| is_left(self, Side::B, *at));
        let left: HashMap<_, u32> = left.map(|at| ((b.app_id(at), b.id(at)), at)).collect();
        for at in a.indexes() {
            if is_left(self, Side::A, at)
                && let Some(other) = left.get(&(a.app_id(at), a.id(at)))
            {
                self.join(at, *other);
            }
        }
    }

    fn finish(&self, hosts: &HashMap<(Side, u32), u32>) -> Vec<Pair> {
        let mut pairs = Vec::with_capacity(self.sides.a.len().max(self.sides.b.len()));
        // By call of A, its pair.
        let mut place = vec![None; self.sides.a.len()];
        for a in self.sides.a.indexes().filter(|a| !hosts.contains_key(&(Side::A, *a))) {
            place[a as usize] = Some(pairs.len());
            let b = self.partner.a[a as usize];
            pairs.push(Pair { calls: Both { a: Some(a), b }, parts: Vec::new() });
        }
        let alone =
            |b: &u32| self.partner.b[*b as usize].is_none() && !hosts.contains_key(&(Side::B, *b));
        for b in self.sides.b.indexes().filter(alone) {
            pairs.push(Pair { calls: Both { a: None, b: Some(b) }, parts: Vec::new() });
        }
        for ((side, part), host) in hosts {
            let a = if *side == Side::A { Some(*host) } else { self.partner.b[*host as usize] };
            if let Some(pair) = a.and_then(|a| place[a as usize]) {
                pairs[pair].parts.push((*side, *part));
            }
        }
        for pair in &mut pairs {
            pair.parts.sort_unstable();
        }
        pairs.sort_by(|one, other| self.order(one).cmp(&self.order(other)));
        pairs
    }

    /// By first event, then id.
    fn order(&self, pair: &Pair) -> impl Ord + use<'p> {
        let Both { a, b } = self.sides;
        let Both { a: call_a, b: call_b } = pair.calls;
        let first_a = call_a.and_then(|at| a.first_at(at));
        let first_b = call_b.and_then(|at| b.first_at(at));
        let ids = [call_a.map(|at| a.id(at)), call_b.map(|at| b.id(at))];
        (first_a.into_iter().chain(first_b).min(), ids.into_iter().flatten().min())
    }
}
