//! The text around a place, as people see it.

use std::borrow::Cow;

use super::place::Encoding;
use super::secret;

/// The most bytes of a line that are shown before a place, and twice as many from it on.
const REACH: usize = 2048;

/// A piece of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// What stands before the place on its line, or the end of it.
    pub before: String,
    /// What stands at the place, as far as it goes on the line.
    pub at: String,
    /// What stands behind it on the line, or the beginning of it.
    pub after: String,
    /// Whether the line has more before `before`.
    pub cut_before: bool,
    /// Whether the place goes on behind `at`; then `after` is empty.
    pub cut_at: bool,
    /// Whether the line has more behind `after`.
    pub cut_after: bool,
}

impl Excerpt {
    /// Whether there is nothing to see.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [&self.before, &self.at, &self.after].iter().all(|part| part.trim().is_empty())
    }
}

/// Text that may be shown.
#[derive(Clone, Copy)]
pub(super) struct ShownText<'t> {
    pub(super) text: &'t str,
    /// Whether nothing is before it.
    pub(super) begins: bool,
    /// Whether nothing is behind it.
    pub(super) ends: bool,
}

impl ShownText<'_> {
    /// The line around the `length` bytes at `at`; `None` where `at` is no place in the text.
    pub(super) fn excerpt(self, at: usize, length: usize) -> Option<Excerpt> {
        let (before, behind) = self.text.split_at_checked(at)?;
        let from = char_boundary(before, before.len().saturating_sub(REACH));
        let to = char_boundary(behind, length.min(REACH) + REACH);
        let (begins, ends) = (self.begins && from == 0, self.ends && to == behind.len());
        let line = Line::around(&before[from..], &behind[..to], begins, ends);
        let [at, after] = line.split(length);
        Some(line.excerpt([last_line(line.before), at, after].map(str::to_owned), length))
    }

    /// The same, what looks like a secret in it covered.
    pub(super) fn covered_excerpt(self, at: usize, length: usize) -> Excerpt {
        let (before, behind) = self.text.split_at_checked(at).unwrap_or((self.text, ""));
        let line = Line::around(before, behind, self.begins, self.ends);
        let [at, after] = line.split(length);
        // The name of a secret may be on the lines before.
        let [before, at, after] = secret::hide_secrets([before, at, after], self.begins);
        line.excerpt([last_line(&before).to_owned(), at, after], length)
    }
}

/// The line of a place.
struct Line<'t> {
    /// What is before the place, on earlier lines too.
    before: &'t str,
    /// From the place to the end of its line.
    behind: &'t str,
    cut_before: bool,
    cut_behind: bool,
}

impl<'t> Line<'t> {
    fn around(before: &'t str, behind: &'t str, begins: bool, ends: bool) -> Self {
        let end = behind.find('\n');
        let line = &behind[..end.unwrap_or(behind.len())];
        Self {
            before,
            behind: line.trim_end_matches('\r'),
            cut_before: !begins && !before.contains('\n'),
            cut_behind: !ends && end.is_none(),
        }
    }

    /// What is at the place and `length` bytes long, and what follows it.
    fn split(&self, length: usize) -> [&'t str; 2] {
        let (at, after) = self.behind.split_at(char_boundary(self.behind, length));
        [at, after]
    }

    fn excerpt(&self, [before, at, after]: [String; 3], length: usize) -> Excerpt {
        let cut_at = self.cut_behind && length > self.behind.len();
        let cut_after = self.cut_behind && !cut_at;
        Excerpt { before, at, after, cut_before: self.cut_before, cut_at, cut_after }
    }
}

/// The first boundary of a character at or behind the byte `at`.
fn char_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

impl Encoding {
    /// Bytes on disk as text; what is none becomes U+FFFD.
    pub(super) fn text(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes),
            Self::Utf16Le => encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0,
            Self::Utf16Be => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, at: usize, length: usize) -> (String, String, String) {
        let shown = ShownText { text, begins: true, ends: true };
        let Excerpt { before, at, after, .. } = shown.excerpt(at, length).expect("a place");
        (before, at, after)
    }

    fn three(before: &str, at: &str, after: &str) -> (String, String, String) {
        (before.into(), at.into(), after.into())
    }

    #[test]
    fn an_excerpt_ends_where_its_line_does() {
        let text = "{\"é\":1,\r\n \"b\":[1,\n2]}\n";
        assert_eq!(excerpt(text, 6, 1), three("{\"é\":", "1", ","));
        assert_eq!(excerpt(text, 15, 6), three(" \"b\":", "[1,", ""));
    }

    #[test]
    fn of_a_long_line_only_what_is_near_the_place_is_shown() {
        let text = "é".repeat(100_000);
        let (before, at, after) = excerpt(&text, 100_000, 4);
        assert!(before.len() <= 2048 && after.len() <= 2 * 2048);
        assert_eq!(at, "éé");
        assert!(before.chars().chain(after.chars()).all(|one| one == 'é'));
    }
}
