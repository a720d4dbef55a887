//! The JSON of a task. Its keys are in alphabetical order, as in the specification's samples,
//! except for `result`, which the sample of a completed task prints after `action`.

use serde_json::{Map, Value, json};

use super::request::{Action, SessionEntry};
use super::stamp::KIND;
use super::task::{FailedSessions, Status, Step, Task};
use crate::world::seed::named::BIGIQ_ID;
use crate::world::settings::{FailureShape, Settings};

impl Task {
    /// The task in the answer to a GET.
    pub(crate) fn json(&self, settings: &Settings) -> Map<String, Value> {
        let mut map = self.stored_request();
        self.write_stamp(&mut map, settings);
        self.write_owner(&mut map);
        if let Some(references) = &self.references {
            map.insert("deviceReferences".to_owned(), references.clone().into());
        }
        self.write_end(&mut map, settings);
        in_order(map)
    }

    /// The answer to the POST that started the task.
    pub(crate) fn first_reply(&self, settings: &Settings) -> Map<String, Value> {
        let mut map = self.request.sent.clone();
        self.write_stamp(&mut map, settings);
        if settings.full_first_reply {
            self.write_owner(&mut map);
            if self.request.action == Action::ByList {
                map.insert("deviceReferences".to_owned(), self.listed_references().into());
            }
        }
        in_order(map)
    }

    /// Links of the devices in the request's session list, each once.
    fn listed_references(&self) -> Vec<Value> {
        let mut links: Vec<&String> = Vec::new();
        for entry in &self.request.sessions {
            if !links.contains(&&entry.device) {
                links.push(&entry.device);
            }
        }
        links.into_iter().map(|link| json!({"link": link})).collect()
    }

    /// The request's fields in the stored task. Once the task runs, session entries have the
    /// worker's key order, and no ids if the device was not found (specification, section 3.1 and
    /// "Common Errors").
    fn stored_request(&self) -> Map<String, Value> {
        let mut sent = self.request.sent.clone();
        if self.generation == 1 || self.request.action != Action::ByList {
            return sent;
        }
        let not_found = self.references.is_none();
        let entry = |entry: &SessionEntry| {
            let reference = json!({"link": entry.device});
            if not_found {
                json!({"deviceReference": reference})
            } else {
                json!({"sessionIds": entry.ids, "deviceReference": reference})
            }
        };
        let entries: Vec<Value> = self.request.sessions.iter().map(entry).collect();
        sent.insert("sessions".to_owned(), entries.into());
        sent
    }

    fn write_stamp(&self, map: &mut Map<String, Value>, settings: &Settings) {
        put(map, "id", self.stamp.id.clone());
        put(map, "name", "kill-access-sessions");
        put(map, "status", self.status_text(settings));
        put(map, "generation", self.generation);
        put(map, "lastUpdateMicros", self.updated().micros());
        put(map, "kind", KIND);
        put(map, "selfLink", self.stamp.link());
    }

    fn write_owner(&self, map: &mut Map<String, Value>) {
        let step = match self.step {
            Step::Resolve => "RESOLVE_DEVICES",
            Step::Kill => "KILL",
            Step::Done => "DONE",
        };
        let link = self.caller.link();
        put(map, "currentStep", step);
        put(map, "startDateTime", self.stamp.at.task_date());
        put(map, "ownerMachineId", BIGIQ_ID);
        put(map, "userReference", json!({"link": link}));
        put(map, "identityReferences", json!([{"link": link}]));
        put(map, "username", self.caller.name);
    }

    fn write_end(&self, map: &mut Map<String, Value>, settings: &Settings) {
        if let Some(ended) = self.ended {
            put(map, "endDateTime", ended.task_date());
        }
        if let Some(error) = &self.error {
            put(map, "errorMessage", error.clone());
        }
        if let Some(result) = self.result {
            put(map, "result", result);
        }
        if self.status == Status::Finished && settings.empty_result_details {
            put(map, "resultDetails", json!([]));
        }
        if self.status == Status::Failed && !self.failed_sessions.is_empty() {
            write_failed_sessions(map, &self.failed_sessions, settings.failure_shape);
        }
    }

    fn status_text(&self, settings: &Settings) -> String {
        match self.status {
            Status::Started => "STARTED",
            Status::CancelRequested => "CANCEL_REQUESTED",
            Status::Cancelled => settings.cancelled_spelling.as_str(),
            Status::Failed => "FAILED",
            Status::Finished => "FINISHED",
        }
        .to_owned()
    }
}

fn write_failed_sessions(
    map: &mut Map<String, Value>,
    all: &[FailedSessions],
    shape: FailureShape,
) {
    let detail = |one: &FailedSessions| match shape {
        FailureShape::None => Value::Null,
        FailureShape::Strings => json!({
            "host": one.host,
            "failedIds": one.ids,
            "deviceReference": {"link": one.link},
        }),
        FailureShape::Objects => {
            let ids: Vec<Value> = one.ids.iter().map(|id| json!({"id": id})).collect();
            json!({"failedIds": ids, "deviceReference": {"link": one.link}})
        }
        FailureShape::FailureDetails => json!({"errorCode": 400, "error": device_error(one)}),
        FailureShape::Reasons => {
            let error = |id: &String| format!("Session {id} could not be deleted on {}", one.host);
            let reason = |id| json!({"id": id, "errorCode": 400, "error": error(id)});
            let ids: Vec<Value> = one.ids.iter().map(reason).collect();
            json!({"host": one.host, "failedIds": ids, "deviceReference": {"link": one.link}})
        }
        FailureShape::ErrorBodies => json!({
            "host": one.host,
            "failedIds": one.ids,
            "error": device_error(one),
            "deviceReference": {"link": one.link},
        }),
    };
    let details: Vec<Value> = all.iter().map(detail).collect();
    match shape {
        FailureShape::None => {}
        FailureShape::FailureDetails => put(map, "failureDetails", details),
        FailureShape::Strings
        | FailureShape::Objects
        | FailureShape::Reasons
        | FailureShape::ErrorBodies => {
            if let (FailureShape::ErrorBodies, Some(first)) = (shape, all.first()) {
                put(map, "errorMessage", device_error(first));
            }
            put(map, "result", "FAILED");
            put(map, "resultDetails", details);
        }
    }
}

/// The BIG-IP's answer as text inside BIG-IQ's (captured from the sibling task worker).
fn device_error(one: &FailedSessions) -> String {
    let message = format!("Session(s) {} could not be deleted on {}", one.ids.join(", "), one.host);
    let body = json!({"code": 400, "message": message, "errorStack": [], "apiError": 3});
    format!("status:400, body:{body}")
}

fn put(map: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    map.insert(name.to_owned(), value.into());
}

fn in_order(mut map: Map<String, Value>) -> Map<String, Value> {
    map.sort_keys();
    if map.get("result").is_some_and(|result| result == "COMPLETE")
        && let Some(result) = map.shift_remove("result")
    {
        let after_action = map.keys().position(|name| name == "action").map_or(0, |at| at + 1);
        map.shift_insert(after_action, "result".to_owned(), result);
    }
    map
}
