//! Nothing goes where it should not, and nobody sees a secret.

use std::fs;
use std::process::Output;

use super::handler::Handler;
use super::{Captured, text};

const SECRET: &str = "hunter2";

/// What is told where nothing was sent.
fn refused(output: &Output) -> String {
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(!told.contains(SECRET) && output.stdout.is_empty(), "{told}");
    told
}

#[test]
fn another_machine_gets_nothing_unless_somebody_says_yes() {
    let told = refused(&Captured::joins(1).replay(&["--to", "https://staging.example/hooks"]));
    assert!(told.contains("1 webhook to https://staging.example/hooks"), "{told}");
    assert!(told.ends_with("staging.example is another machine: `--yes` sends there\n"), "{told}");
}

#[test]
fn credentials_do_not_leave_the_machine_unencrypted() {
    let captured = Captured::joins(1);
    let file = captured.beside("auth");
    fs::write(&file, format!("ana:{SECRET}\n")).expect("a file");
    let file = file.to_str().expect("UTF-8");
    let to = "http://staging.example/hooks";
    let told = refused(&captured.replay(&["--to", to, "--yes", "--auth-file", file]));
    assert!(told.contains("credentials do not go to http://staging.example/hooks"), "{told}");
    let mut command = captured.command(&["--to", to, "--yes"]);
    refused(&command.env("CALLSCOPE_AUTH", format!("ana:{SECRET}")).output().expect("starts"));
}

#[test]
fn secrets_are_no_values_of_flags() {
    let captured = Captured::joins(1);
    let url = format!("http://ana:{SECRET}@localhost/");
    let told = refused(&captured.replay(&["--to", &url]));
    assert!(told.contains("--auth-file"), "{told}");
    let route = format!("call_*={url}");
    refused(&captured.replay(&["--route", &route]));
    let header = format!("X-Key: {SECRET}");
    let told = refused(&captured.replay(&["--to", "http://localhost/", "--header", &header]));
    assert!(told.contains("--header takes @FILE"), "{told}");
}

#[test]
fn credentials_and_headers_of_files_arrive_and_are_shown_nowhere() {
    let captured = Captured::joins(1);
    let (auth, headers, log) =
        (captured.beside("auth"), captured.beside("headers"), captured.beside("log"));
    fs::write(&auth, format!("ana:{SECRET}\n")).expect("a file");
    fs::write(
        &headers,
        format!("X-Key: {SECRET}\r\n\nContent-Type: application/cloudevents+json\n"),
    )
    .expect("a file");
    let handler = Handler::glad();
    let header = format!("@{}", headers.display());
    let mut command = captured.command(&["--to", &handler.url, "--header", &header, "-v"]);
    let output = command.arg("--auth-file").arg(&auth).arg("--log").arg(&log).output();
    let output = output.expect("callscope starts");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let request = &handler.requests()[0];
    let got = |name: &str| request.headers.get(name).map(String::as_str);
    assert_eq!(got("authorization"), Some("Basic YW5hOmh1bnRlcjI="));
    assert_eq!(
        (got("x-key"), got("content-type")),
        (Some(SECRET), Some("application/cloudevents+json"))
    );
    let told =
        [text(&output.stderr), text(&output.stdout), fs::read_to_string(log).expect("a log")];
    let told = told.concat();
    assert!(!told.contains(SECRET) && !told.contains("YW5hOmh1bnRlcjI"), "{told}");
}

#[test]
fn a_file_that_holds_no_headers_is_told_by_its_line_alone() {
    let captured = Captured::joins(1);
    let headers = captured.beside("headers");
    for wrong in ["hunter2", "X Key: hunter2", "Content-Length: 5", "X-Key: hunter2\u{1}"] {
        fs::write(&headers, format!("X-Good: 1\n{wrong}\n")).expect("a file");
        let header = format!("@{}", headers.display());
        let told = refused(&captured.replay(&["--to", "http://localhost/", "--header", &header]));
        assert!(told.contains("headers:2: "), "{told}");
    }
}

#[test]
fn proxies_of_the_environment_count_only_where_they_are_asked_for() {
    let (handler, proxy) = (Handler::glad(), Handler::glad());
    let captured = Captured::joins(1);
    let replay = |arguments: &[&str]| {
        let mut command = captured.command(&["--to", &handler.url]);
        command.args(arguments).env("HTTP_PROXY", &proxy.url).env("ALL_PROXY", &proxy.url);
        command.output().expect("callscope starts")
    };
    assert_eq!(replay(&[]).status.code(), Some(0));
    assert_eq!((handler.bodies().len(), proxy.bodies().len()), (1, 0));
    // What is this machine to a proxy is another to us.
    refused(&replay(&["--proxy"]));
    // This proxy makes no tunnels: all that counts is who was asked.
    assert_eq!(replay(&["--proxy", "--yes"]).status.code(), Some(1));
    assert_eq!(handler.bodies().len(), 1);
    assert!(proxy.requests()[0].line.starts_with("CONNECT 127.0.0.1:"));
}

#[test]
fn nothing_is_sent_in_a_dry_run() {
    let handler = Handler::glad();
    let output = Captured::joins(3).replay(&["--to", &handler.url, "--dry-run"]);
    assert_eq!((output.status.code(), handler.connections()), (Some(0), 0));
    assert_eq!(text(&output.stdout).lines().count(), 4);
    let told = text(&output.stderr);
    assert!(told.ends_with("; 3 bodies would be sent, over 2s\n"), "{told}");
}
