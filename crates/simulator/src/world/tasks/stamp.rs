//! The fields that the appliance adds to a request before it checks it.

use serde_json::{Map, Value, json};

use crate::world::timestamp::Timestamp;

/// `kind` of a task.
pub(super) const KIND: &str = "cm:access:tasks:kill-sessions:accesskillsessionstaskitemstate";

/// The fields that the appliance adds to a request before it checks it. The error of a refused
/// request quotes them, an accepted request keeps them.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    /// Task id.
    pub id: String,
    /// When the request arrived.
    pub at: Timestamp,
}

impl Stamp {
    /// `selfLink` of the task.
    pub(crate) fn link(&self) -> String {
        format!("https://localhost/mgmt/cm/access/tasks/kill-sessions/{}", self.id)
    }

    /// The request with the stamp, as `originalRequestBody` quotes it (specification, "Common
    /// Errors").
    pub(crate) fn quote(&self, sent: &Map<String, Value>) -> String {
        let mut body = sent.clone();
        let stamp = json!({
            "id": self.id,
            "status": "CREATED",
            "name": "kill-access-sessions",
            "generation": 1,
            "lastUpdateMicros": self.at.micros(),
            "kind": KIND,
            "selfLink": self.link(),
        });
        if let Value::Object(stamp) = stamp {
            body.extend(stamp);
        }
        Value::from(body).to_string()
    }
}
