//! Errors of the console's calls in words that name what was refused.

use super::error_text::{ErrorText, error_text};
use crate::state::ApiError;
use text::sentences::refusal::failure;

pub use text::sentences::refusal::Operation;

/// An error of an operation in words, for this operator.
pub fn call_error(error: &ApiError, operation: Operation, operator: &str) -> ErrorText {
    match error {
        ApiError::Refused { .. } => failure(&error.into(), operation, operator),
        error => error_text(error),
    }
}
