//! The settings that follow from a report. What the report does not say keeps the value of the profile.

use serde_json::{Map, Value, json};

use super::page_text;
use super::report::{ListFinding, Properties, Refusal, Report, Role, Totals};
use crate::world::settings::Settings;

const DEVICES: &str =
    "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/*/rest-proxy/mgmt/tm";

/// Questions with a path of their own, which a report can show to be refused.
const PATHS: [(&str, &str); 6] = [
    ("before-sign-in", "/info/system"),
    ("permissions", "/mgmt/shared/authz/effective-permissions"),
    ("reachability", "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/stats"),
    ("own-role", "/mgmt/shared/failover-state"),
    ("newest-tasks", "/mgmt/cm/access/tasks/kill-sessions"),
    ("trusted-device", "/mgmt/cm/system/machineid-resolver/*"),
];

/// Items of 7.x and 8.x are about 30 kB, older ones 4 kB.
const BIG_ITEM: usize = 12_000;

/// Settings that make the simulator answer as a report shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SelfCheckProfile {
    changes: Map<String, Value>,
}

impl SelfCheckProfile {
    /// Reads a report as JSON, or as the text that the diagnostics page shows.
    ///
    /// # Errors
    /// The reason, when it is not a report.
    pub fn read(text: &str) -> Result<Self, String> {
        let is_json = text.trim_start().starts_with('{');
        let report = if is_json { Report::from_json(text)? } else { page_text::read(text)? };
        let mut profile = Self::default();
        profile.version(&report);
        profile.lists(&report);
        profile.groups(&report);
        profile.rights(&report);
        profile.tasks(&report);
        profile.errors(&report);
        Ok(profile)
    }

    /// The settings that the report changes, by name.
    pub fn changes(&self) -> &Map<String, Value> {
        &self.changes
    }

    /// `settings` with the changes.
    ///
    /// # Errors
    /// The reason, when the report has a value that no setting takes.
    pub fn apply_to(&self, settings: &Settings) -> Result<Settings, String> {
        settings.with(&self.changes)
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.changes.insert(name.to_owned(), value.into());
    }

    /// BIG-IQ's own version is in its device.
    fn version(&mut self, report: &Report) {
        let shape = report.shape("this-bigiq").unwrap_or_default();
        let major = shape.split("version: ").nth(1).and_then(|text| text.split('.').next());
        match major.and_then(|major| major.parse().ok()) {
            Some(0..=5) => self.set("profile", "5.2"),
            Some(6..=7) => self.set("profile", "7.1"),
            Some(8_u32..) => self.set("profile", "8.x"),
            None => {}
        }
    }

    fn lists(&mut self, report: &Report) {
        let access = &report.lists.access;
        let shape = report.shape("first-device").unwrap_or_default();
        let is_nested = shape.contains("cm-access-allBigIpDevices: {");
        let in_shape = if is_nested { Properties::Nested } else { Properties::Flat };
        let in_shape = Some(in_shape).filter(|_| shape.contains("properties: {"));
        self.list("accessList", report.status("first-device"), access.properties.or(in_shape));
        let resolver = &report.lists.resolver;
        self.list("resolverList", report.status("no-match"), resolver.properties);
        let paging = report.shape("paging") == Some("ignored");
        let counted = report.shape("devices-counted").is_some();
        self.pages("accessPages", access, &[("$skip", paging), ("$count", counted)]);
        let all = report.shape("no-match").and_then(first_count).is_some_and(|items| items > 0);
        self.pages("resolverPages", resolver, &[("$filter", all)]);
        self.pages("taskPages", &report.lists.tasks, &[]);
        if let Some(bytes) = resolver.item_bytes {
            self.set("bigItems", bytes > BIG_ITEM);
        }
        let named = [("access", access), ("resolver", resolver), ("tasks", &report.lists.tasks)];
        let fields: Map<String, Value> = named
            .into_iter()
            .filter(|(_, list)| !list.fields.is_empty())
            .map(|(name, list)| (name.to_owned(), json!(list.fields)))
            .collect();
        if !fields.is_empty() {
            self.set("itemFields", fields);
        }
    }

    fn list(&mut self, name: &str, status: Option<u16>, properties: Option<Properties>) {
        match (status, properties) {
            (Some(404), _) => self.set(name, "absent"),
            (Some(401 | 403), _) => self.set(name, "refused"),
            (_, Some(Properties::Flat)) => self.set(name, "flat"),
            (_, Some(Properties::Nested)) => self.set(name, "nested"),
            (_, None) => {}
        }
    }

    fn pages(&mut self, name: &str, list: &ListFinding, shown: &[(&str, bool)]) {
        let mut ignored = list.ignored.clone();
        for (option, has_no_effect) in shown {
            if *has_no_effect && !ignored.iter().any(|known| known == option) {
                ignored.push((*option).to_owned());
            }
        }
        let rules = json!({
            "limit": list.page_limit.unwrap_or(0),
            "withoutTotals": list.totals == Totals::Absent,
            "unstable": list.unstable,
            "ignored": ignored,
        });
        if rules != json!({"limit": 0, "withoutTotals": false, "unstable": false, "ignored": []}) {
            self.set(name, rules);
        }
    }

    /// The flag that marks access groups, and their total.
    fn groups(&mut self, report: &Report) {
        let found = |question| report.shape(question).and_then(first_count).unwrap_or(0);
        match (found("access-groups"), found("config-groups")) {
            (0, 1..) => self.set("groupFlag", "cm:access:config_group"),
            (1.., 0) => self.set("groupFlag", "cm:access:access_group"),
            _ => {}
        }
        match report.lists.groups.totals {
            Totals::Wrong => self.set("wrongTotalItems", true),
            Totals::Right => self.set("wrongTotalItems", false),
            Totals::Unknown | Totals::Absent => {}
        }
    }

    /// Which reads are refused, and who may use the REST proxy.
    fn rights(&mut self, report: &Report) {
        let refused = |question| report.status(question).filter(|status| *status >= 400);
        let mut reads: Map<String, Value> = PATHS
            .iter()
            .filter_map(|(question, path)| Some(((*path).to_owned(), refused(question)?.into())))
            .collect();
        if let (Some(status), Some(_)) = (refused("access-groups"), refused("config-groups")) {
            reads.insert("/mgmt/shared/resolver/device-groups".to_owned(), status.into());
        }
        let proxied = [("device-role", "sys/failover"), ("device-sessions", "apm/access-info")];
        let rights = proxied.map(|(question, _)| report.status(question));
        match rights {
            [Some(200), Some(200)] if report.role != Role::Administrator => {
                self.set("restProxy", "everyone");
            }
            [Some(404), Some(404)] => self.set("restProxy", "off"),
            [Some(401 | 403), Some(401 | 403)] if report.role != Role::Administrator => {
                self.set("restProxy", "admin");
            }
            _ => {
                // Another error can be the device's own.
                for (status, (_, path)) in rights.into_iter().zip(proxied) {
                    if let Some(status @ (401 | 403 | 404)) = status {
                        reads.insert(format!("{DEVICES}/{path}"), status.into());
                    }
                }
            }
        }
        if !reads.is_empty() {
            self.set("refusedReads", reads);
        }
        let findings = report.findings.iter().chain(&report.kill);
        let forbidden = findings.filter(|finding| finding.refusal == Some(Refusal::NotPermitted));
        if let Some(status) = forbidden.filter_map(|finding| finding.status).next() {
            self.set("forbiddenStatus", status);
        }
    }

    /// What the tasks that were listed show about how a kill starts and ends.
    fn tasks(&mut self, report: &Report) {
        let kill = report.kill.as_ref();
        if let Some(kill) = kill.filter(|kill| kill.status.is_some_and(|status| status < 300)) {
            self.set("acceptedStatus", kill.status);
            self.set("fullFirstReply", kill.shape.contains("currentStep: "));
        }
        let said = |word: &str| report.statuses.iter().any(|status| status == word);
        match (said("CANCELED"), said("CANCELLED")) {
            (true, false) => self.set("cancelledSpelling", "CANCELED"),
            (false, true) => self.set("cancelledSpelling", "CANCELLED"),
            _ => {}
        }
        let shape = report.shape("newest-tasks").unwrap_or_default();
        if shape.contains("resultDetails: 0 []") {
            self.set("emptyResultDetails", true);
        }
        let details = shape.split("resultDetails: ").skip(1).find(|part| !part.starts_with("0 "));
        let ids = details.and_then(|part| part.split("failedIds: ").nth(1));
        let ids = ids.and_then(|part| part.split(']').next()).unwrap_or_default();
        let failure = if shape.contains("failureDetails: ") {
            "failure-details"
        } else if ids.contains("error: ") {
            "reasons"
        } else if ids.contains("[{") {
            "objects"
        } else if details
            .is_some_and(|part| part.contains(", error: text") || part.contains("{error: text"))
        {
            "error-bodies"
        } else if ids.contains("text") {
            "strings"
        } else {
            return;
        };
        self.set("failureShape", failure);
    }

    fn errors(&mut self, report: &Report) {
        let stack = report.findings.iter().find_map(|finding| {
            let stack = finding.shape.split("errorStack: ").nth(1)?;
            Some(!stack.starts_with("0 "))
        });
        if let Some(stacks) = stack {
            self.set("javaStacks", stacks);
        }
    }
}

/// The number of members of the list `items` in a shape.
fn first_count(shape: &str) -> Option<usize> {
    shape.split("items: ").nth(1)?.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn changes(report: &Value) -> Value {
        let mut report = report.clone();
        report["format"] = "curfew-self-check/1".into();
        SelfCheckProfile::read(&report.to_string()).unwrap().changes().clone().into()
    }

    fn found(question: &str, status: u16, shape: &str) -> Value {
        json!({"question": question, "status": status, "shape": shape})
    }

    #[rstest]
    #[case("{resultDetails: 1 [{failedIds: 2 [text], host: text}]}", "strings")]
    #[case("{resultDetails: 1 [{failedIds: 1 [{id: text}], host: text}]}", "objects")]
    #[case("{resultDetails: 1 [{failedIds: 1 [{error: text, id: text}]}]}", "reasons")]
    #[case("{resultDetails: 1 [{error: text, failedIds: 1 [text]}]}", "error-bodies")]
    #[case(
        "{resultDetails: 1 [{deviceReference: {link: text}, error: text, failedIds: 1 [text]}]}",
        "error-bodies"
    )]
    #[case("{failureDetails: 1 [{error: text, errorCode: whole}]}", "failure-details")]
    fn the_shape_of_a_failure(#[case] shape: &str, #[case] expected: &str) {
        let report = json!({"findings": [found("newest-tasks", 200, shape)]});
        assert_eq!(changes(&report), json!({"failureShape": expected}));
        let report = json!({"findings": [found("newest-tasks", 200, "{status: text}")]});
        assert_eq!(changes(&report), json!({}));
    }

    #[rstest]
    #[case("other", 200, 200, json!({"restProxy": "everyone"}))]
    #[case("administrator", 200, 200, json!({}))]
    #[case("other", 401, 403, json!({"restProxy": "admin"}))]
    #[case("administrator", 404, 404, json!({"restProxy": "off"}))]
    #[case("other", 500, 500, json!({}))]
    #[case("other", 200, 403, json!({"refusedReads": {format!("{DEVICES}/apm/access-info"): 403}}))]
    #[case("administrator", 401, 200, json!({"refusedReads": {format!("{DEVICES}/sys/failover"): 401}}))]
    fn the_rights_to_the_rest_proxy(
        #[case] role: &str,
        #[case] device_role: u16,
        #[case] sessions: u16,
        #[case] expected: Value,
    ) {
        let answers = [("device-role", device_role), ("device-sessions", sessions)];
        let findings = answers.map(|(question, status)| found(question, status, "{a: text}"));
        assert_eq!(changes(&json!({"role": role, "findings": findings})), expected);
    }

    #[rstest]
    #[case(404, "", "absent")]
    #[case(401, "", "refused")]
    #[case(200, "{items: 1 [{properties: {imported: flag}}]}", "flat")]
    #[case(
        200,
        "{items: 1 [{properties: {cm-access-allBigIpDevices: {imported: flag}}}]}",
        "nested"
    )]
    fn the_access_list(#[case] status: u16, #[case] shape: &str, #[case] expected: &str) {
        let report = json!({"findings": [found("first-device", status, shape)]});
        assert_eq!(changes(&report), json!({"accessList": expected}));
    }

    #[test]
    fn every_change_is_a_setting() {
        let report = include_str!("../../tests/fixtures/self-check/report.json");
        let profile = SelfCheckProfile::read(report).unwrap();
        assert!(profile.apply_to(&Settings::default()).is_ok());
    }

    proptest! {
        #[test]
        fn reading_a_report_never_panics(
            status in 0_u16..1000,
            shape in "(items: |version: |errorStack: |resultDetails: |failedIds: |error: |[0-9]{1,20}|[.: {}\\[\\]a-z]){0,9}",
            line in "(newest kill tasks|devices, first|paging)?: ?[a-z:{}\\[\\] 0-9]{0,40}",
        ) {
            for question in ["newest-tasks", "first-device", "this-bigiq", "no-match"] {
                changes(&json!({"findings": [found(question, status, &shape)]}));
            }
            let _ = SelfCheckProfile::read(&line);
        }
    }
}
