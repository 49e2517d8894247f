//! A JSON object a line.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::report::{Out, json};
use super::super::rows::FindingRow;
use super::{EventTold, LiveRows};
use crate::flow::Call;
use crate::flow::live::{Replaced, Told};

/// A JSON object a line; `row` says what it is.
pub(super) struct Objects<'w> {
    out: Out<'w>,
    line: Vec<u8>,
}

#[derive(Serialize)]
struct Row<T> {
    row: &'static str,
    #[serde(flatten)]
    of: T,
}

/// A call as it stands.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct CallRow<'t> {
    /// The highest of a `call_id` counts.
    revision: u32,
    /// Whether the call is forgotten now.
    #[serde(rename = "final")]
    is_final: bool,
    /// Always `None` here.
    replaced_by: (),
    #[serde(flatten)]
    of: &'t Call<'t>,
}

/// A call that is another's: its last row.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct ReplacedRow<'t> {
    /// The highest of a `call_id` counts.
    revision: u32,
    /// Always true.
    #[serde(rename = "final")]
    is_final: bool,
    /// The `call_id` of the other.
    replaced_by: &'t str,
    /// The call's own.
    call_id: &'t str,
    /// `appId`.
    app_id: Option<&'t str>,
}

impl<'w> Objects<'w> {
    pub(super) fn new(out: Out<'w>) -> Self {
        Self { out, line: Vec::new() }
    }

    fn write(&mut self, row: &'static str, of: impl Serialize) -> io::Result<()> {
        self.line.clear();
        json(&mut self.line, &Row { row, of })?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.out.flush()
    }
}

impl LiveRows for Objects<'_> {
    fn event(&mut self, told: &EventTold<'_>) -> io::Result<()> {
        self.write("event", told)
    }

    fn finding(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        self.write("finding", row)
    }

    fn call(&mut self, told: &Told<'_>) -> io::Result<()> {
        let Told { call, revision, is_final, .. } = *told;
        self.write("call", CallRow { revision, is_final, replaced_by: (), of: call })
    }

    fn replaced(&mut self, replaced: &Replaced<'_>) -> io::Result<()> {
        let Replaced { call_id, app_id, revision, by } = *replaced;
        let row = ReplacedRow { revision, is_final: true, replaced_by: by, call_id, app_id };
        self.write("call", row)
    }
}
