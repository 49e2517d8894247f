//! What a pseudonym looks like: much like what it stands for.

use blake3::OutputReader;

use super::number::SMALL;

/// What a text is made of, as far as its pseudonym is made alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A whole number, as JSON would write it: so many digits, perhaps behind a dash.
    Digits { negative: bool, length: usize },
    /// So many hexadecimal digits.
    Hex(usize),
    /// Those of a UUID.
    Uuid,
    /// Anything else becomes a word.
    Word,
}

impl Shape {
    pub(super) fn of(text: &str) -> Self {
        let is_hex =
            |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let dashes = text.bytes().enumerate().filter(|(_, byte)| *byte == b'-').map(|(at, _)| at);
        if let Some(digits) = Self::digits(text) {
            return digits;
        }
        if text.len() == 36 && dashes.eq([8, 13, 18, 23]) && is_hex(&text.replace('-', "")) {
            return Self::Uuid;
        }
        if is_hex(text) && text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Self::Hex(text.len().clamp(12, 64));
        }
        Self::Word
    }

    /// Whether it is a number of few digits.
    pub(super) fn is_small(text: &str) -> bool {
        let digits = text.strip_prefix('-').unwrap_or(text);
        (1..=SMALL).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The shape of a text that may stand for a number. What fits 64 bits has a pseudonym that does
    /// so too, for a longer one is read as a number of another kind; and it has no more than fifteen
    /// digits, which are the same number whether or not it is written with a fraction.
    fn digits(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let length = match text.parse::<i64>() {
            Ok(_) => digits.len().clamp(12, 15),
            Err(_) => digits.len().clamp(20, 38),
        };
        Some(Self::Digits { negative: text != digits, length })
    }
}

/// A stream of bits that look random.
pub(super) struct Bits(pub(super) OutputReader);

impl Bits {
    /// A number from 0 to `many` - 1.
    pub(super) fn below(&mut self, many: u64) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % many).unwrap_or_default()
    }

    fn of(&mut self, letters: &[u8]) -> char {
        char::from(letters[self.below(letters.len() as u64)])
    }

    /// A text of this shape.
    pub(super) fn text(&mut self, shape: Shape) -> String {
        match shape {
            Shape::Digits { negative, length } => {
                let sign = if negative { "-" } else { "" };
                format!("{sign}{}", self.digits(length))
            }
            Shape::Hex(length) => {
                let mut hex = self.hex(length);
                // Without a digit it were a word, without a letter a number.
                while Self::is_word_or_number(&hex) {
                    hex = self.hex(length);
                }
                hex
            }
            Shape::Uuid => [8, 4, 4, 4, 12].map(|length| self.hex(length)).join("-"),
            Shape::Word => self.syllables(7),
        }
    }

    fn is_word_or_number(hex: &str) -> bool {
        let is_digit = |byte: u8| byte.is_ascii_digit();
        hex.bytes().all(is_digit) || !hex.bytes().any(is_digit)
    }

    /// A number of so many digits. One of twenty, too great for 63 bits, fits 64.
    pub(super) fn digits(&mut self, length: usize) -> String {
        let first = if length == 20 { "10".into() } else { self.of(b"123456789").to_string() };
        let rest: String = (first.len()..length).map(|_| self.of(b"0123456789")).collect();
        first + &rest
    }

    pub(super) fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| self.of(b"0123456789abcdef")).collect()
    }

    /// A word that can be spoken; each syllable is one of eighty.
    pub(super) fn syllables(&mut self, count: usize) -> String {
        let syllable = |_| [self.of(b"bdfghjklmnprstvz"), self.of(b"aeiou")];
        (0..count).flat_map(syllable).collect()
    }

    /// The same with a capital.
    pub(super) fn capitalised(&mut self, count: usize) -> String {
        let word = self.syllables(count);
        word[..1].to_ascii_uppercase() + &word[1..]
    }

    /// What looks like the name of a person, and is nobody's.
    pub(super) fn name(&mut self) -> String {
        [self.capitalised(3), self.capitalised(4)].join(" ")
    }
}
