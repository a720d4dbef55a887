//! HA roles of a BIG-IP, read through the REST proxy, and of BIG-IQ itself. Both are captured; neither is documented for
//! this use.

use crate::lenient;
use serde::{Deserialize, Deserializer};

/// A device's answer to `…/rest-proxy/mgmt/tm/sys/failover`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceFailover {
    /// Contains one sentence of shell output.
    #[serde(default)]
    pub api_raw_values: RawValues,
}

/// The raw values of a device's answer.
#[derive(Debug, Clone, Default)]
pub struct RawValues {
    /// A sentence such as `Failover active for 0d 01:20:32`.
    pub api_anonymous: Option<String>,
}

impl<'de> Deserialize<'de> for RawValues {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [api_anonymous] = lenient::scalars(d, &["apiAnonymous"])?;
        Ok(Self { api_anonymous: api_anonymous.owned() })
    }
}

/// A BIG-IP's overall HA role. Its traffic groups may have other roles (inferred).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The unit that holds the sessions.
    Active,
    /// A kill sent to it ends no sessions, and BIG-IQ reports no error (documented, Prerequisites).
    Standby,
}

impl DeviceFailover {
    /// The role, which is the second word of the sentence. `None` if the sentence is not understood.
    pub fn role(&self) -> Option<Role> {
        match self.api_raw_values.api_anonymous.as_deref()?.split_ascii_whitespace().nth(1)? {
            "active" => Some(Role::Active),
            "standby" => Some(Role::Standby),
            _ => None,
        }
    }
}

/// The answer to `GET /mgmt/shared/failover-state`.
#[derive(Debug, Clone, Default)]
pub struct OwnFailover {
    /// `STANDALONE`, `PRIMARY`, `SECONDARY` or another word.
    pub node_role: Option<String>,
}

impl<'de> Deserialize<'de> for OwnFailover {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [node_role] = lenient::scalars(d, &["nodeRole"])?;
        Ok(Self { node_role: node_role.owned() })
    }
}

impl OwnFailover {
    /// Whether this BIG-IQ reports that it is a standby.
    pub fn is_standby(&self) -> bool {
        matches!(self.node_role.as_deref(), Some("SECONDARY" | "STANDBY"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;
    use rstest::rstest;

    #[rstest]
    #[case(
        r#"{"apiRawValues":{"apiAnonymous":"Failover active for 0d 01:20:32\n"}}"#,
        Some(Role::Active)
    )]
    #[case(
        r#"{"apiRawValues":{"apiAnonymous":"Failover standby for 12d 03:02:01\n"}}"#,
        Some(Role::Standby)
    )]
    #[case(r#"{"apiRawValues":{"apiAnonymous":"Failover forced-offline"}}"#, None)]
    #[case(r#"{"apiRawValues":{}}"#, None)]
    #[case("{}", None)]
    fn roles(#[case] json: &str, #[case] expected: Option<Role>) {
        assert_eq!(decode::<DeviceFailover>(json).unwrap().role(), expected);
    }

    #[rstest]
    #[case("STANDALONE", false)]
    #[case("PRIMARY", false)]
    #[case("SECONDARY", true)]
    #[case("SOMETHING", false)]
    fn own_roles(#[case] role: &str, #[case] standby: bool) {
        let own: OwnFailover = decode(&format!(r#"{{"nodeRole":"{role}"}}"#)).unwrap();
        assert_eq!(own.is_standby(), standby);
    }
}
