//! BIG-IQ's kill task (documented, sections 2 and 3). Every field is optional: a first answer may contain little more than a
//! status (captured).

use crate::lenient;
use crate::link::{DeviceReference, Reference};
use serde::de::Error as _;
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
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KillTask {
    /// Id: the last segment of `selfLink`.
    pub id: Option<String>,
    /// The task's link. Its host is always `localhost`.
    pub self_link: Option<String>,
    /// Status.
    pub status: Option<Status>,
    /// The current step, or the step at which the task failed.
    pub current_step: Option<Step>,
    /// The result. Absent or `PENDING` in failed tasks too (documented).
    pub result: Option<TaskResult>,
    /// Failures by device. Empty or absent on success.
    pub result_details: Vec<ResultDetail>,
    /// The same, with the field name of a sister task (documented there).
    pub failure_details: Vec<ResultDetail>,
    /// BIG-IQ's error message.
    pub error_message: Option<String>,
    /// The requested action.
    pub action: Option<String>,
    /// The user whose sessions end, `userName`. The name differs from the operator's, `username`, only by case.
    pub user_name: Option<String>,
    /// The operator who started the task, `username`.
    pub operator: Option<String>,
    /// The requested access groups.
    pub access_group_names: Vec<String>,
    /// The requested clusters.
    pub cluster_names: Vec<String>,
    /// The requested devices. BIG-IQ seems to add those that it resolved (inferred).
    pub device_references: Vec<Reference>,
    /// The requested sessions. Ids may be missing in a failed task (documented).
    pub sessions: Vec<TaskSessions>,
    /// Start time, such as `2016-11-15T12:42:31.294-0800`.
    pub start_date_time: Option<String>,
    /// End time, in the same format.
    pub end_date_time: Option<String>,
    /// Number of stored changes.
    pub generation: Option<i64>,
    /// Last change, in microseconds since 1970.
    pub last_update_micros: Option<i64>,
}

/// The JSON names of a [`KillTask`]'s fields.
const FIELDS: [&str; 19] = [
    "id",
    "selfLink",
    "status",
    "currentStep",
    "result",
    "resultDetails",
    "failureDetails",
    "errorMessage",
    "action",
    "userName",
    "username",
    "accessGroupNames",
    "clusterNames",
    "deviceReferences",
    "sessions",
    "startDateTime",
    "endDateTime",
    "generation",
    "lastUpdateMicros",
];

impl<'de> Deserialize<'de> for KillTask {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let task = Self::of(&lenient::fields(d, &FIELDS)?);
        task.ok_or_else(|| D::Error::custom("another value than a list"))
    }
}

impl KillTask {
    /// `None` if one of its lists has another shape.
    fn of(values: &[Value; FIELDS.len()]) -> Option<Self> {
        let [
            id,
            self_link,
            status,
            current_step,
            result,
            result_details,
            failure_details,
            error_message,
            action,
            user_name,
            operator,
            access_group_names,
            cluster_names,
            device_references,
            sessions,
            start_date_time,
            end_date_time,
            generation,
            last_update_micros,
        ] = values;
        let sessions = lenient::members(sessions)?.iter().filter(|sessions| !sessions.is_null());
        let references = lenient::members(device_references)?.iter();
        Some(Self {
            id: text(id),
            self_link: text(self_link),
            status: text(status).map(|word| Status::parse(&word)),
            current_step: text(current_step).map(|word| Step::parse(&word)),
            result: text(result).map(|word| TaskResult::parse(&word)),
            result_details: details(result_details),
            failure_details: details(failure_details),
            error_message: lenient::scalar(error_message).ok()?.message(),
            action: text(action),
            user_name: text(user_name),
            operator: text(operator),
            access_group_names: texts(access_group_names)?,
            cluster_names: texts(cluster_names)?,
            device_references: references.filter(|one| !one.is_null()).map(reference).collect(),
            sessions: sessions.map(TaskSessions::of).collect::<Option<_>>()?,
            start_date_time: text(start_date_time),
            end_date_time: text(end_date_time),
            generation: lenient::scalar(generation).ok()?.int(),
            last_update_micros: lenient::scalar(last_update_micros).ok()?.int(),
        })
    }

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskSessions {
    /// The device.
    pub device_reference: Reference,
    /// Session ids.
    pub session_ids: Vec<String>,
}

impl TaskSessions {
    /// `None` if it is no object, or its sessions are no list.
    fn of(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        Some(Self {
            device_reference: fields.get("deviceReference").map(reference).unwrap_or_default(),
            session_ids: fields.get("sessionIds").map_or(Some(Vec::new()), texts)?,
        })
    }
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
fn details(list: &Value) -> Vec<ResultDetail> {
    let details = list.as_array().into_iter().flatten().filter(|detail| detail.is_object());
    details.map(ResultDetail::of).collect()
}

impl ResultDetail {
    fn of(detail: &Value) -> Self {
        let ids = detail.get("failedIds").and_then(Value::as_array);
        let link = detail.get("deviceReference").and_then(|device| reference(device).link);
        Self {
            host: detail.get("host").and_then(text),
            device_reference: link.map(|link| DeviceReference { link }),
            failed_ids: ids.into_iter().flatten().filter_map(FailedId::of).collect(),
            reason: FailureReason::of(detail),
        }
    }
}

impl FailedId {
    fn of(member: &Value) -> Option<Self> {
        let id = text(member.get("id").unwrap_or(member))?;
        Some(Self { id, reason: FailureReason::of(member) })
    }
}

impl FailureReason {
    /// The fields `errorCode` and `error`. A message may contain the answer of a BIG-IP, whose code counts if there is no other.
    fn of(object: &Value) -> Self {
        let error = object.get("error").and_then(|error| lenient::scalar(error).ok()?.embedded());
        let embedded = error.as_ref().and_then(|error| error.code);
        let code = object.get("errorCode").and_then(text).or(embedded.map(|code| code.to_string()));
        Self { code, message: error.map(|error| error.message) }
    }
}

fn text(value: &Value) -> Option<String> {
    lenient::scalar(value).ok()?.owned()
}

/// The texts of a list. `None` if it is no list.
fn texts(list: &Value) -> Option<Vec<String>> {
    Some(lenient::members(list)?.iter().filter_map(text).collect())
}

fn reference(value: &Value) -> Reference {
    Reference { link: value.get("link").and_then(text) }
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
    fn lists_are_read_as_far_as_they_can_be() {
        let task: KillTask = decode(
            r#"{"clusterNames":[1,null,"y",{"a":1}],"accessGroupNames":null,"deviceReferences":[null,{"link":"x/m1"},{}],
            "sessions":[null,{"sessionIds":["1",2],"deviceReference":{"link":"x/m2"}},{}],"unknown":[{}]}"#,
        )
        .unwrap();
        assert_eq!(task.cluster_names, ["1", "y"]);
        assert_eq!(task.access_group_names, Vec::<String>::new());
        assert_eq!(task.machine_ids().collect::<Vec<_>>(), ["m1"]);
        assert_eq!(task.device_references.len(), 2);
        assert_eq!(task.sessions.len(), 2);
        assert_eq!(task.sessions[0].session_ids, ["1", "2"]);
        assert_eq!(task.sessions[0].device_reference.link.as_deref(), Some("x/m2"));
    }

    #[test]
    fn a_value_in_place_of_a_list_or_a_task_is_an_error() {
        for json in [
            r#"{"sessions":{}}"#,
            r#"{"sessions":[7]}"#,
            r#"{"sessions":[{"sessionIds":"x"}]}"#,
            r#"{"deviceReferences":"x"}"#,
            r#"{"clusterNames":1}"#,
            r#"{"accessGroupNames":true}"#,
            "null",
            "[]",
            "7",
        ] {
            assert!(decode::<KillTask>(json).is_err(), "{json}");
        }
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
