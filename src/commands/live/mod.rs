//! Events as they arrive: decoded in one thread, and shown as rows in another.

#[cfg(feature = "net")]
mod channel;
mod rows;

#[cfg(feature = "net")]
pub(super) use channel::{EventReceiver, EventSender, event_channel};
pub(super) use rows::EventRows;
