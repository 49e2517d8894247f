//! Reads a settings file, and keeps the line of each setting for messages.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::ignored::IgnoreEntry;
use super::shape::{DisplaySection, SettingsShape, SeverityLevel};
use crate::args::selector;
use crate::args::suggest::did_you_mean;
use crate::commands::bounded_file::read_bounded;

/// The largest settings file.
const MAX_BYTES: u64 = 1 << 20;

#[derive(Debug)]
pub(super) struct SettingsFile {
    /// The folder of the file.
    pub(super) folder: PathBuf,
    pub(super) display: DisplaySection,
    pub(super) severities: Vec<SeveritySetting>,
    pub(super) ignores: Vec<IgnoreEntry>,
    pub(super) text: SettingsText,
}

/// The severity of some rules.
#[derive(Debug)]
pub(in crate::commands) struct SeveritySetting {
    /// The code of a rule, or the beginning of some.
    pub(in crate::commands) code: String,
    pub(in crate::commands) level: SeverityLevel,
    /// The line of the file, as `callscope.toml:3`.
    pub(in crate::commands) origin: String,
}

impl SettingsFile {
    /// # Errors
    /// If the file cannot be read, or holds an unknown setting.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = SettingsText::read(path)?;
        let whole = std::path::absolute(path).context("cannot tell the working folder")?;
        Self::new(text, whole.parent().unwrap_or(Path::new("/")))
    }

    fn new(text: SettingsText, folder: &Path) -> Result<Self> {
        let shape: SettingsShape = match toml::from_str(&text.text) {
            Ok(shape) => shape,
            Err(error) => {
                bail!("{}: {}", text.place(error.span().unwrap_or(0..0).start), describe(&error))
            }
        };
        let severities = severities(&shape, &text)?;
        let mut ignores = Vec::new();
        for ignore in shape.ignore {
            let start = ignore.span().start;
            let Some(ignore) = IgnoreEntry::new(ignore.into_inner(), text.line(start)) else {
                bail!("{}: an ignore needs a `code`, a `path` or a `pointer`", text.place(start));
            };
            ignores.push(ignore);
        }
        Ok(Self { folder: folder.to_owned(), display: shape.display, severities, ignores, text })
    }
}

/// The severities, in the order of the file.
fn severities(shape: &SettingsShape, text: &SettingsText) -> Result<Vec<SeveritySetting>> {
    let mut entries: Vec<_> = shape.severity.iter().collect();
    entries.sort_by_key(|(word, _)| word.span().start);
    let mut severities: Vec<SeveritySetting> = Vec::new();
    for (word, level) in entries {
        let place = || text.place(word.span().start);
        let code = match selector(word.get_ref()) {
            Ok(code) => code,
            Err(why) => bail!("{}: `{}`: {why}", place(), word.get_ref()),
        };
        if let Some(twin) = severities.iter().find(|twin| twin.code == code) {
            bail!("{}: {} says already how bad {code} is", place(), twin.origin);
        }
        let origin = text.line(word.span().start);
        severities.push(SeveritySetting { code, level: *level, origin });
    }
    Ok(severities)
}

/// The parser's error in the words of the guide, with a similar name if there is one.
fn describe(error: &toml::de::Error) -> String {
    let message = error.message();
    // In backticks the message has first the unknown name, then those that are allowed.
    let mut words = message.split('`').skip(1).step_by(2);
    let similar = match words.next() {
        Some(unknown) if message.starts_with("unknown ") => did_you_mean(unknown, words),
        _ => String::new(),
    };
    let message = message.strip_prefix("unknown field").map(|rest| format!("unknown key{rest}"));
    let message =
        message.unwrap_or_else(|| error.message().replace("missing field", "missing key"));
    message.replacen("unknown variant", "unknown word", 1) + &similar
}

/// The text of a settings file.
#[derive(Debug)]
pub(super) struct SettingsText {
    /// The path as it was typed.
    pub(super) name: String,
    text: String,
}

impl SettingsText {
    fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let Ok(text) = String::from_utf8(read_bounded(path, MAX_BYTES)?) else {
            bail!("cannot read {name}: it is not UTF-8");
        };
        Ok(Self { name, text })
    }

    /// `callscope.toml:3`: the line of a byte.
    pub(super) fn line(&self, at: usize) -> String {
        format!("{}:{}", self.name, self.before(at).matches('\n').count() + 1)
    }

    /// `callscope.toml:3:1`: the line and column of a byte.
    fn place(&self, at: usize) -> String {
        let column = self.before(at).chars().rev().take_while(|one| *one != '\n').count() + 1;
        format!("{}:{column}", self.line(at))
    }

    fn before(&self, at: usize) -> &str {
        self.text.get(..at).unwrap_or(&self.text)
    }
}
