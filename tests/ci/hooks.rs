//! The hooks of pre-commit.

use regex::Regex;

use super::kept::{keys, refusal, strings, text, yaml};

#[test]
fn both_hooks_are_the_same_but_for_where_the_program_comes_from() {
    let hooks = yaml(&text(".pre-commit-hooks.yaml"));
    let [built, found] = &hooks.as_sequence().expect("hooks")[..] else { panic!("two hooks") };
    assert_eq!(
        (built["id"].as_str(), built["language"].as_str()),
        (Some("callscope"), Some("rust"))
    );
    assert_eq!(found["id"].as_str(), Some("callscope-system"));
    assert_eq!(found["language"].as_str(), Some("system"));
    assert_eq!(keys(built), keys(found));
    for key in
        keys(built).into_iter().filter(|key| !["id", "language", "description"].contains(key))
    {
        assert_eq!(built[key], found[key], "{key}");
    }
    assert_eq!(built["require_serial"].as_bool(), Some(true), "calls span files");
}

#[test]
fn what_a_hook_types_is_understood() {
    let hooks = yaml(&text(".pre-commit-hooks.yaml"));
    for hook in hooks.as_sequence().expect("hooks") {
        let entry = hook["entry"].as_str().expect("a command").split(' ').map(str::to_owned);
        let args = strings(&hook["args"]).into_iter().map(str::to_owned);
        let typed: Vec<String> = entry.chain(args).chain(["a.json".to_owned()]).collect();
        assert_eq!(refusal(&typed), None);
    }
}

#[test]
fn a_hook_looks_at_captures() {
    let hooks = yaml(&text(".pre-commit-hooks.yaml"));
    let files = Regex::new(hooks[0]["files"].as_str().expect("a regex")).expect("a regex");
    for name in
        ["a.json", "b/c.jsonl", "d.ndjson", "day.har", "access.log", "a.json.gz", "a.log.zst"]
    {
        assert!(files.is_match(name), "{name}");
    }
    for name in ["a.txt", "json", "a.json5", "a.jsonc", "a.gz", "log.rs", "a.json.bak"] {
        assert!(!files.is_match(name), "{name}");
    }
}
