//! A draft, judged and frozen: the exact requests, what they reach as of a reading, what to beware of, and the gate.
//! Screen, gate and request body are all made from it, so that what is shown is what is sent. It must not
//! change once made; only a confirmed plan yields requests that can be sent, each once.

use crate::gate::MANY;
use crate::inventory::{Device, Gap, Inventory, Missing, Readiness};
use crate::names::same_person;
use crate::{Answer, Batch, Binding, Draft, DraftError, Gate, GateError, Kind, Moment, Phrase};
use bigiq::{DeviceReference, KillRequest, Targets};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;

/// A validated, frozen draft. Fields are private: a plan is made whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    binding: Binding,
    kind: Kind,
    requests: Vec<KillRequest>,
    targets: Targets,
    reached: Vec<Reached>,
    warnings: Vec<Warning>,
    gate: Gate,
    reason: String,
    as_of: Moment,
}

/// A device that a plan reaches, as the inventory knew it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Machine id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Its cluster.
    pub cluster: Option<String>,
    /// Whether it is reached only as a device reference, not through a group or its cluster.
    pub by_reference_only: bool,
    /// What is missing on it.
    pub readiness: Readiness,
}

/// What the operator should know before confirming. None of it forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A device that belongs to a cluster is given by reference: if it is the standby, nothing ends and nothing says so
    /// (documented, Prerequisites). The remedy is to choose the cluster.
    DeviceInCluster {
        /// Machine id.
        device: String,
        /// Name for people.
        name: String,
        /// The cluster to choose instead.
        cluster: String,
    },
    /// A device is not ready.
    NotReady {
        /// Name for people.
        name: String,
        /// What is missing first.
        missing: Missing,
    },
    /// No known device belongs to this access group or cluster; BIG-IQ may know more, or fail the task.
    NobodyIn(String),
    /// The name has blanks before or after it, which are sent with it.
    Padded(String),
    /// The name was given so many times; it is sent once.
    Repeated(String, usize),
    /// The operator's own sessions may end.
    OwnSessions(String),
    /// Everybody's sessions end, on the way to this console too.
    Everybody,
    /// The inventory may lack something.
    Partial(Gap),
    /// The inventory is this old.
    Stale(Duration),
}

/// From what age on an inventory is called stale.
const STALE: Duration = Duration::from_secs(15 * 60);

impl Plan {
    /// Judges a draft.
    ///
    /// # Errors
    /// Everything that keeps it from being a plan, in the order of the form.
    pub fn make(
        draft: &Draft,
        inventory: &Inventory,
        binding: Binding,
        now: Moment,
    ) -> Result<Self, Vec<DraftError>> {
        let users = draft.user_list();
        let mut errors = Vec::new();
        if draft.kind == Kind::Users && users.names.is_empty() {
            errors.push(DraftError::NoUser);
        }
        if draft.target_count() == 0 {
            errors.push(DraftError::NoTarget);
        }
        errors.extend(vanished(draft, inventory));
        if !errors.is_empty() {
            return Err(errors);
        }

        let targets = Targets {
            groups: draft.groups.iter().cloned().collect(),
            clusters: draft.clusters.iter().cloned().collect(),
            devices: draft.devices.iter().map(|id| DeviceReference::of(id)).collect(),
        };
        let reached = reach(draft, inventory);
        let requests: Vec<KillRequest> = match draft.kind {
            Kind::Users => users
                .names
                .iter()
                .map(|name| KillRequest::ByUser {
                    user_name: name.clone(),
                    targets: targets.clone(),
                })
                .collect(),
            Kind::Everybody => vec![KillRequest::All { targets: targets.clone() }],
        };

        let mut warnings = Vec::new();
        match draft.kind {
            Kind::Users => {
                warnings.extend(users.padded.iter().cloned().map(Warning::Padded));
                warnings.extend(
                    users.repeated.iter().map(|(n, times)| Warning::Repeated(n.clone(), *times)),
                );
                let own = users.names.iter().filter(|name| same_person(name, &binding.operator));
                warnings.extend(own.cloned().map(Warning::OwnSessions));
            }
            Kind::Everybody => warnings.push(Warning::Everybody),
        }
        warnings.extend(target_warnings(draft, inventory, &reached));
        warnings.extend(inventory.gaps().iter().copied().map(Warning::Partial));
        let age = now.since(inventory.read_at());
        if age >= STALE {
            warnings.push(Warning::Stale(age));
        }

        let gate = gate(draft.kind, users.names.len(), targets.len());
        Ok(Self {
            binding,
            kind: draft.kind,
            requests,
            targets,
            reached,
            warnings,
            gate,
            reason: draft.reason.trim().to_owned(),
            as_of: inventory.read_at(),
        })
    }

    /// To whom it belongs.
    pub fn binding(&self) -> &Binding {
        &self.binding
    }
    /// Whose sessions end.
    pub fn kind(&self) -> Kind {
        self.kind
    }
    /// The exact requests, in the order they are sent.
    pub fn requests(&self) -> &[KillRequest] {
        &self.requests
    }
    /// The users, in the order of the requests.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.requests.iter().filter_map(KillRequest::user_name)
    }
    /// The targets that every request names.
    pub fn targets(&self) -> &Targets {
        &self.targets
    }
    /// The devices that the targets stood for when the inventory was read. BIG-IQ expands groups itself, later.
    pub fn reached(&self) -> &[Reached] {
        &self.reached
    }
    /// The clusters that are reached, each once, by name.
    pub fn reached_clusters(&self) -> BTreeSet<&str> {
        self.reached.iter().filter_map(|d| d.cluster.as_deref()).collect()
    }
    /// What to beware of.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
    /// What confirming takes.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }
    /// Reason or ticket as the form had it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
    /// When the inventory behind it was read.
    pub fn as_of(&self) -> Moment {
        self.as_of
    }

    /// Confirms the plan if the answer opens its gate. `render` makes the phrase's words.
    ///
    /// # Errors
    /// What the answer lacks; the plan can be tried again.
    pub fn confirm(
        &self,
        answer: &Answer,
        render: impl Fn(&Phrase) -> String,
    ) -> Result<Confirmed, GateError> {
        self.gate.check(answer, render)?;
        let reason = match answer.reason.trim() {
            "" => self.reason.clone(),
            given => given.to_owned(),
        };
        Ok(Confirmed { plan: self.clone(), reason })
    }
}

/// A plan that a person confirmed. There is no other way to make one, and
/// [`start`](Confirmed::start) uses it up.
#[derive(Debug, PartialEq)]
pub struct Confirmed {
    plan: Plan,
    reason: String,
}

impl Confirmed {
    /// To whom it belongs.
    pub fn binding(&self) -> &Binding {
        &self.plan.binding
    }

    /// Reason or ticket.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The facts that all jobs share, and what may be sent, each once.
    pub(crate) fn into_batch(self, id: &str, at: Moment) -> (Batch, Vec<Unsent>) {
        let Plan { binding, kind, requests, targets, reached, as_of, .. } = self.plan;
        let batch = Batch {
            id: id.to_owned(),
            binding,
            reason: self.reason,
            confirmed_at: at,
            kind,
            targets,
            reached,
            as_of,
            items: requests.len(),
        };
        (batch, requests.into_iter().map(|request| Unsent { request }).collect())
    }
}

/// A confirmed request that is about to be sent. Sending takes it, and it can't be copied: so each is sent at most once.
#[derive(Debug, PartialEq, Eq)]
pub struct Unsent {
    request: KillRequest,
}

impl Unsent {
    /// What would be sent.
    pub fn request(&self) -> &KillRequest {
        &self.request
    }
}

fn vanished(draft: &Draft, inventory: &Inventory) -> Vec<DraftError> {
    let groups = draft.groups.iter().filter(|name| inventory.group(name).is_none());
    let clusters = draft.clusters.iter().filter(|name| inventory.cluster(name).is_none());
    let devices = draft.devices.iter().filter(|id| inventory.device(id).is_none());
    groups.chain(clusters).chain(devices).cloned().map(DraftError::Vanished).collect()
}

fn reach(draft: &Draft, inventory: &Inventory) -> Vec<Reached> {
    let through_group =
        |d: &Device| d.group.as_ref().is_some_and(|name| draft.groups.contains(name));
    let through_cluster =
        |d: &Device| d.cluster.as_ref().is_some_and(|name| draft.clusters.contains(name));
    inventory
        .devices()
        .iter()
        .filter_map(|device| {
            let expanded = through_group(device) || through_cluster(device);
            (expanded || draft.devices.contains(&device.id)).then(|| Reached {
                id: device.id.clone(),
                name: device.name.clone(),
                cluster: device.cluster.clone(),
                by_reference_only: !expanded,
                readiness: device.readiness,
            })
        })
        .collect()
}

fn target_warnings(draft: &Draft, inventory: &Inventory, reached: &[Reached]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for device in reached.iter().filter(|d| d.by_reference_only) {
        if let Some(cluster) = &device.cluster {
            warnings.push(Warning::DeviceInCluster {
                device: device.id.clone(),
                name: device.name.clone(),
                cluster: cluster.clone(),
            });
        }
    }
    for device in reached {
        // Import matters only to be reached by group, and who is reached by group is imported.
        match device.readiness.missing() {
            None | Some(Missing::Import) => {}
            Some(missing) => {
                warnings.push(Warning::NotReady { name: device.name.clone(), missing });
            }
        }
    }
    let empty_groups =
        draft.groups.iter().filter(|n| inventory.group(n).is_some_and(|g| g.members.is_empty()));
    warnings.extend(empty_groups.cloned().map(Warning::NobodyIn));
    warnings
}

fn gate(kind: Kind, users: usize, targets: usize) -> Gate {
    match kind {
        Kind::Everybody => Gate::PhraseAndReason(Phrase::Everybody { targets }),
        Kind::Users if users > MANY => Gate::Phrase(Phrase::Users { users, targets }),
        Kind::Users if users > 1 => Gate::Names,
        Kind::Users => Gate::Review,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{binding, draft, inventory};
    use proptest::prelude::*;
    use rstest::rstest;

    fn plan(draft: &Draft) -> Plan {
        Plan::make(draft, &inventory(), binding(), Moment(2_000)).unwrap()
    }

    #[rstest]
    #[case(draft("", &[], &[], &[]), vec![DraftError::NoUser, DraftError::NoTarget])]
    #[case(draft("user2", &[], &[], &[]), vec![DraftError::NoTarget])]
    #[case(draft("user2", &["Gone"], &["Blue"], &["x"]), vec![DraftError::Vanished("Gone".into()), DraftError::Vanished("x".into())])]
    #[case(Draft { kind: Kind::Everybody, ..draft("", &[], &[], &[]) }, vec![DraftError::NoTarget])]
    fn what_is_no_plan(#[case] draft: Draft, #[case] expected: Vec<DraftError>) {
        assert_eq!(Plan::make(&draft, &inventory(), binding(), Moment(0)), Err(expected));
    }

    #[test]
    fn reach_is_the_union_without_doubles() {
        let plan = plan(&draft("user2", &["G2"], &["Blue"], &["blue-a", "fresh"]));
        let names: Vec<_> =
            plan.reached().iter().map(|d| (d.id.as_str(), d.by_reference_only)).collect();
        assert_eq!(names, [("blue-a", false), ("blue-b", false), ("fresh", true), ("lone", false)]);
        assert_eq!(plan.warnings(), []);
        assert_eq!(
            plan.requests()[0].to_json(),
            r#"{"action":"KILL_BY_USER","userName":"user2","accessGroupNames":["G2"],"clusterNames":["Blue"],"deviceReferences":[{"link":"https://localhost/mgmt/cm/system/machineid-resolver/blue-a"},{"link":"https://localhost/mgmt/cm/system/machineid-resolver/fresh"}]}"#
        );
    }

    #[test]
    fn warnings() {
        let odd = draft("EXAMPLE\\Manager\nuser2 \nuser3\nuser3", &["Empty"], &[], &["red-a"]);
        let made = Plan::make(&odd, &inventory(), binding(), Moment(1_000 + 15 * 60_000)).unwrap();
        assert_eq!(
            made.warnings(),
            [
                Warning::Padded("user2 ".into()),
                Warning::Repeated("user3".into(), 2),
                Warning::OwnSessions("EXAMPLE\\Manager".into()),
                Warning::DeviceInCluster {
                    device: "red-a".into(),
                    name: "red-a.example.test".into(),
                    cluster: "Red".into()
                },
                Warning::NobodyIn("Empty".into()),
                Warning::Stale(Duration::from_secs(900)),
            ]
        );
    }

    fn lines(count: usize) -> String {
        (0..count).map(|n| format!("user{n}\n")).collect()
    }

    #[rstest]
    #[case(1, Gate::Review)]
    #[case(2, Gate::Names)]
    #[case(10, Gate::Names)]
    #[case(11, Gate::Phrase(Phrase::Users { users: 11, targets: 2 }))]
    fn the_gate_grows_with_people(#[case] users: usize, #[case] expected: Gate) {
        let plan = plan(&draft(&lines(users), &["G1"], &[], &["lone"]));
        assert_eq!(plan.gate(), &expected);
        assert_eq!(plan.requests().len(), users);
    }

    #[test]
    fn everybody_takes_phrase_and_reason() {
        let plan = plan(&Draft { kind: Kind::Everybody, ..draft("ignored", &["G1"], &[], &[]) });
        assert_eq!(plan.gate(), &Gate::PhraseAndReason(Phrase::Everybody { targets: 1 }));
        assert_eq!(
            plan.requests()[0].to_json(),
            r#"{"action":"KILL_ALL_SESSIONS","accessGroupNames":["G1"]}"#
        );
        assert_eq!(plan.warnings(), [Warning::Everybody]);
        let words = |_: &Phrase| "kill".to_owned();
        assert_eq!(plan.confirm(&Answer::default(), words), Err(GateError::Phrase));
        let answer = Answer { phrase: "kill".into(), reason: " INC-1 ".into() };
        let confirmed = plan.confirm(&answer, words).unwrap();
        assert_eq!(confirmed.reason(), "INC-1");
        assert_eq!(confirmed.start("b", Moment(3_000)).items.len(), 1);
    }

    proptest! {
        /// What the specification's "Common Errors" are about can't come out of a plan.
        #[test]
        fn no_plan_is_refused_by_bigiq(
            users in "[a-z \n]{0,12}",
            everybody: bool,
            groups in prop::collection::btree_set("G1|G2|Empty|Gone", 0..3),
            clusters in prop::collection::btree_set("Blue|Red", 0..2),
            devices in prop::collection::btree_set("blue-a|lone|fresh|none", 0..3),
        ) {
            let kind = if everybody { Kind::Everybody } else { Kind::Users };
            let draft = Draft { kind, users, groups, clusters, devices, reason: String::new() };
            if let Ok(plan) = Plan::make(&draft, &inventory(), binding(), Moment(0)) {
                prop_assert!(!plan.requests().is_empty());
                for request in plan.requests() {
                    prop_assert!(!request.targets().unwrap().is_empty());
                    prop_assert!(request.user_name().is_none_or(|u| !u.trim().is_empty()));
                    let back: KillRequest = serde_json::from_str(&request.to_json()).unwrap();
                    prop_assert_eq!(&back, request);
                }
            }
        }
    }
}
