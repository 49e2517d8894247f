//! L: what can be odd about how ring records, outcomes and sessions came together.

use crate::finding::{
    Basis::Inferred,
    Rule,
    Severity::{Info, Warning},
    example,
};

/// The family in code order.
pub static ALL: &[&Rule] = &[&INFERRED_LINK, &AMBIGUOUS_LINK, &UNLINKED_OUTCOME];

/// L001.
pub static INFERRED_LINK: Rule = Rule {
    code: "L001",
    name: "inferred-link",
    severity: Info,
    by_default: true,
    summary: "a ring record, an outcome or a session joined to a call without an id that says so",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("L001"),
};

/// L002.
pub static AMBIGUOUS_LINK: Rule = Rule {
    code: "L002",
    name: "ambiguous-link",
    severity: Warning,
    by_default: true,
    summary: "nothing tells two candidates for a link apart: left apart, never guessed",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("L002"),
};

/// L003.
pub static UNLINKED_OUTCOME: Rule = Rule {
    code: "L003",
    name: "unlinked-outcome",
    severity: Warning,
    by_default: true,
    summary: "a ring outcome with no initiation that fits",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("L003"),
};
