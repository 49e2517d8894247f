//! A value for each of some words.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};

/// A value for each of some words, in JSON a list of pairs: an object's members have names that are
/// known beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<(String, V)>")]
pub(super) struct Words<V>(pub(super) BTreeMap<String, V>);

impl<V: Default> Words<V> {
    /// The value of a word.
    pub(super) fn of(&mut self, word: &str) -> &mut V {
        self.0.entry(word.to_owned()).or_default()
    }
}

impl<V> Default for Words<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<V> From<Vec<(String, V)>> for Words<V> {
    fn from(pairs: Vec<(String, V)>) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<V: Serialize> Serialize for Words<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<V: JsonSchema> JsonSchema for Words<V> {
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
