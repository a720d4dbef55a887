//! What can happen, and what it changes.

use super::bigiq::{confirmed_request, failed};
use super::driver::batch_of;
use super::limits::Limits;
use super::world::{Arrival, START, Sent, Tab, World};
use crate::engine::{ApiCall, Input, Purpose, SendAnswer};
use crate::fixture::account;
use crate::job::{Failure, Phase, SendOutcome};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longer than a search must last before it may say "none".
const LONG: i64 = 76_000;
/// How long a request can be on its way, in a proxy that forwards it late.
const ON_ITS_WAY: i64 = 300_000;
/// A step of the clock.
const JUMP: i64 = 3_600_000;

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
    /// The sessions of a cluster or device are read, but not all of them.
    ReadPart { tab: usize, read: usize },
    /// A task ends, and with it the sessions.
    Finish { task: usize },
    /// A task reports success, and ends no session.
    FinishInVain { task: usize },
    /// Time passes until the next timer.
    Tick,
    /// A long time passes.
    Wait,
    /// The browser's clock is set forward, or back.
    SetClock { forward: bool },
    /// A record is stored that took time, or can't be stored.
    Store { tab: usize },
    /// A tab is reloaded, or its process crashes. What is being stored is still stored.
    Reload { tab: usize },
    /// A tab is duplicated, with a copy of its storage.
    Duplicate { tab: usize },
    /// The operator signs in, and the stored jobs are restored.
    SignIn { tab: usize },
    /// The operator signs out.
    SignOut { tab: usize },
    /// The storage stops to accept records.
    BreakStorage { tab: usize },
    /// An identical kill is made outside Curfew.
    Foreign,
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
            discarded: Vec::new(),
            has_session: limits.sessions,
        };
        if limits.by_hand {
            world.add_task(None, &confirmed_request(), "manager");
        }
        for tab in 0..usize::from(limits.tabs) {
            world.tabs.push(Arc::new(Tab::new(world.now)));
            // Nothing is stored and nothing can go wrong yet.
            world.sign_in(tab).unwrap();
        }
        if limits.is_accepted {
            world.accept_all().unwrap();
        }
        world
    }

    /// A plan is confirmed, and BIG-IQ accepts its requests.
    fn accept_all(&mut self) -> Result<(), String> {
        self.act(Action::Confirm { tab: 0 })?;
        self.act(Action::Read { tab: 0, read: 0 })?;
        for request in 0..usize::from(self.left.jobs) {
            self.act(Action::Execute { request })?;
            self.act(Action::Answer { request })?;
        }
        Ok(())
    }

    /// What can happen now.
    pub(super) fn actions(&self) -> Vec<Action> {
        let left = &self.left;
        let mut all = Vec::new();
        for (n, tab) in self.tabs.iter().enumerate() {
            if !tab.is_signed_in {
                all.push(Action::SignIn { tab: n });
            } else if tab.plans < left.plans && n <= self.confirmed.len() {
                all.push(Action::Confirm { tab: n });
            }
            for (read, call) in tab.reads.iter().enumerate() {
                all.push(Action::Read { tab: n, read });
                if left.faults > 0 && self.may_fail(call) {
                    all.push(Action::FailRead { tab: n, read });
                    if matches!(call, ApiCall::ReadSessions(_)) {
                        all.push(Action::ReadPart { tab: n, read });
                    }
                }
            }
            if !tab.writes.is_empty() {
                all.push(Action::Store { tab: n });
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
                Arrival::OnItsWay if sent.at + ON_ITS_WAY < self.now => {}
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
                if self.has_session && task.is_of_user2() {
                    all.push(Action::FinishInVain { task: n });
                }
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
        if left.foreign > 0 && self.may_be_repeated() {
            all.push(Action::Foreign);
        }
        all
    }

    /// Whether a read may fail. Without the list from before a kill, only their times distinguish tasks.
    fn may_fail(&self, call: &ApiCall) -> bool {
        let is_before = matches!(call, ApiCall::ReadTasks { purpose: Purpose::Before(_), .. });
        !(self.left.by_hand && is_before)
    }

    /// Whether an identical kill outside Curfew may be made now.
    fn may_be_repeated(&self) -> bool {
        let is_executed = |sent: &Sent| matches!(sent.arrival, Arrival::Executed { .. });
        match self.left.by_hand {
            true => !self.sent.is_empty() && self.sent.iter().all(is_executed),
            false => !self.confirmed.is_empty(),
        }
    }

    /// Lets something happen.
    pub(super) fn act(&mut self, action: Action) -> Result<(), String> {
        match action {
            Action::Confirm { tab } => self.confirm(tab),
            Action::Drop { tab } => {
                self.left.drops -= 1;
                self.discard_unsent(tab);
                self.feed(tab, Input::Drop(batch_of(tab, 0)))
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
            Action::ReadPart { tab, read } => {
                self.tab(tab).reads.remove(read);
                self.left.faults -= 1;
                let live = self.live(0);
                self.feed(tab, Input::SessionsRead(Some(live)))
            }
            Action::Finish { task } => {
                self.tasks[task].is_finished = true;
                self.has_session &= !self.tasks[task].is_of_user2();
                Ok(())
            }
            Action::FinishInVain { task } => {
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
            Action::Store { tab } => self.store_slowly(tab),
            Action::Reload { tab: number } => {
                self.left.reloads -= 1;
                self.discard_unsent(number);
                while let Some(write) = self.tab(number).writes.pop_front() {
                    self.tab(number).stored(write);
                }
                let before = &self.tabs[number];
                let (storage, plans) = (before.storage.clone(), before.plans);
                let (epoch, ends) = (before.epoch + 1, before.ends.clone());
                let not_found = before.not_found.clone();
                let empty = Tab::new(self.now);
                let tab = Tab { storage, plans, epoch, ends, not_found, ..empty };
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
                let plans = self.left.plans;
                let copy = Tab { storage, not_found, plans, ..Tab::new(self.now) };
                self.tabs.push(Arc::new(copy));
                self.note_copies(self.tabs.len() - 1);
                Ok(())
            }
            Action::SignIn { tab } => self.sign_in(tab),
            Action::SignOut { tab } => {
                self.left.sign_outs -= 1;
                self.discard_unsent(tab);
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
                let operator = if self.left.by_hand { "manager" } else { "somebody" };
                self.add_task(None, &confirmed_request(), operator);
                Ok(())
            }
        }
    }

    /// Notes the jobs of a tab that must not be sent any more.
    fn discard_unsent(&mut self, tab: usize) {
        let engine = &self.tabs[tab].engine;
        let jobs = engine.indices().filter_map(|index| engine.job(index));
        let unsent = jobs.filter(|job| *job.phase() == Phase::Confirmed);
        self.discarded.extend(unsent.map(|job| job.id().clone()));
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
}
