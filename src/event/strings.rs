//! Strings met in a capture, each kept once.

use std::num::NonZeroU32;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use xxhash_rust::xxh3::xxh3_64;

/// A string of a [`Strings`]. Two are equal when their strings are; their order means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(NonZeroU32);

/// The strings themselves, one behind another.
#[derive(Debug, Default)]
pub struct Strings {
    /// Each string behind its length, see [`push_length`], and from a multiple of [`STEP`] on.
    text: String,
    table: HashTable<Met>,
}

/// A string that was met.
#[derive(Clone, Copy, Debug)]
struct Met {
    hash: u32,
    sym: Sym,
}

/// A symbol counts so many bytes: 32 GiB of strings have one each.
const STEP: usize = 8;

/// So many strings are looked for at once where many are: memory takes long to say where they are,
/// and answers several at a time.
const AT_ONCE: usize = 64;

impl Sym {
    /// The symbol as a number: the greater, the later it was given out.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.get()
    }

    /// Where the string and its length begin.
    fn at(self) -> usize {
        (self.0.get() as usize - 1) * STEP
    }

    /// That of what begins at `at`. There is none past 32 GiB, which do not fit in memory: all of
    /// them are one.
    fn of(at: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(u32::try_from(at / STEP).unwrap_or(0)))
    }
}

impl Strings {
    /// The symbol of `string`.
    pub fn intern(&mut self, string: &str) -> Sym {
        self.intern_hashed(string, hash(string))
    }

    fn intern_hashed(&mut self, string: &str, hash: u32) -> Sym {
        let Self { text, table } = self;
        let entry = table.entry(
            spread(hash),
            |met| met.hash == hash && slice(text, met.sym.at()) == string,
            |met| spread(met.hash),
        );
        match entry {
            Entry::Occupied(entry) => entry.get().sym,
            Entry::Vacant(entry) => {
                let sym = Sym::of(text.len());
                entry.insert(Met { hash, sym });
                push(text, string);
                sym
            }
        }
    }

    /// The symbol of `string`, which is `guess` more often than not; that is moved on.
    pub(super) fn intern_again(&mut self, string: &str, guess: &mut Option<Sym>) -> Sym {
        match *guess {
            Some(sym) if self.get(sym) == string => sym,
            _ => *guess.insert(self.intern(string)),
        }
    }

    /// A symbol behind all that were given out.
    #[must_use]
    pub fn end(&self) -> Sym {
        Sym::of(self.text.len())
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes over all strings of another table.
    pub(super) fn join(&mut self, other: &Self) -> Moved {
        // Where no string begins stands any symbol.
        let mut syms = vec![Sym::of(0); other.text.len().div_ceil(STEP)];
        let mut strings = other.all();
        let mut some = Vec::with_capacity(AT_ONCE);
        loop {
            some.extend(strings.by_ref().take(AT_ONCE).map(|(at, string)| {
                let hash = hash(string);
                (at, string, hash, self.likely(hash))
            }));
            if some.is_empty() {
                return Moved(syms);
            }
            for (at, string, hash, likely) in some.drain(..) {
                let known = likely.filter(|sym| self.get(*sym) == string);
                syms[at / STEP] = known.unwrap_or_else(|| self.intern_hashed(string, hash));
            }
        }
    }

    /// The symbol of a string of this hash, if there is one: mostly it is the only one.
    fn likely(&self, hash: u32) -> Option<Sym> {
        let met = self.table.find(spread(hash), |met| met.hash == hash);
        met.map(|met| met.sym)
    }

    /// All strings, and where each begins.
    fn all(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let at = next;
            (at < self.text.len()).then(|| {
                let string = slice(&self.text, at);
                next = (at + length_at(&self.text, at).1 + string.len()).next_multiple_of(STEP);
                (at, string)
            })
        })
    }

    /// The string of a symbol that this table gave out.
    #[must_use]
    pub fn get(&self, sym: Sym) -> &str {
        slice(&self.text, sym.at())
    }
}

/// Which symbols the strings of a table have in another.
pub(super) struct Moved(Vec<Sym>);

impl Moved {
    /// The symbol there of one here.
    pub(super) fn of(&self, sym: Sym) -> Sym {
        self.0[sym.at() / STEP]
    }
}

#[expect(clippy::cast_possible_truncation, reason = "half of a hash is one")]
fn hash(string: &str) -> u32 {
    xxh3_64(string.as_bytes()) as u32
}

/// The table looks at both ends of a hash.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn push(text: &mut String, string: &str) {
    push_length(text, string.len());
    text.push_str(string);
    while !text.len().is_multiple_of(STEP) {
        text.push(' ');
    }
}

/// Digits of a length: six bits each, the lowest first, and a seventh where more follow. So they are
/// ASCII, and the text stays one.
const DIGIT: usize = 6;
const MORE: u8 = 1 << DIGIT;

fn push_length(text: &mut String, mut length: usize) {
    loop {
        let [lowest, ..] = length.to_le_bytes();
        let digit = lowest & (MORE - 1);
        length >>= DIGIT;
        if length == 0 {
            return text.push(char::from(digit));
        }
        text.push(char::from(digit | MORE));
    }
}

/// The length that stands at `at`, and how many bytes it takes itself.
fn length_at(text: &str, at: usize) -> (usize, usize) {
    let (mut length, mut digits) = (0, 0);
    for byte in &text.as_bytes()[at..] {
        length |= usize::from(byte & (MORE - 1)) << (DIGIT * digits);
        digits += 1;
        if byte & MORE == 0 {
            break;
        }
    }
    (length, digits)
}

fn slice(text: &str, at: usize) -> &str {
    let (length, digits) = length_at(text, at);
    &text[at + digits..at + digits + length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_one_symbol() {
        let mut strings = Strings::default();
        let words: Vec<_> = (0..1000).map(|n| format!("name {}", n % 100)).collect();
        let syms: Vec<_> = words.iter().map(|word| strings.intern(word)).collect();
        for (word, sym) in words.iter().zip(&syms) {
            assert_eq!(strings.get(*sym), word);
            assert_eq!(strings.intern(word), *sym);
        }
        assert_eq!(strings.table.len(), 100);
        let empty = strings.intern("");
        assert_eq!(strings.get(empty), "");
    }

    #[test]
    fn strings_of_any_length_are_kept_and_join_another_table() {
        let words: Vec<_> = [0, 1, 6, 7, 8, 62, 63, 64, 65, 4095, 4096, 300_000]
            .into_iter()
            .map(|length| "é".repeat(length))
            .collect();
        let mut strings = Strings::default();
        let syms: Vec<_> = words.iter().map(|word| strings.intern(word)).collect();
        let mut other = Strings::default();
        other.intern("something else");
        other.intern(&words[3]);
        let moved = other.join(&strings);
        for (word, sym) in words.iter().zip(syms) {
            assert_eq!((strings.get(sym), other.get(moved.of(sym))), (&**word, &**word));
            assert_eq!(other.intern(word), moved.of(sym));
        }
    }

    #[test]
    fn a_guess_is_never_taken_for_another_string() {
        let (mut strings, mut guess) = (Strings::default(), None);
        for word in ["eu", "eu", "us", "eu", "", ""] {
            let sym = strings.intern_again(word, &mut guess);
            assert_eq!((strings.get(sym), guess), (word, Some(sym)));
        }
    }
}
