//! What clients people have: how often each word occurs.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figures::Named;
use super::words::Words;

/// How often each word occurs, and how often there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Mix {
    known: Words<u64>,
    unknown: u64,
}

impl Mix {
    pub(super) fn add(&mut self, word: Option<&str>) {
        // Nearly every word is known already.
        match word {
            None => self.unknown += 1,
            Some(word) => match self.known.0.get_mut(word) {
                Some(count) => *count += 1,
                None => *self.known.of(word) = 1,
            },
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.unknown = self.unknown.saturating_add(other.unknown);
        for (word, more) in other.known.0 {
            let count = self.known.of(&word);
            *count = count.saturating_add(more);
        }
    }

    /// The most frequent first, then by word; what is unknown comes last.
    pub(super) fn by_count(&self) -> Vec<Named> {
        let named =
            |(word, count): (&String, &u64)| Named { name: Some(word.clone()), stay_count: *count };
        let mut all: Vec<Named> = self.known.0.iter().map(named).collect();
        all.sort_by_key(|named| Reverse(named.stay_count));
        if self.unknown > 0 {
            all.push(Named { name: None, stay_count: self.unknown });
        }
        all
    }
}
