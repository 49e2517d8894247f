//! Nothing goes where it should not, and nobody sees a secret.

use std::fs;
use std::process::Output;

use super::handler::{Act, Handler};
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
fn secrets_that_an_answer_or_a_url_repeats_are_hidden_in_the_log() {
    let captured = Captured::joins(1);
    let (auth, headers, log) =
        (captured.beside("auth"), captured.beside("headers"), captured.beside("log"));
    // A part of the calls' ids, and the year of all times, are secrets too.
    let year = jiff::Timestamp::now().to_string()[..4].to_owned();
    fs::write(&auth, "ana:5d1e").expect("a file");
    fs::write(&headers, format!("X-Key: {SECRET}\nX-Year: {year}\nX-Off: off\n")).expect("a file");
    let handler = Handler::new(|_, _| Act::Repeat);
    let (to, header) =
        (format!("{}/{SECRET}?off={SECRET}", handler.url), format!("@{}", headers.display()));
    let mut command = captured.command(&["--to", &to, "--header", &header]);
    let output = command.arg("--auth-file").arg(&auth).arg("--log").arg(&log).output();
    let output = output.expect("callscope starts");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(handler.requests()[0].line.contains(SECRET));
    let record = fs::read_to_string(log).expect("a log");
    let told = [record.clone(), text(&output.stderr), text(&output.stdout)].concat();
    for secret in [SECRET, "YW5hOjVkMWU"] {
        assert!(!told.contains(secret), "{told}");
    }
    let record: serde_json::Value = serde_json::from_str(&record).expect("a record");
    assert_eq!(record["target"], format!("{}/[hidden]", handler.url));
    assert_eq!((&record["call_id"], &record["status"]), (&"v1.eu.5d1e.0".into(), &401.into()));
    assert!(record["sent_at"].as_str().is_some_and(|at| at.starts_with(&year)), "{record}");
    let answer = record["answer"].as_str().expect("an answer");
    assert!(answer.contains("[hidden]") && !answer.contains("5d1e"), "{answer}");
    assert!(!answer.contains(&format!(": \"{year}")), "{answer}");
}

#[test]
fn a_name_that_cannot_be_resolved_is_reported_as_such() {
    let captured = Captured::joins(1);
    let log = captured.beside("log");
    // No name ends in `.invalid` (RFC 6761). A name server that is silent is one that fails.
    let to = ["--to", "http://nowhere.invalid/hooks", "--yes", "--timeout", "5s", "--log"];
    let output = captured.command(&to).arg(&log).output().expect("callscope starts");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("http://nowhere.invalid/hooks: host name not resolved\n"), "{told}");
    let record = fs::read_to_string(log).expect("a log");
    assert!(record.contains(r#""error":"host name not resolved""#), "{record}");
}

#[test]
fn a_port_that_there_is_not_gets_nothing() {
    let captured = Captured::joins(1);
    for port in ["0", "65536", "99999", "x", "", "80x"] {
        let told = refused(&captured.replay(&["--to", &format!("http://localhost:{port}/hooks")]));
        assert!(told.contains("--to names: a port is a number from 1 to 65535"), "{told}");
    }
    let told = refused(&captured.replay(&["--route", "call_*=http://localhost/#hooks"]));
    assert!(told.contains("--route names: what follows a #"), "{told}");
}

#[test]
#[cfg(unix)]
fn files_of_secrets_have_a_limit() {
    let captured = Captured::joins(1);
    let headers = captured.beside("headers");
    let header = format!("@{}", headers.display());
    let to = ["--to", "http://localhost:1/", "--header"];
    let replay = |more: &[&str]| refused(&captured.replay(&[&to[..], more].concat()));
    let told = replay(&["@/dev/zero"]);
    assert!(told.contains("/dev/zero is larger than 64 KiB"), "{told}");
    fs::write(&headers, format!("X-Key: {}\n", SECRET.repeat(5000))).expect("a file");
    let told = replay(&[&header, "--header", &header]);
    assert!(told.contains("headers of --header are larger than 64 KiB together"), "{told}");
    fs::write(&headers, b"X-Key: \xff").expect("a file");
    let told = replay(&[&header]);
    assert!(told.contains("headers is not UTF-8"), "{told}");
    fs::write(&headers, "X-Key: 1").expect("a file");
    let told = replay(&[&header, "--auth-file", "/dev/zero"]);
    assert!(told.contains("/dev/zero is larger than 4 KiB"), "{told}");
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
