//! Adds up what was counted from different calls: by each thread, and in each `--partial` file.

use std::collections::BTreeMap;

/// A count that can be added to another count of the same kind.
pub(super) trait Merge {
    /// Adds `other`. The order of merges does not change the result.
    fn merge_from(&mut self, other: Self);
}

// Saturates: calls never come to so much, but a partial file that somebody edited may.
impl Merge for u64 {
    fn merge_from(&mut self, other: Self) {
        *self = self.saturating_add(other);
    }
}

impl Merge for i64 {
    fn merge_from(&mut self, other: Self) {
        *self = self.saturating_add(other);
    }
}

impl<T: Merge, const N: usize> Merge for [T; N] {
    fn merge_from(&mut self, other: Self) {
        self.iter_mut().zip(other).for_each(|(sum, more)| sum.merge_from(more));
    }
}

// The lesser of two; of `Reverse`, the greater.
impl<T: Ord> Merge for Option<T> {
    fn merge_from(&mut self, other: Self) {
        *self = self.take().into_iter().chain(other).min();
    }
}

impl<K: Ord, V: Merge + Default> Merge for BTreeMap<K, V> {
    fn merge_from(&mut self, other: Self) {
        for (key, more) in other {
            self.entry(key).or_default().merge_from(more);
        }
    }
}

/// Merges a struct field by field. A field that is not listed is a compile error.
macro_rules! merge_fields {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl Merge for $type {
            fn merge_from(&mut self, other: Self) {
                let Self { $($field),+ } = other;
                $(self.$field.merge_from($field);)+
            }
        }
    };
}
pub(super) use merge_fields;
