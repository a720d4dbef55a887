//! The body of a kill POST: read leniently, then checked in the appliance's order and with its
//! error texts. Where its text is unknown, the error starts with `simulator:`.

use serde_json::{Map, Value};

use crate::lenient_json::{self, Unreadable};

/// What to kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// All sessions of one user.
    ByUser,
    /// All sessions.
    All,
    /// Listed sessions.
    ByList,
}

/// Session ids on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionEntry {
    /// Link of the device.
    pub device: String,
    /// Session ids.
    pub ids: Vec<String>,
}

/// A valid request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KillRequest {
    /// What to kill.
    pub action: Action,
    /// The user, for [`Action::ByUser`].
    pub user: String,
    /// Access group names.
    pub groups: Vec<String>,
    /// Cluster names.
    pub clusters: Vec<String>,
    /// Links of devices.
    pub devices: Vec<String>,
    /// Sessions, for [`Action::ByList`].
    pub sessions: Vec<SessionEntry>,
    /// The known fields as sent.
    pub sent: Map<String, Value>,
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Invalid {
    /// The body cannot be read; the error quotes it unchanged.
    Unreadable(String),
    /// Something is missing; the error quotes the body with the stamp.
    Incomplete {
        /// The error message.
        message: String,
        /// The known fields as sent.
        sent: Map<String, Value>,
    },
}

const FIELDS: [&str; 6] =
    ["action", "userName", "accessGroupNames", "clusterNames", "deviceReferences", "sessions"];

impl From<Unreadable> for Invalid {
    fn from(Unreadable(message): Unreadable) -> Self {
        Self::Unreadable(message)
    }
}

impl KillRequest {
    /// Reads and checks a body.
    pub(crate) fn read(body: &str) -> Result<Self, Invalid> {
        let mut sent = lenient_json::object(body)?;
        sent.retain(|name, _| FIELDS.contains(&name.as_str()));
        let action = lenient_json::text(body, &sent, "action")?.unwrap_or_default();
        let user = lenient_json::text(body, &sent, "userName")?.unwrap_or_default();
        let groups = strings(body, &sent, "accessGroupNames")?;
        let clusters = strings(body, &sent, "clusterNames")?;
        let devices = links(body, &sent)?;
        let entries = entries(body, &sent)?;
        let action = match action.as_str() {
            "" => return Err(incomplete("action is missing.", sent)),
            "KILL_BY_USER" => Action::ByUser,
            "KILL_ALL_SESSIONS" => Action::All,
            "KILL_BY_LIST_OF_SESSIONS" => Action::ByList,
            other => {
                let message = format!("simulator: unknown action {other}");
                return Err(incomplete(&message, sent));
            }
        };
        let mut sessions = Vec::new();
        if action == Action::ByList {
            if entries.is_empty() {
                return Err(incomplete("simulator: sessions are missing", sent));
            }
            for (device, ids) in entries {
                let Some(device) = device else {
                    return Err(incomplete("deviceReference is missing", sent));
                };
                if ids.is_empty() {
                    let message = format!("sessionIds are missing for {device}");
                    return Err(incomplete(&message, sent));
                }
                sessions.push(SessionEntry { device, ids });
            }
        } else if groups.is_empty() && clusters.is_empty() && devices.is_empty() {
            let message = "Request should have atleast one of these fields populated: \
                           accessGroupNames , clusterNames , deviceReferences";
            return Err(incomplete(message, sent));
        } else if action == Action::ByUser && user.is_empty() {
            return Err(incomplete("simulator: userName is missing", sent));
        }
        Ok(Self { action, user, groups, clusters, devices, sessions, sent })
    }
}

fn incomplete(message: &str, sent: Map<String, Value>) -> Invalid {
    Invalid::Incomplete { message: message.to_owned(), sent }
}

/// The strings of a list, without nulls.
fn strings(body: &str, map: &Map<String, Value>, name: &str) -> Result<Vec<String>, Unreadable> {
    let items = lenient_json::list(body, map, name)?.map_or(&[][..], Vec::as_slice);
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item {
            Value::Null => {}
            Value::String(text) => found.push(text.clone()),
            Value::Number(_) | Value::Bool(_) => found.push(item.to_string()),
            other => {
                let path = format!("$.{name}[{index}]");
                return Err(lenient_json::expected(body, &path, "a string", other));
            }
        }
    }
    Ok(found)
}

fn links(body: &str, map: &Map<String, Value>) -> Result<Vec<String>, Unreadable> {
    let items = lenient_json::list(body, map, "deviceReferences")?.map_or(&[][..], Vec::as_slice);
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("$.deviceReferences[{index}]");
        found.extend(link(body, item, &path)?);
    }
    Ok(found)
}

fn link(body: &str, reference: &Value, path: &str) -> Result<Option<String>, Unreadable> {
    match reference {
        Value::Null => Ok(None),
        Value::Object(map) => {
            Ok(lenient_json::text(body, map, "link")?.filter(|link| !link.is_empty()))
        }
        other => Err(lenient_json::expected(body, path, "BEGIN_OBJECT", other)),
    }
}

type RawEntry = (Option<String>, Vec<String>);

fn entries(body: &str, map: &Map<String, Value>) -> Result<Vec<RawEntry>, Unreadable> {
    let items = lenient_json::list(body, map, "sessions")?.map_or(&[][..], Vec::as_slice);
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item {
            Value::Null => {}
            Value::Object(entry) => {
                let path = format!("$.sessions[{index}].deviceReference");
                let reference = entry.get("deviceReference").unwrap_or(&Value::Null);
                found.push((link(body, reference, &path)?, strings(body, entry, "sessionIds")?));
            }
            other => {
                let path = format!("$.sessions[{index}]");
                return Err(lenient_json::expected(body, &path, "BEGIN_OBJECT", other));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn message(body: &str) -> String {
        match KillRequest::read(body).unwrap_err() {
            Invalid::Unreadable(message) | Invalid::Incomplete { message, .. } => message,
        }
    }

    #[rstest]
    #[case(r#"{"clusterNames":["ca-cluster"]}"#, "action is missing.")]
    #[case(r#"{"action":""}"#, "action is missing.")]
    #[case(r#"{"action":null,"sessions":[{}]}"#, "action is missing.")]
    #[case(
        r#"{"action":"KILL_ALL_SESSIONS"}"#,
        "Request should have atleast one of these fields populated: accessGroupNames , clusterNames , deviceReferences"
    )]
    #[case(
        r#"{"action":"KILL_BY_USER","clusterNames":[],"userName":"u"}"#,
        "Request should have atleast one of these fields populated: accessGroupNames , clusterNames , deviceReferences"
    )]
    #[case(
        r#"{"action":"KILL_BY_LIST_OF_SESSIONS","sessions":[{}]}"#,
        "deviceReference is missing"
    )]
    #[case(
        r#"{"action":"KILL_BY_LIST_OF_SESSIONS","sessions":[{"deviceReference":{"link":"L"}}]}"#,
        "sessionIds are missing for L"
    )]
    #[case(
        r#"{"action":"KILL_BY_LIST_OF_SESSIONS","sessions":[{"deviceReference":{"link":"L"},"sessionIds":[]}]}"#,
        "sessionIds are missing for L"
    )]
    #[case(r#"{"action":"KILL_BY_LIST_OF_SESSIONS"}"#, "simulator: sessions are missing")]
    #[case(r#"{"action":"KILL_BY_SESSIONS"}"#, "simulator: unknown action KILL_BY_SESSIONS")]
    #[case(r#"{"action":"KILL_BY_USER","clusterNames":["c"]}"#, "simulator: userName is missing")]
    #[case(
        r#"{"action":"KILL_ALL_SESSIONS","clusterNames":"c"}"#,
        "java.lang.IllegalStateException: Expected BEGIN_ARRAY but was STRING at line 1 column 47 path $.clusterNames"
    )]
    fn refuses_incomplete_requests(#[case] body: &str, #[case] expected: &str) {
        assert_eq!(message(body), expected);
    }

    #[test]
    fn reads_targets_and_drops_unknown_fields() {
        let body = r#"{"action":"KILL_BY_USER","userName":"user2","extra":1,
            "accessGroupNames":["TestGroup1",],"deviceReferences":[{"link":"L"}]}"#;
        let request = KillRequest::read(body).unwrap();
        assert_eq!(request.groups, ["TestGroup1"]);
        assert_eq!(request.devices, ["L"]);
        assert_eq!(
            Value::from(request.sent)["accessGroupNames"].to_string(),
            r#"["TestGroup1",null]"#
        );
    }

    proptest! {
        #[test]
        fn never_panics(body in ".{0,80}") {
            let _ = KillRequest::read(&body);
        }
    }
}
