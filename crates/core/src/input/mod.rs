//! What operators type and paste: lists of users, targets and sessions.

mod selection;
mod session_list;
pub(crate) mod table;
mod target_list;
mod user_list;

pub use selection::{SelectedSession, SessionSelection};
pub use session_list::{SessionListReader, SessionListReport};
pub use target_list::{TargetList, UnmatchedEntry};
pub use user_list::{RepeatedName, UserList};
