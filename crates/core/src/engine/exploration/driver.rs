//! What a tab does: it executes the effects of its engine as the driver of the app does.

use super::bigiq::LAG;
use super::invariants::end_of;
use super::world::{Arrival, Sent, SlowWrite, Stored, Tab, Task, World};
use crate::app::AccountKey;
use crate::engine::{
    ApiCall, Before, Effect, Input, JobIndex, RequestElsewhere, Storing, Write, read_batches,
};
use crate::fixture::{account, confirmed, draft, inventory};
use crate::ids::{BatchId, JobId};
use crate::job::{Job, Phase, Search};
use bigiq::KillRequest;
use std::collections::VecDeque;
use std::sync::Arc;

impl Tab {
    /// A write is done.
    pub(super) fn stored(&mut self, write: SlowWrite) -> Input {
        let is_stored = !self.is_storage_broken;
        if is_stored {
            Arc::make_mut(&mut self.storage).extend(write.records);
        }
        Input::Stored { write: write.id, is_stored }
    }
}

impl World {
    pub(super) fn confirm(&mut self, tab: usize) -> Result<(), String> {
        let number = self.tabs[tab].plans;
        self.tab(tab).plans += 1;
        // The gate asks the other tabs.
        self.feed(tab, Input::ForgetElsewhere)?;
        _ = self.execute(tab, Effect::AskTabs(account()))?;
        let id = batch_of(tab, number);
        let mut users = String::new();
        for number in 1..=usize::from(self.left.jobs) {
            users += &format!("user{}\n", number + 1);
            self.confirmed.push(JobId::of(&id, number));
        }
        let confirmed = confirmed(&draft(&users, &[], &[], &["lone"]));
        let storing = Storing::Required;
        let before = self.before();
        self.feed(tab, Input::Confirmed { confirmed, id, storing, before })
    }

    /// What is known about sessions.
    fn before(&self) -> Option<Before> {
        let wall = self.time().wall;
        let known = || Before::new(&self.live(usize::MAX), Arc::new(inventory()), wall);
        self.left.sessions.then(known)
    }

    pub(super) fn sign_in(&mut self, tab: usize) -> Result<(), String> {
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

    /// A search that ends without a result is right: BIG-IQ's list has no task of the job, and has had the time for it.
    pub(super) fn judge_searches(&mut self, number: usize) -> Result<(), String> {
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
            if self.sent_of(&id).is_some_and(|sent| sent.at + LAG > self.now) {
                return Err(format!(
                    "{id} is said to have no task, and the list may not have it yet"
                ));
            }
            self.tab(number).not_found.push(id);
        }
        Ok(())
    }

    /// A tab that is loaded asks for the locks of the batches in its storage.
    pub(super) fn note_copies(&mut self, number: usize) {
        let storage = Arc::clone(&self.tabs[number].storage);
        for id in storage.keys().filter_map(|key| key.strip_prefix("curfew:batch:")) {
            let id = BatchId::new(id);
            if *self.locks.entry(id.clone()).or_insert(number) != number {
                self.tab(number).copies.push(id);
            }
        }
    }

    /// What [`Input`]s of a tab lead to, as the driver executes it.
    pub(super) fn feed(&mut self, tab: usize, input: Input) -> Result<(), String> {
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

    pub(super) fn execute(&mut self, tab: usize, effect: Effect) -> Result<Option<Input>, String> {
        match effect {
            Effect::Store(write) => return Ok(self.store(tab, write)),
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
            Effect::ReportSessions { job, .. } => {
                let before = self.before();
                return Ok(Some(Input::SessionsKnown { job, before }));
            }
            Effect::NotStarted(_)
            | Effect::SessionsOutdated
            | Effect::JobsAdded
            | Effect::JobChanged(_)
            | Effect::Changed => {}
        }
        Ok(None)
    }

    /// Stores something, at once or slowly.
    pub(super) fn store(&mut self, tab: usize, write: Write) -> Option<Input> {
        let is_slow = self.left.is_storage_slow;
        let tab = self.tab(tab);
        let phase = |key: &str| {
            let jobs = tab.engine.indices().filter_map(|index| tab.engine.job(index));
            let job = jobs.filter(|job| key.ends_with(job.id().as_str()));
            job.map(|job| format!("{:?}", job.phase())).collect()
        };
        let records = write.records.into_iter().map(|(key, text)| {
            let stored = Stored { text: text.into(), phase: phase(&key) };
            (key, stored)
        });
        let queue = &tab.engine.queue;
        let is_awaited = queue.starting.iter().any(|starting| starting.write == write.id)
            || queue.recording.iter().any(|recording| recording.write == write.id);
        let write = SlowWrite { id: write.id, records: records.collect(), is_awaited };
        if is_slow && (is_awaited || !tab.writes.is_empty()) {
            tab.writes.push_back(write);
            return None;
        }
        Some(tab.stored(write))
    }

    /// The next record is stored, and with it those after it that nothing waits for.
    pub(super) fn store_slowly(&mut self, tab: usize) -> Result<(), String> {
        while let Some(write) = self.tab(tab).writes.pop_front() {
            let result = self.tab(tab).stored(write);
            self.feed(tab, result)?;
            if self.tabs[tab].writes.front().is_some_and(|next| next.is_awaited) {
                break;
            }
        }
        Ok(())
    }

    /// A request leaves a tab. Checks what must be true at this moment.
    pub(super) fn post(
        &mut self,
        tab: usize,
        index: JobIndex,
        request: &KillRequest,
    ) -> Result<(), String> {
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
        if self.discarded.contains(&id) {
            return Err(format!("{id} was sent after it had been discarded"));
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
            at: self.now,
            arrival: Arrival::OnItsWay,
            is_over: false,
        });
        Ok(())
    }
}

pub(super) fn batch_of(tab: usize, plan: u8) -> BatchId {
    BatchId::new(format!("b{tab}{plan}"))
}
