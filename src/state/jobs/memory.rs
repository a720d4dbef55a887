//! What sending, polling and searching each remember from one round to the next.

use crate::web::Poll;
use curfew_core::engine::{RateLimit, SeenTasks, TaskSearch};
use curfew_core::ids::JobId;
use curfew_core::timestamp::Timestamp;
use rustc_hash::FxHashMap;

/// What sending remembers.
#[derive(Debug)]
pub(super) struct Sending {
    /// How fast requests may be sent.
    pub(super) rate_limit: RateLimit,
    /// How many requests are in flight.
    pub(super) in_flight: u16,
    /// How many may be at once, over all batches, to limit the load on BIG-IQ.
    pub(super) at_once: u16,
}

/// What polling remembers.
#[derive(Debug, Default)]
pub(super) struct Polling {
    pub(super) poll: Option<Poll>,
    /// When each job is polled next.
    pub(super) due: FxHashMap<JobId, Timestamp>,
    /// The jobs whose task is being read singly, and since when.
    pub(super) singly: FxHashMap<JobId, Timestamp>,
    /// Whether BIG-IQ refuses its list of all tasks.
    pub(super) no_list: bool,
    /// Which tasks are polled next, when only a few can be.
    pub(super) turn: usize,
    /// When tasks are polled singly again: with many tasks the polls pause, to leave room for other requests.
    pub(super) rests_until: Timestamp,
}

/// What searching remembers.
#[derive(Debug, Default)]
pub(super) struct Searching {
    pub(super) poll: Option<Poll>,
    /// The state of the search for each lost task.
    pub(super) searches: FxHashMap<JobId, TaskSearch>,
    /// When each of BIG-IQ's tasks was first seen.
    pub(super) seen_tasks: SeenTasks,
    /// Whether to search again for tasks whose search has already failed.
    pub(super) all: bool,
    /// How many times in a row the list could not be read.
    pub(super) unlisted: u32,
}
