//! Decides by the head of a request whether it is accepted.

use crate::commands::credentials::Credentials;
use crate::net::server::header::{
    ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE,
};
use crate::net::server::{ContentCoding, Method, Refusal, RequestHead, StatusCode};

#[derive(Debug)]
pub(super) struct Admission {
    /// `None`: anybody may send.
    pub(super) credentials: Option<Credentials>,
    /// The only accepted path; `None`: any.
    pub(super) path: Option<String>,
}

impl Admission {
    /// # Errors
    /// When the request is refused.
    pub(super) fn check(&self, head: &RequestHead) -> Result<(), Refusal> {
        // First, so that a stranger learns nothing about the path.
        self.authenticate(head)?;
        if self.path.as_ref().is_some_and(|path| *path != head.path) {
            return Err(Refusal::new(StatusCode::NOT_FOUND, "there is nothing at this path"));
        }
        if head.method != Method::POST {
            let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "a webhook is sent by POST");
            return Err(refusal.with(ALLOW, "POST"));
        }
        check_content(head)
    }

    fn authenticate(&self, head: &RequestHead) -> Result<(), Refusal> {
        let Some(credentials) = &self.credentials else {
            return Ok(());
        };
        let given = head.headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        if credentials.admit(given) {
            return Ok(());
        }
        let why = match given {
            None => "a user and a password are needed",
            Some(_) => "the user or the password is not the right one",
        };
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, why);
        Err(refusal.with(WWW_AUTHENTICATE, "Basic realm=\"callscope\""))
    }
}

/// Whether the body may be text, or text in gzip.
fn check_content(head: &RequestHead) -> Result<(), Refusal> {
    let wrong = |why| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    let mut types = head.headers.get_all(CONTENT_TYPE).iter();
    // A value that is not ASCII is none of the known types.
    if types.any(|kind| !is_text(kind.to_str().unwrap_or("?"))) {
        return wrong("the body is not of the type application/json");
    }
    if head.coding() == ContentCoding::Other {
        return wrong("of encoded bodies only those in gzip are taken");
    }
    Ok(())
}

/// Whether a media type is JSON, or the plain text that some senders call it.
fn is_text(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = ["application/json", "text/json", "text/plain"];
    known.contains(&&*kind) || kind.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::server::HeaderMap;

    fn status(admission: &Admission, method: Method, path: &str, headers: &[(&str, &str)]) -> u16 {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")))
            .collect();
        let peer = ([127, 0, 0, 1], 1).into();
        let head = RequestHead { method, path: path.to_owned(), headers, peer };
        admission.check(&head).map_or_else(|refusal| refusal.status.as_u16(), |()| 200)
    }

    #[test]
    fn what_is_wrong_first_is_told() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        std::io::Write::write_all(&mut file, b"ana:secret").expect("a disk");
        let credentials = Credentials::of(Some(file.path())).expect("credentials");
        let admission = Admission { credentials, path: Some("/hooks".into()) };
        let (right, form) = ("Basic YW5hOnNlY3JldA==", "application/x-www-form-urlencoded");
        let auth = [("authorization", right), ("content-type", form)];
        assert_eq!(status(&admission, Method::GET, "/", &auth[1..]), 401);
        assert_eq!(status(&admission, Method::GET, "/", &auth), 404);
        assert_eq!(status(&admission, Method::GET, "/hooks", &auth), 405);
        assert_eq!(status(&admission, Method::POST, "/hooks", &auth), 415);
        assert_eq!(status(&admission, Method::POST, "/hooks", &auth[..1]), 200);
    }

    #[test]
    fn a_body_is_json_or_plain_text_and_packed_with_nothing_but_gzip() {
        let open = Admission { credentials: None, path: None };
        for (name, value, expected) in [
            ("content-type", "application/json; charset=utf-8", 200),
            ("content-type", "Application/Cloudevents+JSON", 200),
            ("content-type", "text/plain", 200),
            ("content-type", "multipart/form-data; boundary=x", 415),
            ("content-type", "", 415),
            ("content-encoding", "identity", 200),
            ("content-encoding", "GZIP, identity", 200),
            ("content-encoding", "x-gzip", 200),
            ("content-encoding", "gzip, gzip", 415),
            ("content-encoding", "br", 415),
        ] {
            assert_eq!(status(&open, Method::POST, "/a", &[(name, value)]), expected, "{value}");
        }
    }
}
