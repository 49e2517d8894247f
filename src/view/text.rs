//! Text from strangers, made fit to be shown.
//!
//! Names, ids, URLs, file names and excerpts may hold anything. Every human format passes them
//! through [`shown`], JSON through [`Hardened`].

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use serde_json::ser::{CompactFormatter, Formatter};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Whether a character moves the cursor, the line or the reading direction.
fn is_control(character: char) -> bool {
    character.is_control() || is_hidden(character)
}

/// Line separators, bidirectional controls, and letters that show nothing: with one of those two
/// names look the same. U+200C and U+200D, variation selectors and tags are not among them: scripts
/// and emoji are written with them.
fn is_hidden(character: char) -> bool {
    matches!(
        character,
        // Soft hyphen.
        '\u{ad}'
            | '\u{61c}'
            // Hangul fillers.
            | '\u{115f}'
            | '\u{1160}'
            | '\u{3164}'
            | '\u{ffa0}'
            // Zero-width space.
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            // Word joiner, invisible operators, isolates, deprecated format characters.
            | '\u{2060}'..='\u{206f}'
            // Byte order mark, marks of annotations.
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// Whether all bytes are printable ASCII: each is shown as it is, in a column of its own. Without a way
/// out on the way, many bytes are looked at in one step.
pub(super) fn is_plain(text: &[u8]) -> bool {
    text.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// The text with every control character written as `\u{1b}`.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if is_plain(text.as_bytes()) || !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_control(character) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character belongs to a script that is written from right to left.
pub(super) fn is_rightward(character: char) -> bool {
    matches!(
        character,
        '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

/// Columns that the text takes on a terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    if is_plain(text.as_bytes()) { text.len() } else { text.width() }
}

/// Columns that the text takes; of one that takes more than `room` only that it does, so that a
/// long text is not measured to its end.
pub(super) fn width_within(text: &str, room: usize) -> usize {
    if head(text, room.saturating_add(1)).is_some() {
        return room + 1;
    }
    let likely = text.char_indices().nth(2 * room + 64).map_or(text.len(), |(at, _)| at);
    match width(&text[..likely]) {
        taken if taken > room || likely == text.len() => taken,
        _ => width(text),
    }
}

/// Which part of a text that is too long goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The end.
    End,
    /// The middle: ids are told apart by both ends.
    Middle,
    /// The beginning: of a place the file's name and the line tell most.
    Start,
}

/// The text in at most `room` columns, with the glyph `cut` where something went.
#[must_use]
pub fn fit<'t>(text: &'t str, room: usize, cut: Cut, glyph: &str) -> Cow<'t, str> {
    if width_within(text, room) <= room {
        return Cow::Borrowed(text);
    }
    let Some(room) = room.checked_sub(width(glyph)) else {
        return Cow::Borrowed("");
    };
    let tail_room = match cut {
        Cut::End => 0,
        Cut::Middle => room / 2,
        Cut::Start => room,
    };
    let tail =
        tail(text, tail_room).unwrap_or_else(|| taken(text.graphemes(true).rev(), tail_room));
    Cow::Owned([beginning(text, room - tail_room), glyph, &text[text.len() - tail..]].concat())
}

/// As much of the beginning of a text as fits into `room` columns.
pub(super) fn beginning(text: &str, room: usize) -> &str {
    &text[..head(text, room).unwrap_or_else(|| taken(text.graphemes(true), room))]
}

/// Bytes of the beginning that fills `room` columns, where that needs no measuring: what follows it is
/// looked at too, for a mark would be drawn on the last character.
fn head(text: &str, room: usize) -> Option<usize> {
    text.as_bytes().get(..=room).filter(|head| is_plain(head)).map(|_| room)
}

/// Likewise of the end: what precedes it may be drawn together with the first character.
fn tail(text: &str, room: usize) -> Option<usize> {
    let before = text.len().checked_sub(room)?.checked_sub(1)?;
    is_plain(&text.as_bytes()[before..]).then_some(room)
}

/// Bytes of the graphemes that fit into `room` columns.
fn taken<'t>(graphemes: impl Iterator<Item = &'t str>, room: usize) -> usize {
    if room == 0 {
        // Not even what takes no room: a mark would stand on its neighbour.
        return 0;
    }
    let mut left = room;
    graphemes
        .map_while(|grapheme| {
            left = left.checked_sub(width(grapheme))?;
            Some(grapheme.len())
        })
        .sum()
}

/// Compact JSON in which DEL, C1, line separators, bidirectional controls and invisible letters are
/// escaped too.
#[derive(Debug, Default)]
pub struct Hardened(CompactFormatter);

impl Formatter for Hardened {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Without a way out on the way, many bytes are looked at in one step.
        if fragment.bytes().fold(0, u8::max) < 0x7f {
            return self.0.write_string_fragment(writer, fragment);
        }
        let mut rest = fragment;
        while let Some((at, character)) = rest.char_indices().find(|(_, found)| is_control(*found))
        {
            self.0.write_string_fragment(writer, &rest[..at])?;
            write!(writer, "\\u{:04x}", u32::from(character))?;
            rest = &rest[at + character.len_utf8()..];
        }
        self.0.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_written_out() {
        assert_eq!(shown("a\u{1b}[2J\u{85}\u{202e}b"), "a\\u{1b}[2J\\u{85}\\u{202e}b");
        assert!(matches!(shown("Zoë 李雷"), Cow::Borrowed(_)));
    }

    #[test]
    fn invisible_letters_are_written_out_but_for_those_that_scripts_and_emoji_need() {
        let shows_nothing =
            "\u{ad}\u{115f}\u{200b}\u{2060}\u{2064}\u{206f}\u{3164}\u{feff}\u{ffa0}";
        for letter in shows_nothing.chars() {
            let written = format!("An\\u{{{:x}}}a", u32::from(letter));
            assert_eq!(shown(&format!("An{letter}a")), written);
        }
        for name in ["می\u{200c}خواهم", "क्\u{200d}ष", "👩\u{200d}👧", "❤\u{fe0f}", "葛\u{e0100}"]
        {
            assert_eq!(shown(name), name);
        }
    }

    #[test]
    fn a_cut_text_is_never_wider_than_its_room() {
        for text in ["plain ascii text", "李雷李雷李雷", "👩‍👩‍👧‍👦 family", "e\u{301}e\u{301}e\u{301}"]
        {
            for room in 0..20 {
                for cut in [Cut::End, Cut::Middle, Cut::Start] {
                    for glyph in ["…", ".."] {
                        assert!(width(&fit(text, room, cut, glyph)) <= room, "{text} in {room}");
                    }
                }
            }
        }
        assert_eq!(fit("v1.us.239414a3f0", 11, Cut::Middle, "…"), "v1.us…4a3f0");
        assert_eq!(fit("captures/a.ndjson:12", 11, Cut::Start, "…"), "….ndjson:12");
    }

    #[test]
    fn what_is_told_without_measuring_is_what_measuring_tells() {
        let marked = ["ab\u{301}cdef", "1\u{fe0f}\u{20e3}abcd", "abcd\u{600}1234", "a=\u{338}=="];
        for text in ["plain ascii text", "", "李a雷bcdef"].into_iter().chain(marked) {
            assert_eq!(width(text), text.width(), "{text}");
            for room in 0..20 {
                let begins = taken(text.graphemes(true), room);
                let ends = taken(text.graphemes(true).rev(), room);
                assert!(head(text, room).is_none_or(|head| head == begins), "{text} in {room}");
                assert!(tail(text, room).is_none_or(|tail| tail == ends), "{text} in {room}");
                let least = |width: usize| width.min(room + 1);
                assert_eq!(
                    least(width_within(text, room)),
                    least(text.width()),
                    "{text} in {room}"
                );
            }
        }
    }

    #[test]
    fn hardened_json_has_no_control_byte_and_reads_back() {
        let text = "\u{7f}\u{9b}\u{2028}\u{202e}\u{1b}\u{ad}\u{200b}\u{feff}é\"\\";
        let mut out = Vec::new();
        let mut json = serde_json::Serializer::with_formatter(&mut out, Hardened::default());
        serde::Serialize::serialize(text, &mut json).expect("writes");
        let out = String::from_utf8(out).expect("UTF-8");
        assert!(!out.contains(is_control), "{out}");
        assert_eq!(serde_json::from_str::<String>(&out).expect("reads"), text);
    }
}
