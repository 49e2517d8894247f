//! What people do who are connected.

use fastrand::Rng;

use super::call::{Recording, Stay, Talk};

/// How people behave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    /// The share of people who leave and come back.
    pub(super) rejoin: f64,
    /// The share of talks that are recorded.
    pub(super) recordings: f64,
}

/// The share of people who are in a call with a second device too.
const SECOND_DEVICE: f64 = 0.03;
/// The share of joined events that say what the client began with.
const CONFIGURED: f64 = 0.8;

/// How long people talk: mostly minutes, now and then seconds or up to an hour.
fn duration(rng: &mut Rng) -> u64 {
    match rng.u8(0..10) {
        0..3 => rng.u64(3..90),
        3..9 => rng.u64(60..1_200),
        _ => rng.u64(600..3_600),
    }
}

/// People talk. The first of them is there from the beginning to the end, so that it never ends in
/// between.
pub(super) fn talk(
    rng: &mut Rng,
    habits: Habits,
    created_at: u64,
    people: &[usize],
    audio: bool,
) -> Talk {
    let end = created_at + duration(rng);
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
        let stay = Stay { person: *person, joined_at, left_at, audio, configured };
        match at {
            0 => beside(rng, &mut stays, stay),
            _ => in_pieces(rng, habits, &mut stays, stay),
        }
    }
    let recordings = recordings(rng, habits, created_at, end);
    Talk { created_at, destroyed_at: end, stays, recordings }
}

/// Adds a stay, at times with a second device beside it.
fn beside(rng: &mut Rng, stays: &mut Vec<Stay>, stay: Stay) {
    stays.push(stay);
    if stay.left_at - stay.joined_at > 30 && rng.f64() < SECOND_DEVICE {
        let joined_at = stay.joined_at + rng.u64(5..20);
        stays.push(Stay { joined_at, left_at: rng.u64(joined_at..=stay.left_at), ..stay });
    }
}

/// Adds a stay, or two where somebody comes back. Whoever is back within two seconds may be taken
/// for somebody who has not been away.
fn in_pieces(rng: &mut Rng, habits: Habits, stays: &mut Vec<Stay>, stay: Stay) {
    let length = stay.left_at - stay.joined_at;
    if length < 20 || rng.f64() >= habits.rejoin {
        stays.push(stay);
        return;
    }
    let left_at = stay.joined_at + rng.u64(4..length - 10);
    let back_at = left_at + rng.u64(3..(stay.left_at - left_at).min(60));
    stays.push(Stay { left_at, ..stay });
    stays.push(Stay { joined_at: back_at, ..stay });
}

fn recordings(rng: &mut Rng, habits: Habits, from: u64, to: u64) -> Vec<Recording> {
    if rng.f64() >= habits.recordings {
        return Vec::new();
    }
    let count = if rng.u8(0..8) == 0 { 2 } else { 1 };
    let part = (to - from) * 1000 / count;
    (0..count)
        .map(|at| {
            let begin = rng.u64(0..part / 2);
            let url = format!("https://recordings.example/{:016x}.mp4", rng.u64(..));
            let duration = rng.u64(1..=part - begin);
            Recording { url, started_at: from * 1000 + at * part + begin, duration }
        })
        .collect()
}
