//! Sockets: requests out and requests in. What is sent and what is answered is decided elsewhere.

mod client;
mod endpoint;
pub mod server;

pub use client::{Answer, Client, Failure, Terms};
pub use endpoint::Endpoint;
pub use ureq::http::header;
