//! Bars and heat strips.

use crate::event::Span;
use crate::view::glyph::Glyphs;

/// Whole minutes, rounded.
pub(super) fn minutes(span: Span) -> u64 {
    (span.abs().micros().unsigned_abs() + 30_000_000) / 60_000_000
}

/// A bar of at most `width` columns, which `longest` fills. A part above 0 is always visible.
pub(super) fn bar(part: u64, longest: u64, width: usize, glyphs: &Glyphs) -> String {
    let steps = glyphs.fill.len();
    let all = u128::from(longest.max(1));
    let full = width * steps;
    let long = (u128::from(part) * full as u128 * 2 + all) / (2 * all);
    let long = usize::try_from(long).map_or(full, |long| long.min(full));
    let long = if part > 0 { long.max(1) } else { long };
    let (whole, rest) = (long / steps, long % steps);
    let last = rest.checked_sub(1).map_or("", |at| glyphs.fill[at]);
    format!("{}{last}", glyphs.fill[steps - 1].repeat(whole))
}

/// A glyph as dark as `part` is large, of at most `most`. Only 0 is blank.
pub(super) fn heat(part: u64, most: u64, glyphs: &Glyphs) -> &'static str {
    let degrees = glyphs.heat.len() - 1;
    let degree = (u128::from(part) * degrees as u128).div_ceil(u128::from(most.max(1)));
    glyphs.heat[usize::try_from(degree).unwrap_or(degrees).min(degrees)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::glyph::{ASCII, UNICODE};

    #[test]
    fn a_bar_is_as_long_as_its_part_and_never_gone() {
        assert_eq!(bar(10, 10, 4, &UNICODE), "████");
        assert_eq!(bar(5, 10, 4, &UNICODE), "██");
        assert_eq!(bar(1, 10, 4, &UNICODE), "▍");
        assert_eq!(bar(1, 1_000_000, 4, &UNICODE), "▏");
        assert_eq!(bar(0, 10, 4, &UNICODE), "");
        assert_eq!(bar(0, 0, 4, &UNICODE), "");
        assert_eq!(bar(6, 10, 4, &ASCII), "##");
    }

    #[test]
    fn heat_is_none_for_nothing_alone() {
        assert_eq!(
            [0, 1, 25, 26, 100].map(|part| heat(part, 100, &UNICODE)),
            ["·", "░", "░", "▒", "█"]
        );
        assert_eq!(heat(0, 0, &ASCII), ".");
    }
}
