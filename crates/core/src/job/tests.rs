//! Tests of the job as a whole: each path through its phases, and that no order of events makes it report something false.

use super::*;
use crate::fixture::{self, draft, machines, snapshot, task_id};
use crate::ids::TaskId;
use crate::plan::{Batch, Kind};
use bigiq::{Refusal, Status, Step, TaskResult};
use proptest::prelude::*;
use rstest::rstest;

fn started(users: &str) -> Started {
    fixture::started(&draft(users, &[], &["Red"], &[]))
}

fn new_job() -> StartedJob {
    started("user2").items.remove(0)
}

fn sending() -> Job {
    let StartedJob { mut job, queued } = new_job();
    assert!(job.start_sending(Timestamp(20), queued).is_some());
    job
}

fn running() -> TaskSnapshot {
    snapshot("STARTED", "RESOLVE_DEVICES", "")
}

fn watched() -> Job {
    let mut job = sending();
    job.observe(Timestamp(100), Source::Answer, Observation::Accepted(running()));
    job
}

fn seen(job: &mut Job, at: i64, snapshot: TaskSnapshot) -> bool {
    job.observe(Timestamp(at), Source::Poll, Observation::Seen(snapshot))
}

fn refused(status: u16) -> Failure {
    let message = Some("no".to_owned());
    Failure::Refused { status, refusal: Refusal::of(status, None), message }
}

#[rstest]
#[case(Observation::NotSent(NotSent::Failed(Failure::NoAnswer)), true)]
#[case(Observation::NotSent(NotSent::Failed(Failure::SignInNeeded)), true)]
#[case(Observation::NotSent(NotSent::NotStored), false)]
#[case(Observation::Rejected(refused(401)), true)]
#[case(Observation::Rejected(refused(403)), false)]
#[case(Observation::Rejected(refused(429)), false)]
#[case(Observation::Rejected(refused(400)), false)]
// A page with status 401, whose author is unknown.
#[case(Observation::Rejected(Failure::Unreadable { html: true }), false)]
#[case(Observation::Lost(Failure::NoAnswer), false)]
#[case(Observation::Lost(refused(401)), false)]
#[case(Observation::Accepted(running()), false)]
fn only_a_kill_that_lacked_a_token_can_be_confirmed_again(
    #[case] what: Observation,
    #[case] lacked: bool,
) {
    let mut job = sending();
    assert!(!job.lacked_token());
    job.observe(Timestamp(100), Source::Answer, what);
    assert_eq!(job.lacked_token(), lacked);
}

#[rstest]
#[case(Observation::Rejected(refused(401)), true)]
#[case(Observation::Rejected(Failure::Unreadable { html: true }), true)]
#[case(Observation::Rejected(refused(403)), false)]
#[case(Observation::Rejected(refused(400)), false)]
#[case(Observation::NotSent(NotSent::Failed(Failure::SignInNeeded)), false)]
fn a_refusal_for_the_token_or_a_page_may_come_after_the_start(
    #[case] what: Observation,
    #[case] may_have_started: bool,
) {
    let mut job = sending();
    assert!(!job.may_have_started());
    job.observe(Timestamp(100), Source::Answer, what);
    assert_eq!(job.may_have_started(), may_have_started);
}

fn states(job: &Job) -> String {
    let letter = |step: &ProgressStep| match step.state {
        StepState::Pending => '.',
        StepState::Current => '>',
        StepState::Done => '+',
        StepState::Failed => '!',
        StepState::Unknown => '?',
    };
    job.progress().iter().map(letter).collect()
}

fn restored(job: &Job) -> Job {
    // All jobs here have the same targets.
    let batch = started("user2").batch;
    let text = serde_json::to_string(&batch.to_stored(job)).unwrap();
    batch.restore([serde_json::from_str(&text).unwrap()]).remove(0)
}

#[test]
fn a_batch_keeps_what_its_jobs_share() {
    let Started { batch, items } = started("user2\nuser3");
    let ids: Vec<_> =
        items.iter().map(|item| (item.job.id().as_str(), item.queued.job().as_str())).collect();
    assert_eq!(ids, [("b1.1", "b1.1"), ("b1.2", "b1.2")]);
    assert_eq!((batch.items, batch.kind, batch.reason.as_str()), (2, Kind::Users, "INC-1"));
    assert_eq!(batch.reached[0].id, "red-a");
    assert_eq!(batch.confirmed_at, Timestamp(10_000));
    assert_eq!(items[1].job.request().user_name(), Some("user3"));
    let stored = serde_json::to_string(&batch).unwrap();
    assert_eq!(serde_json::from_str::<Batch>(&stored).unwrap(), batch);
}

#[test]
fn what_a_job_posts_is_its_own_and_only_once() {
    let mut items = started("user2\nuser3").items;
    let StartedJob { job: mut second, queued: for_second } = items.remove(1);
    let StartedJob { job: mut first, queued: for_first } = items.remove(0);
    assert_eq!(first.start_sending(Timestamp(20), for_second), None, "another job's");
    let prepared = first.start_sending(Timestamp(20), for_first).unwrap();
    assert_eq!(prepared.request(), first.request());
    assert_eq!(first.phase(), &Phase::Sending);

    second.observe(Timestamp(30), Source::App, Observation::SignedOut);
    assert_eq!(second.phase(), &Phase::NotSent(NotSent::SignedOut));
    let other = started("user2\nuser3").items.remove(1).queued;
    assert_eq!(second.start_sending(Timestamp(40), other), None, "not after a sign-out");
    assert!(
        !second.observe(Timestamp(50), Source::App, Observation::Sent),
        "`Sent` can't be observed"
    );
}

#[rstest]
#[case::success(snapshot("FINISHED", "DONE", "COMPLETE"), End::Success, "+++++.")]
#[case::without_step(snapshot("FINISHED", "", "COMPLETE"), End::Success, "+++++.")]
#[case::other_step(
    snapshot("FINISHED", "KILL", "COMPLETE"),
    End::Incomplete(Some(TaskResult::Complete)),
    "+++?+."
)]
#[case::not_complete(
    snapshot("FINISHED", "DONE", "FAILED"),
    End::Incomplete(Some(TaskResult::Failed)),
    "+++?+."
)]
#[case::partly(
    TaskSnapshot { failures: vec![DeviceFailure::default()], ..snapshot("FINISHED", "DONE", "COMPLETE") },
    End::Incomplete(Some(TaskResult::Complete)),
    "+++!+."
)]
#[case::failed_resolving(snapshot("FAILED", "RESOLVE_DEVICES", "PENDING"), End::Failed, "++!...")]
#[case::failed_killing(snapshot("FAILED", "KILL", ""), End::Failed, "+++!..")]
#[case::failed_somewhere(snapshot("FAILED", "", ""), End::Failed, "++??!.")]
#[case::cancelled(snapshot("CANCELED", "KILL", ""), End::Cancelled, "++??..")]
fn ends(#[case] last: TaskSnapshot, #[case] end: End, #[case] expected: &str) {
    let mut job = watched();
    assert_eq!(states(&job), "++>...");
    assert!(seen(&mut job, 500, last.clone()));
    assert_eq!(job.phase(), &Phase::Ended(end.clone()));
    assert_eq!(job.ended_at(), Some(Timestamp(500)));
    assert_eq!(states(&job), expected);
    assert!(job.is_over() && !job.is_watched());

    for other in
        [running(), snapshot("FINISHED", "DONE", "COMPLETE"), snapshot("FAILED", "", ""), last]
    {
        seen(&mut job, 900, other);
        job.observe(Timestamp(900), Source::Poll, Observation::Missing(refused(404)));
    }
    assert_eq!(job.phase(), &Phase::Ended(end), "an end never changes");
    assert_eq!(job.ended_at(), Some(Timestamp(500)));
    assert_eq!(restored(&job), job);
}

#[test]
fn the_answer_to_the_request_may_be_the_end() {
    let mut job = sending();
    let done = snapshot("FINISHED", "DONE", "COMPLETE");
    job.observe(Timestamp(100), Source::Answer, Observation::Accepted(done));
    assert_eq!(job.phase(), &Phase::Ended(End::Success));
    assert_eq!(job.task_id(), Some(&task_id("t1")));
    assert_eq!(job.accepted_at(), Some(Timestamp(100)));
}

#[rstest]
#[case(snapshot("FINISHED", "DONE", ""), None)]
#[case(snapshot("FINISHED", "DONE", "PENDING"), Some(TaskResult::Pending))]
fn finished_without_a_result_is_polled_twice(
    #[case] last: TaskSnapshot,
    #[case] result: Option<TaskResult>,
) {
    let mut job = watched();
    seen(&mut job, 500, last.clone());
    assert!(job.is_watched());
    let mut settled = job.clone();
    assert!(seen(&mut job, 800, last));
    assert_eq!(job.phase(), &Phase::Ended(End::Incomplete(result)));
    assert_eq!(job.ended_at(), Some(Timestamp(800)));
    assert_eq!(restored(&job), job);

    seen(&mut settled, 800, snapshot("FINISHED", "DONE", "COMPLETE"));
    assert_eq!(settled.phase(), &Phase::Ended(End::Success));
}

#[test]
fn gone_takes_two_answers_in_a_row() {
    let mut job = watched();
    let missing = || Observation::Missing(refused(404));
    job.observe(Timestamp(500), Source::Poll, missing());
    assert_eq!(job.lost_contact().map(|lost| lost.failures), Some(1));
    seen(&mut job, 600, running());
    assert_eq!(job.lost_contact(), None);
    job.observe(Timestamp(700), Source::Poll, missing());
    assert!(job.is_watched());
    assert!(job.observe(Timestamp(800), Source::Poll, missing()));
    assert_eq!(job.phase(), &Phase::Ended(End::Gone));
    assert_eq!(states(&job), "++???.");
    assert_eq!(restored(&job), job);
}

#[test]
fn equal_observations_are_counted() {
    let mut job = watched();
    assert!(seen(&mut job, 400, running()));
    assert!(!seen(&mut job, 1_000, running()));
    assert!(!seen(&mut job, 2_000, running()));
    let last = job.events().last().unwrap();
    assert_eq!((last.at, last.last_at, last.times), (Timestamp(400), Timestamp(2_000), 3));
    assert_eq!(job.events().len(), 4);
    assert!(seen(&mut job, 3_000, snapshot("STARTED", "KILL", "")));
    assert_eq!(states(&job), "+++>..");
}

#[test]
fn lost_contact_is_not_an_end() {
    let mut job = watched();
    job.observe(Timestamp(500), Source::Poll, Observation::NotReached(Failure::NoAnswer));
    job.observe(Timestamp(900), Source::Poll, Observation::NotReached(Failure::NoAnswer));
    job.observe(Timestamp(1_500), Source::Poll, Observation::NotReached(refused(502)));
    assert_eq!(job.learnt_at(), Timestamp(100), "a poll without an answer teaches nothing");
    let lost = job.lost_contact().unwrap();
    assert_eq!((lost.since, lost.failures), (Timestamp(500), 3));
    assert_eq!(lost.failure.status(), Some(502));
    assert!(job.is_watched());
    assert_eq!(restored(&job), job);
    assert!(seen(&mut job, 2_000, running()), "restored contact is new");
    assert_eq!(job.lost_contact(), None);
}

#[test]
fn going_backwards_is_odd_and_shown() {
    let mut job = watched();
    seen(&mut job, 500, snapshot("STARTED", "KILL", ""));
    seen(&mut job, 900, running());
    assert!(job.events().last().unwrap().odd);
    assert_eq!(
        job.phase(),
        &Phase::Watched { status: Some(Status::Started), step: Some(Step::ResolveDevices) }
    );
    assert_eq!(states(&job), "+++>..", "progress never goes backwards");
}

#[test]
fn unknown_words_end_nothing() {
    let mut job = watched();
    seen(&mut job, 500, snapshot("PAUSED", "NAP", "WHO_KNOWS"));
    assert_eq!(
        job.phase(),
        &Phase::Watched {
            status: Some(Status::Other("PAUSED".into())),
            step: Some(Step::Other("NAP".into()))
        }
    );
    assert_eq!(restored(&job), job);
}

#[test]
fn resolved_devices_are_a_separate_event() {
    let mut job = watched();
    assert!(!job.is_resolved());
    let named = TaskSnapshot { devices: vec!["m2".into(), "m1".into(), "m2".into()], ..running() };
    assert!(seen(&mut job, 500, named.clone()));
    assert!(!seen(&mut job, 900, named));
    assert_eq!(job.devices(), ["m1", "m2"]);
    assert!(job.is_resolved());
    let resolved = job.events().iter().filter(|e| matches!(e.what, Observation::Resolved(_)));
    assert_eq!(resolved.count(), 1);
    let foreign = TaskSnapshot { task: Some("t9".into()), devices: vec!["m9".into()], ..running() };
    seen(&mut job, 950, foreign);
    assert_eq!(job.devices(), ["m1", "m2"]);
    assert!(job.events().last().unwrap().odd);
}

#[rstest]
#[case::rejected(Observation::Rejected(refused(400)), Phase::Rejected(refused(400)), "+!....")]
#[case::not_sent(
    Observation::NotSent(NotSent::Failed(Failure::SignInNeeded)),
    Phase::NotSent(NotSent::Failed(Failure::SignInNeeded)),
    "......"
)]
#[case::lost(
    Observation::Lost(Failure::NoAnswer),
    Phase::Unknown { lost: Lost::Failure(Failure::NoAnswer), search: Search::Running },
    "+????."
)]
#[case::reloaded(
    Observation::Reloaded,
    Phase::Unknown { lost: Lost::Reload, search: Search::Running },
    "+????."
)]
#[case::nameless(
    Observation::Accepted(TaskSnapshot::default()),
    Phase::Unknown { lost: Lost::Failure(Failure::Unreadable { html: false }), search: Search::Running },
    "+????."
)]
#[case::signed_out(Observation::SignedOut, Phase::Sending, ">.....")]
fn while_sending(#[case] what: Observation, #[case] phase: Phase, #[case] expected: &str) {
    let mut job = sending();
    job.observe(Timestamp(100), Source::Answer, what);
    assert_eq!(job.phase(), &phase);
    assert_eq!(states(&job), expected);
    assert_eq!(restored(&job), job);
}

#[test]
fn a_reload_never_sends() {
    let mut job = restored(&new_job().job);
    job.observe(Timestamp(100), Source::Reload, Observation::Reloaded);
    assert_eq!(job.phase(), &Phase::NotSent(NotSent::Reloaded));
    let mut job = watched();
    job.observe(Timestamp(200), Source::Reload, Observation::Reloaded);
    assert!(job.is_watched());
}

#[test]
fn a_lost_answer_is_searched_for() {
    let mut job = sending();
    job.observe(Timestamp(100), Source::Answer, Observation::Lost(Failure::NoAnswer));
    assert!(job.is_searched() && job.is_under_way());
    let ids = vec!["t1".into(), "t2".into()];
    job.observe(Timestamp(200), Source::Reconcile, Observation::Several(ids));
    assert!(!job.is_searched());
    job.observe(Timestamp(300), Source::Reconcile, Observation::NoneFound);
    assert!(!job.is_over() && job.is_lost(), "the operator may search again");
    assert!(!job.is_under_way(), "nothing continues without the operator");
    job.observe(Timestamp(400), Source::Reconcile, Observation::Adopted(running()));
    assert_eq!(job.task_id(), Some(&task_id("t1")));
    assert_eq!(states(&job), "++>...");
}

#[test]
fn a_list_that_cannot_be_read_is_reported_until_one_arrives() {
    let mut job = sending();
    job.observe(Timestamp(100), Source::Answer, Observation::Lost(Failure::NoAnswer));
    for at in [200, 300] {
        job.observe(Timestamp(at), Source::Reconcile, Observation::NotReached(refused(403)));
    }
    let lost = job.lost_contact().unwrap();
    assert_eq!((lost.since, lost.failures), (Timestamp(200), 2));
    assert!(job.is_searched());
    assert!(job.observe(Timestamp(400), Source::Reconcile, Observation::NotListed));
    assert_eq!(job.lost_contact(), None);
    assert!(job.is_searched(), "the search continues");
    assert_eq!(job.learnt_at(), Timestamp(400));
    assert_eq!(restored(&job), job);
}

#[test]
fn a_verdict_needs_an_end_and_may_be_renewed() {
    let mut job = watched();
    let gone = Verdict { gone: 3, ..Verdict::default() };
    job.observe(Timestamp(200), Source::Sessions, Observation::Checked(gone));
    assert_eq!(job.verdict(), None);
    seen(&mut job, 500, snapshot("FINISHED", "DONE", "COMPLETE"));
    job.observe(Timestamp(600), Source::Sessions, Observation::Checked(gone));
    assert_eq!(job.verdict(), Some(&gone));
    assert_eq!(states(&job), "++++++");
    let remaining = Verdict { gone: 2, remaining: 1, ..Verdict::default() };
    job.observe(Timestamp(900), Source::Sessions, Observation::Checked(remaining));
    assert_eq!(states(&job), "+++++?");
}

#[test]
fn cancelling_is_a_request() {
    let mut job = watched();
    job.observe(Timestamp(200), Source::Operator, Observation::CancelAsked);
    assert_eq!(job.cancel(), Cancel::Asked);
    job.observe(Timestamp(300), Source::Answer, Observation::CancelRefused(refused(400)));
    assert_eq!(job.cancel(), Cancel::Refused);
    assert!(job.is_watched());
    seen(&mut job, 400, snapshot("CANCEL_REQUESTED", "KILL", ""));
    assert!(job.is_watched());
}

#[test]
fn a_cancel_request_without_an_answer_can_be_repeated_unless_bigiq_confirms_it() {
    let mut job = watched();
    assert!(job.is_cancellable());
    job.observe(Timestamp(200), Source::Operator, Observation::CancelAsked);
    assert!(!job.is_cancellable());
    job.observe(Timestamp(300), Source::Answer, Observation::CancelLost(Failure::NoAnswer));
    assert!(job.is_cancellable());
    seen(&mut job, 400, snapshot("CANCEL_REQUESTED", "KILL", ""));
    assert!(!job.is_cancellable());
    seen(&mut job, 500, snapshot("CANCELED", "KILL", ""));
    assert!(!job.is_cancellable());
}

#[rstest]
#[case::gone(Verdict { gone: 2, ..Verdict::default() }, "++++++")]
#[case::still_there(Verdict { gone: 1, remaining: 1, ..Verdict::default() }, "+++++?")]
#[case::not_verifiable(Verdict { blind: 1, ..Verdict::default() }, "+++++?")]
#[case::nobody_was_there(Verdict::default(), "+++++.")]
fn the_verdict_is_the_last_step(#[case] found: Verdict, #[case] expected: &str) {
    let mut job = watched();
    seen(&mut job, 500, snapshot("FINISHED", "DONE", "COMPLETE"));
    job.observe(Timestamp(600), Source::Sessions, Observation::Checked(found));
    assert_eq!(states(&job), expected);
}

#[test]
fn spans_skip_unobserved_steps() {
    let mut job = watched();
    seen(&mut job, 431, snapshot("FINISHED", "DONE", "COMPLETE"));
    let steps = job.progress();
    let spans: Vec<_> = steps.iter().map(|s| s.span.map(|d| d.as_millis())).collect();
    assert_eq!(spans, [None, Some(80), Some(0), None, Some(331), None]);
    assert_eq!(steps[3].state, StepState::Done);
    assert_eq!(steps[3].at, None);
}

fn any_snapshot() -> impl Strategy<Value = TaskSnapshot> {
    let status = prop::sample::select(vec![
        "",
        "CREATED",
        "STARTED",
        "FINISHED",
        "FAILED",
        "CANCELLED",
        "CANCELED",
        "CANCEL_REQUESTED",
        "PAUSED",
    ]);
    let step = prop::sample::select(vec!["", "RESOLVE_DEVICES", "KILL", "DONE", "NAP"]);
    let result = prop::sample::select(vec!["", "COMPLETE", "FAILED", "PENDING", "WHO_KNOWS"]);
    let task = prop::sample::select(vec![None, Some("t1"), Some("t1"), Some("t2")]);
    let devices = prop::collection::vec("m[1-3]|red-a", 0..3);
    (status, step, result, task, devices).prop_map(|(status, step, result, task, devices)| {
        TaskSnapshot {
            task: task.map(TaskId::new),
            devices: machines(&devices),
            ..snapshot(status, step, result)
        }
    })
}

fn any_observation() -> impl Strategy<Value = Observation> {
    let failure = prop::sample::select(vec![
        Failure::NoAnswer,
        Failure::SignInNeeded,
        refused(404),
        refused(502),
    ]);
    let plain = prop::sample::select(vec![
        Observation::Confirmed,
        Observation::Sent,
        Observation::NotSent(NotSent::Dropped),
        Observation::NotListed,
        Observation::NoneFound,
        Observation::Several(vec!["t1".into(), "t2".into()]),
        Observation::Resolved(vec![]),
        Observation::Reloaded,
        Observation::SignedOut,
        Observation::CancelAsked,
        Observation::Checked(Verdict { gone: 1, ..Verdict::default() }),
        Observation::Checked(Verdict { remaining: 1, ..Verdict::default() }),
    ]);
    prop_oneof![
        3 => plain,
        3 => failure.prop_flat_map(|f| prop::sample::select(vec![
            Observation::Rejected(f.clone()),
            Observation::Lost(f.clone()),
            Observation::NotReached(f.clone()),
            Observation::Missing(f.clone()),
            Observation::CancelRefused(f.clone()),
            Observation::CancelLost(f),
        ])),
        4 => any_snapshot().prop_map(Observation::Seen),
        1 => any_snapshot().prop_map(Observation::Accepted),
        1 => any_snapshot().prop_map(Observation::Adopted),
    ]
}

proptest! {
    #[test]
    fn no_order_of_events_makes_a_job_lie(
        first in prop::sample::select(vec![0, 0, 1, 2]),
        orders in prop::collection::vec((any_observation(), 0_i64..5_000, any::<bool>()), 0..40),
    ) {
        let (mut job, mut posts) = match first {
            0 => (watched(), 1),
            1 => (sending(), 1),
            _ => (new_job().job, 0),
        };
        let mut end: Option<(Phase, Option<Timestamp>)> = None;
        let mut now = 1_000;
        for (what, wait, starts) in orders {
            now += wait;
            if starts {
                // Another job's request is not accepted. A job's own can't be copied; even if it could, the job would be sent once.
                let other = started("user2\nuser3").items.remove(1).queued;
                prop_assert!(job.start_sending(Timestamp(now), other).is_none());
                posts += usize::from(job.start_sending(Timestamp(now), new_job().queued).is_some());
            }
            let before = job.events().to_vec();
            let phase = job.phase().clone();
            let new = job.observe(Timestamp(now), Source::Poll, what);

            // Nothing is rewritten: only the count of the last entry may change.
            let closed = before.len().saturating_sub(1);
            prop_assert_eq!(&job.events()[..closed], &before[..closed]);
            if let (Some(old), Some(same)) = (before.last(), job.events().get(closed)) {
                prop_assert_eq!((old.at, old.source, &old.what, old.odd), (same.at, same.source, &same.what, same.odd));
                prop_assert!(same.times >= old.times);
            }
            if !new {
                prop_assert_eq!(job.phase(), &phase);
                prop_assert_eq!(job.events().len(), before.len());
            }
            if job.is_over() {
                let now_end = (job.phase().clone(), job.ended_at());
                prop_assert_eq!(end.get_or_insert_with(|| now_end.clone()), &now_end);
            } else {
                prop_assert!(end.is_none(), "an ended job is not under way again");
            }
            prop_assert!(posts <= 1, "posted twice");
            prop_assert_eq!(job.sent_at().is_some(), posts == 1);
            let sent = job.events().iter().filter(|event| event.what == Observation::Sent).count();
            prop_assert_eq!(sent, posts);
            if matches!(job.phase(), Phase::Watched { .. } | Phase::Ended(_)) {
                prop_assert!(job.task_id().is_some() && posts == 1);
            }
            prop_assert_eq!(job.progress().len(), 6);
            prop_assert_eq!(&restored(&job), &job);
        }
    }
}
