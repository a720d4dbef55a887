//! What differs between appliances: the version profile and single switches that override it.
//!
//! Must hold no state; everything here can be set on the command line and by `POST /_sim/settings`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A BIG-IQ version line whose habits go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Profile {
    /// 5.2, as the specification's samples show it.
    #[value(name = "5.2")]
    #[serde(rename = "5.2")]
    V5_2,
    /// 7.1, whose task workers answer 202 in public captures.
    #[value(name = "7.1")]
    #[serde(rename = "7.1")]
    V7_1,
    /// 8.x, the default.
    #[value(name = "8.x")]
    #[serde(rename = "8.x")]
    V8,
}

/// How a failed kill names what it could not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum FailureShape {
    /// Not at all (5.x samples of the specification).
    None,
    /// `resultDetails` with `failedIds` as strings (7.0 reference, documented).
    Strings,
    /// `resultDetails` with `failedIds` as objects (sibling task worker, documented).
    Objects,
    /// `failureDetails` with the BIG-IP's own error (sibling task worker, documented).
    FailureDetails,
}

/// Who may use the REST proxy to the devices; BIG-IQ's own rule is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyAccess {
    /// Every account that can sign in.
    Everyone,
    /// Administrators only; others get the "not permitted" answer.
    Admin,
    /// Nobody: the URI answers as if it did not exist.
    Off,
}

/// The least and the most delay of an answer, in milliseconds; `[least, most]` in JSON.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64)", into = "(u64, u64)")]
pub struct LatencyMs {
    /// The shortest delay.
    pub least: u64,
    /// The longest delay.
    pub most: u64,
}

impl From<(u64, u64)> for LatencyMs {
    fn from((least, most): (u64, u64)) -> Self {
        Self { least, most }
    }
}

impl From<LatencyMs> for (u64, u64) {
    fn from(LatencyMs { least, most }: LatencyMs) -> Self {
        (least, most)
    }
}

/// Every switch. JSON names are the field names in camelCase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Version whose habits the other switches start from.
    pub profile: Profile,
    /// Status of an accepted kill POST: 200 is documented, 202 captured on other task workers.
    pub accepted_status: u16,
    /// Whether the reply to a kill POST already carries step, dates and owner, as printed in the
    /// specification; without it only what is stamped before the task starts.
    pub full_first_reply: bool,
    /// Status of "not permitted": 401 (captured) or 403 (scripts test for it).
    pub forbidden_status: u16,
    /// Spelling of the end state of a cancelled task.
    pub cancelled_spelling: String,
    /// Whether a finished task carries `resultDetails: []`.
    pub empty_result_details: bool,
    /// How a failed kill names what it could not end.
    pub failure_shape: FailureShape,
    /// Name of the device-group property that marks an access group.
    pub group_flag: String,
    /// Whether `totalItems` of the group list is 1 whatever it holds (specification, section 1.7).
    pub wrong_total_items: bool,
    /// Whether errors carry a Java stack (5.x) or an empty list.
    pub java_stacks: bool,
    /// Whether the text about a dead token lacks its Java class, as the 7.1 reference words it.
    pub bare_token_error: bool,
    /// Whether device items carry some hundred `supports…` flags per group (about 30 kB each).
    pub big_items: bool,
    /// Whether a token is good only from the address it was issued to.
    pub address_binding: bool,
    /// Whether Basic authentication is on (off since 5.1).
    pub basic_auth: bool,
    /// Whether a token that was deleted still works.
    pub deleted_token_works: bool,
    /// Life of an access token in seconds.
    pub access_seconds: i64,
    /// Life of a refresh token in seconds.
    pub refresh_seconds: i64,
    /// Who may use the REST proxy.
    pub rest_proxy: ProxyAccess,
    /// Share of killed sessions, per mille, whose users sign in again.
    pub returning_per_mille: u64,
    /// What BIG-IQ says of its own high availability: `STANDALONE`, `PRIMARY`, `STANDBY`, ….
    pub node_role: String,
    /// Origins whose scripts may read answers. Made up: BIG-IQ has a list of the kind, and nothing
    /// public shows what it does.
    pub cors_origins: Vec<String>,
    /// How long every API answer is delayed.
    pub latency_ms: LatencyMs,
}

impl Settings {
    /// The habits of one version line.
    pub fn for_profile(profile: Profile) -> Self {
        let old = profile == Profile::V5_2;
        let middle = profile == Profile::V7_1;
        Self {
            profile,
            accepted_status: if middle { 202 } else { 200 },
            full_first_reply: !middle,
            forbidden_status: 401,
            cancelled_spelling: if old { "CANCELLED" } else { "CANCELED" }.to_owned(),
            empty_result_details: !old,
            failure_shape: if old { FailureShape::None } else { FailureShape::Strings },
            group_flag: format!("cm:access:{}_group", if old { "config" } else { "access" }),
            wrong_total_items: old,
            java_stacks: old,
            bare_token_error: middle,
            big_items: !old,
            address_binding: true,
            basic_auth: false,
            deleted_token_works: false,
            access_seconds: 300,
            refresh_seconds: 36_000,
            rest_proxy: ProxyAccess::Everyone,
            returning_per_mille: 350,
            node_role: "STANDALONE".to_owned(),
            cors_origins: Vec::new(),
            latency_ms: LatencyMs::default(),
        }
    }
}

impl Settings {
    /// These settings with the switches that `changes` names; a profile is taken first, so that the
    /// others count from its habits.
    ///
    /// # Errors
    /// The reason, when a switch is unknown or its value is of the wrong kind.
    pub fn with(&self, changes: &Map<String, Value>) -> Result<Self, String> {
        let base = match changes.get("profile") {
            Some(profile) => Self::for_profile(read(profile.clone())?),
            None => self.clone(),
        };
        let mut all = serde_json::to_value(base).map_err(|error| error.to_string())?;
        if let Value::Object(all) = &mut all {
            all.extend(changes.clone());
        }
        read(all)
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

impl Default for Settings {
    fn default() -> Self {
        Self::for_profile(Profile::V8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_json() {
        for profile in [Profile::V5_2, Profile::V7_1, Profile::V8] {
            let settings = Settings::for_profile(profile);
            let text = serde_json::to_string(&settings).unwrap();
            assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        }
    }

    #[test]
    fn the_documentation_names_every_switch_with_its_value_on_each_profile() {
        let page = include_str!("../../../../docs/simulator-differences.md");
        let profiles = [Profile::V5_2, Profile::V7_1, Profile::V8];
        let all =
            profiles.map(|profile| serde_json::to_value(Settings::for_profile(profile)).unwrap());
        let shown = |value: &Value| match value {
            Value::String(text) => format!("`{text}`"),
            other => other.to_string(),
        };
        for name in all[0].as_object().unwrap().keys().filter(|name| *name != "profile") {
            let values = all.each_ref().map(|settings| shown(&settings[name]));
            let row = format!("| `{name}` | {} |", values.join(" | "));
            let differs = values.iter().any(|value| *value != values[0]);
            let there =
                if differs { page.contains(&row) } else { page.contains(&format!("`{name}`")) };
            assert!(there, "{row}");
        }
    }

    #[test]
    fn changes_count_from_the_profile_they_name() {
        let with = |settings: &Settings, changes: &str| {
            settings.with(&serde_json::from_str(changes).unwrap())
        };
        let now = with(&Settings::default(), r#"{"acceptedStatus":202}"#).unwrap();
        assert_eq!(now, Settings { accepted_status: 202, ..Settings::default() });
        let old = with(&now, r#"{"bigItems":true,"profile":"5.2"}"#).unwrap();
        assert_eq!(old, Settings { big_items: true, ..Settings::for_profile(Profile::V5_2) });
        for wrong in [r#"{"profil":"8.x"}"#, r#"{"profile":"9"}"#, r#"{"bigItems":"yes"}"#] {
            assert!(with(&now, wrong).is_err(), "{wrong}");
        }
    }
}
