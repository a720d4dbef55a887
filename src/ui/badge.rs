//! A short label for the state of something.

use super::dynamic::attribute;
use leptos::prelude::*;

use super::{Tone, content};

/// A short label in the colour of its tone.
#[component]
pub fn Badge(
    /// The tone of the label.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=attribute(move || tone.get().name()) prop:textContent=content(label)/>
    }
}
