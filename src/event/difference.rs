//! What differs between two bodies of one event, for people to see.

use std::collections::BTreeSet;

use serde_json::Value;

use super::explain::{excerpt, within};

/// The first difference in words, and how many more there are; `None` where there is none (`webhook`
/// aside), or where a body is no JSON.
#[must_use]
pub fn difference(here: &[u8], kept: &[u8]) -> Option<String> {
    let here: Value = serde_json::from_slice(here).ok()?;
    let kept: Value = serde_json::from_slice(kept).ok()?;
    let mut found = Vec::new();
    compare(Some(&here), Some(&kept), &mut String::new(), &mut found);
    found.retain(|difference| !difference.starts_with("`/webhook` "));
    let more = match found.len().checked_sub(1)? {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Some(format!("{}{more}", found[0]))
}

fn compare(
    here: Option<&Value>,
    kept: Option<&Value>,
    pointer: &mut String,
    found: &mut Vec<String>,
) {
    match (here, kept) {
        (Some(Value::Object(here)), Some(Value::Object(kept))) => {
            for key in here.keys().chain(kept.keys()).collect::<BTreeSet<_>>() {
                within(pointer, key, |pointer| {
                    compare(here.get(key), kept.get(key), pointer, found);
                });
            }
        }
        (Some(Value::Array(here)), Some(Value::Array(kept))) => {
            for at in 0..here.len().max(kept.len()) {
                within(pointer, &at.to_string(), |pointer| {
                    compare(here.get(at), kept.get(at), pointer, found);
                });
            }
        }
        _ if here == kept => {}
        _ => found.push(format!("`{pointer}` is {} here, {} there", said(here), said(kept))),
    }
}

/// A value as a message may hold it.
fn said(value: Option<&Value>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| excerpt(&value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told_and_the_others_counted() {
        let one = br#"{"data":{"a":[1,{"b~/c":"x"}],"z":true},"webhook":"w1"}"#;
        let other = br#"{"webhook":"w2","data":{"z":true,"a":[1,{"b~/c":"y"},3]}}"#;
        assert_eq!(
            difference(one, other).as_deref(),
            Some(r#"`/data/a/1/b~0~1c` is "x" here, "y" there, and 1 more"#)
        );
        assert_eq!(difference(one, one), None);
        assert_eq!(difference(one, b"{"), None);
        assert_eq!(
            difference(br#"{"a":null}"#, b"{}").as_deref(),
            Some("`/a` is null here, missing there")
        );
        let url = |sig| format!(r#"{{"u":"https://rec.example/a.mp4?sig={sig}"}}"#);
        let told = difference(url("secret").as_bytes(), url("other").as_bytes());
        assert!(told.is_some_and(|told| !told.contains("secret")));
    }
}
