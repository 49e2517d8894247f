//! Sockets: an HTTP client and an HTTP server. Callers decide what is sent and answered.

mod client;
mod endpoint;
pub mod server;

pub use client::{ClientOptions, HttpAnswer, HttpClient, RequestFailure};
pub use endpoint::Endpoint;
pub use ureq::http::header;
