//! What came of sending a body once.

use std::borrow::Cow;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is on stdout.
    Written,
    /// An answer of HTTP: its status, and its first bytes.
    Status(u16, Vec<u8>),
    /// There was none, and why.
    Nothing(&'static str),
}

impl Answer {
    /// The status, if there is one.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Status(status, _) => Some(*status),
            Self::Written | Self::Nothing(_) => None,
        }
    }

    /// Why there is none.
    pub(super) fn failure(&self) -> Option<&'static str> {
        match self {
            Self::Nothing(why) => Some(why),
            Self::Written | Self::Status(..) => None,
        }
    }

    /// The start of what was answered, if anything was.
    pub(super) fn start(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Status(_, start) => Some(String::from_utf8_lossy(start)),
            Self::Written | Self::Nothing(_) => None,
        }
    }

    /// In a word or two: the status, or why there is none.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Written => "written".to_owned(),
            Self::Status(status, _) => status.to_string(),
            Self::Nothing(why) => (*why).to_owned(),
        }
    }
}
