//! callscope reads captured CometChat calling webhooks, checks them, and reconstructs each call.
//!
//! Data flows one way through the rooms below, and a room imports only rooms before it (and
//! [`finding`], [`digest`] and [`threads`], which they share):
//!
//! 1. [`input`]: bytes → webhook bodies with their place,
//! 2. [`event`]: webhook body → event; which deliveries are one event,
//! 3. [`flow`]: events → calls,
//! 4. [`diff`]: the calls of two captures → what differs; [`stats`]: calls → figures,
//! 5. [`view`]: calls, events, findings, differences and figures → what people and programs read,
//! 6. [`net`] (with the feature `net`): the only room with sockets,
//! 7. [`commands`]: arguments ([`args`]) → rooms → view.
//!
//! [`generate`] stands apart: it makes captures and the truth about them, and imports none of the
//! others, so that it shares no mistake with them.

pub mod args;
pub mod commands;
pub mod diff;
pub mod digest;
pub mod event;
pub mod finding;
pub mod flow;
pub mod generate;
pub mod input;
#[cfg(feature = "net")]
pub mod net;
pub mod rules;
pub mod stats;
pub mod threads;
pub mod view;

pub use commands::{is_broken_pipe, message, run};
