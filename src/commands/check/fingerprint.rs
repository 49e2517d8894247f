//! Fingerprints: what identifies a finding in whatever file, line or carrier its webhook is.

use serde_json::Value;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::commands::finding_locator::FindingLocator;
use crate::finding::Finding;

/// Computes fingerprints; fastest in the order of the sources.
#[derive(Default)]
pub(super) struct FingerprintHasher {
    /// The delivery that was hashed last, and its hash. Several findings are often about one body,
    /// which is parsed and sorted once for all of them.
    last: Option<(u32, u128)>,
}

impl FingerprintHasher {
    /// Hashes the code, the pointer and the trigger of a finding together with the content of its
    /// webhook, or with the damaged text. Equal findings about equal webhooks have equal
    /// fingerprints.
    pub(super) fn hash(&mut self, finding: &Finding, bodies: &mut FindingLocator<'_>) -> u128 {
        let content = match finding.delivery {
            Some(delivery) => self.body_hash(delivery, bodies),
            None => {
                bodies.text(finding).map_or(0, |text| xxh3_128((text.at + &text.after).as_bytes()))
            }
        };
        let mut hash = Xxh3::new();
        for word in [Some(finding.rule.code), finding.pointer.as_deref(), finding.trigger] {
            // No word holds a NUL, so that a missing word differs from an empty one.
            let word = word.map_or_else(|| "\0-\0".to_owned(), |word| format!("\0{word}\0"));
            hash.update(word.as_bytes());
        }
        hash.update(&content.to_le_bytes());
        hash.digest128()
    }

    /// The hash of a body, whatever the order of its keys and its white space.
    fn body_hash(&mut self, delivery: u32, bodies: &mut FindingLocator<'_>) -> u128 {
        if let Some((last, hash)) = self.last
            && last == delivery
        {
            return hash;
        }
        let body = bodies.body(delivery);
        let sorted = serde_json::from_str::<Value>(body).map(|mut body| {
            body.sort_all_objects();
            body.to_string()
        });
        let hash = xxh3_128(sorted.as_deref().unwrap_or(body).as_bytes());
        self.last = Some((delivery, hash));
        hash
    }
}
