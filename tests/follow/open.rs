//! A pipe that stays open.

use std::process::{Command, Stdio};

use super::*;

#[test]
fn a_row_comes_while_the_pipe_is_open() {
    let mut follow = Following::start(&[]);
    follow.say(&[ring("initiated", 1, 0)]);
    assert_eq!(short(&follow.row()), "call_initiated event");
    follow.write("a line of text\n{\n  \"trigger\": \"message_sent\",\n  \"data\": {}\n}");
    assert_eq!(short(&follow.row()), "message_sent other", "it ends at its bracket");
    follow.say(&[ring("rejected", 2, 9)]);
    assert_eq!(short(&follow.row()), "call_rejected event");
    let call = follow.row();
    assert_eq!(short(&call), "rejected 1");
    assert_eq!(call["call_id"], "ring:1");
    let ended = follow.end();
    assert_eq!(shorts(&ended.rows), ["rejected 2 final"]);
    assert!(ended.status.success());
    assert!(
        ended.told.starts_with("1 call from 2 events (3 webhooks in 1 source)"),
        "{}",
        ended.told
    );
}

#[test]
fn a_webhook_behind_one_that_was_cut_comes_while_the_pipe_is_open() {
    let mut follow = Following::start(&["--events"]);
    let whole = ring("initiated", 1, 0);
    let text = whole.to_string();
    follow.write(&format!("{}\n", &text[..text.len() / 2]));
    follow.say(&[whole]);
    follow.write("next\n");
    let first = follow.row();
    assert_eq!(first["row"], "finding", "{first}");
    assert_eq!(short(&follow.row()), "call_initiated event");
}

#[test]
fn what_was_told_is_told_again_when_it_changes() {
    let mut follow = Following::start(&["--calls"]);
    follow.say(&[started("room", 0), joined("room", "Ida", 1), ended("room", &["Ida"], 0, 60)]);
    assert_eq!(short(&follow.row()), "ended 1");
    follow.say(&[ended("room", &["Ida"], 0, 60)]);
    let again = follow.row();
    assert_eq!((short(&again), &again["delivery_count"]), ("ended 2".into(), &json!(4)));
    follow.say(&[recorded("room", 20)]);
    let recorded = follow.row();
    assert_eq!(short(&recorded), "ended 3");
    assert_eq!(recorded["recordings"].as_array().map(Vec::len), Some(1));
    assert_eq!(shorts(&follow.end().rows), ["ended 4 final"]);
}

#[test]
fn a_call_that_says_nothing_is_told_and_goes_on_when_it_does() {
    let mut follow = Following::start(&["--calls", "--ring-window", "1s", "--open-after", "1s"]);
    follow.say(&[ring("initiated", 1, 0), started("room", 0)]);
    assert!(follow.is_silent(500));
    let mut silent = vec![short(&follow.row()), short(&follow.row())];
    silent.sort();
    assert_eq!(silent, ["initiated 1", "ongoing 1"]);
    assert!(follow.is_silent(300));
    follow.say(&[ended("room", &["Ida"], 0, 60)]);
    assert_eq!(short(&follow.row()), "ended 2");
    let ended = follow.end();
    assert_eq!(shorts(&ended.rows), ["initiated 2 final", "ended 3 final"]);
}

#[test]
fn a_pipe_of_noise_does_not_hold_back_what_is_silent() {
    let mut follow = Following::start(&["--calls", "--ring-window", "1s"]);
    follow.say(&[ring("initiated", 1, 0)]);
    for _ in 0..15 {
        follow.write("GET /healthz 200\n");
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(short(&follow.row()), "initiated 1");
    assert!(follow.end().status.success());
}

#[test]
fn a_call_is_forgotten_when_it_was_over_for_long_enough() {
    let mut follow = Following::start(&["--calls", "--linger", "1s"]);
    follow.say(&[ring("initiated", 1, 0), ring("cancelled", 2, 5)]);
    assert_eq!(short(&follow.row()), "cancelled 1");
    assert_eq!(short(&follow.row()), "cancelled 2 final");
    assert!(follow.end().rows.is_empty());
}

#[test]
fn what_is_wrong_stands_with_its_event_or_alone() {
    let mut follow = Following::start(&["--events"]);
    follow.say(&[started("room", 0), started("room", 0)]);
    assert_eq!(follow.row()["findings"], json!([]));
    let again = follow.row();
    assert_eq!(short(&again), "meeting_started duplicate");
    assert_eq!(again["findings"][0]["rule"], "K001");
    let mut without = started("room", 1);
    without.as_object_mut().expect("an object").remove("region");
    follow.say(&[without]);
    assert_eq!(follow.row()["findings"][0]["pointer"], "/region");
    follow.write("{\"trigger\": \"meeting_ended\", oops}\n");
    let ended = follow.end();
    assert_eq!(shorts(&ended.rows), ["J001"]);
    assert_eq!(ended.rows[0]["line"], 4);
    assert!(ended.status.success());
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .arg("follow")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    writeln!(stdin, "{}", started("room", 0)).expect("writes");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut day = String::new();
    stdout.read_line(&mut day).expect("reads");
    drop(stdout);
    eventually(|| writeln!(stdin, "{}", joined("room", "Ida", 1)).is_err());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn compressed_input_is_read_too() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writeln!(packed, "{}", started("room", 0)).expect("writes");
    let packed = packed.finish().expect("writes");
    let mut follow = Following::start(&["--events"]);
    let mut stdin = follow.stdin.take().expect("open");
    stdin.write_all(&packed).expect("writes");
    drop(stdin);
    assert_eq!(shorts(&follow.end().rows), ["meeting_started event"]);
}

#[test]
fn rows_of_one_app_are_shown_on_their_own() {
    let mut follow = Following::start(&["--app", &APP[..6]]);
    let mut other = started("hall", 0);
    other["appId"] = json!("feed1234567890ab");
    follow.say(&[other, started("room", 1)]);
    assert_eq!(follow.row()["session_id"], "room");
    let ended = follow.end();
    assert_eq!(shorts(&ended.rows), ["ongoing 1 final"]);
    assert_eq!(ended.told, "2 calls from 2 events (2 webhooks in 1 source)\n");
}

#[test]
fn what_was_recognised_is_said_when_it_is_asked_for() {
    let mut follow = Following::start(&["--calls", "-v"]);
    follow.write("listening\n");
    follow.say(&[json!({"log": format!("{}\n", started("room", 0)), "stream": "stdout", "time": "2026-03-09T23:06:41Z"})]);
    let told = follow.end().told;
    let first = told.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("callscope: -: Docker json-file; 1 webhook in 1 JSON value, "),
        "{told}"
    );
}

/// What a person is shown of a call with a recording.
fn lines(columns: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["follow", "--calls", "-q", "--ascii"])
        .env("COLUMNS", columns)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let late = joined("room", "Ole the Second", 0);
    for hook in [ended("room", &["Ida", "Ole the Second"], 0, 4000), late, recorded("room", 20)] {
        writeln!(stdin, "{hook}").expect("writes");
    }
    drop(stdin);
    let output = child.wait_with_output().expect("ends");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_calls_line_fits_into_the_screen_and_is_told_again_only_with_news() {
    for (columns, wanted) in [
        (
            "60",
            &[
                "2026-03-09 UTC",
                "23:46:40  * ended       Ida, Ole the Second",
                "                        1h 06m 40s  2 people",
                "23:46:40  * ended       Ida, Ole the Second",
                "                        1h 06m 40s  2 people  R002",
                "                        1 recording  again",
            ] as &[&str],
        ),
        (
            "80",
            &[
                "2026-03-09 UTC",
                "23:46:40  * ended       Ida, Ole the Second  -            1h 06m 40s   2 people",
                "23:46:40  * ended       Ida, Ole the Second  -            1h 06m 40s   2 people",
                "                        R002  1 recording  again",
            ],
        ),
        (
            "100",
            &[
                "2026-03-09 UTC",
                "23:46:40  * ended       Ida, Ole the Second  -            1h 06m 40s   2 people",
                "23:46:40  * ended       Ida, Ole the Second  -            1h 06m 40s   2 people   R002  1 recording",
                "                        again",
            ],
        ),
        (
            "200",
            &[
                "2026-03-09 UTC",
                "23:46:40  * ended       Ida, Ole the Second                               -            1h 06m 40s   2 people",
                "23:46:40  * ended       Ida, Ole the Second                               -            1h 06m 40s   2 people   R002  1 recording  again",
            ],
        ),
    ] {
        let lines = lines(columns);
        assert_eq!(lines.lines().collect::<Vec<_>>(), wanted, "{columns} columns");
    }
}

#[test]
fn the_readme_shows_what_it_prints() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(folder.join("README.md")).expect("reads");
    let (_, block) = readme.split_once("$ callscope follow < ").expect("an example");
    let (sample, block) = block.split_once('\n').expect("its output");
    let (shown, _) = block.split_once("```").expect("its end");
    let sample = std::fs::File::open(folder.join(sample)).expect("a sample");
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    let output = command.arg("follow").stdin(sample).env("COLUMNS", "100").output().expect("runs");
    let printed = [output.stdout, output.stderr].concat();
    assert_eq!(String::from_utf8_lossy(&printed), shown);
}

#[test]
fn what_comes_late_of_a_forgotten_call_makes_no_call_of_its_own() {
    let mut follow = Following::start(&["--linger", "60s"]);
    let whole = [started("room", 0), joined("room", "Ida", 1), ended("room", &["Ida"], 0, 60)];
    follow.say(&whole);
    follow.say(&[started("hall", 500), ended("hall", &[], 500, 600)]);
    // One again, and one that is new; then another run of the same room.
    follow.say(&[whole[1].clone(), recorded("room", 20)]);
    follow.say(&[started("room", 700), ended("room", &["Ole"], 700, 760)]);
    let ended = follow.end();
    let calls = ended.rows.iter().filter(|row| row["row"] == "call");
    let told: Vec<_> =
        calls.map(|row| (row["call_id"].clone(), row["event_count"].clone())).collect();
    let id = |room: &str, second: i64| json!(format!("{room}@{}", BASE + second));
    let [room, hall, again] = [id("room", 0), id("hall", 500), id("room", 700)];
    assert!(told.contains(&(room.clone(), json!(3))), "{told:?}");
    assert!(told.iter().all(|(call, _)| [&room, &hall, &again].contains(&call)), "{told:?}");
    let counts = told.iter().filter(|(call, _)| *call == room).map(|(_, count)| count.clone());
    assert!(counts.into_iter().all(|count| count == json!(3)), "{told:?}");
    assert_eq!(ended.rows.iter().filter(|row| row["row"] == "event").count(), 9);
    assert!(
        ended.told.trim().ends_with("; 2 webhooks of calls forgotten by then"),
        "{}",
        ended.told
    );
}
