//! A list whose elements are told by numbers of 32 bits: of deliveries, and so of what is made of
//! them, there are no more.

use std::ops::{Index, IndexMut, Range};

/// The list.
#[derive(Clone, Debug)]
pub(super) struct Numbered<T>(Vec<T>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Index<u32> for Numbered<T> {
    type Output = T;

    fn index(&self, at: u32) -> &T {
        &self.0[at as usize]
    }
}

impl<T> IndexMut<u32> for Numbered<T> {
    fn index_mut(&mut self, at: u32) -> &mut T {
        &mut self.0[at as usize]
    }
}

impl<T> Numbered<T> {
    /// How many there are, which is the number of the next.
    pub(super) fn next(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// Adds one and says its number.
    pub(super) fn push(&mut self, element: T) -> u32 {
        let at = self.next();
        self.0.push(element);
        at
    }

    /// Adds some.
    pub(super) fn extend<'t>(&mut self, some: impl IntoIterator<Item = &'t T>)
    where
        T: Copy + 't,
    {
        self.0.extend(some);
    }

    /// Has room for so many more, and for no more.
    pub(super) fn reserve(&mut self, more: u32) {
        self.0.reserve_exact(more as usize);
    }

    /// Some that stand behind one another.
    pub(super) fn range(&self, range: &Range<u32>) -> &[T] {
        &self.0[range.start as usize..range.end as usize]
    }

    /// All from a number on, to be put in order.
    pub(super) fn since(&mut self, first: u32) -> &mut [T] {
        &mut self.0[first as usize..]
    }

    /// Takes over those of another, behind its own.
    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// All with their numbers.
    pub(super) fn each(&self) -> impl Iterator<Item = (u32, &T)> {
        self.each_in(0..self.0.len())
    }

    /// Some with their numbers.
    pub(super) fn each_in(&self, range: Range<usize>) -> impl Iterator<Item = (u32, &T)> {
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        (first..).zip(&self.0[range])
    }

    /// All, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }
}
