//! The entries of a record's timeline: every event of a job.

use super::clean::clean;
use super::failure::{FailureRecord, failure_of};
use super::ident;
use super::stamp::{Stamp, Zone};
use super::verdict::VerdictRecord;
use crate::job::{Event, Observation, TaskSnapshot};
use bigiq::{Status, Step, TaskResult};
use serde::Serialize;

/// One entry of the timeline. What an event does not have is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord {
    /// When it was first observed.
    pub at: Stamp,
    /// When it was last observed, where that was more than once in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
    /// How often in a row.
    pub times: u32,
    /// Who said so.
    pub source: &'static str,
    /// What.
    pub what: &'static str,
    /// Whether it does not fit what was known.
    pub odd: bool,
    /// Why it was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// Why a call failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureRecord>,
    /// BIG-IQ's task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// BIG-IQ's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// BIG-IQ's step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// BIG-IQ's result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// BIG-IQ's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Tasks that could be the one, or devices that the task names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// What live sessions showed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictRecord>,
}

impl EventRecord {
    pub(super) fn of(event: &Event, zone: Zone<'_>) -> Self {
        let mut record = Self {
            at: zone.stamp(event.at),
            until: (event.times > 1).then(|| zone.stamp(event.last_at)),
            times: event.times,
            source: ident::source(event.source),
            what: ident::observation(&event.what),
            odd: event.odd,
            why: None,
            failure: None,
            task: None,
            status: None,
            step: None,
            result: None,
            message: None,
            ids: Vec::new(),
            verdict: None,
        };
        match &event.what {
            Observation::Confirmed
            | Observation::Sent
            | Observation::NotListed
            | Observation::NoneFound
            | Observation::Reloaded
            | Observation::SignedOut
            | Observation::CancelAsked => {}
            Observation::NotSent(why) => {
                record.why = Some(ident::not_sent(why));
                record.failure = failure_of(why);
            }
            Observation::Rejected(failure)
            | Observation::Lost(failure)
            | Observation::NotReached(failure)
            | Observation::Missing(failure)
            | Observation::CancelRefused(failure)
            | Observation::CancelLost(failure) => {
                record.failure = Some(FailureRecord::of(failure));
            }
            Observation::Accepted(sight)
            | Observation::Adopted(sight)
            | Observation::Seen(sight) => {
                record.look(sight);
            }
            Observation::Several(ids) | Observation::Resolved(ids) => record.ids.clone_from(ids),
            Observation::Checked(verdict) => record.verdict = Some(VerdictRecord::of(verdict)),
        }
        record
    }

    fn look(&mut self, sight: &TaskSnapshot) {
        self.task.clone_from(&sight.task);
        self.status = sight.status.as_ref().map(Status::as_str).map(clean);
        self.step = sight.step.as_ref().map(Step::as_str).map(clean);
        self.result = sight.result.as_ref().map(TaskResult::as_str).map(clean);
        self.message = sight.error.as_deref().map(clean);
    }
}
