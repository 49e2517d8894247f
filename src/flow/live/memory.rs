//! What is kept of calls that are forgotten and may come back: how often they were told.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Calls that went on when they were forgotten, and ids that calls had for a while. Of very many the oldest are let go.
#[derive(Debug, Default)]
pub(super) struct Memory {
    revisions: HashMap<u64, u32>,
    order: VecDeque<u64>,
}

/// How many are kept: some megabytes.
const MOST: usize = 1 << 16;

impl Memory {
    /// The highest revision of a call that was forgotten.
    pub(super) fn revision(&self, app: Option<&str>, id: &str) -> u32 {
        self.revisions.get(&key(app, id)).copied().unwrap_or_default()
    }

    /// Keeps the highest revision of a call.
    pub(super) fn keep(&mut self, app: Option<&str>, id: &str, revision: u32) {
        let key = key(app, id);
        if self.revisions.insert(key, revision).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.revisions.remove(&oldest);
        }
    }
}

fn key(app: Option<&str>, id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (app, id).hash(&mut hasher);
    hasher.finish()
}
