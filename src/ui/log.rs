//! What was observed, line by line.

use leptos::prelude::*;

/// A list that grows at its end, where its last line may change, as a count in it does. Silent: who shows it announces what
/// is news.
#[component]
pub fn Log(
    /// What the lines are about.
    #[prop(into)]
    label: Signal<String>,
    /// The lines: time and text.
    #[prop(into)]
    entries: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let numbered = move || entries.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <div class="log" role="log" aria-live="off" aria-label=label>
            <ol>
                <For each=numbered key=Clone::clone let((_, (time, text)))>
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
