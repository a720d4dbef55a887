//! How a message is meant, for every part that shows one.

use super::Icon;

/// How a message is meant. Colour is the lesser half of it: each tone has a shape of its own as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// To know.
    #[default]
    Info,
    /// It went well, and that is proven.
    Good,
    /// Beware.
    Warning,
    /// It failed, or was refused. What would end something is no message: [`Look::Danger`](super::Look::Danger).
    Error,
}

impl Tone {
    /// The name that the style sheets know it by.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Its shape.
    pub(super) fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Good => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Error => Icon::Failed,
        }
    }
}
