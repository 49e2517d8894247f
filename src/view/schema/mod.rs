//! JSON Schemas (2020-12) of the events and of what callscope prints, and a list of them.

mod event;
mod example;
mod list;
mod output;
mod shape;

pub use event::{Unknown, event};
pub use example::example;
pub use list::list;
pub use output::{Document, output};

/// The dialect of all of them.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
