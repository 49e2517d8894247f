//! A body → the same body with pseudonyms in place of all that is somebody's.
//!
//! Which text is whose, the field tables say; what stands where no table has a field may be
//! anything, and goes too. A pseudonym is made of the original and a key alone, so that equal texts
//! stay equal and different ones different, in one capture and over several.

mod number;
mod pseudonyms;
mod shape;
mod walk;

use std::borrow::Cow;

use super::schema::Private;
use crate::input::json::mend_surrogates;
use pseudonyms::Pseudonyms;

/// Puts pseudonyms into bodies.
#[derive(Debug)]
pub struct Redactor {
    pseudonyms: Pseudonyms,
}

impl Redactor {
    /// One that makes its pseudonyms with this key, of any length, and leaves what is of these kinds
    /// as it is.
    #[must_use]
    pub fn new(key: &[u8], kept: &[Private]) -> Self {
        Self { pseudonyms: Pseudonyms::new(key, kept) }
    }

    /// The body in one line without spaces; its members, their order, its numbers and words stay as
    /// they are. `None` where it is no JSON.
    #[must_use]
    pub fn body(&mut self, body: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(body).ok()?;
        // What is read of half a surrogate pair is U+FFFD, which half it was does not count.
        let text = mend_surrogates(text).map_or(Cow::Borrowed(text), Cow::Owned);
        walk::rewritten(&text, &mut self.pseudonyms)
    }

    /// Takes what a body names, so that no word of another that stays is somebody's name or id.
    pub fn learn(&mut self, body: &[u8]) {
        // What is written is of no use yet.
        let _ = self.body(body);
    }

    /// How many different texts of a kind got a pseudonym so far.
    #[must_use]
    pub fn replaced(&self, private: Private) -> u64 {
        self.pseudonyms.given(private)
    }
}
