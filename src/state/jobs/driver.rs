//! Executes what the engine wants to be done, and passes the results back. It decides nothing.

use super::{Jobs, batch_lock};
use crate::state::live_sessions::{PATIENCE, in_time};
use crate::web::storage::{Storage, StorageError};
use crate::web::{four_at_once, lock, sleep, spawn_app, time};
use curfew_client::error::ApiError;
use curfew_client::kill::AuditHeaders;
use curfew_client::signed_in::SignedIn;
use curfew_core::engine::{
    ApiCall, CallFailure, Effect, Engine, Input, JobIndex, Now, TaskPage, TaskQuery, Write,
};
use curfew_core::ids::{JobId, MachineId};
use curfew_core::inventory::{Live, Reading};
use curfew_core::sorted::SortedSet;
use curfew_core::timestamp::Timestamp;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;

impl Jobs {
    /// Passes an input to the engine, and executes the effects.
    pub(super) fn feed(self, input: Input) {
        // After sleep, a computer runs its timers in any order: a kill must not be sent before the idle sign-out.
        // guard: no-kill-after-sleep
        if self.is_sending() {
            self.idle.end_if_over(true);
        }
        let mut inputs: Vec<Input> = self.sign_in_change().into_iter().chain([input]).collect();
        // The result of an effect follows all effects that came with it.
        while !inputs.is_empty() {
            let input = inputs.remove(0);
            let effects = self.engine.try_update_value(|engine| engine.handle(now(), input));
            for effect in effects.unwrap_or_default() {
                inputs.extend(self.execute(effect));
            }
        }
    }

    /// What the engine does not know yet about the sign-in.
    fn sign_in_change(self) -> Option<Input> {
        let account = untrack(|| self.sign_in.account());
        let is_signed_in = untrack(|| self.sign_in.is_signed_in());
        let known = |engine: &Engine| (engine.account().cloned(), engine.is_signed_in());
        match (account, self.engine.try_with_value(known)?) {
            (Some(account), (Some(known), true)) if is_signed_in && account == known => None,
            (Some(account), _) if is_signed_in => Some(Input::SignedIn(account)),
            (Some(_), (_, true)) => Some(Input::SignInEnded),
            (None, (Some(known), _)) => Some(Input::SignedOut(known)),
            _ => None,
        }
    }

    /// Executes an effect, and returns its result if there is one at once.
    fn execute(self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Store(write) => return Some(self.store(&write)),
            Effect::Forget(keys) => {
                for key in keys {
                    _ = Storage::Session.remove(&key);
                }
            }
            Effect::Lock(batch) => drop(lock::hold(&batch_lock(&batch))),
            Effect::Call(call) => self.call(call),
            Effect::Announce { account, request } => self.announce(&account, request),
            Effect::AnnounceTask { account, task } => self.announce_task(&account, task),
            Effect::AskTabs(account) => self.ask_what_is_in_flight(&account),
            Effect::JobsAdded => self.add_entries(),
            Effect::JobChanged(job) => self.notify(job),
            // The caller of `start` sees that there is no such batch.
            Effect::NotStarted(_) => {}
            Effect::SessionsOutdated => self.live_sessions.mark_outdated(),
            Effect::ReportSessions { job, confirmed_at } => {
                let before = self.known_sessions(confirmed_at);
                return Some(Input::SessionsKnown { job, before });
            }
            Effect::Changed => self.changed.with_value(ArcTrigger::notify),
            Effect::WakeIn(wait) => self.timer.run(async move {
                sleep(wait).await;
                self.feed(Input::Timer);
            }),
        }
        None
    }

    fn store(self, write: &Write) -> Input {
        let store = |(key, text): &(String, String)| Storage::Session.set(key, text);
        // guard: storage-error
        let stored: Result<(), StorageError> = write.records.iter().try_for_each(store);
        if let Err(error) = stored {
            self.storage_error.set_value(Some(error));
        }
        Input::Stored { write: write.id, is_stored: stored.is_ok() }
    }

    fn call(self, call: ApiCall) {
        let is_kill = matches!(call, ApiCall::Post { .. });
        if is_kill {
            self.sign_in.note_in_flight(true);
        }
        spawn_app(async move {
            let result = match self.sign_in.client() {
                Some(client) => {
                    let result = self.answer(&client, call).await;
                    self.sign_in.note_end(&client);
                    result
                }
                None => call.not_made(),
            };
            self.feed(result);
            // The answer is stored.
            if is_kill {
                self.sign_in.note_in_flight(false);
            }
        });
    }

    async fn answer(self, client: &SignedIn, call: ApiCall) -> Input {
        match call {
            ApiCall::Post { job, request } => match self.audit_headers(job) {
                Some(headers) => {
                    let answer = client.kill(request, &headers).await;
                    Input::Answered { job, answer }
                }
                None => ApiCall::Post { job, request }.not_made(),
            },
            ApiCall::ReadTask { job, task } => {
                let answer = client.task(&task).await.map_err(|error| CallFailure::from(&error));
                Input::TaskRead { job, answer }
            }
            ApiCall::ReadTasks { query, purpose } => {
                let answer = read_tasks(client, query).await;
                Input::TasksRead { purpose, answer }
            }
            ApiCall::ReadSessions(devices) => {
                let live = self.read_sessions(client, devices).await;
                Input::SessionsRead((!client.is_ended()).then_some(live))
            }
            ApiCall::ReadEarly(device) => {
                self.note_awaited(&device, true);
                let answer = read_early(client, &device).await;
                self.note_awaited(&device, false);
                Input::EarlyRead { device, answer }
            }
            ApiCall::Cancel { job, task } => {
                let answer = client.cancel(&task).await.map_err(|error| CallFailure::from(&error));
                Input::CancelAnswered { job, answer }
            }
        }
    }

    /// The live sessions of these devices, a few at a time. A device that does not answer has no reading.
    async fn read_sessions(self, client: &SignedIn, devices: SortedSet<MachineId>) -> Live {
        let live = RefCell::new(Live::default());
        four_at_once(devices, async |id| {
            self.note_awaited(&id, true);
            if let Ok(Some(reading)) = in_time(client.live_sessions(&id)).await {
                live.borrow_mut().note_reading(&id, reading);
            }
            self.note_awaited(&id, false);
        })
        .await;
        live.into_inner()
    }

    /// Notes that a device was asked for its sessions, or that its answer is no longer pending.
    fn note_awaited(self, device: &MachineId, is_pending: bool) {
        self.awaited.update_value(|awaited| match is_pending {
            true => awaited.begin(device, now().monotonic),
            false => awaited.end(device),
        });
    }

    /// The devices of a job that have not answered for a while.
    pub(in crate::state) fn silent_devices(self, job: &JobId) -> Vec<MachineId> {
        let silent = |engine: &Engine| {
            let baseline = engine.baseline(engine.find(job)?)?;
            let is_of_job = |id: &MachineId| baseline.members().any(|member| member == id);
            self.awaited.try_with_value(|awaited| awaited.silent(is_of_job, now().monotonic))
        };
        self.engine.with_value(silent).unwrap_or_default()
    }

    fn audit_headers(self, index: JobIndex) -> Option<AuditHeaders> {
        self.engine.with_value(|engine| {
            let (batch, job) = (engine.batch(index)?, engine.job(index)?);
            Some(AuditHeaders {
                operator: batch.account.operator.clone(),
                job: job.id().clone(),
                reason: batch.reason.clone(),
            })
        })
    }
}

async fn read_tasks(client: &SignedIn, query: TaskQuery) -> Result<TaskPage, CallFailure> {
    let answer = match query {
        TaskQuery::Ids { top, within } => {
            match select(pin!(client.task_ids(top)), pin!(sleep(within))).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => Err(ApiError::Timeout(within)),
            }
        }
        TaskQuery::States { top } => client.task_states(top).await,
        TaskQuery::Full { skip, top } => client.tasks(skip, top).await,
    };
    answer.map_err(|error| CallFailure::from(&error))
}

async fn read_early(client: &SignedIn, device: &MachineId) -> Result<Option<Reading>, CallFailure> {
    let answer = match select(pin!(client.live_sessions(device)), pin!(sleep(PATIENCE))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(ApiError::Timeout(PATIENCE)),
    };
    answer.map_err(|error| CallFailure::from(&error))
}

fn now() -> Now {
    Now {
        wall: Timestamp(time::epoch_ms()),
        monotonic: Duration::from_millis(time::monotonic_ms() as u64),
    }
}
