//! Who was in a call, and when: joined, left and the roster brought together.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::event::{Body, Capture, Joined, Left, Media, Moment, Occupant, Span, Sym};

/// Evidence this far apart may be of one stay (R004).
const SLACK: Span = Span::from_seconds(2);

/// Of so many of one name on each side the nearest are looked at.
const NEIGHBOURS: usize = 64;

/// What is known of one stay, by source, each with the delivery that tells it. At least one is
/// there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence<'c> {
    pub(super) joined: Option<(u32, &'c Joined)>,
    pub(super) left: Option<(u32, &'c Left)>,
    pub(super) entry: Option<(u32, &'c Occupant)>,
}

impl Evidence<'_> {
    pub(super) fn name(&self) -> Option<Sym> {
        (self.joined.map(|(_, joined)| joined.name))
            .or(self.left.map(|(_, left)| left.name))
            .or(self.entry.map(|(_, entry)| entry.name))
    }

    /// When the stay began. The server's own event knows best, the roster least.
    pub(super) fn joined_at(&self) -> Option<Moment> {
        (self.joined.map(|(_, joined)| joined.joined_at))
            .or(self.left.map(|(_, left)| left.joined_at))
            .or(self.entry.map(|(_, entry)| entry.joined_at))
    }

    /// When it ended; `None` where nothing tells.
    pub(super) fn left_at(&self) -> Option<Moment> {
        (self.left.map(|(_, left)| left.left_at))
            .or(self.entry.and_then(|(_, entry)| entry.left_at))
    }

    pub(super) fn media(&self) -> Option<Media> {
        (self.joined.and_then(|(_, joined)| joined.media))
            .or(self.left.and_then(|(_, left)| left.media))
            .or(self.entry.and_then(|(_, entry)| entry.media))
    }

    /// Whether no source speaks of both.
    fn is_disjoint(&self, other: &Self) -> bool {
        !(self.joined.is_some() && other.joined.is_some()
            || self.left.is_some() && other.left.is_some()
            || self.entry.is_some() && other.entry.is_some())
    }

    fn merged(self, other: Self) -> Self {
        Self {
            joined: self.joined.or(other.joined),
            left: self.left.or(other.left),
            entry: self.entry.or(other.entry),
        }
    }
}

/// The stays of a call, in no particular order.
pub(super) fn stays<'c>(capture: &'c Capture, events: &[u32]) -> Vec<Evidence<'c>> {
    let mut pieces = pieces(capture, events);
    // Where both flows tell of one stay (F003), the order of arrival must not decide which counts.
    let trigger = |piece: &Evidence<'_>| {
        let event = piece.joined.map(|(at, _)| at).or(piece.left.map(|(at, _)| at));
        event.and_then(|at| capture.event(at)).map(|event| event.trigger)
    };
    let key = |piece: &Evidence<'_>| (piece.name(), piece.joined_at(), piece.left_at());
    pieces.sort_by(|one, other| {
        key(one).cmp(&key(other)).then_with(|| trigger(one).cmp(&trigger(other)))
    });
    let by_stay = |one: &Evidence<'_>, other: &Evidence<'_>| {
        (one.name(), one.joined_at()) == (other.name(), other.joined_at())
    };
    let mut stays = Vec::with_capacity(pieces.len());
    for pieces in pieces.chunk_by(by_stay) {
        same_second(pieces, &mut stays);
    }
    // Of most calls nothing is left over.
    let is_near =
        |pair: &[Evidence<'_>]| pair[0].name() == pair[1].name() && are_near(&pair[0], &pair[1]);
    if !stays.windows(2).any(is_near) {
        return stays;
    }
    (stays.chunk_by(|one, other| one.name() == other.name())).flat_map(join_leftovers).collect()
}

/// What is told of stays, each by one source: by rosters, then by joined and left.
fn pieces<'c>(capture: &'c Capture, events: &[u32]) -> Vec<Evidence<'c>> {
    let mut pieces = Vec::with_capacity(2 * events.len());
    roster(capture, events, &mut pieces);
    for index in events {
        pieces.push(match capture.event(*index).map(|event| &event.body) {
            Some(Body::Joined(joined)) => {
                Evidence { joined: Some((*index, joined)), ..Evidence::default() }
            }
            Some(Body::Left(left)) => {
                Evidence { left: Some((*index, left)), ..Evidence::default() }
            }
            _ => continue,
        });
    }
    pieces
}

/// The entries of all ends' rosters; what several list alike counts once. The last end knows best.
fn roster<'c>(capture: &'c Capture, events: &[u32], pieces: &mut Vec<Evidence<'c>>) {
    let ended = |index: &u32| {
        let event = capture.event(*index)?;
        let Body::Ended(ended) = &event.body else { return None };
        Some((*index, event.trigger, ended))
    };
    let of = |entry| Evidence { entry: Some(entry), ..Evidence::default() };
    let mut ends = events.iter().filter_map(ended);
    let (Some(first), second) = (ends.next(), ends.next()) else {
        return;
    };
    let Some(second) = second else {
        let (index, _, ended) = first;
        pieces.extend(capture.roster(ended).iter().map(|entry| of((index, entry))));
        return;
    };
    let mut ends: Vec<_> = [first, second].into_iter().chain(ends).collect();
    ends.sort_by_key(|(_, trigger, ended)| (Reverse(ended.destroyed_at), *trigger));
    let mut known: FxHashMap<(Sym, Moment), usize> = FxHashMap::default();
    for (index, _, ended) in ends {
        let mut here: FxHashMap<(Sym, Moment), usize> = FxHashMap::default();
        for entry in capture.roster(ended) {
            let count = here.entry((entry.name, entry.joined_at)).or_default();
            *count += 1;
            let known = known.entry((entry.name, entry.joined_at)).or_default();
            if *count > *known {
                *known = *count;
                pieces.push(of((index, entry)));
            }
        }
    }
}

/// The stays of one name that began in one second: as many as the roster lists, else one. Leaves go
/// to the entry with their time, then in order; of several leaves of one stay the latest counts.
/// The pieces come sorted by when they left.
fn same_second<'c>(pieces: &[Evidence<'c>], all: &mut Vec<Evidence<'c>>) {
    let first = all.len();
    all.extend(pieces.iter().filter(|piece| piece.entry.is_some()));
    if all.len() == first {
        all.push(Evidence::default());
    }
    let stays = &mut all[first..];
    stays[0].joined = pieces.iter().find_map(|piece| piece.joined);
    let mut leaves = pieces.iter().filter_map(|piece| piece.left);
    let (one, more) = (leaves.next(), leaves.next());
    if let ([stay], None) = (&mut *stays, more) {
        stay.left = one;
        return;
    }
    let leaves = [one, more].into_iter().flatten().chain(leaves);
    let mut late = give_exact(stays, leaves);
    let free = stays.iter_mut().rev().filter(|stay| stay.left.is_none());
    for stay in free {
        stay.left = late.pop();
    }
    // More leaves than stays: what counts is the latest of all.
    if let Some(left) = late.pop()
        && let Some(last) = stays.iter_mut().max_by_key(|stay| stay.left_at())
        && last.left_at() < Some(left.1.left_at)
    {
        last.left = Some(left);
    }
}

/// Gives each leave to an entry that ended when it did. Both come sorted by that; what is left is
/// given back.
fn give_exact<'c>(
    stays: &mut [Evidence<'c>],
    leaves: impl Iterator<Item = (u32, &'c Left)>,
) -> Vec<(u32, &'c Left)> {
    let mut stays = stays.iter_mut().peekable();
    let ended_at = |stay: &Evidence<'c>| stay.entry.and_then(|(_, entry)| entry.left_at);
    let mut late = Vec::new();
    for left in leaves {
        while stays.next_if(|stay| ended_at(stay) < Some(left.1.left_at)).is_some() {}
        match stays.next_if(|stay| ended_at(stay) == Some(left.1.left_at)) {
            Some(stay) => stay.left = Some(left),
            None => late.push(left),
        }
    }
    late
}

/// Joins what is left over of one name within two seconds, the nearest first. The stays come sorted
/// by when they began. Of two pieces at least one is an event, and of those there is one a second.
fn join_leftovers<'c>(stays: &[Evidence<'c>]) -> Vec<Evidence<'c>> {
    let mut pairs = Vec::new();
    for (at, stay) in stays.iter().enumerate() {
        if stay.joined.is_none() && stay.left.is_none() {
            continue;
        }
        let near = |other: &usize| are_near(stay, &stays[*other]);
        // Times with fractions could put any number of events there.
        let before = (0..at).rev().take_while(near).take(NEIGHBOURS);
        let behind = (at + 1..stays.len()).take_while(near).take(NEIGHBOURS);
        for other in before.chain(behind) {
            if stay.is_disjoint(&stays[other]) {
                pairs.push((gap(stay, &stays[other]), at.min(other), at.max(other)));
            }
        }
    }
    pairs.sort_unstable();
    let mut joined: Vec<Option<Evidence<'c>>> = stays.iter().copied().map(Some).collect();
    // Where each piece has gone: to itself, or to an earlier one that it was joined to.
    let mut home: Vec<usize> = (0..joined.len()).collect();
    for (_, one, other) in pairs {
        let (one, other) = (root(&home, one), root(&home, other));
        let (one, other) = (one.min(other), one.max(other));
        if let (Some(early), Some(late)) = (joined[one], joined[other])
            && one != other
            && early.is_disjoint(&late)
        {
            joined[one] = Some(early.merged(late));
            joined[other] = None;
            home[other] = one;
        }
    }
    joined.into_iter().flatten().collect()
}

fn root(home: &[usize], mut at: usize) -> usize {
    while home[at] != at {
        at = home[at];
    }
    at
}

fn gap(one: &Evidence<'_>, other: &Evidence<'_>) -> Option<Span> {
    Some((one.joined_at()? - other.joined_at()?).abs())
}

fn are_near(one: &Evidence<'_>, other: &Evidence<'_>) -> bool {
    gap(one, other).is_some_and(|gap| gap <= SLACK)
}

/// How many stays were open at once, and for how long two or more were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Presence {
    pub(super) peak: usize,
    pub(super) connected: Span,
}

/// Sums up stays `[from, to)`, `to` being `None` for one that stays open.
pub(super) fn presence(stays: impl Iterator<Item = (Moment, Option<Moment>)>) -> Presence {
    let mut steps: Vec<(Moment, i32)> = Vec::new();
    for (from, to) in stays.filter(|(from, to)| to.is_none_or(|to| *from < to)) {
        steps.push((from, 1));
        steps.extend(to.map(|to| (to, -1)));
    }
    // Of one second the end comes before the beginning: a stay ends before its last instant.
    steps.sort_unstable();
    let mut presence = Presence::default();
    let (mut open, mut since): (i32, Option<Moment>) = (0, None);
    for (at, step) in steps {
        if let (2.., Some(since)) = (open, since) {
            presence.connected = [presence.connected, at - since].into_iter().sum();
        }
        open += step;
        since = Some(at);
        presence.peak = presence.peak.max(usize::try_from(open).unwrap_or_default());
    }
    presence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Moment {
        Moment::from_micros((1_767_346_800 + second) * 1_000_000).expect("in range")
    }

    fn of(stays: &[(i64, Option<i64>)]) -> (usize, i64) {
        let stays = stays.iter().map(|(from, to)| (at(*from), to.map(at)));
        let presence = presence(stays);
        (presence.peak, presence.connected.seconds())
    }

    #[test]
    fn a_stay_ends_before_the_second_in_which_the_next_begins() {
        assert_eq!(of(&[(0, Some(5)), (5, Some(9))]), (1, 0));
        assert_eq!(of(&[(0, Some(6)), (5, Some(9))]), (2, 1));
    }

    #[test]
    fn a_stay_of_no_length_was_never_open() {
        assert_eq!(of(&[(3, Some(3)), (0, Some(9))]), (1, 0));
        assert_eq!(of(&[]), (0, 0));
    }

    #[test]
    fn an_open_stay_counts_to_the_end_of_time() {
        assert_eq!(of(&[(0, None), (5, None)]).0, 2);
    }
}
