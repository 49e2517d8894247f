//! The text around a place, read again for people to see.

use std::borrow::Cow;
use std::io;

use super::place::Encoding;
use super::reread::{Reread, bytes};
use super::source::Sources;
use super::{Place, secret};
use crate::finding::{Finding, SourceId};

/// Bytes that are read before a place, and behind it.
const REACH: u64 = 2048;

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

    /// No more of it than `rest` bytes from the place on.
    fn within(mut self, rest: usize) -> Self {
        if rest < self.at.len() + self.after.len() {
            let behind = rest.saturating_sub(self.at.len());
            truncate(&mut self.after, behind);
            truncate(&mut self.at, rest);
            (self.cut_at, self.cut_after) = (false, false);
        }
        self
    }
}

/// Reads excerpts, best in the order of the sources.
#[derive(Debug)]
pub struct Excerpts<'s> {
    sources: &'s Sources,
    open: Option<(SourceId, Reread)>,
    kept: Option<Reread>,
}

impl<'s> Excerpts<'s> {
    /// Excerpts of `sources`.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Self {
        Self { sources, open: None, kept: None }
    }

    /// What a finding is about, with what stands around it on the line; `None` where that cannot
    /// be read again. Of a webhook, which stands at `body`, nothing is shown but the webhook itself:
    /// its envelope may hold secrets. Elsewhere what looks like one is covered.
    pub fn of(&mut self, finding: &Finding, body: Option<Place>) -> Option<Excerpt> {
        let Some(body) = body else {
            let text = self.source(finding.spot.source)?;
            let (from, length) = (text.bom, u64::from(finding.length.max(1)));
            return excerpt(text, from, finding.spot.byte_offset, length, true).ok();
        };
        let (text, from, offset) = match body.kept {
            Some(kept) => {
                let from = kept.offset().ok()?;
                (self.kept()?, from, from + u64::from(finding.inside))
            }
            None => (self.source(body.source)?, body.byte_offset, finding.spot.byte_offset),
        };
        let rest = body.length.saturating_sub(finding.inside);
        let length = u64::from(finding.length.clamp(1, rest.max(1)));
        Some(excerpt(text, from, offset, length, false).ok()?.within(rest as usize))
    }

    /// Line and column of what follows the value that a finding is about; `None` where it does not
    /// stand in its source as it is, or that cannot be read again.
    pub fn end(&mut self, finding: &Finding, body: Option<Place>) -> Option<(u64, u64)> {
        let start = (finding.spot.line, finding.spot.col);
        let rest = body.map_or(u32::MAX, |body| body.length.saturating_sub(finding.inside));
        let length = finding.length.min(rest);
        if length <= 1 || body.is_some_and(|body| body.kept.is_some()) {
            // A character, perhaps the end of the line.
            return None;
        }
        let text = self.source(finding.spot.source)?;
        let end = text.end(finding.spot, u64::from(length)).ok()?;
        (end > start).then_some(end)
    }

    fn source(&mut self, id: SourceId) -> Option<&mut Reread> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != id) {
            self.open = None;
            self.open = Some((id, Reread::source(self.sources, id).ok()?));
        }
        self.open.as_mut().map(|(_, text)| text)
    }

    /// What is kept of all sources.
    fn kept(&mut self) -> Option<&mut Reread> {
        if self.kept.is_none() {
            self.kept = Reread::kept(self.sources).ok();
        }
        self.kept.as_mut()
    }
}

/// The excerpt at a byte; nothing before the byte `from` belongs to it. What looks like a secret is
/// `covered`.
fn excerpt(
    text: &mut Reread,
    from: u64,
    offset: u64,
    length: u64,
    covered: bool,
) -> io::Result<Excerpt> {
    let encoding = text.encoding;
    let start = offset.saturating_sub(REACH).max(from).min(offset);
    let reach = length.min(REACH) * 2 + REACH;
    let piece = text.piece(start, offset - start + reach)?;
    let (before, behind) = piece.split_at(piece.len().min(bytes(offset - start)));
    let to_end = (behind.len() as u64) < reach;
    let before = encoding.text(begin_whole(before, encoding));
    let behind = encoding.text(encoding.line(behind));
    let has_end = behind.contains('\n');
    // Where reading stopped a character may be cut.
    let line = if to_end || has_end { &behind } else { behind.trim_end_matches('\u{fffd}') };
    let line = line.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let cut_before = start > from && !before.contains('\n');
    let cut = !to_end && !has_end;
    let length = bytes(length);
    let split = (length.min(line.len())..line.len()).find(|at| line.is_char_boundary(*at));
    let (at, after) = line.split_at(split.unwrap_or(line.len()));
    let cut_at = cut && length > line.len();
    let own = |before: &str| before.rsplit('\n').next().unwrap_or_default().to_owned();
    // What names a secret may stand on the lines before.
    let [before, at, after] = if covered {
        let [before, at, after] = secret::covered([&before, at, after], start == from);
        [own(&before), at, after]
    } else {
        [own(&before), at.to_owned(), after.to_owned()]
    };
    Ok(Excerpt { before, at, after, cut_before, cut_at, cut_after: cut && !cut_at })
}

/// Cuts a text to whole characters within `length` bytes.
fn truncate(text: &mut String, length: usize) {
    let whole = (0..=length.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(whole.unwrap_or_default());
}

/// The bytes without the end of a character whose beginning was not read.
fn begin_whole(bytes: &[u8], encoding: Encoding) -> &[u8] {
    let cut = match encoding {
        Encoding::Utf8 => bytes.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count(),
        Encoding::Utf16Le | Encoding::Utf16Be => 0,
    };
    &bytes[cut..]
}

impl Encoding {
    /// The bytes of one line with its end, where that can be told without decoding; else all.
    fn line(self, bytes: &[u8]) -> &[u8] {
        match (self, memchr::memchr(b'\n', bytes)) {
            (Self::Utf8, Some(end)) => &bytes[..=end],
            _ => bytes,
        }
    }

    /// Bytes as they stand on disk, as text; what is none becomes U+FFFD.
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
    use crate::finding::Spot;

    fn excerpt(text: &'static [u8], byte_offset: u64, length: u32) -> (String, String, String) {
        let mut sources = Sources::default();
        let id = sources.add_text("example", text);
        let spot = Spot { byte_offset, ..Spot::top_of(id) };
        let finding = Finding { length, ..Finding::new(&crate::input::rules::NOT_JSON, spot, "") };
        let Excerpt { before, at, after, .. } =
            Excerpts::new(&sources).of(&finding, None).expect("can be read again");
        (before, at, after)
    }

    fn three(before: &str, at: &str, after: &str) -> (String, String, String) {
        (before.into(), at.into(), after.into())
    }

    #[test]
    fn an_excerpt_ends_where_its_line_does() {
        let text = "{\"é\":1,\r\n \"b\":[1,\n2]}\n";
        assert_eq!(excerpt(text.as_bytes(), 6, 1), three("{\"é\":", "1", ","));
        assert_eq!(excerpt(text.as_bytes(), 15, 6), three(" \"b\":", "[1,", ""));
    }

    #[test]
    fn a_mark_at_the_head_belongs_to_no_line() {
        assert_eq!(excerpt(b"\xEF\xBB\xBF{}", 3, 1), three("", "{", "}"));
        assert_eq!(excerpt(b"\xFF\xFE{\x00\xE9\x00}\x00", 4, 2), three("{", "é", "}"));
    }

    #[test]
    fn a_long_line_is_read_around_the_place_alone() {
        let text: &'static [u8] = Box::leak("é".repeat(100_000).into_bytes().into_boxed_slice());
        let (before, at, after) = excerpt(text, 100_000, 4);
        assert!(
            before.len() <= 2048 && after.len() <= 2 * 2048,
            "{} {}",
            before.len(),
            after.len()
        );
        assert_eq!(at, "éé");
        assert!(before.chars().chain(after.chars()).all(|one| one == 'é' || one == '\u{fffd}'));
    }
}
