//! A sum for each of many numbers, such as the number of calls by length.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::merge::Merge;

/// A sum for each number; sums of 0 are left out. The order of additions does not change it. Memory
/// is that of the distinct numbers, at times twice as much.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(i64, i64)>")]
pub struct Histogram {
    /// A number and what is added to its sum: first the sorted part, with each number once, then what
    /// was added since.
    pairs: Vec<(i64, i64)>,
    sorted: usize,
}

/// How many pairs may wait to be sorted, in addition to as many as are sorted.
const WAITING: usize = 512;

impl Histogram {
    /// Adds `more` to the sum of `number`.
    pub fn add(&mut self, number: i64, more: i64) {
        self.pairs.push((number, more));
        self.sort_if_due();
    }

    fn sort_if_due(&mut self) {
        // Only when it has doubled: a pair is sorted a few times, however many are added.
        if self.pairs.len() > 2 * self.sorted + WAITING {
            self.sort();
        }
    }

    /// Sorts all pairs, and adds up those of the same number.
    fn sort(&mut self) {
        // A stable sort merges runs that are sorted already, and these are few and long.
        self.pairs.sort_by_key(|(number, _)| *number);
        self.pairs.dedup_by(|(number, more), (kept, sum)| {
            let same = number == kept;
            if same {
                *sum = sum.saturating_add(*more);
            }
            same
        });
        self.pairs.retain(|(_, sum)| *sum != 0);
        self.sorted = self.pairs.len();
    }

    /// The numbers in ascending order, each with its sum.
    #[must_use]
    pub fn sorted(&self) -> Cow<'_, [(i64, i64)]> {
        if self.pairs.len() == self.sorted {
            return Cow::Borrowed(&self.pairs);
        }
        let mut own = self.clone();
        own.sort();
        Cow::Owned(own.pairs)
    }
}

impl Merge for Histogram {
    fn merge_from(&mut self, other: Self) {
        self.pairs.extend(other.pairs);
        self.sort_if_due();
    }
}

impl From<Vec<(i64, i64)>> for Histogram {
    fn from(pairs: Vec<(i64, i64)>) -> Self {
        let mut histogram = Self { pairs, sorted: 0 };
        histogram.sort();
        histogram
    }
}

impl PartialEq for Histogram {
    fn eq(&self, other: &Self) -> bool {
        self.sorted() == other.sorted()
    }
}

impl Eq for Histogram {}

impl Serialize for Histogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.sorted().serialize(serializer)
    }
}

impl JsonSchema for Histogram {
    fn schema_name() -> Cow<'static, str> {
        "Sums".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = Vec::<(i64, i64)>::json_schema(generator);
        let about = "Pairs of a number and its sum, in the order of the numbers.";
        schema.insert("description".into(), about.into());
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_in_another_order_is_the_same() {
        let (mut up, mut down) = (Histogram::default(), Histogram::default());
        for number in 0..5000 {
            up.add(number % 70, 1);
            down.add((4999 - number) % 70, 1);
        }
        assert_eq!(up, down);
        assert_eq!(up.sorted().len(), 70);
        assert!(up.pairs.len() <= 3 * 70 + WAITING, "{}", up.pairs.len());
    }

    #[test]
    fn what_comes_to_nothing_is_left_out() {
        let mut histogram = Histogram::default();
        for (number, more) in [(5, 1), (3, 1), (5, -1)] {
            histogram.add(number, more);
        }
        assert_eq!(*histogram.sorted(), [(3, 1)]);
        assert_eq!(Histogram::from(vec![(9, 2), (9, -2)]), Histogram::default());
    }
}
