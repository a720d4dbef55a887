//! Observations, line by line.

use super::{Quote, When, content};
use leptos::prelude::*;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogLine {
    /// When it was, in milliseconds since 1970.
    pub at_ms: i64,
    /// The time that is shown.
    pub time: String,
    /// The same with date and zone, shown on hover.
    pub exact: String,
    /// What happened.
    pub text: String,
    /// What another system said about it.
    pub quote: Option<Quote>,
}

/// A list that grows at its end; its last line may change, such as a count in it. It announces nothing: its user
/// announces what is new.
#[component]
pub fn Log(
    /// What the lines are about.
    #[prop(into)]
    label: Signal<String>,
    /// The lines.
    #[prop(into)]
    entries: Signal<Vec<LogLine>>,
) -> impl IntoView {
    let numbered = move || entries.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <div class="log" role="log" aria-live="off" aria-label=label>
            <ol>
                <For each=numbered key=Clone::clone let((_, line))>
                    <li>
                        <When at_ms=line.at_ms shown=line.time exact=line.exact/>
                        " "
                        <span class="log-text">
                            <span prop:textContent=content(line.text)/>
                            {line.quote.map(quoted)}
                        </span>
                    </li>
                </For>
            </ol>
        </div>
    }
}

/// A quote below its line.
fn quoted(quote: Quote) -> AnyView {
    view! { <span class="log-quote verbatim">{quote.view()}</span> }.into_any()
}
