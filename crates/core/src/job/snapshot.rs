//! The state of a task at one poll, reduced to what a job stores.

use crate::ids::{MachineId, SessionId, TaskId};
use crate::timestamp::{Timestamp, parse_date_time};
use bigiq::task::ResultDetail;
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
            failures: task.details().map(DeviceFailure::of).collect(),
            devices: task.machine_ids().map(MachineId::new).collect(),
        }
    }
}

impl DeviceFailure {
    fn of(detail: &ResultDetail) -> Self {
        let id = detail.device_reference.as_ref().map(|r| r.machine_id());
        Self {
            device: id.filter(|id| !id.is_empty()).map(MachineId::new),
            host: detail.host.clone(),
            failed_ids: detail.failed_ids.iter().map(|id| SessionId::new(id.as_str())).collect(),
            code: detail.error_code.clone(),
            error: detail.error.as_deref().map(shortened),
        }
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
}
