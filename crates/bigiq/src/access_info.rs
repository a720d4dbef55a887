//! A BIG-IP's live sessions, read from `…/rest-proxy/mgmt/tm/apm/access-info`. The path on BIG-IP is captured; that BIG-IQ
//! forwards it is inferred.

use crate::lenient;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::fmt;

/// A device's answer.
///
/// ```
/// use bigiq::access_info::AccessInfo;
///
/// let info: AccessInfo = bigiq::decode(
///     r#"{"entries": {"https://localhost/mgmt/tm/apm/access-info/2a5d7604": {"nestedStats": {"entries":
///         {"logonUser": {"description": "user2"}, "clientIp": {"description": "198.51.100.7"}}}}}}"#,
/// )?;
/// let sessions = info.entries.unwrap_or_default();
/// assert_eq!(sessions[0].id, "2a5d7604");
/// assert_eq!(sessions[0].user.as_deref(), Some("user2"));
/// # Ok::<(), bigiq::DecodeError>(())
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AccessInfo {
    /// The sessions in the order of the answer. `None` if the answer has no list of sessions: nothing is known then.
    #[serde(default, deserialize_with = "entries")]
    pub entries: Option<Vec<LiveSession>>,
}

/// A live session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveSession {
    /// Session id from the entry, or else the last segment of the entry's link.
    pub id: String,
    /// User name, spelled as on the device.
    pub user: Option<String>,
    /// The client's IP address.
    pub client_ip: Option<String>,
    /// Start time, if the device sends one. Its format is not documented.
    pub started: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    nested_stats: Nested,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Nested {
    entries: Fields,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Fields {
    session_id: Described,
    logon_user: Described,
    client_ip: Described,
    start_time: Described,
}

#[derive(Default)]
struct Described {
    description: Option<String>,
}

impl<'de> Deserialize<'de> for Described {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [description] = lenient::scalars(d, &["description"])?;
        Ok(Self { description: description.owned() })
    }
}

fn entries<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Vec<LiveSession>>, D::Error> {
    struct EntriesVisitor;
    impl<'de> Visitor<'de> for EntriesVisitor {
        type Value = Option<Vec<LiveSession>>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map of sessions")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = Vec::new();
            while let Some((link, entry)) = map.next_entry::<String, Entry>()? {
                let fields = entry.nested_stats.entries;
                let id = fields.session_id.description;
                found.push(LiveSession {
                    id: id.unwrap_or_else(|| crate::link::last_segment(&link).to_owned()),
                    user: fields.logon_user.description,
                    client_ip: fields.client_ip.description,
                    started: fields.start_time.description,
                });
            }
            Ok(Some(found))
        }
    }
    d.deserialize_any(EntriesVisitor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;

    #[test]
    fn sessions() {
        let info: AccessInfo = decode(
            r#"{"entries":{"https://localhost/mgmt/tm/apm/access-info/2a5d7604":{"nestedStats":{"entries":{
            "clientIp":{"description":"198.51.100.7"},"logonUser":{"description":"user2"}}}},
            "https://localhost/mgmt/tm/apm/access-info/x":{"nestedStats":{"entries":{"sessionId":{"description":"875f7fed"}}}}}}"#,
        )
        .unwrap();
        let sessions = info.entries.unwrap();
        assert_eq!(sessions[0].id, "2a5d7604");
        assert_eq!(sessions[0].user.as_deref(), Some("user2"));
        assert_eq!(sessions[1].id, "875f7fed");
        assert_eq!(sessions[1].user, None);
    }

    #[test]
    fn no_list_is_not_an_empty_list() {
        assert_eq!(decode::<AccessInfo>("{}").unwrap().entries, None);
        assert_eq!(decode::<AccessInfo>(r#"{"entries":{}}"#).unwrap().entries, Some(vec![]));
        assert!(decode::<AccessInfo>(r#"{"entries":[]}"#).is_err());
    }
}
