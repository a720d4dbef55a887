//! The entries of a record's timeline: all events of a job.

use super::clean::clean;
use super::failure::{FailureRecord, failure_of};
use super::ident;
use super::stamp::{Stamp, Zone};
use super::verdict::VerdictRecord;
use crate::ids::{MachineId, SessionId, TaskId, UserName};
use crate::job::{Event, Observation, TaskSnapshot};
use bigiq::{Status, Step, TaskResult};
use serde::Serialize;

/// An entry of the timeline. Fields that an event does not have are omitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord {
    /// When it was first observed.
    pub at: Stamp,
    /// When it was last observed, if more than once in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
    /// How often in a row.
    pub times: u32,
    /// Where the observation comes from.
    pub source: &'static str,
    /// What was observed.
    pub what: &'static str,
    /// Whether it contradicts earlier observations.
    pub odd: bool,
    /// Why the request was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// Why a call failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureRecord>,
    /// BIG-IQ's task id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
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
    /// Ids of candidate tasks, or of the devices that the task names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// The comparison of live sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictRecord>,
    /// How many minutes the watch for return lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Who signed in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<ReturnRecord>,
}

/// A session that was opened after the kill by one of its users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnRecord {
    /// User.
    pub user: UserName,
    /// Session id.
    pub session: SessionId,
    /// The client's IP address, if the device reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The machine id of the device that lists it.
    pub device: MachineId,
    /// The device's name.
    pub name: String,
    /// When it began, by the device's clock. Omitted if the device doesn't report it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Stamp>,
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
            minutes: None,
            returned: None,
        };
        match &event.what {
            Observation::Confirmed
            | Observation::Sent
            | Observation::NotListed
            | Observation::NoneFound
            | Observation::Reloaded
            | Observation::SignedOut
            | Observation::CancelAsked
            | Observation::WatchEnded => {}
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
            Observation::Accepted(snapshot)
            | Observation::Adopted(snapshot)
            | Observation::Seen(snapshot) => {
                record.note_snapshot(snapshot);
            }
            Observation::Several(ids) => {
                record.ids = ids.iter().map(ToString::to_string).collect();
            }
            Observation::Resolved(ids) => {
                record.ids = ids.iter().map(ToString::to_string).collect();
            }
            Observation::Checked(verdict) => record.verdict = Some(VerdictRecord::of(verdict)),
            Observation::WatchStarted(minutes) => record.minutes = Some(*minutes),
            Observation::Returned(one) => {
                record.returned = Some(ReturnRecord {
                    user: one.user.clone(),
                    session: one.session.clone(),
                    client: one.client.as_deref().map(clean),
                    device: one.device.clone(),
                    name: clean(&one.name),
                    started_at: one.started.map(|at| zone.stamp(at)),
                });
            }
        }
        record
    }

    fn note_snapshot(&mut self, snapshot: &TaskSnapshot) {
        self.task.clone_from(&snapshot.task);
        self.status = snapshot.status.as_ref().map(Status::as_str).map(clean);
        self.step = snapshot.step.as_ref().map(Step::as_str).map(clean);
        self.result = snapshot.result.as_ref().map(TaskResult::as_str).map(clean);
        self.message = snapshot.error.as_deref().map(clean);
    }
}
