//! Wrong payloads: the good ones of `samples/payloads`, each with one field changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::tree::{Node, Value};

/// A payload.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    /// What was done to which.
    pub(crate) title: String,
    pub(crate) trigger: String,
    pub(crate) body: Node,
}

/// The good payloads, one event each, with names and ids from all over the world.
pub(crate) static GOOD: LazyLock<Vec<Payload>> = LazyLock::new(good);

/// The wrong ones.
pub(crate) static WRONG: LazyLock<Vec<Payload>> = LazyLock::new(|| {
    // Of several payloads of one trigger, only the fields that the earlier ones do not have.
    let mut known = BTreeSet::new();
    GOOD.iter().flat_map(|good| mutations(good, &mut known)).collect()
});

/// Wrong ones that have very much text in few columns before the value, behind it, and as the
/// value.
pub(crate) static CROWDED: LazyLock<Vec<Payload>> = LazyLock::new(|| {
    let crowd = format!("\"{}\"", "👩\u{200d}👩\u{200d}👧\u{200d}👦".repeat(300));
    let marks = format!("\"{}\"", "e\u{301}\u{308}\u{323}\u{327}".repeat(600));
    let stack = format!("\"{}\"", format!("e{}", "\u{301}".repeat(40)).repeat(100));
    let around = |long: &String| {
        [
            started(
                "much before it",
                [REST, &format!(r#""appId":{long},"webhook":"""#)],
                "/webhook",
                "S003",
            ),
            started(
                "much behind it",
                [&format!(r#""appId":"","webhook":{long}"#), REST],
                "/appId",
                "S003",
            ),
            started(
                "much of it",
                [&format!(r#""appId":"a","webhook":[{long}]"#), REST],
                "/webhook",
                "S002",
            ),
        ]
    };
    [crowd, marks, stack].iter().flat_map(around).collect()
});

/// Wrong ones with values that JSON allows and most parsers refuse.
pub(crate) static REFUSED: LazyLock<Vec<Payload>> = LazyLock::new(|| {
    let payloads = [
        (r#""appId":"\ud83d 李雷","webhook":"""#, "/webhook", "S003"),
        (r#""appId":"","webhook":"\ude00\ud83d""#, "/appId", "S003"),
        (r#""appId":"\ud83d\u00e9","webhook":["é\ud83d",1]"#, "/webhook", "S002"),
        (r#""appId":"李雷","webhook":1e400"#, "/webhook", "S002"),
        (r#""appId":"","webhook":"w","note":[-1e999]"#, "/appId", "S003"),
    ];
    let started = |(members, pointer, rule)| started(members, [members, REST], pointer, rule);
    payloads.into_iter().map(started).collect()
});

const REST: &str = r#""trigger":"call_started","type":"call","region":"eu","data":{"created_at":1767885639,"sessionId":"s"}"#;

/// A payload of two parts, wrong at the pointer.
fn started(title: &str, parts: [&str; 2], pointer: &str, rule: &'static str) -> Payload {
    let mut body = Node::parse(&format!("{{{}}}", parts.join(",")));
    body.at(&[pointer[1..].to_owned()]).claim(rule, pointer, false);
    if let Some((_, note)) = body.members().iter_mut().find(|(key, _)| key == "note") {
        note.claim("S006", "/note", false);
    }
    Payload { title: title.to_owned(), trigger: "call_started".to_owned(), body }
}

/// Strings whose bytes, scalars and columns differ, as JSON spells them.
const NAMES: &[&str] = &[
    r#""李雷与韩梅梅""#,
    "\"Zoe\u{301} Mu\u{308}ller-Nu\u{303}n\u{303}ez\"",
    "\"👩\u{200d}👩\u{200d}👧\u{200d}👦 家 🇳🇴\"",
    r#""ليلى الأحمد""#,
    r#""Andr\u00e9 \ud83d\ude00 \"Q\" \t \\""#,
    "\"नमस्ते ｶﾞｷﾞ\"",
    "\"del\u{7f} next\u{85} turned\u{202e} mark\u{200f}\"",
    "\"a\u{200d}\u{feff}b\u{ad}c 한국어\"",
    r#""plain""#,
];

/// Keys that no documentation has, each with its part of a pointer.
const UNKNOWN_KEYS: &[(&str, &str)] = &[
    ("note", "note"),
    ("备注", "备注"),
    ("na~me/é", "na~0me~1é"),
    (r"\u00e9t\u00e9", "été"),
    ("👩\u{200d}👩\u{200d}👧", "👩\u{200d}👩\u{200d}👧"),
    ("اسم", "اسم"),
    ("", ""),
];

/// What a field's value looks like by the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Trigger,
    /// The envelope's `type`.
    Type,
    Action,
    Id,
    Word,
    Text,
    Flag,
    /// A number of seconds, which a call is made from.
    Time,
    /// Another number of seconds.
    Stamp,
    /// A number of seconds in a string.
    TimeText,
    Span,
    Date,
    Url,
    Object,
    List,
    Any,
}

fn kind(path: &[String]) -> Kind {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path[..] {
        ["trigger"] => Kind::Trigger,
        ["type"] => Kind::Type,
        ["data", "call", "type"] => Kind::Word,
        [.., "on", "entity", "type"] => Kind::Text,
        [.., "on", "entity", "data"] => Kind::Any,
        [.., key] => match key {
            "action" => Kind::Action,
            "appId" | "region" | "webhook" | "sessionId" | "sessionid" | "id"
            | "conversationId" | "sender" | "receiver" | "uid" | "guid" => Kind::Id,
            "receiverType" | "category" | "entityType" => Kind::Word,
            "name" | "avatar" | "status" | "role" | "resource" | "call_version" | "sdk"
            | "mode" | "platform" => Kind::Text,
            "audio_call"
            | "is_video_muted"
            | "is_audio_muted"
            | "is_audio_only"
            | "start_recording_on_call_start" => Kind::Flag,
            "created_at" | "destroyed_at" | "joined_at" | "left_at" | "sentAt" => Kind::Time,
            "updatedAt" | "lastActiveAt" | "initiatedAt" | "joinedAt" => Kind::Stamp,
            "startTime" => Kind::TimeText,
            "duration" => Kind::Span,
            "recordingDate" => Kind::Date,
            "recording_url" => Kind::Url,
            "all_occupants" => Kind::List,
            "data" | "call" | "occupant" | "initial_config" | "entities" | "by" | "on" | "for"
            | "entity" | "0" | "1" => Kind::Object,
            other => panic!("a field that this test does not know: {other}"),
        },
        [] => Kind::Object,
    }
}

/// Whether every documented form has the field. (The envelope's `type` is a matter of its own.)
fn is_required(path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path[..] {
        ["type"] | [.., "initial_config", _] | [.., "0" | "1"] => false,
        [.., "on", "entity", key] => {
            matches!(key, "sessionid" | "sessionId" | "status" | "type" | "initiatedAt")
        }
        [.., "for", "entity", key] => key == "name",
        [.., key] => !matches!(
            key,
            "initial_config" | "entities" | "for" | "resource" | "avatar" | "lastActiveAt"
        ),
        [] => true,
    }
}

fn good() -> Vec<Payload> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/payloads");
    let entries = fs::read_dir(folder).expect("the good payloads");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let payload = |(at, file): (usize, &std::path::PathBuf)| {
        let stem = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let mut body = Node::parse(&fs::read_to_string(file).expect("a good payload"));
        season(&mut body, &mut (at * 2));
        for path in fields(&mut body) {
            if path.ends_with(&["on", "entity", "sessionId"].map(String::from)) {
                // Documented as `sessionid`.
                body.at(&path).claim("S006", &pointer(&path), false);
            }
        }
        let trigger = stem.split('.').next().unwrap_or_default().to_owned();
        Payload { title: stem, trigger, body }
    };
    files.iter().enumerate().map(payload).collect()
}

/// Gives people, conversations and webhooks names from all over the world.
fn season(node: &mut Node, next: &mut usize) {
    match &mut node.value {
        Value::Atom(_) => {}
        Value::List(elements) => elements.iter_mut().for_each(|element| season(element, next)),
        Value::Object(members) => {
            for (key, inner) in members {
                let is_atom = matches!(inner.value, Value::Atom(_));
                let named = ["name", "conversationId", "sender", "uid", "appId", "webhook"];
                if is_atom && named.contains(&key.as_str()) {
                    inner.value = Value::Atom(NAMES[*next % NAMES.len()].to_owned());
                    *next += 1;
                } else {
                    season(inner, next);
                }
            }
        }
    }
}

/// The paths of all fields and elements, but for those within a field that may be anything.
fn fields(body: &mut Node) -> Vec<Vec<String>> {
    fn walk(node: &Node, path: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
        let inner: Vec<(String, &Node)> = match &node.value {
            Value::Atom(_) => Vec::new(),
            Value::List(elements) => {
                elements.iter().enumerate().map(|(at, element)| (at.to_string(), element)).collect()
            }
            Value::Object(members) => {
                members.iter().map(|(key, member)| (key.clone(), member)).collect()
            }
        };
        for (step, inner) in inner {
            path.push(step);
            paths.push(path.clone());
            if kind(path) != Kind::Any {
                walk(inner, path, paths);
            }
            path.pop();
        }
    }
    let mut paths = Vec::new();
    walk(body, &mut Vec::new(), &mut paths);
    paths
}

fn pointer(path: &[String]) -> String {
    path.iter().flat_map(|step| ["/", step]).collect()
}

/// The payloads that differ from a good one in one field that is not known yet, by trigger and
/// pointer.
fn mutations(good: &Payload, known: &mut BTreeSet<(String, String)>) -> Vec<Payload> {
    let mut made = Made { good, wrong: Vec::new() };
    let mut is_new = |path: &[String]| known.insert((good.trigger.clone(), pointer(path)));
    if is_new(&[]) {
        made.extended(&[]);
        made.typed();
    }
    for path in fields(&mut good.body.clone()).into_iter().filter(|path| is_new(path)) {
        made.removed(&path);
        made.twice(&path);
        made.mistyped(&path);
        for (value, rules) in odd_values(&path, good) {
            made.replaced(&path, value, rules);
        }
        if kind(&path) == Kind::Object {
            made.extended(&path);
        }
    }
    made.wrong
}

/// The wrong payloads made of a good one.
struct Made<'g> {
    good: &'g Payload,
    wrong: Vec<Payload>,
}

impl Made<'_> {
    /// The good body. The order of members is free: what stands before a value differs each time.
    fn body(&self) -> Node {
        let mut body = self.good.body.clone();
        let members = body.members();
        let first = self.wrong.len() % members.len();
        members.rotate_left(first);
        body
    }

    fn add(&mut self, what: &str, path: &[String], body: Node) {
        let title = format!("{}, {} {what}", self.good.title, pointer(path));
        let trigger = self.good.trigger.clone();
        self.wrong.push(Payload { title, trigger, body });
    }

    /// The body with a field's value replaced; every other time the key is spelled with an escape.
    fn replaced(&mut self, path: &[String], value: &str, rules: &[&'static str]) {
        let mut body = self.body();
        let field = body.at(path);
        field.value = Node::parse(value).value;
        for rule in rules {
            field.claim(rule, &pointer(path), false);
        }
        if kind(path) == Kind::Trigger {
            body.at(&["data".to_owned()]).members().clear();
        } else if self.wrong.len().is_multiple_of(2) {
            respell(&mut body, path);
        }
        self.add(&format!("is {value}"), path, body);
    }

    fn removed(&mut self, path: &[String]) {
        let (Some((last, parent)), true) = (path.split_last(), is_required(path) || at_type(path))
        else {
            return;
        };
        if ["trigger", "data"].contains(&pointer(path).trim_start_matches('/')) {
            return; // That is no webhook any more.
        }
        let mut body = self.body();
        let object = body.at(parent);
        object.members().retain(|(key, _)| key != last);
        let pointer = match path {
            [.., on, _, key] if on == "on" && key == "sessionId" => {
                pointer(path).replace("sessionId", "sessionid")
            }
            _ => pointer(path),
        };
        object.claim(if at_type(path) { "S007" } else { "S001" }, &pointer, true);
        self.add("is missing", path, body);
    }

    fn twice(&mut self, path: &[String]) {
        let Some((key, parent)) = path.split_last() else {
            return;
        };
        let mut body = self.body();
        let Value::Object(members) = &mut body.at(parent).value else {
            return; // an element
        };
        let field = members.iter_mut().find(|(name, _)| name == key);
        let (_, field) = field.expect("the field is there");
        let mut twin = Node::parse(NAMES[self.wrong.len() % NAMES.len()]);
        twin.claims.clone_from(&field.claims);
        field.claim("S003", &pointer(path), false);
        let is_escaped = self.wrong.len().is_multiple_of(3);
        members.insert(0, (if is_escaped { escaped(key) } else { key.clone() }, twin));
        self.add("stands twice", path, body);
    }

    /// Values of another type that do not read as the right one.
    fn mistyped(&mut self, path: &[String]) {
        const LISTS: [&str; 3] = ["[]", "[\"李雷\",\"e\u{301}\",[1]]", r#"[{"a":"\u00e9"},{}]"#];
        const OBJECTS: [&str; 3] = [
            "{}",
            "{\"名\":\"ليلى 👩\u{200d}👩\u{200d}👧\u{200d}👦\",\"b\":null}",
            r#"{"a":{"b":["\ud83d\ude00"]}}"#,
        ];
        const WORDS: [&str; 5] =
            [r#""soon""#, r#""""#, r#""很快""#, r#""قريبا \u00e9""#, "\"e\u{301} 👩\u{200d}👧\""];
        let at = self.wrong.len();
        let (list, object, word) = (LISTS[at % 3], OBJECTS[at % 3], WORDS[at % 5]);
        let (values, rules): (&[&str], &[&'static str]) = match kind(path) {
            Kind::Object if pointer(path) == "/data" => return, // That is no webhook any more.
            Kind::Trigger | Kind::Any => return,
            Kind::Object => (&["null", "5", list, word], &["S002"]),
            Kind::List => (&["null", "5", object, word], &["S002"]),
            Kind::Flag => (&["null", "0", list, object], &["S002"]),
            Kind::Time | Kind::Stamp | Kind::TimeText | Kind::Span => {
                (&["null", "true", list, object, word], &["S002"])
            }
            Kind::Type => (&["null", "true", list, object], &["S002", "S007"]),
            _ => (&["null", "true", list, object], &["S002"]),
        };
        for value in values {
            self.replaced(path, value, rules);
        }
    }

    /// An object with a field that no documentation has.
    fn extended(&mut self, path: &[String]) {
        let at = self.wrong.len();
        let (key, escaped) = UNKNOWN_KEYS[at % UNKNOWN_KEYS.len()];
        let mut body = self.body();
        let mut value = Node::parse(NAMES[at / 2 % NAMES.len()]);
        value.claim("S006", &format!("{}/{escaped}", pointer(path)), false);
        let members = body.at(path).members();
        members.insert(at % (members.len() + 1), (key.to_owned(), value));
        self.add(&format!("has {key:?}"), path, body);
    }

    /// A body with a `type` where the documentation has none.
    fn typed(&mut self) {
        let path = ["type".to_owned()];
        if self
            .good
            .body
            .clone()
            .members()
            .iter()
            .any(|(key, _)| at_type(std::slice::from_ref(key)))
        {
            return;
        }
        let values: &[(&str, &[&'static str])] = match self.good.trigger.as_str() {
            "recording_generated" => &[("null", &["S002"]), (r#"["李雷"]"#, &["S002"])],
            _ => &[(r#""meet""#, &["S007"]), (r#""会议""#, &["S007"]), ("{}", &["S002"])],
        };
        for (value, rules) in values {
            let mut body = self.body();
            let mut field = Node::parse(value);
            for rule in *rules {
                field.claim(rule, "/type", false);
            }
            body.members().push(("type".to_owned(), field));
            self.add(&format!("is {value}"), &path, body);
        }
    }
}

fn at_type(path: &[String]) -> bool {
    matches!(path, [key] if key == "type")
}

/// Spells a field's key with an escape.
fn respell(body: &mut Node, path: &[String]) {
    let Some((key, parent)) = path.split_last() else {
        return;
    };
    if let Value::Object(members) = &mut body.at(parent).value {
        members
            .iter_mut()
            .filter(|(name, _)| name == key)
            .for_each(|(name, _)| *name = escaped(key));
    }
}

/// The key with its first letter as an escape.
fn escaped(key: &str) -> String {
    format!("\\u{:04x}{}", u32::from(key.as_bytes()[0]), &key[1..])
}

/// Values of the right type, or that read as the right one, each with what is to be said of it.
fn odd_values(
    path: &[String],
    good: &Payload,
) -> &'static [(&'static str, &'static [&'static str])] {
    match kind(path) {
        Kind::Trigger => &[
            (r#""call_strated""#, &["S004"]),
            (r#""""#, &["S004"]),
            (r#""通话开始 \u00e9""#, &["S004"]),
            ("\"مكالمة 👩\u{200d}👧\"", &["S004"]),
        ],
        Kind::Type if good.trigger.starts_with("call_") => {
            &[(r#""meet""#, &["S007"]), (r#""会议\u0020""#, &["S007"]), ("5", &["S005", "S007"])]
        }
        Kind::Type => {
            &[(r#""call""#, &["S007"]), ("\"مكالمة\"", &["S007"]), ("-5", &["S005", "S007"])]
        }
        Kind::Action => &[
            (r#""answered""#, &["S008"]),
            ("\"占线 e\u{301}\"", &["S008"]),
            ("5", &["S005", "S008"]),
        ],
        Kind::Id => &[(r#""""#, &["S003"]), ("615", &["S005"])],
        Kind::Word => &[(r#""room""#, &["S003"]), (r#""群\u00e9""#, &["S003"])],
        Kind::Text => &[("615", &["S005"])],
        Kind::Flag => &[(r#""yes""#, &["S003"]), ("\"نعم\"", &["S003"]), ("true", &["S005"])],
        Kind::Time => &[
            (r#""1767885639""#, &["S005"]),
            (r#""17\u0036788563\u0039""#, &["S005"]),
            ("1767885639.5", &["S003"]),
            ("99999999999999999999", &["S003"]),
            ("1767885639000", &["S009"]),
            ("1234567890", &["S009"]),
            ("-1", &["S009"]),
        ],
        Kind::Stamp => &[(r#""1767885639""#, &["S005"]), ("1767885639.25", &["S003"])],
        Kind::TimeText => &[
            ("1767885661.15", &["S005"]),
            (r#""1767885661150""#, &["S009"]),
            (r#""1234567890.5""#, &["S009"]),
        ],
        Kind::Span => &[("48.72", &["S005"]), (r#""-3""#, &["S003"])],
        Kind::Date => &[(r#""2026-02-30""#, &["S003"]), (r#""2026年1月8日""#, &["S003"])],
        Kind::Url => &[
            (r#""/2026/01/录音\u00e9.mp4""#, &["S003"]),
            (
                "\"recordings.example/2026/01/08/ce\u{301}leste-iqbal/the-whole-of-the-meeting-and-what-came-after.mp4\"",
                &["S003"],
            ),
        ],
        Kind::Object | Kind::List | Kind::Any => &[],
    }
}
