//! Writes a body again, with pseudonyms.

use std::borrow::Cow;

use super::number::JsonNumber;
use super::pseudonyms::Pseudonyms;
use super::times::is_timestamp;
use super::vocabulary::is_fixed;
use super::walk::{BodyVisitor, FieldRole, KeyOrigin, walk};
use crate::event::schema::{Field, Form, Mask, Private, Shape};
use crate::event::trigger::companion_family;

/// Rewrites `text`, which must be valid JSON, on one line with pseudonyms. `None` if it is not an
/// object, or nested too deeply.
pub(super) fn rewrite_body(text: &str, pseudonyms: &mut Pseudonyms) -> Option<String> {
    let mut rewriter = BodyRewriter { pseudonyms, out: String::with_capacity(text.len()) };
    walk(text, &mut rewriter)?;
    Some(rewriter.out)
}

struct BodyRewriter<'w> {
    pseudonyms: &'w mut Pseudonyms,
    out: String,
}

impl BodyVisitor for BodyRewriter<'_> {
    /// Keeps documented keys, and unknown keys that look like those of a new field. In a map of
    /// people, keys are names.
    fn key(&mut self, key: &str, raw: &str, origin: KeyOrigin) {
        let stays = match origin {
            KeyOrigin::Documented => true,
            KeyOrigin::Unknown => is_identifier(key) && !self.hides_original(key),
            KeyOrigin::Elsewhere => false,
        };
        if stays {
            self.out.push_str(raw);
        } else {
            let key = self.pseudonyms.replace(Private::Other, key);
            self.quote(&key);
        }
    }

    fn text(&mut self, text: &str, raw: &str, role: FieldRole) {
        let replaced = match role.field {
            Some(field) => self.replace_text(field, text, role.private),
            None => Cow::Owned(self.pseudonyms.replace(role.private, text)),
        };
        // A text that stays keeps its escapes.
        if replaced == text {
            self.out.push_str(raw);
        } else {
            self.quote(&replaced);
        }
    }

    fn number(&mut self, raw: &str, role: FieldRole) {
        let number = self.replace_number(raw, role);
        self.out.push_str(&number);
    }

    fn token(&mut self, token: &str) {
        self.out.push_str(token);
    }
}

impl BodyRewriter<'_> {
    fn replace_text<'t>(&mut self, field: &Field, text: &'t str, private: Private) -> Cow<'t, str> {
        if is_fixed(field, text) {
            return Cow::Borrowed(text);
        }
        let all = &mut *self.pseudonyms;
        let date = match (field.shape, field.mask) {
            (Shape::Time(_) | Shape::Span(_), _) => all.time(field.shape, text, true),
            (Shape::Text(Form::Date), _) => all.date(text),
            (_, Mask::Word(known)) => return Cow::Owned(all.word(known, text)),
            (_, Mask::Version) => return Cow::Owned(all.word(&[], text)),
            (_, Mask::Trigger) => {
                return Cow::Owned(match companion_family(text) {
                    Some((family, rest)) => family.to_owned() + &all.replace(private, rest),
                    None => all.word(&[], text),
                });
            }
            (_, Mask::Private(_) | Mask::Counter) => {
                return Cow::Owned(all.replace(private, text));
            }
        };
        match date {
            Some(date) => Cow::Owned(date),
            None if is_timestamp(text) => Cow::Borrowed(text),
            None => Cow::Owned(all.replace(private, text)),
        }
    }

    fn replace_number(&mut self, raw: &str, role: FieldRole) -> String {
        let number = JsonNumber::new(raw);
        if let Some(field) = role.field {
            match (field.shape, field.mask) {
                (Shape::Time(_) | Shape::Span(_), _) => {
                    if let Some(number) = self.pseudonyms.time(field.shape, raw, false) {
                        return number;
                    }
                }
                (_, Mask::Counter) if number.is_count() && is_fixed(field, &number.value) => {
                    return number.normalized().into_owned();
                }
                (_, Mask::Counter) => {
                    return self.pseudonyms.replace_number(Private::Other, &number);
                }
                _ => {}
            }
        }
        let originals = &self.pseudonyms.originals;
        let is_original = || originals.matches(&number.value) || originals.matches(raw);
        if role.private == Private::Other && number.is_small && !is_original() {
            return number.normalized().into_owned();
        }
        self.pseudonyms.replace_number(role.private, &number)
    }

    /// Whether a key holds an original, also in camel case or encoded.
    fn hides_original(&self, key: &str) -> bool {
        let originals = &self.pseudonyms.originals;
        originals.matches(key)
            || originals.matches(&split_camel_case(key))
            || decoded(key).any(|decoded| originals.matches(&decoded))
    }

    fn quote(&mut self, text: &str) {
        // Serializing a string cannot fail.
        self.out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

/// Whether a key looks like an identifier in a program: camel or snake case, with few digits.
fn is_identifier(key: &str) -> bool {
    const LONGEST: usize = 32;
    let bytes = key.as_bytes();
    key.len() <= LONGEST
        && bytes.first().is_some_and(|byte| byte.is_ascii_lowercase() || *byte == b'_')
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && !bytes.windows(2).any(|two| two.iter().all(u8::is_ascii_uppercase))
        && bytes.iter().filter(|byte| byte.is_ascii_digit()).count() < 4
}

/// A key with a space before each capital that follows a small letter.
fn split_camel_case(key: &str) -> String {
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

/// The texts that a key encodes as base64 or as hexadecimal digits.
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
            assert!(is_identifier(key), "{key}");
        }
        for key in ["Lena", "lena okafor", "49151", "cXVpeG8", "a-b", "", "zo\u{eb}", "u1234"] {
            assert!(!is_identifier(key), "{key}");
        }
    }

    #[test]
    fn a_key_does_not_hide_an_original() {
        let mut of = Pseudonyms::new(b"a key of the tests", &[]);
        walk(r#"{"data":{"name":"Lena Okafor"}}"#, &mut of.originals).expect("an object");
        let written = |key: &str, of: &mut Pseudonyms| {
            rewrite_body(&format!(r#"{{"data":{{"{key}":1}}}}"#), of).expect("an object")
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
