//! A body → a delivery of a capture.

use serde::de::IgnoredAny;

use super::capture::{Capture, Detail};
use super::content::Content;
use super::decode::{Decoded, Walk, decode};
use super::delivery::{
    Body, Delivery, Ended, Event, Joined, Left, Media, Occupant, Recording, Ring, What,
};
use super::explain::{self, Explained, Problem};
use super::fields::{Entry, Fields};
use super::moment::Moment;
use super::raw;
use super::rules;
use super::schema::Slot;
use super::strings::Sym;
use super::trigger::{Kind, Trigger, is_companion};
use super::value::Spare;
use crate::finding::{Finding, Severity};
use crate::input::json::mend_surrogates;
use crate::input::{Answer, Candidate, Sink};

impl Capture {
    /// Takes a webhook that is valid JSON.
    fn take(&mut self, candidate: &Candidate<'_>, decoded: &Decoded<'_>, text: &str) {
        let name = decoded.fields.text(Slot::Trigger).unwrap_or_default();
        let received_at = received_at(candidate, &decoded.fields);
        let Some(trigger) = Trigger::parse(name) else {
            return self.take_other(candidate, &decoded.fields, received_at, decoded.content, name);
        };
        let wanted = match self.detail {
            Detail::Warnings => false,
            Detail::All => decoded.lenient,
            Detail::Unknown => decoded.lenient || decoded.unknown,
        };
        let early = received_at
            .is_some_and(|at| decoded.fields.moments().any(|of| explain::is_early(of, at)));
        if decoded.refused || wanted || early || !decoded.fits(trigger) {
            self.explain(candidate, text, trigger, decoded.content, received_at);
        } else {
            let what = self.what(&decoded.fields, Some(&decoded.roster), trigger);
            self.push(candidate, &decoded.fields, received_at, decoded.content, what);
        }
    }

    fn explain(
        &mut self,
        candidate: &Candidate<'_>,
        text: &str,
        trigger: Trigger,
        content: Content,
        received_at: Option<Moment>,
    ) {
        let spare = Spare::new();
        let Explained { fields, roster, problems } =
            explain::explain(text, trigger, received_at, &spare);
        let implausible = problems.iter().any(|problem| problem.rule == &rules::IMPLAUSIBLE_TIME)
            || fields.moments().any(|at| !at.is_plausible());
        for problem in problems {
            self.tell(candidate, problem, Some(trigger));
        }
        let mut what = self.what(&fields, roster.as_deref(), trigger);
        if let What::Event(event) = &mut what {
            event.is_implausible = implausible;
        }
        // A log without years may tell another time of what was read now.
        let received_at = self::received_at(candidate, &fields);
        self.push(candidate, &fields, received_at, content, what);
    }

    fn take_other(
        &mut self,
        candidate: &Candidate<'_>,
        fields: &Fields<'_>,
        received_at: Option<Moment>,
        content: Content,
        name: &str,
    ) {
        if !is_companion(name) {
            let (offset, length) = raw::extent_of_member(candidate.text, "trigger");
            let problem = Problem {
                rule: &rules::UNKNOWN_TRIGGER,
                pointer: "/trigger".into(),
                offset,
                length,
                message: format!("`{name}` is no trigger that CometChat is known to send"),
            };
            self.tell(candidate, problem, None);
        }
        let other = What::Other(self.strings.intern(name));
        self.push(candidate, fields, received_at, content, other);
    }

    /// Keeps a finding, if so much is told.
    fn tell(&mut self, candidate: &Candidate<'_>, problem: Problem, trigger: Option<Trigger>) {
        let kept = match self.detail {
            Detail::Warnings => problem.rule.severity >= Severity::Warning,
            Detail::All => problem.rule != &rules::UNKNOWN_FIELD,
            Detail::Unknown => true,
        };
        if !kept {
            return;
        }
        let spot = candidate.spot(problem.offset);
        let mut finding = Finding::new(problem.rule, spot, problem.message);
        finding.length = u32::try_from(problem.length).unwrap_or(u32::MAX);
        finding.inside = u32::try_from(problem.offset).unwrap_or(u32::MAX);
        finding.pointer = Some(problem.pointer);
        finding.delivery = u32::try_from(self.deliveries.len()).ok();
        finding.trigger = trigger.map(Trigger::name);
        self.findings.push(finding);
    }

    fn what(
        &mut self,
        fields: &Fields<'_>,
        roster: Option<&[Entry<'_>]>,
        trigger: Trigger,
    ) -> What {
        let body = self.body(fields, roster, trigger);
        // An identity without its app or its session would meet those of others.
        let complete = fields.text(Slot::AppId).is_some()
            && (trigger.action().is_some() || fields.text(Slot::SessionId).is_some());
        match body {
            Some(body) if complete => What::Event(Event { trigger, is_implausible: false, body }),
            _ => What::Invalid(trigger),
        }
    }

    fn push(
        &mut self,
        candidate: &Candidate<'_>,
        fields: &Fields<'_>,
        received_at: Option<Moment>,
        content: Content,
        what: What,
    ) {
        let session = match fields.text(Slot::SessionId) {
            Some(_) => Slot::SessionId,
            None => Slot::RingSession,
        };
        let delivery = Delivery {
            place: candidate.place(),
            received_at,
            content,
            app: self.sym(fields, Slot::AppId),
            region: self.sym(fields, Slot::Region),
            webhook: self.sym(fields, Slot::Webhook),
            session: self.sym(fields, session),
            what,
        };
        self.deliveries.push(delivery);
    }

    fn sym(&mut self, fields: &Fields<'_>, slot: Slot) -> Option<Sym> {
        let text = fields.text(slot)?;
        self.last.resize(Slot::COUNT, None);
        Some(self.strings.intern_again(text, &mut self.last[slot as usize]))
    }

    /// What the event says; `None` where its time or what tells it from others cannot be read.
    fn body(
        &mut self,
        fields: &Fields<'_>,
        roster: Option<&[Entry<'_>]>,
        trigger: Trigger,
    ) -> Option<Body> {
        Some(match trigger.kind() {
            Kind::Initiated | Kind::RingOutcome => Body::Ring(self.ring(fields)?),
            Kind::Started => Body::Started { created_at: fields.moment(Slot::CreatedAt)? },
            Kind::Joined => Body::Joined(Joined {
                joined_at: fields.moment(Slot::JoinedAt)?,
                name: self.sym(fields, Slot::Name)?,
                media: media(fields.flag(Slot::AudioCall)),
                platform: self.sym(fields, Slot::Platform),
                sdk: self.sym(fields, Slot::Sdk),
                call_version: self.sym(fields, Slot::CallVersion),
            }),
            Kind::Left => Body::Left(Left {
                joined_at: fields.moment(Slot::JoinedAt)?,
                left_at: fields.moment(Slot::LeftAt)?,
                name: self.sym(fields, Slot::Name)?,
                media: media(fields.flag(Slot::AudioCall)),
            }),
            Kind::Ended => Body::Ended(self.ended(fields, roster)?),
            Kind::Recording => Body::Recording(Recording {
                started_at: fields.moment(Slot::StartTime)?,
                duration: fields.span(Slot::Duration),
                url: self.sym(fields, Slot::RecordingUrl),
            }),
        })
    }

    fn ring(&mut self, fields: &Fields<'_>) -> Option<Ring> {
        Some(Ring {
            sent_at: fields.moment(Slot::SentAt)?,
            id: self.sym(fields, Slot::RingId)?,
            conversation: self.sym(fields, Slot::ConversationId)?,
            sender: self.sym(fields, Slot::Sender),
            receiver: self.sym(fields, Slot::Receiver),
            caller_name: self.sym(fields, Slot::CallerName),
            group: fields.text(Slot::ReceiverType).map(|kind| kind == "group"),
            media: fields
                .text(Slot::Media)
                .map(|kind| if kind == "audio" { Media::Audio } else { Media::Video }),
        })
    }

    fn ended(&mut self, fields: &Fields<'_>, roster: Option<&[Entry<'_>]>) -> Option<Ended> {
        let destroyed_at = fields.moment(Slot::DestroyedAt)?;
        let index = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let first = index(self.occupants.len());
        for (number, entry) in roster.unwrap_or_default().iter().enumerate() {
            let (Some(name), Some(joined_at)) = (entry.name, entry.joined_at) else {
                continue;
            };
            self.occupants.push(Occupant {
                name: self.strings.intern(name),
                joined_at,
                left_at: entry.left_at,
                media: media(entry.audio),
                number: u16::try_from(number).unwrap_or(u16::MAX),
            });
        }
        let end = index(self.occupants.len());
        Some(Ended {
            destroyed_at,
            created_at: fields.moment(Slot::CreatedAt),
            roster: (first, end),
            is_partial: roster.is_none_or(|roster| roster.len() != (end - first) as usize),
        })
    }

    /// A body that the fast path could not read: because it is no JSON, or because of a value that
    /// JSON allows and the parser does not hold (a lone surrogate, a number beyond all bounds).
    fn second_look(&mut self, candidate: &Candidate<'_>, error: serde_json::Error) -> Answer {
        let spare = Spare::new();
        let mended = mend_surrogates(candidate.text);
        if let Some(mended) = &mended
            && let Ok(decoded) = decode(mended, &spare)
        {
            return self.answer(candidate, &decoded, mended);
        }
        if serde_json::from_str::<IgnoredAny>(candidate.text).is_err()
            || error.to_string().contains("recursion limit")
        {
            return Answer::Malformed(error);
        }
        let Some(name) = explain::trigger_of(candidate.text, &spare) else {
            return Answer::Other;
        };
        let content = raw::content(candidate.text, "webhook");
        let received_at = received_at(candidate, &Fields::default());
        match Trigger::parse(name) {
            Some(trigger) => {
                self.explain(candidate, candidate.text, trigger, content, received_at);
            }
            None => self.take_other(candidate, &Fields::default(), received_at, content, name),
        }
        Answer::Webhook
    }

    /// Whether a body says the same as the one that was taken last.
    fn is_last(&self, decoded: &Decoded<'_>) -> bool {
        self.last_body() == Some((decoded.content, decoded.fields.text(Slot::Webhook)))
    }

    fn answer(&mut self, candidate: &Candidate<'_>, decoded: &Decoded<'_>, text: &str) -> Answer {
        if !decoded.webhook {
            return Answer::Other;
        }
        if candidate.may_repeat() && self.is_last(decoded) {
            return Answer::Again;
        }
        self.take(candidate, decoded, text);
        Answer::Webhook
    }
}

/// When the webhook of these values arrived, as far as the capture says.
fn received_at(candidate: &Candidate<'_>, fields: &Fields<'_>) -> Option<Moment> {
    let event_at = || fields.moments().max().map(Moment::timestamp);
    candidate.received_at(event_at).map(Moment::from)
}

fn media(audio_call: Option<bool>) -> Option<Media> {
    audio_call.map(|audio| if audio { Media::Audio } else { Media::Video })
}

impl Sink for Capture {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        let (mut order, spare) = (self.order.take().unwrap_or_default(), Spare::new());
        let mut walk = Walk::new(&mut order, &spare);
        let answer = match walk.read(candidate.text) {
            Ok(()) => self.answer(candidate, &walk.decoded, candidate.text),
            Err(error) => self.second_look(candidate, error),
        };
        self.order = Some(order);
        answer
    }

    fn finding(&mut self, finding: Finding) {
        // No call's `rules` name what is wrong with the text.
        if self.detail != Detail::Warnings {
            self.add_text_finding(finding);
        }
    }
}
