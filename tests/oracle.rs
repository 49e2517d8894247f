//! Simulated calls against an oracle that shares no code with the crate; see `tests/oracle/`.

use std::path::Path;
use std::process::Command;

#[test]
fn three_hundred_simulated_calls_come_out_as_the_oracle_says() {
    let failure = failure("calls");
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}

#[test]
fn what_a_thousand_simulated_calls_have_lost_is_found_and_nothing_else() {
    let failure = failure("findings");
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}

/// What one of the oracle's two parts says if it fails. The gate installs Python and runs more
/// calls.
fn failure(part: &str) -> Option<String> {
    Command::new("python3").arg("--version").output().ok()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/run.sh");
    let callscope = env!("CARGO_BIN_EXE_callscope");
    match Command::new("bash").arg(script).args([callscope, "4", "300", part]).output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let (told, errors) = (output.stdout, output.stderr);
            Some(String::from_utf8_lossy(&[told, errors].concat()).into_owned())
        }
        Err(error) => Some(error.to_string()),
    }
}
