//! The keys and values of a settings file, as TOML has them.

use std::collections::BTreeMap;

use glob::Pattern;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use toml::Spanned;

use crate::args::{Color, selector, zone};
use crate::finding::Severity;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SettingsShape {
    /// By the code of a rule, the beginning of some codes, or a rule's name.
    pub(super) severity: BTreeMap<Spanned<String>, SeverityLevel>,
    pub(super) ignore: Vec<Spanned<IgnoreSection>>,
    pub(super) display: DisplaySection,
}

/// `[[ignore]]`: suppresses the findings that match every list that is not empty.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IgnoreSection {
    /// Codes of rules, or the beginnings of some.
    #[serde(default, deserialize_with = "selectors")]
    pub(super) code: Vec<String>,
    #[serde(default, deserialize_with = "paths")]
    pub(super) path: Vec<Pattern>,
    #[serde(default, deserialize_with = "pointers")]
    pub(super) pointer: Vec<Pattern>,
    #[serde(deserialize_with = "reason")]
    pub(super) reason: String,
}

/// `[display]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DisplaySection {
    pub(super) tz: Option<Spanned<ZoneName>>,
    pub(super) color: Option<Spanned<Color>>,
    pub(super) ascii: Option<Spanned<bool>>,
    pub(super) relative: Option<Spanned<bool>>,
}

/// The severity of a rule, or that its findings are not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::commands) enum SeverityLevel {
    Error,
    Warning,
    Info,
    Off,
}

impl SeverityLevel {
    /// `None` if the rule is off.
    pub(in crate::commands) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }

    pub(in crate::commands) fn name(self) -> &'static str {
        self.severity().map_or("off", Severity::name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Reads a string or a list of strings, and parses each.
fn parse_each<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl Fn(String) -> Result<T, String>,
) -> Result<Vec<T>, D::Error> {
    let words = match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(word) => vec![word],
        OneOrMany::Many(words) if words.is_empty() => {
            return Err(Error::custom("the list is empty"));
        }
        OneOrMany::Many(words) => words,
    };
    words.into_iter().map(parse).collect::<Result<_, _>>().map_err(Error::custom)
}

fn selectors<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    parse_each(deserializer, |word| selector(&word).map_err(|why| format!("`{word}`: {why}")))
}

fn paths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Pattern>, D::Error> {
    parse_each(deserializer, |text| {
        if text.is_empty() {
            return Err("expected a path or a glob, like captures/** or *.har".into());
        }
        // As in `.gitignore`: a folder matches everything below it, a bare name in every folder.
        let below = if text.ends_with('/') { "**" } else { "" };
        let anywhere = if text.contains('/') { "" } else { "**/" };
        let text = text.strip_prefix("./").unwrap_or(&text);
        pattern(&format!("{anywhere}{text}{below}"))
    })
}

fn pointers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Pattern>, D::Error> {
    parse_each(deserializer, |text| {
        if !text.starts_with('/') {
            return Err("expected a pointer like /data/occupant/name or /data/**".into());
        }
        pattern(&text)
    })
}

fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::new(text).map_err(|error| format!("not a glob: {error}"))
}

fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() {
        return Err(Error::custom("expected a reason: why this need not be told"));
    }
    Ok(text)
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct ZoneName(pub(super) TimeZone);

impl TryFrom<String> for ZoneName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        zone(&name).map(Self)
    }
}
