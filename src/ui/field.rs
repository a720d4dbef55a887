//! Text fields.

use super::dynamic::{attribute, dynamic};
use leptos::prelude::*;

use super::{Show, content, id};

/// What kind of text a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// A line.
    #[default]
    Text,
    /// A line whose content is hidden.
    Password,
    /// A search; the browser offers to clear it.
    Search,
}

/// A field with its label, hint and error.
///
/// It checks nothing: its user decides what is an error, and when to show it, which is on submit.
#[component]
pub fn TextField(
    /// The id of the field itself.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The content.
    value: RwSignal<String>,
    /// What kind of text it is.
    #[prop(optional)]
    kind: FieldKind,
    /// How to fill it in; may be empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// The error in the content.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What the browser and password managers may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it holds machine-readable text: names, addresses, ids.
    #[prop(optional)]
    mono: bool,
    /// Whether a dialog puts the focus here when it opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let autofocus = autofocus.then_some("");
    framed(id.clone(), label, hint, error, move |is_wrong, described_by| {
        view! {
            <input
                id=id
                type=match kind {
                    FieldKind::Password => "password",
                    FieldKind::Search => "search",
                    FieldKind::Text => "text",
                }
                class:mono=mono
                autocomplete=autocomplete
                dir="auto"
                autocapitalize="off"
                spellcheck="false"
                data-autofocus=autofocus
                aria-invalid=attribute(move || is_wrong.get().then_some("true"))
                aria-describedby=described_by
                prop:value=attribute(move || value.get())
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
        .into_any()
    })
}

/// A multi-line field for machine-readable text: names, addresses, ids. Like [`TextField`], it checks nothing.
#[component]
pub fn LinesField(
    /// The id of the field itself.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The content.
    value: RwSignal<String>,
    /// How many lines are visible.
    rows: u8,
    /// How to fill it in.
    #[prop(into)]
    hint: Signal<String>,
    /// The error in the content.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    framed(id.clone(), label, hint, error, move |is_wrong, described_by| {
        view! {
            <textarea
                id=id
                rows=rows.to_string()
                class="mono"
                autocomplete="off"
                // Not "auto": browsers would then take a minute for 100,000 lines.
                dir="ltr"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=attribute(move || is_wrong.get().then_some("true"))
                aria-describedby=described_by
                prop:value=attribute(move || value.get())
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    })
}

/// A field with its label, hint and error. `field` builds it; it receives whether there is an error and what describes
/// the field.
fn framed(
    id: String,
    label: Signal<String>,
    hint: Signal<String>,
    error: Signal<Option<String>>,
    field: impl FnOnce(Signal<bool>, Signal<Option<String>>) -> AnyView,
) -> impl IntoView {
    let hint_id = id::join(&id, "hint");
    let error_id = id::join(&id, "error");
    let has_hint = Signal::derive(move || hint.with(|hint| !hint.is_empty()));
    let is_wrong = Signal::derive(move || error.with(Option::is_some));
    let described_by = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        Signal::derive(move || match (has_hint.get(), is_wrong.get()) {
            (false, false) => None,
            (true, false) => Some(hint_id.clone()),
            (false, true) => Some(error_id.clone()),
            (true, true) => Some([error_id.as_str(), &hint_id].join(" ")),
        })
    };
    let field = field(is_wrong, described_by);
    view! {
        <div class="field" class:field-wrong=attribute(move || is_wrong.get())>
            <label for=id prop:textContent=content(label)/>
            <Show when=has_hint>
                <p class="hint" id=hint_id.clone() prop:textContent=content(hint)/>
            </Show>
            {dynamic(move || {
                error.get().map(|error| view! { <p class="field-error" id=error_id.clone() prop:textContent=content(error)/> })
            })}
            {field}
        </div>
    }
}
