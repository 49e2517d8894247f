//! Workflow commands, taken apart as the runner does.

use std::fs;

use super::run::{HOSTILE, Repository, many, ran};

/// A command: its level, its properties and its message.
type Command = (String, Vec<(String, String)>, String);

fn unescaped(text: &str) -> String {
    let text = text.replace("%0D", "\r").replace("%0A", "\n");
    text.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
}

/// What the runner reads of a line; every line is a command.
fn command(line: &str) -> Command {
    let rest = line.strip_prefix("::").expect("a command");
    let (head, message) = rest.split_once("::").expect("a message");
    let (level, properties) = head.split_once(' ').expect("properties");
    let properties = properties.split(',').map(|pair| {
        let (name, value) = pair.split_once('=').expect("a property");
        (name.to_owned(), unescaped(value))
    });
    (level.to_owned(), properties.collect(), unescaped(message))
}

fn commands(text: &str) -> Vec<Command> {
    text.lines().map(command).collect()
}

#[test]
fn what_strangers_wrote_is_text_of_one_command() {
    let repository = Repository::full();
    let commands = commands(&repository.printed(&["--format", "github", "-q", "."]));
    let rank = |level: &str| ["error", "warning", "notice"].iter().position(|one| *one == level);
    assert!(commands.is_sorted_by_key(|(level, ..)| rank(level).expect("a level")));
    for (level, properties, message) in &commands {
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert!(
            properties.iter().all(|(name, _)| known.contains(&name.as_str())),
            "{properties:?}"
        );
        let value = |name: &str| properties.iter().find(|(one, _)| one == name).map(|(_, v)| v);
        assert_eq!(
            value("endColumn").is_some(),
            value("line") == value("endLine") && value("file").is_some()
        );
        assert!(!message.is_empty() && !level.is_empty());
    }
    let shown = format!("ci/{}", HOSTILE.replace('\n', "\\u{a}"));
    let named = |(_, properties, _): &Command| properties.contains(&("file".into(), shown.clone()));
    assert!(commands.iter().any(named), "{commands:#?}");
}

#[test]
fn nine_of_a_level_are_told_and_one_sums_up_the_rest() {
    let repository = Repository::empty();
    repository.write("a.ndjson", &(many(12, "\"perhaps\"") + &many(9, "true")));
    let commands =
        commands(&repository.printed(&["--format", "github", "-q", "--ignore", "F", "a.ndjson"]));
    let of = |level: &str| commands.iter().filter(|(one, ..)| one == level).count();
    assert_eq!((of("error"), of("warning")), (10, 9));
    let last = commands.iter().rfind(|(level, ..)| level == "error");
    assert_eq!(last.expect("one").2, "and 3 more errors");
}

#[test]
fn the_step_summary_gets_a_table_and_keeps_what_it_has() {
    let repository = Repository::full();
    let path = repository.here().join("summary.md");
    fs::write(&path, "before\n").expect("a file");
    let mut command = repository.check(&["--format", "github=out.txt", "-q", "."]);
    command.env("GITHUB_STEP_SUMMARY", &path);
    assert_eq!(ran(command).2, Some(1));
    let summary = repository.read("summary.md");
    assert!(summary.starts_with("before\n### callscope: "), "{summary}");
    for row in summary.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(row.matches('|').count(), 5, "{row}");
        assert!(!row.contains("@ana") && !row.contains("<b>") && !row.contains('`'), "{row}");
    }
}

#[test]
fn the_step_summary_stays_below_a_mebibyte_and_says_what_had_no_room() {
    let repository = Repository::empty();
    repository.write("a.ndjson", &many(8000, "\"perhaps\""));
    let path = repository.here().join("summary.md");
    for _ in 0..2 {
        let mut command =
            repository.check(&["--format", "github", "-q", "--ignore", "F", "a.ndjson"]);
        command.env("GITHUB_STEP_SUMMARY", &path);
        ran(command);
    }
    let summary = repository.read("summary.md");
    assert!(summary.len() < 1 << 20, "{}", summary.len());
    let rows = summary.lines().filter(|line| line.starts_with("| error")).count();
    let rest = summary.lines().find(|line| line.ends_with("more findings had no room here."));
    let digits: String = rest.expect("a last line").chars().filter(char::is_ascii_digit).collect();
    assert_eq!(rows + digits.parse::<usize>().expect("a number"), 8000);
}
