//! Buttons, and links that look like them.

use leptos::{ev::MouseEvent, prelude::*};

use super::{Dots, Icon, id};

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// One of several.
    #[default]
    Plain,
    /// The one act that the page is there for.
    Primary,
    /// The act that ends something of somebody else's.
    Danger,
    /// An act at the side: no frame.
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

/// A button. It is never disabled: while it cannot be pressed it keeps its focus and says why.
#[component]
pub fn Button(
    /// The act, as verb and object.
    #[prop(into)]
    label: Signal<String>,
    /// How much it stands out.
    #[prop(optional)]
    look: Look,
    /// What pressing it does. A submit button can leave that to its form.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Whether its act is under way; pressing it again does nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it cannot be pressed now, where that is so: shown beside it, and pressing does nothing.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// Whether it submits the form that it stands in. While busy or blocked it does not.
    #[prop(optional)]
    submit: bool,
    /// The id of the button itself.
    #[prop(optional, into)]
    id: Option<String>,
    /// A picture before the label.
    #[prop(optional)]
    icon: Option<Icon>,
) -> impl IntoView {
    let reason_id = id::unique("reason");
    let described_by = reason_id.clone();
    let is_blocked = Signal::derive(move || blocked.with(Option::is_some));
    let press = move |event: MouseEvent| {
        if busy.get_untracked() || is_blocked.get_untracked() {
            // Also what keeps Enter in a field from submitting the form.
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <div class="press">
            <button
                id=id
                class=look.class()
                type=if submit { "submit" } else { "button" }
                aria-disabled=move || (busy.get() || is_blocked.get()).then_some("true")
                aria-describedby=move || is_blocked.get().then(|| described_by.clone())
                on:click=press
            >
                {icon.map(Icon::view)}
                <span>{label}</span>
                <Show when=move || busy.get()>
                    <Dots />
                </Show>
            </button>
            {move || blocked.get().map(|why| view! { <p class="reason" id=reason_id.clone()>{why}</p> })}
        </div>
    }
}

/// A link that looks like a button: it leads somewhere and does nothing else.
#[component]
pub fn LinkButton(
    /// Where it leads, in words.
    #[prop(into)]
    label: Signal<String>,
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How much it stands out.
    #[prop(optional)]
    look: Look,
) -> impl IntoView {
    view! {
        <a class=look.class() href=href>
            {label}
        </a>
    }
}
