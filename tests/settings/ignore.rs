//! What is ignored.

use super::program::Folder;

const CODE: &str = "code = 'S005'";
const PATH: &str = "path = 'logs/s5.ndjson'";
const POINTER: &str = "pointer = '/data/created_at'";

fn folder(criteria: &str) -> Folder {
    Folder::with(&format!("[[ignore]]\n{criteria}\nreason = 'known'"))
        .fires("S005", "logs/s5.ndjson")
}

fn is_ignored(criteria: &str) -> bool {
    let ran = folder(criteria).run("check --format concise logs/s5.ndjson");
    let ignored = ran.err.contains("0 infos; 1 ignored");
    assert_eq!(ignored, ran.out.is_empty(), "{criteria}: {ran:?}");
    ignored
}

#[test]
fn an_ignore_takes_what_meets_all_that_it_says() {
    for fits in [
        CODE.to_owned(),
        PATH.to_owned(),
        POINTER.to_owned(),
        [CODE, PATH].join("\n"),
        [CODE, POINTER].join("\n"),
        [PATH, POINTER].join("\n"),
        [CODE, PATH, POINTER].join("\n"),
    ] {
        assert!(is_ignored(&fits), "{fits}");
    }
    for other in [
        [CODE, PATH, "pointer = '/data/sessionId'"].join("\n"),
        [CODE, "path = 'logs/s6.ndjson'", POINTER].join("\n"),
        ["code = 'S006'", PATH, POINTER].join("\n"),
    ] {
        assert!(!is_ignored(&other), "{other}");
    }
}

#[test]
fn each_criterion_takes_one_or_several() {
    for fits in [
        "code = 's'",
        "code = 'S00'",
        "code = 'lenient-type'",
        "code = ['J', 'S005']",
        "path = ['a', 'logs/*']",
        "path = 's5.ndjson'",
        "path = '*.ndjson'",
        "path = 'logs/'",
        "path = 'logs/**'",
        "path = '**/s5.*'",
        "path = '**'",
        "path = './logs/s5.ndjson'",
        "pointer = '/data/*'",
        "pointer = '/**'",
        "pointer = ['/x', '/data/created_at']",
    ] {
        assert!(is_ignored(fits), "{fits}");
    }
    for other in [
        "code = 'S006'",
        "code = ['J', 'K']",
        "path = '*'",
        "path = '/logs/s5.ndjson'",
        "path = 'log'",
        "path = 'S5.ndjson'",
        "path = 'logs/s5'",
        "pointer = '/*'",
        "pointer = '/data'",
        "pointer = '/data/created_at/*'",
    ] {
        // A star alone stands for any name.
        assert_eq!(is_ignored(other), other == "path = '*'", "{other}");
    }
}

#[test]
fn a_path_starts_at_the_folder_of_the_file_wherever_one_stands() {
    let folder = folder("path = 'logs/s5.ndjson'").file("logs/deep/here", "");
    for (inside, input) in [
        ("", "logs/s5.ndjson"),
        ("", "./logs/s5.ndjson"),
        ("", "logs"),
        ("", "logs/*.ndjson"),
        ("", "logs/deep/../s5.ndjson"),
        ("logs", "s5.ndjson"),
        ("logs/deep", "../s5.ndjson"),
        ("logs/deep", ".."),
    ] {
        let ran = folder.run_in(inside, &format!("check {input}"));
        assert!(
            ran.err.starts_with("0 errors, 0 warnings, 0 infos; 1 ignored\n"),
            "{inside} {input}: {ran:?}"
        );
    }
}

#[test]
fn it_is_said_what_each_ignore_came_to() {
    let folder = Folder::with(
        "[[ignore]]\ncode = 'S'\nreason = 'one'\n\n[[ignore]]\npointer = '/x'\nreason = 'two'\n",
    )
    .fires("S005", "s5.ndjson");
    let ran = folder.run("check -v s5.ndjson");
    assert!(
        ran.err.contains("\ncallscope: callscope.toml:1: 1 finding ignored (one)\n"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("\ncallscope: callscope.toml:5: nothing to ignore (two)\n"),
        "{}",
        ran.err
    );
}
