//! Work that several threads share, with the results in order.

use std::collections::BTreeMap;
use std::iter::Fuse;
use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The number of threads that work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads(NonZeroUsize);

/// Items per thread that may be in work or done before the first of them is taken. With fewer, a
/// thread waits whenever its item is a little quicker than the others; each more costs its memory.
const AHEAD: u64 = 3;

/// The number of shares that [`Threads::in_shares`] makes of many keys.
pub const SHARES: usize = 16;

/// Items that wait for a thread.
struct Queue<I: Iterator> {
    items: Mutex<Numbered<I>>,
    /// Items that may be in work or done before the first of them is taken.
    ahead: u64,
    taken: Taken,
}

struct Numbered<I: Iterator> {
    items: Fuse<I>,
    next: u64,
}

/// The progress of whoever takes the results.
#[derive(Default)]
struct Taken {
    /// The number of the result that is taken next; `u64::MAX` once no more are wanted.
    next: Mutex<u64>,
    moved_on: Condvar,
}

/// The results of shared work, in the order of the items.
pub struct Results<'q, R> {
    taken: &'q Taken,
    done: Receiver<(u64, R)>,
    /// Results that came before their turn.
    early: BTreeMap<u64, R>,
    next: u64,
}

impl Threads {
    /// The calling thread alone.
    pub const ONE: Self = Self(NonZeroUsize::MIN);

    /// This many threads.
    #[must_use]
    pub fn new(threads: NonZeroUsize) -> Self {
        Self(threads)
    }

    /// Whether there are several.
    #[must_use]
    pub fn are_several(self) -> bool {
        self.0 > NonZeroUsize::MIN
    }

    /// Does `work` on each item while `take` takes the results. The threads share `items` behind a
    /// lock: whoever is free draws the next one.
    pub fn share<I: Iterator<Item: Send> + Send, R: Send, T>(
        self,
        items: I,
        work: impl Fn(I::Item) -> R + Sync,
        take: impl FnOnce(&mut Results<'_, R>) -> T,
    ) -> T {
        let work = &work;
        self.share_among(items, move || work, take)
    }

    /// The same with a `hand` for each thread, which keeps its state from one item to the next.
    fn share_among<I: Iterator<Item: Send> + Send, R: Send, T, W: FnMut(I::Item) -> R>(
        self,
        items: I,
        hand: impl Fn() -> W + Sync,
        take: impl FnOnce(&mut Results<'_, R>) -> T,
    ) -> T {
        let queue = Queue {
            items: Mutex::new(Numbered { items: items.fuse(), next: 0 }),
            ahead: AHEAD * self.0.get() as u64,
            taken: Taken::default(),
        };
        let (sender, done) = channel();
        thread::scope(|scope| {
            for _ in 0..self.0.get() {
                let (queue, hand, sender) = (&queue, &hand, sender.clone());
                scope.spawn(move || queue.work(hand(), &sender));
            }
            drop(sender);
            let taken = &queue.taken;
            let result = take(&mut Results { taken, done, early: BTreeMap::new(), next: 0 });
            taken.move_on(u64::MAX);
            result
        })
    }

    /// Does `work` on ranges of at most `piece` of the items, and takes all results in order.
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

    /// Partitions the keys of the items into shares, and does `work` on the sorted keys of each.
    /// `keys` lists the keys of a range of at most `piece` items; `share` names a key's share, from 0
    /// to [`SHARES`] - 1. Few items are one share. The results are taken in the order of the shares.
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

    /// Like [`Self::all`], until `take` breaks off.
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

    /// The same with a `hand` for each thread, which keeps its state from one range to the next.
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
        self.share_among((0..pieces).map(range), hand, |results| {
            let _ = results.try_for_each(take);
        });
    }
}

impl<I: Iterator> Queue<I> {
    fn work<R>(&self, mut work: impl FnMut(I::Item) -> R, done: &Sender<(u64, R)>) {
        while let Some((number, item)) = self.draw() {
            if done.send((number, work(item))).is_err() {
                return;
            }
        }
    }

    /// The next item, once there is room for its result.
    fn draw(&self) -> Option<(u64, I::Item)> {
        let mut items = lock(&self.items);
        // Waiting with the lock held is fine: all others would have to wait too.
        if self.taken.is_over_before(items.next, self.ahead) {
            return None;
        }
        let item = items.items.next()?;
        let number = items.next;
        items.next += 1;
        Some((number, item))
    }
}

impl Taken {
    /// Waits until fewer than `ahead` results before this one are left to take. Whether no more are
    /// wanted.
    fn is_over_before(&self, number: u64, ahead: u64) -> bool {
        let must_wait = |next: &mut u64| number >= next.saturating_add(ahead);
        let next = self.moved_on.wait_while(lock(&self.next), must_wait);
        *next.unwrap_or_else(PoisonError::into_inner) == u64::MAX
    }

    fn move_on(&self, next: u64) {
        *lock(&self.next) = next;
        self.moved_on.notify_all();
    }
}

impl<R> Iterator for Results<'_, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        self.taken.move_on(self.next);
        loop {
            if let Some(result) = self.early.remove(&self.next) {
                self.next += 1;
                return Some(result);
            }
            let (number, result) = self.done.recv().ok()?;
            self.early.insert(number, result);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn the_rest_may_be_left_undone() {
        let threads = Threads::new(NonZeroUsize::new(3).expect("three"));
        let some: Vec<u64> =
            threads.share(0_u64.., |item| item * 2, |results| results.take(40).collect());
        assert_eq!(some, (0..40).map(|item| item * 2).collect::<Vec<_>>());
    }
}
