//! `sarif`: the part of SARIF 2.1.0 that GitHub code scanning reads.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{ReportContext, SeverityCounts};
use crate::finding::{Basis, Rule, Severity, SourceId, Spot};
use crate::rules;
use crate::view::report::{self, Out, Report};
use crate::view::rows::FindingRow;
use crate::view::summary::Summary;
use crate::view::text::shown;
use crate::view::words::count;

/// The most results of a run that code scanning accepts.
const MAX_RESULTS: u64 = 25_000;

/// The most locations of a result that code scanning accepts.
const MAX_RELATED: usize = 100;

/// The longest description that code scanning accepts, in characters.
const MAX_DESCRIPTION: usize = 1024;

pub(super) struct Sarif<'w> {
    out: Out<'w>,
    context: ReportContext<'w>,
    begun: bool,
    /// By severity, the number of results that still have room.
    left: [u64; 3],
    codes: Vec<&'static str>,
}

impl<'w> Sarif<'w> {
    pub(super) fn new(out: Out<'w>, context: ReportContext<'w>) -> Self {
        let codes = rules::all().map(|rule| rule.code).collect();
        Self { out, context, begun: false, left: shares(context.rows), codes }
    }

    /// Writes everything before the results.
    fn begin(&mut self) -> io::Result<()> {
        let driver = json!({
            "name": "callscope",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": concat!("https://crates.io/crates/", env!("CARGO_PKG_NAME")),
            "rules": rules::all().map(descriptor).collect::<Vec<_>>(),
        });
        let left_out = self.context.rows.total().saturating_sub(MAX_RESULTS);
        let unread = self.context.unread.iter();
        let unread =
            unread.map(|error| json!({"level": "error", "message": {"text": escaped(error)}}));
        let limited = (left_out > 0).then(|| limit_notification(left_out));
        let notifications: Vec<Value> = unread.chain(limited).collect();
        let invocation = json!({
            "executionSuccessful": self.context.unread.is_empty(),
            "toolExecutionNotifications": notifications,
        });
        self.out.write_all(b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":")?;
        report::json(&mut self.out, &driver)?;
        self.out.write_all(b"},\"invocations\":[")?;
        report::json(&mut self.out, &invocation)?;
        self.out.write_all(b"],\"columnKind\":\"unicodeCodePoints\",\"results\":[")
    }

    /// A place; `end` is the line and the column of what follows it.
    fn location(&self, source: SourceId, start: (u64, u64), end: (u64, u64)) -> Value {
        let uri = self.context.location(source).map_or("", |location| &location.uri);
        json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri },
            "region": {
                "startLine": start.0, "startColumn": start.1, "endLine": end.0, "endColumn": end.1,
            },
        }})
    }

    fn result(&self, row: &FindingRow<'_>) -> Value {
        let mut result = json!({
            "ruleId": row.rule,
            "ruleIndex": self.codes.iter().position(|code| *code == row.rule).unwrap_or_default(),
            "level": level(row.severity),
            "message": { "text": message(row) },
            "locations": [self.location(row.spot.source, (row.line, row.col), row.end)],
        });
        let others = row.others.iter().map(|(_, spot)| *spot);
        let related = others.chain(row.next_places().map(|place| place.spot)).take(MAX_RELATED);
        let related: Vec<Value> = related
            .map(|Spot { source, line, col, .. }| {
                self.location(source, (line, col), (line, col + 1))
            })
            .collect();
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        if row.count > 1 {
            result["occurrenceCount"] = row.count.into();
        }
        result["partialFingerprints"] =
            json!({ "primaryLocationLineHash": row.fingerprint.to_string() });
        result
    }
}

/// By severity, the number of results that are written: the worst are kept.
fn shares(rows: SeverityCounts) -> [u64; 3] {
    let mut left = MAX_RESULTS;
    let mut shares = [0; 3];
    for severity in Severity::ALL {
        shares[severity as usize] = rows.of(severity).min(left);
        left -= shares[severity as usize];
    }
    shares
}

impl Report<FindingRow<'_>> for Sarif<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        let left = &mut self.left[row.severity as usize];
        if *left == 0 {
            return Ok(());
        }
        *left -= 1;
        if std::mem::replace(&mut self.begun, true) {
            self.out.write_all(b",\n")?;
        } else {
            self.begin()?;
            self.out.write_all(b"\n")?;
        }
        let result = self.result(row);
        report::json(&mut self.out, &result)
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        if !self.begun {
            self.begin()?;
        }
        self.out.write_all(b"\n]}]}\n")?;
        self.out.flush()
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        other => other.name(),
    }
}

/// The message, the subject and the help.
fn message(row: &FindingRow<'_>) -> String {
    let mut text = escaped(&super::message(row));
    for line in super::subject(row).into_iter().chain(row.help.map(|help| format!("Help: {help}")))
    {
        text.push('\n');
        text.push_str(&escaped(&line));
    }
    text
}

/// Untrusted text in a message. Brackets would begin a link.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in shown(text).chars() {
        if matches!(character, '\\' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A rule of the catalogue.
fn descriptor(rule: &Rule) -> Value {
    let (precision, basis) = match rule.basis {
        Basis::Documented => ("very-high", "documented"),
        Basis::Inferred => ("high", "inferred"),
    };
    let family = rules::FAMILIES.iter().find(|(letter, _)| rule.code.starts_with(letter));
    let problem = match rule.severity {
        Severity::Info => "recommendation",
        other => other.name(),
    };
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": whole_sentences(rule.why, MAX_DESCRIPTION) },
        "help": {
            "text": format!("{}\n\nWhat to do: {}\n\nSource: {}.", rule.why, rule.remedy, rule.source),
            "markdown": format!("{}\n\n**What to do**\n\n{}\n\n**Source**\n\n{}.", rule.why, rule.remedy, rule.source),
        },
        "defaultConfiguration": { "level": level(rule.severity), "enabled": rule.by_default },
        "properties": {
            "tags": [family.map_or("callscope", |(_, about)| about), basis],
            "precision": precision,
            "problem.severity": problem,
        },
    })
}

/// The sentences of a text that fit, or the part of the first that fits.
fn whole_sentences(text: &str, room: usize) -> &str {
    if text.len() <= room {
        return text;
    }
    let cut = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let text = &text[..cut];
    text.rfind(". ").map_or(text, |end| &text[..=end])
}

fn limit_notification(left_out: u64) -> Value {
    let left_out = count(left_out, "finding");
    let most = count(MAX_RESULTS, "result");
    json!({
        "level": "warning",
        "message": { "text": format!("{left_out} left out: code scanning takes {most} at most, and the worst are kept") },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_have_room_first() {
        let counts = [(Severity::Warning, 24_000), (Severity::Info, 24_000), (Severity::Error, 1)];
        let rows: SeverityCounts = counts.into_iter().collect();
        assert_eq!(shares(rows), [999, 24_000, 1]);
    }

    #[test]
    fn no_message_holds_a_link() {
        assert_eq!(escaped("[x](http://y) \\[z](y)"), "\\[x\\](http://y) \\\\\\[z\\](y)");
    }

    #[test]
    fn a_long_text_is_cut_behind_a_sentence() {
        assert_eq!(whole_sentences("One. Two. Three.", 12), "One. Two.");
        assert_eq!(whole_sentences("One. Two.", 12), "One. Two.");
    }
}
