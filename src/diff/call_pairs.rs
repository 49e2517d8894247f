//! The calls that both captures have.
//!
//! A call gets the same id whatever else was captured, so that calls with equal ids and a shared
//! event are paired first, then those that share the most events. A call without a counterpart that
//! shares events with the other side is a part that was split off a paired call: it is listed with
//! that pair.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::event_matches::EventMatches;
use super::side::{BothSides, DiffSide, EitherOrBoth};
use crate::flow::Reconstruction;

/// A call of either side, with its counterpart if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPair {
    /// The call on the sides that have it.
    pub calls: EitherOrBoth<u32>,
    /// Calls of either side that are part of this one on the other side, for example because the
    /// webhook that links them was lost.
    pub parts: Vec<(DiffSide, u32)>,
}

impl CallPair {
    /// All its calls of a side, the main one first.
    pub fn calls_of(&self, side: DiffSide) -> impl Iterator<Item = u32> + '_ {
        let parts = self.parts.iter().filter(move |(of, _)| *of == side);
        self.calls.on(side).copied().into_iter().chain(parts.map(|(_, call)| *call))
    }
}

/// Two calls with events in common.
#[derive(Clone, Copy)]
struct SharedEvents {
    a: u32,
    b: u32,
    count: usize,
}

/// By part of a call, the call of its own side from which it was split off.
type PartHosts = HashMap<(DiffSide, u32), u32>;

struct CallPairing<'p> {
    sides: BothSides<&'p Reconstruction<'p>>,
    /// By call of each side, its counterpart.
    counterparts: BothSides<Vec<Option<u32>>>,
}

/// Every call of either side once, as main call or as part.
pub(super) fn pair_calls(
    sides: &BothSides<&Reconstruction<'_>>,
    matches: &EventMatches,
) -> Vec<CallPair> {
    let mut shared = shared_events(sides, matches);
    let counterparts = sides.map(|side| vec![None; side.len()]);
    let mut pairing = CallPairing { sides: *sides, counterparts };
    shared.retain(|calls| !(pairing.has_same_id(calls) && pairing.join(calls.a, calls.b)));
    shared.sort_by_cached_key(|calls| pairing.priority(calls));
    shared.retain(|calls| !pairing.join(calls.a, calls.b));
    let hosts = pairing.find_hosts(&shared);
    pairing.join_by_id(&hosts);
    pairing.finish(&hosts)
}

fn shared_events(
    sides: &BothSides<&Reconstruction<'_>>,
    matches: &EventMatches,
) -> Vec<SharedEvents> {
    let calls = |event: u32| {
        let other = matches.of_event(DiffSide::A, event)?;
        Some((sides.a.call_of(event)?, sides.b.call_of(other)?))
    };
    let mut calls: Vec<(u32, u32)> = sides.a.identities.events().filter_map(calls).collect();
    calls.sort_unstable();
    let count = |run: &[(u32, u32)]| SharedEvents { a: run[0].0, b: run[0].1, count: run.len() };
    calls.chunk_by(|one, other| one == other).map(count).collect()
}

impl<'p> CallPairing<'p> {
    fn has_same_id(&self, calls: &SharedEvents) -> bool {
        self.sides.a.id(calls.a) == self.sides.b.id(calls.b)
    }

    /// Pairs two calls. Returns `false` if one of them has a counterpart already.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let BothSides { a: of_a, b: of_b } = &mut self.counterparts;
        let is_free = of_a[a as usize].is_none() && of_b[b as usize].is_none();
        if is_free {
            of_a[a as usize] = Some(b);
            of_b[b as usize] = Some(a);
        }
        is_free
    }

    /// The most events in common first. Ties are broken alike whichever side is A.
    fn priority(&self, calls: &SharedEvents) -> impl Ord + use<'p> {
        let BothSides { a, b } = self.sides;
        let (id_a, id_b) = (a.id(calls.a), b.id(calls.b));
        let first_at = a.first_at(calls.a).min(b.first_at(calls.b));
        (Reverse(calls.count), first_at, id_a.min(id_b), id_a.max(id_b))
    }

    /// The hosts of the calls that share events but got no counterpart. `shared` is in the order of
    /// priority, so that each gets the host with which it shares the most.
    fn find_hosts(&self, shared: &[SharedEvents]) -> PartHosts {
        let mut hosts = HashMap::new();
        for calls in shared {
            let of_a = self.counterparts.a[calls.a as usize];
            match (of_a, self.counterparts.b[calls.b as usize]) {
                (None, Some(host)) => hosts.entry((DiffSide::A, calls.a)).or_insert(host),
                (Some(host), None) => hosts.entry((DiffSide::B, calls.b)).or_insert(host),
                _ => continue,
            };
        }
        hosts
    }

    /// Whether the call has neither a counterpart nor a host.
    fn is_alone(&self, hosts: &PartHosts, side: DiffSide, call: u32) -> bool {
        self.counterparts.on(side)[call as usize].is_none() && !hosts.contains_key(&(side, call))
    }

    /// Pairs calls that share an id but no event.
    fn join_by_id(&mut self, hosts: &PartHosts) {
        let BothSides { a, b } = self.sides;
        let alone = b.indexes().filter(|call| self.is_alone(hosts, DiffSide::B, *call));
        let by_id: HashMap<_, u32> =
            alone.map(|call| ((b.app_id(call), b.id(call)), call)).collect();
        for call in a.indexes() {
            if self.is_alone(hosts, DiffSide::A, call)
                && let Some(other) = by_id.get(&(a.app_id(call), a.id(call)))
            {
                self.join(call, *other);
            }
        }
    }

    fn finish(&self, hosts: &PartHosts) -> Vec<CallPair> {
        let BothSides { a, b } = self.sides;
        let pair = |calls| CallPair { calls, parts: Vec::new() };
        let mut pairs = Vec::with_capacity(a.len().max(b.len()));
        let mut place_of_a = vec![None; a.len()];
        for call in a.indexes().filter(|call| !hosts.contains_key(&(DiffSide::A, *call))) {
            place_of_a[call as usize] = Some(pairs.len());
            pairs.push(pair(match self.counterparts.a[call as usize] {
                Some(other) => EitherOrBoth::Both(call, other),
                None => EitherOrBoth::Left(call),
            }));
        }
        let only_b = b.indexes().filter(|call| self.is_alone(hosts, DiffSide::B, *call));
        pairs.extend(only_b.map(|call| pair(EitherOrBoth::Right(call))));
        for ((side, part), host) in hosts {
            let host_a = match side {
                DiffSide::A => Some(*host),
                DiffSide::B => self.counterparts.b[*host as usize],
            };
            if let Some(pair) = host_a.and_then(|call| place_of_a[call as usize]) {
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
    fn order(&self, pair: &CallPair) -> impl Ord + use<'p> {
        let of = |(side, call): (DiffSide, &u32)| (*self.sides.on(side), *call);
        let first_at = pair.calls.iter().map(of).filter_map(|(calls, call)| calls.first_at(call));
        let id = pair.calls.iter().map(of).map(|(calls, call)| calls.id(call));
        (first_at.min(), id.min())
    }
}
