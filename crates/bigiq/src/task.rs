//! BIG-IQ's kill task (documented, sections 2 and 3). Every field is optional: a first answer may contain little more than a
//! status (captured).

use crate::lenient;
use crate::link::{DeviceReference, Reference};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A kill task. Fields that were not selected are `None` or empty.
///
/// ```
/// use bigiq::{KillTask, Status, TaskResult};
///
/// let task: KillTask = bigiq::decode(
///     r#"{"selfLink": "https://localhost/mgmt/cm/access/tasks/kill-sessions/7c", "status": "FINISHED", "result": "COMPLETE"}"#,
/// )?;
/// assert_eq!(task.task_id(), Some("7c"));
/// assert!(task.status.is_some_and(|status| status.is_terminal()));
/// assert_eq!(task.result, Some(TaskResult::Complete));
/// # Ok::<(), bigiq::DecodeError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KillTask {
    /// Id: the last segment of `selfLink`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// The task's link. Its host is always `localhost`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub self_link: Option<String>,
    /// Status.
    #[serde(default, deserialize_with = "status")]
    pub status: Option<Status>,
    /// The current step, or the step at which the task failed.
    #[serde(default, deserialize_with = "step")]
    pub current_step: Option<Step>,
    /// The result. Absent or `PENDING` in failed tasks too (documented).
    #[serde(default, deserialize_with = "outcome")]
    pub result: Option<TaskResult>,
    /// Failures by device. Empty or absent on success.
    #[serde(default, deserialize_with = "details")]
    pub result_details: Vec<ResultDetail>,
    /// The same, with the field name of a sister task (documented there).
    #[serde(default, deserialize_with = "details")]
    pub failure_details: Vec<ResultDetail>,
    /// BIG-IQ's error message.
    #[serde(default, deserialize_with = "lenient::message")]
    pub error_message: Option<String>,
    /// The requested action.
    #[serde(default, deserialize_with = "lenient::text")]
    pub action: Option<String>,
    /// The user whose sessions end, `userName`. The name differs from the operator's, `username`, only by case.
    #[serde(default, rename = "userName", deserialize_with = "lenient::text")]
    pub user_name: Option<String>,
    /// The operator who started the task, `username`.
    #[serde(default, rename = "username", deserialize_with = "lenient::text")]
    pub operator: Option<String>,
    /// The requested access groups.
    #[serde(default, deserialize_with = "lenient::texts")]
    pub access_group_names: Vec<String>,
    /// The requested clusters.
    #[serde(default, deserialize_with = "lenient::texts")]
    pub cluster_names: Vec<String>,
    /// The requested devices. BIG-IQ seems to add those that it resolved (inferred).
    #[serde(default, deserialize_with = "lenient::list")]
    pub device_references: Vec<Reference>,
    /// The requested sessions. Ids may be missing in a failed task (documented).
    #[serde(default, deserialize_with = "lenient::list")]
    pub sessions: Vec<TaskSessions>,
    /// Start time, such as `2016-11-15T12:42:31.294-0800`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub start_date_time: Option<String>,
    /// End time, in the same format.
    #[serde(default, deserialize_with = "lenient::text")]
    pub end_date_time: Option<String>,
    /// Number of stored changes.
    #[serde(default, deserialize_with = "lenient::int")]
    pub generation: Option<i64>,
    /// Last change, in microseconds since 1970.
    #[serde(default, deserialize_with = "lenient::int")]
    pub last_update_micros: Option<i64>,
}

impl KillTask {
    /// The task's id, from `id` or else from the end of its link.
    pub fn task_id(&self) -> Option<&str> {
        self.id
            .as_deref()
            .or_else(|| self.self_link.as_deref().map(crate::link::last_segment))
            .filter(|id| !id.is_empty())
    }

    /// The machine ids of its device references.
    pub fn machine_ids(&self) -> impl Iterator<Item = &str> {
        self.device_references
            .iter()
            .filter_map(|r| r.link.as_deref())
            .map(crate::link::last_segment)
    }

    /// The failures by device, from either field.
    pub fn details(&self) -> impl Iterator<Item = &ResultDetail> {
        self.result_details.iter().chain(&self.failure_details)
    }
}

/// A page of kill tasks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskList {
    /// The tasks.
    #[serde(default, deserialize_with = "lenient::list")]
    pub items: Vec<KillTask>,
    /// Total number of tasks. Not reliable: the documented sample is wrong.
    #[serde(default, deserialize_with = "lenient::int")]
    pub total_items: Option<i64>,
}

/// The sessions of one device, as a task repeats them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskSessions {
    /// The device.
    #[serde(default)]
    pub device_reference: Reference,
    /// Session ids.
    #[serde(default, deserialize_with = "lenient::texts")]
    pub session_ids: Vec<String>,
}

/// Sessions that did not end on one device, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultDetail {
    /// The device's host name (documented for 7.0).
    pub host: Option<String>,
    /// The device.
    pub device_reference: Option<DeviceReference>,
    /// Session ids that failed: texts (documented for 7.0), or objects with an `id` (documented for a sister task).
    pub failed_ids: Vec<FailedId>,
    /// Why (documented for a sister task).
    pub reason: FailureReason,
}

/// A session that did not end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailedId {
    /// Its id.
    pub id: String,
    /// Why, if BIG-IQ says it for this session.
    pub reason: FailureReason,
}

/// Why a session or a device failed. Both parts may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FailureReason {
    /// Error code.
    pub code: Option<String>,
    /// Error message.
    pub message: Option<String>,
}

/// Reads failures. Anything else in their place says nothing: a poll must not fail because of it.
fn details<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<ResultDetail>, D::Error> {
    let list = Value::deserialize(d)?;
    let details = list.as_array().into_iter().flatten().filter(|detail| detail.is_object());
    Ok(details.map(ResultDetail::of).collect())
}

impl ResultDetail {
    fn of(detail: &Value) -> Self {
        let ids = detail.get("failedIds").and_then(Value::as_array);
        let link = detail.get("deviceReference").and_then(|reference| text(reference.get("link")));
        Self {
            host: text(detail.get("host")),
            device_reference: link.map(|link| DeviceReference { link }),
            failed_ids: ids.into_iter().flatten().filter_map(FailedId::of).collect(),
            reason: FailureReason::of(detail),
        }
    }
}

impl FailedId {
    fn of(member: &Value) -> Option<Self> {
        let id = text(Some(member.get("id").unwrap_or(member)))?;
        Some(Self { id, reason: FailureReason::of(member) })
    }
}

impl FailureReason {
    /// The fields `errorCode` and `error`. A message may contain the answer of a BIG-IP, whose code counts if there is no other.
    fn of(object: &Value) -> Self {
        let error = object.get("error").and_then(|error| lenient::scalar(error).ok()?.embedded());
        let embedded = error.as_ref().and_then(|error| error.code);
        let code = text(object.get("errorCode")).or(embedded.map(|code| code.to_string()));
        Self { code, message: error.map(|error| error.message) }
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    lenient::scalar(value?).ok()?.owned()
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $($word:literal)|+,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// An unknown word, unchanged.
            Other(String),
        }

        impl $name {
            /// Reads BIG-IQ's word. An unknown word is kept.
            pub fn parse(word: &str) -> Self {
                match word {
                    $($($word)|+ => Self::$variant,)*
                    _ => Self::Other(word.to_owned()),
                }
            }

            /// BIG-IQ's word. If there are several spellings, the documented one.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => [$($word),+][0],)*
                    Self::Other(word) => word,
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Ok(Self::parse(&String::deserialize(d)?))
            }
        }
    };
}

words! {
    /// The status of a task.
    Status {
        /// Being created. Seen only in answers that refuse a request.
        Created = "CREATED",
        /// Running.
        Started = "STARTED",
        /// Ended. `result` shows whether it succeeded.
        Finished = "FINISHED",
        /// Ended with a failure.
        Failed = "FAILED",
        /// Ended on request. F5 uses both spellings.
        Cancelled = "CANCELLED" | "CANCELED",
        /// Cancellation was requested; still running.
        CancelRequested = "CANCEL_REQUESTED",
    }
}

impl Status {
    /// Whether a task with this status no longer changes. Unknown words don't end a task.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled)
    }
}

words! {
    /// The step of a task.
    Step {
        /// Expands groups and clusters to devices.
        ResolveDevices = "RESOLVE_DEVICES",
        /// Ends sessions, device by device.
        Kill = "KILL",
        /// All steps are done.
        Done = "DONE",
    }
}

words! {
    /// The result of a task.
    TaskResult {
        /// BIG-IQ did everything that was requested.
        Complete = "COMPLETE",
        /// BIG-IQ did not.
        Failed = "FAILED",
        /// There is no result yet, or the task failed before one.
        Pending = "PENDING",
    }
}

fn status<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Status>, D::Error> {
    Ok(lenient::text(d)?.map(|w| Status::parse(&w)))
}
fn step<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Step>, D::Error> {
    Ok(lenient::text(d)?.map(|w| Step::parse(&w)))
}
fn outcome<'de, D: Deserializer<'de>>(d: D) -> Result<Option<TaskResult>, D::Error> {
    Ok(lenient::text(d)?.map(|w| TaskResult::parse(&w)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;

    /// Section 3.1: status, step and result of a successful task.
    #[test]
    fn finished() {
        let task: KillTask = decode(
            r#"{"action":"KILL_BY_LIST_OF_SESSIONS","result":"COMPLETE","currentStep":"DONE","generation":4,
            "id":"1ab38f85-0178-4ce5-af08-ea5f5fd3ac5e","status":"FINISHED","username":"admin",
            "sessions":[{"sessionIds":["2a5d7604","875f7fed"],"deviceReference":{"link":"https://localhost/mgmt/cm/system/machineid-resolver/901695c8"}}]}"#,
        )
        .unwrap();
        assert_eq!(task.status, Some(Status::Finished));
        assert_eq!(task.current_step, Some(Step::Done));
        assert_eq!(task.result, Some(TaskResult::Complete));
        assert_eq!(task.operator.as_deref(), Some("admin"));
        assert_eq!(task.user_name, None);
        assert_eq!(task.sessions[0].session_ids, ["2a5d7604", "875f7fed"]);
    }

    /// Section 3.2: no result, an error message, and the two names that differ only by case.
    #[test]
    fn failed_at_kill() {
        let task: KillTask = decode(
            r#"{"accessGroupNames":["TestGroup123"],"action":"KILL_BY_USER","currentStep":"KILL",
            "deviceReferences":[{"link":"https://localhost/mgmt/cm/system/machineid-resolver/217270dc"}],
            "errorMessage":"Internal Error occurred","status":"FAILED","userName":"user2","username":"admin"}"#,
        )
        .unwrap();
        assert_eq!((task.status, task.result), (Some(Status::Failed), None));
        assert_eq!(task.user_name.as_deref(), Some("user2"));
        assert_eq!(task.operator.as_deref(), Some("admin"));
    }

    #[test]
    fn both_spellings_end_a_task_and_unknown_words_do_not() {
        for word in ["CANCELLED", "CANCELED", "FINISHED", "FAILED"] {
            assert!(Status::parse(word).is_terminal(), "{word}");
        }
        for word in ["CREATED", "STARTED", "CANCEL_REQUESTED", "PAUSED", ""] {
            assert!(!Status::parse(word).is_terminal(), "{word}");
        }
        assert_eq!(Status::parse("PAUSED").as_str(), "PAUSED");
        assert_eq!(Status::parse("CANCELED").as_str(), "CANCELLED");
    }

    #[test]
    fn details_in_every_shape() {
        let task: KillTask = decode(
            r#"{"resultDetails":[{"host":"a","failedIds":["1","2"],"deviceReference":{"link":"x/m1"}},null],
            "failureDetails":[{"errorCode":400,"error":"status:400","failedIds":[{"id":"3","clientId":""},{"other":1}]}]}"#,
        )
        .unwrap();
        let details: Vec<_> = task.details().collect();
        assert_eq!(details.len(), 2);
        let ids = |detail: &ResultDetail| -> Vec<String> {
            detail.failed_ids.iter().map(|failed| failed.id.clone()).collect()
        };
        assert_eq!(ids(details[0]), ["1", "2"]);
        assert_eq!(details[0].device_reference.as_ref().unwrap().machine_id(), "m1");
        assert_eq!(ids(details[1]), ["3"]);
        assert_eq!(details[1].reason.code.as_deref(), Some("400"));
    }

    #[test]
    fn field_each_session_may_have_its_own_reason() {
        let task: KillTask = decode(
            r#"{"resultDetails":[{"failedIds":[{"id":"1","errorCode":404,"error":"gone"},{"id":2,"error":"status:400, body:{\"code\":400,\"message\":\"busy\"}"},"3",{"clientId":""}],
            "error":"some failed"}]}"#,
        )
        .unwrap();
        let detail = &task.result_details[0];
        let failed: Vec<_> = detail
            .failed_ids
            .iter()
            .map(|f| (f.id.as_str(), f.reason.code.as_deref(), f.reason.message.as_deref()))
            .collect();
        assert_eq!(
            failed,
            [("1", Some("404"), Some("gone")), ("2", Some("400"), Some("busy")), ("3", None, None)]
        );
        assert_eq!(detail.reason.message.as_deref(), Some("some failed"));
    }

    #[test]
    fn details_of_another_shape_say_nothing() {
        let task: KillTask =
            decode(r#"{"resultDetails":["x",7,[{}]],"failureDetails":"y"}"#).unwrap();
        assert_eq!(task.details().count(), 0);
    }

    #[test]
    fn almost_nothing_is_still_a_task() {
        let task: KillTask =
            decode(r#"{"status":"STARTED","generation":1.0,"currentStep":null}"#).unwrap();
        assert_eq!(task.generation, Some(1));
        assert_eq!(task.task_id(), None);
        let task: KillTask =
            decode(r#"{"selfLink":"https://localhost/mgmt/cm/access/tasks/kill-sessions/abc"}"#)
                .unwrap();
        assert_eq!(task.task_id(), Some("abc"));
    }
}
