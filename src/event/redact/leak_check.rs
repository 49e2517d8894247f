//! Searches a redacted body for collected names and ids before it is written.
//!
//! The search does not rely on how the body was rewritten, so that an error there leaks nothing. It
//! skips only values whose form has no room for a name.

use super::number::JsonNumber;
use super::pseudonyms::{Pseudonyms, parts_of_conversation};
use super::times::{is_read, is_timestamp};
use super::vocabulary::is_fixed;
use super::walk::{BodyVisitor, FieldRole, KeyOrigin, walk};
use crate::event::ringing::RingingId;
use crate::event::schema::{Field, Form, Mask, Private, REGIONS, Shape};
use crate::event::trigger::companion_family;

/// Whether a body is free of the originals that were collected.
pub(super) fn is_clean(body: &str, pseudonyms: &Pseudonyms) -> bool {
    let mut check = LeakCheck { pseudonyms, found: false };
    walk(body, &mut check).is_some() && !check.found
}

struct LeakCheck<'g> {
    pseudonyms: &'g Pseudonyms,
    found: bool,
}

impl BodyVisitor for LeakCheck<'_> {
    fn key(&mut self, key: &str, _: &str, origin: KeyOrigin) {
        if origin != KeyOrigin::Documented {
            self.search(key);
        }
    }

    fn text(&mut self, text: &str, _: &str, role: FieldRole) {
        if self.pseudonyms.keeps(role.private) {
            return;
        }
        match role.field {
            Some(field) if has_no_room(field, text) => {}
            Some(Field { mask: Mask::Trigger, .. }) => {
                self.search(companion_family(text).map_or(text, |(_, rest)| rest));
            }
            _ => self.search_id(role.private, text),
        }
    }

    fn number(&mut self, raw: &str, role: FieldRole) {
        if self.pseudonyms.keeps(role.private) {
            return;
        }
        if let Some(field) = role.field
            && (is_read(field.shape, raw, false)
                || (field.mask == Mask::Counter && JsonNumber::new(raw).is_count()))
        {
            return;
        }
        self.search(raw);
        self.search(&JsonNumber::new(raw).value);
    }
}

impl LeakCheck<'_> {
    /// Searches a text, except for the fixed parts of an id.
    fn search_id(&mut self, private: Private, text: &str) {
        match private {
            Private::Conversation => match parts_of_conversation(text) {
                Some(_) if self.pseudonyms.keeps(Private::Uid) => {}
                Some(parts) => parts.for_each(|part| self.search(part)),
                None => self.search(text),
            },
            Private::Session => match RingingId::parse(text) {
                Some(id) => {
                    if !REGIONS.contains(&id.region) {
                        self.search(id.region);
                    }
                    if !self.pseudonyms.keeps(Private::App) {
                        self.search(id.app);
                    }
                    // No separator is between the epoch and the rest, so that they are one word.
                    self.search(text.rsplit('.').next().unwrap_or_default());
                }
                None => self.search(text),
            },
            _ => self.search(text),
        }
    }

    fn search(&mut self, text: &str) {
        self.found = self.found || self.pseudonyms.originals.are_in(text);
    }
}

/// Whether a text is a valid value of its field in a form that has no room for a name.
fn has_no_room(field: &Field, text: &str) -> bool {
    is_fixed(field, text)
        || match field.shape {
            Shape::Time(_) | Shape::Span(_) => {
                is_read(field.shape, text, true) || is_timestamp(text)
            }
            Shape::Text(Form::Date) => Form::Date.fault(text).is_none() || is_timestamp(text),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a body is clean in a capture with people of these names and uids.
    fn is_clean_with(names: &[&str], body: &str) -> bool {
        let mut of = Pseudonyms::new(b"a key of the tests", &[]);
        for name in names {
            let person = serde_json::json!({"data": {"name": name, "uid": name}}).to_string();
            walk(&person, &mut of.originals).expect("an object");
        }
        is_clean(body, &of)
    }

    #[test]
    fn an_original_is_found_wherever_it_is_left() {
        let id = format!("v1.us.9c4e.1771000000{}", "a3".repeat(20));
        let bodies = [
            r#"{"data":{"name":"x Lena"}}"#.to_owned(),
            r#"{"data":{"LENA":1}}"#.to_owned(),
            r#"{"data":{"extra":["\u004cena-7"]}}"#.to_owned(),
            r#"{"data":{"extra":471}}"#.to_owned(),
            r#"{"data":{"extra":-471.5}}"#.to_owned(),
            r#"{"data":{"extra":4.71e2}}"#.to_owned(),
            r#"{"data":{"recording_url":"https://lena.example/"}}"#.to_owned(),
            r#"{"data":{"call":{"conversationId":"lena_user_ben"}}}"#.to_owned(),
            r#"{"data":{"call":{"conversationId":"group_lena"}}}"#.to_owned(),
            r#"{"data":{"call":{"id":"lena"}}}"#.to_owned(),
            r#"{"data":{"call":{"sentAt":"lena"}}}"#.to_owned(),
            r#"{"region":"lena","trigger":"message_sent"}"#.to_owned(),
            r#"{"trigger":"message_lena"}"#.to_owned(),
            format!(r#"{{"data":{{"sessionId":"{}"}}}}"#, id.replace("9c4e", "lena")),
            format!(r#"{{"data":{{"sessionId":"{}"}}}}"#, id.replace("us", "lena")),
        ];
        for body in &bodies {
            assert!(!is_clean_with(&["Lena", "471"], body), "{body}");
            assert!(is_clean_with(&["Ana", "472"], body), "{body}");
        }
        assert!(!is_clean_with(&[], "{\"data\":") && !is_clean_with(&[], "[]"));
    }

    #[test]
    fn what_cannot_hold_a_name_is_not_searched() {
        let joined = r#"{"trigger":"call_participant_joined","data":{"occupant":{"joined_at":1771000000,"audio_call":"false"},"sessionId":"x","initial_config":{"platform":"web","sdk":"react","mode":"DEFAULT","call_version":"5.0.2-beta.1","is_video_muted":"true"}},"region":"us","type":"call"}"#;
        let ring = r#"{"trigger":"message_sent","data":{"call":{"id":"471","conversationId":"x_user_y","receiverType":"user","category":"call","type":"video","data":{"action":"busy"},"sentAt":471,"updatedAt":"2026-02-13T16:26:41Z"}}}"#;
        let recording = r#"{"trigger":"recording_generated","data":{"recordingDate":"2026-02-13","duration":"471.5","startTime":"1771000000"}}"#;
        let group = r#"{"data":{"call":{"id":471,"conversationId":"group_x"}}}"#;
        let names = [
            "call",
            "participant",
            "joined",
            "trigger",
            "data",
            "occupant",
            "false",
            "true",
            "web",
            "react",
            "default",
            "beta",
            "message",
            "sent",
            "user",
            "video",
            "busy",
            "2026",
            "471",
            "1771000000",
            "group",
            "13T16",
            "region",
        ];
        for name in names {
            for body in [joined, ring, recording, group] {
                assert!(is_clean_with(&[name], body), "{name} in {body}");
            }
        }
    }

    #[test]
    fn what_is_kept_is_not_searched() {
        let mut of = Pseudonyms::new(b"a key of the tests", &[Private::Name]);
        walk(r#"{"data":{"uid":"lena"}}"#, &mut of.originals).expect("an object");
        assert!(is_clean(r#"{"data":{"name":"Lena Okafor"}}"#, &of));
        assert!(!is_clean(r#"{"data":{"uid":"Lena Okafor"}}"#, &of));
    }
}
