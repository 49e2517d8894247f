//! Laws: what holds for any calls, however odd their payloads are.

use proptest::prelude::*;
use serde_json::Value;

use super::cases::cases;
use super::dice::{Dice, tape};
use super::law::redacted;
use super::{mess, secrets, world};

fn lines(webhooks: &[Value]) -> String {
    webhooks.iter().map(|webhook| webhook.to_string() + "\n").collect()
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn calls_stay_what_they_were(tape in tape(300)) {
        redacted(&lines(&world::webhooks(&mut Dice::new(&tape))));
    }

    #[test]
    fn calls_of_odd_payloads_stay_what_they_were(tape in tape(200), odd in tape(60)) {
        let odd = &mut Dice::new(&odd);
        let mut webhooks = world::webhooks(&mut Dice::new(&tape));
        for webhook in &mut webhooks {
            for _ in 0..odd.below(3) {
                mess::mess(odd, webhook);
            }
        }
        redacted(&lines(&webhooks));
    }

    #[test]
    fn nobody_is_left_wherever_a_name_was(
        tape in tape(200), odd in tape(200), carriers in tape(30),
    ) {
        let planted = secrets::capture(&tape, &odd, true);
        let written = redacted(&secrets::text(&planted, &mut Dice::new(&carriers)));
        prop_assert_eq!(planted.left(&written), None, "{}\n{}", lines(&planted.webhooks), written);
    }
}
