//! A message that stays in place for as long as it applies. Nothing here floats over the page or disappears by itself.

use leptos::prelude::*;

use super::{Tone, content};

/// A message with a heading and an optional body.
///
/// Screen readers do not announce it by itself: a region that appears with its text is not read out everywhere. Put it
/// into a region that already exists, or announce it with [`alert`](super::alert) or [`announce`](super::announce).
#[component]
pub fn Banner(
    /// The tone of the message.
    #[prop(optional)]
    tone: Tone,
    /// The message, in a sentence.
    #[prop(into)]
    heading: Signal<String>,
    /// Further details, and what to do.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="banner" data-tone=tone.name() role="note">
            {tone.icon().view()}
            <div class="banner-text">
                <p class="banner-heading" prop:textContent=content(heading)/>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
