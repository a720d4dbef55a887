//! Records: a job that an earlier version stored has the same record today, and no key or column is gone.

use crate::storage::{check, restored};
use crate::{json, written};
use curfew_core::record::{About, Record, RecordedJob, Zone};
use curfew_core::timestamp::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

const BATCHES: [&str; 4] = ["19e5c2d-0a1b", "19e5c2e-ffff", "19e5c2f-0000", "19e5c30-00a0"];

/// Every column of the CSV form. Programs read them by name or by place: add new ones at the end.
const COLUMNS: [&str; 20] = [
    "row", "batch", "job", "time", "until", "source", "operator", "bigiq", "reason", "action",
    "user", "task", "device", "name", "cluster", "session", "outcome", "detail", "app", "reached",
];

/// Every key of the JSON form, sorted. A new key needs a line here. A key that goes, or changes its meaning, needs a new
/// number of the format.
const KEYS: &[&str] = &[
    "app",
    "batch",
    "bigiq",
    "confirmedAt",
    "devicesReached",
    "devicesReached.certainty",
    "devicesReached.known",
    "format",
    "inventoryReadAt",
    "jobs",
    "jobs.acceptedAt",
    "jobs.addedByBigiq",
    "jobs.checked",
    "jobs.checked.devices",
    "jobs.checked.id",
    "jobs.checked.outcome",
    "jobs.checked.user",
    "jobs.devices",
    "jobs.devices.cluster",
    "jobs.devices.group",
    "jobs.devices.id",
    "jobs.devices.name",
    "jobs.devices.outcome",
    "jobs.devices.role",
    "jobs.devices.sessions",
    "jobs.devices.sessions.id",
    "jobs.devices.sessions.outcome",
    "jobs.devices.troubles",
    "jobs.devices.troubles.code",
    "jobs.devices.troubles.device",
    "jobs.devices.troubles.failedIds",
    "jobs.devices.troubles.host",
    "jobs.devices.troubles.message",
    "jobs.elsewhere",
    "jobs.elsewhere.host",
    "jobs.endedAt",
    "jobs.id",
    "jobs.leftOutByBigiq",
    "jobs.request",
    "jobs.request.accessGroupNames",
    "jobs.request.action",
    "jobs.request.clusterNames",
    "jobs.request.deviceReferences",
    "jobs.request.deviceReferences.link",
    "jobs.request.sessions",
    "jobs.request.sessions.deviceReference",
    "jobs.request.sessions.deviceReference.link",
    "jobs.request.sessions.sessionIds",
    "jobs.request.userName",
    "jobs.sentAt",
    "jobs.stands",
    "jobs.stands.cancel",
    "jobs.stands.candidates",
    "jobs.stands.end",
    "jobs.stands.failure",
    "jobs.stands.failure.kind",
    "jobs.stands.failure.message",
    "jobs.stands.failure.status",
    "jobs.stands.message",
    "jobs.stands.phase",
    "jobs.stands.result",
    "jobs.stands.status",
    "jobs.stands.step",
    "jobs.stands.why",
    "jobs.task",
    "jobs.timeline",
    "jobs.timeline.at",
    "jobs.timeline.failure",
    "jobs.timeline.failure.kind",
    "jobs.timeline.failure.message",
    "jobs.timeline.failure.status",
    "jobs.timeline.ids",
    "jobs.timeline.message",
    "jobs.timeline.odd",
    "jobs.timeline.result",
    "jobs.timeline.source",
    "jobs.timeline.status",
    "jobs.timeline.step",
    "jobs.timeline.task",
    "jobs.timeline.times",
    "jobs.timeline.until",
    "jobs.timeline.verdict",
    "jobs.timeline.verdict.blind",
    "jobs.timeline.verdict.cameBack",
    "jobs.timeline.verdict.finding",
    "jobs.timeline.verdict.gone",
    "jobs.timeline.verdict.remaining",
    "jobs.timeline.verdict.unreadable",
    "jobs.timeline.what",
    "jobs.timeline.why",
    "jobs.verdict",
    "jobs.verdict.blind",
    "jobs.verdict.cameBack",
    "jobs.verdict.finding",
    "jobs.verdict.gone",
    "jobs.verdict.remaining",
    "jobs.verdict.unreadable",
    "madeAt",
    "operator",
    "reason",
    "signedInBy",
    "zone",
];

/// Today's record of a batch that 0.1.0 stored.
fn record(id: &str) -> Record {
    let (batch, jobs) = restored(id);
    let verified = id == "19e5c2e-ffff";
    let checks: Vec<_> = jobs.iter().map(|job| verified.then(|| check(job))).collect();
    let about = About {
        app: "0.1.0",
        made_at: Timestamp(1_795_400_527_120),
        zone: Zone { name: "Europe/Berlin", offset: &|_| 60 },
    };
    let recorded = |(job, check)| RecordedJob { job, check, answer: None };
    let jobs = jobs.iter().zip(checks.iter().map(Option::as_ref)).map(recorded);
    Record::of(&batch, jobs, &about)
}

fn today(id: &str) -> Value {
    serde_json::from_str(&record(id).to_json()).unwrap()
}

/// Checks that `new` has everything that `old` has. It may have more keys.
fn assert_holds(new: &Value, old: &Value, path: &str) {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            for (key, old) in old {
                let path = format!("{path}.{key}");
                let new = new.get(key);
                assert_holds(new.unwrap_or_else(|| panic!("{path} is gone")), old, &path);
            }
        }
        (Value::Array(new), Value::Array(old)) => {
            assert_eq!(new.len(), old.len(), "{path}");
            for (place, (new, old)) in new.iter().zip(old).enumerate() {
                assert_holds(new, old, &format!("{path}[{place}]"));
            }
        }
        _ => assert_eq!(new, old, "{path}"),
    }
}

#[test]
fn a_stored_job_has_the_record_that_it_had() {
    for id in BATCHES {
        assert_holds(&today(id), &json(&format!("curfew-{id}.json")), id);
    }
}

#[test]
fn a_stored_job_is_in_the_phase_that_it_was_in() {
    let record = today("19e5c2d-0a1b");
    let phase = |job: &Value| -> String {
        let stands = &job["stands"];
        let parts = [&stands["phase"], &stands["end"], &stands["why"]];
        parts.iter().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(" ")
    };
    let phases: Vec<_> = record["jobs"].as_array().unwrap().iter().map(phase).collect();
    assert_eq!(
        phases,
        [
            "ended success",
            "rejected",
            "unknown several",
            "unknown none-found",
            "ended failed",
            "not-sent failed",
            "not-sent not-kept",
            "not-sent dropped",
            "not-sent reloaded",
            "not-sent signed-out",
            "running",
            "ended gone",
            "ended cancelled",
            "ended incomplete",
            "unknown looking",
            "sending",
            "waiting",
        ]
    );
}

/// Adds the paths of all keys within a value.
fn keys(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let path = if path.is_empty() { key.clone() } else { [path, ".", key].concat() };
                found.insert(path.clone());
                keys(value, &path, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, path, found)),
        _ => {}
    }
}

#[test]
fn the_keys_are_exactly_these() {
    let (mut then, mut now) = (BTreeSet::new(), BTreeSet::new());
    for id in BATCHES {
        keys(&json(&format!("curfew-{id}.json")), "", &mut then);
        keys(&today(id), "", &mut now);
    }
    let now: Vec<_> = now.iter().map(String::as_str).collect();
    assert_eq!(now, KEYS);
    assert!(then.iter().all(|key| KEYS.contains(&key.as_str())));
}

/// The stored jobs are worth little if a kind of event or failure is missing.
#[test]
fn the_stored_jobs_have_every_kind_of_event() {
    let (mut events, mut failures) = (BTreeSet::new(), BTreeSet::new());
    for id in BATCHES {
        let record = today(id);
        for job in record["jobs"].as_array().unwrap() {
            for event in job["timeline"].as_array().unwrap() {
                events.insert(event["what"].as_str().unwrap().to_owned());
                failures.extend(event["failure"]["kind"].as_str().map(str::to_owned));
            }
        }
    }
    let events: Vec<_> = events.iter().map(String::as_str).collect();
    assert_eq!(
        events,
        [
            "accepted",
            "adopted",
            "answer-lost",
            "cancel-asked",
            "cancel-lost",
            "cancel-refused",
            "checked",
            "confirmed",
            "missing",
            "none-found",
            "not-listed",
            "not-reached",
            "not-sent",
            "rejected",
            "reloaded",
            "resolved",
            "seen",
            "sent",
            "several-candidates",
            "signed-out",
        ]
    );
    let failures: Vec<_> = failures.iter().map(String::as_str).collect();
    assert_eq!(
        failures,
        [
            "no-answer",
            "refused",
            "sign-in-needed",
            "timeout",
            "too-large",
            "unreadable",
            "web-page",
        ]
    );
}

/// The rows of a record in CSV, whose cells are all quoted.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.strip_prefix('\u{feff}').unwrap().split_terminator("\"\r\n");
    let cells = |line: &str| -> Vec<String> {
        line[1..].split("\",\"").map(|cell| cell.replace("\"\"", "\"")).collect()
    };
    lines.map(cells).collect()
}

#[test]
fn the_columns_are_exactly_these_and_hold_what_they_held() {
    for id in BATCHES {
        let (new, old) = (rows(&record(id).to_csv()), rows(&written(&format!("curfew-{id}.csv"))));
        assert_eq!(new[0], COLUMNS);
        assert_eq!(new.len(), old.len());
        for (new, old) in new.iter().zip(&old) {
            assert_eq!(new[..old.len()], *old, "{id}");
        }
    }
}
