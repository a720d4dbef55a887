//! A message that stays in its place until what it tells is over. Nothing here floats over the page or
//! goes away by itself.

use leptos::prelude::*;

use super::Tone;

/// A message with a heading and, where there is more to say, a body.
///
/// It is silent: a region that comes with its text is not read out everywhere. Whoever shows it puts it into a region that
/// is there before, or has it spoken through [`alert`](super::alert) or [`announce`](super::announce).
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
    view! {
        <div class="banner" data-tone=tone.name() role="note">
            {tone.icon().view()}
            <div class="banner-text">
                <p class="banner-heading">{heading}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
