//! Tests of the record as a whole: it is complete, its identifiers are stable, and it contains no token.

use super::*;
use crate::fixture::{
    draft, inventory, lost, machine, reading_at, seen, sending, session, snapshot, started, user,
};
use crate::inventory::Live;
use crate::job::{
    DeviceFailure, Failure, NotSent, Observation, Return, Source, TaskSnapshot, Verdict,
};
use crate::plan::{Draft, Kind};
use crate::verify::Baseline;
use bigiq::Refusal;
use rstest::rstest;
use serde_json::Value;

const BERLIN: Zone<'_> = Zone { name: "Europe/Berlin", offset: &|_| 60 };
const ABOUT: About<'_> = About { app: "0.1.0", made_at: Timestamp(90_000), zone: BERLIN };

fn listed() -> Draft {
    let mut draft = Draft { kind: Kind::Listed, ..Draft::default() };
    for (device, id) in [("blue-a", "1"), ("blue-a", "2"), ("lone", "7")] {
        draft.sessions.insert(&machine(device), &session(id), Some(&user("user2")));
    }
    draft
}

fn failure(message: &str) -> DeviceFailure {
    DeviceFailure {
        device: Some("blue-a".into()),
        host: Some("blue-a.example.test".into()),
        failed_ids: vec!["2".into()],
        code: Some("400".into()),
        error: Some(message.into()),
    }
}

#[test]
fn a_kill_by_a_service_account_is_marked() {
    let said = |operator: &str| {
        let (mut batch, job) = sending(&listed());
        batch.account.operator = operator.to_owned();
        let record =
            Record::of(&batch, [RecordedJob { job: &job, check: None, answer: None }], &ABOUT);
        let json: Value = serde_json::from_str(&record.to_json()).unwrap();
        (json["signedInBy"].clone(), record.to_csv().contains(operator))
    };
    assert_eq!(said(SERVICE_ACCOUNT), ("proxy".into(), true));
    assert_eq!(said("manager"), (Value::Null, true));
}

/// A job that failed on a device and was verified, with known sessions.
fn sample() -> Record {
    let draft = listed();
    let (batch, first) = sending(&draft);
    let mut live = Live::default();
    let note = |live: &mut Live, at, device: &str, ids: &[&str]| {
        let sessions: Vec<_> = ids.iter().map(|id| (*id, "user2")).collect();
        live.note_reading(&machine(device), reading_at(at, &sessions));
    };
    for device in ["blue-a", "blue-b"] {
        note(&mut live, 15_000, device, &["1", "2"]);
    }
    note(&mut live, 15_000, "lone", &["7"]);
    let baseline = Baseline::take(&first, &batch, &live, &inventory());
    let last = TaskSnapshot {
        failures: vec![failure("status:400, body:no")],
        error: Some("Internal Error occurred".into()),
        ..snapshot("FAILED", "KILL", "FAILED")
    };
    let (batch, mut job) = seen(&draft, last);
    for device in ["blue-a", "blue-b"] {
        note(&mut live, 30_000, device, &["2"]);
    }
    note(&mut live, 30_000, "lone", &[]);
    let check = baseline.check(&job, &live).unwrap();
    job.observe(Timestamp(30_000), Source::Sessions, Observation::Checked(check.verdict));
    let answer = FullAnswer::new(r#"{"id":"7c","generation":4}"#, Timestamp(40_000));
    let job = RecordedJob { job: &job, check: Some(&check), answer: Some(&answer) };
    Record::of(&batch, [job], &ABOUT)
}

#[test]
fn json() {
    insta::assert_snapshot!(sample().to_json());
}

#[test]
fn csv() {
    insta::assert_snapshot!(sample().to_csv());
}

#[test]
fn a_return_is_recorded() {
    let (batch, mut job) = seen(&listed(), snapshot("FINISHED", "DONE", "COMPLETE"));
    let one = |started| {
        Observation::Returned(Return {
            user: user("user2"),
            session: session("s9"),
            client: Some("198.51.100.7".into()),
            device: machine("lone"),
            name: "lone.example.test".into(),
            started,
        })
    };
    for what in [
        Observation::WatchStarted(10),
        one(Some(Timestamp(35_000))),
        one(None),
        Observation::WatchEnded,
    ] {
        job.observe(Timestamp(40_000), Source::Sessions, what);
    }
    let record = Record::of(&batch, [RecordedJob { job: &job, check: None, answer: None }], &ABOUT);
    let json: Value = serde_json::from_str(&record.to_json()).unwrap();
    let timeline = json["jobs"][0]["timeline"].as_array().unwrap();
    let of = |what: &str| timeline.iter().filter(|event| event["what"] == what).collect::<Vec<_>>();
    assert_eq!(of("watch-started")[0]["minutes"], 10);
    let returned = of("returned");
    assert_eq!(returned[0]["returned"]["startedAt"], "1970-01-01T01:00:35.000+01:00");
    assert_eq!(returned[0]["returned"]["client"], "198.51.100.7");
    assert_eq!(returned[1]["returned"].get("startedAt"), None);
    assert_eq!(of("watch-ended").len(), 1);
    let csv = record.to_csv();
    assert!(csv.contains(r#""lone","lone.example.test","","s9","returned","client=198.51.100.7 startedAt=1970-01-01T01:00:35.000+01:00""#), "{csv}");
    assert!(csv.contains(r#""watch-started","minutes=10""#), "{csv}");
}

#[test]
fn the_request_is_the_one_that_was_sent() {
    let record: Value = serde_json::from_str(&sample().to_json()).unwrap();
    let (_, job) = sending(&listed());
    let sent: Value = serde_json::from_str(&job.request().to_json()).unwrap();
    assert_eq!(record["jobs"][0]["request"], sent);
}

/// The documentation must explain every identifier.
#[test]
fn every_identifier_and_column_is_documented() {
    let documentation = include_str!("../../../../docs/records.md");
    let literals = include_str!("ident.rs").split('"').skip(1).step_by(2);
    let words: Vec<&str> = literals.chain(super::csv::COLUMNS).chain([FORMAT]).collect();
    assert!(words.len() > 80);
    for word in words {
        assert!(documentation.contains(&format!("`{word}`")), "{word}");
    }
    let record = sample();
    let record: Value = serde_json::from_str(&record.to_json()).unwrap();
    let job = &record["jobs"][0];
    for object in [&record, job, &job["stands"], &job["verdict"], &job["devices"][0]] {
        for key in object.as_object().unwrap().keys() {
            assert!(documentation.contains(&format!("`{key}`")), "{key}");
        }
    }
}

fn refused(message: &str) -> Failure {
    let message = Some(message.to_owned());
    Failure::Refused { status: 400, refusal: Refusal::of(400, None), message }
}

#[rstest]
#[case(Observation::NotSent(NotSent::Dropped), "not-sent", Some("dropped"), None)]
#[case(
    Observation::NotSent(NotSent::Failed(Failure::SignInNeeded)),
    "not-sent",
    Some("failed"),
    Some("sign-in-needed")
)]
#[case(Observation::Rejected(refused("action is missing.")), "rejected", None, Some("refused"))]
#[case(Observation::Lost(Failure::Timeout { seconds: 30 }), "unknown", Some("looking"), Some("timeout"))]
#[case(Observation::Reloaded, "unknown", Some("looking"), None)]
fn what_never_became_a_task(
    #[case] what: Observation,
    #[case] phase: &str,
    #[case] why: Option<&str>,
    #[case] failure: Option<&str>,
) {
    let (batch, mut job) = sending(&draft("user2", &["G1"], &[], &[]));
    job.observe(Timestamp(21_000), Source::Answer, what);
    let record = Record::of(&batch, [RecordedJob { job: &job, check: None, answer: None }], &ABOUT);
    let stands = &record.jobs[0].stands;
    assert_eq!((stands.phase, stands.why), (phase, why));
    assert_eq!(stands.failure.as_ref().map(|f| f.kind), failure);
}

#[rstest]
#[case(false, r#"{"certainty":"exactly","known":3}"#, "exactly 3")]
#[case(true, r#"{"certainty":"at-least","known":3}"#, "at-least 3")]
fn a_record_claims_only_the_devices_that_are_known(
    #[case] may_reach_more: bool,
    #[case] json: &str,
    #[case] cell: &str,
) {
    let (mut batch, job) = sending(&draft("user2", &["G1"], &[], &[]));
    batch.may_reach_more = may_reach_more;
    let record = Record::of(&batch, [RecordedJob { job: &job, check: None, answer: None }], &ABOUT);
    assert_eq!(serde_json::to_string(&record.devices_reached).unwrap(), json);
    assert!(record.to_csv().contains(&format!(r#","{cell}""#)), "{}", record.to_csv());
    batch.reached.clear();
    let record = Record::of(&batch, [RecordedJob { job: &job, check: None, answer: None }], &ABOUT);
    let known = if may_reach_more { "unknown" } else { "exactly" };
    assert_eq!((record.devices_reached.certainty, record.devices_reached.known), (known, 0));
}

#[test]
fn a_batch_is_one_record() {
    let started = started(&draft("a\nb\nc", &["G1"], &[], &[]));
    let jobs = started.items.iter().map(|started| RecordedJob {
        job: &started.job,
        check: None,
        answer: None,
    });
    let record = Record::of(&started.batch, jobs, &ABOUT);
    let users: Vec<_> = record.jobs.iter().map(|job| job.request.user_name().unwrap()).collect();
    assert_eq!(users, ["a", "b", "c"]);
    assert!(record.jobs.iter().all(|job| job.devices.iter().all(|d| d.outcome == "open")));
    let rows = record.to_csv();
    assert_eq!(rows.lines().filter(|row| row.starts_with("\"job\"")).count(), 3);
}

/// Every text that comes from outside, with a token in it.
#[test]
fn no_token_is_ever_in_it() {
    let token =
        format!("eyJraWQiOiI1ZjQ4.{}.{}", "eyJpc3MiOiJCSUctSVEi".repeat(40), "c2ln".repeat(80));
    let said =
        format!("Authorization failed: resource=/mgmt/shared/authz/tokens/{token} verb=POST");
    let mut draft = listed();
    draft.reason = said.clone();
    let last = TaskSnapshot {
        failures: vec![
            failure(&said),
            DeviceFailure { device: None, host: None, ..failure(&said) },
        ],
        error: Some(said.clone()),
        ..snapshot("FAILED", "KILL", "")
    };
    let (mut batch, mut job) = seen(&draft, last);
    batch.reason = said.clone();
    for what in [
        Observation::NotReached(refused(&said)),
        Observation::CancelRefused(refused(&said)),
        Observation::CancelLost(refused(&said)),
        Observation::Missing(refused(&said)),
        Observation::Checked(Verdict::default()),
    ] {
        job.observe(Timestamp(31_000), Source::Poll, what);
    }
    let (_, mut running) = lost(&draft);
    running.observe(Timestamp(31_000), Source::Reconcile, Observation::NotReached(refused(&said)));
    let (_, mut rejected) = sending(&draft);
    rejected.observe(Timestamp(31_000), Source::Answer, Observation::Rejected(refused(&said)));
    let jobs =
        [&job, &running, &rejected].map(|job| RecordedJob { job, check: None, answer: None });
    let record = Record::of(&batch, jobs, &ABOUT);
    for text in [record.to_json(), record.to_csv(), format!("{record:?}")] {
        assert!(text.contains("[token]"));
        assert!(!text.contains("eyJ"), "{text}");
    }
}
