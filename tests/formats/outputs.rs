//! Several formats in one run, each where it belongs.

use std::fs::{self, File};
use std::io::Read;
use std::process::Stdio;

use super::run::{Repository, many, ran};

const FORMATS: [&str; 8] =
    ["text", "concise", "json", "ndjson", "github", "gitlab", "junit", "sarif"];

#[test]
fn several_formats_are_no_other_than_each_alone() {
    let repository = Repository::full();
    let mut arguments = vec!["--format".to_owned(), "concise".to_owned(), "-q".into(), ".".into()];
    for format in FORMATS {
        arguments.extend(["--format".into(), format!("{format}=out/{format}")]);
    }
    fs::create_dir(repository.here().join("out")).expect("a folder");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let alone = FORMATS.map(|format| repository.printed(&["--format", format, "-q", "."]));
    let (stdout, stderr, status) = ran(repository.check(&arguments));
    assert_eq!((stderr.as_str(), status), ("", Some(1)));
    assert_eq!(String::from_utf8(stdout).expect("UTF-8"), alone[1]);
    for (format, alone) in FORMATS.iter().zip(&alone) {
        assert_eq!(&repository.read(&format!("out/{format}")), alone, "{format}");
    }
}

#[test]
fn several_threads_tell_findings_as_one_does_also_of_what_is_read_from_a_pipe() {
    let repository = Repository::empty();
    // Every other body stands in a text, so that a copy is kept of it.
    let lines = many(900, "\"perhaps\"");
    let inside = |line: &str| serde_json::json!({ "body": line }).to_string();
    let lines = lines.lines().enumerate();
    let lines = lines.map(|(at, line)| if at % 2 == 0 { line.to_owned() } else { inside(line) });
    repository.write("a.ndjson", &(lines.collect::<Vec<_>>().join("\n") + "\n"));
    for format in FORMATS {
        for source in ["a.ndjson", "-"] {
            let told = ["1", "2", "5"].map(|threads| {
                let mut command =
                    repository.check(&["-q", "--format", format, "--threads", threads, source]);
                command.stdin(File::open(repository.here().join("a.ndjson")).expect("a capture"));
                ran(command).0
            });
            assert!(!told[0].is_empty() && told.iter().all(|other| *other == told[0]), "{format}");
        }
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
