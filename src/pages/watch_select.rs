//! How long to watch for return, as the gate and the page of a job ask.

use crate::ui::{Select, SelectOption, content};
use leptos::prelude::*;

/// The durations that are offered, in minutes.
const MINUTES: [u32; 2] = [10, 30];

/// The choice: a number of minutes as text, or nothing.
pub(super) fn watch_select(value: Signal<String>, on_change: Callback<String>) -> AnyView {
    let option = |minutes: u32| SelectOption {
        value: minutes.to_string(),
        label: text::watch_minutes(minutes as usize),
    };
    let off = SelectOption { value: String::new(), label: text::watch_off() };
    let options: Vec<SelectOption> = [off].into_iter().chain(MINUTES.map(option)).collect();
    view! {
        <div class="watch-select">
            <Select id="watch" label=text::watch() value=value on_change=on_change options=options/>
            <p class="hint" prop:textContent=content(text::watch_hint())/>
        </div>
    }
    .into_any()
}
