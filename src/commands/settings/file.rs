//! A settings file → what it means, and where it says so.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::ignored::Ignore;
use super::shape::{Display, Level, Shape};
use crate::args::selector;
use crate::args::suggest::did_you_mean;
use crate::commands::bounded_file::read_bounded;

/// No settings file is longer.
const LONGEST: u64 = 1 << 20;

/// What a settings file says.
#[derive(Debug)]
pub(super) struct File {
    /// The folder that it stands in.
    pub(super) folder: PathBuf,
    pub(super) display: Display,
    pub(super) severities: Vec<Rated>,
    pub(super) ignores: Vec<Ignore>,
    /// The file itself.
    pub(super) text: Text,
}

/// How bad rules are.
#[derive(Debug)]
pub(in crate::commands) struct Rated {
    /// The code of a rule, or the beginning of some.
    pub(in crate::commands) code: String,
    /// How bad they are.
    pub(in crate::commands) level: Level,
    /// The line that says so.
    pub(in crate::commands) by: String,
}

impl File {
    /// Reads one.
    ///
    /// # Errors
    /// When it cannot be read, or holds what is no setting.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = Text::read(path)?;
        let whole = std::path::absolute(path).context("cannot tell the working folder")?;
        Self::new(text, whole.parent().unwrap_or(Path::new("/")))
    }

    fn new(text: Text, folder: &Path) -> Result<Self> {
        let shape: Shape = match toml::from_str(&text.text) {
            Ok(shape) => shape,
            Err(error) => {
                bail!("{}: {}", text.place(error.span().unwrap_or(0..0).start), meant(&error))
            }
        };
        let severities = severities(&shape, &text)?;
        let mut ignores = Vec::new();
        for ignore in shape.ignore {
            let start = ignore.span().start;
            let Some(ignore) = Ignore::new(ignore.into_inner(), text.line(start)) else {
                bail!("{}: an ignore needs a `code`, a `path` or a `pointer`", text.place(start));
            };
            ignores.push(ignore);
        }
        Ok(Self { folder: folder.to_owned(), display: shape.display, severities, ignores, text })
    }
}

/// The severities, in the order in which they stand.
fn severities(shape: &Shape, text: &Text) -> Result<Vec<Rated>> {
    let mut entries: Vec<_> = shape.severity.iter().collect();
    entries.sort_by_key(|(word, _)| word.span().start);
    let mut severities: Vec<Rated> = Vec::new();
    for (word, level) in entries {
        let place = || text.place(word.span().start);
        let code = match selector(word.get_ref()) {
            Ok(code) => code,
            Err(why) => bail!("{}: `{}`: {why}", place(), word.get_ref()),
        };
        if let Some(twin) = severities.iter().find(|twin| twin.code == code) {
            bail!("{}: {} says already how bad {code} is", place(), twin.by);
        }
        severities.push(Rated { code, level: *level, by: text.line(word.span().start) });
    }
    Ok(severities)
}

/// Why a file was refused, in our words, with what may have been meant.
fn meant(error: &toml::de::Error) -> String {
    let message = error.message();
    // The slip stands first in backticks, then what would have been right.
    let mut words = message.split('`').skip(1).step_by(2);
    let near = match words.next() {
        Some(slip) if message.starts_with("unknown ") => did_you_mean(slip, words),
        _ => String::new(),
    };
    let message = message.strip_prefix("unknown field").map(|rest| format!("unknown key{rest}"));
    let message =
        message.unwrap_or_else(|| error.message().replace("missing field", "missing key"));
    message.replacen("unknown variant", "unknown word", 1) + &near
}

/// A text with a name.
#[derive(Debug)]
pub(super) struct Text {
    /// Its path as shown to people.
    pub(super) name: String,
    text: String,
}

impl Text {
    fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let Ok(text) = String::from_utf8(read_bounded(path, LONGEST)?) else {
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
