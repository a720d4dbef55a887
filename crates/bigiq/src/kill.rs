//! The kill request, exactly as it is sent (documented, section 2).

use crate::link::DeviceReference;
use serde::{Deserialize, Serialize, Serializer};
use std::sync::Arc;

/// A request to end sessions, with one of BIG-IQ's three actions.
///
/// ```
/// use bigiq::{DeviceReference, KillRequest, Targets};
///
/// let targets = Targets { clusters: vec!["BlueCluster".into()], ..Targets::default() };
/// let request = KillRequest::ByUser { user_name: "user2".into(), targets: targets.into() };
/// assert_eq!(
///     request.to_json(),
///     r#"{"action":"KILL_BY_USER","userName":"user2","clusterNames":["BlueCluster"]}"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KillRequest {
    /// All sessions of one user on the targets (section 2.1).
    ByUser {
        /// User name, spelled exactly as on BIG-IP.
        user_name: String,
        /// The targets. Shared, because a batch has many users with the same targets.
        targets: Arc<Targets>,
    },
    /// The sessions of all users on the targets (section 2.2).
    All {
        /// The targets. Shared, because a batch has many users with the same targets.
        targets: Arc<Targets>,
    },
    /// The listed sessions (section 2.3).
    Listed {
        /// The sessions by device. Shared, because there may be a hundred thousand, and the plan, the job and the request hold them.
        sessions: Arc<Vec<DeviceSessions>>,
    },
}

const BY_USER: &str = "KILL_BY_USER";
const ALL: &str = "KILL_ALL_SESSIONS";
const LISTED: &str = "KILL_BY_LIST_OF_SESSIONS";

/// The body of a request, with its keys in the specification's order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    access_group_names: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    cluster_names: &'a [String],
    #[serde(skip_serializing_if = "<[DeviceReference]>::is_empty")]
    device_references: &'a [DeviceReference],
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions: Option<&'a [DeviceSessions]>,
}

impl Serialize for KillRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let none = Targets::default();
        let targets = self.targets().unwrap_or(&none);
        let sessions = match self {
            Self::Listed { sessions } => Some(sessions.as_slice()),
            Self::ByUser { .. } | Self::All { .. } => None,
        };
        let body = Body {
            action: self.action(),
            user_name: self.user_name(),
            access_group_names: &targets.groups,
            cluster_names: &targets.clusters,
            device_references: &targets.devices,
            sessions,
        };
        body.serialize(serializer)
    }
}

/// Where sessions are ended: the union of the three lists. BIG-IQ requires at least one entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Targets {
    /// Access groups, by name.
    #[serde(rename = "accessGroupNames", default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Clusters, by name.
    #[serde(rename = "clusterNames", default, skip_serializing_if = "Vec::is_empty")]
    pub clusters: Vec<String>,
    /// Devices.
    #[serde(rename = "deviceReferences", default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<DeviceReference>,
}

impl Targets {
    /// Whether there is no target. BIG-IQ refuses such a request.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.clusters.is_empty() && self.devices.is_empty()
    }

    /// How many targets there are.
    pub fn len(&self) -> usize {
        self.groups.len() + self.clusters.len() + self.devices.len()
    }
}

/// Sessions of one device.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceSessions {
    /// The device. For a cluster, its active unit.
    pub device_reference: DeviceReference,
    /// Session ids. Real ones are eight hex digits, but documented samples are not, so any text is allowed. Shared, because the
    /// request is built again after every change of the form.
    pub session_ids: Vec<Arc<str>>,
}

impl KillRequest {
    /// The body as it is sent, with its keys in the specification's order.
    pub fn to_json(&self) -> String {
        // A struct of texts always serialises.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same body, indented for reading.
    pub fn to_pretty_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// BIG-IQ's name of the action.
    pub fn action(&self) -> &'static str {
        match self {
            Self::ByUser { .. } => BY_USER,
            Self::All { .. } => ALL,
            Self::Listed { .. } => LISTED,
        }
    }

    /// The user name, for a kill by user.
    pub fn user_name(&self) -> Option<&str> {
        match self {
            Self::ByUser { user_name, .. } => Some(user_name),
            Self::All { .. } | Self::Listed { .. } => None,
        }
    }

    /// The targets. `None` for listed sessions.
    pub fn targets(&self) -> Option<&Targets> {
        match self {
            Self::ByUser { targets, .. } | Self::All { targets } => Some(targets),
            Self::Listed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    fn mixed() -> Targets {
        Targets {
            groups: owned(&["TestGroup1", "TestGroup2"]),
            clusters: owned(&["BlueCluster", "RedCluster"]),
            devices: vec![
                DeviceReference::of("901695c8-f405-489f-9996-54f7b21da642"),
                DeviceReference::of("3f320100-2177-42e0-8a46-2e33cd3366d"),
            ],
        }
    }

    const REFERENCES: &str = r#"[{"link":"https://localhost/mgmt/cm/system/machineid-resolver/901695c8-f405-489f-9996-54f7b21da642"},{"link":"https://localhost/mgmt/cm/system/machineid-resolver/3f320100-2177-42e0-8a46-2e33cd3366d"}]"#;

    /// Sections 2.1.1 to 2.2.4: the bodies of the specification, in its key order.
    #[rstest]
    #[case(Targets { groups: vec![], clusters: vec![], ..mixed() }, format!(r#""deviceReferences":{REFERENCES}"#))]
    #[case(Targets { devices: vec![], clusters: vec![], ..mixed() }, r#""accessGroupNames":["TestGroup1","TestGroup2"]"#.to_owned())]
    #[case(Targets { devices: vec![], groups: vec![], ..mixed() }, r#""clusterNames":["BlueCluster","RedCluster"]"#.to_owned())]
    #[case(mixed(), format!(r#""accessGroupNames":["TestGroup1","TestGroup2"],"clusterNames":["BlueCluster","RedCluster"],"deviceReferences":{REFERENCES}"#))]
    fn bodies_with_targets(#[case] targets: Targets, #[case] expected: String) {
        let targets = Arc::new(targets);
        let by_user = KillRequest::ByUser { user_name: "user2".into(), targets: targets.clone() };
        assert_eq!(
            by_user.to_json(),
            format!(r#"{{"action":"KILL_BY_USER","userName":"user2",{expected}}}"#)
        );
        let all = KillRequest::All { targets };
        assert_eq!(all.to_json(), format!(r#"{{"action":"KILL_ALL_SESSIONS",{expected}}}"#));
    }

    /// Section 2.3.
    #[test]
    fn listed_body() {
        let request = KillRequest::Listed {
            sessions: Arc::new(vec![DeviceSessions {
                device_reference: DeviceReference::of("901695c8-f405-489f-9996-54f7b21da642"),
                session_ids: vec!["2a5d7604".into(), "875f7fed".into()],
            }]),
        };
        assert_eq!(
            request.to_json(),
            r#"{"action":"KILL_BY_LIST_OF_SESSIONS","sessions":[{"deviceReference":{"link":"https://localhost/mgmt/cm/system/machineid-resolver/901695c8-f405-489f-9996-54f7b21da642"},"sessionIds":["2a5d7604","875f7fed"]}]}"#
        );
    }
}
