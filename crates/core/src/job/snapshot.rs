//! The state of a task at one poll, reduced to what a job stores.

use crate::ids::{MachineId, SessionId, TaskId};
use crate::timestamp::{Timestamp, parse_date_time};
use bigiq::task::{FailureReason, ResultDetail};
use bigiq::{KillTask, Status, Step, TaskResult};
use serde::{Deserialize, Serialize};

/// The longest message that is kept, in characters: jobs are stored in the browser, which has little space.
const LONGEST: usize = 2_000;

/// A task's state at one poll. Every field may be missing: a first answer may contain little more than a status (captured),
/// and later polls select few fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskSnapshot {
    /// Task id.
    pub task: Option<TaskId>,
    /// Status.
    pub status: Option<Status>,
    /// The current step, or the step at which the task failed.
    pub step: Option<Step>,
    /// BIG-IQ's result.
    pub result: Option<TaskResult>,
    /// BIG-IQ's error message.
    pub error: Option<String>,
    /// Start time, by BIG-IQ's clock.
    pub started: Option<Timestamp>,
    /// End time, by BIG-IQ's clock.
    pub ended: Option<Timestamp>,
    /// Failures by device.
    #[serde(rename = "troubles")]
    pub failures: Vec<DeviceFailure>,
    /// The machine ids that the task names. BIG-IQ seems to add those that it resolved (inferred). Empty in a timeline, which
    /// has a separate event for them.
    pub devices: Vec<MachineId>,
}

/// A failure on one device, as BIG-IQ reports it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceFailure {
    /// Machine id, if BIG-IQ names it.
    pub device: Option<MachineId>,
    /// Host name, if BIG-IQ names it.
    pub host: Option<String>,
    /// Ids of sessions that did not end. Empty if BIG-IQ names none.
    pub failed_ids: Vec<SessionId>,
    /// BIG-IQ's error code.
    pub code: Option<String>,
    /// BIG-IQ's error message.
    pub error: Option<String>,
}

impl TaskSnapshot {
    /// The snapshot of a task.
    pub fn of(task: &KillTask) -> Self {
        let time = |text: &Option<String>| text.as_deref().and_then(parse_date_time);
        Self {
            task: task.task_id().map(TaskId::new),
            status: task.status.clone(),
            step: task.current_step.clone(),
            result: task.result.clone(),
            error: task.error_message.as_deref().map(shortened),
            started: time(&task.start_date_time),
            ended: time(&task.end_date_time),
            failures: DeviceFailure::all_of(task),
            devices: task.machine_ids().map(MachineId::new).collect(),
        }
    }
}

impl DeviceFailure {
    /// Whether BIG-IQ names no device: it may report only a code (captured).
    pub(crate) fn is_unnamed(&self) -> bool {
        self.device.is_none() && self.host.is_none()
    }

    /// The failures of a task, each once: BIG-IQ may list the same in two fields.
    fn all_of(task: &KillTask) -> Vec<Self> {
        let mut failures: Vec<Self> = Vec::new();
        for detail in task.details() {
            for failure in Self::of(detail) {
                if !failures.contains(&failure) {
                    failures.push(failure);
                }
            }
        }
        failures
    }

    /// One failure for each reason that a device reports. A session without its own reason has that of its device.
    fn of(detail: &ResultDetail) -> Vec<Self> {
        let id = detail.device_reference.as_ref().map(|r| r.machine_id());
        let for_reason = |reason: &FailureReason| Self {
            device: id.filter(|id| !id.is_empty()).map(MachineId::new),
            host: detail.host.clone(),
            failed_ids: Vec::new(),
            code: reason.code.clone(),
            error: reason.message.as_deref().map(shortened),
        };
        if detail.failed_ids.is_empty() {
            return vec![for_reason(&detail.reason)];
        }
        let mut failures: Vec<(&FailureReason, Self)> = Vec::new();
        for failed in &detail.failed_ids {
            let is_own = failed.reason != FailureReason::default();
            let reason = if is_own { &failed.reason } else { &detail.reason };
            let place = failures.iter().position(|(known, _)| *known == reason);
            let place = place.unwrap_or_else(|| {
                failures.push((reason, for_reason(reason)));
                failures.len() - 1
            });
            if let Some((_, failure)) = failures.get_mut(place) {
                failure.failed_ids.push(SessionId::new(failed.id.as_str()));
            }
        }
        failures.into_iter().map(|(_, failure)| failure).collect()
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_a_task_says() {
        const TASK: &str = r#"{"id":"t1","status":"FAILED","currentStep":"KILL","result":"FAILED","errorMessage":"Internal Error occurred",
            "startDateTime":"2016-11-30T14:32:23.295-0800","endDateTime":"never",
            "deviceReferences":[{"link":"https://localhost/mgmt/cm/system/machineid-resolver/m1"}],
            "resultDetails":[{"host":"a","failedIds":["1"],"deviceReference":{"link":"x/m1"}}],
            "failureDetails":[{"errorCode":400,"error":"status:400"}],"action":"KILL_BY_USER","userName":"u"}"#;
        let task: KillTask = bigiq::decode(TASK).unwrap();
        let snapshot = TaskSnapshot::of(&task);
        assert_eq!(snapshot.task, Some("t1".into()));
        assert_eq!(snapshot.started, Some(Timestamp(1_480_545_143_295)));
        assert_eq!(snapshot.ended, None);
        assert_eq!(snapshot.devices, ["m1"]);
        assert_eq!(snapshot.failures[0].device, Some("m1".into()));
        assert_eq!(snapshot.failures[0].failed_ids, ["1"]);
        assert_eq!(snapshot.failures[1].device, None);
        assert_eq!(snapshot.failures[1].error.as_deref(), Some("status:400"));
        assert_eq!(snapshot.failures[1].code.as_deref(), Some("400"));
        let target = bigiq::Call::task_states(1).target;
        let (_, selected) = target.split_once("$select=").unwrap();
        let (selected, _) = selected.split_once('&').unwrap();
        let whole =
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(TASK).unwrap();
        let part: serde_json::Map<_, _> =
            whole.into_iter().filter(|(name, _)| selected.split(',').any(|s| s == name)).collect();
        let part: KillTask = serde_json::from_value(part.into()).unwrap();
        assert_eq!(TaskSnapshot::of(&part), snapshot, "a list of tasks has the same fields");
        let stored = serde_json::to_string(&snapshot).unwrap();
        assert_eq!(serde_json::from_str::<TaskSnapshot>(&stored).unwrap(), snapshot);
    }

    #[test]
    fn field_sessions_are_listed_by_their_reason_and_each_failure_once() {
        let task: KillTask = bigiq::decode(
            r#"{"resultDetails":[{"host":"a","error":"all failed","failedIds":["1",{"id":"2","error":"gone"},"3",{"id":"4","error":"gone"}]}],
            "failureDetails":[{"host":"b","error":"down"},{"host":"b","error":"down"}]}"#,
        )
        .unwrap();
        let failures = TaskSnapshot::of(&task).failures;
        let seen: Vec<_> = failures
            .iter()
            .map(|f| {
                (f.host.as_deref().unwrap(), f.error.as_deref().unwrap(), f.failed_ids.clone())
            })
            .collect();
        let ids = |ids: &[&str]| ids.iter().map(|id| SessionId::new(*id)).collect::<Vec<_>>();
        assert_eq!(
            seen,
            [
                ("a", "all failed", ids(&["1", "3"])),
                ("a", "gone", ids(&["2", "4"])),
                ("b", "down", ids(&[]))
            ]
        );
    }
}
