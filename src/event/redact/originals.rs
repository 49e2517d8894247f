//! The names and ids of a capture. A redacted body may contain none of them.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use rustc_hash::FxHasher;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use super::text_shape::TextShape;
use super::walk::{BodyVisitor, FieldRole};
use super::words::{fold_case, is_part, is_searched, words};
use super::{number::JsonNumber, pseudonyms::parts_of_conversation};
use crate::event::ringing::RingingId;
use crate::event::schema::Private;

/// The most words of an original that are searched for. They identify it, and a text that has no
/// end cannot slow the search down.
const LONGEST_PHRASE: usize = 8;

/// Hashes of folded words: a capture of a gigabyte has millions of names, whose texts would not
/// fit.
type WordHashes = HashSet<u64, BuildHasherDefault<FxHasher>>;

/// The collected names and ids.
#[derive(Debug, Default)]
pub(super) struct Originals {
    /// Kinds that are not replaced.
    kept: Vec<Private>,
    /// Texts that were added, each with its kind. Bodies repeat names, and adding one again costs
    /// time.
    added: WordHashes,
    /// Originals of one word, and parts of names and uids.
    words: WordHashes,
    /// Originals of several words.
    phrases: WordHashes,
    /// By first word, the number of words of the longest phrase.
    beginnings: HashMap<u64, u8, BuildHasherDefault<FxHasher>>,
    /// Whole originals, including those that are too short to be searched for.
    whole: WordHashes,
}

impl Originals {
    pub(super) fn new(kept: &[Private]) -> Self {
        Self { kept: kept.to_vec(), ..Self::default() }
    }

    /// Adds the text of a private field, and the ids that it is built from.
    fn add(&mut self, private: Private, text: &str) {
        if private == Private::Other || self.kept.contains(&private) {
            return;
        }
        if !self.added.insert(xxh3_64(text.as_bytes()) ^ private as u64) {
            return;
        }
        match private {
            Private::Conversation => {
                if let Some(parts) = parts_of_conversation(text) {
                    parts.for_each(|uid| self.add(Private::Uid, uid));
                    return;
                }
            }
            Private::Session => {
                let last = text.rsplit_once('.');
                if let (Some(id), Some((_, last))) = (RingingId::parse(text), last) {
                    self.add(Private::App, id.app);
                    self.words.insert(hash(last));
                }
            }
            _ => {}
        }
        self.add_whole(text);
        let has_parts = match private {
            Private::Name => true,
            // Uids are often built from names.
            Private::Uid => !matches!(TextShape::of(text), TextShape::Uuid | TextShape::Hex(_)),
            _ => false,
        };
        if has_parts {
            let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
            let parts = words(text).map(|(_, word)| word).filter(|word| is_part(word));
            let parts = parts.filter(|word| private == Private::Name || !is_number(word));
            self.words.extend(parts.map(hash));
        }
    }

    fn add_whole(&mut self, text: &str) {
        let mut phrase = PhraseHasher::default();
        let (mut count, mut first) = (0_u8, 0);
        for (_, word) in words(text).take(LONGEST_PHRASE) {
            first = if count == 0 { hash(word) } else { first };
            phrase.push(word);
            count += 1;
        }
        match count {
            0 => {}
            1 => {
                self.words.insert(first);
            }
            _ => {
                self.phrases.insert(phrase.hash());
                let longest = self.beginnings.entry(first).or_default();
                *longest = count.max(*longest);
            }
        }
        self.whole.insert(whole_hash(text));
    }

    /// Whether a text is an original or holds one or a part of one. Case and separators do not
    /// matter.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.whole.contains(&whole_hash(text))
            || words(text).any(|(_, word)| is_part(word) && self.words.contains(&hash(word)))
            || self.are_in(text)
    }

    /// Whether a text holds an original that is long enough to be searched for, as a word or as
    /// consecutive words.
    pub(super) fn are_in(&self, text: &str) -> bool {
        words(text).any(|(at, word)| {
            let hash = hash(word);
            (self.words.contains(&hash) && is_searched(word))
                || (self.beginnings.get(&hash))
                    .is_some_and(|longest| self.is_phrase_at(&text[at..], *longest))
        })
    }

    /// Whether a text begins with an original of at most `longest` words.
    fn is_phrase_at(&self, text: &str, longest: u8) -> bool {
        let mut phrase = PhraseHasher::default();
        words(text).take(longest.into()).enumerate().any(|(before, (_, word))| {
            phrase.push(word);
            before > 0 && phrase.is_searched && self.phrases.contains(&phrase.hash())
        })
    }
}

/// Hashes consecutive words.
#[derive(Default)]
struct PhraseHasher {
    hasher: Xxh3Default,
    /// Whether one of the words is long enough to be searched for.
    is_searched: bool,
}

impl PhraseHasher {
    fn push(&mut self, word: &str) {
        self.hasher.update(fold_case(word).as_bytes());
        // Separates the words: UTF-8 has no such byte.
        self.hasher.update(&[0xff]);
        self.is_searched |= is_searched(word);
    }

    fn hash(&self) -> u64 {
        self.hasher.digest()
    }
}

fn hash(word: &str) -> u64 {
    xxh3_64(fold_case(word).as_bytes())
}

/// The hash of all words of a text; of the text itself if it has no words.
fn whole_hash(text: &str) -> u64 {
    let mut phrase = PhraseHasher::default();
    let count = words(text).inspect(|(_, word)| phrase.push(word)).count();
    if count == 0 { xxh3_64(text.as_bytes()) } else { phrase.hash() }
}

impl BodyVisitor for Originals {
    fn text(&mut self, text: &str, _: &str, role: FieldRole) {
        self.add(role.private, text);
    }

    fn number(&mut self, raw: &str, role: FieldRole) {
        if role.private != Private::Other {
            self.add(role.private, &JsonNumber::new(raw).value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn originals(texts: &[(Private, &str)]) -> Originals {
        let mut originals = Originals::new(&[]);
        for (private, text) in texts {
            originals.add(*private, text);
        }
        originals
    }

    #[test]
    fn names_are_found_by_their_words_and_ids_as_a_whole() {
        let of = originals(&[
            (Private::Name, "Lena Okafor-Ng"),
            (Private::Session, "weekly-sync"),
            (Private::Conversation, "ana.b_user_7"),
            (Private::Other, "anything"),
        ]);
        for found in
            ["lena", "x-OKAFOR.y", "Lena_1", "Weekly Sync now", "weekly-sync", "ANA/B", "anA"]
        {
            assert!(of.are_in(found), "{found}");
        }
        for other in ["lenas", "weekly", "sync weekly", "ng", "b", "7", "anything", ""] {
            assert!(!of.are_in(other), "{other}");
        }
        assert!(
            of.matches("ng")
                && of.matches("7")
                && of.matches("Ana-B")
                && !of.matches("17")
                && !of.matches("b")
        );
    }

    #[test]
    fn whoever_is_found_by_the_first_words_of_a_long_text_is_found() {
        let name = "one two three four five six seven eight nine ten";
        let of = originals(&[(Private::Webhook, name)]);
        assert!(of.are_in(name) && of.are_in("one two three four five six seven eight"));
        assert!(!of.are_in("one two three four five six seven"));
    }

    #[test]
    fn what_is_kept_is_no_original() {
        let mut of = Originals::new(&[Private::Name]);
        of.add(Private::Name, "Lena");
        assert!(!of.matches("Lena"));
    }
}
