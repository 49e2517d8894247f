//! Damage never costs what stands beside it.

use proptest::prelude::*;

use super::cases;
use super::dice::{Dice, tape};
use super::reading::{Reading, read};
use super::world::webhooks;
use super::writing::Style;

/// The texts that are not among those that were read. What is inside another webhook is none of
/// them.
fn lost<'t>(texts: impl Iterator<Item = &'t str>, reading: &Reading) -> Vec<&'t str> {
    let mut read = reading.texts();
    texts
        .filter(|text| match read.iter().position(|other| other == text) {
            Some(at) => {
                read.remove(at);
                false
            }
            None => true,
        })
        .collect()
}

/// Webhooks, as text, that are webhooks even where a generator left their trigger or data out.
fn whole(dice: &mut Dice<'_>, style: Style) -> Vec<String> {
    let values = webhooks(dice).into_iter();
    let shaped = values.filter(|value| value["trigger"].is_string() && value["data"].is_object());
    shaped.map(|value| style.write(&value)).collect()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_cut_line_costs_no_other_line(tape in tape(300), cuts in tape(40)) {
        let dice = &mut Dice::new(&cuts);
        let style = Style::any(dice).flat();
        let texts = whole(&mut Dice::new(&tape), style);
        let (mut bytes, mut good) = (Vec::new(), Vec::new());
        // Places with damage: lines that were cut one behind another may be one.
        let (mut damaged, mut behind_damage) = (0, false);
        for text in &texts {
            if dice.once_in(3) {
                let kept = 1 + dice.below(text.len() - 1);
                bytes.extend_from_slice(&text.as_bytes()[..kept]);
                // A brace alone is text.
                let told = text.as_bytes()[..kept].trim_ascii_end().len() > 1;
                damaged += u64::from(told && !behind_damage);
                behind_damage = true;
            } else {
                behind_damage = false;
                good.push(text.as_str());
                bytes.extend_from_slice(text.as_bytes());
            }
            bytes.push(b'\n');
        }
        let reading = read(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(lost(good.iter().copied(), &reading), Vec::<&str>::new(), "in\n{}", text);
        // A document that is cut before its trigger is entered, and may break in several places.
        prop_assert!(reading.counts.damaged >= damaged, "each is told in\n{}", text);
    }

    #[test]
    fn a_damaged_element_of_a_pretty_array_costs_no_other(
        tape in tape(300),
        at in any::<prop::sample::Index>(),
        new in prop::option::of(any::<u8>()),
    ) {
        let texts: Vec<String> = whole(&mut Dice::new(&tape), Style::PRETTY)
            .iter()
            .map(|text| text.replace('\n', "\n  "))
            .collect();
        prop_assume!(texts.len() > 1);
        let text = format!("[\n  {}\n]\n", texts.join(",\n  "));
        let (bytes, hit) = damaged(&text, &texts, at, new);
        let others = texts.iter().enumerate().filter(|(index, _)| *index != hit);
        let reading = read(&bytes);
        let lost = lost(others.map(|(_, text)| text.as_str()), &reading);
        prop_assert_eq!(lost, Vec::<&str>::new(), "in\n{}", String::from_utf8_lossy(&bytes));
    }
}

/// Deletes or replaces a byte of the array that is not blank, and says whose it is: that of the
/// element that holds it or stands before it.
fn damaged(
    text: &str,
    texts: &[String],
    at: prop::sample::Index,
    new: Option<u8>,
) -> (Vec<u8>, usize) {
    let solid: Vec<usize> =
        (4..text.len() - 3).filter(|at| !text.as_bytes()[*at].is_ascii_whitespace()).collect();
    let at = solid[at.index(solid.len())];
    let mut hit = 0;
    let mut end = 4;
    for (index, text) in texts.iter().enumerate() {
        hit = index;
        end += text.len() + 4;
        if at < end {
            break;
        }
    }
    let mut bytes = text.as_bytes().to_vec();
    match new {
        Some(byte) => bytes[at] = byte,
        None => drop(bytes.remove(at)),
    }
    (bytes, hit)
}
