//! Sockets: requests out and requests in. What is sent and what is answered is decided elsewhere.

pub mod server;
