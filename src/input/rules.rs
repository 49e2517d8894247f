//! J: what can be wrong with the text itself.

use crate::finding::{
    Basis::{Documented, Inferred},
    Rule,
    Severity::{Error, Warning},
    example,
};

/// The family in code order.
pub static ALL: &[&Rule] =
    &[&NOT_JSON, &TRUNCATED, &NOT_A_WEBHOOK, &NOT_UTF8, &TOO_BIG, &CONSOLE_DUMP, &NO_WEBHOOKS];

/// J001.
pub static NOT_JSON: Rule = Rule {
    code: "J001",
    name: "not-json",
    severity: Error,
    by_default: true,
    summary: "text that begins a JSON value and is not valid JSON",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("J001"),
};

/// J002.
pub static TRUNCATED: Rule = Rule {
    code: "J002",
    name: "truncated",
    severity: Error,
    by_default: true,
    summary: "the input ends inside a document",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("J002"),
};

/// J003.
pub static NOT_A_WEBHOOK: Rule = Rule {
    code: "J003",
    name: "not-a-webhook",
    severity: Warning,
    by_default: true,
    summary: "valid JSON that holds no webhook, told once per source",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("J003"),
};

/// J004.
pub static NOT_UTF8: Rule = Rule {
    code: "J004",
    name: "not-utf8",
    severity: Error,
    by_default: true,
    summary: "bytes inside a document that are not UTF-8",
    why: "",
    remedy: "",
    basis: Documented,
    source: "",
    example: example!("J004"),
};

/// J005.
pub static TOO_BIG: Rule = Rule {
    code: "J005",
    name: "too-big",
    severity: Error,
    by_default: true,
    summary: "a webhook body over 16 MiB, or nesting over 128",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("J005"),
};

/// J006.
pub static CONSOLE_DUMP: Rule = Rule {
    code: "J006",
    name: "console-dump",
    severity: Warning,
    by_default: true,
    summary: "a JavaScript console dump, which is not JSON",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("J006"),
};

/// J007.
pub static NO_WEBHOOKS: Rule = Rule {
    code: "J007",
    name: "no-webhooks",
    severity: Error,
    by_default: true,
    summary: "the whole run found no webhook at all",
    why: "",
    remedy: "",
    basis: Inferred,
    source: "",
    example: example!("J007"),
};
