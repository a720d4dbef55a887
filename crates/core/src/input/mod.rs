//! What operators type and paste: lists of users, targets and sessions.

mod columns;
mod lines;
mod pasted;
mod rows;
mod selection;
mod session_list;
pub(crate) mod table;
mod target_list;
#[cfg(test)]
mod tests;
mod user_list;

pub use pasted::{
    Answers, Change, ChangedLine, ColumnName, Doubt, Layout, PastedFormat, Question, SkipReason,
    SkippedLine, is_nothing,
};
pub use rows::{QuoteRule, Quotes, Row, Rows};
pub use selection::{SelectedSession, SessionSelection};
pub use session_list::{IdShapes, SessionListReader, SessionListReport};
pub use target_list::{TargetList, UnmatchedEntry};
pub use user_list::{RepeatedName, UserList};
