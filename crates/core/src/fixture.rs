//! Test data: a small estate, and jobs in each phase.

use crate::app::AccountKey;
use crate::ids::{BatchId, MachineId, SessionId, TaskId, UserName};
use crate::inventory::{DeviceList, Inventory, Reading};
use crate::job::{Failure, Job, Observation, Source, Started, StartedJob, TaskSnapshot};
use crate::plan::{Answer, Batch, Confirmed, Draft, Plan};
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use bigiq::access_info::{AccessInfo, LiveSession};
use bigiq::device::{AccessDevice, AccessGroup, AccessProperties};
use bigiq::{Status, Step, TaskResult};

/// A ready device. An empty name means no cluster or group.
pub(crate) fn wire(id: &str, cluster: &str, group: &str) -> AccessDevice<'static> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned().into());
    AccessDevice {
        machine_id: some(id),
        hostname: Some(format!("{id}.example.test").into()),
        state: some("ACTIVE"),
        properties: AccessProperties {
            discovered: Some(true),
            imported: Some(!group.is_empty()),
            cluster_name: some(cluster),
            access_group_name: some(group),
        },
        ..AccessDevice::default()
    }
}

/// Two clusters, of which one has both members listed, two standalone devices and an empty group.
pub(crate) fn inventory() -> Inventory {
    let devices = [
        wire("blue-a", "Blue", "G1"),
        wire("blue-b", "Blue", "G1"),
        wire("red-a", "Red", "G1"),
        wire("lone", "", "G2"),
        wire("fresh", "", ""),
    ];
    let empty = AccessGroup { group_name: Some("Empty".into()), display_name: None };
    DeviceList::of(devices).inventory(&[empty], vec![], Timestamp(1_000))
}

pub(crate) fn account() -> AccountKey {
    AccountKey { bigiq: "east".into(), operator: "manager".into() }
}

pub(crate) fn set<T: for<'a> From<&'a str> + Ord>(names: &[&str]) -> SortedSet<T> {
    names.iter().map(|name| T::from(name)).collect()
}

/// Machine ids.
pub(crate) fn machines(ids: &[impl AsRef<str>]) -> Vec<MachineId> {
    ids.iter().map(machine).collect()
}

/// A task id.
pub(crate) fn task_id(id: impl AsRef<str>) -> TaskId {
    TaskId::new(id.as_ref())
}

/// A batch id.
pub(crate) fn batch_id(id: impl AsRef<str>) -> BatchId {
    BatchId::new(id.as_ref())
}

/// A session id.
pub(crate) fn session(id: impl AsRef<str>) -> SessionId {
    SessionId::new(id.as_ref())
}

/// A user name.
pub(crate) fn user(name: impl AsRef<str>) -> UserName {
    UserName::new(name.as_ref())
}

/// A machine id.
pub(crate) fn machine(id: impl AsRef<str>) -> MachineId {
    MachineId::new(id.as_ref())
}

/// A draft that kills the sessions of users.
pub(crate) fn draft(users: &str, groups: &[&str], clusters: &[&str], devices: &[&str]) -> Draft {
    Draft {
        users: users.to_owned(),
        groups: set(groups),
        clusters: set(clusters),
        devices: set(devices),
        ..Draft::default()
    }
}

/// The draft's plan, confirmed with whatever its gate requires.
pub(crate) fn confirmed(draft: &Draft) -> Confirmed {
    let plan = Plan::make(draft, &inventory(), account(), Timestamp(2_000)).unwrap();
    let answer = Answer { phrase: "yes".into(), reason: "INC-1".into() };
    plan.confirm(&answer, |_| "yes".to_owned()).unwrap()
}

/// The same, started.
pub(crate) fn started(draft: &Draft) -> Started {
    confirmed(draft).start(&batch_id("b1"), Timestamp(10_000))
}

/// The draft's only job, whose sending started at 20 s.
pub(crate) fn sending(draft: &Draft) -> (Batch, Job) {
    let Started { batch, mut items } = started(draft);
    let StartedJob { mut job, queued } = items.remove(0);
    job.start_sending(Timestamp(20_000), queued).unwrap();
    (batch, job)
}

/// The same job, accepted as task `t1`, with this latest snapshot.
pub(crate) fn seen(draft: &Draft, last: TaskSnapshot) -> (Batch, Job) {
    let (batch, mut job) = sending(draft);
    job.observe(
        Timestamp(20_100),
        Source::Answer,
        Observation::Accepted(snapshot("STARTED", "", "")),
    );
    job.observe(Timestamp(20_500), Source::Poll, Observation::Seen(last));
    (batch, job)
}

/// The same job, whose answer was lost.
pub(crate) fn lost(draft: &Draft) -> (Batch, Job) {
    let (batch, mut job) = sending(draft);
    job.observe(Timestamp(21_000), Source::Answer, Observation::Lost(Failure::NoAnswer));
    (batch, job)
}

/// A snapshot of task `t1`. Empty words mean absent fields.
pub(crate) fn snapshot(status: &str, step: &str, result: &str) -> TaskSnapshot {
    let some = |word: &str| (!word.is_empty()).then(|| word.to_owned());
    TaskSnapshot {
        task: Some("t1".into()),
        status: some(status).map(|w| Status::parse(&w)),
        step: some(step).map(|w| Step::parse(&w)),
        result: some(result).map(|w| TaskResult::parse(&w)),
        ..TaskSnapshot::default()
    }
}

/// A complete reading of these sessions (id and user).
pub(crate) fn reading(sessions: &[(&str, &str)]) -> Reading {
    reading_at(1_000, sessions)
}

/// The same, read at `at`.
pub(crate) fn reading_at(at: i64, sessions: &[(&str, &str)]) -> Reading {
    let all: Vec<_> = sessions.iter().map(|(id, user)| (*id, *user, "")).collect();
    whole(at, &all)
}

/// The same, with start times; read at `at`.
pub(crate) fn dated_at(at: i64, sessions: &[(&str, &str, &str)]) -> Reading {
    whole(at, sessions)
}

/// The same, with start times.
pub(crate) fn dated(sessions: &[(&str, &str, &str)]) -> Reading {
    whole(1_000, sessions)
}

fn whole(at: i64, sessions: &[(&str, &str, &str)]) -> Reading {
    let session = |(id, user, since): &(&str, &str, &str)| LiveSession {
        id: (*id).to_owned(),
        user: Some((*user).to_owned()),
        client_ip: None,
        started: (!since.is_empty()).then(|| (*since).to_owned()),
    };
    let entries = Some(sessions.iter().map(session).collect());
    Reading::of(AccessInfo { entries }, usize::MAX, Timestamp(at)).unwrap()
}
