//! What a user sees on a terminal: pictures of whole screens, when there is colour, and that no
//! line is wider than the screen.
//!
//! `SNAPSHOTS=overwrite cargo test --test screens` draws `tests/screens/*.term.svg` anew; open
//! those that changed in a browser.
#![cfg(unix)]

#[path = "../properties/cases.rs"]
mod cases;
mod colour;
#[path = "../properties/dice.rs"]
mod dice;
#[path = "../properties/mess.rs"]
mod mess;
mod pictures;
mod straight;
mod stranger;
mod terminal;
#[path = "../properties/world.rs"]
mod world;
