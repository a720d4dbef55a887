//! Random plans on random estates, sent to the simulator.

use crate::appliance::{BigIq, START, account};
use bigiq::{Call, KillRequest, KillTask, decode};
use curfew_core::ids::SessionId;
use curfew_core::inventory::Inventory;
use curfew_core::plan::{Draft, Kind, Plan, TargetSet};
use curfew_core::timestamp::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeSet, HashSet};

/// What an operator may select and type, as indexes into lists that are known once the inventory is.
#[derive(Debug, Clone)]
struct Choice {
    kind: Kind,
    users: String,
    groups: Vec<Index>,
    clusters: Vec<Index>,
    devices: Vec<Index>,
    sessions: Vec<(Index, String)>,
    apart: Vec<Index>,
}

impl Choice {
    fn draft(&self, inventory: &Inventory) -> Draft {
        let mut draft = Draft { kind: self.kind, users: self.users.clone(), ..Draft::default() };
        let groups = inventory.groups();
        let clusters = inventory.clusters();
        let devices = inventory.devices();
        draft.groups = self.groups.iter().map(|i| i.get(groups).name.clone()).collect();
        draft.clusters = self.clusters.iter().map(|i| i.get(clusters).name.clone()).collect();
        draft.devices = self.devices.iter().map(|i| i.get(devices).id.clone()).collect();
        draft.apart = self.apart.iter().map(|i| i.get(devices).id.clone()).collect();
        for (device, id) in &self.sessions {
            draft.sessions.insert(&device.get(devices).id, &SessionId::new(id.as_str()), None);
        }
        draft
    }
}

prop_compose! {
    fn choice()(
        kind in prop::sample::select(vec![Kind::Users, Kind::Everybody, Kind::Listed]),
        users in prop::collection::vec("user[0-9]{1,2}|[^\u{0}-\u{1f}]{0,8}|\\PC{1,4}|[\"'\\\\{}\\[\\], \t]{1,5}", 0..4),
        groups in prop::collection::vec(any::<Index>(), 0..3),
        clusters in prop::collection::vec(any::<Index>(), 0..3),
        devices in prop::collection::vec(any::<Index>(), 0..4),
        sessions in prop::collection::vec((any::<Index>(), "[0-9a-f]{8}|\\PC{0,6}| {0,2}"), 0..4),
        apart in prop::collection::vec(any::<Index>(), 0..3),
    ) -> Choice {
        Choice { kind, users: users.join("\n"), groups, clusters, devices, sessions, apart }
    }
}

proptest! {
    /// On estates of any size: BIG-IQ accepts every valid plan exactly as planned, and it reaches the planned devices.
    #[test]
    fn a_plan_is_never_refused_and_reaches_what_it_says(
        devices in 0_usize..80,
        seed: u64,
        choices in prop::collection::vec(choice(), 1..6),
    ) {
        let bigiq = BigIq::new(devices, seed);
        let inventory = bigiq.inventory();
        for choice in choices {
            let draft = choice.draft(&inventory);
            let Ok(plan) = Plan::make(&draft, &inventory, account(), Timestamp(START)) else { continue };
            prop_assert!(!plan.requests().is_empty());
            for request in plan.requests() {
                let (status, body) = bigiq.call(&Call::kill(request));
                prop_assert_eq!(status, 200, "{}\n{}", request.to_json(), body);
                let task: KillTask = decode(&body).unwrap();
                prop_assert_eq!(task.action.as_deref(), Some(request.action()));
                prop_assert_eq!(task.user_name.as_deref(), request.user_name());
                // The simulator resolves targets within the first milliseconds.
                bigiq.advance(20);
                let id = task.task_id().unwrap();
                let task: KillTask = bigiq.get(&Call::task(id));
                let resolved: BTreeSet<&str> = task.machine_ids().collect();
                let targets = TargetSet::of(request);
                let said: BTreeSet<&str> = plan
                    .reached()
                    .iter()
                    .filter(|device| targets.hits(device))
                    .map(|device| device.id.as_str())
                    .collect();
                prop_assert_eq!(resolved, said, "{}", request.to_json());
            }
            let sent: HashSet<&KillRequest> = plan.requests().iter().collect();
            prop_assert_eq!(sent.len(), plan.requests().len(), "the same request twice");
        }
    }
}
