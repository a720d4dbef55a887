//! What happened in which order, as points on a line that fills.

use leptos::prelude::*;

use super::Icon;

/// How far a point of the rail is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Not yet.
    #[default]
    Pending,
    /// Now.
    Current,
    /// Seen to be done.
    Done,
    /// Seen to have failed.
    Failed,
    /// Nobody knows.
    Unknown,
}

/// One point of the rail. Texts that are empty are not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepperPoint {
    /// How far it is.
    pub state: StepState,
    /// What `state` is called, for those who do not see the mark.
    pub status: String,
    /// What happens at this point.
    pub label: String,
    /// The time at which it was seen.
    pub when: String,
    /// How long it took since the point before.
    pub span: String,
    /// What there is to say about it, such as why it failed.
    pub note: String,
}

impl StepState {
    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Current => "current",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The shape of its mark. Two are drawn by the style sheet: a ring, and a ring with a core.
    fn icon(self) -> Option<Icon> {
        match self {
            Self::Pending | Self::Current => None,
            Self::Done => Some(Icon::Check),
            Self::Failed => Some(Icon::Cross),
            Self::Unknown => Some(Icon::Unknown),
        }
    }
}

/// An ordered list of points: side by side where there is room, else one below the other.
#[component]
pub fn Stepper(
    /// What the rail is about.
    #[prop(into)]
    label: Signal<String>,
    /// The points, in order.
    #[prop(into)]
    steps: Signal<Vec<StepperPoint>>,
    /// Whether only the marks are shown, for rows of a list; everything else is heard and on hover.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let text = |class: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <span class=class>{text}</span> })
    };
    let point = move |point: StepperPoint| {
        let StepperPoint { state, status, label, when, span, note } = point;
        let title = small.then(|| [label.as_str(), &status].join(": "));
        let texts = if small {
            // There may be hundreds of such rails, and the browser keeps something of each element.
            let mut said = [label.as_str(), &status].join(", ");
            for text in [span, when, note] {
                if !text.is_empty() {
                    said.extend([", ", &text]);
                }
            }
            said.into_any()
        } else {
            view! {
                <span class="rail-label">{label}</span>
                {text("visually-hidden", status)}
                {text("rail-span", span)}
                {text("rail-when", when)}
                {text("rail-note", note)}
            }
            .into_any()
        };
        view! {
            <li
                class="rail-point"
                data-state=state.name()
                aria-current=(state == StepState::Current).then_some("step")
                title=title
            >
                <span class="rail-mark" aria-hidden="true">
                    {state.icon().map(Icon::view)}
                </span>
                <span class="rail-text" class:visually-hidden=small>{texts}</span>
            </li>
        }
    };
    view! {
        <ol class="rail" class:rail-small=small aria-label=label>
            {move || steps.get().into_iter().map(point).collect_view()}
        </ol>
    }
}
