//! A body written anew, with pseudonyms.

use std::borrow::Cow;

use super::number::Number;
use super::pseudonyms::Pseudonyms;
use super::times::is_timestamp;
use super::vocabulary::is_fixed;
use super::walk::{Origin, Role, Visitor, walk};
use crate::event::schema::{Field, Form, Mask, Private, Shape};
use crate::event::trigger::companion_family;

/// `text`, valid JSON, in one line with pseudonyms. `None` where it is no object, or nested too
/// deeply.
pub(super) fn rewritten(text: &str, pseudonyms: &mut Pseudonyms) -> Option<String> {
    let mut rewrite = Rewrite { pseudonyms, out: String::with_capacity(text.len()) };
    walk(text, &mut rewrite)?;
    Some(rewrite.out)
}

struct Rewrite<'w> {
    pseudonyms: &'w mut Pseudonyms,
    out: String,
}

impl Visitor for Rewrite<'_> {
    /// A key that no table has stays if it is that of a new field, and not of somebody in a map of
    /// people.
    fn key(&mut self, key: &str, raw: &str, origin: Origin) {
        let stays = match origin {
            Origin::Documented => true,
            Origin::Unknown => is_plain(key) && !self.hides_original(key),
            Origin::Elsewhere => false,
        };
        if stays {
            self.out.push_str(raw);
        } else {
            let key = self.pseudonyms.of(Private::Other, key);
            self.quote(&key);
        }
    }

    fn text(&mut self, text: &str, raw: &str, role: Role) {
        let other = match role.field {
            Some(field) => self.at_field(field, text, role.private),
            None => Cow::Owned(self.pseudonyms.of(role.private, text)),
        };
        // What stays is spelled as it was.
        if other == text {
            self.out.push_str(raw);
        } else {
            self.quote(&other);
        }
    }

    fn number(&mut self, raw: &str, role: Role) {
        let other = self.other_number(raw, role);
        self.out.push_str(&other);
    }

    fn token(&mut self, token: &str) {
        self.out.push_str(token);
    }
}

impl Rewrite<'_> {
    fn at_field<'t>(&mut self, field: &Field, text: &'t str, private: Private) -> Cow<'t, str> {
        if is_fixed(field, text) {
            return Cow::Borrowed(text);
        }
        let (known, is_date): (&[&str], _) = match (field.shape, field.mask) {
            (Shape::Time(_) | Shape::Span(_), _) => {
                if let Some(number) = self.pseudonyms.time(field.shape, text, true) {
                    return Cow::Owned(number);
                }
                (&[], true)
            }
            (Shape::Text(Form::Date), _) => {
                if let Some(date) = self.pseudonyms.date(text) {
                    return Cow::Owned(date);
                }
                (&[], true)
            }
            (_, Mask::Trigger) => {
                if let Some((family, rest)) = companion_family(text) {
                    return Cow::Owned(family.to_owned() + &self.pseudonyms.of(private, rest));
                }
                (&[], false)
            }
            (_, Mask::Word(known)) => (known, false),
            (_, Mask::Version) => (&[], false),
            _ => return Cow::Owned(self.pseudonyms.of(private, text)),
        };
        if is_date && is_timestamp(text) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(if is_date {
            self.pseudonyms.of(private, text)
        } else {
            self.pseudonyms.word(known, text)
        })
    }

    fn other_number(&mut self, raw: &str, role: Role) -> String {
        let number = Number::new(raw);
        if let Some(field) = role.field {
            match (field.shape, field.mask) {
                (Shape::Time(_) | Shape::Span(_), _) => {
                    if let Some(other) = self.pseudonyms.time(field.shape, raw, false) {
                        return other;
                    }
                }
                (_, Mask::Counter) if number.is_count() && is_fixed(field, &number.value) => {
                    return number.plain().into_owned();
                }
                (_, Mask::Counter) => return self.pseudonyms.number(Private::Other, &number),
                _ => {}
            }
        }
        let is_original =
            || self.pseudonyms.originals.has(&number.value) || self.pseudonyms.originals.has(raw);
        if role.private == Private::Other && number.is_small && !is_original() {
            return number.plain().into_owned();
        }
        self.pseudonyms.number(role.private, &number)
    }

    /// Whether a key has an original in it, also where its words are told apart by capitals alone,
    /// or where it is encoded.
    fn hides_original(&self, key: &str) -> bool {
        let originals = &self.pseudonyms.originals;
        originals.has(key)
            || originals.has(&with_spaces(key))
            || decoded(key).any(|decoded| originals.has(&decoded))
    }

    fn quote(&mut self, text: &str) {
        // A string can be written.
        self.out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

/// Whether a key is one that a program has chosen: small letters, perhaps with capitals or low lines
/// between words, and few digits.
fn is_plain(key: &str) -> bool {
    const LONGEST: usize = 32;
    let bytes = key.as_bytes();
    key.len() <= LONGEST
        && bytes.first().is_some_and(|byte| byte.is_ascii_lowercase() || *byte == b'_')
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && !bytes.windows(2).any(|two| two.iter().all(u8::is_ascii_uppercase))
        && bytes.iter().filter(|byte| byte.is_ascii_digit()).count() < 4
}

/// A key with a space before each capital that follows a small letter.
fn with_spaces(key: &str) -> String {
    let mut before = ' ';
    let mut spaced = String::with_capacity(key.len());
    for letter in key.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(letter);
        before = letter;
    }
    spaced
}

/// The texts that a key is an encoding of: base64, or hexadecimal digits.
fn decoded(key: &str) -> impl Iterator<Item = String> {
    use base64::Engine;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let base64 = GeneralPurpose::new(&base64::alphabet::URL_SAFE, CONFIG).decode(key).ok();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let hex: Option<Vec<u8>> = key.as_bytes().chunks(2).map(byte).collect();
    base64.into_iter().chain(hex).filter_map(|bytes| String::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_new_fields_are_known_by_their_form() {
        for key in ["phone", "is_muted", "displayName", "_id", "ipv6", "x"] {
            assert!(is_plain(key), "{key}");
        }
        for key in ["Lena", "lena okafor", "49151", "cXVpeG8", "a-b", "", "zo\u{eb}", "u1234"] {
            assert!(!is_plain(key), "{key}");
        }
    }

    #[test]
    fn a_key_does_not_hide_an_original() {
        let mut of = Pseudonyms::new(b"a key of the tests", &[]);
        walk(r#"{"data":{"name":"Lena Okafor"}}"#, &mut of.originals).expect("an object");
        let written = |key: &str, of: &mut Pseudonyms| {
            rewritten(&format!(r#"{{"data":{{"{key}":1}}}}"#), of).expect("an object")
        };
        for key in ["lena", "is_lena", "isLena", "bGVuYQ", "lenaOkafor"] {
            assert!(!written(key, &mut of).contains(key), "{key}");
        }
        assert!(decoded("6f6b61666f72").any(|text| text == "okafor"));
        for key in ["lenas", "phone", "isPhone"] {
            assert!(written(key, &mut of).contains(key), "{key}");
        }
    }
}
