//! The action: its inputs reach the program as they are, its outputs and status are the check's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use regex::Regex;

use super::kept::{keys, text};
use super::step::{Job, action, variable};

#[test]
fn each_input_is_a_variable_of_the_check_and_nothing_is_pasted_into_a_script() {
    let action = action();
    let inputs = keys(&action["inputs"]);
    assert_eq!(inputs, ["paths", "format", "fail-on", "config", "sarif-file"]);
    let steps = action["runs"]["steps"].as_sequence().expect("steps");
    for step in steps {
        assert!(!step["run"].as_str().expect("a script").contains("${{"), "{step:?}");
        assert_eq!(step["shell"].as_str(), Some("bash"));
    }
    for input in inputs {
        let value = steps[1]["env"][variable(input).as_str()].as_str();
        assert_eq!(value, Some(format!("${{{{ inputs.{input} }}}}").as_str()));
        assert!(action["inputs"][input]["description"].as_str().is_some());
    }
    assert_eq!(keys(&steps[1]["env"]).len(), 5);
    let used = Regex::new(r"\$\{\{ inputs\.[a-z-]+ \}\}").expect("a regex");
    assert_eq!(used.find_iter(&text("action.yml")).count(), 5);
    assert_eq!(keys(&action["outputs"]), ["errors", "warnings"]);
}

#[test]
fn the_outputs_count_what_was_found_and_the_status_is_that_of_the_check() {
    let job = Job::new();
    let whole = job.check(&[]);
    assert_eq!((whole.status(), &*whole.outputs), (Some(1), "errors=3\nwarnings=3\n"));
    assert!(whole.stdout().contains("\n::error file=captures/damaged.ndjson,line=4,"));
    assert!(job.path("summary.md").exists());
    let lost = job.check(&[("paths", "captures/lost.ndjson")]);
    assert_eq!((lost.status(), &*lost.outputs), (Some(0), "errors=0\nwarnings=1\n"));
    let strict = job.check(&[("paths", "captures/lost.ndjson"), ("fail-on", "warning")]);
    assert_eq!((strict.status(), &*strict.outputs), (Some(1), "errors=0\nwarnings=1\n"));
}

#[test]
fn paths_stand_on_lines_and_are_taken_as_they_are() {
    let job = Job::new();
    job.copy("damaged.ndjson", "a b; touch pwned $(touch pwned) `touch pwned`.ndjson");
    let odd = "captures/a b; touch pwned $(touch pwned) `touch pwned`.ndjson";
    let ran = job.check(&[("paths", &format!("\n  {odd}\r\n\n\tcaptures/lost.ndjson  "))]);
    assert_eq!((ran.status(), &*ran.outputs), (Some(1), "errors=3\nwarnings=3\n"));
    let glob = job.check(&[("paths", "captures/[al]*d.ndjson")]);
    assert_eq!((glob.status(), &*glob.outputs), (Some(0), "errors=0\nwarnings=0\n"));
    assert!(!job.path("work/pwned").exists());
}

#[test]
fn no_input_is_run_or_taken_for_a_flag() {
    let job = Job::new();
    let hostile = [
        "; touch pwned",
        "$(touch pwned)",
        "`touch pwned`",
        "\"; touch pwned; \"",
        "'; touch pwned; '",
        "--allow-empty",
        "-o=pwned",
        "a\n::error::b",
        "${IFS}",
    ];
    for value in hostile {
        for input in ["paths", "format", "fail-on", "config"] {
            let ran = job.check(&[(input, value)]);
            assert_eq!((ran.status(), &*ran.outputs), (Some(2), ""), "{input}: {value}");
            let injected = |line: &str| {
                line.starts_with("::error")
                    && !line.starts_with("::error title=callscope::cannot read")
            };
            assert!(!ran.stdout().lines().any(injected), "{input}: {value}");
        }
        job.check(&[("sarif-file", value)]);
        assert!(!job.path("work/pwned").exists(), "{value}");
    }
}

#[test]
fn paths_that_name_nothing_and_a_path_that_is_stdin_end_the_step() {
    let job = Job::new();
    for nothing in ["", " \n\r\n\t"] {
        let ran = job.check(&[("paths", nothing)]);
        assert_eq!((ran.status(), &*ran.outputs), (Some(2), ""));
        assert!(ran.stdout().contains("::error title=callscope::the input `paths` names nothing"));
    }
    assert_ne!(job.check(&[("paths", "-")]).status(), Some(0), "nothing is piped into a step");
}

#[test]
fn sarif_goes_to_the_file_that_is_named() {
    let job = Job::new();
    let ran = job.check(&[("sarif-file", "my results.sarif")]);
    assert_eq!((ran.status(), &*ran.outputs), (Some(1), "errors=3\nwarnings=3\n"));
    let sarif = fs::read(job.path("work/my results.sarif")).expect("the file");
    let sarif: serde_json::Value = serde_json::from_slice(&sarif).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn settings_come_from_the_file_that_is_named() {
    let job = Job::new();
    fs::write(job.path("work/mine.toml"), "[severity]\nJ = \"off\"\nR = \"error\"\n")
        .expect("a file");
    let ran = job.check(&[("config", "mine.toml")]);
    assert_eq!((ran.status(), &*ran.outputs), (Some(1), "errors=3\nwarnings=0\n"));
}

/// What a runner would do on these lines: commands between those that stop and resume them count
/// for nothing.
fn commands(stdout: &str) -> Vec<&str> {
    let mut stopped: Option<&str> = None;
    let mut commands = Vec::new();
    for line in stdout.lines() {
        match stopped {
            Some(token) if line == format!("::{token}::") => stopped = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(token) => stopped = Some(token),
                None if line.starts_with("::") || line.contains("##[") => commands.push(line),
                None => {}
            },
        }
    }
    assert_eq!(stopped, None, "commands are taken again after the check");
    commands
}

#[test]
fn what_looks_like_a_command_in_another_format_is_none() {
    let job = Job::new();
    fs::remove_dir_all(job.path("work/captures")).expect("the captures");
    let body = r#"{"trigger":"call_##[error]\n::error::x","data":{},"appId":"mask[a]"}"#;
    fs::write(job.path("work/::error ##[error]a.ndjson"), body).expect("a capture");
    for format in ["text", "json", "ndjson", "gitlab", "junit", "sarif"] {
        let ran = job.check(&[("format", format), ("paths", "*.ndjson")]);
        assert!(ran.stdout().contains("call_##"), "{format}");
        assert_eq!(commands(&ran.stdout()), [""; 0], "{format}");
    }
    let ran = job.check(&[("format", "concise"), ("paths", "*.ndjson")]);
    let stdout = ran.stdout();
    let [add, one, other] = commands(&stdout)[..] else { panic!("{stdout}") };
    let file = add.strip_prefix("::add-matcher::").expect("the matcher");
    assert!(Path::new(file).exists(), "{file}");
    assert_eq!(one, "::remove-matcher owner=callscope::");
    assert_eq!(other, "::remove-matcher owner=callscope-info::");
}

#[test]
fn a_callscope_that_is_there_is_taken_and_else_one_is_built_from_the_action() {
    let job = Job::new();
    let program = |name: &str, text: &str| {
        let path = job.path("bin").join(name);
        fs::write(&path, text).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    };
    program("cargo", "#!/bin/bash\nprintf '%s|' \"$@\"");
    let ran = job.run("Install callscope", &[], &[]);
    let action = env!("CARGO_MANIFEST_DIR");
    assert_eq!(ran.stdout(), format!("install|--locked|--path|{action}|"), "{}", ran.stderr());
    let paths = fs::read_to_string(job.path("paths")).expect("the path");
    assert_eq!(paths, format!("{}/.cargo/bin\n", job.path("home").display()));
    program("callscope", "#!/bin/bash");
    let ran = job.run("Install callscope", &[], &[]);
    assert_eq!((ran.status(), &*ran.stdout()), (Some(0), ""));
}
