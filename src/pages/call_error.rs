//! Errors of the console's calls in words that name what was refused.

use super::error_text::{ErrorText, bigiq_words, error_text};
use crate::state::ApiError;
use crate::ui::{Banner, Tone, content};
use leptos::prelude::*;
use text::sentences::refusal::failure;

pub use text::sentences::refusal::Operation;

/// An error of an operation in words, for this operator.
pub fn call_error(error: &ApiError, operation: Operation, operator: &str) -> ErrorText {
    match error {
        ApiError::Refused { .. } => failure(&error.into(), operation, operator),
        error => error_text(error),
    }
}

/// What could not be read, as a heading, and why.
pub fn not_read(heading: String, text: ErrorText) -> AnyView {
    view! {
        <Banner tone=Tone::Warning heading=heading>
            <p prop:textContent=content(text.what_and_next())/>
            {text.bigiq.as_deref().map(bigiq_words)}
        </Banner>
    }
    .into_any()
}
