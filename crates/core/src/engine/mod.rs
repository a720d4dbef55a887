//! When to send, when to poll, and which BIG-IQ task belongs to a request whose answer was lost.

mod poll;
mod rate_limit;
mod task_search;

pub use poll::{LIST_COSTS, LONGEST, Pace, SHORTEST, age, is_due, poll_delay, room};
pub use rate_limit::RateLimit;
pub use task_search::{SPREAD, SeenTasks, TaskPage, TaskSearch, Trace};
