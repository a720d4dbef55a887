//! What all pages share: the title of the document, and the link that reloads it.

use crate::ui::content;
use leptos::prelude::*;

/// The link that reloads the page.
pub(super) fn reload_link() -> AnyView {
    view! { <a class="button" href="" prop:textContent=content(text::stopped_reload())/> }
        .into_any()
}

/// The document's title while a page is shown.
pub(super) fn title(page: &str) -> String {
    text::title_of(page, &text::curfew())
}
