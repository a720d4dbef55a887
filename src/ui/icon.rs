//! The icons, drawn for this app. They never stand alone: text next to them says what they mean.

use leptos::prelude::*;

/// An icon in the size and colour of the surrounding text, hidden from screen readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A tick: yes, done.
    Check,
    /// A cross: close, remove, failed.
    Cross,
    /// A triangle with a mark: warning.
    Warning,
    /// An i in a circle: information.
    Info,
    /// An octagon with a mark: error.
    Failed,
    /// A circle with a question mark: unknown.
    Unknown,
    /// Two sheets.
    Copy,
    /// A square in an octagon: end it.
    Stop,
}

impl Icon {
    /// The icon as an element.
    pub fn view(self) -> impl IntoView {
        view! {
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d=self.path() />
            </svg>
        }
    }

    /// Strokes on a 16 by 16 grid, each line at least 1.5 from the next.
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M3 8.5l3.5 3.5L13 4.5",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Warning => "M8 2L1.5 13.5h13zM8 6.5v3M8 11.4v.2",
            Self::Info => "M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM8 7.5v4M8 4.6v.2",
            Self::Failed => "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM8 4.5v4.2M8 11v.2",
            Self::Unknown => {
                "M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM6.2 6.3a1.9 1.9 0 113 1.6c-.8.5-1.2.9-1.2 1.6M8 11.6v.2"
            }
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Stop => "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM6 6h4v4H6z",
        }
    }
}
