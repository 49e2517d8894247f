//! Synthetic calls: a capture and the expected result of reading it.
//!
//! Data flows the other way round here: `scenario` decides what happens in a call, then `render`
//! writes its webhooks and its row of the truth from that decision. The room imports no other room:
//! if the truth were computed with the code that reads captures, it would share its mistakes.
//!
//! Only situations with one right answer are generated: no two calls of an app begin in the same
//! second, nobody rings or is rung while an earlier attempt can still get an outcome (a redial comes
//! after that), and nobody is in one call twice under one name in the same second.

mod delivery;
mod open_calls;
mod plan;
mod render;
mod scenario;

use std::io::{self, Write};

pub use plan::{CallFate, CapturePlan, FateMix, FaultRates, GeneratedCounts};
pub use render::carrier::CarrierFormat;
pub use scenario::simulation::{MAX_CALL_GAP, MAX_CALL_LENGTH};

/// Writes the planned capture and, if `truth` is given, one row per call with the expected result.
/// Memory depends on the number of calls open at once, not on the number of calls.
///
/// # Errors
/// When either output cannot be written.
pub fn generate(
    plan: &CapturePlan,
    capture: &mut dyn Write,
    truth: Option<&mut dyn Write>,
) -> io::Result<GeneratedCounts> {
    let mut simulation = scenario::simulation::Simulation::new(plan);
    let mut open_calls = open_calls::OpenCalls::new(truth);
    let mut deliveries = delivery::DeliveryQueue::new(plan, capture)?;
    loop {
        if let Some(call) = simulation.begin_call(open_calls.next_step_at()) {
            open_calls.push(call);
        } else if let Some(call) = open_calls.next_call() {
            deliveries.send_step(call, &mut simulation)?;
            open_calls.reschedule(&simulation)?;
        } else {
            break;
        }
    }
    open_calls.finish()?;
    deliveries.finish(simulation.call_count())
}
