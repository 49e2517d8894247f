//! The output of `stats`: a screen, rows of groups, JSON.

mod calls;
mod columns;
mod delivery;
mod document;
mod draw;
mod people;
mod screen;
mod section;

use std::io;

use serde::Serialize;

use super::cell::Cell;
use super::column::{Columns, Head, cells, column, heads};
use super::report::{Item, Layout, Out, Report, RowTaker};
use crate::stats::CallStats;

pub use columns::columns;
pub use document::{SCHEMA, document, partial};

/// The figures of all calls: a screen for people, one row for programs.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct AllCalls(pub CallStats);

/// The figures of a group: a row.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct CallGroup(pub CallStats);

impl AsRef<CallStats> for AllCalls {
    fn as_ref(&self) -> &CallStats {
        &self.0
    }
}

impl AsRef<CallStats> for CallGroup {
    fn as_ref(&self) -> &CallStats {
        &self.0
    }
}

impl Item for CallGroup {
    const LIST: &'static str = "groups";
    const SCHEMA: &'static str = SCHEMA;

    fn heads(of: Columns<'_>) -> Vec<Head> {
        heads(columns::<Self>(), of)
    }

    fn rows(&self, of: Columns<'_>, row: &mut RowTaker<'_>) -> io::Result<()> {
        row(cells(columns(), of, self))
    }
}

impl Item for AllCalls {
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

    /// For people a row for each figure.
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
        Box::new(screen::ScreenWriter { out, screen: layout.screen })
    }
}
