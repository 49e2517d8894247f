//! Who may send, and that nothing of how that is told gets anywhere.

use super::*;

#[test]
fn only_who_knows_the_password_may_send_and_nobody_else_learns_it() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("auth"), "ana:hunter2\n").expect("a file");
    let args = ["--out", "capture", "--auth-file", "auth", "--path", "/hooks"];
    let listening = Listening::start_in(folder, &args);
    // Basic authentication of ana:hunter2, and of ana:hunter3.
    let (right, wrong) = ("Basic YW5hOmh1bnRlcjI=", "Basic YW5hOmh1bnRlcjM=");
    let cookies = [("authorization", right), ("cookie", "sid=hunter2"), ("x-api-key", "hunter2")];
    let send = |headers: &[(&str, &str)]| {
        listening.exchange(&request("/hooks?token=hunter2", headers, WEBHOOK.as_bytes()))
    };
    assert_eq!(status(&send(&cookies)), 200);
    for headers in [&[][..], &[("authorization", wrong)], &[("authorization", "Bearer hunter2")]] {
        let heard = send(headers);
        assert_eq!(status(&heard), 401);
        assert!(heard.contains("www-authenticate: Basic realm=\"callscope\""), "{heard}");
        assert!(listening.said(" 401 ").starts_with("callscope: 401 POST /hooks from 127.0.0.1:"));
    }
    // Who does not know it is told nothing else.
    assert_eq!(status(&listening.exchange(&request("/elsewhere", &[], b""))), 401);
    let ended = listening.end();
    let capture = fs::read_to_string(ended.folder.path().join("capture")).expect("a capture");
    for text in [&capture, &ended.printed, &ended.said.join("\n")] {
        for secret in ["hunter", "YW5h", "authorization", "cookie", "api-key"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    assert_eq!(ended.capture().len(), 1);
}

#[test]
fn headers_and_parameters_that_hold_secrets_are_left_out_and_the_rest_stays() {
    let listening = Listening::start(&[]);
    let mut headers: Vec<(&str, &str)> = [
        "x-consumer-key",
        "x-gitlab-token",
        "x-hook-secret",
        "stripe-signature",
        "x-session-id",
        "x-pin",
        "x-login",
        "x-shopify-hmac-sha256",
        "paypal-transmission-sig",
        "x-amzn-oidc-data",
        "x-forwarded-client-cert",
        "verif-hash",
    ]
    .map(|name| (name, "hunter2"))
    .into();
    headers.extend([
        ("idempotency-key", "kept-1"),
        ("sec-websocket-key", "kept-2"),
        ("referer", "https://a.example/b;pin=hunter2;v=kept-3?x=kept-4&code=hunter2"),
    ]);
    let path =
        format!("/a;jsessionid=hunter2;v=kept-5/b;%6Bey=hunter2/{}?pin=hunter2", "c".repeat(300));
    assert_eq!(status(&listening.exchange(&request(&path, &headers, WEBHOOK.as_bytes()))), 200);
    // Shown it is shortened too.
    let bad = [("content-type", "text/html"), ("x-pin", "hunter2")];
    assert_eq!(status(&listening.exchange(&request(&path, &bad, b"hello"))), 415);
    let said = listening.said(" 415 ");
    assert!(said.contains(" POST /a;jsessionid=[hidden];v=kept-5/b;%6Bey=[hidden]/ccc"), "{said}");
    assert!(said.contains("c… from ") && said.len() < 200, "{said}");
    let ended = listening.end();
    let capture = fs::read_to_string(ended.folder.path().join("capture")).expect("a capture");
    assert!(!capture.contains("hunter2"), "{capture}");
    for kept in 1..=5 {
        assert!(capture.contains(&format!("kept-{kept}")), "{kept} in {capture}");
    }
    let record = ended.capture().remove(0);
    let names = record["headers"].as_object().expect("headers").keys().cloned();
    let expected = [
        "host",
        "connection",
        "idempotency-key",
        "sec-websocket-key",
        "referer",
        "content-type",
        "content-length",
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected);
}

#[test]
fn the_variable_holds_credentials_too_and_bad_ones_are_refused() {
    let folder = TempDir::new().expect("a folder");
    let mut command = Command::new("sh");
    let script = "CALLSCOPE_AUTH=ana:hunter2 exec \"$0\" listen --bind 0 --out capture";
    command.args(["-c", script, env!("CARGO_BIN_EXE_callscope")]);
    let listening = Listening::run(folder, command);
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 401);
    let ended = listening.end();
    // It has authentication, and says nothing of it.
    assert!(!ended.said.iter().any(|line| line.contains("auth-file")), "{:?}", ended.said);

    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(["listen", "--bind", "0"]).env("CALLSCOPE_AUTH", "hunter2");
    let refused = command.output().expect("starts");
    assert_eq!(refused.status.code(), Some(2));
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("hunter2"));
}

#[test]
fn whoever_listens_beyond_this_machine_is_warned() {
    let folder = TempDir::new().expect("a folder");
    let listening = Listening::start_in(folder, &["--bind", "0.0.0.0:0", "--out", "capture"]);
    assert!(listening.said("other machines").contains("0.0.0.0"));
    assert!(listening.said("--auth-file").contains("anybody"));
    listening.end();
}
