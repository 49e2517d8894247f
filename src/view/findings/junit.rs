//! `junit`: `JUnit` XML with a test suite for each source, which holds a test case for the source
//! and one for each finding.

use std::collections::HashSet;
use std::io;

use quick_junit::{
    NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite, XmlString,
};

use super::{ReportContext, message, occurrences, subject};
use crate::finding::{MAX_PLACES, SourceId};
use crate::view::report::{Out, Report};
use crate::view::rows::FindingRow;
use crate::view::summary::Summary;
use crate::view::text::shown;
use crate::view::words::count;

pub(super) struct Junit<'w> {
    out: Out<'w>,
    context: ReportContext<'w>,
    document: Document,
    /// The number of sources that have their suite.
    done: usize,
    open: SourceCases,
}

/// The cases of the current source.
#[derive(Default)]
struct SourceCases {
    cases: Vec<TestCase>,
    /// The number of findings in `cases`.
    findings: u64,
    names: HashSet<String>,
}

impl<'w> Junit<'w> {
    pub(super) fn new(out: Out<'w>, context: ReportContext<'w>) -> Self {
        let document = Document::new("callscope");
        Self { out, context, document, done: 0, open: SourceCases::default() }
    }

    /// Adds the inputs that could not be read as a suite of errors.
    fn add_unread(&mut self) {
        if self.context.unread.is_empty() {
            return;
        }
        let mut suite = TestSuite::new("unread");
        for (number, error) in self.context.unread.iter().enumerate() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(text(error));
            let mut case = TestCase::new(format!("input {}", number + 1), status);
            case.set_classname("unread");
            suite.add_test_case(case);
        }
        self.document.add_test_suite(suite);
    }

    /// Adds the suites of all sources before `source`.
    fn close_before(&mut self, source: SourceId) {
        while self.done < (source.0 as usize).min(self.context.names.len()) {
            let name = text(self.context.names[self.done]);
            let open = std::mem::take(&mut self.open);
            let mut suite = TestSuite::new(name.clone());
            let mut whole = TestCase::new("check", TestCaseStatus::success());
            whole.set_classname(name);
            whole.set_system_out(count(open.findings, "finding"));
            suite.add_test_case(whole);
            suite.add_test_cases(open.cases);
            self.document.add_test_suite(suite);
            self.done += 1;
        }
    }
}

impl Report<FindingRow<'_>> for Junit<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        self.close_before(row.spot.source);
        let name = self.open.unique_name(row);
        let status = if row.severity >= self.context.fail_on {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(format!("{} {}", row.severity.name(), row.rule));
            status.set_message(text(&message(row))).set_description(body(row));
            status
        } else {
            TestCaseStatus::success()
        };
        let passes = matches!(status, TestCaseStatus::Success { .. });
        let mut case = TestCase::new(name, status);
        case.set_classname(text(row.source));
        if passes {
            case.set_system_out(body(row));
        }
        self.open.cases.push(case);
        self.open.findings += row.count;
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.close_before(SourceId(u32::MAX));
        self.add_unread();
        // Written in one piece: the library's own error would not show that the reader is gone.
        let document = self.document.to_string().map_err(io::Error::other)?;
        self.out.write_all(document.as_bytes())?;
        self.out.flush()
    }
}

impl SourceCases {
    /// A name that no other case of the source has.
    fn unique_name(&mut self, row: &FindingRow<'_>) -> XmlString {
        let name = format!("{} {} at {}:{}", row.rule, row.name, row.line, row.col);
        let name = match row.pointer {
            Some(pointer) => format!("{name} {}", shown(pointer)),
            None => name,
        };
        let mut unique = name.clone();
        let mut number = 1;
        while !self.names.insert(unique.clone()) {
            number += 1;
            unique = format!("{name} ({number})");
        }
        text(&unique)
    }
}

/// Everything about a finding: some readers show nothing else.
fn body(row: &FindingRow<'_>) -> XmlString {
    let severity = row.severity.name();
    let place = format!("{}:{}:{}", row.source, row.line, row.col);
    let mut lines = vec![format!("{severity}[{}] {}: {}", row.rule, row.name, row.message), place];
    lines.extend(subject(row));
    lines.extend(occurrences(row, MAX_PLACES));
    lines.extend(row.help.map(|help| format!("help: {help}")));
    lines.extend(row.call_id.map(|call_id| format!("call {call_id}")));
    let lines: Vec<String> = lines.iter().map(|line| printable(&shown(line))).collect();
    XmlString::new(lines.join("\n"))
}

/// Untrusted text on one line.
fn text(text: &str) -> XmlString {
    XmlString::new(printable(&shown(text)))
}

/// Escapes the two characters that XML forbids although they are no control characters.
fn printable(text: &str) -> String {
    text.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}
