//! Work in numbered pieces that several threads share, with what comes of it in order.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// How many threads work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads(NonZeroUsize);

/// Pieces that may be done, for each thread, before they are asked for.
const AHEAD: u64 = 3;

/// How many shares [`Threads::in_shares`] makes of many keys.
pub const SHARES: usize = 16;

/// What was asked for so far.
struct Queue {
    next: AtomicU64,
    pieces: u64,
    ahead: u64,
    /// The piece that is asked for.
    turn: Mutex<u64>,
    moved_on: Condvar,
    is_over: AtomicBool,
}

/// What comes of pieces, to be asked for in their order.
pub struct Turns<'q, R> {
    queue: &'q Queue,
    done: Receiver<(u64, R)>,
    waiting: BTreeMap<u64, R>,
}

impl Threads {
    /// The one that asks.
    pub const ONE: Self = Self(NonZeroUsize::MIN);

    /// So many.
    #[must_use]
    pub fn new(threads: NonZeroUsize) -> Self {
        Self(threads)
    }

    /// Whether there are several.
    #[must_use]
    pub fn are_several(self) -> bool {
        self.0 > NonZeroUsize::MIN
    }

    /// How many pieces may be worked on, or done, before they are asked for.
    #[must_use]
    pub fn ahead(self) -> u64 {
        AHEAD * self.0.get() as u64
    }

    /// Has so many pieces of work done, while `take` asks for what comes of them.
    pub fn share<R: Send, T>(
        self,
        pieces: u64,
        work: impl Fn(u64) -> R + Sync,
        take: impl FnOnce(&mut Turns<'_, R>) -> T,
    ) -> T {
        let work = &work;
        self.share_among(pieces, move || work, take)
    }

    /// The same by hands, one a thread, each of which keeps what it needs from one piece to the next.
    fn share_among<R: Send, T, W: FnMut(u64) -> R>(
        self,
        pieces: u64,
        hand: impl Fn() -> W + Sync,
        take: impl FnOnce(&mut Turns<'_, R>) -> T,
    ) -> T {
        let queue = Queue {
            next: AtomicU64::new(0),
            pieces,
            ahead: self.ahead(),
            turn: Mutex::new(0),
            moved_on: Condvar::new(),
            is_over: AtomicBool::new(false),
        };
        let (sender, done) = channel();
        thread::scope(|scope| {
            for _ in 0..self.0.get() {
                let (queue, hand, sender) = (&queue, &hand, sender.clone());
                scope.spawn(move || queue.work(hand(), &sender));
            }
            drop(sender);
            let taken = take(&mut Turns { queue: &queue, done, waiting: BTreeMap::new() });
            queue.end();
            taken
        })
    }

    /// Has work done on so many items, `piece` of them at a time, and hands out all that comes of it
    /// in order.
    pub fn all<R: Send>(
        self,
        items: usize,
        piece: usize,
        work: impl Fn(Range<usize>) -> R + Sync,
        mut take: impl FnMut(R),
    ) {
        self.each(items, piece, work, |some| {
            take(some);
            ControlFlow::Continue(())
        });
    }

    /// Has work done on keys that are told of so many items, `piece` of them at a time: `keys` hands
    /// each of some items' keys out, `work` gets all keys of a share, in order. Which share a key is
    /// in is for `share` to say, from 0 to [`SHARES`] - 1; few keys are one share. What comes of the
    /// shares is handed out in their order.
    pub fn in_shares<K: Copy + Ord + Send + Sync, R: Send>(
        self,
        items: usize,
        piece: usize,
        keys: impl Fn(Range<usize>, &mut dyn FnMut(K)) + Sync,
        share: impl Fn(K) -> u64 + Sync,
        work: impl Fn(&[K]) -> R + Sync,
        take: impl FnMut(R),
    ) {
        let shares = if items <= piece { 1 } else { SHARES };
        let nth = |share: u64| usize::try_from(share).unwrap_or(SHARES - 1);
        let mut parts = [const { Mutex::new(Vec::new()) }; SHARES];
        let of_some = |range: Range<usize>| {
            let mut parts: [Vec<K>; SHARES] = [const { Vec::new() }; SHARES];
            let room = if shares == 1 { range.len() } else { range.len() * 5 / 4 / SHARES };
            parts[..shares].iter_mut().for_each(|part| part.reserve(room));
            keys(range, &mut |key| parts[nth(share(key)) % shares].push(key));
            parts
        };
        self.all(items, piece, of_some, |some| {
            for (part, some) in parts.iter_mut().zip(some) {
                part.get_mut().unwrap_or_else(PoisonError::into_inner).push(some);
            }
        });
        let of_share = |range: Range<usize>| {
            let mut part = parts[range.start].lock().unwrap_or_else(PoisonError::into_inner);
            // The keys make room for what they lead to.
            let mut own = std::mem::take(&mut *part).concat();
            own.sort_unstable();
            work(&own)
        };
        self.all(shares, 1, of_share, take);
    }

    /// The same, for as long as it is wanted.
    pub fn each<R: Send>(
        self,
        items: usize,
        piece: usize,
        work: impl Fn(Range<usize>) -> R + Sync,
        take: impl FnMut(R) -> ControlFlow<()>,
    ) {
        let work = &work;
        self.each_among(items, piece, move || work, take);
    }

    /// The same by hands, one a thread, each of which keeps what it needs from one piece to the next.
    pub fn each_among<R: Send, W: FnMut(Range<usize>) -> R>(
        self,
        items: usize,
        piece: usize,
        hand: impl Fn() -> W + Sync,
        mut take: impl FnMut(R) -> ControlFlow<()>,
    ) {
        let range = |nth: usize| nth * piece..items.min((nth + 1) * piece);
        let pieces = items.div_ceil(piece);
        if !self.are_several() || pieces < 2 {
            let mut work = hand();
            let _ = (0..pieces).try_for_each(|nth| take(work(range(nth))));
            return;
        }
        let number = |nth: u64| usize::try_from(nth).unwrap_or(usize::MAX);
        let hand = || {
            let mut work = hand();
            move |nth| work(range(number(nth)))
        };
        self.share_among(pieces as u64, hand, |turns| {
            let _ = (0..pieces as u64).filter_map(|nth| turns.next(nth)).try_for_each(take);
        });
    }
}

impl Queue {
    fn work<R>(&self, mut work: impl FnMut(u64) -> R, done: &Sender<(u64, R)>) {
        loop {
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let wait = |turn: &mut u64| !self.is_over() && next >= turn.saturating_add(self.ahead);
            drop(self.moved_on.wait_while(turn, wait).unwrap_or_else(PoisonError::into_inner));
            if next >= self.pieces || self.is_over() || done.send((next, work(next))).is_err() {
                return;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    fn turn(&self, nth: u64) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = nth;
        self.moved_on.notify_all();
    }

    fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.turn(self.pieces);
    }
}

impl<R> Turns<'_, R> {
    /// What came of a piece. What came of those before it that were not asked for is let go. `None`
    /// where nobody works any more.
    pub fn next(&mut self, nth: u64) -> Option<R> {
        self.queue.turn(nth);
        self.waiting = self.waiting.split_off(&nth);
        loop {
            if let Some(piece) = self.waiting.remove(&nth) {
                return Some(piece);
            }
            let (other, piece) = self.done.recv().ok()?;
            if other >= nth {
                self.waiting.insert(other, piece);
            }
        }
    }

    /// No more is asked for.
    pub fn end(&self) {
        self.queue.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_comes_in_order_and_all_of_it() {
        for threads in [1, 2, 7] {
            let threads = Threads::new(NonZeroUsize::new(threads).expect("some"));
            for items in [0, 1, 9, 10, 11, 1000] {
                let mut all = Vec::new();
                threads.each(items, 10, <Range<usize>>::collect::<Vec<_>>, |piece| {
                    all.extend(piece);
                    ControlFlow::Continue(())
                });
                assert_eq!(all, (0..items).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_share_has_all_of_its_keys_in_order() {
        for threads in [1, 3] {
            let threads = Threads::new(NonZeroUsize::new(threads).expect("some"));
            for items in [0, 9, 10, 11, 1000] {
                let keys = |range: Range<usize>, take: &mut dyn FnMut(usize)| {
                    range.rev().filter(|item| item % 3 > 0).for_each(take);
                };
                let mut all = Vec::new();
                threads.in_shares(
                    items,
                    10,
                    keys,
                    |key| key as u64 * 16 / 1000,
                    <[_]>::to_vec,
                    |own| {
                        all.extend(own);
                    },
                );
                assert_eq!(all, (0..items).filter(|item| item % 3 > 0).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn pieces_may_be_passed_over_and_the_rest_left_undone() {
        let threads = Threads::new(NonZeroUsize::new(3).expect("three"));
        let some = threads.share(
            1_000_000,
            |nth| nth * 2,
            |turns| {
                let some = [turns.next(0), turns.next(5), turns.next(40)];
                turns.end();
                some
            },
        );
        assert_eq!(some, [Some(0), Some(10), Some(80)]);
    }
}
