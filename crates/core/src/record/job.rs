//! A job as evidence: its request, where it stands, what became of each target, its timeline. It must not say more than is
//! known: silence of BIG-IQ is "unknown" here too.

use super::clean::clean;
use super::event::EventRecord;
use super::failure::{FailureRecord, failure_of};
use super::ident;
use super::stamp::{Stamp, Zone};
use super::verdict::VerdictRecord;
use crate::job::{DeviceFailure, DeviceOutcome, Job, Outcomes, Phase, ReachDifference, Search};
use crate::plan::{Batch, PlannedDevice};
use crate::verify::Check;
use bigiq::{KillRequest, Status, Step, TaskResult};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// The devices that a plan reached, by machine id.
pub(super) type PlannedById<'a> = FxHashMap<&'a str, &'a PlannedDevice>;

/// The evidence of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobRecord {
    /// The job's id.
    pub id: String,
    /// The exact request.
    pub request: KillRequest,
    /// BIG-IQ's task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Where it stands.
    pub stands: JobStateRecord,
    /// When sending began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Stamp>,
    /// When its task was first known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Stamp>,
    /// When it was seen to be over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Stamp>,
    /// What live sessions showed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictRecord>,
    /// What became of each device.
    pub devices: Vec<DeviceRecord>,
    /// What BIG-IQ says failed without naming a known device.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<DeviceFailureRecord>,
    /// Machine ids of devices that only BIG-IQ named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added_by_bigiq: Vec<String>,
    /// Machine ids of planned devices that BIG-IQ did not name, where it named any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out_by_bigiq: Vec<String>,
    /// The sessions that were seen before, and what became of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checked: Vec<SessionRecord>,
    /// All that was observed, oldest first.
    pub timeline: Vec<EventRecord>,
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobStateRecord {
    /// Its phase.
    pub phase: &'static str,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<&'static str>,
    /// Why it was not sent, or what the search for its task has shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// What went wrong with the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureRecord>,
    /// Tasks that could be the one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// What became of the wish to cancel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel: Option<&'static str>,
    /// BIG-IQ's status, by the look that says most.
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
}

/// What became of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRecord {
    /// Machine id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Its cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Its access group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its place in the cluster when the plan was made; left out where only BIG-IQ named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// What became of it.
    pub outcome: &'static str,
    /// Listed sessions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<SessionRecord>,
    /// What BIG-IQ says of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<DeviceFailureRecord>,
}

/// What became of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionRecord {
    /// Session id.
    pub id: String,
    /// Its user, where that is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// The machine ids of the devices that it was looked for on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<String>,
    /// What became of it.
    pub outcome: &'static str,
}

/// What BIG-IQ says failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceFailureRecord {
    /// Machine id, where BIG-IQ names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Host name, where BIG-IQ names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Session ids that did not end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_ids: Vec<String>,
    /// BIG-IQ's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// BIG-IQ's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl JobRecord {
    pub(super) fn of(
        job: &Job,
        batch: &Batch,
        planned: &PlannedById<'_>,
        check: Option<&Check>,
        zone: Zone<'_>,
    ) -> Self {
        let stamp = |at: Option<crate::timestamp::Timestamp>| at.map(|at| zone.stamp(at));
        let outcomes = Outcomes::of(job, batch);
        let drift = ReachDifference::of(job, batch).unwrap_or_default();
        Self {
            id: job.id().to_owned(),
            request: job.request().clone(),
            task: job.task_id().map(str::to_owned),
            stands: JobStateRecord::of(job),
            sent_at: stamp(job.sent_at()),
            accepted_at: stamp(job.accepted_at()),
            ended_at: stamp(job.ended_at()),
            verdict: job.verdict().map(VerdictRecord::of),
            devices: outcomes.devices.iter().map(|d| DeviceRecord::of(d, planned)).collect(),
            elsewhere: outcomes.elsewhere.iter().map(DeviceFailureRecord::of).collect(),
            added_by_bigiq: drift.added,
            left_out_by_bigiq: drift.left_out,
            checked: check.map(checked).unwrap_or_default(),
            timeline: job.events().iter().map(|event| EventRecord::of(event, zone)).collect(),
        }
    }
}

impl JobStateRecord {
    fn of(job: &Job) -> Self {
        let mut state = Self {
            phase: ident::phase(job.phase()),
            end: None,
            why: None,
            failure: None,
            candidates: Vec::new(),
            cancel: ident::cancel(job.cancel()),
            status: None,
            step: None,
            result: None,
            message: None,
        };
        match job.phase() {
            Phase::Confirmed | Phase::Sending | Phase::Watched { .. } => {}
            Phase::NotSent(why) => {
                state.why = Some(ident::not_sent(why));
                state.failure = failure_of(why);
            }
            Phase::Rejected(failure) => state.failure = Some(FailureRecord::of(failure)),
            Phase::Unknown { lost, search } => {
                state.why = Some(ident::search(search));
                if let crate::job::Lost::Failure(failure) = lost {
                    state.failure = Some(FailureRecord::of(failure));
                }
                if let Search::Several(ids) = search {
                    state.candidates.clone_from(ids);
                }
            }
            Phase::Ended(end) => state.end = Some(ident::end(end)),
        }
        if let Some(sight) = job.sight() {
            state.status = sight.status.as_ref().map(Status::as_str).map(clean);
            state.step = sight.step.as_ref().map(Step::as_str).map(clean);
            state.result = sight.result.as_ref().map(TaskResult::as_str).map(clean);
            state.message = sight.error.as_deref().map(clean);
        }
        state
    }
}

impl DeviceRecord {
    fn of(outcome: &DeviceOutcome, planned: &PlannedById<'_>) -> Self {
        let planned = planned.get(outcome.id.as_str());
        let session = |(id, fate): &(String, crate::job::TargetStatus)| SessionRecord {
            id: id.clone(),
            user: String::new(),
            devices: Vec::new(),
            outcome: ident::fate(*fate),
        };
        Self {
            id: outcome.id.clone(),
            name: outcome.name.clone(),
            cluster: outcome.cluster.clone(),
            group: planned.and_then(|device| device.group.clone()),
            role: planned.map(|device| ident::role(device.role)),
            outcome: ident::fate(outcome.fate),
            sessions: outcome.sessions.iter().map(session).collect(),
            troubles: outcome.troubles.iter().map(DeviceFailureRecord::of).collect(),
        }
    }
}

impl DeviceFailureRecord {
    fn of(trouble: &DeviceFailure) -> Self {
        let told = |text: &Option<String>| text.as_deref().map(clean);
        Self {
            device: told(&trouble.device),
            host: told(&trouble.host),
            failed_ids: trouble.failed_ids.iter().map(|id| clean(id)).collect(),
            code: told(&trouble.code),
            message: told(&trouble.error),
        }
    }
}

fn checked(check: &Check) -> Vec<SessionRecord> {
    let of_unit = |unit: &crate::verify::CheckedUnit| {
        let session = |session: &crate::verify::CheckedSession| SessionRecord {
            id: session.id.clone(),
            user: session.user.clone(),
            devices: unit.members.clone(),
            outcome: ident::now(session.now),
        };
        unit.sessions.iter().map(session).collect::<Vec<_>>()
    };
    check.units.iter().flat_map(of_unit).collect()
}
