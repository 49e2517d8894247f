//! The characters that drawings are made of: one set in Unicode, one in ASCII.

use crate::flow::Outcome;

/// What stands for what. Each is one column wide but for `cut` and `arrow`.
#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Where something of a text went.
    pub cut: &'static str,
    /// From one to the other.
    pub arrow: &'static str,
    /// Between words of a heading.
    pub dot: &'static str,
    /// So many times.
    pub times: &'static str,
    /// Fills a heading up to its time.
    pub rule: &'static str,
    /// A call that took place.
    pub call: &'static str,
    /// A call that goes on.
    pub ongoing: &'static str,
    /// A call that nobody took.
    pub missed: &'static str,
    /// A webhook that was not captured.
    pub lost: &'static str,
    /// Joined by inference.
    pub guess: &'static str,
    /// Somebody is in the call.
    pub stay: &'static str,
    /// Somebody joined.
    pub joined: &'static str,
    /// Somebody left.
    pub left: &'static str,
    /// A stay that is no wider than a column.
    pub short: &'static str,
    /// No end is known.
    pub open: &'static str,
    /// It rings, and the ring begins and ends.
    pub ring: [&'static str; 3],
    /// Likewise where the ring and the session were joined by inference.
    pub inferred: [&'static str; 3],
    /// Likewise for a recording.
    pub recording: [&'static str; 3],
    /// A tick of the time axis.
    pub tick: &'static str,
    /// A finding below a call.
    pub finding: &'static str,
    /// Left of an excerpt.
    pub bar: &'static str,
    /// Parts of a column of a bar, the least first; the last is a whole one.
    pub fill: &'static [&'static str],
    /// From nothing to the most.
    pub heat: &'static [&'static str],
}

impl Glyphs {
    /// The mark of a call that turned out so.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Ended => self.call,
            Outcome::Ongoing => self.ongoing,
            Outcome::Initiated | Outcome::Unknown => self.lost,
            _ => self.missed,
        }
    }
}

/// The usual set.
pub static UNICODE: Glyphs = Glyphs {
    cut: "…",
    arrow: "→",
    dot: "·",
    times: "×",
    rule: "─",
    call: "●",
    ongoing: "◐",
    missed: "○",
    lost: "◌",
    guess: "≈",
    stay: "━",
    joined: "┣",
    left: "┫",
    short: "┃",
    open: "▶",
    ring: ["╶", "─", "╴"],
    inferred: ["╶", "╌", "╴"],
    recording: ["╺", "═", "╸"],
    tick: "╷",
    finding: "!",
    bar: "│",
    fill: &["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    heat: &["·", "░", "▒", "▓", "█"],
};

/// For `--ascii`.
pub static ASCII: Glyphs = Glyphs {
    cut: "..",
    arrow: "->",
    dot: "|",
    times: "x",
    rule: "-",
    call: "*",
    ongoing: "+",
    missed: "o",
    lost: "?",
    guess: "~",
    stay: "=",
    joined: "[",
    left: "]",
    short: "#",
    open: ">",
    ring: ["(", "-", ")"],
    inferred: ["(", "~", ")"],
    recording: ["<", "r", ">"],
    tick: "'",
    finding: "!",
    bar: "|",
    fill: &["#"],
    heat: &[".", ":", "+", "%", "#"],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::text::width;

    #[test]
    fn what_a_drawing_is_made_of_takes_one_column() {
        for set in [&UNICODE, &ASCII] {
            let single = [
                set.dot,
                set.times,
                set.rule,
                set.call,
                set.ongoing,
                set.missed,
                set.lost,
                set.guess,
                set.stay,
                set.joined,
                set.left,
                set.short,
                set.open,
                set.tick,
                set.finding,
                set.bar,
            ];
            let several = set.fill.iter().chain(set.heat).copied();
            let single = single.into_iter().chain(several);
            for glyph in single.chain(set.ring).chain(set.inferred).chain(set.recording) {
                assert_eq!(width(glyph), 1, "{glyph}");
            }
        }
    }
}
