//! Tables of the engine's decisions. The exploration shows that they fit together.

use super::state::REST;
use super::*;
use crate::app::AccountKey;
use crate::count::Count;
use crate::fixture::{account, batch_id, confirmed, draft, inventory, machine, reading_at, wire};
use crate::ids::{MachineId, TaskId};
use crate::inventory::{DeviceList, Live, Reading};
use crate::job::{
    Cancel, End, Failure, Finding, Job, NotSent, Phase, Refusal, Search, SendOutcome, Status, Step,
    TaskSnapshot,
};
use crate::plan::{Answer, Plan};
use crate::timestamp::Timestamp;
use bigiq::KillTask;
use rstest::rstest;
use serde_json::json;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// An engine whose storage works until it is broken.
struct Console {
    engine: Engine,
    now: Timestamp,
    /// How far the time of day was set forward, in milliseconds.
    ahead: i64,
    storage: BTreeMap<String, String>,
    is_storage_broken: bool,
    /// The calls that have no answer yet.
    calls: VecDeque<ApiCall>,
    announced: usize,
    announced_tasks: Vec<TaskId>,
    wake: Duration,
    /// What is known when a request is sent.
    known: Option<Before>,
    outdated: usize,
}

impl Console {
    fn new() -> Self {
        Self::with(Settings { per_minute: 0, at_once: 2 })
    }

    fn with(settings: Settings) -> Self {
        let mut console = Self {
            engine: Engine::without_jitter(settings),
            now: Timestamp(1_000_000),
            ahead: 0,
            storage: BTreeMap::new(),
            is_storage_broken: false,
            calls: VecDeque::new(),
            announced: 0,
            announced_tasks: Vec::new(),
            wake: Duration::ZERO,
            known: None,
            outdated: 0,
        };
        console.feed(Input::SignedIn(account()));
        console
    }

    fn feed(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let monotonic = Duration::from_millis((self.now.0 - self.ahead).unsigned_abs());
            for effect in self.engine.handle(Now { wall: self.now, monotonic }, input) {
                match effect {
                    Effect::Store(write) => {
                        if !self.is_storage_broken {
                            self.storage.extend(write.records);
                        }
                        let is_stored = !self.is_storage_broken;
                        inputs.push_back(Input::Stored { write: write.id, is_stored });
                    }
                    Effect::Forget(keys) => self.storage.retain(|key, _| !keys.contains(key)),
                    Effect::Call(call) => self.calls.push_back(call),
                    Effect::Announce { .. } => self.announced += 1,
                    Effect::AnnounceTask { task, .. } => self.announced_tasks.push(task),
                    Effect::WakeIn(wait) => self.wake = wait,
                    Effect::SessionsOutdated => self.outdated += 1,
                    Effect::ReportSessions { job, .. } => {
                        let before = self.known.clone();
                        inputs.push_back(Input::SessionsKnown { job, before });
                    }
                    _ => {}
                }
            }
        }
    }

    fn start(&mut self, id: &str, users: &str) {
        self.start_with(id, users, Storing::Required, None);
    }

    fn start_with(&mut self, id: &str, users: &str, storing: Storing, before: Option<Before>) {
        let confirmed = confirmed(&draft(users, &[], &[], &["lone"]));
        self.feed(Input::Confirmed { confirmed, id: batch_id(id), storing, before });
    }

    /// Starts a plan, and answers its list of existing tasks.
    fn send(&mut self, id: &str, users: &str) {
        self.start(id, users);
        self.answer_list(&[]);
    }

    /// Starts a plan, and BIG-IQ accepts its requests as tasks `1`, `2` and so on.
    fn accept(&mut self, id: &str, users: &str) {
        self.send(id, users);
        for number in 1.. {
            let Some(job) = self.posted() else { return };
            self.answer(job, SendOutcome::Accepted(task(&number.to_string(), "STARTED")));
        }
    }

    fn pass(&mut self, seconds: f64) {
        self.now = self.now.plus(Duration::from_secs_f64(seconds));
        self.feed(Input::Timer);
    }

    /// The job of the next POST.
    fn posted(&mut self) -> Option<JobIndex> {
        let is_post = |call: &ApiCall| matches!(call, ApiCall::Post { .. });
        let index = self.calls.iter().position(is_post)?;
        match self.calls.remove(index)? {
            ApiCall::Post { job, .. } => Some(job),
            _ => None,
        }
    }

    fn posts(&self) -> usize {
        self.calls.iter().filter(|call| matches!(call, ApiCall::Post { .. })).count()
    }

    fn reads(&self) -> Vec<JobIndex> {
        let read = |call: &ApiCall| match call {
            ApiCall::ReadTask { job, .. } => Some(*job),
            _ => None,
        };
        self.calls.iter().filter_map(read).collect()
    }

    fn lists(&self) -> Vec<TaskQuery> {
        let list = |call: &ApiCall| match call {
            ApiCall::ReadTasks { query, .. } => Some(*query),
            _ => None,
        };
        self.calls.iter().filter_map(list).collect()
    }

    fn answer(&mut self, job: JobIndex, outcome: SendOutcome) {
        self.feed(Input::Answered { job, answer: SendAnswer { outcome, retry_after: None } });
    }

    /// Answers the first list that was requested.
    fn list(&mut self, answer: Result<TaskPage, CallFailure>) {
        let is_list = |call: &ApiCall| matches!(call, ApiCall::ReadTasks { .. });
        let index = self.calls.iter().position(is_list).expect("a list");
        if let Some(ApiCall::ReadTasks { purpose, .. }) = self.calls.remove(index) {
            self.feed(Input::TasksRead { purpose, answer });
        }
    }

    fn answer_list(&mut self, tasks: &[KillTask]) {
        self.answer_list_at(tasks, self.now);
    }

    /// The same, at this time by BIG-IQ's clock.
    fn answer_list_at(&mut self, tasks: &[KillTask], server: Timestamp) {
        self.list(Ok(TaskPage::of(tasks, self.now, Some(server), false)));
    }

    /// The browser's time of day is set; the monotonic clock is not affected.
    fn set_clock(&mut self, seconds: i64) {
        self.now = Timestamp(self.now.0 + seconds * 1_000);
        self.ahead += seconds * 1_000;
    }

    /// Answers the read of a task.
    fn read(&mut self, job: JobIndex, answer: Result<TaskSnapshot, CallFailure>) {
        let is_it =
            |call: &ApiCall| matches!(call, ApiCall::ReadTask { job: of, .. } if *of == job);
        let index = self.calls.iter().position(is_it).expect("a read");
        self.calls.remove(index);
        self.feed(Input::TaskRead { job, answer });
    }

    fn job(&self, number: usize) -> &Job {
        self.engine.job(JobIndex(number)).expect("a job")
    }

    /// A console that was reloaded, before anyone signs in.
    fn reloaded(&self) -> Self {
        Self { storage: self.storage.clone(), now: self.now, ..Self::new() }
    }

    fn restore(&mut self, is_of_other_tab: bool) {
        let names: Vec<String> = self.storage.keys().cloned().collect();
        let storage = self.storage.clone();
        let mut batches = read_batches(&names, &|key| storage.get(key).cloned(), &account());
        batches.iter_mut().for_each(|stored| stored.is_of_other_tab = is_of_other_tab);
        self.feed(Input::Restored(batches));
    }
}

fn task(id: &str, status: &str) -> TaskSnapshot {
    TaskSnapshot {
        task: Some(TaskId::new(id)),
        status: Some(Status::parse(status)),
        ..TaskSnapshot::default()
    }
}

fn ended(id: &str) -> TaskSnapshot {
    TaskSnapshot {
        task: Some(TaskId::new(id)),
        ..crate::fixture::snapshot("FINISHED", "DONE", "COMPLETE")
    }
}

/// The task of a kill of this user's sessions, as the list shows it.
fn listed(id: &str, user: &str, at: Timestamp) -> KillTask {
    serde_json::from_value(json!({
        "id": id, "action": "KILL_BY_USER", "userName": user, "username": "manager", "status": "STARTED",
        "deviceReferences": [{"link": "https://localhost/mgmt/cm/system/machineid-resolver/lone"}],
        "startDateTime": at.to_rfc3339(0),
    }))
    .unwrap()
}

fn failed(failure: Failure) -> CallFailure {
    CallFailure { failure, retry_after: None, is_gone: false, is_refused_for_good: false }
}

fn refused(status: u16, refusal: Refusal) -> Failure {
    Failure::Refused { status, refusal, message: None }
}

mod sending {
    use super::*;

    #[rstest]
    #[case::accepted(SendOutcome::Accepted(task("1", "STARTED")), "running")]
    #[case::ended_at_once(SendOutcome::Accepted(ended("1")), "ended")]
    #[case::without_an_id(SendOutcome::Accepted(TaskSnapshot::default()), "unknown")]
    #[case::no_token(SendOutcome::NotSent(Failure::SignInNeeded), "not sent")]
    #[case::refused(SendOutcome::Rejected(refused(400, Refusal::Invalid)), "rejected")]
    #[case::no_answer(SendOutcome::Unknown(Failure::NoAnswer), "unknown")]
    #[case::proxy(SendOutcome::Unknown(refused(502, Refusal::Server)), "unknown")]
    fn what_an_answer_means(#[case] outcome: SendOutcome, #[case] phase: &str) {
        let mut console = Console::new();
        console.send("b1", "user2");
        let job = console.posted().unwrap();
        console.answer(job, outcome);
        let shown = match console.job(0).phase() {
            Phase::Watched { .. } => "running",
            Phase::Ended(End::Success) => "ended",
            Phase::NotSent(_) => "not sent",
            Phase::Rejected(_) => "rejected",
            Phase::Unknown { .. } => "unknown",
            other => panic!("{other:?}"),
        };
        assert_eq!(shown, phase);
    }

    #[test]
    fn the_existing_tasks_are_noted_before_anything_is_sent() {
        let mut console = Console::new();
        console.start("b1", "user2");
        assert_eq!(console.posts(), 0);
        assert_eq!(console.lists(), [TaskQuery::Ids { top: 100, within: Duration::from_secs(1) }]);
        let here = console.now;
        console.answer_list(&[listed("old", "user2", here)]);
        assert_eq!(console.posts(), 1);
        assert!(console.storage["curfew:before:b1"].contains("old"));
        // Its answer is lost, and the list shows only the task that was there before.
        let job = console.posted().unwrap();
        console.now = console.now.plus(Duration::from_secs(1));
        console.answer(job, SendOutcome::Unknown(Failure::NoAnswer));
        console.answer_list(&[listed("old", "user2", here)]);
        assert!(console.job(0).is_searched());
    }

    #[test]
    fn a_list_that_fails_does_not_delay_a_kill() {
        let mut console = Console::new();
        console.start("b1", "user2");
        console.list(Err(failed(Failure::Timeout { seconds: 1 })));
        assert_eq!(console.posts(), 1);
    }

    #[rstest]
    #[case::required(Storing::Required, 0)]
    #[case::if_possible(Storing::IfPossible, 1)]
    fn without_storage_a_plan_starts_only_if_the_operator_accepts_that(
        #[case] storing: Storing,
        #[case] jobs: usize,
    ) {
        let mut console = Console::new();
        console.is_storage_broken = true;
        console.start_with("b1", "user2", storing, None);
        assert_eq!((console.engine.len(), console.announced), (jobs, jobs));
        if jobs > 0 {
            console.answer_list(&[]);
        }
        assert_eq!(console.posts(), jobs);
    }

    #[test]
    fn a_request_whose_record_can_not_be_stored_is_not_sent() {
        let mut console = Console::new();
        console.start("b1", "user2\nuser3");
        console.is_storage_broken = true;
        console.answer_list(&[]);
        assert_eq!(console.posts(), 0);
        for number in 0..2 {
            assert_eq!(*console.job(number).phase(), Phase::NotSent(NotSent::NotStored));
        }
    }

    #[test]
    fn the_record_of_a_request_is_stored_before_it_is_sent() {
        let mut console = Console::new();
        console.send("b1", "user2");
        assert_eq!(console.posts(), 1);
        assert!(console.storage["curfew:job:b1.1"].contains("Sent"));
    }

    #[test]
    fn a_few_are_sent_at_once() {
        let mut console = Console::new();
        console.send("b1", "a\nb\nc\nd");
        assert_eq!(console.posts(), 2);
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Accepted(task("1", "STARTED")));
        assert_eq!(console.posts(), 2, "one more");
        console.answer(job, SendOutcome::Accepted(task("1", "STARTED")));
        assert_eq!(console.posts(), 2, "a second answer to the same request makes no room");
    }

    #[test]
    fn batches_take_turns() {
        let mut console = Console::with(Settings { per_minute: 0, at_once: 1 });
        console.send("b1", "a\nb\nc");
        console.send("b2", "d\ne");
        let mut order = Vec::new();
        while let Some(job) = console.posted() {
            order.push(console.job(job.0).id().to_string());
            console.answer(job, SendOutcome::Rejected(refused(400, Refusal::Invalid)));
        }
        assert_eq!(order, ["b1.1", "b2.1", "b1.2", "b2.2", "b1.3"]);
    }

    #[test]
    fn a_paused_batch_waits_and_a_dropped_one_is_never_sent() {
        let mut console = Console::with(Settings { per_minute: 0, at_once: 1 });
        console.start("b1", "a\nb\nc");
        console.feed(Input::Pause { batch: batch_id("b1"), pause: true });
        console.answer_list(&[]);
        assert_eq!(console.posts(), 0);
        assert!(!console.engine.is_sending());
        console.feed(Input::Pause { batch: batch_id("b1"), pause: false });
        assert_eq!(console.posts(), 1);
        assert!(console.engine.is_sending());
        console.feed(Input::Drop(batch_id("b1")));
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Accepted(task("1", "STARTED")));
        assert_eq!(console.posts(), 0);
        for number in 1..3 {
            assert_eq!(*console.job(number).phase(), Phase::NotSent(NotSent::Dropped));
        }
    }

    #[rstest]
    #[case::retry_after(Some(20), refused(429, Refusal::Busy), 20)]
    #[case::busy(None, refused(429, Refusal::Busy), 10)]
    #[case::refused(None, refused(400, Refusal::Invalid), 0)]
    fn a_refusal_that_asks_for_a_wait_holds_the_rest_back(
        #[case] retry_after: Option<u64>,
        #[case] failure: Failure,
        #[case] seconds: u64,
    ) {
        let mut console = Console::with(Settings { per_minute: 0, at_once: 1 });
        console.send("b1", "a\nb");
        let job = console.posted().unwrap();
        let outcome = SendOutcome::Rejected(failure);
        let retry_after = retry_after.map(Duration::from_secs);
        console.feed(Input::Answered { job, answer: SendAnswer { outcome, retry_after } });
        assert_eq!(console.posts(), usize::from(seconds == 0));
        if seconds > 0 {
            assert_eq!(
                console.wake,
                Duration::from_secs(seconds),
                "it wakes when the next may be sent"
            );
            console.pass(seconds as f64 - 0.1);
            assert_eq!(console.posts(), 0);
            console.pass(0.1);
            assert_eq!(console.posts(), 1);
        }
    }

    #[test]
    fn a_lost_answer_pauses_sending() {
        let mut console = Console::with(Settings { per_minute: 0, at_once: 1 });
        console.send("b1", "a\nb");
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Unknown(Failure::NoAnswer));
        console.pass(1.9);
        assert_eq!(console.posts(), 0);
        console.pass(0.1);
        assert_eq!(console.posts(), 1);
    }

    #[test]
    fn nothing_is_sent_for_an_operator_who_signed_out() {
        let mut console = Console::with(Settings { per_minute: 0, at_once: 1 });
        console.send("b1", "a\nb");
        console.feed(Input::SignedOut(account()));
        assert_eq!(*console.job(1).phase(), Phase::NotSent(NotSent::SignedOut));
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Accepted(task("1", "STARTED")));
        assert!(console.job(0).is_watched(), "an answer is noted after the sign-out too");
        assert_eq!(console.posts(), 0);
        assert_eq!(console.reads(), [], "nobody is signed in who could read its task");
    }

    #[test]
    fn a_sign_in_that_bigiq_ended_delays_sending() {
        let mut console = Console::with(Settings { per_minute: 0, at_once: 1 });
        console.send("b1", "a\nb");
        console.feed(Input::SignInEnded);
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Rejected(refused(401, Refusal::TokenExpired)));
        assert_eq!(console.posts(), 0);
        assert_eq!(*console.job(1).phase(), Phase::Confirmed);
        console.feed(Input::SignedIn(account()));
        assert_eq!(console.posts(), 1);
    }

    #[test]
    fn another_operator_ends_the_unsent_requests_of_the_first() {
        let mut console = Console::with(Settings { per_minute: 0, at_once: 1 });
        console.send("b1", "a\nb");
        let other = AccountKey { operator: "other".into(), ..account() };
        console.feed(Input::SignedIn(other));
        assert_eq!(*console.job(1).phase(), Phase::NotSent(NotSent::SignedOut));
        assert!(!console.engine.is_sending());
    }

    /// A write that takes longer than the sign-in: browsers store at once, but nothing here depends on that.
    #[test]
    fn a_request_recorded_after_the_sign_out_is_not_sent() {
        let mut engine = Engine::without_jitter(Settings { per_minute: 0, at_once: 1 });
        let now = Now { wall: Timestamp(1_000), monotonic: Duration::ZERO };
        engine.handle(now, Input::SignedIn(account()));
        let plan = confirmed(&draft("a", &[], &[], &["lone"]));
        let id = batch_id("b1");
        let storing = Storing::Required;
        let mut write = None;
        let mut note = |effects: Vec<Effect>| {
            for effect in effects {
                match effect {
                    Effect::Store(one) => write = Some(one.id),
                    Effect::Call(ApiCall::Post { .. }) => panic!("it was sent"),
                    _ => {}
                }
            }
            write
        };
        let input = Input::Confirmed { confirmed: plan, id: id.clone(), storing, before: None };
        let first = note(engine.handle(now, input)).unwrap();
        engine.handle(now, Input::Stored { write: first, is_stored: true });
        let answer = Err(failed(Failure::NoAnswer));
        let input = Input::TasksRead { purpose: Purpose::Before(id), answer };
        let second = note(engine.handle(now, input)).unwrap();
        assert_ne!(first, second);
        engine.handle(now, Input::SignedOut(account()));
        note(engine.handle(now, Input::Stored { write: second, is_stored: true }));
        assert_eq!(*engine.job(JobIndex(0)).unwrap().phase(), Phase::NotSent(NotSent::SignedOut));
    }
}

mod polling {
    use super::*;

    #[test]
    fn a_few_tasks_are_read_singly_until_they_end() {
        let mut console = Console::new();
        console.accept("b1", "a\nb");
        assert_eq!(console.reads(), [], "they have just started");
        console.pass(0.5);
        assert_eq!(console.reads().len(), 2);
        console.pass(60.0);
        assert_eq!(console.reads().len(), 2, "no task is read twice at the same time");
        for (number, job) in console.reads().into_iter().enumerate() {
            console.read(job, Ok(ended(&(number + 1).to_string())));
        }
        console.pass(600.0);
        assert_eq!(console.reads(), []);
        assert_eq!(*console.job(0).phase(), Phase::Ended(End::Success));
    }

    #[test]
    fn many_tasks_are_read_with_one_list() {
        let mut console = Console::new();
        console.accept("b1", "a\nb\nc\nd\ne");
        console.pass(1.0);
        assert_eq!(console.lists(), [TaskQuery::States { top: 500 }]);
        console.pass(60.0);
        assert_eq!(console.lists().len(), 1, "one list at a time");
        let now = console.now;
        let tasks: Vec<_> = (1..4).map(|n| listed(&n.to_string(), "a", now)).collect();
        console.answer_list(&tasks);
        assert_eq!(console.reads(), [JobIndex(3), JobIndex(4)], "those that it lacks");
    }

    #[test]
    fn if_the_list_is_refused_a_few_different_tasks_are_read_at_a_time() {
        let mut console = Console::new();
        console.accept("b1", "a\nb\nc\nd\ne");
        console.pass(1.0);
        let refusal = failed(refused(403, Refusal::NotPermitted));
        console.list(Err(CallFailure { is_refused_for_good: true, ..refusal }));
        let mut read = Vec::new();
        for _ in 0..3 {
            console.pass(6.0);
            assert_eq!(console.reads().len(), 3);
            for job in console.reads() {
                read.push(job.0);
                console.read(job, Ok(task(&(job.0 + 1).to_string(), "STARTED")));
            }
        }
        read.sort_unstable();
        read.dedup();
        assert_eq!(read, [0, 1, 2, 3, 4], "all get their turn");
        console.feed(Input::PollAll);
        assert_eq!(console.lists().len(), 1, "the operator's press tries the list again");
    }

    #[test]
    fn a_failed_list_says_nothing_about_any_task() {
        let mut console = Console::new();
        console.accept("b1", "a\nb\nc\nd");
        console.pass(1.0);
        let retry_after = Some(Duration::from_secs(30));
        console.list(Err(CallFailure { retry_after, ..failed(Failure::NoAnswer) }));
        assert!((0..4).all(|n| console.job(n).is_watched()));
        assert_eq!(console.job(0).lost_contact().unwrap().failures, 1);
        console.pass(29.0);
        assert_eq!(console.lists(), []);
        console.pass(1.5);
        assert_eq!(console.lists().len(), 1);
    }

    #[rstest]
    #[case::gone(true, 2)]
    #[case::proxy(false, 20)]
    fn only_bigiq_can_say_that_a_task_is_gone(#[case] is_gone: bool, #[case] reads: usize) {
        let mut console = Console::new();
        console.accept("b1", "a");
        let mut number = 0;
        while number < 20 && console.job(0).is_watched() {
            console.pass(150.0);
            let failure = failed(refused(404, Refusal::NotFound));
            console.read(JobIndex(0), Err(CallFailure { is_gone, ..failure }));
            number += 1;
        }
        assert_eq!(number, reads);
        assert_eq!(*console.job(0).phase() == Phase::Ended(End::Gone), is_gone);
    }

    #[rstest]
    #[case::hidden(true, true)]
    #[case::offline(false, false)]
    fn a_page_that_is_hidden_or_offline_polls_less_and_catches_up(
        #[case] hidden: bool,
        #[case] online: bool,
    ) {
        let mut console = Console::new();
        console.feed(Input::Page { hidden, online });
        console.accept("b1", "a");
        console.pass(20.0);
        assert_eq!(console.reads(), []);
        console.feed(Input::Page { hidden: false, online: true });
        assert_eq!(console.reads(), [JobIndex(0)]);
    }

    #[test]
    fn polling_goes_on_after_the_next_sign_in() {
        let mut console = Console::new();
        console.accept("b1", "a");
        console.feed(Input::SignInEnded);
        console.pass(600.0);
        assert_eq!(console.reads(), []);
        console.feed(Input::SignedIn(account()));
        assert_eq!(console.reads(), [JobIndex(0)]);
    }

    #[rstest]
    #[case::back(-86_400)]
    #[case::forward(86_400)]
    fn a_clock_that_is_set_does_not_stop_polling(#[case] seconds: i64) {
        let mut console = Console::new();
        console.accept("b1", "a");
        console.set_clock(seconds);
        console.feed(Input::Timer);
        assert_eq!(console.reads(), [JobIndex(0)]);
    }

    #[test]
    fn it_wakes_when_the_next_poll_is_due() {
        let mut console = Console::new();
        console.accept("b1", "a");
        assert!(console.wake <= Duration::from_millis(300), "{:?}", console.wake);
        console.pass(console.wake.as_secs_f64());
        assert_eq!(console.reads(), [JobIndex(0)]);
        console.read(JobIndex(0), Ok(ended("1")));
        assert_eq!(console.wake, REST);
    }
}

mod searching {
    use super::*;

    fn lost(users: &str) -> Console {
        let mut console = Console::new();
        console.send("b1", users);
        while let Some(job) = console.posted() {
            console.answer(job, SendOutcome::Unknown(Failure::NoAnswer));
            console.pass(60.0);
        }
        console
    }

    #[test]
    fn a_task_that_matches_is_adopted_and_polled() {
        let mut console = lost("a");
        assert_eq!(console.lists(), [TaskQuery::Full { skip: 0, top: 500 }], "at once");
        let sent = console.job(0).sent_at().unwrap();
        console.answer_list(&[listed("7", "b", sent), listed("8", "a", sent)]);
        assert_eq!(console.job(0).task_id(), Some(&TaskId::new("8")));
        console.pass(1.0);
        assert_eq!(console.reads(), [JobIndex(0)]);
    }

    #[test]
    fn none_is_reported_only_after_75_s() {
        let mut console = lost("a");
        console.answer_list(&[]);
        assert!(console.job(0).is_searched());
        console.pass(80.0);
        console.answer_list(&[]);
        let none = Phase::Unknown {
            lost: crate::job::Lost::Failure(Failure::NoAnswer),
            search: Search::NoneFound,
        };
        assert_eq!(*console.job(0).phase(), none);
        console.pass(600.0);
        assert_eq!(console.lists(), []);
        console.feed(Input::PollAll);
        let sent = console.job(0).sent_at().unwrap();
        console.answer_list(&[listed("9", "a", sent)]);
        assert!(console.job(0).is_watched(), "the operator's press searches again");
    }

    #[rstest]
    #[case::back(-300)]
    #[case::far_back(-86_400)]
    #[case::forward(3_600)]
    fn a_clock_that_is_set_neither_hides_the_task_nor_ends_the_search(#[case] seconds: i64) {
        let mut console = lost("a");
        let started = console.now;
        console.answer_list(&[]);
        console.set_clock(seconds);
        for _ in 0..2 {
            console.pass(40.0);
            // By BIG-IQ's clock, which is not set, the task started when it was sent; the list shows it late.
            console.answer_list_at(&[], started.plus(Duration::from_secs(40)));
            assert!(console.job(0).is_searched(), "75 s have not passed by one clock");
        }
        console.pass(60.0);
        let server = started.plus(Duration::from_secs(140));
        console.answer_list_at(&[listed("8", "a", started)], server);
        let found = match console.job(0).phase() {
            Phase::Unknown { search: Search::Several(ids), .. } => ids.contains(&TaskId::new("8")),
            _ => console.job(0).task_id() == Some(&TaskId::new("8")),
        };
        assert!(found, "{:?}", console.job(0).phase());
    }

    #[test]
    fn one_task_belongs_to_one_job() {
        let mut console = lost("a");
        console.answer_list(&[]);
        // The same kill again, also lost, while only one of both was executed.
        console.send("b2", "a");
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Unknown(Failure::NoAnswer));
        let sent = console.job(1).sent_at().unwrap();
        console.pass(80.0);
        while !console.lists().is_empty() {
            console.answer_list(&[listed("8", "a", sent)]);
        }
        let owners = (0..2).filter(|n| console.job(*n).task_id().is_some()).count();
        assert_eq!(owners, 0, "it may be either job's");
    }

    #[test]
    fn while_an_equal_request_is_being_sent_no_task_is_adopted() {
        let mut console = lost("a");
        console.answer_list(&[]);
        console.send("b2", "a");
        let second = console.posted().unwrap();
        let its_task = listed("8", "a", console.now);
        console.feed(Input::PollAll);
        console.answer_list(&[its_task]);
        assert!(console.job(0).is_searched(), "{:?}", console.job(0).phase());
        console.answer(second, SendOutcome::Accepted(task("8", "STARTED")));
        assert_eq!(console.job(1).task_id(), Some(&TaskId::new("8")));
    }

    #[test]
    fn the_task_of_another_job_is_not_adopted() {
        let mut console = Console::new();
        console.accept("b1", "a");
        console.start("b2", "a");
        console.list(Err(failed(Failure::NoAnswer)));
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Unknown(Failure::NoAnswer));
        let sent = console.job(1).sent_at().unwrap();
        console.pass(1.0);
        console.answer_list(&[listed("1", "a", sent)]);
        assert!(console.job(1).is_searched(), "{:?}", console.job(1).phase());
    }

    #[test]
    fn the_list_is_read_back_to_the_request_and_not_further() {
        let mut console = lost("a");
        let (sent, now) = (console.job(0).sent_at().unwrap(), console.now);
        let tasks: Vec<KillTask> = (0..500).map(|n| listed(&format!("x{n}"), "z", now)).collect();
        console.list(Ok(TaskPage::of(&tasks, now, Some(now), true)));
        assert_eq!(console.lists(), [TaskQuery::Full { skip: 500, top: 500 }]);
        console.answer_list(&[listed("8", "a", sent)]);
        assert_eq!(console.job(0).task_id(), Some(&TaskId::new("8")));
    }

    #[test]
    fn a_list_that_fails_is_read_less_and_less_often() {
        let mut console = lost("a");
        let mut waits = Vec::new();
        for _ in 0..6 {
            console.list(Err(failed(Failure::NoAnswer)));
            assert!(console.job(0).is_searched());
            let wait = console.wake;
            waits.push(wait);
            console.pass(wait.as_secs_f64());
        }
        assert!(waits.windows(2).all(|two| two[0] <= two[1]), "{waits:?}");
        assert!(waits[5] >= Duration::from_secs(20), "{waits:?}");
    }

    #[test]
    fn an_answer_that_comes_late_ends_the_search() {
        let mut console = lost("a");
        console.answer(JobIndex(0), SendOutcome::Accepted(task("5", "STARTED")));
        let sent = console.job(0).sent_at().unwrap();
        console.answer_list(&[listed("6", "a", sent)]);
        assert_eq!(console.job(0).task_id(), Some(&TaskId::new("5")));
    }
}

mod tabs {
    use super::*;

    #[rstest]
    #[case::a_page_that_may_still_be_closing(1, Some(1))]
    #[case::another_tab(2, None)]
    fn a_lock_that_stays_refused_belongs_to_another_tab(
        #[case] refused: u32,
        #[case] seconds: Option<u64>,
    ) {
        assert_eq!(lock_retry(refused), seconds.map(Duration::from_secs));
    }

    fn elsewhere(console: &Console) -> RequestElsewhere {
        let request = crate::plan::fingerprint(console.job(0).request());
        RequestElsewhere { bigiq: account().bigiq, request }
    }

    #[test]
    fn a_request_in_flight_is_announced_and_reported_on_request() {
        let mut console = Console::new();
        console.accept("b1", "a\nb");
        assert_eq!(console.announced, 2);
        console.feed(Input::WhatIsInFlight { bigiq: account().bigiq });
        assert_eq!(console.announced, 4);
        console.feed(Input::WhatIsInFlight { bigiq: "another".into() });
        assert_eq!(console.announced, 4);
    }

    #[rstest]
    #[case::before(true)]
    #[case::after(false)]
    fn a_task_that_may_be_another_tabs_is_not_adopted(#[case] before: bool) {
        let mut other = Console::new();
        other.send("x1", "a");
        let report = elsewhere(&other);
        let mut console = Console::new();
        if before {
            console.feed(Input::Elsewhere(report.clone()));
        }
        console.send("b1", "a");
        if !before {
            console.feed(Input::Elsewhere(report));
        }
        // The operator opens another plan, and the other tab is closed: that changes nothing.
        console.feed(Input::ForgetElsewhere);
        let job = console.posted().unwrap();
        let mut reloaded = console.reloaded();
        console.answer(job, SendOutcome::Unknown(Failure::NoAnswer));
        reloaded.restore(false);
        for console in [&mut console, &mut reloaded] {
            console.pass(1.0);
            let sent = console.job(0).sent_at().unwrap();
            console.answer_list(&[listed("8", "a", sent)]);
            let several =
                matches!(console.job(0).phase(), Phase::Unknown { search: Search::Several(_), .. });
            assert!(several, "{:?}", console.job(0).phase());
        }
    }

    #[rstest]
    #[case::of_the_same_bigiq(account().bigiq, false)]
    #[case::of_another("another".into(), true)]
    fn a_task_that_another_tab_has_is_shown_but_not_adopted(
        #[case] bigiq: String,
        #[case] is_adopted: bool,
    ) {
        let mut other = Console::new();
        other.accept("x1", "a");
        other.feed(Input::WhatIsInFlight { bigiq: account().bigiq });
        let [task] = other.announced_tasks.as_slice() else { panic!("one task") };
        let mut console = Console::new();
        console.send("b1", "a");
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Unknown(Failure::NoAnswer));
        console.feed(Input::TaskElsewhere { bigiq, task: task.clone() });
        let sent = console.job(0).sent_at().unwrap();
        console.pass(1.0);
        console.answer_list(&[listed("1", "a", sent)]);
        assert_eq!(console.job(0).task_id() == Some(task), is_adopted);
        assert!(!console.job(0).is_searched());
    }

    #[test]
    fn a_plan_is_compared_with_what_other_tabs_report() {
        let mut console = Console::new();
        console.send("b1", "a");
        let report = elsewhere(&console);
        let draft = draft("a\nb", &[], &[], &["lone"]);
        let plan = crate::plan::Plan::make(&draft, &inventory(), account(), Timestamp(1)).unwrap();
        assert_eq!(console.engine.in_flight_elsewhere(&plan), 0);
        console.feed(Input::Elsewhere(report));
        assert_eq!(console.engine.in_flight_elsewhere(&plan), 1);
        console.feed(Input::ForgetElsewhere);
        assert_eq!(console.engine.in_flight_elsewhere(&plan), 0);
    }
}

mod reloading {
    use super::*;

    #[test]
    fn what_was_sent_is_searched_for_and_the_rest_is_never_sent() {
        let mut console = Console::with(Settings { per_minute: 0, at_once: 1 });
        console.send("b1", "a\nb");
        let mut reloaded = console.reloaded();
        reloaded.restore(false);
        assert!(reloaded.job(0).is_searched());
        assert_eq!(*reloaded.job(1).phase(), Phase::NotSent(NotSent::Reloaded));
        assert_eq!(reloaded.posts(), 0);
        assert_eq!(reloaded.lists(), [TaskQuery::Full { skip: 0, top: 500 }]);
        reloaded.restore(false);
        assert_eq!(reloaded.engine.len(), 2, "a batch is restored once");
    }

    #[test]
    fn an_accepted_task_is_polled() {
        let mut console = Console::new();
        console.accept("b1", "a");
        console.pass(5.0);
        let mut reloaded = console.reloaded();
        reloaded.restore(false);
        assert_eq!(reloaded.reads(), [JobIndex(0)]);
    }

    #[test]
    fn a_duplicated_tab_drops_its_copy() {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before()));
        console.answer_list(&[]);
        let mut copy = console.reloaded();
        assert!(!copy.storage.is_empty());
        copy.restore(true);
        assert_eq!((copy.engine.len(), copy.storage.len()), (0, 0));
    }
}

fn before() -> Before {
    known(900_000, &[("s1", "a"), ("s2", "b")])
}

/// What is known after the device was read at this time.
fn known(at: i64, sessions: &[(&str, &str)]) -> Before {
    let mut live = Live::default();
    live.note_reading(&machine("lone"), reading_at(at, sessions));
    Before::new(&live, Arc::new(inventory()), Timestamp(1_000_000))
}

fn unread() -> Before {
    Before::new(&Live::default(), Arc::new(inventory()), Timestamp(1_000_000))
}

mod comparing {
    use super::*;

    fn ended_kill() -> Console {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before()));
        console.answer_list(&[]);
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Accepted(ended("1")));
        console
    }

    /// How many devices are being read.
    fn devices(console: &mut Console) -> usize {
        let call = console.calls.pop_front();
        assert!(console.calls.is_empty());
        match call {
            Some(ApiCall::ReadSessions(devices)) => devices.iter().count(),
            None => 0,
            other => panic!("{other:?}"),
        }
    }

    fn sessions(console: &mut Console, sessions: &[(&str, &str)]) {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading_at(console.now.0, sessions));
        console.feed(Input::SessionsRead(Some(live)));
    }

    #[rstest]
    #[case::five_minutes_old(300_000, 1)]
    #[case::older(300_001, 0)]
    fn only_sessions_that_were_read_recently_count(#[case] age: i64, #[case] known: usize) {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading_at(1_000_000 - age, &[("s1", "a")]));
        let before = Before::new(&live, Arc::new(inventory()), Timestamp(1_000_000));
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before));
        assert_eq!(console.engine.baseline(JobIndex(0)).unwrap().sessions(), known);
    }

    #[test]
    fn sessions_that_are_gone_are_compared_once() {
        let mut console = ended_kill();
        assert_eq!(devices(&mut console), 1);
        assert!(console.engine.is_comparing(JobIndex(0)));
        sessions(&mut console, &[("s2", "b")]);
        assert!(!console.engine.is_comparing(JobIndex(0)));
        assert_eq!(console.job(0).verdict().unwrap().gone, 1);
        assert_eq!(console.engine.check(JobIndex(0)).unwrap().verdict.gone, 1);
        console.pass(600.0);
        assert_eq!(devices(&mut console), 0);
        console.feed(Input::Compare(vec![JobIndex(0)]));
        assert_eq!(devices(&mut console), 1, "the operator's press compares again");
    }

    #[test]
    fn sessions_that_remain_are_compared_twice_more() {
        let mut console = ended_kill();
        for wait in [4.0, 15.0, 600.0] {
            assert_eq!(devices(&mut console), 1);
            sessions(&mut console, &[("s1", "a")]);
            assert_eq!(console.job(0).verdict().unwrap().remaining, 1);
            console.pass(wait - 0.1);
            assert_eq!(devices(&mut console), 0);
            console.pass(0.1);
        }
        assert_eq!(devices(&mut console), 0);
    }

    #[test]
    fn devices_are_not_read_while_other_kills_of_the_plan_continue() {
        let mut console = Console::new();
        console.start_with("b1", "a\nb", Storing::Required, Some(before()));
        console.answer_list(&[]);
        let (first, second) = (console.posted().unwrap(), console.posted().unwrap());
        console.answer(first, SendOutcome::Accepted(ended("1")));
        assert_eq!(devices(&mut console), 0);
        console.answer(second, SendOutcome::Accepted(ended("2")));
        assert_eq!(devices(&mut console), 1, "once for both");
    }

    #[test]
    fn a_sign_in_that_ends_meanwhile_says_nothing_about_devices() {
        let mut console = ended_kill();
        assert_eq!(devices(&mut console), 1);
        console.feed(Input::SignInEnded);
        console.feed(Input::SessionsRead(None));
        assert_eq!(console.job(0).verdict(), None);
        console.feed(Input::SignedIn(account()));
        assert_eq!(devices(&mut console), 1);
    }

    #[test]
    fn devices_are_read_until_the_request_is_sent() {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(unread()));
        assert!(console.engine.baseline(JobIndex(0)).unwrap().is_blind());
        console.known = Some(known(1_000_000, &[("s1", "a")]));
        console.answer_list(&[]);
        assert!(console.posted().is_some());
        assert_eq!(console.engine.baseline(JobIndex(0)).unwrap().sessions(), 1);
        let mut reloaded = console.reloaded();
        reloaded.restore(false);
        assert_eq!(reloaded.engine.baseline(JobIndex(0)).unwrap().sessions(), 1);
    }

    /// A list that is requested before the kill and arrives after it may lack what the kill has ended.
    #[test]
    fn what_arrives_after_the_sending_is_not_from_before_it() {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(unread()));
        console.answer_list(&[]);
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Accepted(task("1", "STARTED")));
        let before = Some(known(1_000_000, &[]));
        console.feed(Input::SessionsKnown { job, before });
        assert!(console.engine.baseline(job).unwrap().is_blind());
    }

    #[test]
    fn what_an_earlier_kill_may_have_ended_was_not_there_before_this_one() {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading_at(999_000, &[("s1", "a")]));
        live.mark_outdated(Timestamp(999_001));
        let before = Before::new(&live, Arc::new(inventory()), Timestamp(1_000_000));
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before));
        assert!(console.engine.baseline(JobIndex(0)).unwrap().is_blind());
    }

    #[test]
    fn a_device_that_stops_to_answer_does_not_replace_what_it_listed() {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before()));
        console.known = Some(unread());
        console.answer_list(&[]);
        assert!(console.posted().is_some());
        assert_eq!(console.engine.baseline(JobIndex(0)).unwrap().sessions(), 1);
    }

    #[test]
    fn without_sessions_before_the_devices_are_read_once_after_the_kill() {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(unread()));
        console.answer_list(&[]);
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Accepted(ended("1")));
        assert_eq!(devices(&mut console), 1);
        sessions(&mut console, &[("s1", "a"), ("s2", "b")]);
        let check = console.engine.check(job).unwrap();
        assert_eq!(check.verdict.finding(), Finding::NotVerifiable);
        let signed_in = check.signed_in.as_ref().unwrap();
        assert_eq!((signed_in.sessions, signed_in.users.len()), (Count::Exactly(1), 1));
        console.pass(600.0);
        assert_eq!(devices(&mut console), 0);
    }

    #[test]
    fn known_sessions_are_outdated_when_a_plan_is_sent_and_when_it_ends() {
        let mut console = Console::new();
        console.accept("b1", "a\nb");
        console.pass(1.0);
        console.read(JobIndex(0), Ok(ended("1")));
        assert_eq!(console.outdated, 0);
        console.read(JobIndex(1), Ok(ended("2")));
        assert_eq!(console.outdated, 1);
        console.feed(Input::PollAll);
        assert_eq!(console.outdated, 1);
    }

    #[test]
    fn the_sessions_before_survive_a_reload() {
        let mut console = ended_kill();
        assert_eq!(devices(&mut console), 1);
        let mut reloaded = console.reloaded();
        reloaded.restore(false);
        assert_eq!(devices(&mut reloaded), 1);
        assert_eq!(reloaded.engine.baseline(JobIndex(0)).unwrap().sessions(), 1);
    }
}

/// Sessions are read while a kill runs.
mod early {
    use super::*;

    /// A kill of a user with one session, which runs.
    fn killing(step: &str) -> Console {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before()));
        console.answer_list(&[]);
        let job = console.posted().unwrap();
        let task = TaskSnapshot { step: Some(Step::parse(step)), ..task("1", "STARTED") };
        console.answer(job, SendOutcome::Accepted(task));
        console
    }

    /// The device that is being read, if any. Polls stay without an answer.
    fn device(console: &mut Console) -> Option<MachineId> {
        let is_early = |call: &ApiCall| matches!(call, ApiCall::ReadEarly(_));
        let place = console.calls.iter().position(is_early)?;
        match console.calls.remove(place)? {
            ApiCall::ReadEarly(device) => Some(device),
            _ => None,
        }
    }

    fn answer(console: &mut Console, answer: Result<Option<Reading>, CallFailure>) {
        console.feed(Input::EarlyRead { device: machine("lone"), answer });
    }

    fn list(console: &Console, sessions: &[(&str, &str)]) -> Result<Option<Reading>, CallFailure> {
        Ok(Some(reading_at(console.now.0, sessions)))
    }

    #[test]
    fn sessions_are_counted_before_the_task_ends() {
        let mut console = killing("KILL");
        console.pass(0.9);
        assert_eq!(device(&mut console), None, "most kills are over by then");
        console.pass(0.1);
        assert_eq!(device(&mut console), Some(machine("lone")));
        assert_eq!(console.engine.so_far(JobIndex(0)), None);
        let there = list(&console, &[("s1", "a")]);
        answer(&mut console, there);
        let so_far = console.engine.so_far(JobIndex(0)).unwrap();
        assert_eq!((so_far.gone, so_far.before), (0, Count::Exactly(1)));
        console.pass(1.9);
        assert_eq!(device(&mut console), None);
        console.pass(0.1);
        assert_eq!(device(&mut console), Some(machine("lone")));
        let none = list(&console, &[]);
        answer(&mut console, none);
        let so_far = console.engine.so_far(JobIndex(0)).unwrap();
        assert_eq!((so_far.gone, so_far.left.len()), (1, 0));
        assert_eq!(console.job(0).verdict(), None, "the task still runs");
        console.pass(600.0);
        assert_eq!(device(&mut console), None, "all are gone");
        console.read(JobIndex(0), Ok(ended("1")));
        assert_eq!(console.engine.so_far(JobIndex(0)), None);
    }

    #[test]
    fn a_plan_of_several_jobs_has_one_count() {
        let mut console = Console::new();
        console.start_with("b1", "a\nb", Storing::Required, Some(before()));
        console.answer_list(&[]);
        let (first, _) = (console.posted().unwrap(), console.posted().unwrap());
        let killing = TaskSnapshot { step: Some(Step::Kill), ..task("1", "STARTED") };
        console.answer(first, SendOutcome::Accepted(killing));
        console.pass(1.0);
        assert_eq!(console.engine.so_far_of_plan(&batch_id("b1")), None);
        assert_eq!(device(&mut console), Some(machine("lone")));
        let gone = list(&console, &[("s2", "b")]);
        answer(&mut console, gone);
        // The other kill has not begun: its session counts as one that is left.
        let so_far = console.engine.so_far_of_plan(&batch_id("b1")).unwrap();
        assert_eq!((so_far.before, so_far.gone), (Count::Exactly(2), 1));
        assert_eq!(so_far.left, [machine("lone")]);
        assert_eq!(console.engine.so_far_of_plan(&batch_id("b2")), None);
    }

    #[test]
    fn nothing_is_read_before_sessions_are_ended() {
        let mut console = killing("RESOLVE_DEVICES");
        console.pass(600.0);
        assert_eq!(device(&mut console), None);
    }

    #[rstest]
    #[case::hidden(true, true)]
    #[case::offline(false, false)]
    fn nothing_is_read_in_a_page_that_is_hidden_or_offline(
        #[case] hidden: bool,
        #[case] online: bool,
    ) {
        let mut console = killing("KILL");
        console.feed(Input::Page { hidden, online });
        console.pass(600.0);
        assert_eq!(device(&mut console), None);
        console.feed(Input::Page { hidden: false, online: true });
        assert!(device(&mut console).is_some());
    }

    #[test]
    fn a_device_that_does_not_answer_is_named_and_read_less_and_less_often() {
        let mut console = killing("KILL");
        console.pass(1.0);
        for wait in [10.0, 20.0, 40.0, 60.0] {
            assert!(device(&mut console).is_some());
            answer(&mut console, Err(failed(Failure::NoAnswer)));
            let so_far = console.engine.so_far(JobIndex(0)).unwrap();
            assert_eq!((so_far.gone, so_far.silent.as_slice()), (0, &[machine("lone")][..]));
            console.pass(wait - 0.1);
            assert_eq!(device(&mut console), None);
            console.pass(0.1);
        }
        assert!(device(&mut console).is_some());
        let there = list(&console, &[("s1", "a")]);
        answer(&mut console, there);
        assert!(console.engine.so_far(JobIndex(0)).unwrap().silent.is_empty());
    }

    #[test]
    fn a_refusal_that_asks_for_a_wait_is_obeyed() {
        let mut console = killing("KILL");
        console.pass(1.0);
        assert!(device(&mut console).is_some());
        let busy = failed(refused(429, Refusal::Busy));
        answer(
            &mut console,
            Err(CallFailure { retry_after: Some(Duration::from_secs(90)), ..busy }),
        );
        console.pass(89.9);
        assert_eq!(device(&mut console), None);
        console.pass(0.1);
        assert!(device(&mut console).is_some());
    }

    #[test]
    fn a_few_devices_are_read_at_a_time() {
        let mut live = Live::default();
        let devices: Vec<String> = (0..40).map(|n| format!("d{n:02}")).collect();
        let wires = devices.iter().map(|id| wire(id, "", "G1"));
        let inventory = DeviceList::of(wires).inventory(&[], vec![], Timestamp(1_000));
        for id in &devices {
            live.note_reading(&machine(id), reading_at(900_000, &[("s1", "a")]));
        }
        let targets: Vec<&str> = devices.iter().map(String::as_str).collect();
        let draft = draft("a", &[], &[], &targets);
        let plan = Plan::make(&draft, &inventory, account(), Timestamp(2_000)).unwrap();
        let answer = Answer { phrase: "yes".into(), reason: "INC-1".into() };
        let confirmed = plan.confirm(&answer, |_| "yes".to_owned()).unwrap();
        let before = Some(Before::new(&live, Arc::new(inventory), Timestamp(1_000_000)));
        let mut console = Console::new();
        let storing = Storing::Required;
        console.feed(Input::Confirmed { confirmed, id: batch_id("b1"), storing, before });
        console.answer_list(&[]);
        let job = console.posted().unwrap();
        let task = TaskSnapshot { step: Some(Step::Kill), ..task("1", "STARTED") };
        console.answer(job, SendOutcome::Accepted(task));
        console.pass(1.0);
        let mut read = 0;
        while let Some(id) = device(&mut console) {
            read += 1;
            let is_early = |call: &&ApiCall| matches!(call, ApiCall::ReadEarly(_));
            assert!(console.calls.iter().filter(is_early).count() <= 3);
            console.feed(Input::EarlyRead { device: id, answer: Ok(None) });
        }
        assert_eq!(read, 32);
    }
}

/// Who signs in again after a kill.
mod watch {
    use super::*;
    use crate::engine::WatchOver;
    use crate::fixture::dated_at;
    use crate::job::{Observation, Return};

    /// A kill of a user with one session, which ended with this watch.
    fn watched(minutes: Option<u32>) -> Console {
        watched_after(before(), minutes)
    }

    /// The same, if these sessions were known before the kill.
    fn watched_after(before: Before, minutes: Option<u32>) -> Console {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before));
        console.feed(Input::Watch { jobs: vec![JobIndex(0)], minutes });
        console.answer_list(&[]);
        let job = console.posted().unwrap();
        console.answer(job, SendOutcome::Accepted(task("1", "STARTED")));
        console.pass(1.0);
        console.read(job, Ok(ended("1")));
        console
    }

    fn device(console: &mut Console) -> Option<MachineId> {
        let is_early = |call: &ApiCall| matches!(call, ApiCall::ReadEarly(_));
        let place = console.calls.iter().position(is_early)?;
        match console.calls.remove(place)? {
            ApiCall::ReadEarly(device) => Some(device),
            _ => None,
        }
    }

    /// Answers the read that is due with these sessions: id, user, and start in seconds after the end, if the device reports it.
    fn list(console: &mut Console, sessions: &[(&str, &str, Option<i64>)]) {
        let device = device(console).expect("a read");
        let ended = console.job(0).ended_at().unwrap();
        let starts: Vec<String> = sessions
            .iter()
            .map(|(.., after)| after.map(|s| (ended.0 / 1_000 + s).to_string()).unwrap_or_default())
            .collect();
        let all: Vec<(&str, &str, &str)> = sessions
            .iter()
            .zip(&starts)
            .map(|((id, user, _), start)| (*id, *user, start.as_str()))
            .collect();
        let reading = dated_at(console.now.0, &all);
        console.feed(Input::EarlyRead { device, answer: Ok(Some(reading)) });
    }

    fn returns(console: &Console) -> Vec<Return> {
        let of = |event: &crate::job::Event| match &event.what {
            Observation::Returned(one) => Some(one.clone()),
            _ => None,
        };
        console.job(0).events().iter().filter_map(of).collect()
    }

    fn ids(console: &Console) -> Vec<String> {
        returns(console).iter().map(|one| one.session.to_string()).collect()
    }

    fn has(console: &Console, what: &Observation) -> bool {
        console.job(0).events().iter().any(|event| event.what == *what)
    }

    #[test]
    fn nothing_is_read_without_a_watch() {
        let mut console = watched(None);
        console.pass(60.0);
        assert_eq!(device(&mut console), None);
        assert_eq!(console.engine.watch_of(JobIndex(0)), None);
    }

    #[test]
    fn it_begins_when_the_kill_has_ended_and_reads_every_15_s_until_its_end() {
        let mut console = watched(Some(10));
        assert!(has(&console, &Observation::WatchStarted(10)));
        let state = console.engine.watch_of(JobIndex(0)).unwrap();
        let until = console.now.plus(Duration::from_secs(600));
        assert_eq!((state.minutes, state.until, state.devices, state.all), (10, Some(until), 1, 1));
        list(&mut console, &[]);
        for _ in 0..39 {
            console.pass(14.9);
            assert_eq!(device(&mut console), None);
            console.pass(0.1);
            list(&mut console, &[]);
        }
        console.pass(15.0);
        assert_eq!(device(&mut console), None, "ten minutes are over");
        assert!(has(&console, &Observation::WatchEnded));
        assert_eq!(console.engine.watch_of(JobIndex(0)), None);
        assert!(ids(&console).is_empty());
        assert_eq!(console.posts(), 0, "it never leads to a kill");
    }

    #[test]
    fn it_can_be_chosen_after_the_end_and_ended_early_and_is_half_an_hour_at_most() {
        let mut console = watched(None);
        console.feed(Input::Watch { jobs: vec![JobIndex(0)], minutes: Some(600) });
        assert_eq!(console.engine.watch_of(JobIndex(0)).unwrap().minutes, 30);
        list(&mut console, &[]);
        console.feed(Input::Watch { jobs: vec![JobIndex(0)], minutes: None });
        assert!(has(&console, &Observation::WatchEnded));
        console.pass(60.0);
        assert_eq!(device(&mut console), None);
    }

    #[test]
    fn a_new_session_that_began_after_the_kill_is_a_return_once() {
        let mut console = watched(Some(10));
        // `s1` was there before; `b` is another user.
        list(&mut console, &[("s1", "a", Some(5)), ("s2", "a", Some(4)), ("s3", "b", Some(4))]);
        assert_eq!(ids(&console), ["s2"]);
        let one = &returns(&console)[0];
        let ended = console.job(0).ended_at().unwrap();
        assert_eq!((one.user.as_str(), one.name.as_str()), ("a", "lone.example.test"));
        assert_eq!(one.started, Some(ended.plus(Duration::from_secs(4))));
        assert_eq!(console.job(0).returns(), 1);
        console.pass(15.0);
        list(&mut console, &[("s2", "a", Some(4)), ("s4", "a", Some(14))]);
        assert_eq!(ids(&console), ["s2", "s4"]);
    }

    /// Whether each session is a return: `s2` without a start and `s3` that began before the kill, both in the first list, and `s4`
    /// without a start in the second.
    #[rstest]
    #[case::the_comparison_counts_them(before(), &["s2", "s3", "s4"])]
    #[case::they_may_be_old(unread(), &["s4"])]
    fn a_session_in_the_first_list_is_a_return_if_all_from_before_were_known(
        #[case] before: Before,
        #[case] returned: &[&str],
    ) {
        let mut console = watched_after(before, Some(10));
        let first = [("s1", "a", Some(-900)), ("s2", "a", None), ("s3", "a", Some(-60))];
        list(&mut console, if returned.len() == 1 { &first } else { &first[1..] });
        console.pass(15.0);
        list(&mut console, &[("s2", "a", None), ("s3", "a", Some(-60)), ("s4", "a", None)]);
        assert_eq!(ids(&console), returned);
        assert_eq!(returns(&console).last().unwrap().started, None);
    }

    #[test]
    fn another_watch_does_not_report_a_session_again() {
        let mut console = watched(Some(10));
        list(&mut console, &[("s2", "a", None)]);
        console.feed(Input::Watch { jobs: vec![JobIndex(0)], minutes: None });
        console.feed(Input::Watch { jobs: vec![JobIndex(0)], minutes: Some(10) });
        console.pass(15.0);
        list(&mut console, &[("s2", "a", None), ("s3", "a", None)]);
        assert_eq!(ids(&console), ["s2", "s3"]);
    }

    /// A session that the kill of a user has not reached, in a list from before the end.
    #[rstest]
    #[case::signed_in_meanwhile(before(), &["s2"])]
    #[case::it_may_be_old(unread(), &[])]
    fn a_list_from_before_the_end_shows_who_was_there(
        #[case] before: Before,
        #[case] returned: &[&str],
    ) {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before));
        console.feed(Input::Watch { jobs: vec![JobIndex(0)], minutes: Some(10) });
        console.answer_list(&[]);
        let job = console.posted().unwrap();
        let killing = TaskSnapshot { step: Some(Step::Kill), ..task("1", "STARTED") };
        console.answer(job, SendOutcome::Accepted(killing));
        console.pass(1.0);
        let lone = machine("lone");
        let early = dated_at(console.now.0, &[("s2", "a", "")]);
        console.feed(Input::EarlyRead { device: lone, answer: Ok(Some(early)) });
        console.pass(1.0);
        console.read(job, Ok(ended("1")));
        assert!(ids(&console).is_empty());
        console.pass(15.0);
        list(&mut console, &[]);
        console.pass(15.0);
        // The clock of the device is ahead.
        list(&mut console, &[("s2", "a", Some(300))]);
        assert_eq!(ids(&console), returned);
    }

    #[test]
    fn when_its_time_is_over_it_says_until_when_and_on_how_many_devices() {
        let job = [JobIndex(0)];
        let mut console = watched(Some(10));
        assert_eq!(console.engine.watch_over(&job), None, "it runs");
        list(&mut console, &[]);
        console.pass(600.0);
        let over = console.engine.watch_over(&job).unwrap();
        assert_eq!((over.minutes, over.until), (10, console.now));
        assert_eq!((over.devices, over.nobody), (Some((1, 1)), true));
        let mut reloaded = console.reloaded();
        reloaded.restore(false);
        let devices = None;
        assert_eq!(reloaded.engine.watch_over(&job), Some(WatchOver { devices, ..over }));
        console.feed(Input::Watch { jobs: job.to_vec(), minutes: Some(over.minutes) });
        assert_eq!(console.engine.watch_over(&job), None, "it runs again");
        list(&mut console, &[("s2", "a", None)]);
        console.pass(600.0);
        assert!(!console.engine.watch_over(&job).unwrap().nobody);
    }

    #[test]
    fn a_watch_that_read_nothing_does_not_count_its_devices_as_read() {
        let mut console = watched(Some(10));
        console.pass(600.0);
        assert_eq!(console.engine.watch_over(&[JobIndex(0)]).unwrap().devices, Some((0, 1)));
    }

    #[test]
    fn it_continues_in_a_hidden_page_more_slowly_and_not_offline() {
        let mut console = watched(Some(10));
        list(&mut console, &[]);
        console.feed(Input::Page { hidden: true, online: true });
        console.pass(15.0);
        list(&mut console, &[]);
        console.pass(29.9);
        assert_eq!(device(&mut console), None);
        console.pass(0.1);
        list(&mut console, &[]);
        console.feed(Input::Page { hidden: false, online: false });
        console.pass(120.0);
        assert_eq!(device(&mut console), None);
    }

    #[test]
    fn a_refusal_that_asks_for_a_wait_is_obeyed() {
        let mut console = watched(Some(10));
        let lone = device(&mut console).unwrap();
        let busy = failed(refused(429, Refusal::Busy));
        let answer = Err(CallFailure { retry_after: Some(Duration::from_secs(90)), ..busy });
        console.feed(Input::EarlyRead { device: lone, answer });
        console.pass(89.9);
        assert_eq!(device(&mut console), None);
        console.pass(0.1);
        assert!(device(&mut console).is_some());
    }

    #[test]
    fn a_sign_out_ends_it() {
        let mut console = watched(Some(10));
        list(&mut console, &[]);
        console.feed(Input::SignedOut(account()));
        assert!(has(&console, &Observation::WatchEnded));
        console.feed(Input::SignedIn(account()));
        console.pass(60.0);
        assert_eq!(device(&mut console), None);
    }

    #[test]
    fn a_return_is_stored_and_does_not_start_a_watch_after_a_reload() {
        let mut console = watched(Some(10));
        list(&mut console, &[("s2", "a", Some(4))]);
        let mut reloaded = console.reloaded();
        reloaded.restore(false);
        assert_eq!((reloaded.job(0).returns(), ids(&reloaded)), (1, vec!["s2".to_owned()]));
        reloaded.pass(60.0);
        assert_eq!(device(&mut reloaded), None);
    }

    #[test]
    fn a_job_that_was_not_sent_is_not_watched() {
        let mut console = Console::new();
        console.start_with("b1", "a", Storing::Required, Some(before()));
        console.feed(Input::Watch { jobs: vec![JobIndex(0)], minutes: Some(10) });
        assert_eq!(console.engine.watch_of(JobIndex(0)).map(|watch| watch.until), Some(None));
        console.feed(Input::Drop(batch_id("b1")));
        assert_eq!(console.engine.watch_of(JobIndex(0)), None);
        assert!(!has(&console, &Observation::WatchEnded), "it had not begun");
        assert!(!console.engine.may_watch(JobIndex(0)));
    }
}

mod cancelling {
    use super::*;

    fn asked() -> Console {
        let mut console = Console::new();
        console.accept("b1", "a\nb");
        console.feed(Input::CancelAsked(JobIndex(0)));
        console
    }

    #[test]
    fn a_cancel_is_requested_once() {
        let mut console = asked();
        console.feed(Input::CancelAsked(JobIndex(0)));
        let cancels = console.calls.iter().filter(|call| matches!(call, ApiCall::Cancel { .. }));
        assert_eq!(cancels.count(), 1);
        console.feed(Input::CancelAnswered { job: JobIndex(0), answer: Ok(()) });
        assert_eq!(console.job(0).cancel(), Cancel::Asked);
        assert!(!console.engine.may_cancel(JobIndex(0)) && console.engine.may_cancel(JobIndex(1)));
    }

    #[rstest]
    #[case::refused(true, Cancel::Refused, false)]
    #[case::lost(false, Cancel::NotAsked, true)]
    fn after_a_refusal_no_task_can_be_cancelled(
        #[case] is_refused_for_good: bool,
        #[case] cancel: Cancel,
        #[case] others: bool,
    ) {
        let mut console = asked();
        let failure = failed(refused(405, Refusal::NotPermitted));
        let answer = Err(CallFailure { is_refused_for_good, ..failure });
        console.feed(Input::CancelAnswered { job: JobIndex(0), answer });
        assert_eq!(console.job(0).cancel(), cancel);
        assert_eq!(console.engine.may_cancel(JobIndex(1)), others);
    }

    #[test]
    fn nobody_cancels_after_the_sign_out() {
        let mut console = Console::new();
        console.accept("b1", "a");
        console.feed(Input::SignedOut(account()));
        console.feed(Input::CancelAsked(JobIndex(0)));
        assert!(console.calls.iter().all(|call| !matches!(call, ApiCall::Cancel { .. })));
    }
}

#[test]
fn a_call_that_could_not_be_made_is_reported_as_such() {
    let mut console = Console::new();
    console.send("b1", "a");
    for call in std::mem::take(&mut console.calls) {
        console.feed(call.not_made());
    }
    assert!(matches!(console.job(0).phase(), Phase::NotSent(NotSent::Failed(_))));
}
