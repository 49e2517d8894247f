//! What holds where nothing was typed: `callscope.toml`. What was typed wins over it, and it over the
//! environment and the terminal.

mod file;
mod ignored;
mod shape;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use jiff::tz::TimeZone;
use toml::Spanned;

use super::read::complain;
use super::screen::{Looks, Paint};
use crate::args::{self, Color, SettingsFrom};
use file::File;
use shape::{Display, Zone};

pub(super) use file::Rated;
pub(super) use ignored::Ignored;
pub(super) use shape::Level;

/// What the file is called that is searched for.
const NAME: &str = "callscope.toml";

/// The settings of a run.
#[derive(Debug, Default)]
pub(super) struct Settings {
    file: Option<File>,
    /// Whether it is said where each setting comes from.
    verbose: bool,
}

impl Settings {
    /// Reads the file that was typed, else the nearest one, else none.
    ///
    /// # Errors
    /// When it cannot be read, or holds what is no setting.
    pub(super) fn of(from: &SettingsFrom, verbose: bool) -> Result<Self> {
        let path = match &from.config {
            Some(path) if path.is_dir() => {
                bail!("cannot read {}: it is a folder; name a file", path.display())
            }
            Some(path) => Some(path.clone()),
            None if from.no_config => None,
            None => nearest(),
        };
        let settings = Self { file: path.map(|path| File::read(&path)).transpose()?, verbose };
        if let Some(file) = &settings.file {
            settings.say(&format!("settings are taken from {}", file.text.name));
        }
        Ok(settings)
    }

    /// Says something about settings, where that is wanted.
    pub(super) fn say(&self, what: &str) {
        if self.verbose {
            complain(&what);
        }
    }

    /// Zone, colour and glyphs.
    pub(super) fn looks(&self, typed: &args::Looks) -> Looks {
        Looks { tz: self.tz(typed.tz.as_ref()), paint: self.paint(&typed.paint) }
    }

    /// The zone.
    pub(super) fn tz(&self, typed: Option<&TimeZone>) -> TimeZone {
        let told = |zone: &Zone| zone.0.iana_name().unwrap_or("local").to_owned();
        let picked = self.picked("tz", typed.cloned().map(Zone), |kept| kept.tz.as_ref(), told);
        picked.map_or(TimeZone::UTC, |zone| zone.0)
    }

    /// Colour and glyphs.
    pub(super) fn paint(&self, typed: &args::Paint) -> Paint {
        let told = |color: &Color| format!("{color:?}").to_lowercase();
        let color = self.picked("color", typed.color, |kept| kept.color.as_ref(), told);
        if color.is_none() && anstyle_query::no_color() {
            self.say("color = never (NO_COLOR)");
        }
        let ascii =
            self.picked("ascii", typed.ascii(), |kept| kept.ascii.as_ref(), bool::to_string);
        Paint { color: color.unwrap_or_default(), ascii: ascii.unwrap_or_default() }
    }

    /// Whether times are told as how long ago they are.
    pub(super) fn relative(&self, typed: Option<bool>) -> bool {
        let told = bool::to_string;
        self.picked("relative", typed, |kept| kept.relative.as_ref(), told).unwrap_or_default()
    }

    /// What was typed, else what the file keeps; and says which.
    fn picked<T: Clone>(
        &self,
        key: &str,
        typed: Option<T>,
        kept: impl Fn(&Display) -> Option<&Spanned<T>>,
        told: impl Fn(&T) -> String,
    ) -> Option<T> {
        let kept = self.file.as_ref().and_then(|file| Some((file, kept(&file.display)?)));
        let (value, by) = match (typed, kept) {
            (Some(typed), _) => {
                let no = if told(&typed) == "false" { "no-" } else { "" };
                (typed, format!("--{no}{key}"))
            }
            (None, Some((file, kept))) => {
                (kept.get_ref().clone(), file.text.line(kept.span().start))
            }
            (None, None) => return None,
        };
        self.say(&format!("{key} = {} ({by})", told(&value)));
        Some(value)
    }

    /// The severities that the file gives rules.
    pub(super) fn severities(&self) -> &[Rated] {
        self.file.as_ref().map_or(&[], |file| &file.severities)
    }

    /// What the file has ignored.
    pub(super) fn ignored(&self) -> Ignored<'_> {
        let (list, folder) = match &self.file {
            Some(file) => (&*file.ignores, &*file.folder),
            None => (&[][..], Path::new("")),
        };
        Ignored::new(list, folder)
    }
}

/// The file in the working folder, or in the nearest one above that has one.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    // Whatever has the name is meant; what cannot be read is told.
    if Path::new(NAME).symlink_metadata().is_ok() {
        return Some(NAME.into());
    }
    here.ancestors().map(|folder| folder.join(NAME)).find(|path| path.symlink_metadata().is_ok())
}
