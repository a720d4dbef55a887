//! The settings: how the appliance behaves. A profile sets the defaults of a version; single
//! settings override it.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::list_rules::{BrokenItem, DeviceList, ItemFields, PageRules};

/// A BIG-IQ version, which sets the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Profile {
    /// As in the specification's samples
    #[value(name = "5.2")]
    #[serde(rename = "5.2")]
    V5_2,
    /// Task workers answer 202, as in public captures
    #[value(name = "7.1")]
    #[serde(rename = "7.1")]
    V7_1,
    /// The default
    #[value(name = "8.x")]
    #[serde(rename = "8.x")]
    V8,
}

/// How a failed kill names the sessions that it could not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum FailureShape {
    /// Not at all (the specification's 5.x samples).
    None,
    /// `resultDetails` with `failedIds` as strings (7.0 reference, documented).
    Strings,
    /// `resultDetails` with `failedIds` as objects (sibling task worker, documented).
    Objects,
    /// `failureDetails` with the BIG-IP's own error (sibling task worker, documented).
    FailureDetails,
    /// `resultDetails` with `failedIds` as objects that hold a reason (inferred).
    Reasons,
    /// `resultDetails` and `errorMessage` with the BIG-IP's own error as text (inferred).
    ErrorBodies,
}

/// Who may use the REST proxy to the devices; BIG-IQ's own rule is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyAccess {
    /// Every account that can sign in.
    Everyone,
    /// Administrators only; others get the "not permitted" answer.
    Admin,
    /// Nobody: the answer is that of an unknown URI.
    Off,
}

/// The shortest and the longest delay of an answer, in milliseconds; `[least, most]` in JSON.
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

/// All settings. JSON names are the field names in camelCase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Version that sets the defaults of the other settings.
    pub profile: Profile,
    /// Status of an accepted kill POST: 200 is documented, 202 is captured from other task workers.
    pub accepted_status: u16,
    /// Whether the reply to a kill POST already contains step, dates and owner, as the
    /// specification prints it. Otherwise it contains only what is written before the task starts.
    pub full_first_reply: bool,
    /// Status of "not permitted": 401 (captured) or 403 (which scripts test for).
    pub forbidden_status: u16,
    /// Spelling of the final status of a cancelled task.
    pub cancelled_spelling: String,
    /// Whether a finished task contains `resultDetails: []`.
    pub empty_result_details: bool,
    /// How a failed kill names the sessions that it could not end.
    pub failure_shape: FailureShape,
    /// How long a task stays `CANCEL_REQUESTED`, in milliseconds.
    pub cancel_ms: u32,
    /// How the Access list (`cm-access-allBigIpDevices/devices`) answers.
    pub access_list: DeviceList,
    /// How the machineid-resolver's list answers.
    pub resolver_list: DeviceList,
    /// How the Access list is paged.
    pub access_pages: PageRules,
    /// How the machineid-resolver's list is paged.
    pub resolver_pages: PageRules,
    /// How the list of kill tasks is paged.
    pub task_pages: PageRules,
    /// Broken items in both lists of devices.
    pub broken_items: Vec<BrokenItem>,
    /// The only fields that items have.
    pub item_fields: ItemFields,
    /// Status of the error that a GET of these paths is answered with. A `*` stands for one segment.
    pub refused_reads: BTreeMap<String, u16>,
    /// Name of the device-group property that marks an access group.
    pub group_flag: String,
    /// Whether `totalItems` of the group list is always 1 (specification, section 1.7).
    pub wrong_total_items: bool,
    /// Whether errors contain a Java stack (5.x) or an empty list.
    pub java_stacks: bool,
    /// Whether the error for an invalid token omits its Java class, as in the 7.1 reference.
    pub bare_token_error: bool,
    /// Whether device items contain about a hundred `supports…` flags per group (about 30 kB per
    /// item).
    pub big_items: bool,
    /// Whether a token is valid only from the address it was issued to.
    pub address_binding: bool,
    /// Whether Basic authentication is on (off since 5.1).
    pub basic_auth: bool,
    /// Whether a deleted token still works.
    pub deleted_token_works: bool,
    /// Lifetime of an access token in seconds.
    pub access_seconds: i64,
    /// Lifetime of a refresh token in seconds.
    pub refresh_seconds: i64,
    /// Who may use the REST proxy.
    pub rest_proxy: ProxyAccess,
    /// Per mille of killed sessions whose users sign in again.
    pub returning_per_mille: u64,
    /// BIG-IQ's own HA role: `STANDALONE`, `PRIMARY`, `STANDBY`, ….
    pub node_role: String,
    /// Origins whose scripts may read answers. Invented: BIG-IQ has such a list, but nothing public
    /// shows its effect.
    pub cors_origins: Vec<String>,
    /// Delay of every API answer.
    pub latency_ms: LatencyMs,
}

impl Settings {
    /// The defaults of a version.
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
            cancel_ms: 400,
            access_list: DeviceList::Flat,
            resolver_list: DeviceList::Nested,
            access_pages: PageRules::default(),
            resolver_pages: PageRules::default(),
            task_pages: PageRules::default(),
            broken_items: Vec::new(),
            item_fields: ItemFields::default(),
            refused_reads: BTreeMap::new(),
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
    /// These settings with `changes`. A profile in `changes` is applied first, so that the other
    /// changes override it.
    ///
    /// # Errors
    /// The reason, when a setting is unknown or its value has the wrong type.
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
    fn json_restores_the_settings() {
        for profile in [Profile::V5_2, Profile::V7_1, Profile::V8] {
            let settings = Settings::for_profile(profile);
            let text = serde_json::to_string(&settings).unwrap();
            assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        }
    }

    #[test]
    fn the_documentation_lists_every_setting_with_its_values_per_profile() {
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
            let listed =
                if differs { page.contains(&row) } else { page.contains(&format!("`{name}`")) };
            assert!(listed, "{row}");
        }
    }

    #[test]
    fn changes_override_the_profile_that_they_name() {
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
