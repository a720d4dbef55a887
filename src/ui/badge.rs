//! A word or two about the state of something, in a frame.

use leptos::prelude::*;

use super::Tone;

/// A short label in the colour of its tone.
#[component]
pub fn Badge(
    /// How it is meant.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=move || tone.get().name()>
            {label}
        </span>
    }
}
