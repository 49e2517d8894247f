//! What may stand in a settings file, as it stands there.

use std::collections::BTreeMap;

use glob::Pattern;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use crate::args::{Color, selector, zone};
use crate::finding::Severity;

/// A whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Shape {
    /// By the code of a rule, the beginning of some, or a rule's name.
    pub(super) severity: BTreeMap<Spanned<String>, Level>,
    pub(super) ignore: Vec<Spanned<Ignore>>,
    pub(super) display: Display,
}

/// What is not told: what meets all that is said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ignore {
    #[serde(default)]
    pub(super) code: Many<Code>,
    #[serde(default)]
    pub(super) path: Many<Glob>,
    #[serde(default)]
    pub(super) pointer: Many<Pointer>,
    pub(super) reason: Reason,
}

/// How people are shown what was found.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Display {
    pub(super) tz: Option<Spanned<Zone>>,
    pub(super) color: Option<Spanned<Color>>,
    pub(super) ascii: Option<Spanned<bool>>,
    pub(super) relative: Option<Spanned<bool>>,
}

/// How bad a rule is, or that nothing is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::commands) enum Level {
    /// [`Severity::Error`].
    Error,
    /// [`Severity::Warning`].
    Warning,
    /// [`Severity::Info`].
    Info,
    /// Its findings are not told.
    Off,
}

impl Level {
    /// The severity; `None` where nothing is told.
    pub(in crate::commands) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }

    /// The word for it.
    pub(in crate::commands) fn name(self) -> &'static str {
        self.severity().map_or("off", Severity::name)
    }
}

/// One, or a list of some.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// What a string or a list of strings says.
#[derive(Debug, Deserialize)]
#[serde(try_from = "OneOrMany", bound = "T: TryFrom<String, Error = String>")]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: TryFrom<String, Error = String>> TryFrom<OneOrMany> for Many<T> {
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

/// The code of a rule, or the beginning of some.
#[derive(Debug)]
pub(super) struct Code(pub(super) String);

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        selector(&word).map(Self).map_err(|why| format!("`{word}`: {why}"))
    }
}

/// A glob over paths.
#[derive(Debug)]
pub(super) struct Glob(pub(super) Pattern);

impl TryFrom<String> for Glob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() {
            return Err("expected a path or a glob, like captures/** or *.har".into());
        }
        // A folder stands for all that is below it, a name for itself in every folder.
        let below = if text.ends_with('/') { "**" } else { "" };
        let anywhere = if text.contains('/') { "" } else { "**/" };
        let text = text.strip_prefix("./").unwrap_or(&text);
        pattern(&format!("{anywhere}{text}{below}")).map(Self)
    }
}

/// A pointer, or a glob over pointers.
#[derive(Debug)]
pub(super) struct Pointer(pub(super) Pattern);

impl TryFrom<String> for Pointer {
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

/// Why something is not told.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Reason(pub(super) String);

impl TryFrom<String> for Reason {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() {
            return Err("expected a reason: why this need not be told");
        }
        Ok(Self(text))
    }
}

/// A zone of times.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Zone(pub(super) TimeZone);

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        zone(&name).map(Self)
    }
}
