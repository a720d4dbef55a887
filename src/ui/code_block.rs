//! Machine-readable text that can be copied.

use std::time::Duration;

use leptos::prelude::*;

use super::content::drawn;
use super::{Button, Icon, JsonReader, Look, announce, content, json_view::draw_json};
use crate::web::{self, Latest};

/// How long the result of copying is shown.
const SAID_FOR: Duration = Duration::from_secs(3);

/// A block of monospace text with a button that copies it.
#[component]
pub fn CodeBlock(
    /// The name of the text for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// Whether it is machine-readable, and copied to the last character. Of a text in words, the marks around its names
    /// are not copied: they are for the eye only.
    #[prop(optional)]
    exact: bool,
    /// How to show it as JSON, in place of the plain text.
    #[prop(optional)]
    json: Option<JsonReader>,
    /// The label of the button.
    #[prop(into)]
    copy_label: Signal<String>,
    /// The message after copying.
    #[prop(into)]
    copied_label: Signal<String>,
    /// The message if the browser refused.
    #[prop(into)]
    failed_label: Signal<String>,
) -> impl IntoView {
    let outcome = RwSignal::new(None::<bool>);
    let copying = Latest::new();
    let copy = move |()| {
        copying.run(async move {
            let mut text = text.get_untracked();
            if !exact {
                text.retain(|char| !matches!(char, '\u{2068}' | '\u{2069}'));
            }
            let copied = web::clipboard::copy(&text).await.is_ok();
            outcome.set(Some(copied));
            let label = if copied { copied_label } else { failed_label };
            announce(label.get_untracked());
            web::sleep(SAID_FOR).await;
            outcome.set(None);
        });
    };
    let result = move || match outcome.get() {
        None => String::new(),
        Some(true) => copied_label.get(),
        Some(false) => failed_label.get(),
    };
    let shown = match json {
        Some(reader) => drawn(move |place| draw_json(place, &text.read_untracked(), reader)),
        None => content(text),
    };
    // It scrolls, so it must be reachable by keyboard.
    view! {
        <div class="code">
            <pre tabindex="0" role="region" aria-label=label dir=exact.then_some("ltr")>
                <code translate="no" prop:textContent=content(shown)/>
            </pre>
            <div class="code-copy">
                <Button label=copy_label look=Look::Quiet icon=Icon::Copy on_press=copy />
                <span aria-hidden="true" prop:textContent=content(result)/>
            </div>
        </div>
    }
}
