//! Texts → their pseudonyms.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use blake3::Hasher;
use rustc_hash::FxHasher;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

use super::number::Number;
use super::originals::Originals;
use super::shape::{Bits, Shape};
use super::times::Shifts;
use super::words::{Case, folded, is_part, words};
use crate::digest::process_seed;
use crate::event::ringing::RingingId;
use crate::event::schema::{Form, Private, REGIONS};

/// What the key is for, so that it serves for nothing else.
const PURPOSE: &str = "callscope 2026-01 pseudonyms of redacted captures";

/// What is between the two people of a conversation, and before a group.
const BETWEEN: &str = "_user_";
const GROUP: &str = "group_";

/// Endings of what recordings and pictures are.
const ENDINGS: [&str; 16] = [
    "gif", "jpeg", "jpg", "json", "m3u8", "m4a", "mkv", "mov", "mp3", "mp4", "ogg", "png", "txt",
    "vtt", "wav", "webm",
];

/// The most words of a name of which each has its own pseudonym in the name's.
const NAME_WORDS: usize = 4;
/// The most words and bytes of a text that is taken for a name where nobody knows what it is.
const OTHER_WORDS: usize = 3;
const OTHER_LENGTH: usize = 48;

/// How often another pseudonym is tried where one is an original of the capture. What is left after
/// so many is refused before it is written.
const ATTEMPTS: u32 = 64;

/// What a pseudonym is for. Equal texts for different things have different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// A text of this kind.
    Text(Private),
    /// A word of a name.
    Part,
    /// A number that is no whole one.
    Number,
    /// A day without a time.
    Date,
    /// A length that is too great for one.
    Length,
    /// A number that is no time and no length, where one should be.
    Unreadable,
}

impl Domain {
    const COUNT: usize = Private::KNOWN.len() + 6;

    fn index(self) -> usize {
        let others = Private::KNOWN.len() + 1;
        match self {
            Self::Text(private) => private as usize,
            Self::Part => others,
            Self::Number => others + 1,
            Self::Date => others + 2,
            Self::Length => others + 3,
            Self::Unreadable => others + 4,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text(private) => private.name(),
            Self::Part => "part",
            Self::Number => "number",
            Self::Date => "date",
            Self::Length => "length",
            Self::Unreadable => "unreadable",
        }
    }
}

/// The pseudonyms that were issued.
pub(super) struct Pseudonyms {
    key: [u8; blake3::KEY_LEN],
    kept: Vec<Private>,
    /// What must not be seen.
    pub(super) originals: Originals,
    /// How implausible times are shifted.
    pub(super) shifts: Shifts,
    issued: [Issued; Domain::COUNT],
    /// How often a pseudonym was an original, or that of another text, so that the next was used.
    pub(super) clashes: u64,
}

/// Pseudonyms of one domain.
#[derive(Default)]
struct Issued {
    /// By a hash of the original.
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
        let shifts = Shifts::new(Bits(Hasher::new_keyed(&key).update(b"shifts").finalize_xof()));
        Self {
            key,
            kept: kept.to_vec(),
            originals: Originals::new(kept),
            shifts,
            issued: Default::default(),
            clashes: 0,
        }
    }

    /// The number of different texts of a kind that have a pseudonym.
    pub(super) fn count(&self, private: Private) -> u64 {
        self.issued[Domain::Text(private).index()].by_original.len() as u64
    }

    /// Whether texts of this kind stay.
    pub(super) fn keeps(&self, private: Private) -> bool {
        self.kept.contains(&private)
    }

    /// What stands for a text: itself where its kind is kept, and where it is blank.
    pub(super) fn of(&mut self, private: Private, text: &str) -> String {
        if self.keeps(private) || text.trim().is_empty() {
            return text.to_owned();
        }
        self.issue(Domain::Text(private), text, |all| all.make(private, text))
    }

    /// The pseudonym that was issued for a text, or the one that `make` makes now.
    fn issue(
        &mut self,
        domain: Domain,
        text: &str,
        make: impl FnOnce(&mut Self) -> String,
    ) -> String {
        let original = xxh3_128_with_seed(text.as_bytes(), process_seed());
        if let Some(issued) = self.issued[domain.index()].by_original.get(&original) {
            return issued.to_string();
        }
        let pseudonym = make(self);
        let issued = &mut self.issued[domain.index()];
        issued.taken.insert(xxh3_64(pseudonym.as_bytes()));
        issued.by_original.insert(original, pseudonym.as_str().into());
        pseudonym
    }

    fn make(&mut self, private: Private, text: &str) -> String {
        let shape = Shape::of(text);
        // A number may stand for a text, and has to be the number that stands for it then.
        if !matches!(shape, Shape::Digits { .. }) {
            let composed = match private {
                Private::Conversation => self.conversation(text),
                Private::Session => self.session(text),
                _ => None,
            };
            if let Some(composed) = composed {
                return composed;
            }
        }
        let name = self.name_of_parts(private, shape, text);
        self.first_free(Domain::Text(private), text, |bits, attempt| {
            match (&name, shape, private) {
                (Some(name), ..) if attempt == 0 && name.is_exact => name.text.clone(),
                (Some(name), ..) => format!("{} {}", name.text, bits.capitalised(4)),
                (None, Shape::Word | Shape::Hex(_), Private::Name) => bits.name(),
                (None, Shape::Word | Shape::Hex(_) | Shape::Uuid, Private::Url) => {
                    url(text, bits, attempt)
                }
                _ => bits.text(shape),
            }
        })
    }

    /// The first of a text's sequence of pseudonyms in which no original is, and that is no other
    /// text's.
    fn first_free(
        &mut self,
        domain: Domain,
        text: &str,
        mut make: impl FnMut(&mut Bits, u32) -> String,
    ) -> String {
        let mut attempt = 0;
        loop {
            let pseudonym = make(&mut self.bits(domain, text, attempt), attempt);
            attempt += 1;
            let is_free = pseudonym != text
                && !self.issued[domain.index()].taken.contains(&xxh3_64(pseudonym.as_bytes()))
                && !self.originals.is_in(&pseudonym);
            if is_free || attempt == ATTEMPTS {
                self.clashes += u64::from(attempt > 1);
                return pseudonym;
            }
        }
    }

    fn bits(&self, domain: Domain, text: &str, attempt: u32) -> Bits {
        let mut hasher = Hasher::new_keyed(&self.key);
        hasher.update(domain.name().as_bytes()).update(b":").update(text.as_bytes());
        // No text is longer than its length says.
        hasher.update(&(text.len() as u64).to_le_bytes()).update(&attempt.to_le_bytes());
        Bits(hasher.finalize_xof())
    }

    /// The number that stands for another one.
    pub(super) fn number(&mut self, private: Private, number: &Number<'_>) -> String {
        if self.keeps(private) {
            return number.plain().into_owned();
        }
        if number.is_whole {
            return number.with(&self.of(private, &number.value));
        }
        let value = &number.value;
        self.issue(Domain::Number, value, |all| {
            let length = 18;
            let shape = Shape::Digits { negative: value.starts_with('-'), length };
            all.first_free(Domain::Number, value, |bits, _| number.with(&bits.text(shape)))
        })
    }

    /// What stands for a text as `make` makes it of bits that look random.
    pub(super) fn made(
        &mut self,
        domain: Domain,
        text: &str,
        mut make: impl FnMut(&mut Bits) -> String,
    ) -> String {
        self.issue(domain, text, |all| all.first_free(domain, text, |bits, _| make(bits)))
    }

    /// The name that is built from the pseudonyms of a name's parts; `None` where the text is none,
    /// or has no part that is long enough for a pseudonym.
    fn name_of_parts(&mut self, private: Private, shape: Shape, text: &str) -> Option<BuiltName> {
        match (private, shape) {
            (Private::Name, Shape::Word | Shape::Hex(_)) => {}
            (Private::Other, Shape::Word) if looks_like_name(text) => {}
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
            let folded = folded(word);
            let case = Case::of(word, &folded);
            if !is_part(word) {
                built.is_exact = false;
                continue;
            }
            built.is_exact &= is_usual && case.is_some();
            if !built.text.is_empty() {
                built.text.push_str(if is_usual { between } else { " " });
            }
            let part = self.part(&folded);
            built.text.push_str(&case.unwrap_or(Case::Title).apply(&part));
        }
        built.is_exact &= end == text.len();
        (!built.text.is_empty()).then_some(built)
    }

    /// What stands for a word of a name.
    fn part(&mut self, folded: &str) -> String {
        self.made(Domain::Part, folded, |bits| bits.syllables(5))
    }

    /// Two people in their order, or a group; `None` where nothing distinguishes the two.
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

    /// What stands for a text in a field of known words: itself if it is one of them, or a number
    /// of few digits that is no original.
    pub(super) fn word(&mut self, known: &[&str], text: &str) -> String {
        let is_small = || Shape::is_small(text) && !self.originals.has(text);
        if known.contains(&text) || is_small() {
            text.to_owned()
        } else {
            self.of(Private::Other, text)
        }
    }

    /// A ringing session's id holds its region, its app and its second.
    fn session(&mut self, text: &str) -> Option<String> {
        let RingingId { region, app, epoch } = RingingId::parse(text)?;
        let (region, app) = (self.word(REGIONS, region), self.of(Private::App, app));
        let epoch = self.shifts.seconds(epoch).unwrap_or(epoch);
        Some(self.first_free(Domain::Text(Private::Session), text, |bits, _| {
            format!("v1.{region}.{app}.{epoch:010}{}", bits.hex(40))
        }))
    }
}

/// A name that is built from the pseudonyms of another's parts.
struct BuiltName {
    text: String,
    /// Whether no other name is built alike.
    is_exact: bool,
}

/// The uids that a conversation's id is made of; `None` where nothing distinguishes them.
pub(super) fn parts_of_conversation(text: &str) -> Option<impl Iterator<Item = &str>> {
    let (one, other) = if let Some(group) = text.strip_prefix(GROUP) {
        (group, None)
    } else {
        let (one, other) = text.split_once(BETWEEN)?;
        if other.contains(BETWEEN) {
            return None;
        }
        (one, Some(other))
    };
    Some(std::iter::once(one).chain(other))
}

/// Whether a text of which nobody knows what it is looks like a name: one word, or a few that begin
/// with capitals.
fn looks_like_name(text: &str) -> bool {
    let case = |word: &str| Case::of(word, &folded(word));
    if text.len() > OTHER_LENGTH {
        return false;
    }
    let mut count = 0;
    let are_titles =
        words(text).inspect(|_| count += 1).all(|(_, word)| case(word) == Some(Case::Title));
    let is_word =
        || words(text).next().is_some_and(|(_, word)| word == text && case(word).is_some());
    (are_titles && (1..=OTHER_WORDS).contains(&count)) || is_word()
}

/// A URL that is one if and only if `text` is.
fn url(text: &str, bits: &mut Bits, attempt: u32) -> String {
    let own = bits.hex(24);
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| attempt == 0 && ENDINGS.contains(ending));
    let ending = ending.map_or_else(String::new, |ending| format!(".{ending}"));
    let host = match text.split_once("://") {
        Some((scheme @ ("http" | "https"), _)) if Form::Url.fault(text).is_none() => {
            // Somebody may be called like a part of what stands for all hosts.
            let schemes = if scheme == "http" { ["http", "https"] } else { ["https", "http"] };
            match attempt {
                0 => format!("{scheme}://redacted.example"),
                1 => format!("{scheme}://{}.{}", bits.syllables(4), bits.syllables(4)),
                _ => format!("{}://{}", schemes[attempt as usize % 2], bits.syllables(7)),
            }
        }
        _ => String::new(),
    };
    format!("{host}/{own}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::redact::walk;

    fn pseudonyms() -> Pseudonyms {
        Pseudonyms::new(b"a key of the tests", &[])
    }

    /// Pseudonyms in a capture in which somebody has this uid.
    fn beside(uid: &str) -> Pseudonyms {
        let mut of = pseudonyms();
        let body = serde_json::json!({"data": {"uid": uid}}).to_string();
        walk::walk(&body, &mut of.originals).expect("an object");
        of
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
        // Ten digits that are no time, and a region that nobody knows.
        let id = format!("v1.lena.239414efb0e4882a.4915112345{}", "a3".repeat(20));
        let session = of.of(Private::Session, &id);
        let parsed = RingingId::parse(&session).expect("a ringing session's id");
        assert!(parsed.region != "lena" && parsed.epoch != 4_915_112_345, "{session}");
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
        for private in [Private::Uid, Private::Name] {
            let name = |at: usize| format!("Ana{} Ruiz{}", at / 150, at % 150);
            let given: HashSet<_> = (0..20_000).map(|at| of.of(private, &name(at))).collect();
            assert_eq!(given.len(), 20_000);
            assert_eq!(of.count(private), 20_000);
        }
    }

    #[test]
    fn a_name_is_built_from_the_pseudonyms_of_its_parts() {
        let mut of = pseudonyms();
        let name = |of: &mut Pseudonyms, name: &str| of.of(Private::Name, name);
        let (ana, ruiz) = (name(&mut of, "Ana"), name(&mut of, "Ruiz"));
        assert_eq!(name(&mut of, "Ana Ruiz"), format!("{ana} {ruiz}"));
        assert_eq!(
            name(&mut of, "RUIZ-ana"),
            format!("{}-{}", ruiz.to_uppercase(), ana.to_lowercase())
        );
        assert_eq!(name(&mut of, "ana_ruiz"), format!("{ana}_{ruiz}").to_lowercase());
        // What nobody knows is called alike where it looks like a name.
        assert_eq!(of.of(Private::Other, "Ana Ruiz"), format!("{ana} {ruiz}"));
        assert_eq!(of.of(Private::Other, "ana"), ana.to_lowercase());
        assert!(!of.of(Private::Other, "ana is late").contains(&ana.to_lowercase()));
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
        let usual = pseudonyms().of(Private::Name, "Lena Okafor");
        let (first, _) = usual.split_once(' ').expect("two words");
        let mut of = beside(&first.to_uppercase());
        let other = of.of(Private::Name, "Lena Okafor");
        assert!(
            !other.contains(first) && other.ends_with(usual.rsplit(' ').next().expect("a word"))
        );
        assert_eq!((of.clashes, pseudonyms().clashes), (1, 0));
        for part in ["https", "redacted", "example", "mp4"] {
            let mut of = beside(part);
            let url = of.of(Private::Url, "https://rec.example/a.mp4");
            assert!(Form::Url.fault(&url).is_none() && !of.originals.is_in(&url), "{url}");
        }
    }
}
