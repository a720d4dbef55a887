//! Names as people see them: characters that don't show, names that look alike, and names that may mean the same person.

mod marks;
mod oddity;
mod script;
mod similar;
mod skeleton;

pub use marks::{Mark, MarkKind, draw, is_invisible, marks, without_invisible};
pub use oddity::{Oddity, oddities};
pub use script::{Script, in_latin, mixed_scripts};
pub use similar::{Compose, FoundSimilar, Likeness, SimilarName, SimilarNames};
pub(crate) use skeleton::halfwidth;
pub use skeleton::skeleton;
