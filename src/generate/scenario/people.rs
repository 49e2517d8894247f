//! People and groups.

use fastrand::Rng;

use super::names::{FAMILY, GIVEN, WHOLE};
use crate::generate::render::json_text;

/// The client that a person joins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientDevice {
    pub(crate) platform: &'static str,
    pub(crate) sdk: &'static str,
    pub(crate) call_version: &'static str,
}

const DEVICES: [ClientDevice; 6] = [
    ClientDevice { platform: "web", sdk: "react", call_version: "5.0.3" },
    ClientDevice { platform: "android", sdk: "android", call_version: "5.0.1" },
    ClientDevice { platform: "ios", sdk: "ios", call_version: "5.0.2" },
    ClientDevice { platform: "web", sdk: "javascript", call_version: "4.9.6" },
    ClientDevice { platform: "web", sdk: "angular", call_version: "4.8.0" },
    ClientDevice { platform: "android", sdk: "flutter", call_version: "4.2.1" },
];

/// A person or a group.
#[derive(Debug)]
pub(crate) struct CallParty {
    /// Uid or guid.
    pub(crate) id: String,
    pub(crate) name: String,
    /// The name as the inside of a JSON string.
    pub(crate) json_name: String,
    pub(crate) device: ClientDevice,
    /// The second from which on none of its earlier attempts can get an outcome.
    pub(super) free_at: u64,
}

/// The first person with a name of [`WHOLE`].
const FIRST_WHOLE: usize = 32;

/// A party other than `excluded` that is free; `None` if 64 draws find none.
pub(super) fn draw_free(
    parties: &[CallParty],
    rng: &mut Rng,
    at: u64,
    excluded: Option<usize>,
) -> Option<usize> {
    let mut drawn = (0..64).map(|_| rng.usize(..parties.len()));
    drawn.find(|drawn| parties[*drawn].free_at <= at && Some(*drawn) != excluded)
}

impl CallParty {
    fn new(rng: &mut Rng, id: String, name: String) -> Self {
        let mut json_name = Vec::new();
        json_text::escaped(&mut json_name, name.as_bytes());
        let json_name = String::from_utf8_lossy(&json_name).into_owned();
        Self { id, name, json_name, device: DEVICES[rng.usize(..DEVICES.len())], free_at: 0 }
    }

    /// A person of an app, with a name that nobody else in it has, since webhooks identify people by name.
    pub(super) fn person(rng: &mut Rng, first: usize, at: usize) -> Self {
        let all = GIVEN.len() * FAMILY.len();
        // 1237 has no factor in common with the number of names, so that every name occurs.
        let name = (first + at * 1_237) % all;
        let (given, family) = (GIVEN[name % GIVEN.len()], FAMILY[name / GIVEN.len()]);
        let whole = at.checked_sub(FIRST_WHOLE).and_then(|at| WHOLE.get(at));
        let mut name = whole.map_or_else(|| format!("{given} {family}"), |name| (*name).into());
        if at >= all {
            name = format!("{name} {}", at / all + 1);
        }
        let word: String = given.to_lowercase().chars().map(ascii_letter).collect();
        Self::new(rng, format!("{word}{at}"), name)
    }

    pub(super) fn group(rng: &mut Rng, word: &str, number: usize) -> Self {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        let name = format!("{}{rest} {number}", first.to_uppercase());
        Self::new(rng, format!("{word}-{number}"), name)
    }
}

fn ascii_letter(letter: char) -> char {
    match letter {
        'ë' | 'é' => 'e',
        'ł' => 'l',
        'ø' => 'o',
        letter => letter,
    }
}
