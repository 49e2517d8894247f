//! What people and programs read, one file a format.
//!
//! A view is given what it needs to know: width and format are decided in the commands, and nothing
//! here asks the terminal. Text from strangers passes through [`text`] in every format.

pub mod cell;
pub mod column;
pub mod diff;
pub mod findings;
pub mod follow;
pub mod glyph;
pub mod ink;
mod line;
pub mod replay;
pub mod report;
pub mod rows;
pub mod rule;
pub mod schema;
pub mod screen;
pub mod stats;
pub mod summary;
pub mod table;
pub mod text;
pub mod timeline;
pub mod words;
