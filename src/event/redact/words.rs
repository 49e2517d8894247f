//! The words of a text, and when two spellings are the same word.

use std::borrow::Cow;

/// The words of a text with their offsets: maximal runs of letters and digits of any script.
/// Combining accents belong to their letter.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let begin = rest + text[rest..].find(is_part_of_word)?;
        let word = text[begin..].split(|letter| !is_part_of_word(letter)).next()?;
        rest = begin + word.len();
        Some((begin, word))
    })
}

fn is_part_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || (!letter.is_ascii() && (letter.is_alphanumeric() || is_accent(letter)))
}

/// Whether it is a combining accent, into which changes of case split some letters.
fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// The word without case and combining accents: equal for all spellings that differ only in case,
/// such as `STRASSE` and `straße`.
pub(super) fn fold_case(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    // Upper case first: lower case alone would keep ς apart from σ, and ß from ss.
    let letters = word.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    Cow::Owned(letters.filter(|letter| !is_accent(*letter)).collect())
}

/// Whether a word is long enough to have its own pseudonym as part of a name.
pub(super) fn is_part(word: &str) -> bool {
    has_letters(word, 2, 1)
}

/// Whether a word is long enough to be searched for. Shorter ones occur by chance everywhere.
pub(super) fn is_searched(word: &str) -> bool {
    has_letters(word, 3, 2)
}

/// Whether a word has at least `latin` characters, or `other` of a script that is not Latin.
fn has_letters(word: &str, latin: usize, other: usize) -> bool {
    if word.is_ascii() {
        return word.len() >= latin;
    }
    let count = word.chars().filter(|letter| !is_accent(*letter)).count();
    count >= latin || (count >= other && !word.chars().all(is_latin))
}

/// Whether a letter is of Latin script, or a digit or an accent, which scripts share.
fn is_latin(letter: char) -> bool {
    matches!(letter,
        '\0'..='\u{2af}' | '\u{300}'..='\u{36f}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1eff}'
        | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}'
        | '\u{fb00}'..='\u{fb06}' | '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}'
        | '\u{ff41}'..='\u{ff5a}')
}

/// The case of a word, which its pseudonym gets too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordCase {
    /// A capital and small letters, or letters without case.
    Title,
    Lower,
    Upper,
}

impl WordCase {
    /// The case in which `folded` is `word`; `None` for mixed case.
    pub(super) fn of(word: &str, folded: &str) -> Option<Self> {
        [Self::Title, Self::Lower, Self::Upper].into_iter().find(|case| case.apply(folded) == word)
    }

    pub(super) fn apply(self, folded: &str) -> String {
        match self {
            Self::Lower => folded.to_owned(),
            Self::Upper => folded.to_uppercase(),
            Self::Title => {
                let mut letters = folded.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).map(|(_, word)| word).collect()
    }

    #[test]
    fn words_are_split_at_whatever_is_no_letter_and_no_digit() {
        assert_eq!(split("Ana-Maria O'Neil_2"), ["Ana", "Maria", "O", "Neil", "2"]);
        assert_eq!(split("李娜, Žižkov\u{1f600}अनिल"), ["李娜", "Žižkov", "अनिल"]);
        assert_eq!(split("Zoe\u{308} i\u{307}pek"), ["Zoe\u{308}", "i\u{307}pek"]);
        assert_eq!(split(" _-\u{200b} "), [""; 0]);
        let offsets: Vec<usize> = words("a bé c").map(|(at, _)| at).collect();
        assert_eq!(offsets, [0, 2, 6]);
    }

    #[test]
    fn spellings_that_differ_in_case_fold_to_one_word() {
        for word in ["Ana", "STRASSE", "ΌΣΟΣ", "İpek", "Ǆemal", "ﬁnn", "Ж", "ΐα"] {
            let cases = [word.to_lowercase(), word.to_uppercase()];
            for other in &cases {
                assert_eq!(fold_case(word), fold_case(other), "{word} {other}");
            }
        }
        assert_eq!(fold_case("straße"), fold_case("STRASSE"));
        assert_ne!(fold_case("ana"), fold_case("anna"));
    }

    #[test]
    fn words_of_other_scripts_may_be_shorter() {
        assert!(is_part("Al") && !is_part("J") && is_part("李") && !is_part("é") && !is_part("7"));
        assert!(is_searched("Ana") && !is_searched("Al") && is_searched("李娜"));
        assert!(!is_searched("李") && !is_searched("Zé"));
    }

    #[test]
    fn a_case_is_that_of_the_whole_word() {
        let case = |word: &str| WordCase::of(word, &fold_case(word));
        assert_eq!(case("Ana"), Some(WordCase::Title));
        assert_eq!(case("ana"), Some(WordCase::Lower));
        assert_eq!(case("ANA"), Some(WordCase::Upper));
        assert_eq!(case("李"), Some(WordCase::Title));
        assert_eq!(case("aNa"), None);
        assert_eq!(case("straße"), None);
    }
}
