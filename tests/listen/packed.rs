//! Bodies in gzip.

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

const GZIP: (&str, &str) = ("content-encoding", "gzip");

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

fn post(listening: &Listening, body: &[u8]) -> u16 {
    status(&listening.exchange(&request("/hooks", &[GZIP], body)))
}

#[test]
fn a_packed_body_is_stored_as_its_text() {
    let listening = Listening::start(&[]);
    assert_eq!(post(&listening, &packed(WEBHOOK.as_bytes())), 200);
    // In two members.
    let (one, two) = WEBHOOK.as_bytes().split_at(40);
    assert_eq!(post(&listening, &[packed(one), packed(two)].concat()), 200);
    assert_eq!(post(&listening, &packed(b"")), 400);
    let ended = listening.end();
    for record in ended.capture() {
        assert_eq!((&record["body"], record.get("isBase64Encoded")), (&json!(WEBHOOK), None));
        // What these say is not so of the text.
        assert_eq!(record["headers"].get("content-encoding"), None);
        assert_eq!(record["headers"].get("content-length"), None);
    }
    assert_eq!(ended.capture().len(), 2);
}

#[test]
fn a_damaged_one_is_stored_as_it_came_and_counted_as_damaged_when_it_is_read() {
    let listening = Listening::start(&[]);
    let whole = packed(WEBHOOK.as_bytes());
    let mut flipped = whole.clone();
    flipped[30] ^= 0x55;
    let mut wrong_sum = whole.clone();
    wrong_sum[whole.len() - 6] ^= 1;
    let (cut, begun) = (&whole[..whole.len() / 2], &whole[..15]);
    let bodies = [&flipped[..], &wrong_sum, cut, begun, &whole[..1], b"no gzip"];
    for body in bodies {
        assert_eq!(post(&listening, body), 200);
        let said = listening.said("gzip data of the body is damaged");
        assert!(said.ends_with("captured all the same"), "{said}");
    }
    // One that is not packed at all is read all the same.
    assert_eq!(post(&listening, WEBHOOK.as_bytes()), 200);
    let ended = listening.end();
    let records = ended.capture();
    for record in &records {
        assert_eq!(record["isBase64Encoded"], true);
        assert_eq!(record["headers"]["content-encoding"], "gzip");
    }
    assert_eq!(records.len(), 7);
    for (at, record) in records.iter().enumerate() {
        fs::write(ended.folder.path().join("one"), format!("{record}\n")).expect("a disk");
        let found = ended.callscope(&["calls", "--no-config", "--format", "json", "one"]);
        let found: Value = serde_json::from_slice(&found).expect("JSON");
        let damaged = &found["summary"]["damaged"];
        assert_eq!(*damaged, json!(u64::from(at < bodies.len())), "{at}: {}", found["summary"]);
    }
}

#[test]
fn the_longest_length_holds_for_the_text_too() {
    let listening = Listening::start(&["--max-body", "1000"]);
    let text = |length: usize| packed(format!("\"{}\"", "a".repeat(length - 2)).as_bytes());
    assert_eq!((post(&listening, &text(1000)), post(&listening, &text(1001))), (200, 413));
    // Much more than may be held is never expanded.
    assert_eq!(post(&listening, &text(500_000)), 413);
    let heard = listening.exchange(&request("/", &[GZIP], &text(1001)));
    assert!(heard.contains("longer than 1000 bytes"), "{heard}");
    assert_eq!(listening.end().capture().len(), 1);
}
