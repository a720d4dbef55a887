//! Refused calls of the console: what BIG-IQ refused, and what to do. It must not guess: only a kill needs the role that may kill.

use super::error::{self, ErrorText};
use crate::Name;
use curfew_core::engine::Trace;
use curfew_core::job::{Failure, Refusal};

/// What was requested from BIG-IQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// To read the lists of devices and access groups.
    ReadDevices,
    /// To read the live sessions of a device.
    ReadSessions,
    /// To read the list of all kills.
    ReadTasks,
    /// To read one task.
    ReadTask,
    /// To end sessions.
    Kill,
    /// To cancel a task.
    Cancel,
    /// A call whose name is shown next to the error.
    Named,
}

/// A failed call of this operator.
pub fn failure(failure: &Failure, operation: Operation, operator: &str) -> ErrorText {
    let text = error::failure(failure);
    let Failure::Refused { refusal, .. } = failure else { return text };
    let named = match refusal {
        Refusal::NotPermitted => not_permitted(operation, Name(operator)),
        Refusal::NotFound => not_found(operation),
        // A read with an expired token is repeated with a new one; a write is not.
        Refusal::TokenExpired | Refusal::BadCredentials => {
            Some((crate::error_token(), crate::error_token_help()))
        }
        _ => None,
    };
    match named {
        Some((what, next)) => ErrorText { what, next, ..text },
        None => text,
    }
}

/// That a kill which was refused has started or may have started, if the task list shows it.
pub fn trace(trace: &Trace) -> Option<String> {
    match trace {
        Trace::None => None,
        Trace::Unclear => Some(crate::may_have_started()),
        Trace::Task(id) => Some(crate::started_anyway(Name(id.as_str()))),
    }
}

fn not_permitted(operation: Operation, operator: Name<'_>) -> Option<(String, String)> {
    let ask = crate::error_not_permitted_help;
    Some(match operation {
        Operation::Kill => (crate::error_kill_refused(operator), crate::error_kill_refused_help()),
        Operation::ReadSessions => {
            (crate::error_sessions_refused(operator), crate::error_sessions_refused_help())
        }
        Operation::ReadDevices => (crate::error_devices_refused(operator), ask()),
        Operation::ReadTasks => (crate::error_tasks_refused(operator), ask()),
        Operation::ReadTask => (crate::error_task_refused(operator), ask()),
        Operation::Cancel => (crate::error_cancel_refused(operator), ask()),
        Operation::Named => return None,
    })
}

fn not_found(operation: Operation) -> Option<(String, String)> {
    let refresh = crate::error_not_found_help;
    Some(match operation {
        Operation::ReadTask | Operation::Cancel => (crate::error_task_unknown(), refresh()),
        Operation::ReadSessions => (crate::error_device_unknown(), refresh()),
        Operation::Kill | Operation::ReadTasks | Operation::ReadDevices => {
            (crate::error_service_unknown(), crate::error_service_unknown_help())
        }
        Operation::Named => return None,
    })
}
