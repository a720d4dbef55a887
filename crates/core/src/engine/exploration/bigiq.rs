//! What BIG-IQ has, and what it answers.

use super::world::{Arrival, Task, World};
use crate::engine::{ApiCall, CallFailure, Input, SendAnswer, TaskPage};
use crate::fixture::{draft, machine};
use crate::ids::{JobId, TaskId};
use crate::inventory::{Live, Reading};
use crate::job::{BigIqTask, Failure, SendOutcome, Status, Step, TaskResult, TaskSnapshot};
use crate::timestamp::Timestamp;
use bigiq::access_info::{AccessInfo, LiveSession};
use bigiq::{KillRequest, Refusal};
use std::sync::Arc;

/// How long a new task may be missing in BIG-IQ's list.
pub(super) const LAG: i64 = 75_000;

impl World {
    /// What the device of the plan answers when at most `limit` sessions are read.
    pub(super) fn live(&self, limit: usize) -> Live {
        let session = LiveSession {
            id: "s1".to_owned(),
            user: Some("user2".to_owned()),
            client_ip: None,
            started: None,
        };
        let entries = Some(self.has_session.then_some(session).into_iter().take(limit).collect());
        let now = Timestamp(self.now + self.ahead);
        let mut live = Live::default();
        let reading = Reading::of(AccessInfo { entries }, limit, now);
        reading.into_iter().for_each(|reading| live.note_reading(&machine("lone"), reading));
        live
    }

    pub(super) fn answer(&mut self, request: usize) -> Result<(), String> {
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
    pub(super) fn result(&self, call: ApiCall) -> Input {
        match call {
            ApiCall::ReadTask { job, task } => {
                let found = self.tasks.iter().find(|known| known.id == task);
                let answer = found.map(|task| self.state(task).snapshot);
                Input::TaskRead { job, answer: answer.ok_or_else(|| failure(true)) }
            }
            ApiCall::ReadTasks { purpose, .. } => {
                Input::TasksRead { purpose, answer: Ok(self.page()) }
            }
            ApiCall::ReadSessions(_) => Input::SessionsRead(Some(self.live(usize::MAX))),
            ApiCall::ReadEarly(device) => {
                let reading = self.live(usize::MAX).reading(&device).cloned();
                Input::EarlyRead { device, answer: Ok(reading) }
            }
            other => other.not_made(),
        }
    }

    pub(super) fn page(&self) -> TaskPage {
        let listed = self.tasks.iter().filter(|task| self.is_listed(task));
        TaskPage {
            tasks: listed.map(|task| self.state(task)).collect(),
            at: Timestamp(self.now + self.ahead),
            server_time: Some(Timestamp(self.now)),
            ..TaskPage::default()
        }
    }

    /// Whether BIG-IQ's list has a task by now.
    pub(super) fn is_listed(&self, task: &Task) -> bool {
        !self.left.lag || task.started + LAG <= self.now || task.is_finished
    }

    pub(super) fn state(&self, task: &Task) -> BigIqTask {
        let (status, step, result) = if task.is_finished {
            (Status::Finished, Step::Done, Some(TaskResult::Complete))
        } else {
            (Status::Started, Step::Kill, None)
        };
        let mut listed = (*task.task).clone();
        let snapshot = &mut listed.snapshot;
        (snapshot.status, snapshot.step, snapshot.result) = (Some(status), Some(step), result);
        listed
    }

    pub(super) fn snapshot(&self, task: usize) -> TaskSnapshot {
        self.state(&self.tasks[task]).snapshot
    }

    pub(super) fn add_task(
        &mut self,
        job: Option<JobId>,
        request: &KillRequest,
        operator: &str,
    ) -> usize {
        let number = self.tasks.len();
        // Ids say nothing about the order in which tasks were started.
        let id =
            TaskId::new(if job.is_some() { format!("t{number}") } else { format!("a{number}") });
        let devices = request.targets().map(|targets| targets.devices.clone()).unwrap_or_default();
        let links: Vec<_> =
            devices.iter().map(|device| serde_json::json!({"link": device.link})).collect();
        let task = serde_json::json!({
            "id": id.as_str(),
            "action": request.action(),
            "userName": request.user_name(),
            "username": operator,
            "deviceReferences": links,
            "startDateTime": Timestamp(self.now).to_rfc3339(0),
        });
        self.tasks.push(Task {
            id,
            job,
            task: Arc::new(BigIqTask::of(&serde_json::from_value(task).unwrap()).unwrap()),
            started: self.now,
            is_finished: false,
        });
        number
    }
}

pub(super) fn confirmed_request() -> KillRequest {
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

pub(super) fn failed(call: ApiCall) -> Input {
    match call {
        ApiCall::ReadTask { job, .. } => Input::TaskRead { job, answer: Err(failure(false)) },
        ApiCall::ReadTasks { purpose, .. } => {
            Input::TasksRead { purpose, answer: Err(failure(false)) }
        }
        ApiCall::ReadSessions(_) => Input::SessionsRead(Some(Live::default())),
        ApiCall::ReadEarly(device) => Input::EarlyRead { device, answer: Err(failure(false)) },
        other => other.not_made(),
    }
}
