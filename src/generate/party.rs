//! People and groups.

use fastrand::Rng;

use super::names::{FAMILY, GIVEN, WHOLE};
use super::written;

/// What somebody calls with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Device {
    pub(super) platform: &'static str,
    pub(super) sdk: &'static str,
    pub(super) call_version: &'static str,
}

const DEVICES: [Device; 6] = [
    Device { platform: "web", sdk: "react", call_version: "5.0.3" },
    Device { platform: "android", sdk: "android", call_version: "5.0.1" },
    Device { platform: "ios", sdk: "ios", call_version: "5.0.2" },
    Device { platform: "web", sdk: "javascript", call_version: "4.9.6" },
    Device { platform: "web", sdk: "angular", call_version: "4.8.0" },
    Device { platform: "android", sdk: "flutter", call_version: "4.2.1" },
];

/// Somebody, or a group.
#[derive(Debug)]
pub(super) struct Party {
    /// Uid or guid.
    pub(super) id: String,
    pub(super) name: String,
    /// The name as it stands between the quotes of JSON.
    pub(super) written_name: String,
    pub(super) device: Device,
    /// When no earlier attempt of theirs can get an outcome any more.
    pub(super) free_at: u64,
}

/// One that is free at a time, but not the one at `beside`; `None` where so many are not that none
/// was met.
pub(super) fn draw_free(
    parties: &[Party],
    rng: &mut Rng,
    at: u64,
    beside: Option<usize>,
) -> Option<usize> {
    let mut drawn = (0..64).map(|_| rng.usize(..parties.len()));
    drawn.find(|drawn| parties[*drawn].free_at <= at && Some(*drawn) != beside)
}

impl Party {
    fn new(rng: &mut Rng, id: String, name: String) -> Self {
        let mut written = Vec::new();
        written::escaped(&mut written, name.as_bytes());
        let written_name = String::from_utf8_lossy(&written).into_owned();
        let device = DEVICES[rng.usize(..DEVICES.len())];
        Self { id, name, written_name, device, free_at: 0 }
    }

    /// One person of an app. Names are unique in it, as far as they tell two stays of a call apart.
    pub(super) fn person(rng: &mut Rng, first: usize, at: usize) -> Self {
        let all = GIVEN.len() * FAMILY.len();
        // A step that has no factor in common with the number of names meets each of them.
        let name = (first + at * 1_237) % all;
        let (given, family) = (GIVEN[name % GIVEN.len()], FAMILY[name / GIVEN.len()]);
        let mut name = match at {
            0..WHOLE_FIRST => format!("{given} {family}"),
            _ => WHOLE
                .get(at - WHOLE_FIRST)
                .map_or(format!("{given} {family}"), |name| (*name).into()),
        };
        if at >= all {
            name = format!("{name} {}", at / all + 1);
        }
        let word: String = given.to_lowercase().chars().map(plain).collect();
        Self::new(rng, format!("{word}{at}"), name)
    }

    pub(super) fn group(rng: &mut Rng, word: &str, number: usize) -> Self {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        let name = format!("{}{rest} {number}", first.to_uppercase());
        Self::new(rng, format!("{word}-{number}"), name)
    }
}

/// The letter that an id has for one of a given name.
fn plain(letter: char) -> char {
    match letter {
        'ë' | 'é' => 'e',
        'ł' => 'l',
        'ø' => 'o',
        letter => letter,
    }
}

/// Which person has the first of the names that no two lists make.
const WHOLE_FIRST: usize = 32;
