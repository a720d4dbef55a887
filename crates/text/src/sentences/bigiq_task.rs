//! A task as BIG-IQ reports it.

use super::error::{Sentence, bigiq_says, message};
use crate::{Name, isolated, list_of_names};
use curfew_core::ids::{MachineId, SessionId};
use curfew_core::job::{BigIqTask, DeviceFailure, Status, Step, TaskResult, TaskSnapshot};
use curfew_core::plan::Kind;

/// Between facts that stand side by side and form no sentence.
const BESIDE: &str = " · ";

/// What it does.
pub fn title(task: &BigIqTask) -> String {
    match (task.kind, &task.user, &task.action) {
        (Some(Kind::Users), Some(user), _) => crate::job_of_user(Name(user.as_str())),
        (Some(Kind::Everybody), ..) => crate::job_of_everybody(),
        (Some(Kind::Listed), ..) => crate::job_of_listed(),
        (None, _, Some(action)) => crate::task_unknown_kind_named(Name(action)),
        (Some(Kind::Users) | None, ..) => crate::task_unknown_kind(),
    }
}

/// Its state in BIG-IQ's own words.
pub fn state(snapshot: &TaskSnapshot) -> String {
    let parts = [
        snapshot.status.as_ref().map(Status::as_str),
        snapshot.step.as_ref().map(Step::as_str),
        snapshot.result.as_ref().map(TaskResult::as_str),
        snapshot.error.as_deref(),
    ];
    parts.into_iter().flatten().map(isolated).collect::<Vec<_>>().join(BESIDE)
}

/// What it reports as failed, one line for each device. `name` gives the display name of a device.
pub fn failures(snapshot: &TaskSnapshot, name: &dyn Fn(&MachineId) -> String) -> Vec<String> {
    let line = |failure: &DeviceFailure| {
        let host = host_of(failure, name).map(|host| isolated(&host));
        crate::labelled(
            &host.unwrap_or_else(crate::outcome_unnamed),
            &reasons(failure, snapshot.error.as_deref()),
        )
    };
    snapshot.failures.iter().map(line).collect()
}

/// How many failures are shown with the state of a job.
const FIRST: usize = 3;

/// The reasons of its first failures, as far as they are not its message.
pub(super) fn first_failures(
    snapshot: &TaskSnapshot,
    name: &dyn Fn(&MachineId) -> String,
) -> Vec<Sentence> {
    let said = |failure: &DeviceFailure| {
        let reason = failure.error.as_ref().filter(|error| snapshot.error.as_ref() != Some(*error));
        let said = match host_of(failure, name) {
            Some(host) => crate::labelled(&host, reason?),
            None => reason?.clone(),
        };
        Some(Sentence::BigIq(bigiq_says(&said)))
    };
    snapshot.failures.iter().take(FIRST).filter_map(said).collect()
}

/// `None` if BIG-IQ names no device.
fn host_of(failure: &DeviceFailure, name: &dyn Fn(&MachineId) -> String) -> Option<String> {
    failure.host.clone().or_else(|| failure.device.as_ref().map(name))
}

/// Which sessions did not end on a device, and why. `shown` is the message of the task, which its state quotes already.
pub fn reasons(failure: &DeviceFailure, shown: Option<&str>) -> String {
    let ids = (!failure.failed_ids.is_empty())
        .then(|| list_of_names(failure.failed_ids.iter().map(SessionId::as_str)).into_text());
    let error = failure.error.as_ref().filter(|error| shown != Some(error.as_str()));
    let reasons = [failure.code.as_ref(), error].into_iter().flatten().map(|text| message(text));
    ids.into_iter().chain(reasons).collect::<Vec<_>>().join(BESIDE)
}
