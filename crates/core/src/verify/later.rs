//! What is known now about a kill that this tab did not make: from its task in BIG-IQ's list, today's inventory, and what the
//! devices list now. It must not say what was there before the kill: nobody has read it.

use super::baseline::Baseline;
use crate::count::Count;
use crate::ids::{BatchId, MachineId, UserName};
use crate::inventory::{Inventory, Live};
use crate::job::{BigIqTask, Job, Summary};
use crate::plan::{Batch, Draft, Kind, PlanInputs};
use bigiq::{DeviceReference, DeviceSessions, KillRequest};
use std::sync::Arc;

/// What is known now about a kill that this tab did not make.
#[derive(Debug, Clone, PartialEq)]
pub struct Later {
    /// The task as a job.
    pub job: Job,
    /// Its targets, and the devices that they stand for now, with their roles now.
    pub batch: Batch,
    /// How many sessions the same request would end now.
    pub sessions: Count,
    /// The devices whose sessions and roles are needed.
    pub devices: Vec<MachineId>,
}

impl Later {
    /// Of a task. `None` if it does not say whose sessions it ends. `live` must have only what was read now.
    pub fn of(task: &BigIqTask, inventory: &Inventory, live: &Live) -> Option<Self> {
        let mut draft = Draft { kind: task.kind?, ..Draft::default() };
        draft.groups.extend(task.groups.iter().cloned());
        draft.clusters.extend(task.clusters.iter().cloned());
        draft.devices.extend(task.single_devices(Some(inventory)));
        for (device, ids) in &task.sessions {
            for id in ids {
                draft.sessions.insert(device, id, None);
            }
        }
        let inputs = PlanInputs { live: Some(live), ..PlanInputs::from(inventory) };
        let at = task.snapshot.started.unwrap_or_default();
        let mut batch = Batch::of(&draft, inputs, BatchId::new(task.id.as_str()), at);
        let named = draft.devices.iter().chain(draft.sessions.devices());
        let lacks_device = named.into_iter().any(|id| inventory.device(id).is_none());
        let lacks_cluster = draft.clusters.iter().any(|name| inventory.cluster(name).is_none());
        // guard: now-needs-all-devices
        batch.may_reach_more |= lacks_device || lacks_cluster || batch.reached.is_empty();
        let (unsent, job) = task.as_job(request(task, &batch)?);
        let baseline = Baseline::take(&unsent, &batch, live, inventory);
        let sessions = Count::of(baseline.sessions(), !baseline.is_blind());
        let devices = baseline.members().cloned().collect();
        Some(Self { job, batch, sessions, devices })
    }

    /// What it led to, as far as it can be known now.
    pub fn summary(&self) -> Summary {
        Summary::of((&self.job, &[]), &self.batch).with_sessions_now(self.sessions)
    }
}

/// The request of a task.
fn request(task: &BigIqTask, batch: &Batch) -> Option<KillRequest> {
    let targets = Arc::new(batch.targets.clone());
    Some(match batch.kind {
        Kind::Users => {
            KillRequest::ByUser { user_name: task.user.as_ref().map(UserName::to_string)?, targets }
        }
        Kind::Everybody => KillRequest::All { targets },
        Kind::Listed => {
            let sessions = task.sessions.iter().map(|(device, ids)| DeviceSessions {
                device_reference: DeviceReference::of(device.as_str()),
                session_ids: ids.iter().map(|id| id.as_str().into()).collect(),
            });
            KillRequest::Listed { sessions: Arc::new(sessions.collect()) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, machine, reading, set};
    use crate::inventory::HaRole;
    use crate::job::{Conclusion as C, NextStep};
    use crate::timestamp::Timestamp;
    use rstest::rstest;

    /// A task that ended well, with these other members.
    fn task(members: &str) -> BigIqTask {
        let json = format!(
            r#"{{"id":"t1","status":"FINISHED","currentStep":"DONE","result":"COMPLETE","username":"admin",
            "startDateTime":"2016-11-15T12:42:31.294-0800","endDateTime":"2016-11-15T12:42:31.400-0800",{members}}}"#
        );
        BigIqTask::of(&serde_json::from_str(&json).unwrap()).unwrap()
    }

    fn on(devices: &[&str]) -> String {
        let links = devices.iter().map(|id| format!(r#"{{"link":"https://localhost/x/{id}"}}"#));
        format!(r#""deviceReferences":[{}]"#, links.collect::<Vec<_>>().join(","))
    }

    fn by_user(rest: &str) -> BigIqTask {
        task(&format!(r#""action":"KILL_BY_USER","userName":"user2",{rest}"#))
    }

    /// Devices that were read now: `lone:user2 fresh:` has one session of `user2`, with the id 1, and a device without any.
    fn live(readings: &str, roles: &[(&str, HaRole)]) -> Live {
        let mut live = Live::default();
        for (id, user) in readings.split_whitespace().filter_map(|one| one.split_once(':')) {
            let sessions = [("1", user)];
            let read = if user.is_empty() { reading(&[]) } else { reading(&sessions) };
            live.note_reading(&machine(id), read);
        }
        for (id, role) in roles {
            live.note_role(&machine(id), *role, Timestamp(1));
        }
        live
    }

    const STANDBY: &[(&str, HaRole)] = &[("blue-a", HaRole::Active), ("blue-b", HaRole::Standby)];

    #[rstest]
    #[case::not_read(by_user(&on(&["lone"])), "", &[], C::Unproven, None)]
    #[case::none_now(by_user(&on(&["lone"])), "lone:USER2", &[], C::NoneNow, Some(NextStep::SearchEverywhere))]
    #[case::some_now(by_user(&on(&["lone"])), "lone:user2", &[], C::SomeNow, Some(NextStep::Again))]
    #[case::some_at_least(by_user(&on(&["lone", "fresh"])), "lone:user2", &[], C::SomeNow, Some(NextStep::Again))]
    #[case::one_not_read(by_user(&on(&["lone", "fresh"])), "lone:", &[], C::Unproven, None)]
    #[case::device_not_known(by_user(&on(&["lone", "left"])), "lone:", &[], C::Unproven, None)]
    #[case::cluster_not_known(
        by_user(&format!(r#""clusterNames":["Left"],{}"#, on(&["lone"]))), "lone:", &[], C::Unproven, None
    )]
    #[case::only_a_standby(by_user(&on(&["blue-b"])), "", STANDBY, C::OnlyStandby, Some(NextStep::UseClusters))]
    #[case::its_cluster(
        by_user(r#""clusterNames":["Blue"]"#),
        "blue-a:",
        STANDBY,
        C::NoneNow,
        Some(NextStep::SearchEverywhere)
    )]
    #[case::group_without_members(by_user(r#""accessGroupNames":["Empty"]"#), "", &[], C::Unproven, None)]
    #[case::everybody(
        task(&format!(r#""action":"KILL_ALL_SESSIONS",{}"#, on(&["lone"]))), "lone:b", &[],
        C::SomeNow, Some(NextStep::Again)
    )]
    #[case::listed_and_gone(
        task(r#""action":"KILL_BY_LIST_OF_SESSIONS","sessions":[{"deviceReference":{"link":"x/lone"},"sessionIds":["1"]}]"#),
        "lone:", &[], C::NoneNow, Some(NextStep::SearchEverywhere)
    )]
    #[case::listed_and_there(
        task(r#""action":"KILL_BY_LIST_OF_SESSIONS","sessions":[{"deviceReference":{"link":"x/lone"},"sessionIds":["1"]}]"#),
        "lone:user2", &[], C::SomeNow, Some(NextStep::Again)
    )]
    fn a_kill_of_yesterday_says_what_is_there_now(
        #[case] task: BigIqTask,
        #[case] readings: &str,
        #[case] roles: &[(&str, HaRole)],
        #[case] conclusion: C,
        #[case] step: Option<NextStep>,
    ) {
        let later = Later::of(&task, &inventory(), &live(readings, roles)).unwrap();
        let summary = later.summary();
        assert_eq!((summary.conclusion, summary.next_step()), (conclusion, step));
        let draft = summary.draft(&later.batch, &[(&later.job, &[])]);
        let plans = !matches!(step, None | Some(NextStep::SearchEverywhere));
        assert_eq!(draft.is_some(), plans);
    }

    #[test]
    fn the_devices_that_bigiq_named_do_not_become_targets() {
        let task = by_user(&format!(r#""clusterNames":["Blue"],{}"#, on(&["blue-a", "lone"])));
        let later = Later::of(&task, &inventory(), &Live::default()).unwrap();
        assert_eq!(later.batch.targets.clusters, ["Blue"]);
        assert_eq!(later.job.devices(), ["blue-a", "lone"]);
        let single: Vec<_> = later.batch.targets.devices.iter().map(|d| d.machine_id()).collect();
        assert_eq!(single, ["lone"]);
        assert_eq!(later.devices, ["blue-a", "blue-b", "lone"]);
    }

    #[test]
    fn no_device_of_the_targets_was_named() {
        let task = by_user(&format!(r#""accessGroupNames":["G2"],{}"#, on(&["gone"])));
        let later = Later::of(&task, &inventory(), &live("lone:", &[])).unwrap();
        assert_eq!(later.summary().conclusion, C::Skipped);
    }

    #[test]
    fn the_cluster_takes_the_place_of_the_standby() {
        let later =
            Later::of(&by_user(&on(&["blue-b"])), &inventory(), &live("", STANDBY)).unwrap();
        let draft = later.summary().draft(&later.batch, &[(&later.job, &[])]).unwrap();
        assert_eq!((draft.users.as_str(), draft.clusters), ("user2", set(&["Blue"])));
    }

    #[test]
    fn a_failed_kill_keeps_its_state_and_an_unknown_one_has_none() {
        let mut failed = by_user(&on(&["lone"]));
        failed.snapshot.status = Some(bigiq::Status::Failed);
        let later = Later::of(&failed, &inventory(), &live("lone:", &[])).unwrap();
        assert_eq!(later.summary().conclusion, C::Failed);
        assert_eq!(later.summary().next_step(), Some(NextStep::Retry));
        for action in [r#""action":"ODD""#, r#""action":"KILL_BY_USER""#] {
            assert_eq!(Later::of(&task(action), &inventory(), &Live::default()), None);
        }
    }
}
