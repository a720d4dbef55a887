//! Kills that meet something unusual between their confirmation and their end: answers that are lost, kills by others,
//! task lists that can't be read, tokens that expire, clocks that are wrong.

use crate::scene::{KILL, LONE, SILENT, Scene, Shown, TASK, shows, timeline};
use curfew_client::platform::Clock as _;
use curfew_core::ids::JobId;
use curfew_core::job::{Failure, Finding, Job, Observation, Phase, Search};
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;

/// Its tasks take some seconds.
const SLOW: &str = "slow.example.test";
const EXCHANGE: &str = "/mgmt/shared/authn/exchange";

fn post(fault: &Value) -> Value {
    json!({"method": "POST", "path": KILL, "count": 1, "fault": fault})
}

fn lists(fault: &Value) -> Value {
    json!({"method": "GET", "path": KILL, "fault": fault})
}

fn polls(fault: &Value) -> Value {
    json!({"method": "GET", "path": TASK, "fault": fault})
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

fn has(job: &Job, is: fn(&Observation) -> bool) -> bool {
    job.events().iter().any(|event| is(&event.what))
}

fn is_adopted(job: &Job) -> bool {
    has(job, |what| matches!(what, Observation::Adopted(_)))
}

/// The kill of user2 on a device, as Curfew sends it.
fn same(device: &str) -> Value {
    let link = format!("https://localhost/mgmt/cm/system/machineid-resolver/{device}");
    json!({"action": "KILL_BY_USER", "userName": "user2", "deviceReferences": [{"link": link}]})
}

impl Scene {
    fn job(&self, job: &JobId) -> Job {
        self.tab.job(job)
    }

    /// The sessions of user2 that exist on a device.
    fn sessions_of_user2(&self, device: &str) -> usize {
        let all = self.browser.control("GET", "/_sim/sessions", &Value::Null);
        let is_meant = |session: &&Value| session["user"] == "user2" && session["device"] == device;
        all.as_array().unwrap().iter().filter(is_meant).count()
    }

    /// How often a single task was read.
    fn poll_count(&self) -> usize {
        let calls = self.browser.calls();
        calls.iter().filter(|call| call.starts_with(&format!("GET {KILL}/"))).count()
    }

    fn device(&self, name: &str) -> String {
        let devices = self.inventory.devices().iter();
        devices
            .filter(|device| device.name == name)
            .map(|device| device.id.to_string())
            .next()
            .unwrap()
    }
}

#[rstest]
#[case(json!({"kind": "drop-after-effect"}))]
#[case(json!({"kind": "html", "status": 502, "afterEffect": true}))]
#[case(json!({"kind": "html", "status": 200, "afterEffect": true}))]
#[case(json!({"kind": "html", "status": 403, "afterEffect": true}))]
#[case(json!({"kind": "html", "status": 404, "afterEffect": true}))]
#[case(json!({"kind": "truncate"}))]
fn the_task_of_a_lost_answer_is_found_and_nothing_is_sent_again(#[case] fault: Value) {
    let scene = Scene::new();
    scene.browser.faults(&json!([post(&fault)]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::Finished]);
    assert!(is_adopted(&scene.job(&job)));
    assert_eq!(scene.sent_jobs(), [job.as_str()]);
    assert_eq!(scene.sessions_of_user2(LONE), 0);
}

#[rstest]
#[case(json!({"kind": "drop-before-effect"}))]
#[case(json!({"kind": "html", "status": 502}))]
fn a_lost_request_is_unknown_and_none_is_said_only_after_75_s(#[case] fault: Value) {
    let scene = Scene::new();
    scene.browser.faults(&json!([post(&fault)]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::Unknown]);
    let none = |job: &Job| matches!(job.phase(), Phase::Unknown { search: Search::NoneFound, .. });
    assert!(!scene.tab.until(&job, Duration::from_secs(70), none));
    assert!(scene.tab.until(&job, minutes(3), none), "{}", timeline(&scene.job(&job)));
    assert_eq!(scene.sent_jobs(), [job.as_str()]);
    assert_eq!(scene.sessions_of_user2(LONE), 2);
}

#[test]
fn two_equal_kills_by_hand_just_before_are_not_taken_for_the_lost_one() {
    let scene = Scene::new();
    let by_hand = [(); 2].map(|()| scene.browser.kill_by_hand("manager", &same(LONE)));
    scene.browser.faults(&json!([post(&json!({"kind": "drop-after-effect"}))]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::Finished]);
    let task = scene.job(&job).task_id().unwrap().to_string();
    assert!(is_adopted(&scene.job(&job)) && !by_hand.contains(&task), "{by_hand:?} {task}");
    assert_eq!(scene.sent_jobs(), [job.as_str()]);
}

#[test]
fn a_kill_by_hand_just_before_a_lost_request_is_not_adopted_not_even_after_a_reload() {
    let mut scene = Scene::new();
    scene.browser.kill_by_hand("manager", &same(LONE));
    let mut unread = lists(&json!({"kind": "drop-before-effect"}));
    // The first list is read before the kill.
    unread["skip"] = 1.into();
    scene.browser.faults(&json!([post(&json!({"kind": "drop-before-effect"})), unread]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::Unknown]);
    scene.tab = scene.tab.reload();
    scene.browser.faults(&json!([]));
    scene.tab.sign_in("manager");
    scene.browser.pass(minutes(3));
    assert!(matches!(scene.job(&job).phase(), Phase::Unknown { search: Search::NoneFound, .. }));
    assert_eq!(scene.sent_jobs(), [job.as_str()]);
}

#[test]
fn of_two_equal_requests_one_is_lost_and_the_only_task_is_shown_at_both() {
    let scene = Scene::new();
    let lost = ["drop-before-effect", "drop-after-effect"].map(|kind| post(&json!({"kind": kind})));
    scene.browser.faults(&json!(lost));
    let first = scene.kill(LONE, None);
    scene.expect(&first, &[Shown::Unknown]);
    let second = scene.kill(LONE, None);
    scene.expect(&second, &[Shown::Unknown]);
    let task = scene.browser.tasks_of("manager")[0]["id"].as_str().unwrap().to_owned();
    for job in [&first, &second] {
        let shows_it = |job: &Job| match job.phase() {
            Phase::Unknown { search: Search::Several(tasks), .. } => tasks[0].as_str() == task,
            _ => false,
        };
        assert!(scene.tab.until(job, minutes(5), shows_it), "{}", timeline(&scene.job(job)));
    }
    assert_eq!(scene.sent_jobs(), [first.as_str(), second.as_str()]);
}

/// The second has started its task, but its answer is still on its way.
#[test]
fn the_task_of_an_equal_request_that_is_being_sent_is_not_adopted() {
    let scene = Scene::new();
    let lost = post(&json!({"kind": "drop-before-effect"}));
    let late = post(&json!({"kind": "delay", "ms": 20_000, "afterEffect": true}));
    scene.browser.faults(&json!([lost, late]));
    let first = scene.kill(LONE, None);
    scene.expect(&first, &[Shown::Unknown]);
    let second = scene.kill(LONE, None);
    scene.expect(&second, &[Shown::Finished]);
    let task = scene.browser.tasks_of("manager")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(scene.job(&second).task_id().unwrap().as_str(), task);
    assert!(scene.job(&first).task_id().is_none(), "{}", timeline(&scene.job(&first)));
}

/// Another tab has the same kill in flight. The list before the second kill can't be read, so only the tabs know.
#[test]
fn the_task_of_an_equal_kill_in_another_tab_is_shown_but_not_adopted() {
    let scene = Scene::new();
    let endless = polls(&json!({"kind": "status-regress"}));
    scene.browser.faults(&json!([endless]));
    let first = scene.kill(LONE, None);
    scene.expect(&first, &[Shown::Running]);
    let mut unread = lists(&json!({"kind": "status", "status": 500}));
    unread["count"] = 1.into();
    let lost = post(&json!({"kind": "drop-before-effect"}));
    scene.browser.faults(&json!([endless, unread, lost]));
    let other = scene.in_another_tab();
    other.tab.sign_in("manager");
    other.tab.ask_tabs();
    scene.browser.pass(Duration::from_secs(1));
    let second = other.kill(LONE, None);
    scene.browser.pass(minutes(5));
    let job = other.job(&second);
    assert!(
        matches!(job.phase(), Phase::Unknown { .. }) && !is_adopted(&job),
        "{}",
        timeline(&job)
    );
    assert!(scene.job(&first).task_id().is_some());
}

/// Nothing in a 401 says whether the body was processed. In the last two, a kill that is repeated by itself would run
/// twice.
#[rstest]
#[case(json!({"kind": "revoke-access"}), Shown::ConfirmAgain, 0)]
#[case(json!({"kind": "status", "status": 401, "message": "Invalid registered claims."}), Shown::ConfirmAgain, 0)]
#[case(json!({"kind": "html", "status": 401}), Shown::Refused, 0)]
#[case(json!({"kind": "status", "status": 401, "message": "Invalid registered claims.", "afterEffect": true}), Shown::ConfirmAgain, 1)]
#[case(json!({"kind": "html", "status": 401, "afterEffect": true}), Shown::Refused, 1)]
fn a_kill_that_gets_a_401_is_never_repeated(
    #[case] fault: Value,
    #[case] shown: Shown,
    #[case] tasks: usize,
) {
    let scene = Scene::new();
    scene.browser.faults(&json!([post(&fault)]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[shown]);
    scene.browser.pass(minutes(10));
    scene.expect(&job, &[shown]);
    assert_eq!(scene.sent_jobs(), [job.as_str()]);
    assert_eq!(scene.browser.tasks_of("manager").len(), tasks);
    // Only BIG-IQ's list shows whether a task has started anyway.
    assert!(scene.job(&job).may_have_started());
}

#[test]
fn a_kill_does_not_wait_for_a_slow_list_of_earlier_tasks() {
    let scene = Scene::new();
    let mut slow = lists(&json!({"kind": "delay", "ms": 600_000}));
    slow["count"] = 1.into();
    scene.browser.faults(&json!([slow]));
    let job = scene.kill(LONE, None);
    assert!(scene.tab.until(&job, Duration::from_secs(15), |job| shows(
        &scene.tab,
        job,
        Shown::Finished
    )));
}

#[test]
fn a_503_with_a_wait_delays_the_next_poll_by_it() {
    let scene = Scene::new();
    let mut busy = polls(&json!({"kind": "status", "status": 503, "retryAfter": 100}));
    busy["count"] = 1.into();
    scene.browser.faults(&json!([busy]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::ConnectionLost]);
    scene.browser.pass(Duration::from_secs(98));
    assert_eq!(scene.poll_count(), 1);
    scene.expect(&job, &[Shown::Finished]);
}

#[rstest]
#[case(json!({"kind": "html", "status": 404}))]
#[case(json!({"kind": "status", "status": 404, "message": "no such collection"}))]
#[case(json!({"kind": "status", "status": 403, "message": "No."}))]
fn without_the_task_list_each_of_five_tasks_is_read_to_its_end(#[case] fault: Value) {
    let scene = Scene::new();
    scene.browser.faults(&json!([lists(&fault)]));
    let users = ["user2", "a", "b", "c", "d"];
    for job in scene.kill_users(&users, &scene.device(SLOW), None) {
        scene.expect(&job, &[Shown::Finished]);
    }
    assert!(scene.poll_count() > 5);
}

#[test]
fn a_poll_that_hangs_delays_no_other() {
    let scene = Scene::new();
    scene.browser.faults(&json!([polls(&json!({"kind": "status-regress"}))]));
    let jobs = scene.kill_users(&["user2", "nobody-1"], LONE, None);
    let [hung, other] = [&jobs[0], &jobs[1]];
    jobs.iter().for_each(|job| _ = scene.expect(job, &[Shown::Running]));
    let path = format!("{KILL}/{}", scene.job(hung).task_id().unwrap());
    scene.browser.faults(&json!([{"path": path, "fault": {"kind": "delay", "ms": 600_000}}]));
    let is_over = |job: &Job| shows(&scene.tab, job, Shown::Finished);
    assert!(scene.tab.until(other, Duration::from_secs(30), is_over));
    scene.expect(hung, &[Shown::Running, Shown::ConnectionLost]);
    scene.browser.faults(&json!([]));
    scene.expect(hung, &[Shown::Finished]);
}

#[rstest]
#[case(3_600_000)]
#[case(-3_600_000)]
fn a_lost_answer_is_found_though_the_clock_is_wrong(#[case] millis: i64) {
    let scene = Scene::new();
    scene.browser.set_clock_by(millis);
    scene.browser.faults(&json!([post(&json!({"kind": "drop-after-effect"}))]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::Finished]);
    assert_eq!(scene.sent_jobs(), [job.as_str()]);
}

#[rstest]
#[case(json!({"kind": "source-address", "address": "192.0.2.77"}), bigiq::Refusal::WrongAddress)]
#[case(json!({"kind": "status", "status": 401, "message": "Authorization failed: user=manager verb=GET"}), bigiq::Refusal::NotPermitted)]
fn a_401_that_is_not_about_the_token_asks_for_no_new_one(
    #[case] fault: Value,
    #[case] expected: bigiq::Refusal,
) {
    let scene = Scene::new();
    scene.browser.faults(&json!([polls(&fault)]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::ConnectionLost]);
    let failure = scene.job(&job).lost_contact().unwrap().failure.clone();
    assert!(
        matches!(failure, Failure::Refused { refusal, .. } if refusal == expected),
        "{failure:?}"
    );
    assert_eq!(scene.browser.count("POST", EXCHANGE), 0);
    assert!(scene.tab.client().is_some());
    scene.browser.faults(&json!([]));
    scene.expect(&job, &[Shown::Finished]);
}

#[test]
fn a_long_request_to_cancel_is_polled_to_its_end() {
    let scene = Scene::new();
    scene.browser.faults(&json!([polls(&json!({"kind": "cancel-requested"}))]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::Cancelling]);
    for _ in 0..4 {
        let before = scene.poll_count();
        scene.browser.pass(minutes(5));
        assert!(scene.poll_count() > before);
    }
    scene.browser.faults(&json!([]));
    scene.expect(&job, &[Shown::Finished]);
}

#[rstest]
#[case("CANCELED")]
#[case("CANCELLED")]
fn a_request_to_cancel_is_followed_to_its_end_in_both_spellings(#[case] spelling: &str) {
    let scene = Scene::new();
    scene.browser.settings(&json!({"cancelledSpelling": spelling, "cancelMs": 600_000}));
    let job = scene.kill(SILENT, None);
    scene.expect(&job, &[Shown::Running]);
    scene.tab.cancel(&job);
    scene.expect(&job, &[Shown::Cancelling]);
    assert_eq!(scene.browser.tasks_of("manager")[0]["status"], "CANCEL_REQUESTED");
    scene.tab.cancel(&job);
    scene.expect(&job, &[Shown::Cancelled]);
    assert_eq!(scene.browser.tasks_of("manager")[0]["status"], spelling);
    let sent = scene.browser.sent();
    let asked: Vec<_> = sent.iter().filter(|sent| sent.method == "PATCH").collect();
    assert_eq!(asked.len(), 1, "once");
    assert_eq!(asked[0].body.as_deref(), Some(r#"{"status":"CANCEL_REQUESTED"}"#));
}

#[rstest]
#[case(404)]
#[case(503)]
fn a_restart_of_bigiq_ends_the_sign_in_and_loses_no_job(#[case] status: u16) {
    let scene = Scene::new();
    let mut restart = polls(&json!({"kind": "restart", "seconds": 60, "status": status}));
    restart["count"] = 1.into();
    scene.browser.faults(&json!([restart]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::ConnectionLost]);
    assert!(scene.tab.client().is_some(), "a starting BIG-IQ says nothing about the sign-in");
    // All tokens are invalid then.
    scene.expect(&job, &[Shown::SignInAgain]);
    scene.tab.sign_in_if_needed();
    scene.expect(&job, &[Shown::Finished]);
    assert_eq!(scene.sent_jobs(), [job.as_str()]);
}

#[test]
fn the_ten_hours_of_a_sign_in_end_while_a_job_runs() {
    let scene = Scene::new();
    scene.browser.faults(&json!([polls(&json!({"kind": "status-regress"}))]));
    let job = scene.kill(LONE, None);
    let start = scene.browser.monotonic_ms();
    let is_asked = |_: &Job| scene.tab.client().is_none();
    assert!(scene.tab.until(&job, minutes(11 * 60), is_asked));
    let hours = (scene.browser.monotonic_ms() - start) / 3_600_000.0;
    assert!((9.9..10.2).contains(&hours), "{hours}");
    scene.browser.faults(&json!([]));
    scene.tab.sign_in_if_needed();
    scene.expect(&job, &[Shown::Finished]);
    assert_eq!(scene.sent_jobs(), [job.as_str()]);
}

#[test]
fn the_task_of_a_silent_device_fails_after_75_s() {
    let scene = Scene::new();
    let job = scene.kill(SILENT, None);
    scene.expect(&job, &[Shown::Running]);
    let is_over = |job: &Job| shows(&scene.tab, job, Shown::Failed);
    assert!(!scene.tab.until(&job, Duration::from_secs(60), is_over));
    scene.expect(&job, &[Shown::Failed]);
}

#[test]
fn a_user_without_sessions_before_has_nothing_to_verify() {
    let scene = Scene::new();
    let job = scene.kill_users(&["nobody"], LONE, Some(scene.live())).remove(0);
    scene.rest(&job);
    assert_eq!(scene.job(&job).verdict().unwrap().finding(), Finding::NothingToVerify);
}

#[test]
fn a_user_who_comes_back_has_new_sessions() {
    let scene = Scene::new();
    scene.browser.settings(&json!({"returningPerMille": 1000}));
    let job = scene.kill(LONE, Some(scene.live()));
    scene.expect(&job, &[Shown::Verified]);
    scene.browser.pass(minutes(5));
    scene.tab.compare(&job);
    let came_back = |job: &Job| job.verdict().is_some_and(|verdict| verdict.came_back == 2);
    assert!(scene.tab.until(&job, minutes(1), came_back), "{}", timeline(&scene.job(&job)));
    scene.expect(&job, &[Shown::Verified]);
    assert_eq!(scene.sessions_of_user2(LONE), 2);
}

#[test]
fn an_old_task_is_polled_at_once_after_a_reload() {
    let mut scene = Scene::new();
    scene.browser.faults(&json!([polls(&json!({"kind": "status-regress"}))]));
    let job = scene.kill(LONE, None);
    scene.expect(&job, &[Shown::Running]);
    scene.browser.pass(minutes(5));
    scene.tab = scene.tab.reload();
    scene.browser.faults(&json!([]));
    scene.tab.sign_in("manager");
    let is_over = |job: &Job| shows(&scene.tab, job, Shown::Finished);
    assert!(scene.tab.until(&job, Duration::from_secs(2), is_over));
}
