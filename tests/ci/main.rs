//! What runs callscope elsewhere: the action, the hooks of pre-commit, the problem matcher, and the
//! recipes of the README.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that fails says so")]

mod action;
mod hooks;
mod kept;
mod matcher;
mod recipes;
mod step;
