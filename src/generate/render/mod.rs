//! Writes planned calls: webhook bodies, the carrier that wraps them, and the rows of the truth.

pub(super) mod carrier;
pub(super) mod json_text;
pub(super) mod truth_row;
pub(super) mod webhook_body;
