//! Several formats in one run, each where it belongs.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use super::run::{Repository, many, ran};

#[test]
fn several_formats_are_no_other_than_each_alone() {
    let repository = Repository::full();
    let formats = ["text", "concise", "json", "ndjson", "github", "gitlab", "junit", "sarif"];
    let mut arguments = vec!["--format".to_owned(), "concise".to_owned(), "-q".into(), ".".into()];
    for format in formats {
        arguments.extend(["--format".into(), format!("{format}=out/{format}")]);
    }
    fs::create_dir(repository.here().join("out")).expect("a folder");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let alone = formats.map(|format| repository.printed(&["--format", format, "-q", "."]));
    let (stdout, stderr, status) = ran(repository.check(&arguments));
    assert_eq!((stderr.as_str(), status), ("", Some(1)));
    assert_eq!(String::from_utf8(stdout).expect("UTF-8"), alone[1]);
    for (format, alone) in formats.iter().zip(&alone) {
        assert_eq!(&repository.read(&format!("out/{format}")), alone, "{format}");
    }
}

#[test]
fn output_names_the_file_of_the_format_that_has_none() {
    let repository = Repository::full();
    let arguments = ["--format", "gitlab", "--format", "concise=c.txt", "-o", "g.json", "-q", "."];
    let (stdout, _, status) = ran(repository.check(&arguments));
    assert_eq!((stdout.as_slice(), status), (&b""[..], Some(1)));
    assert!(repository.read("g.json").starts_with("[\n{\"description\":"));
    assert!(repository.read("c.txt").contains(": error[J001] not-json: "));
}

#[test]
fn outputs_that_cannot_be_meant_are_refused_and_nothing_is_written() {
    let repository = Repository::full();
    for (arguments, refusal) in [
        (&["--format", "text", "--format", "sarif", "."][..], "several formats without a file"),
        (&["--format", "sarif=a", "-o", "b", "."], "every --format has a file"),
        (&["--format", "sarif=a", "--format", "junit=./a", "."], "two outputs name the same file"),
        (&["--format", "sarif=a", "--summary", "a", "."], "two outputs name the same file"),
        (&["--format", "sarif=names.ndjson", "."], "it is an input"),
        (&["--format", "sarif=a", "--format", "junit=no/where", "."], "there is no folder no"),
        (&["--format", "sarif=", "."], "expected a file behind `=`"),
        (&["--format", "sariff=a", "."], "a similar value exists: 'sarif'"),
        (&["--json", "--format", "sarif=a", "."], "cannot be used with"),
    ] {
        let (stdout, stderr, status) = ran(repository.check(arguments));
        assert_eq!((status, stdout.as_slice()), (Some(2), &b""[..]), "{arguments:?}: {stderr}");
        assert!(stderr.contains(refusal), "{arguments:?}: {stderr}");
        assert!(!repository.here().join("a").exists() && !repository.here().join("b").exists());
    }
}

#[test]
fn a_reader_that_is_gone_changes_neither_the_files_nor_the_verdict() {
    let repository = Repository::empty();
    repository.write("a.ndjson", &many(4000, "\"perhaps\""));
    for format in ["text", "concise", "github", "gitlab", "junit", "sarif", "json"] {
        let alone = repository.printed(&["--format", "ndjson", "-q", "a.ndjson"]);
        let arguments = ["--format", format, "--format", "ndjson=all.ndjson", "-q", "a.ndjson"];
        let mut child =
            repository.check(&arguments).stdout(Stdio::piped()).spawn().expect("it runs");
        let mut stdout = child.stdout.take().expect("a pipe");
        stdout.read_exact(&mut [0; 10]).expect("a beginning");
        drop(stdout);
        assert_eq!(child.wait().expect("it ends").code(), Some(1), "{format}");
        assert_eq!(repository.read("all.ndjson"), alone, "{format}");
    }
}
