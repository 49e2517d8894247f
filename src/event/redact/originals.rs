//! What must not be seen: the names and ids of a capture, collected before anything is written.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use rustc_hash::FxHasher;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use super::shape::Shape;
use super::walk::{Role, Visitor};
use super::words::{folded, is_part, is_searched, words};
use super::{number::Number, pseudonyms::parts_of_conversation};
use crate::event::ringing::RingingId;
use crate::event::schema::Private;

/// The most words of an original that are compared with a text. Whoever finds so many has found it.
const LONGEST_PHRASE: usize = 8;

/// Hashes of folded words.
type Hashes = HashSet<u64, BuildHasherDefault<FxHasher>>;

/// The names and ids of a capture, as hashes of their folded words.
#[derive(Debug, Default)]
pub(super) struct Originals {
    /// Kinds that are to stay, and so are no originals.
    kept: Vec<Private>,
    /// Texts that were added already, each with its kind.
    added: Hashes,
    /// Originals of one word, parts of names and of uids.
    words: Hashes,
    /// Originals of several words.
    phrases: Hashes,
    /// How many words the longest phrase has that begins with a word.
    beginnings: HashMap<u64, u8, BuildHasherDefault<FxHasher>>,
    /// All words of an original, also of one too short to be searched for.
    whole: Hashes,
}

impl Originals {
    /// None yet; texts of the kinds `kept` never become originals.
    pub(super) fn new(kept: &[Private]) -> Self {
        Self { kept: kept.to_vec(), ..Self::default() }
    }

    /// Adds a text that stands where a table has something private.
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
                if let (Some(id), Some((_, own))) = (RingingId::parse(text), text.rsplit_once('.'))
                {
                    self.add(Private::App, id.app);
                    self.words.insert(hash(own));
                }
            }
            _ => {}
        }
        self.add_whole(text);
        let has_parts = match private {
            Private::Name => true,
            // An id is no name, but often made of one.
            Private::Uid => !matches!(Shape::of(text), Shape::Uuid | Shape::Hex(_)),
            _ => false,
        };
        if has_parts {
            let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
            let own = words(text).map(|(_, word)| word).filter(|word| is_part(word));
            let own = own.filter(|word| private == Private::Name || !is_number(word));
            for word in own {
                self.words.insert(hash(word));
            }
        }
    }

    fn add_whole(&mut self, text: &str) {
        let mut phrase = Phrase::default();
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
        self.whole.insert(whole(text));
    }

    /// Whether a text is an original, or a part of one, but for case and what is between words.
    pub(super) fn has(&self, text: &str) -> bool {
        self.whole.contains(&whole(text))
            || words(text).any(|(_, word)| is_part(word) && self.words.contains(&hash(word)))
            || self.is_in(text)
    }

    /// Whether an original that is long enough to be searched for is in a text, as a word or as
    /// words that follow each other.
    pub(super) fn is_in(&self, text: &str) -> bool {
        words(text).any(|(at, word)| {
            let hash = hash(word);
            (self.words.contains(&hash) && is_searched(word))
                || (self.beginnings.get(&hash))
                    .is_some_and(|longest| self.is_phrase_at(&text[at..], *longest))
        })
    }

    /// Whether a text begins with an original of at most `longest` words.
    fn is_phrase_at(&self, text: &str, longest: u8) -> bool {
        let mut phrase = Phrase::default();
        words(text).take(longest.into()).enumerate().any(|(before, (_, word))| {
            phrase.push(word);
            before > 0 && phrase.is_searched && self.phrases.contains(&phrase.hash())
        })
    }
}

/// Words that follow each other.
#[derive(Default)]
struct Phrase {
    hasher: Xxh3Default,
    /// Whether all words together are long enough to be searched for.
    is_searched: bool,
}

impl Phrase {
    fn push(&mut self, word: &str) {
        self.hasher.update(folded(word).as_bytes());
        // No word has a byte of this value: it holds the words apart.
        self.hasher.update(&[0xff]);
        self.is_searched |= is_searched(word);
    }

    fn hash(&self) -> u64 {
        self.hasher.digest()
    }
}

fn hash(word: &str) -> u64 {
    xxh3_64(folded(word).as_bytes())
}

/// The hash of all words of a text, or of the text where it has none.
fn whole(text: &str) -> u64 {
    let mut phrase = Phrase::default();
    let count = words(text).inspect(|(_, word)| phrase.push(word)).count();
    if count == 0 { xxh3_64(text.as_bytes()) } else { phrase.hash() }
}

impl Visitor for Originals {
    fn text(&mut self, text: &str, _: &str, role: Role) {
        self.add(role.private, text);
    }

    fn number(&mut self, raw: &str, role: Role) {
        if role.private != Private::Other {
            self.add(role.private, &Number::new(raw).value);
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
            assert!(of.is_in(found), "{found}");
        }
        for other in ["lenas", "weekly", "sync weekly", "ng", "b", "7", "anything", ""] {
            assert!(!of.is_in(other), "{other}");
        }
        assert!(of.has("ng") && of.has("7") && of.has("Ana-B") && !of.has("17") && !of.has("b"));
    }

    #[test]
    fn whoever_is_found_by_the_first_words_of_a_long_text_is_found() {
        let name = "one two three four five six seven eight nine ten";
        let of = originals(&[(Private::Webhook, name)]);
        assert!(of.is_in(name) && of.is_in("one two three four five six seven eight"));
        assert!(!of.is_in("one two three four five six seven"));
    }

    #[test]
    fn what_is_kept_is_no_original() {
        let mut of = Originals::new(&[Private::Name]);
        of.add(Private::Name, "Lena");
        assert!(!of.has("Lena"));
    }
}
