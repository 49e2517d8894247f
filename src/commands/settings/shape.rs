//! The keys and values of a settings file, as TOML has them.

use std::collections::BTreeMap;

use glob::Pattern;
use jiff::tz::TimeZone;
use serde::Deserialize;
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

/// `[[ignore]]`: suppresses the findings that match all of its keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IgnoreSection {
    #[serde(default)]
    pub(super) code: StringList<RuleSelector>,
    #[serde(default)]
    pub(super) path: StringList<PathGlob>,
    #[serde(default)]
    pub(super) pointer: StringList<PointerGlob>,
    pub(super) reason: IgnoreReason,
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

/// A string or a list of strings, each of which is a `T`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "OneOrMany", bound = "T: TryFrom<String, Error = String>")]
pub(super) struct StringList<T>(pub(super) Vec<T>);

impl<T> Default for StringList<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: TryFrom<String, Error = String>> TryFrom<OneOrMany> for StringList<T> {
    type Error = String;

    fn try_from(words: OneOrMany) -> Result<Self, String> {
        let words = match words {
            OneOrMany::One(word) => vec![word],
            OneOrMany::Many(words) if words.is_empty() => return Err("the list is empty".into()),
            OneOrMany::Many(words) => words,
        };
        words.into_iter().map(T::try_from).collect::<Result<_, _>>().map(Self)
    }
}

/// The code of a rule, or the beginning of some codes.
#[derive(Debug)]
pub(super) struct RuleSelector(pub(super) String);

impl TryFrom<String> for RuleSelector {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        selector(&word).map(Self).map_err(|why| format!("`{word}`: {why}"))
    }
}

#[derive(Debug)]
pub(super) struct PathGlob(pub(super) Pattern);

impl TryFrom<String> for PathGlob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() {
            return Err("expected a path or a glob, like captures/** or *.har".into());
        }
        // As in `.gitignore`: a folder matches everything below it, a bare name in every folder.
        let below = if text.ends_with('/') { "**" } else { "" };
        let anywhere = if text.contains('/') { "" } else { "**/" };
        let text = text.strip_prefix("./").unwrap_or(&text);
        pattern(&format!("{anywhere}{text}{below}")).map(Self)
    }
}

#[derive(Debug)]
pub(super) struct PointerGlob(pub(super) Pattern);

impl TryFrom<String> for PointerGlob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err("expected a pointer like /data/occupant/name or /data/**".into());
        }
        pattern(&text).map(Self)
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::new(text).map_err(|error| format!("not a glob: {error}"))
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct IgnoreReason(pub(super) String);

impl TryFrom<String> for IgnoreReason {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() {
            return Err("expected a reason: why this need not be told");
        }
        Ok(Self(text))
    }
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
