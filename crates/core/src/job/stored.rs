//! The stored form of a job. What all jobs of a batch have in common is stored once, with the batch: a browser stores only a
//! few megabytes, and a plan may have many users on many devices.

use super::{Event, Job, Observation};
use crate::ids::{JobId, MachineId};
use crate::plan::Batch;
use crate::sorted::SortedSet;
use bigiq::{DeviceReference, DeviceSessions, KillRequest, Targets};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The stored form of a job. The rest is restored from its batch.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredJob {
    id: JobId,
    /// The user, for a kill by user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// The device, if the job kills on a single device that is sent separately. Otherwise it has the batch's other targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    apart: Option<MachineId>,
    /// Listed sessions. No other job of the batch has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sessions: Option<Vec<DeviceSessions>>,
    /// A `Resolved` event without devices stands for those that the plan reached.
    events: Vec<Event>,
}

impl Batch {
    /// The stored form of one of its jobs.
    pub fn to_stored(&self, job: &Job) -> StoredJob {
        let mut events = job.events.clone();
        for event in &mut events {
            if let Observation::Resolved(devices) = &mut event.what
                && devices.len() == self.reached.len()
                && *devices == self.reached_ids()
            {
                devices.clear();
            }
        }
        StoredJob {
            id: job.id.clone(),
            user: job.request.user_name().map(str::to_owned),
            apart: job.request.targets().and_then(|targets| self.apart(targets)),
            sessions: match &job.request {
                KillRequest::Listed { sessions } => Some(sessions.to_vec()),
                KillRequest::ByUser { .. } | KillRequest::All { .. } => None,
            },
            events,
        }
    }

    /// Restores its jobs. They share their targets, like jobs that have just been confirmed.
    pub fn restore(&self, stored: impl IntoIterator<Item = StoredJob>) -> Vec<Job> {
        let together = Arc::new(self.together());
        let all = self.reached_ids();
        let job = |stored: StoredJob| {
            let targets = match stored.apart {
                None => Arc::clone(&together),
                Some(id) => Arc::new(Targets {
                    devices: vec![DeviceReference::of(id.as_str())],
                    ..Targets::default()
                }),
            };
            let request = match (stored.sessions, stored.user) {
                (Some(sessions), _) => KillRequest::Listed { sessions: Arc::new(sessions) },
                (None, Some(user_name)) => KillRequest::ByUser { user_name, targets },
                (None, None) => KillRequest::All { targets },
            };
            let mut events = stored.events;
            for event in &mut events {
                if let Observation::Resolved(devices) = &mut event.what
                    && devices.is_empty()
                {
                    devices.clone_from(&all);
                }
            }
            Job::restored(stored.id, self.id.clone(), request, events)
        };
        stored.into_iter().map(job).collect()
    }

    /// The machine ids that the plan reached, sorted.
    fn reached_ids(&self) -> Vec<MachineId> {
        let ids: SortedSet<&MachineId> =
            SortedSet::from_iter(self.reached.iter().map(|device| &device.id));
        ids.into_iter().cloned().collect()
    }

    /// The device of these targets, if it is sent separately.
    fn apart(&self, targets: &Targets) -> Option<MachineId> {
        let [only] = targets.devices.as_slice() else { return None };
        let id = only.machine_id();
        self.reached
            .iter()
            .any(|device| device.apart && device.id == id)
            .then(|| MachineId::new(id))
    }

    /// The targets without the devices that are sent separately.
    fn together(&self) -> Targets {
        let apart = self.reached.iter().filter(|device| device.apart);
        let apart: SortedSet<&str> = SortedSet::from_iter(apart.map(|device| device.id.as_str()));
        let mut targets = self.targets.clone();
        targets.devices.retain(|device| !apart.contains(device.machine_id()));
        targets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{
        account, batch_id, draft, inventory, machine, machines, session, snapshot, started, wire,
    };
    use crate::inventory::DeviceList;
    use crate::job::{Source, Started, StartedJob};
    use crate::plan::{Answer, Draft, Kind, Plan};
    use crate::timestamp::Timestamp;
    use proptest::prelude::*;

    fn round_trip<T: Serialize + serde::de::DeserializeOwned>(value: &T) -> (T, usize) {
        let text = serde_json::to_string(value).unwrap();
        (serde_json::from_str(&text).unwrap(), text.len())
    }

    /// Stores and restores a batch with its jobs. Returns the jobs and the stored size.
    fn stored_and_restored(batch: &Batch, jobs: &[Job]) -> (Vec<Job>, usize) {
        let (back, mut size) = round_trip(batch);
        assert_eq!(&back, batch);
        let stored = jobs.iter().map(|job| {
            let (stored, length) = round_trip(&batch.to_stored(job));
            size += length;
            stored
        });
        let stored: Vec<StoredJob> = stored.collect();
        (back.restore(stored), size)
    }

    /// A browser stores about five million characters per tab, for all its batches.
    #[test]
    fn many_users_on_many_devices_take_little_storage() {
        let id = |n: usize| format!("{n:08x}-f405-489f-9996-54f7b21da642");
        let devices = (0..100).map(|n| wire(&id(n), &format!("cluster-{}", n / 2), "branch"));
        let inventory = DeviceList::of(devices).inventory(&[], vec![], Timestamp(1_000));
        let users: String = (0..500).map(|n| format!("EXAMPLE\\user-{n}\n")).collect();
        let draft = Draft {
            devices: (0..100).map(id).map(machine).collect(),
            ..draft(&users, &["branch"], &[], &[])
        };
        let plan = Plan::make(&draft, &inventory, account(), Timestamp(2_000)).unwrap();
        let answer = Answer { phrase: "yes".into(), reason: "INC-1".into() };
        let confirmed = plan.confirm(&answer, |_| "yes".to_owned()).unwrap();
        let Started { batch, items } = confirmed.start(&batch_id("b1"), Timestamp(10_000));
        let jobs: Vec<Job> = items
            .into_iter()
            .map(|StartedJob { mut job, queued }| {
                job.start_sending(Timestamp(20_000), queued).unwrap();
                let accepted = Observation::Accepted(snapshot("STARTED", "", ""));
                job.observe(Timestamp(20_100), Source::Answer, accepted);
                for (at, status, step) in
                    [(20_400, "STARTED", "KILL"), (21_000, "FINISHED", "DONE")]
                {
                    let seen = snapshot(status, step, "COMPLETE");
                    let seen = super::super::TaskSnapshot {
                        devices: (0..100).map(id).map(machine).collect(),
                        ..seen
                    };
                    job.observe(Timestamp(at), Source::Poll, Observation::Seen(seen));
                }
                job
            })
            .collect();
        assert_eq!((batch.reached.len(), jobs.len()), (100, 500));
        let (back, size) = stored_and_restored(&batch, &jobs);
        assert!(back == jobs);
        assert!(size < 1_000_000, "{size}");
    }

    #[test]
    fn resolved_devices_are_not_stored_if_they_are_the_plans() {
        let Started { batch, mut items } = started(&draft("user2", &["G1"], &[], &[]));
        let StartedJob { mut job, queued } = items.remove(0);
        job.start_sending(Timestamp(20), queued).unwrap();
        let named = |devices: &[&str]| super::super::TaskSnapshot {
            devices: machines(devices),
            ..snapshot("STARTED", "KILL", "")
        };
        job.observe(Timestamp(30), Source::Answer, Observation::Accepted(named(&["red-a"])));
        job.observe(
            Timestamp(40),
            Source::Poll,
            Observation::Seen(named(&["red-a", "blue-b", "blue-a"])),
        );
        let text = serde_json::to_string(&batch.to_stored(&job)).unwrap();
        assert!(text.contains("red-a") && !text.contains("blue"), "{text}");
        assert_eq!(stored_and_restored(&batch, &[job.clone()]).0, [job]);
    }

    proptest! {
        /// From plan to stored form and back: the exact requests and all observations.
        #[test]
        fn a_stored_batch_is_restored_completely(
            users in "[a-z \n]{1,12}",
            kind in prop::sample::select(vec![Kind::Users, Kind::Everybody, Kind::Listed]),
            groups in prop::collection::btree_set("G1|G2|Empty", 0..3),
            clusters in prop::collection::btree_set("Blue|Red", 0..2),
            devices in prop::collection::btree_set("blue-a|blue-b|lone|fresh", 0..4),
            apart in prop::collection::btree_set("blue-a|lone|fresh", 0..3),
            chosen in prop::collection::vec(("blue-a|lone", "[0-9]{1,2}"), 0..4),
            seen in prop::collection::vec("blue-a|blue-b|red-a|lone|fresh|other", 0..5),
        ) {
            let (devices, apart) =
                (devices.iter().map(machine).collect(), apart.iter().map(machine).collect());
            let (groups, clusters) = (groups.into_iter().collect(), clusters.into_iter().collect());
            let mut draft = Draft { kind, users, groups, clusters, devices, apart, ..Draft::default() };
            for (device, id) in &chosen {
                draft.sessions.insert(&machine(device), &session(id), None);
            }
            prop_assume!(Plan::make(&draft, &inventory(), account(), Timestamp(0)).is_ok());
            let Started { batch, items } = started(&draft);
            let jobs: Vec<Job> = items.into_iter().map(|StartedJob { mut job, queued }| {
                job.start_sending(Timestamp(20), queued).unwrap();
                let snapshot = super::super::TaskSnapshot { devices: machines(&seen), ..snapshot("STARTED", "KILL", "") };
                job.observe(Timestamp(30), Source::Answer, Observation::Accepted(snapshot));
                job
            }).collect();
            let (back, _) = stored_and_restored(&batch, &jobs);
            for (back, job) in back.iter().zip(&jobs) {
                prop_assert_eq!(back.request().to_json(), job.request().to_json());
            }
            prop_assert_eq!(back, jobs);
        }
    }
}
