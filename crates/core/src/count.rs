//! A number together with how certain it is: what was not read completely is never shown as exact.

/// A number of things, and how certain it is. It can't be printed: the sentences of the crate `text` say the certainty, too.
///
/// ```
/// use curfew_core::count::Count;
///
/// assert_eq!(Count::of(5, true), Count::Exactly(5));
/// assert_eq!(Count::of(5, false), Count::AtLeast(5));
/// assert_eq!(Count::of(0, false), Count::Unknown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// All of them were found.
    Exactly(usize),
    /// There may be more.
    AtLeast(usize),
    /// None was found, but there may be some.
    Unknown,
}

impl Count {
    /// `found` of them were found. `is_all`: there are certainly no others.
    pub fn of(found: usize, is_all: bool) -> Self {
        match found {
            // guard: count-certainty
            _ if is_all => Self::Exactly(found),
            0 => Self::Unknown,
            _ => Self::AtLeast(found),
        }
    }

    /// How many were found.
    pub fn found(self) -> usize {
        match self {
            Self::Exactly(found) | Self::AtLeast(found) => found,
            Self::Unknown => 0,
        }
    }

    /// Of both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::of(self.found() + other.found(), self.is_exact() && other.is_exact())
    }

    /// Whether all of them were found.
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Exactly(_))
    }
}
