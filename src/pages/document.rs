//! What all pages share: the title of the document, the link that reloads it, and the page shown instead of all others.

use crate::ui::content;
use crate::web::{boot, dom};
use leptos::prelude::*;
use text::Label;

/// The link that reloads the page.
pub(super) fn reload_link() -> AnyView {
    view! { <a class="button" href="" prop:textContent=content(text::stopped_reload())/> }
        .into_any()
}

/// The document's title while a page is shown.
pub(super) fn title(page: &str) -> String {
    text::title_of(page, &text::curfew())
}

/// A page shown instead of the app.
pub(super) fn stopped_page(what: Label, help: Label, more: Option<AnyView>) -> AnyView {
    boot::end();
    dom::set_title(&title(&what()));
    view! {
        <main class="stopped">
            <div class="stack" role="alert">
                <h1 prop:textContent=content(what())/>
                <p prop:textContent=content(help())/>
                {more}
            </div>
        </main>
    }
    .into_any()
}
