//! What `callscope.toml` and a baseline say, and who wins where several say something.

mod baseline;
mod display;
mod file;
mod ignore;
mod program;
mod severity;
