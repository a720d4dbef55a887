//! The tone of a message, for every component that shows one.

use super::Icon;

/// The tone of a message. Each tone has its own icon, because not everyone sees the colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Information.
    #[default]
    Info,
    /// Success, and proven.
    Good,
    /// A warning.
    Warning,
    /// It failed, or was refused. For actions that end something there is [`Look::Danger`](super::Look::Danger).
    Error,
}

impl Tone {
    /// Its name in the style sheets.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Its icon.
    pub(super) fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Good => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Error => Icon::Failed,
        }
    }
}
