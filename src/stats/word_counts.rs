//! Counts by word.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call_stats::NamedCount;
use super::merge::{Merge, merge_fields};

/// JSON has a map as a list of pairs: the members of an object have names that are known beforehand.
pub(super) mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in crate::stats) fn serialize<V: Serialize, S: Serializer>(
        map: &BTreeMap<String, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(in crate::stats) fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, V>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}

/// How often each word occurs, and how often there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Mix")]
pub(super) struct WordCounts {
    #[serde(with = "pairs")]
    #[schemars(with = "Vec<(String, u64)>")]
    known: BTreeMap<String, u64>,
    unknown: u64,
}

merge_fields!(WordCounts { known, unknown });

impl WordCounts {
    pub(super) fn add(&mut self, word: Option<&str>) {
        match word {
            None => self.unknown += 1,
            Some(word) => match self.known.get_mut(word) {
                Some(count) => *count += 1,
                None => _ = self.known.insert(word.to_owned(), 1),
            },
        }
    }

    /// The most frequent first, then by word; `None` last.
    pub(super) fn by_count(&self) -> Vec<NamedCount> {
        let named = |(word, count): (&String, &u64)| NamedCount {
            name: Some(word.clone()),
            stay_count: *count,
        };
        let mut counts: Vec<NamedCount> = self.known.iter().map(named).collect();
        counts.sort_by_key(|count| Reverse(count.stay_count));
        if self.unknown > 0 {
            counts.push(NamedCount { name: None, stay_count: self.unknown });
        }
        counts
    }
}
