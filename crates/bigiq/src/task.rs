//! The kill task as BIG-IQ shows it (documented, sections 2 and 3). Every field is optional: a first answer
//! may hold little more than a status (captured). It must not decide what a task's end means to a person.

use crate::lenient;
use crate::link::{DeviceReference, Reference};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A kill task, or the few fields of it that were selected.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KillTask {
    /// Its id, the last part of `selfLink`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Its own link; host always `localhost`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub self_link: Option<String>,
    /// Where it stands.
    #[serde(default, deserialize_with = "status")]
    pub status: Option<Status>,
    /// What it is doing, or what it was doing when it failed.
    #[serde(default, deserialize_with = "step")]
    pub current_step: Option<Step>,
    /// How it ended. Absent or `PENDING` in failed tasks too (documented).
    #[serde(default, deserialize_with = "outcome")]
    pub result: Option<TaskResult>,
    /// What went wrong, per device. Empty or absent on success.
    #[serde(default, deserialize_with = "lenient::list")]
    pub result_details: Vec<ResultDetail>,
    /// The same under the name that a sister task uses (documented there).
    #[serde(default, deserialize_with = "lenient::list")]
    pub failure_details: Vec<ResultDetail>,
    /// What went wrong.
    #[serde(default, deserialize_with = "lenient::message")]
    pub error_message: Option<String>,
    /// The action that was asked for.
    #[serde(default, deserialize_with = "lenient::text")]
    pub action: Option<String>,
    /// The user whose sessions end. Differs from `username` only by case.
    #[serde(default, rename = "userName", deserialize_with = "lenient::text")]
    pub user_name: Option<String>,
    /// The operator who asked.
    #[serde(default, rename = "username", deserialize_with = "lenient::text")]
    pub operator: Option<String>,
    /// Asked-for access groups.
    #[serde(default, deserialize_with = "lenient::texts")]
    pub access_group_names: Vec<String>,
    /// Asked-for clusters.
    #[serde(default, deserialize_with = "lenient::texts")]
    pub cluster_names: Vec<String>,
    /// Asked-for devices; BIG-IQ seems to add those that it resolved (inferred).
    #[serde(default, deserialize_with = "lenient::list")]
    pub device_references: Vec<Reference>,
    /// Asked-for sessions; ids may be missing in a failed task (documented).
    #[serde(default, deserialize_with = "lenient::list")]
    pub sessions: Vec<TaskSessions>,
    /// Begin, `2016-11-15T12:42:31.294-0800`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub start_date_time: Option<String>,
    /// End.
    #[serde(default, deserialize_with = "lenient::text")]
    pub end_date_time: Option<String>,
    /// Counts the persisted changes.
    #[serde(default, deserialize_with = "lenient::int")]
    pub generation: Option<i64>,
    /// Last change, microseconds since 1970.
    #[serde(default, deserialize_with = "lenient::int")]
    pub last_update_micros: Option<i64>,
}

impl KillTask {
    /// The task's id, from `id` or else the end of its link.
    pub fn task_id(&self) -> Option<&str> {
        self.id
            .as_deref()
            .or_else(|| self.self_link.as_deref().map(crate::link::last_segment))
            .filter(|id| !id.is_empty())
    }

    /// The machine ids that its device references name.
    pub fn machine_ids(&self) -> impl Iterator<Item = &str> {
        self.device_references
            .iter()
            .filter_map(|r| r.link.as_deref())
            .map(crate::link::last_segment)
    }

    /// Details of failures under either name.
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
    /// How many there are in all; not to be trusted (documented sample is wrong).
    #[serde(default, deserialize_with = "lenient::int")]
    pub total_items: Option<i64>,
}

/// Sessions of one device, as a task echoes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskSessions {
    /// The device.
    #[serde(default)]
    pub device_reference: Reference,
    /// Its sessions.
    #[serde(default, deserialize_with = "lenient::texts")]
    pub session_ids: Vec<String>,
}

/// What failed on one device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultDetail {
    /// The device's host name (documented for 7.0).
    #[serde(default, deserialize_with = "lenient::text")]
    pub host: Option<String>,
    /// The device.
    #[serde(default, deserialize_with = "reference")]
    pub device_reference: Option<DeviceReference>,
    /// Ids that failed: texts (documented for 7.0), or objects with an `id` (documented for a sister task).
    #[serde(default, deserialize_with = "failed_ids")]
    pub failed_ids: Vec<String>,
    /// A code (documented for a sister task).
    #[serde(default, deserialize_with = "lenient::text")]
    pub error_code: Option<String>,
    /// A message (documented for a sister task).
    #[serde(default, deserialize_with = "lenient::message")]
    pub error: Option<String>,
}

fn reference<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DeviceReference>, D::Error> {
    let found = Option::<Reference>::deserialize(d)?;
    Ok(found.and_then(|r| r.link).map(|link| DeviceReference { link }))
}

fn failed_ids<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Object { id: lenient::Text },
        Other(lenient::Text),
    }
    let ids = lenient::list::<D, Id>(d)?;
    Ok(ids
        .into_iter()
        .filter_map(|id| match id {
            Id::Object { id } | Id::Other(id) => id.0,
        })
        .collect())
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $($word:literal)|+,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A word that this version does not know, as it came.
            Other(String),
        }

        impl $name {
            /// Reads BIG-IQ's word; an unknown one is kept.
            pub fn parse(word: &str) -> Self {
                match word {
                    $($($word)|+ => Self::$variant,)*
                    _ => Self::Other(word.to_owned()),
                }
            }

            /// BIG-IQ's word; of several spellings the documented one.
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
    /// Where a task stands.
    Status {
        /// Being created; seen only in the echo of refused requests.
        Created = "CREATED",
        /// Running.
        Started = "STARTED",
        /// Ended, well or not: `result` tells.
        Finished = "FINISHED",
        /// Ended badly.
        Failed = "FAILED",
        /// Ended on request. F5 spells it both ways.
        Cancelled = "CANCELLED" | "CANCELED",
        /// Asked to end, still running.
        CancelRequested = "CANCEL_REQUESTED",
    }
}

impl Status {
    /// Whether a task in this state changes no more. Unknown words do not end a task.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled)
    }
}

words! {
    /// What a task is doing.
    Step {
        /// Expands groups and clusters to devices.
        ResolveDevices = "RESOLVE_DEVICES",
        /// Ends sessions, device by device.
        Kill = "KILL",
        /// Nothing more.
        Done = "DONE",
    }
}

words! {
    /// How a task ended.
    TaskResult {
        /// BIG-IQ did all that it was asked.
        Complete = "COMPLETE",
        /// It did not.
        Failed = "FAILED",
        /// It did not get that far.
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

    /// Section 3.1: status, step and result of a task that went well.
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

    /// Section 3.2: no result, an error, and both names that differ only by case.
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
        assert_eq!(details[0].failed_ids, ["1", "2"]);
        assert_eq!(details[0].device_reference.as_ref().unwrap().machine_id(), "m1");
        assert_eq!(details[1].failed_ids, ["3"]);
        assert_eq!(details[1].error_code.as_deref(), Some("400"));
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
