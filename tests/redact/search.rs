//! A search for names and ids that knows nothing of how they are replaced.

use std::collections::HashSet;

use serde_json::Value;

/// Keys that hold somebody's name or id.
const PRIVATE: [&str; 11] = [
    "name",
    "uid",
    "guid",
    "owner",
    "sender",
    "receiver",
    "sessionId",
    "sessionid",
    "appId",
    "webhook",
    "conversationId",
];
/// Keys of times and lengths.
const TIMES: [&str; 13] = [
    "received_at",
    "joined_at",
    "left_at",
    "created_at",
    "destroyed_at",
    "sentAt",
    "updatedAt",
    "initiatedAt",
    "lastActiveAt",
    "joinedAt",
    "startTime",
    "duration",
    "recordingDate",
];
/// All other documented keys.
const OTHERS: [&str; 35] = [
    "body",
    "trigger",
    "data",
    "region",
    "type",
    "call",
    "occupant",
    "initial_config",
    "all_occupants",
    "recording_url",
    "audio_call",
    "is_video_muted",
    "start_recording_on_call_start",
    "call_version",
    "is_audio_muted",
    "sdk",
    "mode",
    "platform",
    "is_audio_only",
    "id",
    "receiverType",
    "category",
    "action",
    "entities",
    "resource",
    "by",
    "on",
    "for",
    "entity",
    "entityType",
    "avatar",
    "status",
    "role",
    "membersCount",
    "tags",
];
/// Documented words, by the keys that hold them.
const WORDS: [(&str, &[&str]); 11] = [
    ("region", &["us", "eu", "in"]),
    ("type", &["call", "meet", "audio", "video", "public", "private", "password", "protected"]),
    ("category", &["call"]),
    ("entityType", &["user", "group", "call"]),
    ("receiverType", &["user", "group"]),
    ("platform", &["web", "android", "ios"]),
    (
        "sdk",
        &[
            "javascript",
            "react",
            "react-native",
            "reactnative",
            "angular",
            "vue",
            "flutter",
            "ionic",
            "android",
            "ios",
            "web",
            "unity",
        ],
    ),
    ("mode", &["default", "spotlight", "single", "tile", "sidebar", "grid"]),
    ("action", ACTIONS),
    ("status", &["available", "unavailable", "online", "offline", "away"]),
    ("status", ACTIONS),
];
const ACTIONS: &[&str] = &[
    "initiated",
    "ongoing",
    "started",
    "ended",
    "busy",
    "cancelled",
    "canceled",
    "rejected",
    "unanswered",
];
/// Beginnings of triggers, and what may be behind them.
const FAMILIES: [&str; 12] = [
    "call_",
    "meeting_",
    "message_",
    "user_",
    "recording_",
    "transcription_",
    "group_",
    "moderation_",
    "campaign_",
    "before_",
    "after_",
    "",
];
const EVENTS: [&str; 12] = [
    "initiated",
    "started",
    "participant_joined",
    "participant_left",
    "ended",
    "busy",
    "cancelled",
    "rejected",
    "unanswered",
    "generated",
    "sent",
    "deleted",
];

fn folded(text: &str) -> String {
    text.to_uppercase().to_lowercase()
}

fn words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    let is_long = |word: &&str| {
        word.chars().count() >= if word.chars().any(|c| c > '\u{2ff}') { 2 } else { 3 }
    };
    words.filter(is_long).map(str::to_owned).collect()
}

/// Adds the names and ids of a body, as words in small letters.
pub(crate) fn collect(value: &Value, originals: &mut HashSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if PRIVATE.contains(&key.as_str())
                    && let Some(text) = value.as_str()
                {
                    let words = words(text);
                    // Of an id only the whole is its owner's.
                    let is_one = text.chars().all(char::is_alphanumeric);
                    originals.extend(words.into_iter().filter(|_| key == "name" || is_one));
                }
                collect(value, originals);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|one| collect(one, originals)),
        _ => {}
    }
}

/// An original that is a word of a value under this key, where it could be somebody's.
pub(crate) fn search(key: &str, value: &Value, originals: &HashSet<String>) -> Option<String> {
    let found = |text: &str| words(text).into_iter().find(|word| originals.contains(word));
    match value {
        Value::Object(members) => members.iter().find_map(|(key, value)| {
            let known = [PRIVATE.as_slice(), &TIMES, &OTHERS].concat();
            let in_key = if known.contains(&key.as_str()) { None } else { found(key) };
            in_key.or_else(|| search(key, value, originals))
        }),
        Value::Array(elements) => elements.iter().find_map(|one| search(key, one, originals)),
        Value::Number(number) => match key {
            _ if TIMES.contains(&key) => None,
            "id" if number.is_u64() => None,
            _ => found(&number.to_string()),
        },
        Value::String(text) => found(&searched(key, text)),
        _ => None,
    }
}

/// What of a text could be somebody's.
fn searched(key: &str, text: &str) -> String {
    let lower = text.to_lowercase();
    let is_word = WORDS.iter().any(|(own, words)| *own == key && words.contains(&lower.as_str()));
    let has_only = |others: &str| {
        text.chars().all(|letter| letter.is_ascii_digit() || others.contains(letter))
    };
    let has_no_room = match key {
        "trigger" => {
            let rest = FAMILIES.iter().find_map(|family| text.strip_prefix(family)).unwrap_or(text);
            return if EVENTS.contains(&rest) { String::new() } else { rest.to_owned() };
        }
        "conversationId" => {
            let text = text.strip_prefix("group_").unwrap_or(text);
            return text.replacen("_user_", " ", 1);
        }
        "sessionId" | "sessionid" if text.starts_with("v1.") => {
            return text.splitn(3, '.').last().unwrap_or_default().to_owned();
        }
        "id" => has_only(""),
        "call_version" => {
            let stages = ["v", "alpha", "beta", "rc", "dev", "canary", "next", "snapshot"];
            let parts = lower.split(|letter: char| !letter.is_alphabetic());
            parts.into_iter().all(|part| part.is_empty() || stages.contains(&part))
        }
        "audio_call"
        | "is_video_muted"
        | "is_audio_muted"
        | "is_audio_only"
        | "start_recording_on_call_start" => matches!(text, "true" | "false"),
        _ => is_word || (TIMES.contains(&key) && has_only("-+:.TZ ")),
    };
    if has_no_room { String::new() } else { text.to_owned() }
}
