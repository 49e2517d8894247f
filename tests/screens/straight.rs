//! No line is wider than the screen, and bars stand below each other, whatever the names are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::cases::cases;
use super::dice::{Dice, tape};
use super::stranger;
use super::terminal::{End, callscope, run};

const WIDTHS: [u16; 6] = [40, 60, 80, 100, 120, 200];

/// The text without the styling that the program adds.
pub(super) fn without_styling(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split("\u{1b}[");
    plain.extend(pieces.next());
    for piece in pieces {
        let end = piece.find(|one: char| !matches!(one, '0'..='9' | ';'));
        let end = end.filter(|at| piece[*at..].starts_with('m'));
        plain.push_str(end.map_or(piece, |at| &piece[at + 1..]));
    }
    plain
}

/// What a command prints on a screen, without styling.
fn printed(arguments: &[&str], path: Option<&Path>, columns: u16, end: End) -> String {
    let mut command = callscope(arguments);
    match path.map(fs::File::open) {
        Some(Ok(capture)) if arguments[0] == "follow" => _ = command.stdin(capture),
        _ => _ = command.args(path),
    }
    command.env("COLUMNS", columns.to_string());
    let printed = run(command, end, End::Pipe).unwrap_or_else(|error| unreachable!("{error}"));
    assert!(printed.status.is_some_and(|status| status < 2), "{arguments:?}: {printed:?}");
    without_styling(&printed.stdout)
}

/// Refuses lines that are wider than the screen.
fn fits(arguments: &[&str], path: Option<&Path>, columns: u16, end: End) {
    let text = printed(arguments, path, columns, end);
    for line in text.lines() {
        let width = line.width();
        let capture = || path.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        assert!(
            width <= columns.into(),
            "{arguments:?}: {width} of {columns} columns:\n{line}\n{}",
            capture()
        );
    }
}

fn write(path: &Path, webhooks: &[Value]) {
    let written = fs::write(path, stranger::lines(webhooks));
    assert!(written.is_ok(), "{written:?}");
}

proptest! {
    // Each step of shrinking runs the program many times.
    #![proptest_config(Config { max_shrink_iters: 200, ..cases(30) })]

    #[test]
    fn no_line_is_wider_than_the_screen(tape in tape(500)) {
        let dice = &mut Dice::new(&tape);
        let folder = tempfile::tempdir().expect("a folder");
        let name: String = stranger::text(dice).replace(['\0', '/'], "").chars().take(40).collect();
        let path = folder.path().join(format!("{name}.ndjson"));
        let mut webhooks = stranger::webhooks(dice);
        write(&path, &webhooks);
        // What a copy lacks, and what it says otherwise.
        let other = folder.path().join("other");
        webhooks.retain(|_| !dice.once_in(4));
        for webhook in &mut webhooks {
            if dice.once_in(4) {
                webhook["another"] = json!(stranger::text(dice));
            }
        }
        write(&other, &webhooks);
        let other = other.to_str().expect("UTF-8");
        for columns in WIDTHS {
            for command in ["timeline", "calls", "events", "stats", "check", "follow"] {
                let looks: &[&str] = dice.of(&[&[][..], &["--ascii"], &["--color", "always"]]);
                let more: &[&str] = if command == "check" { &["--select", "J,S,K,L"] } else { &[] };
                let end = dice.of(&[End::Pipe, End::Pipe, End::Terminal(columns)]);
                fits(&[&[command], looks, more].concat(), Some(&path), columns, end);
            }
            for looks in [&[][..], &["--ascii"]] {
                let arguments = [&["diff", other], looks].concat();
                fits(&arguments, Some(&path), columns, dice.of(&[End::Pipe, End::Terminal(columns)]));
            }
        }
    }

    #[test]
    fn bars_that_begin_and_end_together_stand_below_each_other(tape in tape(60)) {
        let dice = &mut Dice::new(&tape);
        let names: BTreeSet<String> = (0..=dice.below(6)).map(|_| stranger::text(dice)).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("capture.ndjson");
        let rings = dice.once_in(2);
        write(&path, &together(&names, rings));
        for columns in WIDTHS {
            let end = dice.of(&[End::Pipe, End::Terminal(columns)]);
            let unicode = printed(&["timeline"], Some(&path), columns, end);
            is_straight(&unicode, "╷", [["╶", "╴"], ["┣", "┫"], ["╺", "╸"]], names.len(), columns);
            let ascii = printed(&["timeline", "--ascii"], Some(&path), columns, end);
            is_straight(&ascii, "'", [["(", ")"], ["[", "]"], ["<", ">"]], names.len(), columns);
        }
    }
}

#[test]
fn no_line_of_a_rules_page_is_wider_than_the_screen() {
    let codes = callscope::rules::all().map(|rule| rule.code);
    let pages: Vec<Vec<&str>> = codes.map(|code| vec!["rule", code]).collect();
    for columns in WIDTHS {
        fits(&["rule"], None, columns, End::Pipe);
        fits(&["rule", "--ascii"], None, columns, End::Terminal(columns));
        for page in &pages {
            fits(page, None, columns, End::Pipe);
        }
    }
}

#[test]
fn no_line_of_what_the_samples_give_is_wider_than_the_screen() {
    for folder in ["samples", "tests/screens/captures"] {
        for columns in WIDTHS {
            for command in ["timeline", "calls", "events", "stats", "check"] {
                fits(&[command], Some(Path::new(folder)), columns, End::Terminal(columns));
                fits(&[command, "--ascii"], Some(Path::new(folder)), columns, End::Pipe);
            }
            let sent = ["diff", "samples/diff/sent.dump"];
            for other in ["samples/diff/stored.dump", folder] {
                fits(&sent, Some(Path::new(other)), columns, End::Terminal(columns));
            }
        }
    }
}

/// A call of people who all come and leave in the same second, recorded from the first to the last,
/// perhaps after a ring.
fn together(names: &BTreeSet<String>, rings: bool) -> Vec<Value> {
    const FROM: i64 = 1_773_200_000;
    const TO: i64 = FROM + 100;
    let kind = if rings { "call" } else { "meeting" };
    let session = format!("v1.eu.239414efb0e4882a.{}{}", FROM - 20, "5f".repeat(20));
    let body = |trigger: &str, data: &Value| json!({"trigger": trigger, "data": data, "appId": "239414efb0e4882a", "region": "eu", "webhook": "66f31560d3b226ee3c03d490", "type": if rings { "call" } else { "meet" }});
    let stay = |name: &String| json!({"name": name, "joined_at": FROM, "left_at": TO, "audio_call": "false"});
    let mut sent = Vec::new();
    if rings {
        let on = json!({"entity": {"sessionid": session, "initiatedAt": FROM - 20}, "entityType": "call"});
        let call = json!({"id": "5", "conversationId": "a_user_b", "sender": "a", "receiverType": "user", "receiver": "b", "category": "call", "type": "video", "data": {"action": "initiated", "entities": {"on": on}}, "sentAt": FROM - 20, "updatedAt": FROM - 20});
        sent.push(body("call_initiated", &json!({"call": call})));
    }
    sent.push(body(&format!("{kind}_started"), &json!({"created_at": FROM, "sessionId": session})));
    for name in names {
        let mut occupant = stay(name);
        let left = json!({"occupant": occupant, "sessionId": session});
        occupant.as_object_mut().map(|occupant| occupant.remove("left_at"));
        let joined = json!({"occupant": occupant, "sessionId": session});
        sent.push(body(&format!("{kind}_participant_joined"), &joined));
        sent.push(body(&format!("{kind}_participant_left"), &left));
    }
    let roster: Vec<Value> = names.iter().map(stay).collect();
    let ended = json!({"all_occupants": roster, "created_at": FROM, "destroyed_at": TO, "sessionId": session});
    sent.push(body(&format!("{kind}_ended"), &ended));
    let recording = json!({"recordingDate": "2026-03-11", "duration": "100", "startTime": FROM.to_string(), "sessionId": session, "recording_url": "https://recordings.example/a.mp4"});
    sent.push(body("recording_generated", &recording));
    sent
}

/// Refuses a chart in which bars of stays and recordings do not begin, or end, in one column, or a
/// ring does not begin where the axis does; `ends` are those of rings, stays and recordings.
fn is_straight(text: &str, tick: &str, ends: [[&str; 2]; 3], people: usize, columns: u16) {
    let mut lines = text.lines().skip_while(|line| !line.trim_start().starts_with(tick));
    let Some(axis) = lines.next() else {
        assert!(columns < 60, "there is no chart on {columns} columns:\n{text}");
        return;
    };
    let [ring, stay, recording] = ends;
    let chart: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let has_ring = chart.len() == people + 2;
    assert!(has_ring || chart.len() == people + 1, "{text}");
    let mut begins = axis.width() - axis.trim_start().width();
    let bars = if has_ring {
        assert!(columns_of(chart[0], ring[0]).contains(&begins), "the ring begins late:\n{text}");
        begins = columns_of(chart[0], ring[1]).pop().unwrap_or_default();
        &chart[1..]
    } else {
        &chart[..]
    };
    // A ring's last column is the first of a stay.
    let last = columns_of(bars[people], recording[1]).pop();
    for (at, bar) in bars.iter().enumerate() {
        let [first_glyph, last_glyph] = if at < people { stay } else { recording };
        assert!(columns_of(bar, first_glyph).contains(&begins), "{begins} in {bar:?} of\n{text}");
        assert!(last.is_some_and(|last| columns_of(bar, last_glyph).contains(&last)), "{text}");
        assert_eq!(bar.width(), bars[people].width(), "figures are not below each other:\n{text}");
    }
}

/// The columns in which a glyph stands.
fn columns_of(line: &str, glyph: &str) -> Vec<usize> {
    line.match_indices(glyph).map(|(at, _)| line[..at].width()).collect()
}
