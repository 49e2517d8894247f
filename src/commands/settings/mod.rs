//! `callscope.toml`: settings that flags override, and that override the environment and the
//! terminal.

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
use file::SettingsFile;
use shape::{DisplaySection, ZoneName};

pub(super) use file::SeveritySetting;
pub(super) use ignored::IgnoreFilter;
pub(super) use shape::SeverityLevel;

/// The name of the file that is searched for.
const FILE_NAME: &str = "callscope.toml";

/// The settings of a run.
#[derive(Debug, Default)]
pub(super) struct Settings {
    file: Option<SettingsFile>,
    /// Whether the origin of each setting is reported.
    verbose: bool,
}

impl Settings {
    /// Reads the file that `--config` names, else the nearest one.
    ///
    /// # Errors
    /// If the file cannot be read, or holds an unknown setting.
    pub(super) fn of(from: &SettingsFrom, verbose: bool) -> Result<Self> {
        let path = match &from.config {
            Some(path) if path.is_dir() => {
                bail!("cannot read {}: it is a folder; name a file", path.display())
            }
            Some(path) => Some(path.clone()),
            None if from.no_config => None,
            None => nearest_file(),
        };
        let settings =
            Self { file: path.map(|path| SettingsFile::read(&path)).transpose()?, verbose };
        if let Some(file) = &settings.file {
            settings.report(&format!("settings are taken from {}", file.text.name));
        }
        Ok(settings)
    }

    /// Prints a line about settings if the run is verbose.
    pub(super) fn report(&self, line: &str) {
        if self.verbose {
            complain(&line);
        }
    }

    pub(super) fn looks(&self, typed: &args::Looks) -> Looks {
        Looks { tz: self.tz(typed.tz.as_ref()), paint: self.paint(&typed.paint) }
    }

    pub(super) fn tz(&self, flag: Option<&TimeZone>) -> TimeZone {
        let name = |zone: &ZoneName| zone.0.iana_name().unwrap_or("local").to_owned();
        let flag = flag.cloned().map(ZoneName);
        let zone = self.flag_or_setting("tz", flag, |all| all.tz.as_ref(), name);
        zone.map_or(TimeZone::UTC, |zone| zone.0)
    }

    pub(super) fn paint(&self, flags: &args::Paint) -> Paint {
        let name = |color: &Color| format!("{color:?}").to_lowercase();
        let color = self.flag_or_setting("color", flags.color, |all| all.color.as_ref(), name);
        if color.is_none() && anstyle_query::no_color() {
            self.report("color = never (NO_COLOR)");
        }
        let name = bool::to_string;
        let ascii = self.flag_or_setting("ascii", flags.ascii(), |all| all.ascii.as_ref(), name);
        Paint { color: color.unwrap_or_default(), ascii: ascii.unwrap_or_default() }
    }

    /// Whether times are printed as how long ago they are.
    pub(super) fn relative(&self, flag: Option<bool>) -> bool {
        let name = bool::to_string;
        let relative = self.flag_or_setting("relative", flag, |all| all.relative.as_ref(), name);
        relative.unwrap_or_default()
    }

    /// The flag, else the setting of the file. Reports where the value comes from.
    fn flag_or_setting<T: Clone>(
        &self,
        key: &str,
        flag: Option<T>,
        setting: impl Fn(&DisplaySection) -> Option<&Spanned<T>>,
        name: impl Fn(&T) -> String,
    ) -> Option<T> {
        let setting = self.file.as_ref().and_then(|file| Some((file, setting(&file.display)?)));
        let (value, origin) = match (flag, setting) {
            (Some(flag), _) => {
                let no = if name(&flag) == "false" { "no-" } else { "" };
                (flag, format!("--{no}{key}"))
            }
            (None, Some((file, setting))) => {
                (setting.get_ref().clone(), file.text.line(setting.span().start))
            }
            (None, None) => return None,
        };
        self.report(&format!("{key} = {} ({origin})", name(&value)));
        Some(value)
    }

    /// The severities that the file sets.
    pub(super) fn severities(&self) -> &[SeveritySetting] {
        self.file.as_ref().map_or(&[], |file| &file.severities)
    }

    pub(super) fn ignore_filter(&self) -> IgnoreFilter<'_> {
        let (entries, folder) = match &self.file {
            Some(file) => (&*file.ignores, &*file.folder),
            None => (&[][..], Path::new("")),
        };
        IgnoreFilter::new(entries, folder)
    }
}

/// The file in the working folder, or in the nearest folder above that has one.
fn nearest_file() -> Option<PathBuf> {
    let working_folder = std::env::current_dir().ok()?;
    // A broken link counts too, so that it is reported instead of ignored.
    let exists = |path: &Path| path.symlink_metadata().is_ok();
    if exists(Path::new(FILE_NAME)) {
        return Some(FILE_NAME.into());
    }
    working_folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| exists(path))
}
