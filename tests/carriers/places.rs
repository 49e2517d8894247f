//! Where a finding stands that is in a body in a carrier.

use std::fs;

use serde_json::Value;

use crate::judge;
use crate::reading::rows;
use crate::shelf::{Fixture, fixtures};

#[test]
fn a_finding_in_a_carrier_has_one_place_in_the_file() {
    judge(&fixtures("wrong"), |fixture| {
        let text = fs::read_to_string(&fixture.path).expect("the fixture");
        let findings = rows(&["check", "--select", "S"], &fixture.path, false);
        findings.iter().try_for_each(|finding| agrees(&text, finding))
    });
}

#[test]
fn a_finding_in_a_body_that_stands_as_it_is_stands_at_its_value() {
    judge(&fixtures("wrong"), |fixture| match value_at(fixture) {
        Some(value) => stands_at(fixture, value),
        None => Ok(()),
    });
}

/// Where the wrong value of S003 stands, if the body is in the carrier as it was sent.
fn value_at(fixture: &Fixture) -> Option<usize> {
    fs::read_to_string(&fixture.path).expect("the fixture").find("\"team\"")
}

fn stands_at(fixture: &Fixture, value: usize) -> Result<(), String> {
    let findings = rows(&["check", "--select", "S003"], &fixture.path, false);
    let places: Vec<_> = findings.iter().map(|finding| &finding["byte_offset"]).collect();
    if places == [&Value::from(value)] {
        return Ok(());
    }
    Err(format!("at {places:?}, the value at {value}"))
}

/// Whether line and column are those of the byte.
fn agrees(text: &str, finding: &Value) -> Result<(), String> {
    let number = |key: &str| finding[key].as_u64().and_then(|number| usize::try_from(number).ok());
    let before = number("byte_offset").and_then(|offset| text.get(..offset));
    let before = before.ok_or_else(|| format!("{} is no place", finding["byte_offset"]))?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    let place = (Some(before.matches('\n').count() + 1), Some(line.chars().count() + 1));
    if place == (number("line"), number("col")) {
        return Ok(());
    }
    Err(format!("{}:{} is not {place:?}", finding["line"], finding["col"]))
}
