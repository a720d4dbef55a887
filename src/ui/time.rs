//! A moment as people say it.

use leptos::prelude::*;

use crate::rt::{Locale, time::rfc3339};

/// How long ago or how soon a moment is; exact, with its zone, on hover and for machines.
#[component]
pub fn Time(
    /// The moment, in milliseconds since 1970.
    #[prop(into)]
    moment_ms: Signal<i64>,
    /// What time it is, in the same unit. Who owns it decides how often the text changes.
    #[prop(into)]
    now: Signal<i64>,
    /// How times are written.
    #[prop(into)]
    locale: Signal<Locale>,
) -> impl IntoView {
    view! {
        <time
            datetime=move || rfc3339(moment_ms.get())
            title=move || locale.with(|locale| locale.exact(moment_ms.get()))
        >
            {move || locale.with(|locale| locale.relative(moment_ms.get(), now.get()))}
        </time>
    }
}
