//! What is known of something that BIG-IQ holds: asked for, there, or failed, each with what was there before. How old a
//! reading is, it says itself. It must not ask.

use crate::api::ApiError;

/// Something read from BIG-IQ.
#[derive(Debug, Clone)]
pub enum Loadable<T> {
    /// Not asked for.
    Idle,
    /// On its way; with what was there before.
    Loading {
        /// The reading before.
        last: Option<T>,
    },
    /// Read.
    Ready(T),
    /// Could not be read; with what was there before.
    Failed {
        /// Why.
        error: ApiError,
        /// The reading before.
        last: Option<T>,
    },
}

impl<T> Loadable<T> {
    /// The newest reading, however old.
    pub fn data(&self) -> Option<&T> {
        match self {
            Self::Idle => None,
            Self::Loading { last } | Self::Failed { last, .. } => last.as_ref(),
            Self::Ready(data) => Some(data),
        }
    }

    /// Why the last try failed.
    pub fn error(&self) -> Option<&ApiError> {
        match self {
            Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether an answer is awaited.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// The same, asked for again.
    #[must_use]
    pub fn reloading(self) -> Self {
        Self::Loading { last: self.into_data() }
    }

    /// The same, with an answer.
    #[must_use]
    pub fn answered(self, answer: Result<T, ApiError>) -> Self {
        match answer {
            Ok(data) => Self::Ready(data),
            Err(error) => Self::Failed { error, last: self.into_data() },
        }
    }

    fn into_data(self) -> Option<T> {
        match self {
            Self::Idle => None,
            Self::Loading { last } | Self::Failed { last, .. } => last,
            Self::Ready(data) => Some(data),
        }
    }
}
