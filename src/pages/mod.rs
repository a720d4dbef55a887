//! The pages and the frame around them. They read state, change it through its methods, and are made of the parts of
//! `ui`. They must not fetch.

#![expect(unreachable_pub, reason = "the macro makes the props of a component public")]

mod frame;
mod jobs;
mod kill;
mod sign_in;
mod told;

pub use frame::App;

use crate::text::{Word, fill, t};

/// The tab's title while a page is shown.
fn title(page: &str) -> String {
    fill(Word::TitleOf, &[("page", page), ("app", &t(Word::Curfew))])
}
