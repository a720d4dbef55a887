//! The few pictures, drawn for this app. They never stand alone: what they mean is said in words beside them.

use leptos::prelude::*;

/// A picture in the size and colour of the text around it, silent for screen readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A tick: it is so, it is done.
    Check,
    /// A cross: close, remove, it failed.
    Cross,
    /// A triangle with a mark: beware.
    Warning,
    /// An i in a ring: to know.
    Info,
    /// An octagon with a mark: it went wrong.
    Failed,
    /// A ring with a question: nobody knows.
    Unknown,
    /// A looking glass.
    Search,
    /// Two sheets.
    Copy,
    /// An arrow into a tray.
    Download,
    /// A round arrow.
    Refresh,
    /// A corner that points down.
    Down,
    /// A sun and moon in one.
    Theme,
    /// A pen.
    Edit,
    /// A board with a list.
    Paste,
    /// A person.
    Person,
    /// A clock.
    Clock,
    /// A square in an octagon: end it.
    Stop,
}

impl Icon {
    /// The picture as an element.
    pub fn view(self) -> impl IntoView {
        view! {
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d=self.path() />
            </svg>
        }
    }

    /// Strokes on a grid of 16 by 16, each line at a distance of 1.5 or more from the next.
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
            Self::Search => "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.3 10.3l3.7 3.7",
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Download => "M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11",
            Self::Refresh => "M13.5 8A5.5 5.5 0 118 2.5c2 0 3.6.9 4.7 2.4M13 1.8v3.4H9.6",
            Self::Down => "M4 6l4 4 4-4",
            Self::Theme => "M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM8 1.5v13M11 3.5v9M9.5 2v12",
            Self::Edit => "M2.5 13.5l.7-3L10.7 3l2.3 2.3-7.5 7.5zM9 4.7L11.3 7",
            Self::Paste => "M5.5 2.5h5v2h-5zM5.5 3.5h-2v10h9v-10h-2M6 8h4M6 10.5h4",
            Self::Person => {
                "M8 2a2.8 2.8 0 100 5.6A2.8 2.8 0 008 2zM2.5 14c.4-3 2.6-4.2 5.5-4.2s5.1 1.2 5.5 4.2"
            }
            Self::Stop => "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM6 6h4v4H6z",
            Self::Clock => "M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM8 4.5V8l2.5 1.5",
        }
    }
}
