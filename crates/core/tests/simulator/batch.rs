//! A large batch with faults, from its confirmation to the sessions that really exist on the simulator.

use crate::appliance::{BigIq, START, account};
use axum::http::Method;
use bigiq::task::TaskList;
use bigiq::{Call, KillTask, Refusal, decode};
use curfew_core::engine::{SeenTasks, TaskPage, TaskSearch};
use curfew_core::ids::{BatchId, MachineId, TaskId};
use curfew_core::inventory::Inventory;
use curfew_core::job::{
    End, Failure, Job, Observation, Phase, QueuedRequest, Source, Started, StartedJob, Tally,
    TargetStatus, TaskSnapshot,
};
use curfew_core::plan::{Answer, Draft, Plan};
use curfew_core::sorted::SortedSet;
use curfew_core::timestamp::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn started(draft: &Draft, inventory: &Inventory, at: i64) -> Started {
    let plan = Plan::make(draft, inventory, account(), Timestamp(at)).unwrap();
    let answer = Answer { phrase: "yes".into(), reason: "INC-1".into() };
    plan.confirm(&answer, |_| "yes".to_owned()).unwrap().start(&BatchId::new("b1"), Timestamp(at))
}

/// Posts a job's request like the app, and records the answer.
fn send(bigiq: &BigIq, job: &mut Job, queued: QueuedRequest, at: i64) {
    let prepared = job.start_sending(Timestamp(at), queued).unwrap();
    let (status, body) = bigiq.call(&Call::kill(prepared.request()));
    let refused = || Failure::Refused { status, refusal: Refusal::of(status, None), message: None };
    let what = match (status, decode::<KillTask>(&body)) {
        (200, Ok(task)) => Observation::Accepted(TaskSnapshot::of(&task)),
        (200, Err(_)) => Observation::Lost(Failure::Unreadable { html: true }),
        (400..500, _) => Observation::Rejected(refused()),
        _ => Observation::Lost(refused()),
    };
    job.observe(Timestamp(at), Source::Answer, what);
}

fn list(bigiq: &BigIq, at: i64) -> TaskPage {
    let tasks: TaskList = bigiq.get(&Call::tasks(0, 1_000));
    TaskPage { tasks: tasks.items, at: Timestamp(at), server_time: Some(Timestamp(at)), cut: false }
}

const KILLS: &str = "/mgmt/cm/access/tasks/kill-sessions";

/// Refuses two kills and loses two answers: one after the task has started, one before.
fn inject_faults(bigiq: &BigIq) {
    let rule = |skip: u32, fault: Value| json!({"method": "POST", "path": KILLS, "skip": skip, "count": 1, "fault": fault});
    // Each rule counts only the calls that no earlier rule matched.
    let faults = json!([
        rule(3, json!({"kind": "status", "status": 400})),
        rule(7, json!({"kind": "status", "status": 400})),
        rule(11, json!({"kind": "html", "status": 502, "afterEffect": true})),
        rule(13, json!({"kind": "html", "status": 502})),
    ]);
    let (status, body) = bigiq.post("/_sim/faults", &faults.to_string());
    assert_eq!(status, 200, "{body}");
}

/// Searches for the tasks of lost answers, in lists spread over 75 s.
fn search_for_tasks(bigiq: &BigIq, jobs: &mut [Job]) {
    let owned: BTreeSet<TaskId> = jobs.iter().filter_map(|job| job.task_id().cloned()).collect();
    for job in jobs.iter_mut().filter(|job| job.is_searched()) {
        let mut task_search = TaskSearch::default();
        for at in [START + 120_000, START + 200_000] {
            let page = list(bigiq, at);
            let none = SeenTasks::default();
            let owned = |id: &TaskId| owned.contains(id);
            let found = task_search.compare(job, "manager", &page, &none, &[], owned);
            if let Some(found) = found {
                job.observe(Timestamp(at), Source::Reconcile, found);
                break;
            }
        }
    }
}

/// Polls the tasks of all jobs with one list.
fn poll(bigiq: &BigIq, jobs: &mut [Job]) {
    let tasks: TaskList = bigiq.get(&Call::tasks(0, 1_000));
    let seen: BTreeMap<&str, TaskSnapshot> = tasks
        .items
        .iter()
        .filter_map(|task| Some((task.task_id()?, TaskSnapshot::of(task))))
        .collect();
    for job in jobs.iter_mut().filter(|job| job.is_watched()) {
        let snapshot = seen[job.task_id().unwrap().as_str()].clone();
        job.observe(Timestamp(START + 200_000), Source::Collection, Observation::Seen(snapshot));
    }
}

/// How many kills the simulator received.
fn posts(bigiq: &BigIq) -> usize {
    let (_, body) = bigiq.ask(Method::GET, "/_sim/requests", None);
    let all: Vec<Value> = serde_json::from_str(&body).unwrap();
    all.iter().filter(|call| call["method"] == "POST" && call["path"] == KILLS).count()
}

/// 500 users: two requests are refused, one answer is lost after BIG-IQ started the task, and one before.
#[test]
fn outcomes_of_500_users_match_the_simulator() {
    let mut bigiq = BigIq::new(60, 7);
    let inventory = bigiq.inventory();
    let names = inventory.groups().iter().map(|group| group.name.clone());
    let groups: SortedSet<String> = names.filter(|name| name.starts_with("branch-")).collect();
    assert!(groups.len() >= 3);
    let members: BTreeSet<MachineId> = groups
        .iter()
        .flat_map(|name| inventory.members(&inventory.group(name).unwrap().members))
        .map(|device| device.id.clone())
        .collect();
    let before = bigiq.sessions();
    let here = |(_, device, _): &&(String, String, String)| members.contains(device.as_str());
    let users_here = |all: &BTreeSet<(String, String, String)>| -> BTreeSet<String> {
        all.iter().filter(here).map(|(user, ..)| user.clone()).collect()
    };
    let present = users_here(&before);
    let mut users: Vec<String> = present.iter().cloned().collect();
    assert!(users.len() > 40, "enough users for each outcome");
    users.extend((users.len()..500).map(|number| format!("absent-{number}")));

    inject_faults(&bigiq);
    let draft = Draft { users: users.join("\n"), groups, ..Draft::default() };
    let Started { batch, items } = started(&draft, &inventory, START);
    assert_eq!((items.len(), batch.items), (500, 500));
    let mut jobs: Vec<Job> = items
        .into_iter()
        .map(|StartedJob { mut job, queued }| {
            send(&bigiq, &mut job, queued, START);
            job
        })
        .collect();
    bigiq.advance(120_000);
    bigiq.sign_in();
    search_for_tasks(&bigiq, &mut jobs);
    poll(&bigiq, &mut jobs);

    let tally = Tally::of(jobs.iter().map(TargetStatus::of));
    let expected = Tally { reported: 497, untouched: 2, unknown: 1, ..Tally::default() };
    assert_eq!(tally, expected);
    assert_eq!(posts(&bigiq), 500, "each once");

    let after = bigiq.sessions();
    let remaining = users_here(&after);
    for job in &jobs {
        let user = job.request().user_name().unwrap();
        match job.phase() {
            Phase::Ended(end) => {
                assert_eq!(end, &End::Success, "{user}");
                assert!(!remaining.contains(user), "{user} still has sessions");
            }
            // Untouched, or never started.
            _ => assert_eq!(remaining.contains(user), present.contains(user), "{user}"),
        }
    }
    let elsewhere = |all: &BTreeSet<(String, String, String)>| {
        all.iter().filter(|session| !here(session)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(elsewhere(&after), elsewhere(&before), "other users keep their sessions");
}
