//! When there is colour: the flag wins, then the environment, then whether it is a terminal.

use std::fs;

use super::terminal::{End, callscope, run};

const TERMINAL: End = End::Terminal(80);

/// A flag, what the environment says, and whether there is colour: on a terminal, in a pipe.
type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], [bool; 2]);

const CASES: [Case<'_>; 19] = [
    ("", &[], [true, false]),
    ("auto", &[], [true, false]),
    ("always", &[], [true, true]),
    ("never", &[], [false, false]),
    ("", &[("NO_COLOR", "1")], [false, false]),
    ("", &[("NO_COLOR", "")], [true, false]),
    ("auto", &[("NO_COLOR", "1")], [false, false]),
    ("always", &[("NO_COLOR", "1")], [true, true]),
    ("", &[("CLICOLOR_FORCE", "1")], [true, true]),
    ("never", &[("CLICOLOR_FORCE", "1")], [false, false]),
    ("", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], [false, false]),
    ("", &[("CLICOLOR", "0")], [false, false]),
    ("always", &[("CLICOLOR", "0")], [true, true]),
    ("", &[("TERM", "dumb")], [false, false]),
    ("auto", &[("TERM", "dumb")], [false, false]),
    ("always", &[("TERM", "dumb")], [true, true]),
    ("", &[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], [true, true]),
    ("", &[("TERM", "vt100")], [true, false]),
    ("never", &[("TERM", "xterm"), ("COLORTERM", "truecolor")], [false, false]),
];

const COMMANDS: [&[&str]; 7] = [
    &["calls", "samples/redial.ndjson"],
    &["timeline", "samples/redial.ndjson"],
    &["events", "samples/redial.ndjson"],
    &["stats", "samples/redial.ndjson"],
    &["check", "samples/damaged.ndjson"],
    &["rule"],
    &["diff", "samples/diff/sent.dump", "samples/diff/stored.dump"],
];

/// What a command prints with `--color flag`, unless that is empty, and this in the environment.
fn printed(arguments: &[&str], flag: &str, env: &[(&str, &str)], end: End) -> String {
    let mut command = callscope(arguments);
    if !flag.is_empty() {
        command.args(["--color", flag]);
    }
    command.envs(env.iter().copied());
    let printed = run(command, end, End::Pipe).unwrap_or_else(|error| unreachable!("{error}"));
    assert!(!printed.stdout.is_empty() && !printed.stderr.contains('\u{1b}'), "{printed:?}");
    printed.stdout
}

#[test]
fn the_flag_wins_over_the_environment_and_the_environment_over_the_terminal() {
    for (flag, env, coloured) in CASES {
        for (end, coloured) in [TERMINAL, End::Pipe].into_iter().zip(coloured) {
            let text = printed(COMMANDS[1], flag, env, end);
            assert_eq!(text.contains('\u{1b}'), coloured, "--color {flag}, {env:?}, {end:?}");
        }
    }
}

#[test]
fn every_command_follows_the_same_rules() {
    for arguments in COMMANDS {
        for (end, flag, env, coloured) in [
            (TERMINAL, "", &[][..], true),
            (TERMINAL, "never", &[], false),
            (TERMINAL, "", &[("NO_COLOR", "1")], false),
            (TERMINAL, "", &[("TERM", "dumb")], false),
            (End::Pipe, "", &[], false),
            (End::Pipe, "always", &[("NO_COLOR", "1")], true),
            (End::Pipe, "", &[("CLICOLOR_FORCE", "1")], true),
        ] {
            let text = printed(arguments, flag, env, end);
            let case = format!("{arguments:?} --color {flag}, {env:?}, {end:?}");
            assert_eq!(text.contains('\u{1b}'), coloured, "{case}");
        }
    }
}

#[test]
fn colour_adds_nothing_but_styling() {
    for arguments in COMMANDS {
        let plain = printed(arguments, "never", &[], TERMINAL);
        let coloured = printed(arguments, "always", &[], TERMINAL);
        assert_eq!(super::straight::without_styling(&coloured), plain, "{arguments:?}");
    }
}

#[test]
fn a_file_has_colour_only_where_the_flag_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.txt");
    for arguments in &COMMANDS[..4] {
        for (flag, coloured) in [("", false), ("auto", false), ("never", false), ("always", true)] {
            let mut command = callscope(*arguments);
            command.arg("-o").arg(&path);
            if !flag.is_empty() {
                command.args(["--color", flag]);
            }
            let printed = run(command, TERMINAL, End::Pipe).expect("callscope runs");
            assert_eq!(printed.stdout, "", "{arguments:?}");
            let text = fs::read_to_string(&path).expect("what was written");
            assert_eq!(text.contains('\u{1b}'), coloured, "{arguments:?} --color {flag}");
        }
    }
}

#[test]
fn machine_formats_never_have_colour() {
    for command in ["calls", "timeline", "events", "check"] {
        let formats: &[&str] = match command {
            "check" => &["concise", "json", "ndjson"],
            _ => &["json", "ndjson", "csv", "markdown"],
        };
        for format in formats {
            let arguments = [command, "--format", format, "samples/damaged.ndjson"];
            let text = printed(&arguments, "always", &[("CLICOLOR_FORCE", "1")], TERMINAL);
            assert!(!text.contains('\u{1b}'), "{command} --format {format}");
        }
    }
}

#[test]
fn help_has_colour_on_a_terminal_that_has_it() {
    for arguments in [&["--help"][..], &["timeline", "--help"], &["help", "check"]] {
        let coloured = |env, end| printed(arguments, "", env, end).contains('\u{1b}');
        assert!(coloured(&[], TERMINAL), "{arguments:?}");
        assert!(!coloured(&[], End::Pipe), "{arguments:?}");
        assert!(!coloured(&[("NO_COLOR", "1")], TERMINAL), "{arguments:?}");
        assert!(!coloured(&[("TERM", "dumb")], TERMINAL), "{arguments:?}");
    }
}

#[test]
fn a_terminal_knows_its_width_better_than_the_environment() {
    let width = |columns: &str, end| {
        let text = printed(COMMANDS[1], "never", &[("COLUMNS", columns)], end);
        text.lines().map(unicode_width::UnicodeWidthStr::width).max()
    };
    assert_eq!(width("60", TERMINAL), Some(80));
    assert_eq!(width("60", End::Pipe), Some(60));
    // A terminal that does not know it.
    assert_eq!(width("60", End::Terminal(0)), Some(60));
    for no_width in ["", "0", "-1", "wide"] {
        assert_eq!(width(no_width, End::Pipe), Some(100), "{no_width}");
    }
}
