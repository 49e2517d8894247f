//! What a finding is known by wherever its webhook stands: the same in another file, at another
//! line, in another carrier.

use serde_json::Value;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::event::Capture;
use crate::finding::Finding;
use crate::input::{BodyReader, Sources};

/// Works out fingerprints; best in the order of the sources.
pub(super) struct Fingerprints<'r> {
    capture: &'r Capture,
    pub(super) bodies: BodyReader<'r>,
    /// The delivery whose body was read last, and what it says.
    last: Option<(u32, u128)>,
}

impl<'r> Fingerprints<'r> {
    pub(super) fn new(sources: &'r Sources, capture: &'r Capture) -> Self {
        Self { capture, bodies: BodyReader::new(sources), last: None }
    }

    /// The fingerprint of a finding: of its code, pointer and trigger, and of what the webhook that
    /// it is about says; of what is damaged, the text that stands there. Equal findings about equal
    /// webhooks have the same one.
    pub(super) fn of(&mut self, finding: &Finding) -> u128 {
        let content = match finding.delivery {
            Some(delivery) => self.body(delivery),
            None => self.text(finding),
        };
        let mut hash = Xxh3::new();
        let words =
            [Some(finding.rule.code), finding.pointer.as_deref(), finding.trigger].map(|word| {
                // No word holds a NUL, and what is missing is not what is empty.
                word.map_or_else(|| "\0-\0".to_owned(), |word| format!("\0{word}\0"))
            });
        for word in &words {
            hash.update(word.as_bytes());
        }
        hash.update(&content.to_le_bytes());
        hash.digest128()
    }

    /// What a body says, whatever the order of its keys and its spaces.
    fn body(&mut self, delivery: u32) -> u128 {
        if let Some((last, content)) = self.last
            && last == delivery
        {
            return content;
        }
        let place = self.capture.place(delivery);
        let body = self.bodies.body(place).unwrap_or_default();
        let sorted = serde_json::from_str::<Value>(body).map(|mut body| {
            body.sort_all_objects();
            body.to_string()
        });
        let content = xxh3_128(sorted.as_deref().unwrap_or(body).as_bytes());
        self.last = Some((delivery, content));
        content
    }

    /// What stands at a finding that is about no webhook.
    fn text(&mut self, finding: &Finding) -> u128 {
        let excerpt = (finding.length > 0).then(|| self.bodies.excerpt(finding, None)).flatten();
        excerpt.map_or(0, |excerpt| xxh3_128((excerpt.at + &excerpt.after).as_bytes()))
    }
}
