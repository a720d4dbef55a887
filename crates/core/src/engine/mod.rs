//! Every decision about confirmed kills: when to send, poll and search, what an answer means, and what is verified. A value
//! without I/O: [`Engine::handle`] takes one input and the time and returns what to do. The same inputs at the same times
//! always have the same effects, so tests can drive it through everything that a browser can do.

mod awaited;
mod cancel;
mod comparing;
mod decode_record;
mod early;
mod effect;
mod elsewhere;
mod handle;
mod input;
mod memory;
mod not_made;
mod page;
mod poll;
mod polling;
mod queue;
mod random;
mod rate_limit;
mod records;
mod searching;
mod sign_in;
mod state;
mod task_search;
mod watch;

#[cfg(test)]
mod exploration;
#[cfg(test)]
mod tests;

pub use awaited::Awaited;
pub use effect::{ApiCall, Effect, JobIndex, Purpose, TaskQuery, Write, WriteId};
pub use elsewhere::lock_retry;
pub use input::{
    Before, CallFailure, Input, Now, RequestElsewhere, SendAnswer, Settings, Storing, recent,
};
pub use poll::{LONGEST, Pace, age, is_due, poll_delay, room};
pub use rate_limit::RateLimit;
pub use records::{RestoredJob, StoredBatch, read_batches};
pub use state::Engine;
pub use task_search::{SPREAD, SeenTasks, TaskPage, TaskSearch, Trace};
pub use watch::{WatchOver, WatchState, has_returned};
