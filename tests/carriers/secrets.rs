//! What a carrier holds beside the body stays in it.

use crate::judge;
use crate::reading::run;
use crate::shelf::{Fixture, all, third_party};

/// The marker in every secret of the fixtures, and what is left of it in base64, whatever stands
/// before and behind it.
const SECRETS: [&str; 4] = ["hunter2", "aHVudGVyM", "h1bnRlcj", "odW50ZXIy"];

const TABLES: [&str; 5] = ["table", "json", "ndjson", "csv", "markdown"];
const FINDINGS: [&str; 4] = ["text", "concise", "json", "ndjson"];

#[test]
fn no_secret_of_a_carrier_leaves_the_tool() {
    judge(&[all(), third_party()].concat(), |fixture| {
        for command in ["calls", "timeline", "events"] {
            TABLES.iter().try_for_each(|format| silent(fixture, command, format))?;
        }
        FINDINGS.iter().try_for_each(|format| silent(fixture, "check", format))
    });
}

/// Whether a command says nothing of the secrets, on stdout or stderr.
fn silent(fixture: &Fixture, command: &str, format: &str) -> Result<(), String> {
    let output = run(&[command, "-v", "--format", format], &fixture.path, false);
    for (stream, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        let text = String::from_utf8_lossy(&bytes);
        if let Some(secret) = SECRETS.into_iter().find(|secret| text.contains(secret)) {
            let line = text.lines().find(|line| line.contains(secret)).unwrap_or_default();
            return Err(format!("{command} {format} prints {secret} on {stream}: {line}"));
        }
    }
    Ok(())
}
