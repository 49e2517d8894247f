//! Plans a session: who joins and leaves when, and what is recorded.

use fastrand::Rng;

use super::call::{PlannedRecording, PlannedSession, PlannedStay};
use super::simulation::Simulation;

/// Share of sessions whose first person joins with a second device, if there is time for it.
const SECOND_DEVICE: f64 = 0.03;
/// Share of joined events with an `initial_config`.
const CONFIGURED: f64 = 0.8;

/// Seconds: mostly minutes, sometimes less, sometimes up to an hour.
fn draw_duration(rng: &mut Rng) -> u64 {
    match rng.u8(0..10) {
        0..3 => rng.u64(3..90),
        3..9 => rng.u64(60..1_200),
        _ => rng.u64(600..3_600),
    }
}

impl Simulation {
    /// The first person stays until the end: a session that is empty in between would be two.
    pub(super) fn plan_session(
        &mut self,
        created_at: u64,
        people: &[usize],
        audio: bool,
    ) -> PlannedSession {
        let rng = &mut self.rng;
        let end = created_at + draw_duration(rng);
        let mut stays = Vec::with_capacity(people.len() + 1);
        for (at, person) in people.iter().enumerate() {
            let soon = if at < 2 { 2 } else { (end - created_at).min(120) };
            let joined_at = created_at + rng.u64(0..if at == 0 { 2 } else { soon + 1 });
            let left_at = match at {
                0 => end,
                _ if rng.bool() => end - rng.u64(0..4).min(end - joined_at),
                _ => rng.u64(joined_at..=end),
            };
            let audio = audio || rng.u8(0..8) == 0;
            let configured = rng.f64() < CONFIGURED;
            let stay = PlannedStay { person: *person, joined_at, left_at, audio, configured };
            match at {
                0 => add_with_second_device(rng, &mut stays, stay),
                _ => add_with_rejoin(rng, self.plan.rejoin, &mut stays, stay),
            }
        }
        let is_recorded = rng.f64() < self.plan.recordings;
        let recordings =
            if is_recorded { plan_recordings(rng, created_at, end) } else { Vec::new() };
        PlannedSession { created_at, destroyed_at: end, stays, recordings }
    }
}

fn add_with_second_device(rng: &mut Rng, stays: &mut Vec<PlannedStay>, stay: PlannedStay) {
    stays.push(stay);
    if stay.left_at - stay.joined_at > 30 && rng.f64() < SECOND_DEVICE {
        let joined_at = stay.joined_at + rng.u64(5..20);
        stays.push(PlannedStay { joined_at, left_at: rng.u64(joined_at..=stay.left_at), ..stay });
    }
}

fn add_with_rejoin(rng: &mut Rng, share: f64, stays: &mut Vec<PlannedStay>, stay: PlannedStay) {
    let length = stay.left_at - stay.joined_at;
    if length < 20 || rng.f64() >= share {
        stays.push(stay);
        return;
    }
    let left_at = stay.joined_at + rng.u64(4..length - 10);
    // A reader may take a gap of up to two seconds for a reconnection.
    let joined_at = left_at + rng.u64(3..(stay.left_at - left_at).min(60));
    stays.push(PlannedStay { left_at, ..stay });
    stays.push(PlannedStay { joined_at, ..stay });
}

/// One recording, or one of each half.
fn plan_recordings(rng: &mut Rng, from: u64, to: u64) -> Vec<PlannedRecording> {
    let count = if rng.u8(0..8) == 0 { 2 } else { 1 };
    let part = (to - from) * 1000 / count;
    let recording = |at| {
        let begin = rng.u64(0..part / 2);
        let url = format!("https://recordings.example/{:016x}.mp4", rng.u64(..));
        let duration = rng.u64(1..=part - begin);
        PlannedRecording { url, started_at: from * 1000 + at * part + begin, duration }
    };
    (0..count).map(recording).collect()
}
