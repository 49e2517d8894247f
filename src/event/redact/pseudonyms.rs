//! Texts → their pseudonyms.

use std::collections::{HashMap, HashSet};

use blake3::Hasher;

use super::shape::{Bits, Shape};
use crate::event::ringing::RingingId;
use crate::event::schema::{Form, Private};

/// What the key is for, so that it serves for nothing else.
const PURPOSE: &str = "callscope 2026-01 pseudonyms of redacted captures";

/// What stands between the two people of a conversation, and before a group.
const BETWEEN: &str = "_user_";
const GROUP: &str = "group_";

/// Endings of what recordings and pictures are.
const ENDINGS: [&str; 16] = [
    "gif", "jpeg", "jpg", "json", "m3u8", "m4a", "mkv", "mov", "mp3", "mp4", "ogg", "png", "txt",
    "vtt", "wav", "webm",
];

/// The pseudonyms that were given out. Neither the key nor an original can be told from them.
pub(super) struct Pseudonyms {
    key: [u8; blake3::KEY_LEN],
    kept: Vec<Private>,
    given: [Given; Private::KNOWN.len() + 1],
}

/// Those of one kind.
#[derive(Default)]
struct Given {
    /// By what the key makes of the original.
    by_original: HashMap<[u8; blake3::OUT_LEN], Box<str>>,
    taken: HashSet<Box<str>>,
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pseudonyms").field("kept", &self.kept).finish_non_exhaustive()
    }
}

impl Pseudonyms {
    pub(super) fn new(key: &[u8], kept: &[Private]) -> Self {
        let key = blake3::derive_key(PURPOSE, key);
        Self { key, kept: kept.to_vec(), given: Default::default() }
    }

    /// How many there are of a kind.
    pub(super) fn given(&self, private: Private) -> u64 {
        self.given[private as usize].by_original.len() as u64
    }

    /// What stands for a text: itself where its kind is kept, and where it says nothing.
    pub(super) fn of(&mut self, private: Private, text: &str) -> String {
        if self.kept.contains(&private) || text.trim().is_empty() {
            return text.to_owned();
        }
        let original = *self.hasher(private, text).finalize().as_bytes();
        if let Some(given) = self.given[private as usize].by_original.get(&original) {
            return given.to_string();
        }
        let made = self.made(private, text);
        let given = &mut self.given[private as usize];
        given.taken.insert(made.as_str().into());
        given.by_original.insert(original, made.as_str().into());
        made
    }

    fn made(&mut self, private: Private, text: &str) -> String {
        // A number may stand for a text, and has to be the number that stands for it then.
        if !matches!(Shape::of(text), Shape::Digits { .. }) {
            let parts = match private {
                Private::Conversation => self.conversation(text),
                Private::Session => self.session(text),
                _ => None,
            };
            if let Some(made) = parts {
                return made;
            }
        }
        // Two that meet are told apart; with one key, in one order, always alike.
        let mut tries = (0_u32..).map(|attempt| self.attempt(private, text, attempt));
        let taken = &self.given[private as usize].taken;
        tries.find(|made| made != text && !taken.contains(made.as_str())).unwrap_or_default()
    }

    fn hasher(&self, private: Private, text: &str) -> Hasher {
        let mut hasher = Hasher::new_keyed(&self.key);
        hasher.update(private.name().as_bytes()).update(b":").update(text.as_bytes());
        hasher
    }

    fn bits(&self, private: Private, text: &str, attempt: u32) -> Bits {
        let mut hasher = self.hasher(private, text);
        // No text is longer than its length says.
        hasher.update(&(text.len() as u64).to_le_bytes()).update(&attempt.to_le_bytes());
        Bits(hasher.finalize_xof())
    }

    fn attempt(&self, private: Private, text: &str, attempt: u32) -> String {
        let mut bits = self.bits(private, text, attempt);
        match (Shape::of(text), private) {
            (Shape::Word | Shape::Hex(_), Private::Name) => bits.name(),
            (Shape::Word | Shape::Hex(_) | Shape::Uuid, Private::Url) => url(text, &bits.hex(24)),
            (shape, _) => bits.text(shape),
        }
    }

    /// Two people, each where it stood, or a group; `None` where nothing tells which.
    fn conversation(&mut self, text: &str) -> Option<String> {
        if let Some(group) = text.strip_prefix(GROUP) {
            return Some(format!("{GROUP}{}", self.of(Private::Uid, group)));
        }
        let (one, other) = text.split_once(BETWEEN)?;
        if other.contains(BETWEEN) {
            return None;
        }
        let [one, other] = [one, other].map(|uid| self.of(Private::Uid, uid));
        Some(format!("{one}{BETWEEN}{other}"))
    }

    /// A ringing session's id says its region and second, and has its app's.
    fn session(&mut self, text: &str) -> Option<String> {
        let RingingId { region, app, epoch } = RingingId::parse(text)?;
        let (region, app) = (self.word(region), self.of(Private::App, app));
        let own = self.bits(Private::Session, text, 0).hex(40);
        Some(format!("v1.{region}.{app}.{epoch:010}{own}"))
    }

    /// A word that stays, unless it does not look like one, or is somebody's.
    pub(super) fn word(&mut self, text: &str) -> String {
        if is_word(text) && !self.is_told(text) {
            text.to_owned()
        } else {
            self.of(Private::Other, text)
        }
    }

    /// Whether a text, or a part of it, is a name or an id that got a pseudonym.
    pub(super) fn is_told(&self, text: &str) -> bool {
        const SHORTEST: usize = 3;
        const TOLD: [Private; 5] =
            [Private::Name, Private::Uid, Private::Session, Private::App, Private::Webhook];
        let parts = text.split(|letter: char| !letter.is_alphanumeric());
        let parts = parts.filter(|part| part.len() >= SHORTEST);
        parts.chain([text]).any(|part| {
            TOLD.iter().any(|private| {
                let original = *self.hasher(*private, part).finalize().as_bytes();
                self.given[*private as usize].by_original.contains_key(&original)
            })
        })
    }
}

/// Whether a text looks like a word or a version.
fn is_word(text: &str) -> bool {
    const LONGEST: usize = 40;
    let of_words = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    text.len() <= LONGEST
        && text.bytes().all(of_words)
        && text.bytes().filter(u8::is_ascii_digit).count() <= 6
}

/// A URL that is one if and only if `text` is.
fn url(text: &str, own: &str) -> String {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| ENDINGS.contains(ending));
    let ending = ending.map_or_else(String::new, |ending| format!(".{ending}"));
    let host = match text.split_once("://") {
        Some((scheme @ ("http" | "https"), _)) if Form::Url.fault(text).is_none() => {
            format!("{scheme}://redacted.example")
        }
        _ => String::new(),
    };
    format!("{host}/{own}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudonyms() -> Pseudonyms {
        Pseudonyms::new(b"a key of the tests", &[])
    }

    #[test]
    fn an_id_is_made_of_the_pseudonyms_of_what_it_is_made_of() {
        let mut of = pseudonyms();
        let [ana, ben] = ["ana", "ben"].map(|uid| of.of(Private::Uid, uid));
        let conversation = of.of(Private::Conversation, "ana_user_ben");
        assert_eq!(conversation, format!("{ana}_user_{ben}"));
        assert_eq!(of.of(Private::Conversation, "group_ana"), format!("group_{ana}"));
        let app = of.of(Private::App, "239414efb0e4882a");
        let id = format!("v1.us.239414efb0e4882a.1767346800{}", "a3".repeat(20));
        let session = of.of(Private::Session, &id);
        assert!(session.starts_with(&format!("v1.us.{app}.1767346800")), "{session}");
        assert!(RingingId::parse(&session).is_some() && !session.contains("a3a3"));
    }

    #[test]
    fn a_pseudonym_has_the_shape_of_its_original() {
        let mut of = pseudonyms();
        let digits = of.of(Private::App, "41730965028817");
        assert!(digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        let uuid = of.of(Private::Uid, "6f1c2a34-0b7d-4e58-9c11-aa02de77b301");
        assert!(matches!(Shape::of(&uuid), Shape::Uuid), "{uuid}");
        for nothing in ["", " ", "\t"] {
            assert_eq!(of.of(Private::Name, nothing), nothing);
        }
        let url = of.of(Private::Url, "https://rec.example/a/b.mp4?sig=secret");
        assert!(url.starts_with("https://redacted.example/"), "{url}");
        assert_eq!(url.rsplit_once('.').map(|(_, ending)| ending), Some("mp4"));
        for none in ["/a/b.mp4", "https://", "ftp://rec.example/b.mp4"] {
            assert!(Form::Url.fault(&of.of(Private::Url, none)).is_some());
        }
    }

    #[test]
    fn a_number_is_the_same_one_with_a_fraction_of_nothing() {
        let mut of = pseudonyms();
        for original in ["48213", "-9223372036854775808", "9223372036854775807"] {
            let given = of.of(Private::Session, original);
            let float: f64 = given.parse().expect("a number");
            assert_eq!(format!("{float}"), given);
        }
    }

    #[test]
    fn no_two_of_many_originals_share_a_pseudonym() {
        let mut of = pseudonyms();
        let given: HashSet<_> =
            (0..20_000).map(|at| of.of(Private::Uid, &at.to_string())).collect();
        assert_eq!(given.len(), 20_000);
        assert_eq!(of.given(Private::Uid), 20_000);
    }
}
