//! Nothing that strangers write moves the cursor, changes the colour or turns the text of whoever
//! looks at it: whatever names, ids, URLs, keys, files and arguments hold, stdout and stderr have
//! no control character but ends of lines and the program's own styling. Only what `replay`
//! writes is what strangers wrote, byte for byte.
#![cfg(unix)]

mod arguments;
mod captures;
#[path = "../properties/cases.rs"]
mod cases;
#[path = "../properties/dice.rs"]
mod dice;
mod files;
mod judge;
#[path = "../properties/mess.rs"]
mod mess;
#[path = "../screens/stranger.rs"]
mod stranger;
#[path = "../screens/terminal.rs"]
mod terminal;
#[path = "../properties/world.rs"]
mod world;
