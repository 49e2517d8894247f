//! Adds up what was counted from different calls: by each thread, and in each `--partial` file.

/// A count that can be added to another count of the same kind.
pub(super) trait Merge {
    /// Adds `other`. The order of merges does not change the result.
    fn merge(&mut self, other: Self);
}

// Saturates: calls never come to so much, but a partial file that somebody edited may.
impl Merge for u64 {
    fn merge(&mut self, other: Self) {
        *self = self.saturating_add(other);
    }
}

impl Merge for i64 {
    fn merge(&mut self, other: Self) {
        *self = self.saturating_add(other);
    }
}

impl<T: Merge, const N: usize> Merge for [T; N] {
    fn merge(&mut self, other: Self) {
        self.iter_mut().zip(other).for_each(|(sum, more)| sum.merge(more));
    }
}

/// Merges a struct field by field. A field that is not listed is a compile error.
macro_rules! merge_fields {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl Merge for $type {
            fn merge(&mut self, other: Self) {
                let Self { $($field),+ } = other;
                $(self.$field.merge($field);)+
            }
        }
    };
}
pub(super) use merge_fields;
