//! A body → the same body with pseudonyms in place of all that is somebody's.
//!
//! The field tables say what a text is; what no table has may be anything, and is replaced too. A
//! pseudonym is made of the original and a key alone, so that equal texts stay equal and different
//! ones different, in one capture and over several. Nothing is written in which a name or an id of
//! the capture is left.

mod guard;
mod number;
mod originals;
mod pseudonyms;
mod rewrite;
mod shape;
mod times;
mod vocabulary;
mod walk;
mod words;

use std::borrow::Cow;
use std::fmt;

use super::schema::Private;
use crate::input::json::mend_surrogates;
use pseudonyms::Pseudonyms;
use serde_json::value::RawValue;

/// Puts pseudonyms into bodies.
#[derive(Debug)]
pub struct Redactor {
    pseudonyms: Pseudonyms,
}

/// Why a body is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no JSON object from its first byte to its last.
    NotWhole,
    /// A name or an id of the capture would be left in it.
    OriginalLeft,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotWhole => "it is not a whole JSON object",
            Self::OriginalLeft => "a name or an id would be left in it",
        })
    }
}

impl Redactor {
    /// A redactor that makes its pseudonyms with this key, of any length, and leaves what is of the
    /// kinds `kept` unchanged.
    #[must_use]
    pub fn new(key: &[u8], kept: &[Private]) -> Self {
        Self { pseudonyms: Pseudonyms::new(key, kept) }
    }

    /// Collects the names and ids of a body: none of them is in what [`Self::body`] returns from
    /// then on. All bodies of a capture are collected before the first is redacted.
    pub fn collect(&mut self, body: &[u8]) {
        if let Some(text) = whole(body) {
            // A body that cannot be walked is refused later.
            let _ = walk::walk(&text, &mut self.pseudonyms.originals);
        }
    }

    /// The body in one line without spaces, with pseudonyms; its members, their order, and what says
    /// nothing of anybody stay.
    ///
    /// # Errors
    /// When it is not whole, or an original would be left in it.
    pub fn body(&mut self, body: &[u8]) -> Result<String, Refusal> {
        let text = whole(body).ok_or(Refusal::NotWhole)?;
        let body = rewrite::rewritten(&text, &mut self.pseudonyms).ok_or(Refusal::NotWhole)?;
        if guard::is_clean(&body, &self.pseudonyms) { Ok(body) } else { Err(Refusal::OriginalLeft) }
    }

    /// The number of different texts of a kind that got a pseudonym.
    #[must_use]
    pub fn replaced(&self, private: Private) -> u64 {
        self.pseudonyms.count(private)
    }

    /// How many pseudonyms were originals of the capture, or pseudonyms of others, so that the next
    /// of their sequence is used.
    #[must_use]
    pub fn clashes(&self) -> u64 {
        self.pseudonyms.clashes
    }
}

/// The text of a body that is valid JSON from its first byte to its last.
fn whole(body: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(body).ok()?;
    // Half a surrogate pair is read as U+FFFD; which half it was does not count.
    let text = mend_surrogates(text).map_or(Cow::Borrowed(text), Cow::Owned);
    serde_json::from_str::<&RawValue>(&text).ok()?;
    Some(text)
}
