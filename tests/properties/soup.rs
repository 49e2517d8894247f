//! Captures as bytes: laid out in the ways that captures are, edited, or mere soup.

use super::dice::Dice;
use super::world::webhooks;
use super::writing::Style;

const TOKENS: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\"trigger\"",
    "\"data\"",
    "\"trigger\":\"call_ended\"",
    "{\"trigger\":\"x\",\"data\":{}}",
    "{\"trigger\":",
    "\"data\":{}",
    "{\"a\":",
    "{\"",
    "[{",
    "[\"",
    "{}",
    "[]",
    "1",
    "-0.5e3",
    "1e999",
    "null",
    "tru",
    "\"\\ud83d\"",
    "\"\\u00",
    "trigger: '",
    "{ trigger: 'call_ended', data: {} }",
    "\u{feff}",
    "é",
    "log line ",
    "  ",
    "{\"payload\":{\"trigger\":\"x\",\"data\":{}}}",
    "\u{0}",
    "}\n{\"trigger\":\"a\",",
];

/// Tokens one after another.
pub(crate) fn soup(dice: &mut Dice<'_>, tokens: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..tokens {
        bytes.extend_from_slice(dice.of(&TOKENS).as_bytes());
    }
    bytes
}

/// A capture with bytes changed, cut out and put in.
pub(crate) fn edited(dice: &mut Dice<'_>) -> Vec<u8> {
    let bytes = capture(dice);
    edit(bytes, dice)
}

/// These bytes with a few of them changed.
pub(crate) fn edit(mut bytes: Vec<u8>, dice: &mut Dice<'_>) -> Vec<u8> {
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes[at] = u8::try_from(dice.below(256)).unwrap_or(0),
            1 => bytes.truncate(at),
            2 => {
                let to = bytes.len().min(at + dice.below(40));
                bytes.drain(at..to);
            }
            3 => {
                let tokens = dice.below(5);
                let insertion = soup(dice, tokens);
                bytes.splice(at..at, insertion);
            }
            _ => drop(bytes.remove(at)),
        }
    }
    bytes
}

/// Calls in any style and layout.
pub(crate) fn capture(dice: &mut Dice<'_>) -> Vec<u8> {
    let style = Style::any(dice);
    let texts: Vec<String> = webhooks(dice).iter().map(|webhook| style.write(webhook)).collect();
    lay_out(dice, &texts)
}

/// Puts JSON texts into one source.
pub(crate) fn lay_out(dice: &mut Dice<'_>, texts: &[String]) -> Vec<u8> {
    let text = match dice.below(8) {
        0 => each(texts, "", "\n"),
        1 => each(texts, "", "\r\n"),
        2 => format!("[{}]", texts.join(",")),
        3 => format!("[\n  {}\n]\n", texts.join(",\n  ")),
        4 => texts.join(""),
        5 => texts.join("\n\n \t"),
        6 => each(texts, "12:00:01 POST 200 3ms {x\n", "\n"),
        _ => each(texts, "{\"id\":1,\"payload\":", "}\n"),
    };
    let mark = if dice.once_in(4) { "\u{feff}" } else { "" };
    format!("{mark}{text}").into_bytes()
}

fn each(texts: &[String], before: &str, behind: &str) -> String {
    texts.iter().flat_map(|text| [before, text, behind]).collect()
}
