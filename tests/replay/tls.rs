//! TLS: only to those whom the system trusts.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{Captured, text};

/// A handler behind TLS that accepts one request after another; its URL and its certificate.
fn handler() -> (String, String) {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = own.signing_key.serialize_der().try_into().expect("a key");
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .expect("a certificate");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let config = Arc::new(config);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = ServerConnection::new(config.clone()).expect("a connection");
            let mut stream = StreamOwned::new(connection, stream);
            let mut request = [0; 4096];
            if stream.read(&mut request).is_ok() {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                // A request may come in two pieces.
                let _ = stream.read(&mut request);
                let _ = stream.write_all(answer).and_then(|()| stream.flush());
            }
        }
    });
    (format!("https://localhost:{port}/hooks"), own.cert.pem())
}

#[test]
fn a_certificate_that_nobody_trusts_gets_nothing() {
    let (url, pem) = handler();
    let captured = Captured::joins(1);
    let trusted = captured.beside("trusted.pem");
    fs::write(&trusted, pem).expect("a file");
    let replay = |arguments: &[&str]| {
        let mut command = captured.command(&["--to", &url]);
        command.env("SSL_CERT_FILE", &trusted).args(arguments).output().expect("starts")
    };
    assert_eq!(replay(&[]).status.code(), Some(0), "{}", text(&replay(&[]).stderr));
    let (other, _) = handler();
    let output = captured.command(&["--to", &other]).env("SSL_CERT_FILE", &trusted).output();
    let output = output.expect("starts");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(": no trusted TLS\n"), "{told}");
}
