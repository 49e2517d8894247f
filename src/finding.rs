//! The words that every room shares for "something is wrong here".

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::digest::Digest;

/// How bad a finding is. Ordered: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Severity {
    /// What CometChat does in health.
    Info,
    /// Worth a look.
    Warning,
    /// Unreadable, excluded by the documentation, or impossible.
    Error,
}

impl Severity {
    /// All three, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Where a rule's claim comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// CometChat's documentation says so.
    Documented,
    /// Inferred from samples and from what receivers report.
    Inferred,
}

/// One kind of thing that can be wrong, as data. The whole catalogue is [`crate::rules::all`].
#[derive(Debug)]
pub struct Rule {
    /// A letter for the family and three digits. Never used again for something else.
    pub code: &'static str,
    /// A short name in kebab case.
    pub name: &'static str,
    /// The severity unless a finding says otherwise.
    pub severity: Severity,
    /// Whether `check` reports it without being asked (`--select`).
    pub by_default: bool,
    /// What it means when it fires: one sentence, lower case, no full stop.
    pub summary: &'static str,
    /// Why it matters: what comes of it, in whole sentences.
    pub why: &'static str,
    /// What to do about it, in whole sentences.
    pub remedy: &'static str,
    /// Documented or inferred.
    pub basis: Basis,
    /// What the claim rests on: the page of the documentation, or what was seen.
    pub source: &'static str,
    /// A capture in which it fires. The same file is the test that it does.
    pub example: &'static [u8],
}

impl PartialEq for Rule {
    /// A code is a rule's alone.
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// The capture in which a rule fires, by its code.
macro_rules! example {
    ($code:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules/", $code, "/fires.ndjson"))
    };
}
pub(crate) use example;

/// Which source of a run something came from: an index into its list of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A point in a source as it stands on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The source.
    pub source: SourceId,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1, in Unicode scalar values.
    pub col: u64,
    /// Byte, from 0, in the file as it stands on disk.
    pub byte_offset: u64,
}

impl Spot {
    /// Where a finding stands that has no place of its own: line 1 of its source.
    #[must_use]
    pub fn top_of(source: SourceId) -> Self {
        Self { source, line: 1, col: 1, byte_offset: 0 }
    }
}

/// The text around a place when it was first read, at most about 4 KiB: proof for a second reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// Bytes on disk before the place.
    pub before: u16,
    /// Bytes on disk from the place on.
    pub after: u16,
    /// Digest of all of them, as UTF-8.
    pub digest: Digest,
}

/// A rule that fired, with its place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The severity here; mostly the rule's own.
    pub severity: Severity,
    /// What was seen, in words. Holds text from the capture, unescaped.
    pub message: String,
    /// What to do about it, where there is something to say.
    pub help: Option<String>,
    /// Where it stands.
    pub spot: Spot,
    /// The text around the place; `None` where it is about a delivery, whose body proves itself, and
    /// where nothing of the text is shown.
    pub surroundings: Option<Surroundings>,
    /// Bytes of what stands there, in UTF-8: of the value it is about, else 1; 0 where
    /// nothing there is worth a look.
    pub length: u32,
    /// Byte of the webhook body at which it stands.
    pub inside: u32,
    /// RFC 6901 pointer into the webhook body; `None` where it is not about a field.
    pub pointer: Option<String>,
    /// Which delivery it is about: an index into the capture's deliveries.
    pub delivery: Option<u32>,
    /// The other deliveries that it is about, of very many the first: indexes likewise.
    pub others: Vec<u32>,
    /// The trigger of the webhook it is about.
    pub trigger: Option<&'static str>,
    /// Number of equal findings that it stands for, itself included.
    pub count: u64,
    /// Places of those findings: the first [`MAX_PLACES`], in order, its own first. Empty where
    /// nothing was merged.
    pub related: Vec<Spot>,
}

/// The most places that a merged finding keeps.
pub const MAX_PLACES: usize = 10;

impl Finding {
    /// A finding of `rule` at `spot` with the rule's own severity and nothing else known.
    #[must_use]
    pub fn new(rule: &'static Rule, spot: Spot, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            help: None,
            spot,
            surroundings: None,
            length: 1,
            inside: 0,
            pointer: None,
            others: Vec::new(),
            delivery: None,
            trigger: None,
            count: 1,
            related: Vec::new(),
        }
    }

    /// Adds an equal finding: one of the same source, rule and message. The earlier place becomes
    /// its own, so that the result does not depend on which comes first.
    pub fn merge(&mut self, mut other: Self) {
        if other.spot < self.spot {
            std::mem::swap(self, &mut other);
        }
        self.count += other.count;
        let mut places = [self.places(), other.places()].concat();
        places.sort_unstable();
        // One string may hold several damaged texts, which all have its place.
        places.dedup();
        places.truncate(MAX_PLACES);
        self.related = places;
    }

    /// The known places of the findings that it stands for.
    fn places(&self) -> &[Spot] {
        if self.related.is_empty() { std::slice::from_ref(&self.spot) } else { &self.related }
    }

    /// The deliveries that it is about.
    pub fn deliveries(&self) -> impl Iterator<Item = u32> {
        self.delivery.into_iter().chain(self.others.iter().copied())
    }

    /// Moves the finding to the beginning of its webhook's body, at `spot`: the body changed since it
    /// was read, so that nothing in it can be pointed at or shown.
    pub fn move_to_body(&mut self, spot: Spot) {
        (self.spot, self.length, self.inside, self.pointer) = (spot, 0, 0, None);
    }

    /// The same finding with a word of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: &Rule = &crate::input::rules::NOT_JSON;

    fn finding(line: u64) -> Finding {
        let spot = Spot { source: SourceId(0), line, col: 1, byte_offset: line };
        Finding { length: u32::try_from(line).unwrap_or(0), ..Finding::new(RULE, spot, "damaged") }
    }

    fn merged(findings: impl IntoIterator<Item = Finding>) -> String {
        let merged = findings.into_iter().reduce(|mut one, other| {
            one.merge(other);
            one
        });
        format!("{merged:?}")
    }

    #[test]
    fn a_merged_finding_does_not_depend_on_the_order_or_on_the_parts() {
        let lines: Vec<u64> = (1..=30).flat_map(|line| [line, line]).collect();
        let expected = merged(lines.iter().map(|line| finding(*line)));
        let mut dice = fastrand::Rng::with_seed(7);
        for _ in 0..200 {
            let mut shuffled = lines.clone();
            dice.shuffle(&mut shuffled);
            let parts = shuffled.chunks(dice.usize(1..lines.len())).map(|part| {
                let mut part = part.iter().map(|line| finding(*line));
                let mut first = part.next().expect("a finding");
                part.for_each(|one| first.merge(one));
                first
            });
            assert_eq!(merged(parts), expected);
        }
    }

    #[test]
    fn a_merged_finding_has_the_first_ten_places_each_once_and_counts_all() {
        let mut one = finding(20);
        for line in (1..20).rev().chain(1..20) {
            one.merge(finding(line));
        }
        assert_eq!((one.count, one.spot.line, one.length), (39, 1, 1));
        let lines: Vec<u64> = one.related.iter().map(|spot| spot.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
}
