//! Stored batches and jobs, and what a tab knows of the time before each kill.

use crate::json;
use bigiq::KillTask;
use bigiq::access_info::{AccessInfo, LiveSession};
use curfew_core::app::SERVICE_ACCOUNT;
use curfew_core::engine::{SeenTasks, TaskPage, TaskSearch};
use curfew_core::ids::MachineId;
use curfew_core::inventory::{HaRole, Live, Reading};
use curfew_core::job::{Job, Observation, StoredJob};
use curfew_core::plan::{Batch, Kind, PlannedDevice};
use curfew_core::timestamp::Timestamp;
use curfew_core::verify::{Baseline, Check};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// When the first of the batches was confirmed.
const CONFIRMED: i64 = 1_795_399_927_120;

/// The text that the tab stored under a key.
fn stored(key: &str) -> String {
    json::<BTreeMap<String, String>>("session-storage.json").remove(key).unwrap()
}

fn batch(id: &str) -> Batch {
    serde_json::from_str(&stored(&["curfew:batch:", id].concat())).unwrap()
}

/// A batch with its jobs, read as the app reads them after a reload.
pub(crate) fn restored(id: &str) -> (Batch, Vec<Job>) {
    let batch = batch(id);
    let jobs = (1..=batch.items).map(|number| {
        let text = stored(&format!("curfew:job:{id}.{number}"));
        serde_json::from_str::<StoredJob>(&text).unwrap()
    });
    let jobs = batch.restore(jobs);
    assert_eq!(jobs.len(), batch.items);
    (batch, jobs)
}

fn baseline(job: &str) -> Baseline {
    serde_json::from_str(&stored(&["curfew:baseline:", job].concat())).unwrap()
}

/// The sessions of the second batch's devices after the kill: one is left, and one is new.
fn later() -> Live {
    let mut live = Live::default();
    for (device, ids) in [("blue-a", &["0b"][..]), ("blue-b", &["0b", "1a"]), ("lone", &[])] {
        let session = |id: &&str| LiveSession {
            id: (*id).to_owned(),
            user: Some("user2".to_owned()),
            client_ip: None,
            started: None,
        };
        let info = AccessInfo { entries: Some(ids.iter().map(session).collect()) };
        let reading = Reading::of(info, usize::MAX, Timestamp(CONFIRMED + 120_000)).unwrap();
        live.note_reading(&MachineId::new(device), reading);
    }
    live
}

/// The verification of a job of the second batch.
pub(crate) fn check(job: &Job) -> Check {
    baseline(&job.id().to_string()).check(job, &later()).unwrap()
}

/// The bodies of a batch's requests.
fn requests(id: &str) -> Vec<Value> {
    let (_, jobs) = restored(id);
    jobs.iter().map(|job| serde_json::from_str(&job.request().to_json()).unwrap()).collect()
}

fn reference(device: &str) -> Value {
    json!({"link": format!("https://localhost/mgmt/cm/system/machineid-resolver/{device}")})
}

#[test]
fn a_batch_keeps_its_facts() {
    let batch = batch("19e5c2e-ffff");
    assert_eq!((batch.account.bigiq.as_str(), batch.account.operator.as_str()), ("", "manager"));
    assert_eq!((batch.kind, batch.items), (Kind::Users, 2));
    assert_eq!(batch.confirmed_at, Timestamp(CONFIRMED + 100_000));
    assert_eq!(batch.as_of, Timestamp(1_000));
    let devices: Vec<_> = batch.reached.iter().map(|device| device.id.to_string()).collect();
    assert_eq!(devices, ["blue-a", "blue-b", "fresh", "lone"]);
    let roles: Vec<_> = batch.reached.iter().map(|device| device.role).collect();
    assert_eq!(roles, [HaRole::Active, HaRole::Standby, HaRole::Active, HaRole::Active]);
    let names = |of: &dyn Fn(&PlannedDevice) -> bool| -> Vec<&str> {
        batch.reached.iter().filter(|d| of(d)).map(|d| d.name.as_str()).collect()
    };
    let (lone, fresh) = ("lone.example.test", "fresh.example.test");
    assert_eq!(names(&|device| device.apart), [fresh]);
    assert_eq!(names(&|device| device.by_reference_only), [fresh, lone]);
    assert_eq!(names(&|device| !device.readiness.imported), [fresh]);
    let blue = ["blue-a.example.test", "blue-b.example.test"];
    assert_eq!(names(&|device| device.cluster.as_deref() == Some("Blue")), blue);
    assert_eq!(names(&|device| device.group.as_deref() == Some("G2")), [lone]);
}

#[test]
fn every_kind_of_batch_is_read() {
    let of = |id| {
        let batch = batch(id);
        (batch.kind, batch.reason, batch.account.operator)
    };
    let expected =
        |kind, reason: &str, operator: &str| (kind, reason.to_owned(), operator.to_owned());
    let reason = "INC-4711, \"lost\" laptop; Zürich";
    assert_eq!(of("19e5c2d-0a1b"), expected(Kind::Users, reason, "manager"));
    assert_eq!(of("19e5c2f-0000"), expected(Kind::Everybody, "drill", SERVICE_ACCOUNT));
    assert_eq!(of("19e5c30-00a0"), expected(Kind::Listed, "CHG-1", "manager"));
}

#[test]
fn the_requests_are_those_that_were_confirmed() {
    let first = requests("19e5c2d-0a1b");
    assert_eq!(first.len(), 17);
    for (request, number) in first.iter().zip(1..) {
        assert_eq!(
            *request,
            json!({
                "action": "KILL_BY_USER",
                "userName": format!("EXAMPLE\\user{number}"),
                "accessGroupNames": ["G1"],
                "clusterNames": ["Red"],
                "deviceReferences": [reference("lone")],
            })
        );
    }
    let by_user = |more: Value| {
        let mut body = json!({"action": "KILL_BY_USER", "userName": "user2"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    assert_eq!(
        requests("19e5c2e-ffff"),
        [
            by_user(json!({"clusterNames": ["Blue"], "deviceReferences": [reference("lone")]})),
            by_user(json!({"deviceReferences": [reference("fresh")]})),
        ]
    );
    assert_eq!(
        requests("19e5c2f-0000"),
        [json!({
            "action": "KILL_ALL_SESSIONS",
            "accessGroupNames": ["Empty"],
            "deviceReferences": [reference("blue-a")],
        })]
    );
    assert_eq!(
        requests("19e5c30-00a0"),
        [json!({
            "action": "KILL_BY_LIST_OF_SESSIONS",
            "sessions": [
                {"deviceReference": reference("blue-a"), "sessionIds": ["0a", "0b"]},
                {"deviceReference": reference("lone"), "sessionIds": ["0d"]},
            ],
        })]
    );
}

/// The numbers of the first batch's jobs for which this is true.
fn numbers(of: impl Fn(&Job) -> bool) -> Vec<usize> {
    let (_, jobs) = restored("19e5c2d-0a1b");
    jobs.iter().zip(1..).filter(|(job, _)| of(job)).map(|(_, number)| number).collect()
}

#[test]
fn what_is_left_to_do_for_a_job_does_not_change() {
    assert_eq!(numbers(Job::is_watched), [11]);
    assert_eq!(numbers(Job::is_searched), [15]);
    assert_eq!(numbers(Job::is_lost), [3, 4, 15]);
    assert_eq!(numbers(|job| !job.is_over()), [3, 4, 11, 15, 16, 17]);
    assert_eq!(numbers(|job| job.task_id().is_some()), [1, 5, 11, 12, 13, 14]);
    assert_eq!(numbers(|job| job.lost_contact().is_some()), [15]);
    assert_eq!(numbers(Job::is_resolved), [1, 5]);
    assert_eq!(numbers(|job| job.verdict().is_some()), [1, 5]);
}

#[test]
fn sessions_seen_before_a_kill_are_compared_with_those_after_it() {
    let (_, jobs) = restored("19e5c2e-ffff");
    let numbers: Vec<_> = jobs
        .iter()
        .map(|job| check(job).verdict)
        .map(|v| (v.gone, v.remaining, v.unreadable, v.came_back, v.blind))
        .collect();
    assert_eq!(numbers, [(2, 1, 0, 1, 0), (0, 0, 0, 0, 1)]);
    let whole = baseline("19e5c30-00a0.1");
    assert_eq!((whole.sessions(), whole.is_blind()), (3, false));
    assert_eq!(whole.as_of(), Some(Timestamp(CONFIRMED + 90_000)));
    let devices: Vec<_> = whole.devices().map(ToString::to_string).collect();
    assert_eq!(devices, ["blue-a", "blue-b", "lone"]);
    let blind = baseline("19e5c2e-ffff.2");
    assert_eq!((blind.sessions(), blind.is_blind(), blind.as_of()), (0, true, None));
}

/// The search for the task of job 15, which was sent 15 s after it was confirmed, in a list with one task.
fn search(id: &str) -> Option<Observation> {
    let (_, jobs) = restored("19e5c2d-0a1b");
    let job = &jobs[14];
    let seen: SeenTasks = serde_json::from_str(&stored("curfew:before:19e5c2d-0a1b")).unwrap();
    let mut task: Value = serde_json::from_str(&job.request().to_json()).unwrap();
    task["id"] = id.into();
    task["status"] = "STARTED".into();
    task["username"] = "manager".into();
    task["startDateTime"] = "2026-11-23T03:12:22.500+0100".into();
    let task: KillTask = bigiq::decode(&task.to_string()).unwrap();
    let at = Timestamp(CONFIRMED + 20_000);
    let page = TaskPage::of(&[task], at, Some(at), false);
    TaskSearch::default().compare(job, "manager", &page, &seen, &[], |_| false)
}

#[test]
fn a_task_that_was_there_before_the_request_is_not_adopted() {
    for old in ["task-old", "task-older"] {
        assert_eq!(search(old), None, "{old}");
    }
    for new in ["task-late", "task-new"] {
        assert!(matches!(search(new), Some(Observation::Adopted(_))), "{new}");
    }
}
