//! Texts that are not personal: CometChat's own words in their fields, and values whose form has no
//! room for a name.

use crate::event::schema::{Field, Form, Mask, Shape};
use crate::event::trigger::Trigger;

/// The most digits of a counter: those of 64 bits.
const COUNTER_DIGITS: usize = 20;

/// Triggers of CometChat's other webhooks.
const COMPANIONS: &[&str] = &[
    "after_message",
    "before_message",
    "group_created",
    "group_deleted",
    "group_member_added",
    "group_member_banned",
    "group_member_joined",
    "group_member_kicked",
    "group_member_left",
    "group_member_scope_changed",
    "group_member_unbanned",
    "group_owner_changed",
    "group_updated",
    "message_deleted",
    "message_delivery_receipt",
    "message_edited",
    "message_reaction_added",
    "message_reaction_removed",
    "message_read_receipt",
    "message_sent",
    "moderation_engine_approved",
    "moderation_engine_blocked",
    "moderation_manual_approved",
    "moderation_manual_disapproved",
    "transcription_generated",
    "user_blocked",
    "user_connection_status_changed",
    "user_mentioned",
    "user_unblocked",
];

/// Whether a text stays: it is one of the field's own words, or its form shows that it is a
/// boolean, a version or a counter.
pub(super) fn is_fixed(field: &Field, text: &str) -> bool {
    match (field.shape, field.mask) {
        (Shape::Flag, _) => matches!(text, "true" | "false"),
        (Shape::Text(form @ Form::OneOf(_)), _) => form.fault(text).is_none(),
        (_, Mask::Word(words)) => words.contains(&text),
        (_, Mask::Trigger) => is_known_trigger(text),
        (_, Mask::Version) => is_version(text),
        (_, Mask::Counter) => is_counter(text),
        (_, Mask::Private(_)) => false,
    }
}

fn is_known_trigger(text: &str) -> bool {
    Trigger::parse(text).is_some() || COMPANIONS.contains(&text)
}

fn is_counter(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= COUNTER_DIGITS
        && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `5.0.2`, `4.0.0-beta.12`: two to four short numbers, and perhaps a known word with a number.
fn is_version(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["alpha", "beta", "rc", "dev", "canary", "next", "snapshot", "SNAPSHOT"];
    let is_number = |part: &str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (numbers, stage) =
        text.split_once('-').map_or((text, None), |(numbers, stage)| (numbers, Some(stage)));
    let numbers = numbers.strip_prefix('v').unwrap_or(numbers);
    let is_stage = |stage: &str| {
        let word = stage.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let number = &stage[word.len()..];
        WORDS.contains(&word.trim_end_matches(['.', '-'])) && number.len() <= 4
    };
    (2..=4).contains(&numbers.split('.').count())
        && numbers.split('.').all(is_number)
        && stage.is_none_or(is_stage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triggers_stay_where_cometchat_sends_them() {
        for trigger in
            ["call_ended", "message_sent", "user_connection_status_changed", "after_message"]
        {
            assert!(is_known_trigger(trigger), "{trigger}");
        }
        for other in ["call_lena", "message_lena", "user_call", "lena", "", "user_"] {
            assert!(!is_known_trigger(other), "{other}");
        }
    }

    #[test]
    fn versions_have_no_room_for_a_name() {
        for version in ["5.0.2", "4.10.1", "v5.0", "5.0.0-beta.12", "5.0.0-rc1", "4.0.0-SNAPSHOT"] {
            assert!(is_version(version), "{version}");
        }
        for other in
            ["5", "lena", "5.0-lena", "5.0.49151", "", "5..0", "5.0-beta.49151", "1.2.3.4.5"]
        {
            assert!(!is_version(other), "{other}");
        }
    }

    #[test]
    fn counters_have_as_many_digits_as_a_number_of_64_bits() {
        assert!(is_counter("52") && is_counter("007") && is_counter("18446744073709551615"));
        assert!(!is_counter("") && !is_counter("-5") && !is_counter("5.0") && !is_counter("52a"));
        assert!(!is_counter("123456789012345678901"));
    }
}
