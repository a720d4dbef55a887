//! What was observed, line by line.

use leptos::prelude::*;

/// A list that only grows at its end. What is added is spoken in its turn.
#[component]
pub fn Log(
    /// What the lines are about.
    #[prop(into)]
    label: Signal<String>,
    /// The lines: time and text.
    #[prop(into)]
    entries: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    // Lines are never changed or taken away, so their place is their name.
    let numbered = move || entries.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <div class="log" role="log" aria-label=label>
            <ol>
                <For each=numbered key=|(number, _)| *number let((_, (time, text)))>
                    <li>
                        <span class="log-time">{time}</span>
                        " "
                        <span class="log-text">{text}</span>
                    </li>
                </For>
            </ol>
        </div>
    }
}
