//! The state of data read from BIG-IQ: requested, loaded or failed, each with the previous value. A reading holds its
//! own time.

use curfew_client::error::ApiError;

/// Something read from BIG-IQ.
#[derive(Debug, Clone)]
pub enum Loadable<T> {
    /// Not requested.
    Idle,
    /// Being read; with the previous value.
    Loading {
        /// The previous value.
        last: Option<T>,
    },
    /// Read.
    Ready(T),
    /// Could not be read; with the previous value.
    Failed {
        /// Why.
        error: ApiError,
        /// The previous value.
        last: Option<T>,
    },
}

impl<T> Loadable<T> {
    /// The newest value, however old.
    pub fn data(&self) -> Option<&T> {
        match self {
            Self::Idle => None,
            Self::Loading { last } | Self::Failed { last, .. } => last.as_ref(),
            Self::Ready(data) => Some(data),
        }
    }

    /// Why the last attempt failed.
    pub fn error(&self) -> Option<&ApiError> {
        match self {
            Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether an answer is pending.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// The same, being read again.
    #[must_use]
    pub fn reloading(self) -> Self {
        Self::Loading { last: self.into_data() }
    }

    /// The same, with the result of a read.
    #[must_use]
    pub fn answered(self, answer: Result<T, ApiError>) -> Self {
        match answer {
            Ok(data) => Self::Ready(data),
            Err(error) => Self::Failed { error, last: self.into_data() },
        }
    }

    /// The same with this value, read or failed as before.
    #[must_use]
    pub fn with_data(self, data: T) -> Self {
        match self {
            Self::Failed { error, .. } => Self::Failed { error, last: Some(data) },
            Self::Loading { .. } => Self::Loading { last: Some(data) },
            Self::Idle | Self::Ready(_) => Self::Ready(data),
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
