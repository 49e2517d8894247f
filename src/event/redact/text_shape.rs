//! The shapes of texts: a pseudonym has the shape of its original, so that readers parse it alike.

use blake3::OutputReader;

use super::number::SMALL;

/// What a text consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextShape {
    /// A whole number in JSON's notation.
    Digits {
        negative: bool,
        length: usize,
    },
    /// This many hexadecimal digits.
    Hex(usize),
    Uuid,
    /// Anything else.
    Word,
}

impl TextShape {
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

    /// Whether a text is a number too short to identify anybody.
    pub(super) fn is_small(text: &str) -> bool {
        let digits = text.strip_prefix('-').unwrap_or(text);
        (1..=SMALL).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The shape of a whole number. The pseudonym of one that fits 64 bits does so too, since
    /// readers parse longer ones as another type, and has at most fifteen digits, which a float
    /// represents exactly.
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

/// Pseudorandom choices.
pub(super) struct RandomBits(pub(super) OutputReader);

impl RandomBits {
    /// A number less than `limit`.
    pub(super) fn below(&mut self, limit: u64) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % limit).unwrap_or_default()
    }

    fn one_of(&mut self, letters: &[u8]) -> char {
        char::from(letters[self.below(letters.len() as u64)])
    }

    /// A text of this shape.
    pub(super) fn text(&mut self, shape: TextShape) -> String {
        match shape {
            TextShape::Digits { negative, length } => {
                let sign = if negative { "-" } else { "" };
                format!("{sign}{}", self.digits(length))
            }
            TextShape::Hex(length) => {
                // Without a digit it would be a word, without a letter a number.
                let is_digit = |byte: u8| byte.is_ascii_digit();
                loop {
                    let hex = self.hex(length);
                    if hex.bytes().any(is_digit) && !hex.bytes().all(is_digit) {
                        return hex;
                    }
                }
            }
            TextShape::Uuid => [8, 4, 4, 4, 12].map(|length| self.hex(length)).join("-"),
            TextShape::Word => self.syllables(7),
        }
    }

    /// A whole number of `length` digits. One of twenty fits `u64`.
    pub(super) fn digits(&mut self, length: usize) -> String {
        let first = if length == 20 { "10".into() } else { self.one_of(b"123456789").to_string() };
        let rest: String = (first.len()..length).map(|_| self.one_of(b"0123456789")).collect();
        first + &rest
    }

    pub(super) fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| self.one_of(b"0123456789abcdef")).collect()
    }

    /// A pronounceable word. Each syllable is one of eighty.
    pub(super) fn syllables(&mut self, count: usize) -> String {
        let syllable = |_| [self.one_of(b"bdfghjklmnprstvz"), self.one_of(b"aeiou")];
        (0..count).flat_map(syllable).collect()
    }

    /// A pronounceable word with a capital.
    pub(super) fn capitalised(&mut self, count: usize) -> String {
        let word = self.syllables(count);
        word[..1].to_ascii_uppercase() + &word[1..]
    }

    /// An invented name.
    pub(super) fn name(&mut self) -> String {
        [self.capitalised(3), self.capitalised(4)].join(" ")
    }
}
