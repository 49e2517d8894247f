//! `generate`: what callscope makes of calls that never happened is the truth about them, which was
//! written without its help.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

mod faults;
mod lost;
mod program;
mod same;
mod truth;
