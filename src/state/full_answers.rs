//! BIG-IQ's full answers about tasks, as far as the operator has read them: they are part of a record.

use curfew_client::error::ApiError;
use curfew_core::ids::TaskId;
use curfew_core::record::FullAnswer;
use leptos::prelude::*;
use std::sync::Arc;

/// What the reads of a task gave: the latest answer, and why the latest read failed.
#[derive(Debug, Clone, Default)]
pub struct ReadAnswer {
    /// The latest answer.
    pub answer: Option<Arc<FullAnswer>>,
    /// Why the latest read failed, if it did.
    pub error: Option<ApiError>,
}

/// The full answers of the signed-in operator.
#[derive(Debug, Clone, Copy, Default)]
pub struct FullAnswers(StoredValue<Vec<(TaskId, ReadAnswer)>>);

impl FullAnswers {
    /// What was read of a task.
    pub fn of(self, task: &TaskId) -> ReadAnswer {
        self.0.with_value(|all| {
            let known = all.iter().find(|(id, _)| id == task);
            known.map(|(_, known)| known.clone()).unwrap_or_default()
        })
    }

    /// Keeps the result of a read. After a failure, the earlier answer stays.
    pub fn note(self, task: TaskId, result: Result<FullAnswer, ApiError>) {
        let known = match result {
            Ok(answer) => ReadAnswer { answer: Some(Arc::new(answer)), error: None },
            Err(error) => ReadAnswer { error: Some(error), ..self.of(&task) },
        };
        self.0.update_value(|all| {
            all.retain(|(id, _)| *id != task);
            all.push((task, known));
        });
    }

    /// Forgets all: the operator has signed out.
    pub(super) fn forget(self) {
        self.0.set_value(Vec::new());
    }
}
