//! Replaces everything personal in a body by pseudonyms.
//!
//! The field tables say what a text is. Text in unknown fields may be anything and is replaced too.
//! A pseudonym depends only on the original and a key, so that equal texts stay equal and different
//! texts different, within one capture and across several. A body that still holds a name or an id
//! of the capture is not written.

mod leak_check;
mod number;
mod originals;
mod pseudonyms;
mod rewrite;
mod text_shape;
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

/// Replaces the personal parts of bodies.
#[derive(Debug)]
pub struct Redactor {
    pseudonyms: Pseudonyms,
}

/// Why a body is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not a JSON object from its first byte to its last.
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
    /// A redactor that derives its pseudonyms from `key`, which may have any length, and leaves
    /// texts of the kinds `kept` unchanged.
    #[must_use]
    pub fn new(key: &[u8], kept: &[Private]) -> Self {
        Self { pseudonyms: Pseudonyms::new(key, kept) }
    }

    /// Collects the names and ids of a body: [`Self::body`] leaves none of them in a result. Call it
    /// with all bodies of a capture before the first is redacted: a name in one body may be in the
    /// text of another.
    pub fn collect(&mut self, body: &[u8]) {
        if let Some(text) = whole_json(body) {
            // `body` refuses what cannot be walked.
            let _ = walk::walk(&text, &mut self.pseudonyms.originals);
        }
    }

    /// The body with pseudonyms, on one line without white space. Members, their order and values
    /// that are not personal stay.
    ///
    /// # Errors
    /// If it is not whole, or an original would be left in it.
    pub fn body(&mut self, body: &[u8]) -> Result<String, Refusal> {
        let text = whole_json(body).ok_or(Refusal::NotWhole)?;
        let body = rewrite::rewrite_body(&text, &mut self.pseudonyms).ok_or(Refusal::NotWhole)?;
        if leak_check::is_clean(&body, &self.pseudonyms) {
            Ok(body)
        } else {
            Err(Refusal::OriginalLeft)
        }
    }

    /// The number of distinct texts of a kind that were replaced.
    #[must_use]
    pub fn replaced(&self, private: Private) -> u64 {
        self.pseudonyms.count(private)
    }

    /// The number of texts whose first pseudonym was an original of the capture or the pseudonym of
    /// another text, so that a later one is used.
    #[must_use]
    pub fn clashes(&self) -> u64 {
        self.pseudonyms.clashes
    }
}

/// The text of a body that is valid JSON from its first byte to its last.
fn whole_json(body: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(body).ok()?;
    // serde_json refuses lone surrogates. Each becomes U+FFFD, as when the capture is read.
    let text = mend_surrogates(text).map_or(Cow::Borrowed(text), Cow::Owned);
    serde_json::from_str::<&RawValue>(&text).ok()?;
    Some(text)
}
