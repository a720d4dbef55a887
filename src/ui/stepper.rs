//! Events in order, as points on a line.

use super::dynamic::dynamic;
use leptos::prelude::*;

use super::{Icon, content};

/// Between facts that stand side by side and form no sentence.
const BESIDE: &str = " · ";

/// The state of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Not yet.
    #[default]
    Pending,
    /// Now.
    Current,
    /// Done.
    Done,
    /// Failed.
    Failed,
    /// Unknown.
    Unknown,
}

/// One point. Empty texts are not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepperPoint {
    /// Its state.
    pub state: StepState,
    /// The name of `state`, for users who do not see the mark.
    pub status: String,
    /// What happens at this point.
    pub label: String,
    /// When it was observed.
    pub when: String,
    /// How long it took since the previous point.
    pub span: String,
    /// A remark, such as why it failed.
    pub note: String,
    /// The language of the remark, if it is not the page's.
    pub note_lang: Option<&'static str>,
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

    /// The icon of its mark. The style sheet draws the other two: a circle, and a circle with a core.
    fn icon(self) -> Option<Icon> {
        match self {
            Self::Pending | Self::Current => None,
            Self::Done => Some(Icon::Check),
            Self::Failed => Some(Icon::Cross),
            Self::Unknown => Some(Icon::Unknown),
        }
    }
}

/// An ordered list of points: side by side if there is room, else below each other.
#[component]
pub fn Stepper(
    /// What the points are about.
    #[prop(into)]
    label: Signal<String>,
    /// The points, in order.
    #[prop(into)]
    steps: Signal<Vec<StepperPoint>>,
    /// Whether only the marks are visible, for rows of a list; screen readers and the tooltip have the rest.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let text = |class: &'static str, text: String, lang: Option<&'static str>| {
        (!text.is_empty()).then(
            || view! { <span class=class lang=lang dir="auto" prop:textContent=content(text)/> },
        )
    };
    let point = move |point: StepperPoint| {
        let StepperPoint { state, status, label, when, span, note, note_lang } = point;
        let title = small.then(|| [label.as_str(), &status].join(BESIDE));
        let texts = if small {
            // A page may have hundreds of these, and the browser uses memory for each element.
            let mut text = [label.as_str(), &status].join(BESIDE);
            for part in [span, when, note] {
                if !part.is_empty() {
                    text.extend([BESIDE, &part]);
                }
            }
            view! { <span class="stepper-text visually-hidden" prop:textContent=content(text)/> }
                .into_any()
        } else {
            view! {
                <span class="stepper-text">
                    <span class="stepper-label" prop:textContent=content(label)/>
                    {text("visually-hidden", status, None)}
                    {text("stepper-span", span, None)}
                    {text("stepper-when", when, None)}
                    {text("stepper-note", note, note_lang)}
                </span>
            }
            .into_any()
        };
        view! {
            <li
                class="stepper-point"
                data-state=state.name()
                aria-current=(state == StepState::Current).then_some("step")
                title=title
            >
                <span class="stepper-mark" aria-hidden="true">
                    {state.icon().map(Icon::view)}
                </span>
                {texts}
            </li>
        }
    };
    view! {
        <ol class="stepper" class:stepper-small=small aria-label=label>
            {dynamic(move || steps.get().into_iter().map(point).collect_view())}
        </ol>
    }
}
