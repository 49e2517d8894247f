//! What `callscope schema` prints.

use clap::Args;

use super::{Paint, SettingsFrom, value};
use crate::event::Trigger;
use crate::view::schema::Document;

/// `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// The event
    #[arg(value_name = "EVENT", value_parser = value::event())]
    pub event: Option<Trigger>,
    /// An example of the event instead
    #[arg(long, requires = "event")]
    pub example: bool,
    /// Forbid fields that callscope does not know (S006)
    #[arg(long, requires = "event", conflicts_with = "example")]
    pub closed: bool,
    /// The schema of what callscope prints instead
    #[arg(long, value_name = "OUTPUT", conflicts_with_all = ["event", "example", "closed"])]
    pub output: Option<Document>,
    /// Colour and glyphs.
    #[command(flatten)]
    pub paint: Paint,
    /// Which file settings are taken from.
    #[command(flatten)]
    pub settings: SettingsFrom,
}
