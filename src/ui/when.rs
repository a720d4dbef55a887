//! A point in time, as people read it, with the exact one on hover and focus.

use super::content;
use crate::web::time::rfc3339;
use leptos::prelude::*;

/// A time such as "5 minutes ago". The pointer shows the exact one, and so does the focus on a control around it or beside
/// it, in a row of class `read-ago`.
#[component]
pub fn When(
    /// The time, in milliseconds since 1970.
    at_ms: i64,
    /// The text that is shown.
    #[prop(into)]
    shown: Signal<String>,
    /// The same with date and zone.
    exact: String,
) -> impl IntoView {
    view! { <time class="when" datetime=rfc3339(at_ms) title=exact prop:textContent=content(shown)/> }
}
