//! What may be printed and what may not.

use std::fmt::Debug;
use std::process::Command;

use super::terminal::{End, Printed, run};

/// Where the output goes, and whether there is colour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Looks {
    pub(crate) end: End,
    pub(crate) coloured: bool,
}

impl Looks {
    pub(crate) const PIPE: Self = Self { end: End::Pipe, coloured: false };
    pub(crate) const TERMINAL: Self = Self { end: End::Terminal(90), coloured: true };
}

/// Runs a command with both streams where `looks` says.
pub(crate) fn printed(command: Command, looks: Looks) -> Printed {
    run(command, looks.end, looks.end).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Refuses what no stream may hold.
pub(crate) fn is_harmless(printed: &Printed, looks: Looks, what: &dyn Debug) {
    let objections = objections(printed, looks);
    assert!(objections.is_empty(), "{what:?} {looks:?}:\n{}", objections.join("\n"));
}

/// What the streams hold and may not.
pub(crate) fn objections(printed: &Printed, looks: Looks) -> Vec<String> {
    let streams = [("stdout", printed.stdout.as_str()), ("stderr", printed.stderr.as_str())];
    let objection = |(name, text)| Some(format!("{name} has {}", objection(text, looks)?));
    let mut objections: Vec<String> = streams.into_iter().filter_map(objection).collect();
    if !printed.status.is_some_and(|status| (0..=2).contains(&status)) {
        objections.push(format!("it ended with {:?}: {}", printed.status, printed.stderr));
    }
    objections
}

/// The first character that may not be in the text, with what stands before it.
pub(crate) fn objection(text: &str, looks: Looks) -> Option<String> {
    let mut before = '\n';
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let behind = &rest[character.len_utf8()..];
        if character == '\u{1b}'
            && looks.coloured
            && let Some(behind) = behind_style(behind)
        {
            rest = behind;
            continue;
        }
        if !is_harmless_behind(before, character, looks) {
            let from = text[..text.len() - rest.len()].char_indices().rev().nth(40);
            let part = &text[from.map_or(0, |(at, _)| at)..text.len() - behind.len()];
            return Some(format!("U+{:04X} at the end of {part:?}", u32::from(character)));
        }
        (before, rest) = (character, behind);
    }
    None
}

/// What stands behind `[…m`.
fn behind_style(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('[')?;
    digits.trim_start_matches(|one: char| one.is_ascii_digit() || one == ';').strip_prefix('m')
}

fn is_harmless_behind(before: char, character: char, looks: Looks) -> bool {
    match character {
        '\n' => true,
        // Ends right-to-left text where a terminal may turn it.
        '\u{200e}' => looks.end != End::Pipe && is_of_a_rightward_script(before),
        // Turns text, ends lines, or shows nothing.
        '\u{61c}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{ad}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{200b}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}' => false,
        other => !other.is_control(),
    }
}

/// The blocks of the scripts that are written from right to left, Hebrew to Arabic Extended-A,
/// their presentation forms, and those of the supplementary plane.
fn is_of_a_rightward_script(character: char) -> bool {
    matches!(
        character,
        '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

#[test]
fn styling_and_ends_of_lines_alone_are_harmless() {
    let coloured = Looks { end: End::Pipe, coloured: true };
    for text in ["", "a\n", "\u{1b}[31mred\u{1b}[0m\n", "\u{1b}[1;31mred\u{1b}[m", "李雷 أحمد"]
    {
        assert_eq!(objection(text, coloured), None, "{text:?}");
    }
    for text in ["\u{1b}", "\u{1b}[2J", "\u{1b}]0;t", "\r", "\t", "\u{9b}", "\u{202e}", "\u{7}"]
        .into_iter()
        .chain(["An\u{200b}a", "\u{feff}Ana", "An\u{2060}a", "An\u{ad}a", "\u{3164}"])
    {
        assert!(objection(text, coloured).is_some(), "{text:?}");
    }
    assert!(objection("\u{1b}[31m", Looks::PIPE).is_some());
    assert!(objection("א\u{200e}", Looks::PIPE).is_some());
    assert!(objection("a\u{200e}", Looks::TERMINAL).is_some());
    assert_eq!(objection("א\u{200e}", Looks::TERMINAL), None);
}
