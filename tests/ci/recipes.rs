//! The recipes of the README are what the files beside it offer, and type what callscope
//! understands.

use saphyr::YamlOwned;

use super::kept::{keys, refusal, strings, text, yaml};
use super::step::action;

/// The section about CI.
fn section() -> String {
    let readme = text("README.md");
    let (_, section) = readme.split_once("\n## In CI\n").expect("the section");
    section.split("\n## ").next().expect("its text").to_owned()
}

/// The blocks of a language.
fn blocks(section: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{language}\n");
    let block = |text: &str| text.split("\n```\n").next().expect("a block").to_owned();
    section.split(&fence).skip(1).map(block).collect()
}

/// The three in YAML: for GitHub, GitLab and pre-commit.
fn recipes() -> [YamlOwned; 3] {
    let recipes: Vec<_> = blocks(&section(), "yaml").iter().map(|block| yaml(block)).collect();
    recipes.try_into().expect("three recipes")
}

/// The arguments of each `callscope` in a text, up to what ends its quotes, line or block.
fn commands(text: &str) -> Vec<Vec<String>> {
    let typed = text.match_indices("callscope check").map(|(at, _)| &text[at..]);
    let words = |typed: &str| {
        let command = typed.split(['\n', '\'', '`']).next().expect("a command");
        command.split_whitespace().map(str::to_owned).collect()
    };
    typed.map(words).collect()
}

#[test]
fn each_command_is_understood() {
    let commands = commands(&section());
    assert_eq!(commands.len(), 3, "{commands:?}");
    for mut command in commands {
        // One is told of without what it reads.
        command.push("more/".to_owned());
        assert_eq!(refusal(&command), None);
    }
}

#[test]
fn the_workflow_gives_the_action_inputs_that_it_has() {
    let [workflow, ..] = recipes();
    let steps = workflow["jobs"]["webhooks"]["steps"].as_sequence().expect("steps");
    let uses = |step: &&YamlOwned| step["uses"].as_str().is_some_and(|it| it.starts_with("OWNER/"));
    let step = steps.iter().find(uses).expect("the action");
    let action = action();
    let inputs = keys(&action["inputs"]);
    assert!(keys(&step["with"]).iter().all(|key| inputs.contains(key)));
    let section = section();
    for input in inputs {
        assert!(section.contains(&format!("\n| `{input}` |")), "the table has {input}");
    }
    let id = step["id"].as_str().expect("an id");
    assert!(section.contains(&format!("steps.{id}.outputs.errors")));
    let written = step["with"]["sarif-file"].as_str().expect("a file");
    let uploaded = steps.last().expect("a step");
    assert_eq!(uploaded["with"]["sarif_file"].as_str(), Some(written));
    assert!(uploaded["if"].as_str().expect("a condition").contains(written));
}

#[test]
fn the_reports_are_those_that_the_commands_write() {
    let [_, gitlab, _] = recipes();
    let report =
        gitlab["webhooks"]["artifacts"]["reports"]["codequality"].as_str().expect("a file");
    let script = strings(&gitlab["webhooks"]["script"]).join("\n");
    assert!(script.contains(&format!("--format gitlab={report} ")));
    let jenkins = &blocks(&section(), "groovy")[0];
    assert!(
        jenkins.contains("--format junit=callscope.xml ")
            && jenkins.contains("junit 'callscope.xml'")
    );
}

#[test]
fn pre_commit_finds_the_hook_and_the_hook_its_folder() {
    let [.., config] = recipes();
    let hook = &config["repos"][0]["hooks"][0];
    let offered = yaml(&text(".pre-commit-hooks.yaml"));
    let mut offered = offered.as_sequence().expect("hooks").iter();
    assert!(offered.any(|one| one["id"] == hook["id"]));
    let typed = ["callscope", "check"].into_iter().chain(strings(&hook["args"]));
    assert_eq!(refusal(&typed.map(str::to_owned).collect::<Vec<_>>()), None);
}

#[test]
fn the_recipes_name_this_version_and_no_host_of_callscope() {
    let section = section();
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    let [workflow, _, config] = recipes();
    assert_eq!(config["repos"][0]["rev"].as_str(), Some(version));
    assert!(workflow["jobs"].as_mapping().is_some());
    assert!(section.contains(&format!("OWNER/callscope@{version}")));
    assert!(section.contains(&format!("--tag {version}")));
    assert!(!section.replace("OWNER/callscope", "").contains("/callscope@"));
}
