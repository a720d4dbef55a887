//! Names as people see them: characters that don't show, names that look alike, and names that may mean the same person.

mod marks;

pub use marks::{Mark, MarkKind, is_invisible, marks, without_invisible};
