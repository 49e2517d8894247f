//! `diff`: two captures call by call: exactly what differs, whatever the order and the carrier.

mod exact;
mod program;
mod same;
mod torn;
