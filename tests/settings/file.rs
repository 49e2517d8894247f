//! Which file is read, and what is refused.

use super::program::Folder;

#[test]
fn a_slip_is_refused_with_its_place_before_anything_is_read() {
    for (text, told) in [
        (
            "[severty]",
            ":1:2: unknown key `severty`, expected one of `severity`, `ignore`, `display`; did you mean `severity`?",
        ),
        ("x = 1\n", ":1:1: unknown key `x`, expected one of"),
        ("[severity]\nK9 = \"error\"", ":2:1: `K9`: no rule has a code that begins so"),
        (
            "[severity]\nkopy = \"error\"",
            ":2:1: `kopy`: no rule has a code that begins so; did you mean `copy`?",
        ),
        (
            "[severity]\nK = \"eror\"",
            ":2:5: unknown word `eror`, expected one of `error`, `warning`, `info`, `off`; did you mean `error`?",
        ),
        (
            "[severity]\nK001 = \"info\"\nduplicate = \"error\"",
            ":3:1: callscope.toml:2 says already how bad K001 is",
        ),
        ("[[ignore]]\ncode = \"K\"", ":1:1: missing key `reason`"),
        (
            "[[ignore]]\ncode = \"K\"\nreason = \" \"",
            ":3:10: expected a reason: why this need not be told",
        ),
        ("\n[[ignore]]\nreason = \"x\"", ":2:1: an ignore needs a `code`, a `path` or a `pointer`"),
        ("[[ignore]]\ncode = []\nreason = \"x\"", ":2:8: the list is empty"),
        ("[[ignore]]\ncode = 3\nreason = \"x\"", ":2:8: expected a string or a list of strings"),
        (
            "[[ignore]]\nexpires = 3\nreason = \"x\"",
            ":2:1: unknown key `expires`, expected one of `code`, `path`, `pointer`, `reason`",
        ),
        ("[[ignore]]\npath = \"a**b\"\nreason = \"x\"", ":2:8: not a glob: "),
        (
            "[[ignore]]\npointer = \"data\"\nreason = \"x\"",
            ":2:11: expected a pointer like /data/occupant/name or /data/**",
        ),
        (
            "[display]\ncolour = \"never\"",
            ":2:1: unknown key `colour`, expected one of `tz`, `color`, `ascii`, `relative`; did you mean `color`?",
        ),
        ("[display]\ncolor = \"nevr\"", "; did you mean `never`?"),
        (
            "[display]\ntz = \"Europe/Berln\"",
            ":2:6: expected utc, local or a zone like Europe/Berlin; did you mean `Europe/Berlin`?",
        ),
        ("[display]\nascii = 1", ":2:9: invalid type: integer `1`, expected a boolean"),
        ("[display]\nformat = \"json\"", ":2:1: unknown key `format`"),
        ("[display", ":1:9: "),
        ("[display]\n\u{1b}[31m", ":2:"),
    ] {
        let folder = Folder::with(text);
        for words in ["check missing.json", "calls missing.json", "rule", "follow missing.json"] {
            let ran = folder.run(words);
            let expected = format!("callscope: callscope.toml{told}");
            assert!(
                ran.err.starts_with(&expected) || told.starts_with(';') && ran.err.contains(told),
                "{text}: {}",
                ran.err
            );
            assert_eq!((ran.err.lines().count(), ran.status), (1, Some(2)), "{text}: {}", ran.err);
            assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
        }
    }
}

#[test]
fn the_nearest_file_counts_and_only_that() {
    let folder = Folder::with("[severity]\nK001 = \"error\"\nK002 = \"off\"")
        .file("near/callscope.toml", "[severity]\nK001 = \"warning\"")
        .file("near/deep/er/here", "")
        .file("callscope.toml.d/here", "")
        .fires("K001", "k1.ndjson");
    for (inside, up, severity) in
        [("", "", "error"), ("near", "../", "warning"), ("near/deep/er", "../../../", "warning")]
    {
        let ran =
            folder.run_in(inside, &format!("check --select K001 --format concise {up}k1.ndjson"));
        assert!(ran.out.contains(&format!("{severity}[K001]")), "{inside}: {ran:?}");
    }
}

#[test]
fn what_has_the_name_and_cannot_be_read_is_told() {
    let folder = Folder::new().file("callscope.toml/a-folder", "").fires("K001", "k1.ndjson");
    let ran = folder.run("check k1.ndjson");
    assert_eq!((ran.out.as_str(), ran.status), ("", Some(2)), "{}", ran.err);
    assert!(ran.err.starts_with("callscope: cannot read callscope.toml: "), "{}", ran.err);
}

#[test]
#[cfg(unix)]
fn settings_without_end_are_refused() {
    let folder = Folder::new().fires("K001", "k1.ndjson");
    let ran = folder.run("check --config /dev/zero k1.ndjson");
    assert_eq!(
        ran.err,
        "callscope: /dev/zero is larger than 1 MiB, the limit for a file of this kind\n"
    );
    assert_eq!((ran.out.as_str(), ran.status), ("", Some(2)));
}

#[test]
fn a_file_that_is_named_counts_instead_and_has_to_be_there() {
    let folder = Folder::with("broken").file("other.toml", "[severity]\nK001 = \"error\"");
    let folder = folder.fires("K001", "k1.ndjson");
    assert_eq!(folder.told("--config other.toml --select K k1.ndjson"), ["error K001"]);
    assert_eq!(folder.told("--no-config --select K k1.ndjson"), ["info K001"]);
    for words in [
        "--config none.toml",
        "--config .",
        "--config k1.ndjson",
        "--config other.toml --no-config",
    ] {
        let ran = folder.run(&format!("check {words} k1.ndjson"));
        assert_eq!((ran.out.as_str(), ran.status), ("", Some(2)), "{words}: {}", ran.err);
    }
}

#[test]
fn the_readme_shows_the_settings_of_the_samples() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(include_str!("../../samples/settings.toml")));
}
