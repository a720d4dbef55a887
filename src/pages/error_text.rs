//! Errors of the API in words.

use crate::state::ApiError;
use crate::ui::{Quote, content};
use leptos::prelude::*;
use text::sentences::error::{Sentence, failure};
use text::{Name, around_name};

pub use text::sentences::error::ErrorText;

/// An error in words that fit every call.
pub fn error_text(error: &ApiError) -> ErrorText {
    match error {
        // A report of a changed answer needs the path.
        ApiError::Unreadable(error) if !error.html => ErrorText {
            what: text::error_unreadable(),
            next: text::error_unreadable_help(Name(&error.path), Name(&error.reason)),
            bigiq: None,
        },
        error => failure(&error.into()),
    }
}

/// The parts of BIG-IQ's own message, a text of `bigiq_says`.
pub fn bigiq_quote(text: &str) -> Quote {
    let (before, words, after) = around_name(text);
    let [before, words, after] = [before, words, after].map(str::to_owned);
    Quote { before, words, after }
}

/// BIG-IQ's own message, a text of `bigiq_says`.
pub fn bigiq_words(text: &str) -> AnyView {
    view! { <p class="verbatim">{bigiq_quote(text).view()}</p> }.into_any()
}

/// A sentence as a paragraph.
pub fn paragraph(sentence: &Sentence) -> AnyView {
    match sentence {
        Sentence::Own(text) => view! { <p prop:textContent=content(text.clone())/> }.into_any(),
        Sentence::BigIq(text) => bigiq_words(text),
    }
}
