//! What is refused before anything is read or written.

use super::program::{file, run};

fn told(arguments: &[&str]) -> (Option<i32>, String) {
    let sample = "samples/answered.ndjson";
    let mut all: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"redact", &sample];
    all.extend(arguments.iter().map(|one| one as &dyn AsRef<std::ffi::OsStr>));
    let output = run(&all);
    assert!(output.stdout.is_empty(), "something was written");
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn a_key_that_is_none_is_refused_and_not_shown() {
    let short = file(b"short-and-secret");
    let shorter = file(b"too-short");
    assert!(short.exists());
    for path in [shorter.to_str().expect("a path"), "/no/such/key"] {
        let (status, told) = told(&["--key-file", path]);
        assert_eq!(status, Some(2));
        assert!(told.contains("key") && !told.contains("too-short"), "{told}");
    }
}

#[test]
fn a_key_without_an_end_is_refused() {
    #[cfg(unix)]
    assert_eq!(told(&["--key-file", "/dev/zero"]).0, Some(2));
}

#[test]
fn an_id_is_kept_only_with_what_it_is_made_of() {
    for (typed, wanted) in [("conversation", "--keep uid"), ("session,name", "--keep app")] {
        let (status, told) = told(&["--keep", typed]);
        assert_eq!(status, Some(2));
        assert!(told.contains(wanted), "{told}");
    }
    let (status, told) = told(&["--keep", "names"]);
    assert_eq!(status, Some(2));
    assert!(told.contains("'name'"), "{told}");
}

#[test]
fn the_key_and_the_inputs_are_not_written_over() {
    let capture = file(&std::fs::read("samples/answered.ndjson").expect("the sample"));
    let key = file(b"a key that must not be written over");
    for path in [&capture, &key] {
        let before = std::fs::read(path).expect("there");
        let output = run(&[&"redact", &"--key-file", &key, &capture, &"-o", path]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(std::fs::read(path).expect("there"), before);
    }
}
