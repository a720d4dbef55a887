//! Errors of the API in words.

use crate::state::ApiError;
use crate::ui::content;
use leptos::prelude::*;
use text::sentences::error::failure;
use text::{Name, around_name};

pub use text::sentences::error::ErrorText;

/// An error in words, for this operator.
pub fn error_text(error: &ApiError, operator: &str) -> ErrorText {
    match error {
        // A report of a changed answer needs the path.
        ApiError::Unreadable(error) if !error.html => ErrorText {
            what: text::error_unreadable(),
            next: text::error_unreadable_help(Name(&error.path), Name(&error.reason)),
            bigiq: None,
        },
        error => failure(&error.into(), operator),
    }
}

/// BIG-IQ's own message, a text of `bigiq_says`: the message itself is English in every language.
pub fn bigiq_words(text: &str) -> AnyView {
    let (before, words, after) = around_name(text);
    view! {
        <p class="verbatim">
            <span prop:textContent=content(before)/>
            <span lang="en" prop:textContent=content(words)/>
            <span prop:textContent=content(after)/>
        </p>
    }
    .into_any()
}
