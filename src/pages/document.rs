//! What all pages share: the title of the document, and the link that reloads it.

use crate::text::{Word, fill, t};
use leptos::prelude::*;

/// The link that reloads the page.
pub(super) fn reload_link() -> AnyView {
    view! { <a class="button" href="">{t(Word::StoppedReload)}</a> }.into_any()
}

/// The document's title while a page is shown.
pub(super) fn title(page: &str) -> String {
    fill(Word::TitleOf, &[("page", page), ("app", &t(Word::Curfew))])
}
