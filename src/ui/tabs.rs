//! Several panels in the same place.

use super::dynamic::{attribute, dynamic};
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{content, id};
use crate::web;

/// A row of tabs above one panel. Arrow keys, Home and End move from tab to tab and show its panel at once.
#[component]
pub fn Tabs(
    /// What the tabs are about.
    #[prop(into)]
    label: Signal<String>,
    /// The label of each tab. It may change, such as a count in it.
    #[prop(into)]
    labels: Signal<Vec<String>>,
    /// The selected tab.
    selected: RwSignal<usize>,
    /// The panel of a tab, rebuilt each time it is shown.
    #[prop(into)]
    panel: Callback<usize, AnyView>,
) -> impl IntoView {
    let base = StoredValue::new(id::unique("tabs"));
    let tab_id = move |tab: usize| base.with_value(|base| id::join(base, &tab.to_string()));
    let panel_id = base.with_value(|base| id::join(base, "panel"));
    let shown = Memo::new(move |_| selected.get());
    let count = Memo::new(move |_| labels.with(Vec::len));
    let keydown = move |event: KeyboardEvent| {
        let (current, last) = (selected.get_untracked(), count.get_untracked().saturating_sub(1));
        let back = if document().dir() == "rtl" { "ArrowRight" } else { "ArrowLeft" };
        let next = match event.key().as_str() {
            "Home" => 0,
            "End" => last,
            key if key == back => current.checked_sub(1).unwrap_or(last),
            "ArrowLeft" | "ArrowRight" if current >= last => 0,
            "ArrowLeft" | "ArrowRight" => current + 1,
            _ => return,
        };
        event.prevent_default();
        selected.set(next);
        web::dom::focus(&tab_id(next));
    };
    let controls = panel_id.clone();
    let tab = move |tab: usize| {
        let is_shown = Signal::derive(move || shown.get() == tab);
        view! {
            <button
                class="tab"
                type="button"
                role="tab"
                id=tab_id(tab)
                aria-selected=attribute(move || if is_shown.get() { "true" } else { "false" })
                aria-controls=controls.clone()
                tabindex=attribute(move || if is_shown.get() { "0" } else { "-1" })
                on:click=move |_| selected.set(tab)
                prop:textContent=content(move || labels.with(|labels| labels.get(tab).cloned()))
            />
        }
    };
    view! {
        <div class="tabs">
            <div class="tab-list" role="tablist" aria-label=label on:keydown=keydown>
                <For each=move || 0..count.get() key=|tab| *tab children=tab />
            </div>
            <div
                class="tab-panel"
                role="tabpanel"
                id=panel_id
                aria-labelledby=attribute(move || tab_id(shown.get()))
            >
                {dynamic(move || {
                    let tab = shown.get();
                    untrack(|| panel.run(tab))
                })}
            </div>
        </div>
    }
}
