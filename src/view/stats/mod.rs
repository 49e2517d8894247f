//! Calls in figures: a screen, rows of groups, JSON.

mod calls;
mod columns;
mod delivery;
mod document;
mod draw;
mod people;
mod screen;
mod sheet;

use std::io;

use serde::Serialize;

use super::cell::Cell;
use super::column::{Columns, Head, cells, column, heads};
use super::report::{Item, Layout, Out, Report, RowTaker};
use crate::stats::Stats;

pub use columns::columns;
pub use document::{SCHEMA, document, partial};

/// All calls in figures: a screen for people, one row for programs.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Whole(pub Stats);

/// The calls of a group in figures: a row.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Group(pub Stats);

impl AsRef<Stats> for Whole {
    fn as_ref(&self) -> &Stats {
        &self.0
    }
}

impl AsRef<Stats> for Group {
    fn as_ref(&self) -> &Stats {
        &self.0
    }
}

impl Item for Group {
    const LIST: &'static str = "groups";
    const SCHEMA: &'static str = SCHEMA;

    fn heads(of: Columns<'_>) -> Vec<Head> {
        heads(columns::<Self>(), of)
    }

    fn rows(&self, of: Columns<'_>, row: &mut RowTaker<'_>) -> io::Result<()> {
        row(cells(columns(), of, self))
    }
}

impl Item for Whole {
    const LIST: &'static str = "stats";
    const SCHEMA: &'static str = SCHEMA;

    fn heads(of: Columns<'_>) -> Vec<Head> {
        match of {
            Columns::Shown => {
                ["figure", "value"].map(|name| column::<()>(name, |()| Cell::Nothing).head).into()
            }
            of => heads(columns::<Self>(), of),
        }
    }

    /// For people a row for each figure, below each other.
    fn rows(&self, of: Columns<'_>, row: &mut RowTaker<'_>) -> io::Result<()> {
        if of != Columns::Shown {
            return row(cells(columns(), of, self));
        }
        let all = columns::<Self>().into_iter().filter(|column| column.head.csv);
        all.map(|column| (column.head.name, (column.cell)(self)))
            .filter(|(_, cell)| !matches!(cell, Cell::Nothing))
            .try_for_each(|(name, cell)| row(vec![Cell::Text(name.into()), cell]))
    }

    fn table<'w, S>(out: Out<'w>, layout: Layout<'w>) -> Box<dyn Report<Self, S> + 'w>
    where
        Self: 'w,
    {
        Box::new(screen::Figures { out, screen: layout.screen })
    }
}
