//! Decides which calls happen, when they begin, and what happens in each.

pub(super) mod app;
pub(super) mod call;
mod call_maker;
mod names;
pub(super) mod people;
mod session;
pub(super) mod simulation;
