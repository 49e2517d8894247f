//! What carriers, companions and odd payloads hold beside what is known.

use callscope::event::{Redactor, Refusal};

use super::program::{file, redacted};

/// A body of which every quoted word but CometChat's own is somebody's.
const BODY: &str = r#"{"trigger":"call_participant_joined","data":{"occupant":{"joined_at":1771000000,"audio_call":"false","name":"Planted Person","uid":"planted-uid","phone":491721234567,"where":{"lat":52.5200066,"planted_key":[true,null,"planted text"]}},"sessionId":"planted-session","initial_config":{"sdk":"react","platform":"web","mode":"planted mode"}},"appId":"planted-app","region":"eu","webhook":"planted-hook","type":"call"}"#;

/// The body in five carriers, each with headers, addresses and lines of its own.
fn carriers() -> [String; 5] {
    let quoted = serde_json::to_string(BODY).expect("a string");
    let base64 = base64(BODY);
    [
        format!(
            r#"{{"log":{{"version":"1.2","entries":[{{"startedDateTime":"2026-02-13T16:26:41Z","serverIPAddress":"203.0.113.77","request":{{"method":"POST","url":"https://planted.example/hook","headers":[{{"name":"Authorization","value":"Basic planted-secret"}}],"postData":{{"mimeType":"application/json","text":{quoted}}}}}}}]}}}}"#
        ),
        format!(
            r#"{{"version":"2.0","headers":{{"authorization":"Basic planted-secret","x-forwarded-for":"203.0.113.77"}},"requestContext":{{"timeEpoch":1771000001000,"domainName":"planted.example"}},"body":"{base64}","isBase64Encoded":true}}"#
        ),
        format!(
            "{{\"log\":\"planted line of a log\\n\",\"stream\":\"stdout\",\"time\":\"2026-02-13T16:26:40Z\"}}\n{{\"log\":{},\"stream\":\"stdout\",\"time\":\"2026-02-13T16:26:41Z\"}}\n",
            serde_json::to_string(&format!("{BODY}\n")).expect("a string")
        ),
        format!(
            r#"{{"data":[{{"uuid":"planted-uuid","ip":"203.0.113.77","method":"POST","content":{quoted},"headers":{{"authorization":["Basic planted-secret"]}},"created_at":"2026-02-13 16:26:41"}}]}}"#
        ),
        format!(
            "planted line\n[2026-02-13 16:26:41] local.INFO: 203.0.113.77 planted {BODY} []\n{{\"planted\": damaged\n{{\"planted\":1}}\n"
        ),
    ]
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut written = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = (0..3)
            .fold(0_usize, |bits, at| bits << 8 | usize::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..=three.len() {
            written.push(char::from(LETTERS[bits >> (18 - 6 * at) & 63]));
        }
    }
    let padded = written.len().next_multiple_of(4);
    format!("{written:=<padded$}")
}

#[test]
fn nothing_that_was_planted_is_left_in_five_carriers() {
    let mut bodies = Vec::new();
    for carrier in carriers() {
        let written = redacted(&file(carrier.as_bytes()), &[]);
        assert_eq!(written.lines().count(), 1, "{carrier}");
        let lower = written.to_lowercase();
        for gone in ["planted", "203.0.113", "authorization", "basic ", "4917", "52.52", "http"] {
            assert!(!lower.contains(gone), "{gone} is left: {written}");
        }
        for kept in [r#""joined_at":1771000000"#, r#""sdk":"react""#, r#""phone":"#, "[true,null,"]
        {
            assert!(written.contains(kept), "{kept} is gone: {written}");
        }
        bodies.push(
            written[written.find(r#"{"trigger""#).expect("a body")..]
                .trim_end()
                .trim_end_matches('}')
                .to_owned(),
        );
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "a body is the same whatever it came in");
}

#[test]
fn what_somebody_wrote_into_a_chat_goes_and_who_wrote_it_is_who_called() {
    let chat = r#"{"trigger":"message_sent","data":{"message":{"id":"77","sender":"ana-lytics","conversationId":"ana-lytics_user_ben-jamin","data":{"text":"call me at ben@corp.example","metadata":{"ben-jamin":{"score":3}}}}},"appId":"9c4e1f","region":"eu","webhook":"77aa01"}"#;
    let ring = r#"{"trigger":"call_cancelled","data":{"call":{"id":"52","conversationId":"ana-lytics_user_ben-jamin","sender":"ana-lytics","receiverType":"user","receiver":"ben-jamin","category":"call","type":"audio","data":{"action":"cancelled"},"sentAt":1771000000,"updatedAt":1771000000}},"appId":"9c4e1f","region":"eu","webhook":"77aa01"}"#;
    let written = redacted(&file(format!("{chat}\n{ring}\n").as_bytes()), &[]);
    for gone in ["ana", "ben", "corp", "call me", "9c4e1f", "77aa01"] {
        assert!(!written.contains(gone), "{gone} is left: {written}");
    }
    let lines: Vec<serde_json::Value> =
        written.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let sender = &lines[1]["data"]["call"]["sender"];
    assert_eq!(&lines[0]["data"]["message"]["sender"], sender);
    let (sender, receiver) = (sender.as_str(), lines[1]["data"]["call"]["receiver"].as_str());
    let conversation = format!("{}_user_{}", sender.expect("a uid"), receiver.expect("a uid"));
    assert_eq!(lines[1]["data"]["call"]["conversationId"], conversation);
    assert_eq!(lines[1]["data"]["call"]["id"], "52");
}

#[test]
fn names_go_however_they_are_spelled() {
    let long = "Łongname ".repeat(20_000);
    let names = [
        r"Zo\u00eb \ud83d\ude00",
        "Zoë 😀",
        r#"a\"b\\c\/d"#,
        r"half \ud800 pair",
        "\u{202e}evil\u{2066}",
        r"nul\u0000tab\t",
        long.as_str(),
        "12345",
        r"{\u0022trigger\u0022:1}",
    ];
    let body = |name: &str| {
        format!(
            r#"{{"trigger":"call_participant_left","data":{{"occupant":{{"joined_at":1771000000,"audio_call":"false","left_at":1771000005,"name":"{name}"}},"sessionId":"v1.eu.a"}},"appId":"9c4e","region":"eu","webhook":"77aa","type":"call"}}"#
        )
    };
    let capture: String = names.iter().map(|name| body(name) + "\n").collect();
    let written = redacted(&file(capture.as_bytes()), &[]);
    let given: Vec<String> = (written.lines())
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|body| body["data"]["occupant"]["name"].as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(given.len(), names.len());
    assert_eq!(given[0], given[1], "one name in two spellings");
    for (at, name) in given.iter().enumerate().skip(1) {
        assert!(name.is_ascii() && name.len() < 60, "{name}");
        assert!(!given[..at].contains(name) || at == 1, "{name} is two people");
    }
}

#[test]
fn a_number_where_a_word_would_stay_goes_if_it_is_somebody_or_long() {
    let body = |region: &str, uid: &str| {
        format!(
            r#"{{"trigger":"call_initiated","data":{{"call":{{"sender":"{uid}"}}}},"appId":"9c4e","region":{region},"webhook":"77aa"}}"#
        ) + "\n"
    };
    let capture = body("7", "7") + &body("8", "ben") + &body("4915112345678", "ben");
    let written = redacted(&file(capture.as_bytes()), &[]);
    let regions: Vec<serde_json::Value> = (written.lines())
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|body| body["region"].clone())
        .collect();
    assert!(regions.iter().all(serde_json::Value::is_number), "{regions:?}");
    assert_eq!(regions[1], 8);
    assert!(regions[0] != 7 && !written.contains("4915112345678"), "{regions:?}");
}

/// A body with these members, of somebody with this name.
fn joined(name: &str, config: &str) -> String {
    format!(
        r#"{{"trigger":"call_participant_joined","data":{{"occupant":{{"joined_at":1771000000,"audio_call":"false","name":"{name}"}},"sessionId":"weekly","initial_config":{config}}},"appId":"9c4e","region":"us","webhook":"77aa","type":"call"}}"#
    ) + "\n"
}

fn bodies(written: &str) -> Vec<serde_json::Value> {
    written.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_word_of_cometchat_stays_only_in_its_own_field() {
    let config = r#"{"platform":"web","sdk":"react","mode":"DEFAULT","call_version":"5.0.2"}"#;
    let moved = r#"{"platform":"react","sdk":"DEFAULT","mode":"web","call_version":"us"}"#;
    for name in ["web", "React", "us", "call", "name", "nobody"] {
        let capture = joined(name, config) + &joined(name, moved);
        let written = bodies(&redacted(&file(capture.as_bytes()), &[]));
        assert_eq!(written.len(), 2);
        let before: serde_json::Value = serde_json::from_str(config).expect("JSON");
        assert_eq!(written[0]["data"]["initial_config"], before, "{name}");
        assert_eq!((&written[0]["region"], &written[0]["type"]), (&"us".into(), &"call".into()));
        let after = &written[1]["data"]["initial_config"];
        let before: serde_json::Value = serde_json::from_str(moved).expect("JSON");
        for field in ["platform", "sdk", "mode", "call_version"] {
            assert_ne!(after[field], before[field], "{field} of {name}");
        }
    }
}

#[test]
fn a_name_is_one_person_in_any_case_and_place() {
    let capture = joined("Lena Okafor", "{}")
        + &joined("LENA", r#"{"lena":{"okafor":1},"platform":"Okafor","resource":"LENA okafor"}"#);
    let written = bodies(&redacted(&file(capture.as_bytes()), &[]));
    let name = |body: &serde_json::Value| {
        body["data"]["occupant"]["name"].as_str().expect("a name").to_owned()
    };
    let whole = name(&written[0]);
    let (first, last) = whole.split_once(' ').expect("two words");
    assert_eq!(name(&written[1]), first.to_uppercase());
    let config = &written[1]["data"]["initial_config"];
    assert_eq!(config[first.to_lowercase()][last.to_lowercase()], 1);
    assert_eq!(config["platform"], last);
    assert!(!config.to_string().to_lowercase().contains("okafor"));
}

#[test]
fn a_counter_of_letters_and_a_time_that_cannot_be_go() {
    let ring = |id: &str, at: &str| {
        format!(
            r#"{{"trigger":"call_cancelled","data":{{"call":{{"id":{id},"conversationId":"a_user_b","sender":"a","receiverType":"user","receiver":"b","category":"call","type":"audio","data":{{"action":"cancelled"}},"sentAt":{at},"updatedAt":1771000000}}}},"appId":"9c4e","region":"us","webhook":"77aa"}}"#
        ) + "\n"
    };
    let capture = ring(r#""52""#, "1771000000")
        + &ring(r#""52-lena""#, "1771000000")
        + &ring(r#""53""#, "4915112345")
        + &ring(r#""54""#, r#""tomorrow""#)
        + &ring(r#""55""#, "4915112345678");
    let written = redacted(&file(capture.as_bytes()), &[]);
    let calls: Vec<_> = bodies(&written).iter().map(|body| body["data"]["call"].clone()).collect();
    assert_eq!((&calls[0]["id"], &calls[0]["sentAt"]), (&"52".into(), &1_771_000_000.into()));
    assert_ne!(calls[1]["id"], "52-lena");
    for gone in ["lena", "49151", "tomorrow"] {
        assert!(!written.contains(gone), "{gone} is left: {written}");
    }
    let seconds = calls[2]["sentAt"].as_i64().expect("a number");
    assert!((4_133_980_800..10_000_000_000).contains(&seconds), "{seconds}");
    assert!(calls[3]["sentAt"].is_string());
    // One moment, in seconds and in milliseconds.
    assert_eq!(calls[4]["sentAt"].as_i64(), Some(seconds * 1000 + 678));
}

#[test]
fn a_small_number_goes_where_it_is_somebody() {
    let chat = r#"{"trigger":"message_sent","data":{"message":{"sender":"471","count":471,"size":472,"at":4.71e2,"uid":"x"}},"appId":"9c4e","region":"us","webhook":"77aa"}"#;
    let written = redacted(&file(chat.as_bytes()), &[]);
    assert!(
        written.contains(":472") && !written.contains("471") && !written.contains("4.71"),
        "{written}"
    );
}

#[test]
fn only_what_is_whole_is_written() {
    let mut redactor = Redactor::new(b"a key of the tests", &[]);
    let deep = r#"{"a":"#.repeat(200) + "1" + &"}".repeat(200);
    for broken in [
        r#"{"a":1} Lena"#,
        r#"{"a":TRUE}"#,
        r#"{"a":Lena}"#,
        r#"{"a":NaN}"#,
        r#"{"a":1e400}"#,
        r#"{"a":1"#,
        r#"{"a":"Lena}"#,
        r#"{"a":1,}"#,
        "[1]",
        "\"Lena\"",
        "",
        deep.as_str(),
    ] {
        redactor.collect(broken.as_bytes());
        assert_eq!(redactor.body(broken.as_bytes()), Err(Refusal::NotWhole), "{broken}");
    }
    assert_eq!(redactor.body(b"{\"a\":\"\xff\"}"), Err(Refusal::NotWhole));
    let words = redactor.body(br#" { "data" : [ true , false , null ] } "#);
    assert_eq!(words.as_deref(), Ok(r#"{"data":[true,false,null]}"#));
}
