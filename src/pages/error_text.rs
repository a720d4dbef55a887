//! Errors of the API in words.

use crate::state::ApiError;
use text::Name;
use text::sentences::error::failure;

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
