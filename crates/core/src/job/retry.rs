//! Turns the unfinished part of a batch into a new draft. It must be planned, shown and confirmed again, because it would
//! also hit users who have signed in since.

use crate::ids::{MachineId, UserName};
use crate::input::UserList;
use crate::job::{Compared, Outcomes, TargetStatus};
use crate::plan::{Batch, Draft, Kind, PlannedDevice};
use crate::sorted::SortedSet;
use bigiq::{KillRequest, Targets};

impl Draft {
    /// A draft of the requests, devices and listed sessions of a batch whose status is `wanted`. `None` if there are none. If
    /// only some devices of a request are wanted, the draft names only those, and whole clusters by name.
    pub fn retry(
        batch: &Batch,
        jobs: &[Compared<'_>],
        wanted: fn(TargetStatus) -> bool,
    ) -> Option<Self> {
        let mut retry = Retry {
            reached: &batch.reached,
            draft: Self { kind: batch.kind, reason: batch.reason.clone(), ..Self::default() },
            users: Vec::new(),
            whole: Vec::new(),
            parts: SortedSet::new(),
            narrowed: false,
        };
        for job in jobs {
            retry.add(*job, batch, wanted);
        }
        retry.draft()
    }
}

struct Retry<'a> {
    /// The devices that the plan reached.
    reached: &'a [PlannedDevice],
    draft: Draft,
    users: Vec<&'a str>,
    /// The targets of the wanted requests.
    whole: Vec<&'a Targets>,
    /// The wanted devices of these requests.
    parts: SortedSet<MachineId>,
    /// Whether only a part of some request is wanted.
    narrowed: bool,
}

impl<'a> Retry<'a> {
    fn add(&mut self, (job, units): Compared<'a>, batch: &Batch, wanted: fn(TargetStatus) -> bool) {
        let outcomes = Outcomes::of(job, batch).compared(units);
        if let KillRequest::Listed { .. } = job.request() {
            for device in &outcomes.devices {
                for session in device.sessions.iter().filter(|session| wanted(session.status)) {
                    self.draft.sessions.insert(&device.id, &session.id, None);
                }
            }
            return;
        }
        let all = outcomes.devices.len();
        // A request that failed without naming a device may have failed on any of them.
        let is_named = outcomes.devices.iter().any(|device| !device.failures.is_empty());
        let may_be_any = wanted(TargetStatus::of(job)) && !is_named;
        let is_left = |status| {
            // guard: verified-is-not-repeated
            let may_be_this = may_be_any && status != TargetStatus::Verified;
            wanted(status) || may_be_this
        };
        let named: Vec<_> = outcomes.devices.iter().filter(|d| is_left(d.status)).collect();
        if named.is_empty() && (all > 0 || !may_be_any) {
            return;
        }
        self.users.extend(job.request().user_name());
        self.whole.extend(job.request().targets());
        self.narrowed |= named.len() < all;
        self.parts.extend(named.iter().map(|device| device.id.clone()));
    }

    fn draft(mut self) -> Option<Draft> {
        match self.draft.kind {
            Kind::Listed => return (!self.draft.sessions.is_empty()).then_some(self.draft),
            Kind::Users | Kind::Everybody if self.whole.is_empty() => return None,
            Kind::Users | Kind::Everybody => {}
        }
        let mut seen = SortedSet::new();
        self.users.retain(|user| seen.insert(*user));
        let users: Vec<UserName> = self.users.into_iter().map(UserName::new).collect();
        (self.draft.users, self.draft.answers) = UserList::written(&users);
        if self.narrowed {
            let parts = self.reached.iter().filter(|device| self.parts.contains(&device.id));
            let (by_cluster, single): (Vec<&PlannedDevice>, Vec<&PlannedDevice>) =
                parts.partition(|device| device.cluster.is_some() && !device.by_reference_only);
            let clusters = by_cluster.into_iter().filter_map(|device| device.cluster.clone());
            self.draft.clusters.extend(clusters);
            self.draft.devices.extend(single.into_iter().map(|device| device.id.clone()));
        } else {
            for targets in self.whole {
                self.draft.groups.extend(targets.groups.iter().cloned());
                self.draft.clusters.extend(targets.clusters.iter().cloned());
                let ids = targets.devices.iter().map(|d| MachineId::new(d.machine_id()));
                self.draft.devices.extend(ids);
            }
        }
        Some(self.draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{
        account, draft, inventory, lost, machine, seen, session, set, snapshot, started, user,
    };
    use crate::job::{
        CheckedSession, CheckedUnit, DeviceFailure, NotSent, Now, Observation, Source, Started,
        TaskSnapshot, Verdict,
    };
    use crate::plan::Plan;
    use crate::timestamp::Timestamp;
    use proptest::prelude::*;
    use rstest::rstest;

    fn not_done(status: TargetStatus) -> bool {
        matches!(status, TargetStatus::Failed | TargetStatus::Untouched)
    }

    fn failure(device: &str, ids: &[&str]) -> DeviceFailure {
        DeviceFailure {
            device: Some(machine(device)),
            failed_ids: ids.iter().map(session).collect(),
            ..DeviceFailure::default()
        }
    }

    #[test]
    fn the_users_that_were_not_sent_on_the_same_targets() {
        let first = draft("a\nb\nc", &["G2"], &["Blue"], &["fresh"]);
        let Started { batch, mut items } = started(&first);
        for place in [0, 2] {
            let dropped = Observation::NotSent(NotSent::Dropped);
            items[place].job.observe(Timestamp(1), Source::Operator, dropped);
        }
        let jobs: Vec<Compared<'_>> = items.iter().map(|started| (&started.job, &[][..])).collect();
        let retry = Draft::retry(&batch, &jobs, not_done);
        let expected =
            Draft { reason: "INC-1".into(), ..draft("a\nc", &["G2"], &["Blue"], &["fresh"]) };
        assert_eq!(retry, Some(expected));
    }

    #[test]
    fn only_the_devices_that_failed() {
        let everybody =
            Draft { kind: Kind::Everybody, ..draft("", &["G1", "G2"], &[], &["fresh"]) };
        let failures = vec![failure("red-a", &[]), failure("fresh", &[])];
        let last = TaskSnapshot { failures, ..snapshot("FINISHED", "DONE", "COMPLETE") };
        let (batch, job) = seen(&everybody, last);
        let retry = Draft::retry(&batch, &[(&job, &[])], not_done).unwrap();
        assert_eq!((retry.groups, retry.clusters), (set(&[]), set(&["Red"])));
        assert_eq!(retry.devices, set(&["fresh"]));
    }

    #[test]
    fn only_the_sessions_that_failed() {
        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        for id in ["1", "2", "3"] {
            listed.sessions.insert(&machine("lone"), &session(id), Some(&user("user2")));
        }
        let failures = vec![failure("lone", &["2"])];
        let last = TaskSnapshot { failures, ..snapshot("FINISHED", "DONE", "COMPLETE") };
        let (batch, job) = seen(&listed, last);
        let retry = Draft::retry(&batch, &[(&job, &[])], not_done).unwrap();
        let sessions: Vec<_> =
            retry.sessions.iter().map(|s| (s.device.as_str(), s.id.as_str())).collect();
        assert_eq!(sessions, [("lone", "2")]);
    }

    #[test]
    fn a_failure_without_a_device_is_retried_as_a_whole() {
        let by_user = draft("user2", &["G1"], &[], &[]);
        let (batch, job) = seen(&by_user, snapshot("FAILED", "KILL", ""));
        let retry = Draft::retry(&batch, &[(&job, &[])], not_done).unwrap();
        assert_eq!((retry.users.as_str(), retry.groups), ("user2", set(&["G1"])));
    }

    fn unit(members: &[&str], gone: usize, remaining: usize) -> CheckedUnit {
        CheckedUnit {
            cluster: None,
            members: members.iter().map(machine).collect(),
            sessions: Vec::new(),
            verdict: Verdict { gone, remaining, ..Verdict::default() },
        }
    }

    /// What is planned again of a request on `Blue`, `red-a` and `lone`, by what was compared.
    #[rstest]
    #[case::nothing_compared(&[], &[], Some("Blue lone red-a"))]
    #[case::all_gone(&[], &[unit(&["blue-a", "blue-b"], 1, 0), unit(&["red-a"], 1, 0), unit(&["lone"], 1, 0)], None)]
    #[case::one_not_read(&[], &[unit(&["blue-a", "blue-b"], 1, 0), unit(&["red-a"], 0, 0)], Some("lone"))]
    #[case::one_still_there(
        &[], &[unit(&["blue-a", "blue-b"], 0, 1), unit(&["red-a"], 1, 0), unit(&["lone"], 0, 0)],
        Some("Blue")
    )]
    #[case::failed_and_still_there(&["lone"], &[unit(&["red-a"], 1, 1)], Some("lone red-a"))]
    #[case::failed_but_gone(&["lone"], &[unit(&["lone"], 1, 0)], None)]
    #[case::failed_and_nothing_seen(&["lone"], &[unit(&["lone"], 0, 0)], Some("lone"))]
    fn what_was_verified_is_not_repeated(
        #[case] failed: &[&str],
        #[case] units: &[CheckedUnit],
        #[case] expected: Option<&str>,
    ) {
        let draft = draft("user2", &[], &["Blue"], &["red-a", "lone"]);
        let failures = failed.iter().map(|id| failure(id, &[])).collect();
        let (batch, job) =
            seen(&draft, TaskSnapshot { failures, ..snapshot("FAILED", "KILL", "") });
        let retry = Draft::retry(&batch, &[(&job, units)], |status| {
            not_done(status) || status == TargetStatus::Remaining
        });
        let planned = retry.map(|retry| {
            let devices = retry.devices.iter().map(MachineId::as_str);
            retry.clusters.iter().map(String::as_str).chain(devices).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(planned.as_deref(), expected);
    }

    #[test]
    fn a_listed_session_that_is_gone_is_not_repeated() {
        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        for id in ["1", "2", "3"] {
            listed.sessions.insert(&machine("lone"), &session(id), Some(&user("user2")));
        }
        let failures = vec![failure("lone", &["1", "2"])];
        let last = TaskSnapshot { failures, ..snapshot("FINISHED", "DONE", "COMPLETE") };
        let (batch, job) = seen(&listed, last);
        let checked = |id, now| CheckedSession { id: session(id), user: user("user2"), now };
        let sessions = vec![checked("1", Now::Gone), checked("3", Now::Remaining)];
        let units = [CheckedUnit { sessions, ..unit(&["lone"], 1, 1) }];
        let retry = Draft::retry(&batch, &[(&job, &units)], |status| {
            not_done(status) || status == TargetStatus::Remaining
        });
        let ids: Vec<_> = retry.iter().flat_map(|retry| retry.sessions.iter()).collect();
        let ids: Vec<_> = ids.iter().map(|session| session.id.as_str()).collect();
        assert_eq!(ids, ["2", "3"]);
    }

    #[test]
    fn what_is_done_or_unknown_is_not_repeated() {
        let by_user = draft("user2", &["G1"], &[], &[]);
        for (batch, job) in [
            seen(&by_user, snapshot("FINISHED", "DONE", "COMPLETE")),
            seen(&by_user, snapshot("STARTED", "KILL", "")),
            lost(&by_user),
        ] {
            assert_eq!(Draft::retry(&batch, &[(&job, &[])], not_done), None);
        }
        let (batch, job) = lost(&by_user);
        assert!(
            Draft::retry(&batch, &[(&job, &[])], |status| status == TargetStatus::Unknown)
                .is_some()
        );
    }

    proptest! {
        /// A retry never reaches more than before, and reaches every device that failed.
        #[test]
        fn a_retry_reaches_what_failed_and_nothing_new(
            groups in prop::collection::btree_set("G1|G2", 0..3),
            clusters in prop::collection::btree_set("Blue|Red", 0..2),
            devices in prop::collection::btree_set("blue-a|lone|fresh", 0..3),
            failed in prop::collection::btree_set("blue-a|blue-b|red-a|lone|fresh", 0..4),
        ) {
            prop_assume!(!(groups.is_empty() && clusters.is_empty() && devices.is_empty()));
            let devices = devices.iter().map(machine).collect();
            let (groups, clusters) = (groups.into_iter().collect(), clusters.into_iter().collect());
            let first = Draft { groups, clusters, devices, ..draft("user2", &[], &[], &[]) };
            let failures = failed.iter().map(|id| failure(id, &[])).collect();
            let (batch, job) = seen(&first, TaskSnapshot { failures, ..snapshot("FINISHED", "DONE", "COMPLETE") });
            let hit: SortedSet<&str> =
                batch.reached.iter().map(|d| d.id.as_str()).filter(|id| failed.contains(*id)).collect();
            let Some(retry) = Draft::retry(&batch, &[(&job, &[])], not_done) else {
                prop_assert!(failed.is_empty());
                return Ok(());
            };
            let plan = Plan::make(&retry, &inventory(), account(), Timestamp(2_000)).unwrap();
            let reached: SortedSet<&str> = plan.reached().iter().map(|d| d.id.as_str()).collect();
            let before: SortedSet<&str> = batch.reached.iter().map(|d| d.id.as_str()).collect();
            prop_assert!(reached.is_subset(&before), "{reached:?}");
            prop_assert!(hit.is_subset(&reached));
        }
    }
}
