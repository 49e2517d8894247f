//! The catalogue: every room's rules in code order, and look-up by code.

use crate::finding::Rule;
use crate::{event, flow, input};

/// The families that there are, in the order of the rooms, each with what it is about.
pub const FAMILIES: &[(&str, &str)] = &[
    ("J", "reading"),
    ("S", "schema"),
    ("K", "idempotency"),
    ("L", "links"),
    ("F", "flow"),
    ("R", "roster"),
    ("D", "delivery"),
];

/// All rules, sorted by family in the order of the rooms (J S K L F R D), then by number.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [input::rules::ALL, event::rules::ALL, flow::rules::ALL].into_iter().flatten().copied()
}

/// Whether `selector` (a code or the beginning of one: `S`, `S00`, `S001`) names `rule`.
#[must_use]
pub fn names(selector: &str, rule: &Rule) -> bool {
    !selector.is_empty() && rule.code.starts_with(&selector.to_ascii_uppercase())
}

/// Whether one of the selectors names `rule`.
#[must_use]
pub fn any_names(selectors: &[String], rule: &Rule) -> bool {
    selectors.iter().any(|selector| names(selector, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_sorted_within_their_family() {
        let rules: Vec<_> = all().collect();
        for pair in rules.windows(2) {
            let same_family = pair[0].code[..1] == pair[1].code[..1];
            assert!(!same_family || pair[0].code < pair[1].code, "{pair:?}");
        }
        let mut names: Vec<_> = rules.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), rules.len());
    }

    #[test]
    fn every_rule_belongs_to_a_family_and_has_a_whole_page() {
        for rule in all() {
            assert!(FAMILIES.iter().any(|(letter, _)| rule.code.starts_with(letter)), "{rule:?}");
            assert!(rule.why.ends_with('.') && rule.remedy.ends_with('.'), "{}", rule.code);
            assert!(!rule.source.is_empty() && !rule.example.is_empty(), "{}", rule.code);
        }
    }

    #[test]
    fn a_selector_is_a_code_or_the_beginning_of_one_in_any_case() {
        let rule = all().find(|rule| rule.code == "S001").expect("S001");
        assert!(names("S", rule) && names("s001", rule) && !names("J", rule) && !names("", rule));
    }
}
