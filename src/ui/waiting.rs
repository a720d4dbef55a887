//! What stands where something is not there yet. What is awaited is said in words elsewhere.

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

/// Grey lines in the place of text that is being read.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
}
