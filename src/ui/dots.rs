//! Three dots that show that an action is running.

use leptos::prelude::*;

/// Three animated dots: an action is running. They stand still if the user prefers less motion.
#[component]
pub fn Dots() -> impl IntoView {
    view! {
        <span class="dots" aria-hidden="true">
            <i></i>
            <i></i>
            <i></i>
        </span>
    }
}
