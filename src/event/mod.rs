//! Webhook body → event.
//!
//! A body is walked once along the field tables of [`schema`]; what is exactly as documented
//! becomes a [`Delivery`] at once. Anything else is read again, slowly, by `explain`, which tells
//! each thing that is wrong and still takes what is readable. [`key`] then tells repeated
//! deliveries of one event from different events that share the documented idempotency key.

mod absorb;
#[cfg(test)]
mod agreement;
mod any;
mod capture;
mod compiled;
mod content;
mod crowds;
mod decode;
mod deliveries;
mod delivery;
mod difference;
mod explain;
mod fields;
pub mod key;
mod moment;
mod moved;
mod packed;
mod plain;
mod raw;
mod redact;
mod ringing;
pub mod rules;
pub mod schema;
mod seen;
mod strings;
mod take;
mod trigger;
mod value;

pub use capture::{Capture, Detail};
pub use content::Content;
pub use deliveries::{Deliveries, Hook};
pub use delivery::{
    Body, Delivery, Ended, Event, Joined, Left, Media, Occupant, Recording, Ring, What,
};
pub use difference::difference;
pub(crate) use explain::quoted;
pub use moment::{Moment, Span};
pub(crate) use moment::{PAST_DIGITS, SPAN_DIGITS, TIME_DIGITS};
pub use moved::moved;
pub use raw::Pointed;
pub use redact::{Redactor, Refusal};
pub use ringing::RingingId;
pub use schema::Private;
pub use seen::{Seen, Sight};
pub use strings::{Strings, Sym};
pub use trigger::{Flow, Kind, Trigger, is_companion};
