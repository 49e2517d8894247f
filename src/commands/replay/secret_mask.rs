//! Hides the secrets that a run sends wherever a URL, an answer or an error repeats them.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use anyhow::{Context, Result};

/// Replaces a secret, however long it is.
const COVER: &[u8] = b"[hidden]";

/// Characters of a secret; shorter ones occur in too many words to be hidden.
const SHORTEST: usize = 4;

/// Bytes of the longest escape of a byte, like `&#x000041;`.
const LONGEST_ESCAPE: u64 = 10;

/// The secrets to hide; by default none.
#[derive(Debug, Default)]
pub(super) struct SecretMask {
    secrets: Option<AhoCorasick>,
    /// Bytes of the longest secret.
    longest: u64,
}

impl SecretMask {
    /// # Errors
    /// When the secrets are too long to search for.
    pub(super) fn new(mut secrets: Vec<Vec<u8>>) -> Result<Self> {
        secrets.retain(|secret| String::from_utf8_lossy(secret).chars().count() >= SHORTEST);
        let longest = secrets.iter().map(|secret| secret.len() as u64).max().unwrap_or_default();
        // A DFA takes a thousand times the length of a long secret.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(secrets)
            .context("cannot search for the secrets")?;
        Ok(Self { secrets: (longest > 0).then_some(automaton), longest })
    }

    /// How many bytes after the end of a text must be known to recognise a secret that begins
    /// before the end.
    pub(super) fn lookahead(&self) -> u64 {
        self.longest.saturating_mul(LONGEST_ESCAPE)
    }

    /// The first `length` bytes of a text, with the secrets that begin there hidden.
    pub(super) fn hide_start(&self, text: &[u8], length: usize) -> Vec<u8> {
        let end = length.min(text.len());
        let mut shown = Vec::new();
        let mut at = 0;
        for secret in self.find(text).iter().filter(|secret| secret.start < end) {
            if secret.start >= at {
                shown.extend(&text[at..secret.start]);
                shown.extend(COVER);
            }
            at = at.max(secret.end);
        }
        shown.extend(text.get(at..end).unwrap_or_default());
        shown
    }

    pub(super) fn hide(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.hide_start(text.as_bytes(), text.len())).into_owned()
    }

    /// The ranges of secrets, in order; they may overlap.
    fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let Some(secrets) = &self.secrets else {
            return Vec::new();
        };
        let mut found = Vec::new();
        // Handlers repeat what they got in JSON, in HTML or in a URL.
        for escape in [|_: &[u8]| None, json, percent, html] {
            let (bytes, starts) = unescape(text, escape);
            let matches = secrets.find_overlapping_iter(&bytes);
            found.extend(matches.map(|found| starts[found.start()]..starts[found.end()]));
        }
        found.sort_unstable_by_key(|range: &Range<usize>| range.start);
        found
    }
}

/// Decodes the escape at the start of a text: its bytes and its length; `None` if there is none.
type Unescape = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

/// A text with its escapes decoded, and where each decoded byte, and the end, is in the text.
fn unescape(text: &[u8], escape: Unescape) -> (Vec<u8>, Vec<usize>) {
    let (mut decoded, mut starts, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(byte) = text.get(at) {
        let (bytes, length) = escape(&text[at..]).unwrap_or_else(|| (vec![*byte], 1));
        starts.resize(starts.len() + bytes.len(), at);
        decoded.extend(bytes);
        at += length;
    }
    starts.push(at);
    (decoded, starts)
}

/// `\/`, `\n`, `\u00e4` and the like.
fn json(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (b'\\', escape) = text.split_first()? else { return None };
    let plain = match escape.first()? {
        byte @ (b'"' | b'\\' | b'/') => *byte,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => {
            let unit = |at: usize| {
                let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
                u16::try_from(number(digits, 16)?).ok()
            };
            let units = [unit(0)?, unit(6).unwrap_or_default()];
            let character = char::decode_utf16(units).next()?.ok()?;
            return Some((character.to_string().into_bytes(), 6 * character.len_utf16()));
        }
        _ => return None,
    };
    Some((vec![plain], 2))
}

/// `%2F`.
fn percent(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let code = text.get(1..3).filter(|_| text.first() == Some(&b'%'))?;
    Some((vec![u8::try_from(number(code, 16)?).ok()?], 3))
}

/// `&amp;`, `&#38;`, `&#x26;` and the like.
fn html(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (b'&', rest) = text.split_first()? else { return None };
    let name = &rest[..rest.iter().take(9).position(|byte| *byte == b';')?];
    let character = match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', code @ ..] => char::from_u32(number(code, 16)?)?,
        [b'#', code @ ..] => char::from_u32(number(code, 10)?)?,
        _ => return None,
    };
    Some((character.to_string().into_bytes(), name.len() + 2))
}

/// The value of a text of digits alone.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    let is_number = digits.chars().all(|digit| digit.is_digit(radix));
    u32::from_str_radix(digits, radix).ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mask(secrets: &[&str]) -> SecretMask {
        SecretMask::new(secrets.iter().map(|secret| secret.as_bytes().to_vec()).collect())
            .expect("short secrets")
    }

    #[test]
    fn a_secret_is_hidden_however_an_answer_writes_it() {
        let mask = mask(&["pä\"s/s&1", "eu", "hunter2"]);
        for written in [
            "pä\"s/s&1",
            r#"pä\"s\/s&1"#,
            r"p\u00e4\u0022s/s\u00261",
            "p%C3%A4%22s%2fs%261",
            "pä&quot;s/s&amp;1",
            "p&#228;&#x22;s/s&#38;1",
            "HUNTER2",
        ] {
            assert_eq!(mask.hide(&format!("eu: {written}, {written}!")), "eu: [hidden], [hidden]!");
        }
    }

    #[test]
    fn a_secret_of_fewer_than_four_characters_is_not_hidden() {
        assert_eq!(mask(&["abc", "äöü", ""]).hide("abc äöü"), "abc äöü");
        assert_eq!(mask(&["abcd"]).hide("abcd"), "[hidden]");
        assert_eq!(SecretMask::default().hide("abcd"), "abcd");
    }

    #[test]
    fn secrets_that_overlap_are_hidden_together() {
        let mask = mask(&["abcdef", "defghi", "cdef"]);
        assert_eq!(mask.hide("xabcdefghiy, cdef"), "x[hidden]y, [hidden]");
    }

    #[test]
    fn a_secret_at_the_end_of_a_start_is_hidden_whole() {
        let mask = mask(&["hunter2"]);
        let start =
            |text: &[u8], length| String::from_utf8(mask.hide_start(text, length)).expect("UTF-8");
        assert_eq!(start(b"say hunter2 twice", 6), "say [hidden]");
        assert_eq!(start(b"say hunter2 twice", 4), "say ");
        assert_eq!(start(b"say hunter2 twice", 13), "say [hidden] t");
        assert_eq!(start(b"", 5), "");
    }

    #[test]
    fn escapes_of_characters_beyond_16_bits_are_pairs() {
        let mask = mask(&["a😀bc"]);
        assert_eq!(mask.hide(r"a\ud83d\ude00bc"), "[hidden]");
        assert_eq!(mask.hide(r"a\ud83dbc \ud83d\u0041"), r"a\ud83dbc \ud83d\u0041");
    }

    proptest! {
        #[test]
        fn a_start_shows_everything_but_the_secret(
            secret in "[a-z \"/&%+\\\\äé☎😀]{3,9}[0-9]",
            (before, after) in ("[,;.]{0,12}", "[,;.]{0,12}"),
            length in 0usize..200,
        ) {
            let json = serde_json::to_string(&secret).expect("a text");
            let html = secret.replace('&', "&amp;").replace('"', "&quot;");
            let percent = percent_encoding::utf8_percent_encode(&secret, percent_encoding::NON_ALPHANUMERIC);
            for written in [&secret, &json[1..json.len() - 1], &html, &percent.to_string()] {
                let text = format!("{before}{written}{after}");
                let behind = length.saturating_sub(before.len() + written.len()).min(after.len());
                let expected = if length > before.len() {
                    format!("{before}[hidden]{}", &after[..behind])
                } else {
                    before[..length].to_owned()
                };
                let mask = mask(&[&secret]);
                prop_assert!(mask.lookahead() >= written.len() as u64);
                let shown = mask.hide_start(text.as_bytes(), length);
                prop_assert_eq!(String::from_utf8_lossy(&shown), expected, "{}", text);
            }
        }
    }
}
