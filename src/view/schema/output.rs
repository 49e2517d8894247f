//! The JSON Schemas of what callscope prints for programs, made from the rows' own types.
//!
//! Every field is required, since a field is never left out. Others are let pass: fields may be
//! added under the same number.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::DIALECT;
use crate::flow::Call;
use crate::stats::{CallStats, PARTIAL_SCHEMA, PartialStats};
use crate::view::diff::{DiffRow, DiffSummary};
use crate::view::follow::{CallRow, EventTold, ReplacedRow};
use crate::view::report::Item;
use crate::view::rows::{EventRow, FindingRow, Timeline};
use crate::view::summary::Summary;
use crate::view::{findings, follow, stats};

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Document {
    /// One row per call
    Calls,
    /// Each call with its timeline
    Timeline,
    /// One row per delivery
    Events,
    /// One row per finding
    Check,
    /// Each call that differs between two captures
    Diff,
    /// All calls in figures, and those of groups
    Stats,
    /// What `stats --partial` prints
    StatsPartial,
    /// A row of `follow --format ndjson`
    Follow,
}

/// The schema of an output.
#[must_use]
pub fn output(document: Document) -> Value {
    match document {
        Document::Calls => list_of::<Call<'_>, Summary>(Call::SCHEMA, Call::LIST),
        Document::Timeline => list_of::<Timeline<'_>, Summary>(Timeline::SCHEMA, Timeline::LIST),
        Document::Events => list_of::<EventRow<'_>, Summary>(EventRow::SCHEMA, EventRow::LIST),
        Document::Check => list_of::<FindingRow<'_>, Summary>(findings::SCHEMA, findings::LIST),
        Document::Diff => list_of::<DiffRow<'_>, DiffSummary>(DiffRow::SCHEMA, DiffRow::LIST),
        Document::Stats => figures(),
        Document::StatsPartial => made_of(),
        Document::Follow => rows(),
    }
}

fn generator() -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.transforms.clear();
    settings.with_transform(Tidy).into_generator()
}

/// The schema of a JSON document of these rows and figures.
fn list_of<T: JsonSchema, S: JsonSchema>(schema: &str, list: &str) -> Value {
    let (name, _) = schema.split_once('/').unwrap_or((schema, ""));
    let mut generator = generator();
    let row = generator.subschema_for::<T>();
    let summary = generator.subschema_for::<S>();
    json!({
        "$schema": DIALECT,
        "$id": id(schema),
        "title": schema,
        "description": format!(
            "What `callscope {name} --json` prints. With `--format ndjson` each line is a row: \
             `{}`.",
            row.get("$ref").and_then(Value::as_str).unwrap_or_default()
        ),
        "type": "object",
        "required": ["schema", list, "summary"],
        "properties": {
            "schema": {"const": schema},
            list: {"type": "array", "items": row},
            "summary": summary,
        },
        "$defs": generator.take_definitions(true),
    })
}

/// The schema of the document of `stats`.
fn figures() -> Value {
    let mut generator = generator();
    let row = generator.subschema_for::<CallStats>();
    let summary = generator.subschema_for::<Summary>();
    json!({
        "$schema": DIALECT,
        "$id": id(stats::SCHEMA),
        "title": stats::SCHEMA,
        "description": "What `callscope stats --json` prints. With `--format ndjson` there is a \
                        line for all calls, or with `--by` for each group, like `stats` and \
                        `groups` here.",
        "type": "object",
        "required": ["schema", "stats", "groups", "summary"],
        "properties": {
            "schema": {"const": stats::SCHEMA},
            "stats": row,
            "groups": {"type": "array", "items": row},
            "summary": summary,
        },
        "$defs": generator.take_definitions(true),
    })
}

/// The schema of what figures are made of.
fn made_of() -> Value {
    let mut schema = generator().into_root_schema_for::<PartialStats<Summary>>().to_value();
    for (name, value) in [
        ("$id", json!(id(PARTIAL_SCHEMA))),
        ("title", json!(PARTIAL_SCHEMA)),
        ("description", json!("What `callscope stats --partial` prints and `--merge` reads.")),
    ] {
        schema[name] = value;
    }
    schema["properties"]["schema"] = json!({"const": PARTIAL_SCHEMA});
    schema
}

/// The schema of a row of `follow`.
fn rows() -> Value {
    let mut generator = generator();
    let row = |word: &str, schema: Schema| json!({"required": ["row"], "properties": {"row": {"const": word}}, "allOf": [schema]});
    let rows = [
        row("event", generator.subschema_for::<EventTold<'_>>()),
        row("finding", generator.subschema_for::<FindingRow<'_>>()),
        row("call", generator.subschema_for::<CallRow<'_>>()),
        row("call", generator.subschema_for::<ReplacedRow<'_>>()),
    ];
    json!({
        "$schema": DIALECT,
        "$id": id(follow::SCHEMA),
        "title": follow::SCHEMA,
        "description": "A line of what `callscope follow --format ndjson` prints.",
        "type": "object",
        "anyOf": rows,
        "$defs": generator.take_definitions(true),
    })
}

/// `calls/1` → `urn:callscope:output:calls:1`.
fn id(schema: &str) -> String {
    format!("urn:callscope:output:{}", schema.replace('/', ":"))
}

/// Says in JSON's words what is said in Rust's.
#[derive(Clone, Debug)]
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        // The size of a number in memory is no form that a reader of JSON knows.
        let form = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        if form.starts_with("uint") || form.starts_with("int") || form == "double" {
            schema.remove("format");
        }
        if let Some(object) = schema.as_object_mut()
            && let Some(Value::String(description)) = object.remove("description")
        {
            let description = description.replace("`None`", "`null`").replace('\n', " ");
            object.shift_insert(0, "description".into(), description.into());
        }
    }
}
