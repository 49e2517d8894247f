//! `--columns`, `--sort` and `--limit`: which columns, in which order, how many rows.

use std::cmp::Reverse;

use anyhow::{Result, bail};

use super::Choices;
use crate::args::Rows;
use crate::args::suggest::did_you_mean;
use crate::view::column::{Column, names};
use crate::view::ink::wrapped;
use crate::view::report::Format;

/// Refuses columns that there are not (those that rows are sorted by may be others), and columns
/// for a format that has none.
///
/// # Errors
/// With the nearest name that there is, and all of them.
pub(super) fn check<T, S>(rows: &Rows, shown: &[Column<T>], sorted: &[Column<S>]) -> Result<()> {
    if let Some(sort) = &rows.sort {
        find(sort.strip_prefix('-').unwrap_or(sort), sorted)?;
    }
    if rows.columns.is_empty() {
        return Ok(());
    }
    if matches!(format(rows), Format::Json | Format::Ndjson) {
        bail!("--columns is for --format table, csv and markdown; JSON always has every field");
    }
    rows.columns.iter().try_for_each(|name| find(name, shown).map(|_| ()))
}

/// The format that was asked for.
pub(super) fn format(rows: &Rows) -> Format {
    if rows.json { Format::Json } else { rows.format }
}

fn find<'c, T>(name: &str, columns: &'c [Column<T>]) -> Result<&'c Column<T>> {
    if let Some(column) = columns.iter().find(|column| column.head.name == name) {
        return Ok(column);
    }
    let names = names(columns);
    let near = did_you_mean(name, names.iter().copied());
    let refusal = format!("there is no column `{name}`{near}");
    let lines = wrapped(&format!("columns: {}", names.join(", ")), 90);
    Err(Choices { refusal, lines }.into())
}

/// The rows that are shown, in their order. What is unknown comes last either way.
///
/// # Errors
/// When there is no such column.
pub(super) fn arrange<T, I: Copy>(
    mut chosen: Vec<I>,
    rows: &Rows,
    columns: &[Column<T>],
    row: impl Fn(I) -> T,
) -> Result<Vec<I>> {
    if let Some(sort) = &rows.sort {
        let (down, name) = match sort.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, sort.as_str()),
        };
        let cell = find(name, columns)?.cell;
        let key = |at: &I| cell(&row(*at)).key();
        if down {
            chosen.sort_by_cached_key(|at| known_first(key(at).map(Reverse)));
        } else {
            chosen.sort_by_cached_key(|at| known_first(key(at)));
        }
    }
    chosen.truncate(rows.limit.unwrap_or(usize::MAX));
    Ok(chosen)
}

fn known_first<K: Ord>(key: Option<K>) -> (bool, Option<K>) {
    (key.is_none(), key)
}
