//! The world: tabs, BIG-IQ, and the network between them.

use super::invariants::end_of;
use crate::app::AccountKey;
use crate::engine::{
    ApiCall, CallFailure, Effect, Engine, Input, JobIndex, Now, RequestElsewhere, SendAnswer,
    Settings, Storing, TaskPage, Write, read_batches,
};
use crate::fixture::{account, confirmed, draft};
use crate::ids::{BatchId, JobId, TaskId};
use crate::job::{
    End, Failure, Job, Phase, Search, SendOutcome, Status, Step, TaskResult, TaskSnapshot,
};
use crate::timestamp::Timestamp;
use bigiq::{KillRequest, KillTask, Refusal};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// When the world begins, in milliseconds since 1970.
const START: i64 = 1_000_000;
/// Longer than a search must last before it may say "none".
const LONG: i64 = 76_000;
/// How long a new task may be missing in BIG-IQ's list.
pub(super) const LAG: i64 = 75_000;
/// A step of the clock.
const JUMP: i64 = 3_600_000;

/// How often each thing may happen. Together they make the world finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Limits {
    /// Tabs that confirm a plan.
    tabs: u8,
    /// Jobs of each plan.
    jobs: u8,
    /// Whether new tasks may be missing in BIG-IQ's list for a while.
    lag: bool,
    /// Answers lost or refused, reads that fail, answers that come twice.
    faults: u8,
    /// Reloads and crashes.
    reloads: u8,
    /// Duplicated tabs.
    duplicates: u8,
    sign_outs: u8,
    drops: u8,
    storage_failures: u8,
    /// Identical kills by somebody else.
    foreign: u8,
    clock_jumps: u8,
    /// Moments that pass until the next timer.
    ticks: u8,
    /// Long times that pass.
    waits: u8,
}

impl Limits {
    /// Nothing can go wrong, and no time passes.
    const NONE: Self = Self {
        tabs: 1,
        jobs: 1,
        lag: false,
        faults: 0,
        reloads: 0,
        duplicates: 0,
        sign_outs: 0,
        drops: 0,
        storage_failures: 0,
        foreign: 0,
        clock_jumps: 0,
        ticks: 1,
        waits: 1,
    };

    /// One tab with two requests, which is reloaded, signs out, and drops requests.
    pub(super) fn one_tab() -> Self {
        Self { jobs: 2, lag: true, faults: 1, reloads: 1, sign_outs: 1, drops: 1, ..Self::NONE }
    }

    /// The same when the storage fails, the clock is set, and somebody else makes the same kill.
    pub(super) fn hostile() -> Self {
        let waits = 0;
        Self {
            jobs: 2,
            lag: true,
            faults: 1,
            storage_failures: 1,
            foreign: 1,
            clock_jumps: 1,
            waits,
            ..Self::NONE
        }
    }

    /// One request whose answer is lost while the clock is set.
    pub(super) fn set_clock() -> Self {
        Self { faults: 1, clock_jumps: 1, ticks: 2, waits: 3, ..Self::NONE }
    }

    /// Two tabs that make the same kill.
    pub(super) fn two_tabs() -> Self {
        Self { tabs: 2, faults: 1, reloads: 1, waits: 0, ..Self::NONE }
    }

    /// A tab that is duplicated and reloaded.
    pub(super) fn duplicate() -> Self {
        Self { jobs: 2, faults: 1, reloads: 1, duplicates: 1, ..Self::NONE }
    }
}

/// One thing that can happen. Numbers count tabs, jobs, requests on their way and tasks from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// The operator confirms a plan.
    Confirm { tab: usize },
    /// The operator discards what is not sent.
    Drop { tab: usize },
    /// BIG-IQ executes a request.
    Execute { request: usize },
    /// BIG-IQ refuses a request.
    Refuse { request: usize },
    /// The answer arrives.
    Answer { request: usize },
    /// The answer arrives a second time.
    AnswerAgain { request: usize },
    /// The tab gives up waiting for the answer. BIG-IQ may still execute the request.
    Lose { request: usize },
    /// A read arrives, with what is true now.
    Read { tab: usize, read: usize },
    /// A read fails.
    FailRead { tab: usize, read: usize },
    /// A task ends.
    Finish { task: usize },
    /// Time passes until the next timer.
    Tick,
    /// A long time passes.
    Wait,
    /// The browser's clock is set forward, or back.
    SetClock { forward: bool },
    /// A tab is reloaded, or its process crashes.
    Reload { tab: usize },
    /// A tab is duplicated, with a copy of its storage.
    Duplicate { tab: usize },
    /// The operator signs in, and the stored jobs are restored.
    SignIn { tab: usize },
    /// The operator signs out.
    SignOut { tab: usize },
    /// The storage stops to accept records.
    BreakStorage { tab: usize },
    /// Another operator makes an identical kill.
    Foreign,
}

/// What BIG-IQ did with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Arrival {
    OnItsWay,
    Executed { task: usize },
    Refused,
}

/// A request that left a tab.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) tab: usize,
    /// How often the tab had been reloaded.
    pub(super) epoch: u8,
    pub(super) index: JobIndex,
    pub(super) job: JobId,
    request: KillRequest,
    pub(super) arrival: Arrival,
    /// Whether the tab has its answer, or gave up.
    pub(super) is_over: bool,
}

/// A task of BIG-IQ.
#[derive(Debug, Clone)]
pub(super) struct Task {
    /// Whose request it executes. `None` for somebody else's.
    pub(super) job: Option<JobId>,
    task: Arc<KillTask>,
    /// By BIG-IQ's clock.
    pub(super) started: i64,
    pub(super) is_finished: bool,
}

/// A text in a tab's storage, with the phase of the job that it stores.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) text: Arc<str>,
    pub(super) phase: String,
}

/// A tab.
#[derive(Clone)]
pub(super) struct Tab {
    pub(super) engine: Engine,
    pub(super) is_signed_in: bool,
    pub(super) epoch: u8,
    pub(super) storage: Arc<BTreeMap<String, Stored>>,
    pub(super) is_storage_broken: bool,
    pub(super) reads: Vec<ApiCall>,
    /// When its timer is due, by the true clock.
    pub(super) wake: i64,
    pub(super) has_confirmed: bool,
    /// The stored batches that another tab worked on when this one was loaded.
    pub(super) copies: Vec<BatchId>,
    /// The jobs whose search has ended without a result.
    pub(super) not_found: Vec<JobId>,
    /// The ends that were seen, by job.
    pub(super) ends: BTreeMap<JobId, End>,
}

/// Everything.
#[derive(Clone)]
pub(super) struct World {
    pub(super) left: Limits,
    /// The true time, which is also BIG-IQ's.
    pub(super) now: i64,
    /// How far the browser's clock is ahead.
    pub(super) ahead: i64,
    pub(super) tabs: Vec<Arc<Tab>>,
    pub(super) sent: Vec<Sent>,
    pub(super) tasks: Vec<Task>,
    /// Which tab holds the lock of a batch.
    pub(super) locks: BTreeMap<BatchId, usize>,
    /// Whether the operator signs in right after a reload. Until then a tab can't tell the others about its jobs, so that an equal
    /// kill of another tab could take its task: a known weakness (docs/architecture.md).
    signs_in_again: bool,
    /// The jobs that the operator has confirmed.
    pub(super) confirmed: Vec<JobId>,
}

impl Tab {
    fn new(now: i64) -> Self {
        let settings = Settings { per_minute: 0, at_once: 1 };
        Self {
            engine: Engine::without_jitter(settings),
            is_signed_in: false,
            epoch: 0,
            storage: Arc::default(),
            is_storage_broken: false,
            reads: Vec::new(),
            wake: now,
            has_confirmed: false,
            not_found: Vec::new(),
            copies: Vec::new(),
            ends: BTreeMap::new(),
        }
    }
}

impl World {
    pub(super) fn new(limits: Limits) -> Self {
        let mut world = Self {
            left: limits,
            now: START,
            ahead: 0,
            tabs: Vec::new(),
            sent: Vec::new(),
            tasks: Vec::new(),
            locks: BTreeMap::new(),
            signs_in_again: limits.tabs > 1,
            confirmed: Vec::new(),
        };
        for tab in 0..usize::from(limits.tabs) {
            world.tabs.push(Arc::new(Tab::new(world.now)));
            // Nothing is stored and nothing can go wrong yet.
            world.sign_in(tab).unwrap();
        }
        world
    }

    /// A tab to change. Worlds share the tabs in which nothing happens.
    fn tab(&mut self, number: usize) -> &mut Tab {
        Arc::make_mut(&mut self.tabs[number])
    }

    /// What can happen now.
    pub(super) fn actions(&self) -> Vec<Action> {
        let left = &self.left;
        let mut all = Vec::new();
        for (n, tab) in self.tabs.iter().enumerate() {
            if !tab.is_signed_in {
                all.push(Action::SignIn { tab: n });
            } else if !tab.has_confirmed && n <= self.confirmed.len() {
                all.push(Action::Confirm { tab: n });
            }
            for read in 0..tab.reads.len() {
                all.push(Action::Read { tab: n, read });
                if left.faults > 0 {
                    all.push(Action::FailRead { tab: n, read });
                }
            }
            let is_idle = tab.engine.is_empty();
            let may = |left: u8| left > 0 && !is_idle;
            if may(left.reloads) {
                all.push(Action::Reload { tab: n });
            }
            if may(left.duplicates) {
                all.push(Action::Duplicate { tab: n });
            }
            if may(left.sign_outs) && tab.is_signed_in {
                all.push(Action::SignOut { tab: n });
            }
            if may(left.drops) && tab.is_signed_in {
                all.push(Action::Drop { tab: n });
            }
            if left.storage_failures > 0 && !tab.is_storage_broken {
                all.push(Action::BreakStorage { tab: n });
            }
        }
        for (n, sent) in self.sent.iter().enumerate() {
            let is_here = self.tabs.get(sent.tab).is_some_and(|tab| tab.epoch == sent.epoch);
            match sent.arrival {
                Arrival::OnItsWay => {
                    all.push(Action::Execute { request: n });
                    if left.faults > 0 {
                        all.push(Action::Refuse { request: n });
                    }
                }
                _ if sent.is_over && left.faults > 0 && is_here => {
                    all.push(Action::AnswerAgain { request: n });
                }
                _ if !sent.is_over && is_here => all.push(Action::Answer { request: n }),
                _ => {}
            }
            if !sent.is_over && is_here && left.faults > 0 {
                all.push(Action::Lose { request: n });
            }
        }
        for (n, task) in self.tasks.iter().enumerate() {
            if !task.is_finished && task.job.is_some() {
                all.push(Action::Finish { task: n });
            }
        }
        if left.ticks > 0 && self.next_timer().is_some_and(|at| at > self.now) {
            all.push(Action::Tick);
        }
        if left.waits > 0 {
            all.push(Action::Wait);
        }
        if left.clock_jumps > 0 && !self.sent.is_empty() {
            all.push(Action::SetClock { forward: true });
            all.push(Action::SetClock { forward: false });
        }
        if left.foreign > 0 && !self.confirmed.is_empty() {
            all.push(Action::Foreign);
        }
        all
    }

    /// Lets something happen.
    pub(super) fn act(&mut self, action: Action) -> Result<(), String> {
        match action {
            Action::Confirm { tab } => self.confirm(tab),
            Action::Drop { tab } => {
                self.left.drops -= 1;
                self.feed(tab, Input::Drop(batch_of(tab)))
            }
            Action::Execute { request } => {
                let (job, kill) =
                    (self.sent[request].job.clone(), self.sent[request].request.clone());
                let task = self.add_task(Some(job), &kill, "manager");
                self.sent[request].arrival = Arrival::Executed { task };
                Ok(())
            }
            Action::Refuse { request } => {
                self.left.faults -= 1;
                self.sent[request].arrival = Arrival::Refused;
                Ok(())
            }
            Action::Answer { request } => {
                self.sent[request].is_over = true;
                self.answer(request)
            }
            Action::AnswerAgain { request } => {
                self.left.faults -= 1;
                self.answer(request)
            }
            Action::Lose { request } => {
                self.left.faults -= 1;
                self.sent[request].is_over = true;
                let answer = SendAnswer {
                    outcome: SendOutcome::Unknown(Failure::NoAnswer),
                    retry_after: None,
                };
                let (tab, job) = (self.sent[request].tab, self.sent[request].index);
                self.feed(tab, Input::Answered { job, answer })
            }
            Action::Read { tab, read } => {
                let call = self.tab(tab).reads.remove(read);
                let input = self.result(call);
                self.feed(tab, input)
            }
            Action::FailRead { tab, read } => {
                let call = self.tab(tab).reads.remove(read);
                self.left.faults -= 1;
                self.feed(tab, failed(call))
            }
            Action::Finish { task } => {
                self.tasks[task].is_finished = true;
                Ok(())
            }
            Action::Tick => {
                self.left.ticks -= 1;
                let next = self.next_timer().unwrap_or(self.now);
                self.pass_until(next)
            }
            Action::Wait => {
                self.left.waits -= 1;
                self.pass_until(self.now + LONG)
            }
            Action::SetClock { forward } => {
                self.left.clock_jumps -= 1;
                self.ahead += if forward { JUMP } else { -JUMP };
                Ok(())
            }
            Action::Reload { tab: number } => {
                self.left.reloads -= 1;
                let before = &self.tabs[number];
                let (storage, has_confirmed) = (before.storage.clone(), before.has_confirmed);
                let (epoch, ends) = (before.epoch + 1, before.ends.clone());
                let not_found = before.not_found.clone();
                let empty = Tab::new(self.now);
                let tab = Tab { storage, has_confirmed, epoch, ends, not_found, ..empty };
                self.tabs[number] = Arc::new(tab);
                self.locks.retain(|_, holder| *holder != number);
                self.note_copies(number);
                if self.signs_in_again {
                    self.sign_in(number)?;
                }
                Ok(())
            }
            Action::Duplicate { tab } => {
                self.left.duplicates -= 1;
                let (storage, not_found) =
                    (self.tabs[tab].storage.clone(), self.tabs[tab].not_found.clone());
                let copy = Tab { storage, not_found, has_confirmed: true, ..Tab::new(self.now) };
                self.tabs.push(Arc::new(copy));
                self.note_copies(self.tabs.len() - 1);
                Ok(())
            }
            Action::SignIn { tab } => self.sign_in(tab),
            Action::SignOut { tab } => {
                self.left.sign_outs -= 1;
                self.tab(tab).is_signed_in = false;
                self.feed(tab, Input::SignedOut(account()))
            }
            Action::BreakStorage { tab } => {
                self.left.storage_failures -= 1;
                self.tab(tab).is_storage_broken = true;
                Ok(())
            }
            Action::Foreign => {
                self.left.foreign -= 1;
                let request = confirmed_request();
                self.add_task(None, &request, "somebody");
                Ok(())
            }
        }
    }

    fn confirm(&mut self, tab: usize) -> Result<(), String> {
        self.tab(tab).has_confirmed = true;
        // The gate asks the other tabs.
        self.feed(tab, Input::ForgetElsewhere)?;
        _ = self.execute(tab, Effect::AskTabs(account()))?;
        let id = batch_of(tab);
        let users = if self.left.jobs == 1 { "user2" } else { "user2\nuser3" };
        for number in 1..=usize::from(self.left.jobs) {
            self.confirmed.push(JobId::of(&id, number));
        }
        let confirmed = confirmed(&draft(users, &[], &[], &["lone"]));
        let storing = Storing::Required;
        self.feed(tab, Input::Confirmed { confirmed, id, storing, before: None })
    }

    fn sign_in(&mut self, tab: usize) -> Result<(), String> {
        self.tab(tab).is_signed_in = true;
        self.feed(tab, Input::SignedIn(account()))?;
        let storage = self.tabs[tab].storage.clone();
        let names: Vec<String> = storage.keys().cloned().collect();
        let get = |key: &str| storage.get(key).map(|stored| stored.text.to_string());
        let mut batches = read_batches(&names, &get, &account());
        for stored in &mut batches {
            stored.is_of_other_tab = self.tabs[tab].copies.contains(&stored.batch.id);
        }
        self.feed(tab, Input::Restored(batches))
    }

    /// A search that ends without a result is right: BIG-IQ's list has no task of the job.
    fn judge_searches(&mut self, number: usize) -> Result<(), String> {
        let tab = &self.tabs[number];
        let is_none =
            |job: &&Job| matches!(job.phase(), Phase::Unknown { search: Search::NoneFound, .. });
        let jobs = tab.engine.indices().filter_map(|index| tab.engine.job(index));
        let ended: Vec<JobId> = jobs.filter(is_none).map(|job| job.id().clone()).collect();
        for id in ended {
            if self.tabs[number].not_found.contains(&id) {
                continue;
            }
            let is_listed = |task: &Task| task.job.as_ref() == Some(&id) && self.is_listed(task);
            if self.tasks.iter().any(is_listed) {
                return Err(format!("{id} is said to have no task, and the list has it"));
            }
            self.tab(number).not_found.push(id);
        }
        Ok(())
    }

    /// A tab that is loaded asks for the locks of the batches in its storage.
    fn note_copies(&mut self, number: usize) {
        let storage = Arc::clone(&self.tabs[number].storage);
        for id in storage.keys().filter_map(|key| key.strip_prefix("curfew:batch:")) {
            let id = BatchId::new(id);
            if *self.locks.entry(id.clone()).or_insert(number) != number {
                self.tab(number).copies.push(id);
            }
        }
    }

    /// What [`Input`]s of a tab lead to, as the driver executes it.
    fn feed(&mut self, tab: usize, input: Input) -> Result<(), String> {
        let now = self.time();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.tab(tab).engine.handle(now, input) {
                if let Some(result) = self.execute(tab, effect)? {
                    inputs.push_back(result);
                }
            }
        }
        self.judge_searches(tab)?;
        let tab = self.tab(tab);
        for job in tab.engine.indices().filter_map(|index| tab.engine.job(index)) {
            if let Some(end) = end_of(job) {
                tab.ends.entry(job.id().clone()).or_insert_with(|| end.clone());
            }
        }
        Ok(())
    }

    fn execute(&mut self, tab: usize, effect: Effect) -> Result<Option<Input>, String> {
        match effect {
            Effect::Store(write) => return Ok(Some(self.store(tab, write))),
            Effect::Forget(keys) => {
                let storage = Arc::make_mut(&mut self.tab(tab).storage);
                storage.retain(|key, _| !keys.contains(key));
            }
            Effect::Lock(batch) => _ = self.locks.entry(batch).or_insert(tab),
            Effect::Call(ApiCall::Post { job, request }) => {
                self.post(tab, job, request.request())?;
            }
            Effect::Call(call) => {
                if self.tabs[tab].reads.contains(&call) {
                    return Err(format!("read twice at the same time: {call:?}"));
                }
                self.tab(tab).reads.push(call);
            }
            Effect::Announce { account: AccountKey { bigiq, .. }, request } => {
                for other in (0..self.tabs.len()).filter(|other| *other != tab) {
                    let request =
                        RequestElsewhere { bigiq: bigiq.clone(), request: request.clone() };
                    self.feed(other, Input::Elsewhere(request))?;
                }
            }
            Effect::AnnounceTask { account: AccountKey { bigiq, .. }, task } => {
                for other in (0..self.tabs.len()).filter(|other| *other != tab) {
                    let (bigiq, task) = (bigiq.clone(), task.clone());
                    self.feed(other, Input::TaskElsewhere { bigiq, task })?;
                }
            }
            Effect::AskTabs(AccountKey { bigiq, .. }) => {
                for other in (0..self.tabs.len()).filter(|other| *other != tab) {
                    self.feed(other, Input::WhatIsInFlight { bigiq: bigiq.clone() })?;
                }
            }
            Effect::WakeIn(wait) => {
                let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                self.tab(tab).wake = self.now.saturating_add(wait);
            }
            Effect::NotStarted(_) | Effect::JobsAdded | Effect::JobChanged(_) | Effect::Changed => {
            }
        }
        Ok(None)
    }

    fn store(&mut self, tab: usize, write: Write) -> Input {
        let tab = self.tab(tab);
        let is_stored = !tab.is_storage_broken;
        if is_stored {
            for (key, text) in write.records {
                let job = tab.engine.indices().filter_map(|index| tab.engine.job(index));
                let phase = job
                    .filter(|job| key.ends_with(job.id().as_str()))
                    .map(|job| format!("{:?}", job.phase()))
                    .collect();
                let stored = Stored { text: text.into(), phase };
                Arc::make_mut(&mut tab.storage).insert(key, stored);
            }
        }
        Input::Stored { write: write.id, is_stored }
    }

    /// A request leaves a tab. Checks what must be true at this moment.
    fn post(&mut self, tab: usize, index: JobIndex, request: &KillRequest) -> Result<(), String> {
        let sender = &self.tabs[tab];
        let job = sender.engine.job(index).ok_or("a request without a job")?;
        let id = job.id().clone();
        if !self.confirmed.contains(&id) {
            return Err(format!("{id} was sent without a confirmation"));
        }
        if self.sent.iter().any(|sent| sent.job == id) {
            return Err(format!("{id} was sent twice"));
        }
        if !sender.is_signed_in {
            return Err(format!("{id} was sent after a sign-out"));
        }
        let record = sender.storage.get(&format!("curfew:job:{id}"));
        if !record.is_some_and(|record| record.text.contains("\"Sent\"")) {
            return Err(format!("{id} was sent before its record was stored"));
        }
        let at_once = self
            .sent
            .iter()
            .filter(|sent| sent.tab == tab && !sent.is_over && sent.epoch == sender.epoch);
        if at_once.count() > 0 {
            return Err(format!("{id} was sent while another request was in flight"));
        }
        self.sent.push(Sent {
            tab,
            epoch: sender.epoch,
            index,
            job: id,
            request: request.clone(),
            arrival: Arrival::OnItsWay,
            is_over: false,
        });
        Ok(())
    }

    fn answer(&mut self, request: usize) -> Result<(), String> {
        let sent = &self.sent[request];
        let outcome = match sent.arrival {
            Arrival::Executed { task } => SendOutcome::Accepted(self.snapshot(task)),
            Arrival::Refused => SendOutcome::Rejected(Failure::Refused {
                status: 400,
                refusal: Refusal::Invalid,
                message: None,
            }),
            Arrival::OnItsWay => return Err("no answer can arrive before the request".to_owned()),
        };
        let answer = SendAnswer { outcome, retry_after: None };
        let (tab, job) = (sent.tab, sent.index);
        self.feed(tab, Input::Answered { job, answer })
    }

    /// What BIG-IQ answers to a read now.
    fn result(&self, call: ApiCall) -> Input {
        match call {
            ApiCall::ReadTask { job, task } => {
                let number = (0..self.tasks.len()).find(|number| task_id(*number) == task);
                let answer = number.map(|number| self.snapshot(number));
                Input::TaskRead { job, answer: answer.ok_or_else(|| failure(true)) }
            }
            ApiCall::ReadTasks { purpose, .. } => {
                Input::TasksRead { purpose, answer: Ok(self.page()) }
            }
            other => other.not_made(),
        }
    }

    fn page(&self) -> TaskPage {
        let listed = self.tasks.iter().filter(|task| self.is_listed(task));
        TaskPage {
            tasks: listed.map(|task| self.state(task)).collect(),
            at: Timestamp(self.now + self.ahead),
            server_time: Some(Timestamp(self.now)),
            cut: false,
        }
    }

    /// Whether BIG-IQ's list has a task by now.
    fn is_listed(&self, task: &Task) -> bool {
        !self.left.lag || task.started + LAG <= self.now || task.is_finished
    }

    fn state(&self, task: &Task) -> KillTask {
        let (status, step, result) = if task.is_finished {
            (Status::Finished, Step::Done, Some(TaskResult::Complete))
        } else {
            (Status::Started, Step::Kill, None)
        };
        KillTask { status: Some(status), current_step: Some(step), result, ..(*task.task).clone() }
    }

    fn snapshot(&self, task: usize) -> TaskSnapshot {
        TaskSnapshot::of(&self.state(&self.tasks[task]))
    }

    fn add_task(&mut self, job: Option<JobId>, request: &KillRequest, operator: &str) -> usize {
        let number = self.tasks.len();
        let devices = request.targets().map(|targets| targets.devices.clone()).unwrap_or_default();
        let links: Vec<_> =
            devices.iter().map(|device| serde_json::json!({"link": device.link})).collect();
        let task = serde_json::json!({
            "id": task_id(number).as_str(),
            "action": request.action(),
            "userName": request.user_name(),
            "username": operator,
            "deviceReferences": links,
            "startDateTime": Timestamp(self.now).to_rfc3339(0),
        });
        self.tasks.push(Task {
            job,
            task: Arc::new(serde_json::from_value(task).unwrap()),
            started: self.now,
            is_finished: false,
        });
        number
    }

    fn next_timer(&self) -> Option<i64> {
        self.tabs.iter().filter(|tab| tab.is_signed_in).map(|tab| tab.wake).min()
    }

    /// Time passes. Timers that become due run in the order of the tabs.
    fn pass_until(&mut self, at: i64) -> Result<(), String> {
        self.now = at;
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].wake <= self.now {
                self.feed(tab, Input::Timer)?;
            }
        }
        Ok(())
    }

    pub(super) fn time(&self) -> Now {
        Now {
            wall: Timestamp(self.now + self.ahead),
            monotonic: Duration::from_millis(u64::try_from(self.now - START).unwrap_or_default()),
        }
    }

    /// The request that a job sent, if it was sent.
    pub(super) fn sent_of(&self, job: &JobId) -> Option<&Sent> {
        self.sent.iter().find(|sent| sent.job == *job)
    }
}

fn batch_of(tab: usize) -> BatchId {
    BatchId::new(format!("b{tab}"))
}

pub(super) fn task_id(number: usize) -> TaskId {
    TaskId::new(format!("t{number}"))
}

fn confirmed_request() -> KillRequest {
    let started = crate::fixture::started(&draft("user2", &[], &[], &["lone"]));
    started.items[0].job.request().clone()
}

fn failure(is_gone: bool) -> CallFailure {
    CallFailure {
        failure: Failure::NoAnswer,
        retry_after: None,
        is_gone,
        is_refused_for_good: false,
    }
}

fn failed(call: ApiCall) -> Input {
    match call {
        ApiCall::ReadTask { job, .. } => Input::TaskRead { job, answer: Err(failure(false)) },
        ApiCall::ReadTasks { purpose, .. } => {
            Input::TasksRead { purpose, answer: Err(failure(false)) }
        }
        other => other.not_made(),
    }
}
