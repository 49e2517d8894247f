//! TLS: only to those whom the system trusts.

use std::fs;
use std::io::{BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::handler::read;
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
            let mut stream = BufReader::new(StreamOwned::new(connection, stream));
            // Whoever does not trust us goes away.
            if let Ok(Some(_)) = read(&mut stream) {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                let _ = stream.get_mut().write_all(answer);
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
    let replay = |url: &str| {
        let mut command = captured.command(&["--to", url]);
        command.env("SSL_CERT_FILE", &trusted).output().expect("starts")
    };
    let output = replay(&url);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let (other, _) = handler();
    let output = replay(&other);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(": no trusted TLS\n"), "{told}");
}
