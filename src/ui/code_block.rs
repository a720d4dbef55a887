//! Text for machines, to read and to copy.

use std::time::Duration;

use leptos::prelude::*;

use super::{Button, Icon, Look, announce};
use crate::web::{self, Latest};

/// How long it says what came of copying.
const SAID_FOR: Duration = Duration::from_secs(3);

/// A block of text in the typeface of machines, with a button that copies it.
#[component]
pub fn CodeBlock(
    /// What the text is; its name for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// What the button does.
    #[prop(into)]
    copy_label: Signal<String>,
    /// What is said when that is done.
    #[prop(into)]
    copied_label: Signal<String>,
    /// What is said when the browser did not let it.
    #[prop(into)]
    failed_label: Signal<String>,
) -> impl IntoView {
    let outcome = RwSignal::new(None::<bool>);
    let copying = Latest::new();
    let copy = move |()| {
        copying.run(async move {
            let copied = web::clipboard::copy(&text.get_untracked()).await.is_ok();
            outcome.set(Some(copied));
            let said = if copied { copied_label } else { failed_label };
            announce(said.get_untracked());
            web::sleep(SAID_FOR).await;
            outcome.set(None);
        });
    };
    let said = move || match outcome.get() {
        None => String::new(),
        Some(true) => copied_label.get(),
        Some(false) => failed_label.get(),
    };
    // It scrolls, and what scrolls has to be reachable by keyboard.
    view! {
        <div class="code">
            <pre tabindex="0" role="region" aria-label=label>
                <code>{text}</code>
            </pre>
            <div class="code-copy">
                <Button label=copy_label look=Look::Quiet icon=Icon::Copy on_press=copy />
                <span aria-hidden="true">{said}</span>
            </div>
        </div>
    }
}
