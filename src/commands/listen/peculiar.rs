//! What is peculiar in a body that was captured all the same.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::event::{Capture, Detail};
use crate::finding::SourceId;
use crate::input::{self, Counts, Reading};
use crate::net::server::{Coding, Head};

/// The outline of a webhook.
#[derive(Deserialize)]
struct Webhook<'b> {
    #[serde(borrow)]
    trigger: Option<&'b RawValue>,
    data: Option<&'b RawValue>,
}

/// Why a body is not what was to be expected; `None` where a webhook is in it.
pub(super) fn peculiar(head: &Head, body: &[u8]) -> Option<String> {
    if head.coding() == Coding::Gzip {
        return Some("the gzip data of the body is damaged".to_owned());
    }
    unexpected(body)
}

fn unexpected(body: &[u8]) -> Option<String> {
    if let Ok(Webhook { trigger: Some(trigger), data: Some(data) }) = serde_json::from_slice(body)
        && trigger.get().starts_with('"')
        && data.get().starts_with('{')
    {
        return None;
    }
    let (mut capture, mut counts) = (Capture::new(Detail::Warnings), Counts::default());
    let reading = Reading::default();
    // Memory does not fail to be read.
    let _ =
        input::read_text(body, SourceId(0), false, &reading, &mut capture, &mut counts).is_err();
    match serde_json::from_slice::<IgnoredAny>(body) {
        Err(error) => Some(format!("the body is not JSON: {error}")),
        Ok(_) if counts.webhooks == 0 => Some("the body is JSON, but no webhook".to_owned()),
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_nothing_peculiar_and_all_else_is() {
        let webhook = r#"{"trigger":"call_started","data":{}}"#;
        assert_eq!(unexpected(webhook.as_bytes()), None);
        assert_eq!(unexpected(format!("[{webhook}]").as_bytes()), None);
        assert_eq!(unexpected(b"{\"a\":1}").as_deref(), Some("the body is JSON, but no webhook"));
        for wrong in [&b"hello"[..], b"{\"trigger\":\"a\",\"data\":{", b"\xff"] {
            let told = unexpected(wrong).expect("peculiar");
            assert!(told.starts_with("the body is not JSON: "), "{told}");
        }
    }
}
