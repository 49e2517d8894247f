//! How people are shown what was found.

use super::program::Folder;

const ALL: &str =
    "[display]\ntz = 'Europe/Berlin'\ncolor = 'always'\nascii = true\nrelative = true";

fn folder(settings: &str) -> Folder {
    Folder::with(settings).fires("K001", "k1.ndjson")
}

#[test]
fn every_command_that_shows_takes_its_defaults_from_the_file() {
    let plain = folder("");
    let set = folder("[display]\ntz = 'Asia/Tokyo'\nascii = true\ncolor = 'always'");
    for words in ["calls", "timeline", "events", "stats", "check", "follow"] {
        let typed = format!("{words} -q --tz Asia/Tokyo --ascii --color always k1.ndjson");
        let typed = typed.replace("follow", "follow --calls");
        if words == "follow" {
            continue;
        }
        assert_eq!(set.run(&format!("{words} -q k1.ndjson")).out, plain.run(&typed).out, "{words}");
        assert_eq!(
            set.run(&format!("{words} -q --no-config k1.ndjson")).out,
            plain.run(&format!("{words} -q k1.ndjson")).out,
            "{words}"
        );
    }
    assert_eq!(set.run("rule K001").out, plain.run("rule K001 --ascii --color always").out);
}

#[test]
fn a_typed_flag_wins_and_the_file_wins_over_the_environment() {
    let folder = folder(ALL);
    let shown = |words: &str, set: &[(&str, &str)]| {
        folder.run_with("", format!("timeline -q k1.ndjson {words}").trim_end(), set).out
    };
    let all = shown("", &[]);
    assert!(all.contains("\u{1b}[") && all.contains(" ago") && all.is_ascii(), "{all}");
    assert!(shown("", &[("NO_COLOR", "1")]).contains("\u{1b}["));
    let typed =
        shown("--color never --no-ascii --no-relative --tz utc", &[("CLICOLOR_FORCE", "1")]);
    assert!(!typed.contains("\u{1b}[") && !typed.contains(" ago") && !typed.is_ascii(), "{typed}");
    // Of a flag and its contrary the last counts.
    assert_eq!(shown("--no-ascii --ascii", &[]), all);
}

#[test]
fn dates_that_are_typed_are_of_the_zone() {
    let folder = folder("[display]\ntz = 'Pacific/Kiritimati'").file("none.toml", "");
    for command in ["calls", "events", "replay --to - --speed max"] {
        let shown = |config: &str| {
            let first = folder.run("calls -q --json k1.ndjson").out;
            let first = first
                .split("\"initiated_at\":\"")
                .nth(1)
                .or_else(|| first.split("\"started_at\":\"").nth(1));
            let day = first.expect("a time")[..10].to_owned();
            folder.run(&format!("{command} -v {config} --until {day}T01:00 k1.ndjson")).err
        };
        assert!(
            shown("--config callscope.toml").contains("tz = Pacific/Kiritimati (callscope.toml:2)")
        );
        assert!(!shown("--config none.toml").contains("tz = "));
    }
}

#[test]
fn it_is_said_where_each_setting_comes_from() {
    let folder = folder(&format!("{ALL}\n[severity]\nK001 = 'error'\nK = 'info'"));
    let said = |words: &str| {
        let ran = folder.run(words);
        let lines =
            ran.err.lines().filter(|line| line.contains(" = ") || line.contains("settings"));
        lines.map(|line| line.replace("callscope: ", "")).collect::<Vec<_>>()
    };
    let from = "settings are taken from callscope.toml";
    assert_eq!(
        said("calls -v --color never --no-ascii k1.ndjson"),
        [
            from,
            "tz = Europe/Berlin (callscope.toml:2)",
            "color = never (--color)",
            "ascii = false (--no-ascii)",
            "relative = true (callscope.toml:5)"
        ]
    );
    assert_eq!(
        said("check -v --severity K=warning,J=info k1.ndjson --tz local")
            .last()
            .map(String::as_str),
        Some("severity J = info (--severity)")
    );
    assert_eq!(
        said("check -v k1.ndjson")[4..],
        ["severity K001 = error (callscope.toml:7)", "severity K = info (callscope.toml:8)"]
    );
    assert_eq!(said("check -v --no-config k1.ndjson"), [""; 0]);
    assert_eq!(said("check k1.ndjson"), [""; 0]);
}
