//! Simulated calls against an oracle that shares no code with the crate; see `tests/oracle/`.

use std::path::Path;
use std::process::Command;

#[test]
fn three_hundred_simulated_calls_come_out_as_the_oracle_says() {
    run("calls");
}

#[test]
fn what_a_thousand_simulated_calls_have_lost_is_found_and_nothing_else() {
    run("findings");
}

/// Runs one of the oracle's two parts. The gate installs Python and runs more calls.
fn run(part: &str) {
    if Command::new("python3").arg("--version").output().is_err() {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/run.sh");
    let output = Command::new("bash")
        .arg(script)
        .args([env!("CARGO_BIN_EXE_callscope"), "4", "300", part])
        .output()
        .expect("bash starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
}
