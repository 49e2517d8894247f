//! `redact` on 20,000 captures with secrets in all places, and on as many that are well-formed.

#[path = "../redact/bodies.rs"]
mod bodies;
#[path = "../properties/cases.rs"]
mod cases;
#[path = "../properties/dice.rs"]
mod dice;
#[path = "../redact/law.rs"]
mod law;
#[path = "../redact/mapping.rs"]
#[allow(dead_code, reason = "other tests ask what is gone")]
mod mapping;
#[path = "../properties/mess.rs"]
mod mess;
#[path = "../redact/search.rs"]
mod search;
#[path = "../redact/secrets.rs"]
mod secrets;
#[path = "../properties/world.rs"]
mod world;

use proptest::prelude::*;

use cases::cases;
use dice::{Dice, tape};

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn no_secret_is_left_and_no_call_is_another(
        tape in tape(300), odd in tape(300), carriers in tape(60),
    ) {
        let planted = secrets::capture(&tape, &odd, true);
        let written = law::redacted(&secrets::text(&planted, &mut Dice::new(&carriers)));
        prop_assert_eq!(planted.left(&written), None, "{}", written);
    }

    #[test]
    fn no_line_of_a_well_formed_capture_is_refused(tape in tape(300), odd in tape(30)) {
        let planted = secrets::capture(&tape, &odd, false);
        let written = law::redacted(&secrets::text(&planted, &mut Dice::new(&[])));
        prop_assert_eq!(planted.left(&written), None, "{}", written);
    }
}
