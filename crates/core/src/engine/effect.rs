//! What the engine wants to be done.

use crate::app::AccountKey;
use crate::ids::{BatchId, MachineId, TaskId};
use crate::plan::PreparedRequest;
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use std::time::Duration;

/// The position of a job in the engine. Jobs are never removed, so it stays valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobIndex(pub(super) usize);

/// Identifies a write, and so its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WriteId(pub(super) u32);

/// Something to be stored in this tab, all of it or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Goes into [`Input::Stored`](super::Input::Stored).
    pub id: WriteId,
    /// Keys and texts. Nothing in them is secret.
    pub records: Vec<(String, String)>,
}

/// Which tasks to list, the latest changes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskQuery {
    /// The ids of the first tasks.
    Ids {
        /// How many.
        top: usize,
        /// The time limit of this read. It counts as failed afterwards, and its answer is not used.
        within: Duration,
    },
    /// The first tasks, without their requests.
    States {
        /// How many.
        top: usize,
    },
    /// Complete tasks.
    Full {
        /// How many to leave out.
        skip: usize,
        /// How many.
        top: usize,
    },
}

/// What a task list is read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// To know the tasks that exist before a batch is sent.
    Before(BatchId),
    /// To poll many tasks at once.
    Poll,
    /// To find the tasks of lost answers.
    Search,
}

/// A call to BIG-IQ, for the operator who is signed in. It must lead to exactly one input with its result, even if it fails.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone, PartialEq))]
pub enum ApiCall {
    /// POST this request. It can be done once.
    Post {
        /// Its job.
        job: JobIndex,
        /// The request.
        request: PreparedRequest,
    },
    /// Read a task.
    ReadTask {
        /// Its job.
        job: JobIndex,
        /// Its id.
        task: TaskId,
    },
    /// Read a page of BIG-IQ's task list.
    ReadTasks {
        /// Which tasks.
        query: TaskQuery,
        /// What for.
        purpose: Purpose,
    },
    /// Read the sessions of these devices.
    ReadSessions(SortedSet<MachineId>),
    /// Read the sessions of a device while a kill runs.
    ReadEarly(MachineId),
    /// Request that a task is cancelled.
    Cancel {
        /// Its job.
        job: JobIndex,
        /// Its id.
        task: TaskId,
    },
}

/// What the engine wants to be done.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone, PartialEq))]
pub enum Effect {
    /// Store this, and report whether it is stored.
    Store(Write),
    /// Delete these keys.
    Forget(Vec<String>),
    /// Take the lock of a batch, so that a duplicate of this tab sees that this tab works on it.
    Lock(BatchId),
    /// A plan was not started because its records can't be stored. Nothing was sent.
    NotStarted(BatchId),
    /// Call BIG-IQ.
    Call(ApiCall),
    /// Inform the other tabs of a request in flight.
    Announce {
        /// Whose it is.
        account: AccountKey,
        /// Its [`fingerprint`](crate::plan::fingerprint).
        request: String,
    },
    /// Inform the other tabs of a task that belongs to a job of this tab.
    AnnounceTask {
        /// Whose it is.
        account: AccountKey,
        /// Its id.
        task: TaskId,
    },
    /// Ask the other tabs which requests of this BIG-IQ are in flight.
    AskTabs(AccountKey),
    /// Sessions may have ended: lists that were read before are not current any more.
    SessionsOutdated,
    /// A request is about to be sent: pass [`Input::SessionsKnown`](super::Input::SessionsKnown) at once.
    ReportSessions {
        /// Its job.
        job: JobIndex,
        /// When its plan was confirmed.
        confirmed_at: Timestamp,
    },
    /// Jobs were added.
    JobsAdded,
    /// Something about a job has changed.
    JobChanged(JobIndex),
    /// Something else has changed that is shown: paused batches, comparisons, or requests in other tabs.
    Changed,
    /// Pass [`Input::Timer`](super::Input::Timer) after this time.
    WakeIn(Duration),
}
