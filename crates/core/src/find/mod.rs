//! Finding live sessions in the whole estate: what is typed, which units are read next, and the sessions that match.

mod draft;
mod overview;
mod query;
mod reader;
mod rule;
mod table;

pub use draft::{is_place, is_session};
pub use overview::{By, Overview, Ranking};
pub use query::Query;
pub use reader::{Answered, Ask, Finds, Reader};
pub use rule::{Rule, RuleProblem};
pub use table::{FoundDevice, FoundSession, SessionTable, SortBy};
