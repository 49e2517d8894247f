//! What differs between two bodies of one event, for people to see.

use std::collections::BTreeSet;

use serde_json::Value;

use super::explain::{excerpt, within};

/// The first difference in words, and how many more there are; `None` where there is none (`webhook`
/// aside), or where a body is no JSON. `named` says where each of the two is, like `here` and
/// `there`.
#[must_use]
pub fn difference(one: &[u8], other: &[u8], named: [&str; 2]) -> Option<String> {
    let one: Value = serde_json::from_slice(one).ok()?;
    let other: Value = serde_json::from_slice(other).ok()?;
    let mut found = Vec::new();
    compare(Some(&one), Some(&other), named, &mut String::new(), &mut found);
    found.retain(|difference| !difference.starts_with("`/webhook` "));
    let more = match found.len().checked_sub(1)? {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Some(format!("{}{more}", found[0]))
}

fn compare(
    one: Option<&Value>,
    other: Option<&Value>,
    named: [&str; 2],
    pointer: &mut String,
    found: &mut Vec<String>,
) {
    match (one, other) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            for key in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                within(pointer, key, |pointer| {
                    compare(one.get(key), other.get(key), named, pointer, found);
                });
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            for at in 0..one.len().max(other.len()) {
                within(pointer, &at.to_string(), |pointer| {
                    compare(one.get(at), other.get(at), named, pointer, found);
                });
            }
        }
        _ if one == other => {}
        _ => {
            let ([here, there], one, other) = (named, said(one), said(other));
            found.push(format!("`{pointer}` is {one} {here}, {other} {there}"));
        }
    }
}

/// A value as a message may hold it.
fn said(value: Option<&Value>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| excerpt(&value.to_string()))
}

#[cfg(test)]
mod tests {
    fn difference(one: &[u8], other: &[u8]) -> Option<String> {
        super::difference(one, other, ["here", "there"])
    }

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
