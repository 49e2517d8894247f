//! What a carrier holds beside the body stays in it.

use std::fs;
use std::path::Path;

use crate::judge;
use crate::reading::run;
use crate::shelf::{all, third_party};

/// The marker in every secret of the fixtures, and what is left of it in base64, whatever stands
/// before and behind it.
const SECRETS: [&str; 4] = ["hunter2", "aHVudGVyM", "h1bnRlcj", "odW50ZXIy"];

const TABLES: [&str; 5] = ["table", "json", "ndjson", "csv", "markdown"];
const FINDINGS: [&str; 4] = ["text", "concise", "json", "ndjson"];

/// Secrets as the carriers have them beside a body.
const BESIDE: [&str; 22] = [
    r#"{"authorization":"Basic Y29tZXRjaGF0Omh1bnRlcjI="}"#,
    r#"{"Authorization": "Bearer hunter2"}"#,
    r#"{"authorization":["Basic Y29tZXRjaGF0Omh1bnRlcjI="]}"#,
    r#"{"authorization":"Digest username=\"x\", response=\"hunter2\""}"#,
    r#"{"proxy-authorization":"Basic Y29tZXRjaGF0Omh1bnRlcjI="}"#,
    r#"{"http_authorization":"Basic Y29tZXRjaGF0Omh1bnRlcjI="}"#,
    r#"{"name":"Authorization","value":"Basic Y29tZXRjaGF0Omh1bnRlcjI="}"#,
    r#"{"value":"Basic Y29tZXRjaGF0Omh1bnRlcjI=","name":"Authorization"}"#,
    r#"{"rawHeaders":["Authorization","Basic Y29tZXRjaGF0Omh1bnRlcjI="]}"#,
    r#"{"log":"Authorization: Basic Y29tZXRjaGF0Omh1bnRlcjI=\n"}"#,
    r#"{"log":"{\"authorization\":\"Basic Y29tZXRjaGF0Omh1bnRlcjI=\"}"}"#,
    r#"{"log":"{'authorization': 'Basic Y29tZXRjaGF0Omh1bnRlcjI='}"}"#,
    r#"{"raw":"UE9TVCAvIEhUVFAvMS4xDQpBdXRob3JpemF0aW9uOiBCYXNpYyBZMjl0WlhSamFHRjBPbWgxYm5SbGNqST0NCg=="}"#,
    r#"{"cookie":"theme=dark; session=hunter2"}"#,
    r#"{"cookie":["theme=dark; session=hunter2"]}"#,
    r#"{"cookies":["theme=dark","session=hunter2"]}"#,
    r#"{"cookies":[{"name":"session","value":"hunter2"}]}"#,
    r#"{"set-cookie":["session=hunter2; HttpOnly"]}"#,
    r#"{"x-api-key":"hunter2"}"#,
    r#"{"apiKey":"hunter2"}"#,
    r#"{"url":"/hooks?a=1&token=hunter2&b=2"}"#,
    r#"{"url":"https://cometchat:hunter2@hooks.example/"}"#,
];

#[test]
fn no_secret_of_a_carrier_leaves_the_tool() {
    judge(&[all(), third_party()].concat(), |fixture| {
        for command in ["calls", "timeline", "events"] {
            TABLES.iter().try_for_each(|format| silent(&fixture.path, command, format))?;
        }
        FINDINGS.iter().try_for_each(|format| silent(&fixture.path, "check", format))
    });
}

#[test]
fn an_excerpt_hides_what_stands_beside_a_body() {
    let mut told = Vec::new();
    for secret in BESIDE {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in excerpted(secret) {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let silent = FINDINGS.iter().try_for_each(|format| silent(folder.path(), "check", format));
        told.extend(silent.err().map(|told| format!("{secret}: {told}")));
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// Captures with a finding whose excerpt reaches a secret.
fn excerpted(secret: &str) -> [(&'static str, String); 5] {
    let broken = r#"{"trigger":"call_ended",,}"#;
    let wrong = r#"{"trigger":"call_started","data":{"sessionId":"s"}}"#;
    [
        ("no-webhook.ndjson", format!("{{\"beside\":{secret}}}\n")),
        ("no-json.ndjson", format!("{{\"beside\":{secret},\"body\":{broken}}}\n")),
        ("no-json.log", format!("INFO {secret} {broken}\n")),
        ("wrong.ndjson", format!("{{\"beside\":{secret},\"body\":{wrong}}}\n")),
        ("wrong.log", format!("INFO {secret} {wrong}\n")),
    ]
}

/// Whether a command says nothing of the secrets, on stdout or stderr.
fn silent(path: &Path, command: &str, format: &str) -> Result<(), String> {
    let output = run(&[command, "-v", "--format", format], path, false);
    for (stream, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        let text = String::from_utf8_lossy(&bytes);
        if let Some(secret) = SECRETS.into_iter().find(|secret| text.contains(secret)) {
            let line = text.lines().find(|line| line.contains(secret)).unwrap_or_default();
            return Err(format!("{command} {format} prints {secret} on {stream}: {line}"));
        }
    }
    Ok(())
}
