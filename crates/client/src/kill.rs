//! The kill itself: the POST, which consumes its request, and the reads of tasks.

use crate::error::ApiError;
use crate::signed_in::SignedIn;
use bigiq::task::TaskList;
use bigiq::{Call, DecodeError, KillTask, decode, odata};
use curfew_core::engine::{SendAnswer, TaskPage};
use curfew_core::ids::{JobId, TaskId};
use curfew_core::job::{Failure, SendOutcome, TaskSnapshot};
use curfew_core::plan::PreparedRequest;
use curfew_core::record::FullAnswer;

/// What Curfew claims about a kill in headers, for a proxy's log. A proxy can't verify it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHeaders {
    /// Who requests it.
    pub operator: String,
    /// The job's id.
    pub job: JobId,
    /// Reason or ticket.
    pub reason: String,
}

/// The longest claim, in characters before encoding: headers have a limited size.
const LONGEST_CLAIM: usize = 200;

impl AuditHeaders {
    fn headers(&self, action: &str) -> [(&'static str, String); 4] {
        let encoded =
            |text: &str| odata::encode(&text.chars().take(LONGEST_CLAIM).collect::<String>());
        [
            ("X-Curfew-Operator", encoded(&self.operator)),
            ("X-Curfew-Job", encoded(self.job.as_str())),
            ("X-Curfew-Action", encoded(action)),
            ("X-Curfew-Reason", encoded(&self.reason)),
        ]
    }
}

impl SignedIn {
    /// Sends a confirmed request once. The request is consumed whatever the result.
    pub async fn kill(&self, prepared: PreparedRequest, claim: &AuditHeaders) -> SendAnswer {
        let claims = claim.headers(prepared.request().action());
        let token = match self.token().await {
            Ok(token) => token,
            Err(error) => return answer(SendOutcome::NotSent, &error),
        };
        match self.write(&Call::kill(prepared.request()), token.as_ref(), &claims).await {
            Ok(answered) => match decode::<KillTask>(&answered.text) {
                Ok(task) if task.task_id().is_some() => {
                    let outcome = SendOutcome::Accepted(TaskSnapshot::of(&task));
                    SendAnswer { outcome, retry_after: None }
                }
                // A success status without a task: a task may be running under an unknown id.
                Ok(_) => unreadable(DecodeError::missing("id")),
                Err(error) => unreadable(error),
            },
            Err(error) => match &error {
                ApiError::Refused { status: 400..=499, from_bigiq: true, .. } => {
                    answer(SendOutcome::Rejected, &error)
                }
                // BIG-IQ's front end answers a missing or dead token with its own page (captured), and proxies answer a
                // request that they do not forward with theirs. A 403 or 404 page may also replace an answer of
                // BIG-IQ's on its way back.
                // guard: proxy-403
                ApiError::Refused { status: 401 | 413 | 429, .. } => {
                    answer(SendOutcome::Rejected, &error)
                }
                _ => answer(SendOutcome::Unknown, &error),
            },
        }
    }

    /// Asks BIG-IQ to cancel a task, once. F5 documents neither the call nor its effect.
    ///
    /// # Errors
    /// Any [`ApiError`]; a refusal means that BIG-IQ does not support the call.
    pub async fn cancel(&self, id: &TaskId) -> Result<(), ApiError> {
        let token = self.token().await?;
        let answer = self.write(&Call::cancel(id.as_str()), token.as_ref(), &[]).await?;
        // A proxy's page with a success status is not an answer from BIG-IQ.
        decode::<KillTask>(&answer.text).map(|_| ()).map_err(ApiError::Unreadable)
    }

    /// Reads the fields of a task that change.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn task(&self, id: &TaskId) -> Result<TaskSnapshot, ApiError> {
        let answer = self.read(&Call::task_state(id.as_str())).await?;
        let task: KillTask = self.decoded(&answer)?;
        Ok(TaskSnapshot::of(&task))
    }

    /// Reads a whole task: BIG-IQ's full answer.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn full_answer(&self, id: &TaskId) -> Result<FullAnswer, ApiError> {
        let answer = self.read(&Call::task(id.as_str())).await?;
        let _: KillTask = self.decoded(&answer)?;
        Ok(FullAnswer::new(&answer.text, self.now()))
    }

    /// A task as in the list of all.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn listed_task(&self, id: &TaskId) -> Result<TaskPage, ApiError> {
        let answer = self.read(&Call::task(id.as_str())).await?;
        let task: KillTask = self.decoded(&answer)?;
        Ok(TaskPage::of(&[task], self.now(), answer.server_time, false))
    }

    /// The newest tasks of all operators.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub fn tasks(
        &self,
        skip: usize,
        top: usize,
    ) -> impl Future<Output = Result<TaskPage, ApiError>> {
        self.task_page(Call::tasks(skip, top), top)
    }

    /// The same with only the fields of a [`TaskSnapshot`], at most `top` tasks.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub fn task_states(&self, top: usize) -> impl Future<Output = Result<TaskPage, ApiError>> {
        self.task_page(Call::task_states(top), top)
    }

    /// The same with only their ids.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub fn task_ids(&self, top: usize) -> impl Future<Output = Result<TaskPage, ApiError>> {
        self.task_page(Call::task_ids(top), top)
    }

    // One function for all of them: each separate future is compiled separately.
    async fn task_page(&self, call: Call, top: usize) -> Result<TaskPage, ApiError> {
        let answer = self.read(&call).await?;
        let list: TaskList = self.decoded(&answer)?;
        let cut = list.items.len() >= top;
        Ok(TaskPage::of(&list.items, self.now(), answer.server_time, cut))
    }
}

fn answer(outcome: fn(Failure) -> SendOutcome, error: &ApiError) -> SendAnswer {
    SendAnswer { outcome: outcome(error.into()), retry_after: error.retry_after() }
}

fn unreadable(error: DecodeError) -> SendAnswer {
    answer(SendOutcome::Unknown, &ApiError::Unreadable(error))
}
