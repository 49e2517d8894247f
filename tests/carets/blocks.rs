//! Findings as they are drawn for people: a line of the file, and carets below the value.

use std::fmt::{Debug, Write as _};

use unicode_width::UnicodeWidthStr;

use super::carriers::Expected;

/// How findings are to be drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) columns: usize,
    pub(crate) ascii: bool,
}

impl Look {
    fn bar(self) -> &'static str {
        if self.ascii { "|" } else { "│" }
    }

    fn cut(self) -> &'static str {
        if self.ascii { ".." } else { "…" }
    }
}

/// The blocks in which something else is drawn than what is due, in the order of the findings.
pub(crate) fn misdrawn(look: Look, output: &str, expected: &[Expected]) -> Vec<String> {
    let wide = output.lines().find(|line| line.width() > look.columns);
    assert_eq!(wide, None, "a line is wider than {look:?}");
    let blocks: Vec<&str> = output.split_terminator("\n\n").collect();
    assert_eq!(blocks.len(), expected.len(), "a block for each finding");
    let pairs = blocks.into_iter().zip(expected);
    pairs
        .filter_map(|(block, expected)| {
            let why = compare(block, expected, look).err()?;
            Some(format!("{}, {look:?}: {why}\n{block}\n", expected.title))
        })
        .collect()
}

/// Says what of a block is not as it should be.
fn compare(block: &str, expected: &Expected, look: Look) -> Result<(), String> {
    let lines: Vec<&str> = block.lines().collect();
    let title = lines.first().copied().unwrap_or_default();
    same("the rule", title.contains(&format!("[{}] ", expected.rule)), true)?;
    let place = lines.iter().position(|line| line.trim_start().starts_with("--> "));
    let Some([place, blank, quoted, carets, ..]) = place.and_then(|at| lines.get(at..)) else {
        return Err("no line of the file".into());
    };
    let number = expected.line.to_string();
    let gutter = " ".repeat(number.len());
    let pointed = format!("{gutter}--> capture:{number}:{}", expected.col);
    let rest = place.strip_prefix(&pointed).ok_or("the place is another")?;
    same("the place's end", rest.is_empty() || rest.starts_with(' '), true)?;
    let bar = look.bar();
    same("the bar above", *blank, format!("{gutter} {bar}").as_str())?;
    let text = quoted.strip_prefix(&format!("{number} {bar} ")).ok_or("no number of the line")?;
    let carets = carets.strip_prefix(&format!("{gutter} {bar} ")).ok_or("no bar below")?;
    let indent = carets.len() - carets.trim_start_matches(' ').len();
    let marks = &carets[indent..];
    let only_carets = !marks.is_empty() && marks.chars().all(|character| character == '^');
    same("nothing but carets", only_carets, true)?;
    let [before, value, after] = apart(text, indent, marks.len())?;
    let [due_before, due_value, due_after] = expected.parts.clone().map(|part| visible(&part));
    is_value(value, &due_value, look)?;
    let (cut, shown) = (look.cut(), before.trim_start());
    let due = due_before.trim_start();
    let fits = shown.strip_prefix(cut).is_some_and(|end| due.ends_with(end.trim_start()));
    same("what stands before the value", if fits { due } else { shown }, due)?;
    let due = due_after.trim_end();
    let fits = after.strip_suffix(cut).is_some_and(|start| due.starts_with(start));
    // Behind a value that is cut itself there may be no room.
    let fits = fits || after.is_empty() && value.ends_with(cut);
    same("what stands behind the value", if fits { due } else { after }, due)
}

/// The text before the columns, in them and behind.
fn apart(text: &str, from: usize, columns: usize) -> Result<[&str; 3], String> {
    // What takes no column belongs to what stands before it.
    let at = |column: usize| {
        let ends = (0..=text.len()).rev().filter(|at| text.is_char_boundary(*at));
        let found = ends.into_iter().find(|at| text[..*at].width() == column);
        found.ok_or_else(|| format!("no character begins at column {column}"))
    };
    let (start, end) = (at(from)?, at(from + columns)?);
    Ok([&text[..start], &text[start..end], &text[end..]])
}

/// The value is there, whole where it is short.
fn is_value(shown: &str, due: &str, look: Look) -> Result<(), String> {
    let cut = shown.strip_suffix(look.cut()).is_some_and(|start| {
        let long = due.width() > look.columns / 3 && shown.width() >= look.columns / 4;
        long && due.starts_with(start)
    });
    same("the value above the carets", if cut { due } else { shown }, due)
}

fn same<T: Copy + PartialEq + Debug>(what: &str, found: T, due: T) -> Result<(), String> {
    if found == due { Ok(()) } else { Err(format!("{what}: {found:?}, not {due:?}")) }
}

/// A text as it is shown: tabs as blanks, controls written out.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        match character {
            '\t' => shown.push_str("    "),
            '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}' => {
                write!(shown, "\\u{{{:x}}}", u32::from(character)).expect("a string holds all");
            }
            character if character.is_control() => {
                write!(shown, "\\u{{{:x}}}", u32::from(character)).expect("a string holds all");
            }
            character => shown.push(character),
        }
    }
    shown
}
