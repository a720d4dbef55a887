//! A long text that is shown on request: it is in the document only while it is open.

use crate::ui::{CodeBlock, Show, attribute, content};
use curfew_core::names::{MarkKind, marks};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// A line that opens to show a text, which can be copied.
#[component]
pub(super) fn ExpandableText(
    /// The name of the text; nothing is shown without one.
    #[prop(into)]
    label: Signal<String>,
    /// The text; read only while it is shown.
    #[prop(into)]
    text: Signal<String>,
    /// Whether it is machine-readable, and copied to the last character.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let press = move |event: MouseEvent| {
        event.prevent_default();
        open.update(|open| *open = !*open);
    };
    view! {
        <details class="disclosure" open=open hidden=attribute(move || label.with(String::is_empty))>
            <summary on:click=press prop:textContent=content(label)/>
            <div class="disclosure-body">
                <Show when=open>
                    <p hidden=attribute(move || !(exact && text.with(|text| hides(text)))) prop:textContent=content(text::exact_hides())/>
                    <CodeBlock
                        label=label
                        text=text
                        exact=exact
                        copy_label=text::copy()
                        copied_label=text::copied()
                        failed_label=text::copy_failed()
                    />
                </Show>
            </div>
        </details>
    }
}

/// Whether a text has characters that don't show, besides line ends.
fn hides(text: &str) -> bool {
    marks(text).iter().any(|mark| mark.kind != MarkKind::Control)
}
