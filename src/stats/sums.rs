//! A sum for each of many numbers.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// A sum for each of some numbers, of which those that come to 0 are left out. What was added in
/// another order is the same. It takes room for the distinct numbers, and as much again at times.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(i64, i64)>")]
pub struct Sums {
    /// Numbers with what is added to their sums, the first so many of them in order and each once.
    pairs: Vec<(i64, i64)>,
    settled: usize,
}

/// What may wait to be put in order, beside as much as is in order.
const WAITING: usize = 512;

impl Sums {
    /// Adds to the sum of a number.
    pub fn add(&mut self, number: i64, more: i64) {
        self.pairs.push((number, more));
        self.settle_in_time();
    }

    /// Adds all sums of another.
    pub fn merge(&mut self, other: Self) {
        self.pairs.extend(other.pairs);
        self.settle_in_time();
    }

    /// Each time that as much has come as there was: what is added is seldom moved.
    fn settle_in_time(&mut self) {
        if self.pairs.len() > 2 * self.settled + WAITING {
            self.settle();
        }
    }

    /// Puts all in order, each number once.
    fn settle(&mut self) {
        // Runs that are sorted already: that is what a stable sort is good at.
        self.pairs.sort_by_key(|(number, _)| *number);
        self.pairs.dedup_by(|(number, more), (kept, sum)| {
            let same = number == kept;
            if same {
                *sum = sum.saturating_add(*more);
            }
            same
        });
        self.pairs.retain(|(_, sum)| *sum != 0);
        self.settled = self.pairs.len();
    }

    /// The numbers in order, each with its sum.
    #[must_use]
    pub fn in_order(&self) -> Cow<'_, [(i64, i64)]> {
        if self.pairs.len() == self.settled {
            return Cow::Borrowed(&self.pairs);
        }
        let mut own = self.clone();
        own.settle();
        Cow::Owned(own.pairs)
    }
}

impl From<Vec<(i64, i64)>> for Sums {
    fn from(pairs: Vec<(i64, i64)>) -> Self {
        let mut sums = Self { pairs, settled: 0 };
        sums.settle();
        sums
    }
}

impl PartialEq for Sums {
    fn eq(&self, other: &Self) -> bool {
        self.in_order() == other.in_order()
    }
}

impl Eq for Sums {}

impl Serialize for Sums {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.in_order().serialize(serializer)
    }
}

impl JsonSchema for Sums {
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
        let (mut up, mut down) = (Sums::default(), Sums::default());
        for number in 0..5000 {
            up.add(number % 70, 1);
            down.add((4999 - number) % 70, 1);
        }
        assert_eq!(up, down);
        assert_eq!(up.in_order().len(), 70);
        assert!(up.pairs.len() <= 3 * 70 + WAITING, "{}", up.pairs.len());
    }

    #[test]
    fn what_comes_to_nothing_is_left_out() {
        let mut sums = Sums::default();
        for (number, more) in [(5, 1), (3, 1), (5, -1)] {
            sums.add(number, more);
        }
        assert_eq!(*sums.in_order(), [(3, 1)]);
        assert_eq!(Sums::from(vec![(9, 2), (9, -2)]), Sums::default());
    }
}
