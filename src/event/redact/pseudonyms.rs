//! Derives pseudonyms from texts.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use blake3::Hasher;
use rustc_hash::FxHasher;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

use super::number::JsonNumber;
use super::originals::Originals;
use super::text_shape::{RandomBits, TextShape};
use super::times::TimeShifts;
use super::words::{WordCase, fold_case, is_part, words};
use crate::digest::process_seed;
use crate::event::ringing::RingingId;
use crate::event::schema::{Form, Private, REGIONS};

/// Separates this use of a key from any other use.
const PURPOSE: &str = "callscope 2026-01 pseudonyms of redacted captures";

/// Between the uids of two people in a conversation id.
const BETWEEN: &str = "_user_";
/// Before the guid of a group in a conversation id.
const GROUP: &str = "group_";

/// Extensions of recordings and pictures.
const EXTENSIONS: [&str; 16] = [
    "gif", "jpeg", "jpg", "json", "m3u8", "m4a", "mkv", "mov", "mp3", "mp4", "ogg", "png", "txt",
    "vtt", "wav", "webm",
];

/// The most words of a name that get pseudonyms of their own.
const NAME_WORDS: usize = 4;
/// The most words and bytes of a text of unknown kind that counts as a name.
const OTHER_WORDS: usize = 3;
const OTHER_LENGTH: usize = 48;

/// The most pseudonyms that are tried for a text until one is free. If none is, the body is refused
/// before it is written.
const ATTEMPTS: u32 = 64;

/// What a pseudonym replaces. Equal texts of different domains get different pseudonyms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct PseudonymDomain(&'static str);

impl PseudonymDomain {
    /// A word of a name.
    const PART: Self = Self("part");
    /// A number with a fraction.
    const NUMBER: Self = Self("number");
    pub(super) const DATE: Self = Self("date");
    /// An implausible length.
    pub(super) const LENGTH: Self = Self("length");
    /// A number in the field of a time or a length that is neither.
    pub(super) const UNREADABLE: Self = Self("unreadable");

    fn of(private: Private) -> Self {
        Self(private.name())
    }
}

/// Derives pseudonyms and remembers those that it issued.
pub(super) struct Pseudonyms {
    key: [u8; blake3::KEY_LEN],
    kept: Vec<Private>,
    pub(super) originals: Originals,
    pub(super) shifts: TimeShifts,
    issued: HashMap<PseudonymDomain, IssuedPseudonyms, BuildHasherDefault<FxHasher>>,
    /// Texts whose first pseudonym was an original or the pseudonym of another text.
    pub(super) clashes: u64,
}

/// The pseudonyms of one domain.
#[derive(Default)]
struct IssuedPseudonyms {
    /// By the hash of the original.
    by_original: HashMap<u128, Box<str>, BuildHasherDefault<FxHasher>>,
    /// Hashes of the pseudonyms.
    taken: HashSet<u64, BuildHasherDefault<FxHasher>>,
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pseudonyms").field("kept", &self.kept).finish_non_exhaustive()
    }
}

impl Pseudonyms {
    pub(super) fn new(key: &[u8], kept: &[Private]) -> Self {
        let key = blake3::derive_key(PURPOSE, key);
        let shifts =
            TimeShifts::new(RandomBits(Hasher::new_keyed(&key).update(b"shifts").finalize_xof()));
        Self {
            key,
            kept: kept.to_vec(),
            originals: Originals::new(kept),
            shifts,
            issued: HashMap::default(),
            clashes: 0,
        }
    }

    /// The number of distinct texts of a kind that have a pseudonym.
    pub(super) fn count(&self, private: Private) -> u64 {
        let issued = self.issued.get(&PseudonymDomain::of(private));
        issued.map_or(0, |issued| issued.by_original.len() as u64)
    }

    /// Whether texts of this kind are not replaced.
    pub(super) fn keeps(&self, private: Private) -> bool {
        self.kept.contains(&private)
    }

    /// The pseudonym of a text; the text itself if its kind is kept, or if it is blank.
    pub(super) fn replace(&mut self, private: Private, text: &str) -> String {
        if self.keeps(private) || text.trim().is_empty() {
            return text.to_owned();
        }
        self.issue(PseudonymDomain::of(private), text, |all| all.derive(private, text))
    }

    /// The pseudonym that was issued for a text, else the one that `make` returns.
    fn issue(
        &mut self,
        domain: PseudonymDomain,
        text: &str,
        make: impl FnOnce(&mut Self) -> String,
    ) -> String {
        let original = xxh3_128_with_seed(text.as_bytes(), process_seed());
        let issued = self.issued.get(&domain);
        if let Some(pseudonym) = issued.and_then(|issued| issued.by_original.get(&original)) {
            return pseudonym.to_string();
        }
        let pseudonym = make(self);
        let issued = self.issued.entry(domain).or_default();
        issued.taken.insert(xxh3_64(pseudonym.as_bytes()));
        issued.by_original.insert(original, pseudonym.as_str().into());
        pseudonym
    }

    fn derive(&mut self, private: Private, text: &str) -> String {
        let shape = TextShape::of(text);
        // An id may be a number or a text of digits: both get the pseudonym of the number.
        let composed = match (private, shape) {
            (_, TextShape::Digits { .. }) => None,
            (Private::Conversation, _) => self.conversation(text),
            (Private::Session, _) => self.session(text),
            _ => None,
        };
        if let Some(composed) = composed {
            return composed;
        }
        let name = self.build_name(private, shape, text);
        self.first_free(PseudonymDomain::of(private), text, |bits, attempt| {
            match (&name, shape, private) {
                (Some(name), ..) if attempt == 0 && name.is_exact => name.text.clone(),
                (Some(name), ..) => format!("{} {}", name.text, bits.capitalised(4)),
                (None, TextShape::Word | TextShape::Hex(_), Private::Name) => bits.name(),
                (None, TextShape::Word | TextShape::Hex(_) | TextShape::Uuid, Private::Url) => {
                    url(text, bits, attempt)
                }
                _ => bits.text(shape),
            }
        })
    }

    /// The first of a text's pseudonyms that holds no original and is not the pseudonym of another
    /// text.
    fn first_free(
        &mut self,
        domain: PseudonymDomain,
        text: &str,
        mut make: impl FnMut(&mut RandomBits, u32) -> String,
    ) -> String {
        let mut attempt = 0;
        loop {
            let pseudonym = make(&mut self.bits(domain, text, attempt), attempt);
            attempt += 1;
            let hash = xxh3_64(pseudonym.as_bytes());
            let is_free = pseudonym != text
                && self.issued.get(&domain).is_none_or(|issued| !issued.taken.contains(&hash))
                && !self.originals.are_in(&pseudonym);
            if is_free || attempt == ATTEMPTS {
                self.clashes += u64::from(attempt > 1);
                return pseudonym;
            }
        }
    }

    fn bits(&self, domain: PseudonymDomain, text: &str, attempt: u32) -> RandomBits {
        let mut hasher = Hasher::new_keyed(&self.key);
        hasher.update(domain.0.as_bytes()).update(b":").update(text.as_bytes());
        // With the length, no text is the beginning of another text and its attempt.
        hasher.update(&(text.len() as u64).to_le_bytes()).update(&attempt.to_le_bytes());
        RandomBits(hasher.finalize_xof())
    }

    /// The pseudonym of a number.
    pub(super) fn replace_number(&mut self, private: Private, number: &JsonNumber<'_>) -> String {
        if self.keeps(private) {
            return number.normalized().into_owned();
        }
        if number.is_whole {
            return number.with_digits(&self.replace(private, &number.value));
        }
        let value = &number.value;
        self.issue(PseudonymDomain::NUMBER, value, |all| {
            let length = 18;
            let shape = TextShape::Digits { negative: value.starts_with('-'), length };
            all.first_free(PseudonymDomain::NUMBER, value, |bits, _| {
                number.with_digits(&bits.text(shape))
            })
        })
    }

    /// The pseudonym of a text, which `make` builds from random bits.
    pub(super) fn replace_with(
        &mut self,
        domain: PseudonymDomain,
        text: &str,
        mut make: impl FnMut(&mut RandomBits) -> String,
    ) -> String {
        self.issue(domain, text, |all| all.first_free(domain, text, |bits, _| make(bits)))
    }

    /// The name that is built from the pseudonyms of a name's words; `None` if the text is no name,
    /// or has no word that is long enough.
    fn build_name(&mut self, private: Private, shape: TextShape, text: &str) -> Option<BuiltName> {
        match (private, shape) {
            (Private::Name, TextShape::Word | TextShape::Hex(_)) => {}
            (Private::Other, TextShape::Word) if looks_like_name(text) => {}
            _ => return None,
        }
        let mut built = BuiltName { text: String::new(), is_exact: true };
        let mut end = 0;
        for (count, (begin, word)) in words(text).enumerate() {
            if count == NAME_WORDS {
                built.is_exact = false;
                break;
            }
            let between = &text[end..begin];
            end = begin + word.len();
            let is_usual = if count == 0 {
                between.is_empty()
            } else {
                between.len() == 1
                    && between.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
            };
            let folded = fold_case(word);
            let case = WordCase::of(word, &folded);
            if !is_part(word) {
                built.is_exact = false;
                continue;
            }
            built.is_exact &= is_usual && case.is_some();
            if !built.text.is_empty() {
                built.text.push_str(if is_usual { between } else { " " });
            }
            let part = self.part(&folded);
            built.text.push_str(&case.unwrap_or(WordCase::Title).apply(&part));
        }
        built.is_exact &= end == text.len();
        (!built.text.is_empty()).then_some(built)
    }

    /// The pseudonym of a word of a name.
    fn part(&mut self, folded: &str) -> String {
        self.replace_with(PseudonymDomain::PART, folded, |bits| bits.syllables(5))
    }

    /// The conversation of the pseudonyms of its uids; `None` if the id is ambiguous.
    fn conversation(&mut self, text: &str) -> Option<String> {
        let uids = parts_of_conversation(text)?.map(|uid| self.replace(Private::Uid, uid));
        let group = if text.starts_with(GROUP) { GROUP } else { "" };
        Some(format!("{group}{}", uids.collect::<Vec<_>>().join(BETWEEN)))
    }

    /// The pseudonym of a text in a field of known words; the text itself if it is one of them, or
    /// a short number that is no original.
    pub(super) fn word(&mut self, known: &[&str], text: &str) -> String {
        let is_small = || TextShape::is_small(text) && !self.originals.matches(text);
        if known.contains(&text) || is_small() {
            text.to_owned()
        } else {
            self.replace(Private::Other, text)
        }
    }

    /// The id of a ringing session, which consists of region, app, second and a random part.
    fn session(&mut self, text: &str) -> Option<String> {
        let RingingId { region, app, epoch } = RingingId::parse(text)?;
        let (region, app) = (self.word(REGIONS, region), self.replace(Private::App, app));
        let epoch = self.shifts.seconds(epoch).unwrap_or(epoch);
        Some(self.first_free(PseudonymDomain::of(Private::Session), text, |bits, _| {
            format!("v1.{region}.{app}.{epoch:010}{}", bits.hex(40))
        }))
    }
}

/// A name that is built from the pseudonyms of a name's words.
struct BuiltName {
    text: String,
    /// Whether only one name results in this text.
    is_exact: bool,
}

/// The uids or the guid in a conversation id; `None` if the separator is ambiguous.
pub(super) fn parts_of_conversation(text: &str) -> Option<impl Iterator<Item = &str>> {
    let people = || text.split_once(BETWEEN).filter(|(_, other)| !other.contains(BETWEEN));
    let (one, other) = match text.strip_prefix(GROUP) {
        Some(group) => (group, None),
        None => people().map(|(one, other)| (one, Some(other)))?,
    };
    Some(std::iter::once(one).chain(other))
}

/// Whether a text of unknown kind looks like a name: one word, or a few with capitals.
fn looks_like_name(text: &str) -> bool {
    let case = |word: &str| WordCase::of(word, &fold_case(word));
    if text.len() > OTHER_LENGTH {
        return false;
    }
    let mut count = 0;
    let are_titles =
        words(text).inspect(|_| count += 1).all(|(_, word)| case(word) == Some(WordCase::Title));
    let is_word =
        || words(text).next().is_some_and(|(_, word)| word == text && case(word).is_some());
    (are_titles && (1..=OTHER_WORDS).contains(&count)) || is_word()
}

/// The pseudonym of a URL, which is a valid URL if and only if `text` is.
fn url(text: &str, bits: &mut RandomBits, attempt: u32) -> String {
    let id = bits.hex(24);
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| attempt == 0 && EXTENSIONS.contains(ending));
    let ending = ending.map_or_else(String::new, |ending| format!(".{ending}"));
    let host = match text.split_once("://") {
        Some((scheme @ ("http" | "https"), _)) if Form::Url.fault(text).is_none() => {
            // A person may be called `redacted` or `example`.
            let schemes = if scheme == "http" { ["http", "https"] } else { ["https", "http"] };
            match attempt {
                0 => format!("{scheme}://redacted.example"),
                1 => format!("{scheme}://{}.{}", bits.syllables(4), bits.syllables(4)),
                _ => format!("{}://{}", schemes[attempt as usize % 2], bits.syllables(7)),
            }
        }
        _ => String::new(),
    };
    format!("{host}/{id}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::redact::walk;

    fn pseudonyms() -> Pseudonyms {
        Pseudonyms::new(b"a key of the tests", &[])
    }

    /// Pseudonyms in a capture in which somebody has this uid.
    fn pseudonyms_with(uid: &str) -> Pseudonyms {
        let mut of = pseudonyms();
        let body = serde_json::json!({"data": {"uid": uid}}).to_string();
        walk::walk(&body, &mut of.originals).expect("an object");
        of
    }

    #[test]
    fn an_id_is_made_of_the_pseudonyms_of_what_it_is_made_of() {
        let mut of = pseudonyms();
        let [ana, ben] = ["ana", "ben"].map(|uid| of.replace(Private::Uid, uid));
        let conversation = of.replace(Private::Conversation, "ana_user_ben");
        assert_eq!(conversation, format!("{ana}_user_{ben}"));
        assert_eq!(of.replace(Private::Conversation, "group_ana"), format!("group_{ana}"));
        let app = of.replace(Private::App, "239414efb0e4882a");
        let id = format!("v1.us.239414efb0e4882a.1767346800{}", "a3".repeat(20));
        let session = of.replace(Private::Session, &id);
        assert!(session.starts_with(&format!("v1.us.{app}.1767346800")), "{session}");
        assert!(RingingId::parse(&session).is_some() && !session.contains("a3a3"));
        // Ten digits that are no time, and a region that nobody knows.
        let id = format!("v1.lena.239414efb0e4882a.4915112345{}", "a3".repeat(20));
        let session = of.replace(Private::Session, &id);
        let parsed = RingingId::parse(&session).expect("a ringing session's id");
        assert!(parsed.region != "lena" && parsed.epoch != 4_915_112_345, "{session}");
    }

    #[test]
    fn a_pseudonym_has_the_shape_of_its_original() {
        let mut of = pseudonyms();
        let digits = of.replace(Private::App, "41730965028817");
        assert!(digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        let uuid = of.replace(Private::Uid, "6f1c2a34-0b7d-4e58-9c11-aa02de77b301");
        assert!(matches!(TextShape::of(&uuid), TextShape::Uuid), "{uuid}");
        for nothing in ["", " ", "\t"] {
            assert_eq!(of.replace(Private::Name, nothing), nothing);
        }
        let url = of.replace(Private::Url, "https://rec.example/a/b.mp4?sig=secret");
        assert!(url.starts_with("https://redacted.example/"), "{url}");
        assert_eq!(url.rsplit_once('.').map(|(_, ending)| ending), Some("mp4"));
        for none in ["/a/b.mp4", "https://", "ftp://rec.example/b.mp4"] {
            assert!(Form::Url.fault(&of.replace(Private::Url, none)).is_some());
        }
    }

    #[test]
    fn a_number_is_the_same_one_with_a_fraction_of_nothing() {
        let mut of = pseudonyms();
        for original in ["48213", "-9223372036854775808", "9223372036854775807"] {
            let given = of.replace(Private::Session, original);
            let float: f64 = given.parse().expect("a number");
            assert_eq!(format!("{float}"), given);
        }
    }

    #[test]
    fn no_two_of_many_originals_share_a_pseudonym() {
        let mut of = pseudonyms();
        for private in [Private::Uid, Private::Name] {
            let name = |at: usize| format!("Ana{} Ruiz{}", at / 150, at % 150);
            let given: HashSet<_> = (0..20_000).map(|at| of.replace(private, &name(at))).collect();
            assert_eq!(given.len(), 20_000);
            assert_eq!(of.count(private), 20_000);
        }
    }

    #[test]
    fn a_name_is_built_from_the_pseudonyms_of_its_parts() {
        let mut of = pseudonyms();
        let name = |of: &mut Pseudonyms, name: &str| of.replace(Private::Name, name);
        let (ana, ruiz) = (name(&mut of, "Ana"), name(&mut of, "Ruiz"));
        assert_eq!(name(&mut of, "Ana Ruiz"), format!("{ana} {ruiz}"));
        assert_eq!(
            name(&mut of, "RUIZ-ana"),
            format!("{}-{}", ruiz.to_uppercase(), ana.to_lowercase())
        );
        assert_eq!(name(&mut of, "ana_ruiz"), format!("{ana}_{ruiz}").to_lowercase());
        // What nobody knows is called alike where it looks like a name.
        assert_eq!(of.replace(Private::Other, "Ana Ruiz"), format!("{ana} {ruiz}"));
        assert_eq!(of.replace(Private::Other, "ana"), ana.to_lowercase());
        assert!(!of.replace(Private::Other, "ana is late").contains(&ana.to_lowercase()));
        // What is no part is not lost.
        let others = [
            "J Ruiz",
            "K Ruiz",
            "aNa Ruiz",
            "Ana  Ruiz",
            "Ana Ruiz!",
            "Zoe\u{308} Ruiz",
            "Zoe Ruiz",
        ];
        let others: HashSet<String> = others.iter().map(|other| name(&mut of, other)).collect();
        assert_eq!(others.len(), 7);
        assert!(others.iter().all(|other| other.contains(&ruiz)), "{others:?}");
    }

    #[test]
    fn a_pseudonym_that_is_an_original_is_passed_over_and_counted() {
        let usual = pseudonyms().replace(Private::Name, "Lena Okafor");
        let (first, _) = usual.split_once(' ').expect("two words");
        let mut of = pseudonyms_with(&first.to_uppercase());
        let other = of.replace(Private::Name, "Lena Okafor");
        assert!(
            !other.contains(first) && other.ends_with(usual.rsplit(' ').next().expect("a word"))
        );
        assert_eq!((of.clashes, pseudonyms().clashes), (1, 0));
        for part in ["https", "redacted", "example", "mp4"] {
            let mut of = pseudonyms_with(part);
            let url = of.replace(Private::Url, "https://rec.example/a.mp4");
            assert!(Form::Url.fault(&url).is_none() && !of.originals.are_in(&url), "{url}");
        }
    }
}
