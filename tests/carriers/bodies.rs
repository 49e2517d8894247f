//! What comes out of a carrier is what was put in.

use crate::reading::{calls, events, packed, placed, rows, schema_findings};
use crate::shelf::{Fixture, all, fixtures, third_party};
use crate::{judge, same};

#[test]
fn every_carrier_yields_the_calls_of_the_plain_capture() {
    judge(&all(), |fixture| same(&calls(&fixture.path), &calls(&fixture.plain)));
}

#[test]
fn every_carrier_yields_the_deliveries_of_the_plain_capture() {
    judge(&all(), |fixture| same(&events(&fixture.path), &events(&fixture.plain)));
}

#[test]
fn what_is_wrong_in_a_body_is_told_in_every_carrier() {
    judge(&fixtures("wrong"), |fixture| {
        same(&schema_findings(&fixture.path), &schema_findings(&fixture.plain))
    });
}

#[test]
fn the_webhooks_in_a_carrier_made_by_others_are_found() {
    judge(&third_party(), |fixture| match fixture.trigger() {
        None => same(&events(&fixture.path), &events(&fixture.plain)),
        Some(trigger) => {
            let rows = rows(&["events"], &fixture.path, false);
            let found: Vec<_> = rows.iter().map(|row| (&row["trigger"], &row["status"])).collect();
            same(&found, &[(&trigger.into(), &"event".into())])
        }
    });
}

#[test]
fn a_pipe_and_an_archive_give_what_the_file_gives() {
    judge(&[all(), third_party()].concat(), |fixture: &Fixture| {
        let expected = placed(&fixture.path, false);
        same(&placed(&fixture.path, true), &expected)?;
        for packed in packed(&fixture.path) {
            same(&placed(&packed, false), &expected)?;
            same(&placed(&packed, true), &expected)?;
        }
        Ok(())
    });
}

#[test]
fn nothing_in_a_carrier_is_taken_for_damage() {
    judge(&[all(), third_party()].concat(), |fixture| {
        let mut findings = rows(&["check", "--select", "J"], &fixture.path, false);
        // Where other requests stand between the webhooks, J003 says so.
        let others = fixture.name.contains("-mixed.") || fixture.name.starts_with("third_party/");
        findings
            .retain(|found| found["rule"] != "J003" || !(others || found["severity"] == "info"));
        same(&findings, &[])
    });
}
