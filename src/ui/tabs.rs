//! Several panels in one place.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::id;
use crate::rt;

/// A row of tabs over one panel. Arrows, Home and End go from tab to tab and show its panel at once.
#[component]
pub fn Tabs(
    /// What there is to choose from.
    #[prop(into)]
    label: Signal<String>,
    /// The tabs: name and label. A label may change, as with a count in it.
    #[prop(into)]
    tabs: Signal<Vec<(String, String)>>,
    /// The name of the tab that is shown.
    selected: RwSignal<String>,
    /// The panel, which follows `selected`.
    children: Children,
) -> impl IntoView {
    let base = StoredValue::new(id::unique("tabs"));
    let tab_id = move |name: &str| base.with_value(|base| id::join(base, name));
    let panel_id = tab_id("panel");
    let names =
        Memo::new(move |_| tabs.with(|tabs| tabs.iter().map(|(name, _)| name.clone()).collect()));
    let keydown = move |event: KeyboardEvent| {
        let names: Vec<String> = names.get_untracked();
        let current = selected.with_untracked(|now| names.iter().position(|name| name == now));
        let (current, last) = (current.unwrap_or_default(), names.len().saturating_sub(1));
        let back = if document().dir() == "rtl" { "ArrowRight" } else { "ArrowLeft" };
        let next = match event.key().as_str() {
            "Home" => 0,
            "End" => last,
            key if key == back => current.checked_sub(1).unwrap_or(last),
            "ArrowLeft" | "ArrowRight" if current == last => 0,
            "ArrowLeft" | "ArrowRight" => current + 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(name) = names.get(next) {
            selected.set(name.clone());
            rt::dom::focus(&tab_id(name));
        }
    };
    let controls = panel_id.clone();
    let tab = move |name: String| {
        let own = name.clone();
        let is_selected = Signal::derive(move || selected.with(|selected| *selected == own));
        let own = name.clone();
        let label = move || {
            tabs.with(|tabs| {
                tabs.iter().find(|(name, _)| *name == own).map(|(_, label)| label.clone())
            })
        };
        view! {
            <button
                class="tab"
                type="button"
                role="tab"
                id=tab_id(&name)
                aria-selected=move || if is_selected.get() { "true" } else { "false" }
                aria-controls=controls.clone()
                tabindex=move || if is_selected.get() { "0" } else { "-1" }
                on:click=move |_| selected.set(name.clone())
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="tabs">
            <div class="tab-list" role="tablist" aria-label=label on:keydown=keydown>
                <For each=move || names.get() key=String::clone children=tab />
            </div>
            <div
                class="tab-panel"
                role="tabpanel"
                id=panel_id
                aria-labelledby=move || selected.with(|selected| tab_id(selected))
            >
                {children()}
            </div>
        </div>
    }
}
