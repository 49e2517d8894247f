//! How output looks and where it goes.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Args, Command, Error, ValueEnum};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::view::findings::FindingFormat;
use crate::view::report::Format;

/// How rows are printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Show")]
pub struct Rows {
    /// The format
    #[arg(long, value_enum, default_value_t, conflicts_with = "json")]
    pub format: Format,
    /// Short for --format json
    #[arg(long)]
    pub json: bool,
    /// These columns, in this order (not for JSON; of timeline and diff in csv and markdown)
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// By this column (timeline and diff: of `calls`), from the greatest down with a dash before it
    #[arg(long, value_name = "[-]COLUMN", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub limit: Option<usize>,
    /// Times as how long ago they are (table, markdown)
    #[arg(long, overrides_with = "no_relative")]
    pub relative: bool,
    /// Times as they are
    #[arg(long, hide = true, overrides_with = "relative")]
    pub no_relative: bool,
    /// Zone and looks.
    #[command(flatten)]
    pub looks: Looks,
    /// Where it goes.
    #[command(flatten)]
    pub output: Output,
}

/// A format of findings, and the file that it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatTo {
    /// The format.
    pub format: FindingFormat,
    /// `None` for stdout, or what `--output` names.
    pub file: Option<PathBuf>,
}

/// Reads `FORMAT` and `FORMAT=FILE`.
#[derive(Clone, Debug)]
pub(super) struct FormatParser;

impl TypedValueParser for FormatParser {
    type Value = FormatTo;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<FormatTo, Error> {
        let formats = EnumValueParser::<FindingFormat>::new();
        let (format, file) = match value.to_str().and_then(|text| text.split_once('=')) {
            Some((format, file)) => (OsStr::new(format), Some(PathBuf::from(file))),
            None => (value, None),
        };
        let format = formats.parse_ref(command, arg, format)?;
        if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
            let what = "expected a file behind `=`, as in --format sarif=out.sarif";
            return Err(command.clone().error(ErrorKind::ValueValidation, what));
        }
        Ok(FormatTo { format, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values: Vec<_> = FindingFormat::value_variants().iter().collect();
        Some(Box::new(values.into_iter().filter_map(ValueEnum::to_possible_value)))
    }
}

/// How people are shown what was found.
#[derive(Debug, Args)]
#[command(next_help_heading = "Show")]
pub struct Looks {
    /// Zone of the times that people are shown, and of dates that are typed [default: utc]
    #[arg(long, value_name = "utc|local|ZONE", value_parser = zone)]
    pub tz: Option<TimeZone>,
    /// Colour and glyphs.
    #[command(flatten)]
    pub paint: Paint,
}

/// Colour and glyphs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Show")]
pub struct Paint {
    /// Colour; `auto` honours `NO_COLOR`, `CLICOLOR_FORCE` and `TERM=dumb` [default: auto]
    #[arg(long, value_enum, value_name = "WHEN")]
    pub color: Option<Color>,
    /// Draw in ASCII
    #[arg(long, overrides_with = "no_ascii")]
    pub ascii: bool,
    /// Draw in Unicode
    #[arg(long, hide = true, overrides_with = "ascii")]
    pub no_ascii: bool,
}

impl Rows {
    /// Whether `--relative` or its contrary was typed.
    #[must_use]
    pub fn relative(&self) -> Option<bool> {
        (self.relative || self.no_relative).then_some(self.relative)
    }
}

impl Paint {
    /// Whether `--ascii` or its contrary was typed.
    #[must_use]
    pub fn ascii(&self) -> Option<bool> {
        (self.ascii || self.no_ascii).then_some(self.ascii)
    }
}

/// When there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// Whether something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum Show {
    /// On a terminal
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// Where output goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// Write here instead of to stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the run's figures here, as JSON
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
}

impl Output {
    /// The files that are written.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.output.iter().chain(&self.summary)
    }
}

/// `utc`, `local`, or a zone of the time zone database.
pub(crate) fn zone(name: &str) -> Result<TimeZone, String> {
    match name {
        "utc" | "UTC" => Ok(TimeZone::UTC),
        "local" => Ok(TimeZone::try_system().unwrap_or(TimeZone::UTC)),
        _ => TimeZone::get(name).map_err(|_| {
            let names: Vec<String> =
                jiff::tz::db().available().map(|name| name.to_string()).collect();
            let near = super::suggest::did_you_mean(name, names.iter().map(String::as_str));
            format!("expected utc, local or a zone like Europe/Berlin{near}")
        }),
    }
}
