//! Counts by word.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};

use super::call_stats::NamedCount;
use super::merge::{Merge, merge_fields};

/// A value for each word. In JSON a list of pairs: the members of an object have names that are
/// known beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<(String, V)>")]
pub(super) struct WordMap<V>(pub(super) BTreeMap<String, V>);

impl<V: Default> WordMap<V> {
    /// Changes the value of a word.
    pub(super) fn update(&mut self, word: &str, change: impl FnOnce(&mut V)) {
        // Most words are known already: those need no string of their own.
        match self.0.get_mut(word) {
            Some(value) => change(value),
            None => change(self.0.entry(word.to_owned()).or_default()),
        }
    }
}

impl<V> Default for WordMap<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<V: Merge + Default> Merge for WordMap<V> {
    fn merge(&mut self, other: Self) {
        for (word, more) in other.0 {
            self.0.entry(word).or_default().merge(more);
        }
    }
}

impl<V> From<Vec<(String, V)>> for WordMap<V> {
    fn from(pairs: Vec<(String, V)>) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<V: Serialize> Serialize for WordMap<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<V: JsonSchema> JsonSchema for WordMap<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Words_of_{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<(String, V)>::json_schema(generator)
    }
}

/// How often each word occurs, and how often there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Mix")]
pub(super) struct WordCounts {
    known: WordMap<u64>,
    unknown: u64,
}

merge_fields!(WordCounts { known, unknown });

impl WordCounts {
    pub(super) fn add(&mut self, word: Option<&str>) {
        match word {
            Some(word) => self.known.update(word, |count| *count += 1),
            None => self.unknown += 1,
        }
    }

    /// The most frequent first, then by word; `None` last.
    pub(super) fn by_count(&self) -> Vec<NamedCount> {
        let named = |(word, count): (&String, &u64)| NamedCount {
            name: Some(word.clone()),
            stay_count: *count,
        };
        let mut counts: Vec<NamedCount> = self.known.0.iter().map(named).collect();
        counts.sort_by_key(|count| Reverse(count.stay_count));
        if self.unknown > 0 {
            counts.push(NamedCount { name: None, stay_count: self.unknown });
        }
        counts
    }
}
