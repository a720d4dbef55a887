//! What the tests share: a small estate, and jobs at any point of their way. It must not test anything itself.

use crate::app::AccountKey;
use crate::inventory::{DeviceList, Inventory, Reading};
use crate::job::{Failure, Job, Observation, Source, Started, TaskSnapshot};
use crate::plan::{Answer, Batch, Draft, Plan};
use crate::timestamp::Timestamp;
use bigiq::access_info::{AccessInfo, LiveSession};
use bigiq::device::{AccessDevice, AccessGroup, AccessProperties};
use bigiq::{Status, Step, TaskResult};
use std::collections::BTreeSet;

/// A ready device; no cluster or group where the name is empty.
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

/// Two clusters, one of them seen whole, two devices of their own, an empty group.
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

pub(crate) fn binding() -> AccountKey {
    AccountKey { bigiq: "east".into(), operator: "manager".into() }
}

pub(crate) fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// A draft of a kill by user.
pub(crate) fn draft(users: &str, groups: &[&str], clusters: &[&str], devices: &[&str]) -> Draft {
    Draft {
        users: users.to_owned(),
        groups: set(groups),
        clusters: set(clusters),
        devices: set(devices),
        ..Draft::default()
    }
}

/// The draft's plan, confirmed whatever its gate asks.
pub(crate) fn started(draft: &Draft) -> Started {
    let plan = Plan::make(draft, &inventory(), binding(), Timestamp(2_000)).unwrap();
    let answer = Answer { phrase: "yes".into(), reason: "INC-1".into() };
    plan.confirm(&answer, |_| "yes".to_owned()).unwrap().start("b1", Timestamp(10_000))
}

/// The draft's only job, being sent since 20 s.
pub(crate) fn sending(draft: &Draft) -> (Batch, Job) {
    let Started { batch, mut items } = started(draft);
    let (mut job, waiting) = items.remove(0);
    job.begin(Timestamp(20_000), waiting).unwrap();
    (batch, job)
}

/// The same, accepted as task `t1` and last seen so.
pub(crate) fn seen(draft: &Draft, last: TaskSnapshot) -> (Batch, Job) {
    let (batch, mut job) = sending(draft);
    job.observe(Timestamp(20_100), Source::Answer, Observation::Accepted(sight("STARTED", "", "")));
    job.observe(Timestamp(20_500), Source::Poll, Observation::Seen(last));
    (batch, job)
}

/// The same, of which no answer came.
pub(crate) fn lost(draft: &Draft) -> (Batch, Job) {
    let (batch, mut job) = sending(draft);
    job.observe(Timestamp(21_000), Source::Answer, Observation::Lost(Failure::NoAnswer));
    (batch, job)
}

/// A look at task `t1`; empty words are absent ones.
pub(crate) fn sight(status: &str, step: &str, result: &str) -> TaskSnapshot {
    let some = |word: &str| (!word.is_empty()).then(|| word.to_owned());
    TaskSnapshot {
        task: Some("t1".into()),
        status: some(status).map(|w| Status::parse(&w)),
        step: some(step).map(|w| Step::parse(&w)),
        result: some(result).map(|w| TaskResult::parse(&w)),
        ..TaskSnapshot::default()
    }
}

/// A complete reading of these sessions, as id and user.
pub(crate) fn reading(sessions: &[(&str, &str)]) -> Reading {
    reading_at(1_000, sessions)
}

/// The same, read at a time.
pub(crate) fn reading_at(at: i64, sessions: &[(&str, &str)]) -> Reading {
    let all: Vec<_> = sessions.iter().map(|(id, user)| (*id, *user, "")).collect();
    whole(at, &all)
}

/// The same, with begins.
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
