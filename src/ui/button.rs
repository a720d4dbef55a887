//! Buttons, and links that look like them.

use super::dynamic::{attribute, dynamic};
use leptos::{ev::MouseEvent, prelude::*};

use super::{Dots, Icon, Show, content, id};

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// One of several.
    #[default]
    Plain,
    /// The main action of the page.
    Primary,
    /// An action that ends other people's sessions.
    Danger,
    /// A secondary action, without a frame.
    Quiet,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Primary => concat!("button ", "button-primary"),
            Self::Danger => concat!("button ", "button-danger"),
            Self::Quiet => concat!("button ", "button-quiet"),
        }
    }
}

/// A button. It is never disabled: while it can't be pressed, it keeps its focus and says why.
#[component]
pub fn Button(
    /// The action, as verb and object.
    #[prop(into)]
    label: Signal<String>,
    /// How much it stands out.
    #[prop(optional)]
    look: Look,
    /// What pressing it does. A submit button can leave that to its form.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Whether its action is running; then pressing it does nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it can't be pressed now, if so: shown next to it, and pressing does nothing.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// Whether it submits its form. It does not while busy or blocked.
    #[prop(optional)]
    submit: bool,
    /// The id of the button itself.
    #[prop(optional, into)]
    id: Option<String>,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Icon>,
) -> impl IntoView {
    let reason_id = id::unique("reason");
    let described_by = reason_id.clone();
    let is_blocked = Signal::derive(move || blocked.with(Option::is_some));
    let press = move |event: MouseEvent| {
        if busy.get_untracked() || is_blocked.get_untracked() {
            // This also keeps Enter in a field from submitting the form.
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <div class="button-wrapper">
            <button
                id=id
                class=look.class()
                type=if submit { "submit" } else { "button" }
                aria-disabled=attribute(move || (busy.get() || is_blocked.get()).then_some("true"))
                aria-describedby=attribute(move || is_blocked.get().then(|| described_by.clone()))
                on:click=press
            >
                {icon.map(Icon::view)}
                <span prop:textContent=content(label)/>
                <Show when=busy>
                    <Dots />
                </Show>
            </button>
            {dynamic(move || blocked.get().map(|why| view! { <p class="reason" id=reason_id.clone() prop:textContent=content(why)/> }))}
        </div>
    }
}

/// A link that looks like a button. It only navigates.
#[component]
pub fn LinkButton(
    /// The label of the link.
    #[prop(into)]
    label: Signal<String>,
    /// The target of the link.
    #[prop(into)]
    href: Signal<String>,
    /// How much it stands out.
    #[prop(optional)]
    look: Look,
) -> impl IntoView {
    view! {
        <a class=look.class() href=href prop:textContent=content(label)/>
    }
}
