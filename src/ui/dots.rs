//! Three dots that show that an action is running.

use leptos::prelude::*;

/// Three dots that breathe: an act is under way. They stand still where less motion is asked for.
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
