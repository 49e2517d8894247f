//! Which rules are told, and how bad they are.

use super::program::Folder;

#[test]
fn what_was_typed_wins_over_the_file_and_the_file_over_the_catalogue() {
    for (settings, typed, told) in [
        ("", "", &["info K001"][..]),
        ("K001 = 'error'", "", &["error K001"]),
        ("k001 = 'error'", "", &["error K001"]),
        ("duplicate = 'error'", "", &["error K001"]),
        ("K = 'error'", "", &["error K001"]),
        ("K = 'error'\nK001 = 'warning'", "", &["warning K001"]),
        ("K001 = 'warning'\nK = 'error'", "", &["warning K001"]),
        ("K001 = 'error'", "--severity K=warning", &["warning K001"]),
        ("K001 = 'off'", "", &[]),
        ("K = 'off'", "", &[]),
        ("K = 'off'\nK001 = 'warning'", "", &["warning K001"]),
        ("K = 'warning'\nK001 = 'off'", "", &[]),
        ("K001 = 'off'", "--severity K001=info", &["info K001"]),
        ("K001 = 'off'", "--select K001", &["info K001"]),
        ("K001 = 'off'", "--select duplicate", &["info K001"]),
        ("K001 = 'off'", "--rule K001", &["info K001"]),
        ("K001 = 'off'", "--select K", &[]),
        ("K = 'off'", "--select K", &["info K001"]),
        ("K001 = 'error'", "--ignore K", &[]),
        ("K001 = 'error'", "--select J", &[]),
        ("K001 = 'error'", "--no-config", &["info K001"]),
    ] {
        let folder = Folder::with(&format!("[severity]\n{settings}")).fires("K001", "k1.ndjson");
        assert_eq!(
            folder.told(format!("k1.ndjson {typed}").trim_end()),
            told,
            "{settings} {typed}"
        );
    }
}

#[test]
fn a_rule_that_has_to_be_asked_for_is_asked_for_by_its_own_code() {
    for (settings, told) in [
        ("", &[][..]),
        ("S = 'warning'", &[]),
        ("S006 = 'off'", &[]),
        ("S006 = 'warning'", &["warning S006"]),
        ("unknown-field = 'info'", &["info S006"]),
    ] {
        let folder = Folder::with(&format!("[severity]\n{settings}")).fires("S006", "s6.ndjson");
        assert_eq!(folder.told("--ignore F s6.ndjson"), told, "{settings}");
    }
}

#[test]
fn severities_decide_what_fails_and_what_is_off_is_counted() {
    let folder = Folder::with("[severity]\nK001 = 'error'").fires("K001", "k1.ndjson");
    assert_eq!(folder.run("check -q k1.ndjson").status, Some(1));
    folder.write("callscope.toml", "[severity]\nK001 = 'off'");
    let ran = folder.run("check --fail-on info k1.ndjson");
    assert_eq!((ran.out.as_str(), ran.status), ("", Some(0)));
    assert!(ran.err.starts_with("0 errors, 0 warnings, 0 infos; 1 ignored\n"), "{}", ran.err);
    // What is off anyway is nothing that the settings ignore.
    let folder = Folder::with("[severity]\nS006 = 'off'").fires("S006", "s6.ndjson");
    let ran = folder.run("check --ignore F s6.ndjson");
    assert!(ran.err.starts_with("0 errors, 0 warnings, 0 infos\n"), "{}", ran.err);
}

#[test]
fn what_is_known_of_a_call_does_not_depend_on_settings() {
    let folder = Folder::new().fires("K003", "k3.ndjson");
    let rows = |folder: &Folder| folder.run("calls -q --json k3.ndjson").out;
    let before = rows(&folder);
    assert!(before.contains("K003"), "{before}");
    folder.write("callscope.toml", "[severity]\nK = 'off'\n[[ignore]]\ncode = 'K'\nreason = 'x'");
    assert_eq!(rows(&folder), before);
}
