//! A message that stays in its place until what it tells is over. Nothing here floats over the page or
//! goes away by itself.

use leptos::prelude::*;

use super::Tone;

/// A message with a heading and, where there is more to say, a body.
///
/// Only a danger is spoken when it appears (`role="alert"`); what else deserves to be heard goes through
/// [`announce`](super::announce).
#[component]
pub fn Banner(
    /// How it is meant.
    #[prop(optional)]
    tone: Tone,
    /// What it says, in a sentence.
    #[prop(into)]
    heading: Signal<String>,
    /// What more there is to know, and what to do.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = if tone == Tone::Danger { "alert" } else { "note" };
    view! {
        <div class="banner" data-tone=tone.name() role=role>
            {tone.icon().view()}
            <div class="banner-text">
                <p class="banner-heading">{heading}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
