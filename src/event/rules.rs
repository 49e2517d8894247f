//! S: what can be wrong with a payload. K: what can be odd about its identity.

use crate::finding::{
    Basis::{Documented, Inferred},
    Rule,
    Severity::{Error, Info, Warning},
    example,
};

/// Both families in code order.
pub static ALL: &[&Rule] = &[
    &MISSING_FIELD,
    &WRONG_TYPE,
    &INVALID_VALUE,
    &UNKNOWN_TRIGGER,
    &LENIENT_TYPE,
    &UNKNOWN_FIELD,
    &TYPE_MISMATCH,
    &ACTION_MISMATCH,
    &IMPLAUSIBLE_TIME,
    &DUPLICATE,
    &KEY_COLLISION,
    &CONFLICT,
    &COPY,
];

/// S001.
pub static MISSING_FIELD: Rule = Rule {
    code: "S001",
    name: "missing-field",
    severity: Error,
    by_default: true,
    summary: "a required field is absent",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("S001"),
};

/// S002.
pub static WRONG_TYPE: Rule = Rule {
    code: "S002",
    name: "wrong-type",
    severity: Error,
    by_default: true,
    summary: "a field's type is wrong and cannot be read as the right one",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("S002"),
};

/// S003.
pub static INVALID_VALUE: Rule = Rule {
    code: "S003",
    name: "invalid-value",
    severity: Error,
    by_default: true,
    summary: "a value outside its set or form",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("S003"),
};

/// S004.
pub static UNKNOWN_TRIGGER: Rule = Rule {
    code: "S004",
    name: "unknown-trigger",
    severity: Warning,
    by_default: true,
    summary: "neither a calling event nor another trigger that CometChat is known to send",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("S004"),
};

/// S005.
pub static LENIENT_TYPE: Rule = Rule {
    code: "S005",
    name: "lenient-type",
    severity: Info,
    by_default: true,
    summary: "a number written as a string, or the reverse; read all the same",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("S005"),
};

/// S006.
pub static UNKNOWN_FIELD: Rule = Rule {
    code: "S006",
    name: "unknown-field",
    severity: Info,
    by_default: false,
    summary: "a field that no documented form has",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("S006"),
};

/// S007.
pub static TYPE_MISMATCH: Rule = Rule {
    code: "S007",
    name: "type-mismatch",
    severity: Warning,
    by_default: true,
    summary: "`type` is absent where it belongs, or does not fit the trigger",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("S007"),
};

/// S008.
pub static ACTION_MISMATCH: Rule = Rule {
    code: "S008",
    name: "action-mismatch",
    severity: Warning,
    by_default: true,
    summary: "`data.call.data.action` does not fit the trigger",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("S008"),
};

/// S009.
pub static IMPLAUSIBLE_TIME: Rule = Rule {
    code: "S009",
    name: "implausible-time",
    severity: Warning,
    by_default: true,
    summary: "a time in milliseconds, before 2015 or after 2100",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("S009"),
};

/// K001.
pub static DUPLICATE: Rule = Rule {
    code: "K001",
    name: "duplicate",
    severity: Info,
    by_default: true,
    summary: "the same event again",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("K001"),
};

/// K002.
pub static KEY_COLLISION: Rule = Rule {
    code: "K002",
    name: "key-collision",
    severity: Info,
    by_default: true,
    summary: "different events under one documented idempotency key",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("K002"),
};

/// K003.
pub static CONFLICT: Rule = Rule {
    code: "K003",
    name: "conflict",
    severity: Warning,
    by_default: true,
    summary: "the same event again with another content",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("K003"),
};

/// K004.
pub static COPY: Rule = Rule {
    code: "K004",
    name: "copy",
    severity: Info,
    by_default: true,
    summary: "the same event through another webhook configuration",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("K004"),
};
