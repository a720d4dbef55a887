//! The target "everywhere", and which devices a choice of targets does not cover.

use super::PlannedDevice;
use crate::ids::MachineId;
use crate::inventory::{Device, Inventory, Missing};
use crate::plan::{Draft, Kind, Warning};
use crate::sorted::SortedSet;
use std::borrow::Cow;

impl Draft {
    /// The same draft with the targets that "everywhere" stands for.
    pub(super) fn resolved(&self, inventory: &Inventory) -> Cow<'_, Self> {
        if !self.is_everywhere() {
            return Cow::Borrowed(self);
        }
        let mut draft = self.clone();
        draft.name_everywhere(inventory);
        Cow::Owned(draft)
    }

    /// Replaces "everywhere" by what it stands for: all clusters by name, and all other devices of the Access module by
    /// reference. A device that BIG-IQ does not trust, or whose Access module is not discovered, is left out: BIG-IQ can't end
    /// sessions on it (documented, sections 1.1 and 1.2). A device about which this is not known is included.
    pub(super) fn name_everywhere(&mut self, inventory: &Inventory) {
        if !self.is_everywhere() {
            return;
        }
        self.everywhere = false;
        self.groups = SortedSet::new();
        self.clusters = inventory.clusters().iter().map(|cluster| cluster.name.clone()).collect();
        let single = inventory.devices().iter().filter(|device| device.cluster.is_none());
        // guard: everywhere-fits
        let fitting = single.filter(|device| obstacle(device).is_none());
        self.devices = fitting.map(|device| device.id.clone()).collect();
    }

    /// Whether the sessions are killed everywhere. Listed sessions have their own devices.
    pub fn is_everywhere(&self) -> bool {
        self.everywhere && self.kind != Kind::Listed
    }

    /// Whether the operator could think that the targets cover every device.
    fn seems_complete(&self, inventory: &Inventory) -> bool {
        let all_of = |names: &SortedSet<String>, count: usize| count > 0 && names.len() == count;
        self.kind != Kind::Listed
            && (self.everywhere
                || all_of(&self.groups, inventory.groups().len())
                || all_of(&self.clusters, inventory.clusters().len()))
    }

    /// The devices that the targets do not cover, if the operator could think that they cover all. Those that can't be reached
    /// anyway are named only for "everywhere".
    pub(super) fn uncovered(
        &self,
        inventory: &Inventory,
        reached: &[PlannedDevice],
    ) -> Vec<Warning> {
        if !self.seems_complete(inventory) {
            return Vec::new();
        }
        let reached: SortedSet<&MachineId> = SortedSet::from_iter(reached.iter().map(|d| &d.id));
        let rest = inventory.devices().iter().filter(|device| !reached.contains(&device.id));
        // guard: uncovered-named
        let uncovered = rest.filter(|device| self.everywhere || obstacle(device).is_none());
        uncovered
            .map(|device| Warning::NotCovered {
                device: device.id.clone(),
                name: device.name.clone(),
                obstacle: obstacle(device),
            })
            .collect()
    }
}

/// Why a request must not name a device.
fn obstacle(device: &Device) -> Option<Missing> {
    let missing = device.readiness.missing();
    missing.filter(|missing| matches!(missing, Missing::Trust | Missing::Discovery))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::Count;
    use crate::fixture::{account, draft, inventory, machine, set, wire};
    use crate::inventory::{DeviceList, Gap};
    use crate::plan::Plan;
    use crate::timestamp::Timestamp;
    use rstest::rstest;

    fn everywhere() -> Draft {
        Draft { everywhere: true, ..draft("user2", &[], &[], &[]) }
    }

    fn plan(draft: &Draft, inventory: &Inventory) -> Plan {
        Plan::make(draft, inventory, account(), Timestamp(2_000)).unwrap()
    }

    /// The fixture's estate and a device without the Access module.
    fn with_undiscovered() -> Inventory {
        let mut undiscovered = wire("new", "", "");
        undiscovered.properties.discovered = Some(false);
        inventory().with(DeviceList::of([undiscovered]))
    }

    fn uncovered(plan: &Plan) -> Vec<(&str, Option<Missing>)> {
        let of = |warning: &'_ Warning| match warning {
            Warning::NotCovered { device, obstacle, .. } => Some((device.clone(), *obstacle)),
            _ => None,
        };
        let found: Vec<_> = plan.warnings().iter().filter_map(of).collect();
        found.into_iter().map(|(device, missing)| (leak(&device), missing)).collect()
    }

    fn leak(id: &MachineId) -> &'static str {
        Box::leak(id.to_string().into_boxed_str())
    }

    #[test]
    fn clusters_by_name_and_other_devices_by_reference() {
        let plan = plan(&everywhere(), &with_undiscovered());
        let [only] = plan.requests() else { panic!("one request") };
        let targets = only.targets().unwrap();
        assert!(targets.groups.is_empty());
        assert_eq!(targets.clusters, ["Blue", "Red"]);
        let devices: Vec<_> = targets.devices.iter().map(|d| d.machine_id()).collect();
        assert_eq!(devices, ["fresh", "lone"]);
        assert_eq!(plan.reached().len(), 5);
        assert_eq!(plan.device_count(), Count::Exactly(5));
        assert_eq!(uncovered(&plan), [("new", Some(Missing::Discovery))]);
    }

    #[test]
    fn other_selected_targets_change_nothing() {
        let selected = Draft { everywhere: true, ..draft("user2", &["G1"], &[], &["new"]) };
        assert_eq!(
            plan(&selected, &with_undiscovered()).requests(),
            plan(&everywhere(), &with_undiscovered()).requests()
        );
    }

    #[test]
    fn devices_that_may_not_be_listed_are_not_counted_as_none() {
        let lone = DeviceList::of([wire("lone", "", "")]);
        let inventory = lone.inventory(&[], vec![Gap::Devices], Timestamp(1_000));
        assert_eq!(plan(&everywhere(), &inventory).device_count(), Count::AtLeast(1));
        let selected = draft("user2", &[], &[], &["lone"]);
        assert_eq!(plan(&selected, &inventory).device_count(), Count::Exactly(1));
    }

    #[test]
    fn an_empty_inventory_has_no_target() {
        let inventory = DeviceList::default().inventory(&[], Vec::new(), Timestamp(1_000));
        let errors =
            Plan::make(&everywhere(), &inventory, account(), Timestamp(2_000)).unwrap_err();
        assert_eq!(errors, [crate::plan::DraftError::NoTarget]);
    }

    #[rstest]
    #[case::some_groups(draft("u", &["G1"], &[], &[]), &[])]
    #[case::all_groups(draft("u", &["Empty", "G1", "G2"], &[], &[]), &["fresh"])]
    #[case::all_groups_and_the_rest(draft("u", &["Empty", "G1", "G2"], &[], &["fresh"]), &[])]
    #[case::all_clusters(draft("u", &[], &["Blue", "Red"], &[]), &["fresh", "lone"])]
    #[case::one_device(draft("u", &[], &[], &["lone"]), &[])]
    fn a_choice_that_seems_complete(#[case] draft: Draft, #[case] expected: &[&str]) {
        let expected: Vec<_> = expected.iter().map(|name| (*name, None)).collect();
        assert_eq!(uncovered(&plan(&draft, &with_undiscovered())), expected);
    }

    #[test]
    fn without_a_device_the_others_are_selected() {
        let mut left_out = everywhere();
        left_out.leave_out(&set(&["blue-a"]), &with_undiscovered());
        assert!(!left_out.everywhere);
        assert_eq!(left_out.clusters, set(&["Red"]));
        assert_eq!(left_out.devices, set(&["blue-b", "fresh", "lone"]));
    }

    #[test]
    fn a_single_device_is_sent_separately_and_a_member_no_longer_by_its_cluster() {
        let mut apart = everywhere();
        apart.send_apart(&set(&["lone"]), &inventory());
        assert!(apart.everywhere, "the choice stays");
        let plan = plan(&apart, &inventory());
        assert_eq!(plan.requests().len(), 2);
        assert_eq!(plan.reached().iter().filter(|device| device.apart).count(), 1);

        let mut member = everywhere();
        member.send_apart(&set(&["blue-a"]), &inventory());
        assert!(!member.everywhere);
        assert!(member.devices.contains(&machine("blue-a")));
    }

    #[test]
    fn listed_sessions_have_their_own_devices() {
        let mut listed = Draft { kind: Kind::Listed, ..everywhere() };
        listed.sessions.insert(&machine("lone"), &"1".into(), None);
        let plan = plan(&listed, &inventory());
        assert_eq!(plan.reached().len(), 1);
        assert_eq!(uncovered(&plan), []);
    }
}
