//! What operators type and paste: lists of users, targets and sessions.

mod columns;
mod json;
mod lines;
mod pasted;
mod recognised;
mod rows;
mod selection;
mod session_list;
pub(crate) mod table;
mod target_list;
mod target_name;
#[cfg(test)]
mod tests;
mod user_list;

pub use pasted::{
    Answers, Change, ChangedLine, ColumnName, Doubt, Layout, LineOutcome, PastedFormat, Question,
    ReportedLine, SkipReason, SkippedLine, is_nothing,
};
pub use recognised::{as_pasted, recognised_list};
pub(crate) use recognised::{bare_ids, is_certain_id};
pub use rows::{QuoteRule, Quotes, Row, Rows};
pub use selection::{SelectedSession, SessionSelection};
pub use session_list::{IdShapes, SessionListReader, SessionListReport};
pub use table::{cells_of, unquoted};
pub use target_list::{SimilarTarget, TargetList, UnmatchedEntry};
pub(crate) use target_name::bare_target;
pub use user_list::{RepeatedName, UserList};
