//! Targets pasted as text: found targets are added to the selection, and the others are looked up to say why they are
//! missing.

use crate::pages::error_text::error_text;
use crate::pages::options::ListText;
use crate::state::{Form, InventoryStore, MissingReason, SignIn};
use crate::ui::{Button, Disclosure, LinesField, Look, content};
use crate::web::Latest;
use curfew_core::input::{TargetList, UnmatchedEntry};
use leptos::prelude::*;
use std::collections::BTreeSet;
use text::list_of_names;

/// The most unknown entries that are looked up.
const LOOKED_UP: usize = 100;

/// The field, closed at first.
#[component]
pub(super) fn PasteTargets() -> impl IntoView {
    let (inventory_store, form, sign_in) = (InventoryStore::get(), Form::get(), SignIn::get());
    let text = RwSignal::new(String::new());
    let report = RwSignal::new(Vec::<String>::new());
    let looking_up = RwSignal::new(false);
    let look = Latest::new();
    let add = Callback::new(move |()| {
        let Some(inventory) = untrack(move || inventory_store.inventory()) else { return };
        let paste = TargetList::read(&text.read_untracked(), &inventory);
        let mut lines = vec![text::paste_found(paste.found())];
        if paste.repeated > 0 {
            lines.push(text::paste_found_again(paste.repeated));
        }
        if !paste.ambiguous.is_empty() {
            let names = list_of_names(paste.ambiguous.iter().map(|entry| entry.text.as_str()));
            lines.push(text::paste_several(&names));
        }
        if let Some(line) = paste.open_quote {
            lines.push(text::paste_open_quote(line));
        }
        let unknown = unknown(&paste.unknown);
        form.targets.update(|targets| {
            targets.groups.extend(paste.groups);
            targets.clusters.extend(paste.clusters);
            targets.devices.extend(paste.devices);
        });
        if unknown.is_empty() {
            look.cancel();
            looking_up.set(false);
            report.set(lines);
            return;
        }
        report.set(lines.clone());
        looking_up.set(true);
        look.run(async move {
            let (asked, beyond) = unknown.split_at(unknown.len().min(LOOKED_UP));
            let asked = asked.to_vec();
            let answer = sign_in.ask(async |client| client.look_up(&asked).await).await;
            match answer {
                Ok(found) => lines.extend(reasons(&asked, &found)),
                Err(error) => {
                    let names = list_of_names(asked.iter().map(String::as_str));
                    let why = error_text(&error, &sign_in.operator().unwrap_or_default()).what;
                    lines.push(text::missing_reason_unknown(&names, &why));
                }
            }
            if !beyond.is_empty() {
                lines.push(text::missing_reason_beyond(beyond.len()));
            }
            looking_up.set(false);
            report.set(lines);
        });
    });
    let lines = move || {
        let lines = report
            .get()
            .into_iter()
            .map(|line| view! { <li prop:textContent=content(line)/> }.into_any());
        lines.collect::<Vec<AnyView>>()
    };
    view! {
        <Disclosure summary=text::paste_targets()>
            <div class="stack">
                <LinesField
                    id="paste-targets"
                    label=text::paste_targets_label()
                    hint=text::paste_targets_hint()
                    value=text
                    rows=3
                />
                <Button
                    label=text::paste_targets_add()
                    look=Look::Plain
                    busy=looking_up
                    on_press=add
                />
                <div role="status"><ul class="field-note">{lines}</ul></div>
            </div>
        </Disclosure>
    }
}

/// The texts, each once, in their order.
fn unknown(entries: &[UnmatchedEntry]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let texts = entries.iter().map(|entry| entry.text.clone());
    texts.filter(|text| seen.insert(text.clone())).collect()
}

/// One sentence for each reason.
fn reasons(texts: &[String], found: &[MissingReason]) -> Vec<String> {
    let all: [(_, ListText); 7] = [
        (MissingReason::Trust, text::missing_reason_trust),
        (MissingReason::Pending, text::missing_reason_pending),
        (MissingReason::Traffic, text::missing_reason_traffic),
        (MissingReason::Discovery, text::missing_reason_discovery),
        (MissingReason::Age, text::missing_reason_age),
        (MissingReason::Product, text::missing_reason_product),
        (MissingReason::Text, text::missing_reason_text),
    ];
    let sentences = all.into_iter().filter_map(|(reason, sentence)| {
        let of_reason = texts.iter().zip(found).filter(|(_, found)| **found == reason);
        let names: Vec<&str> = of_reason.map(|(text, _)| text.as_str()).collect();
        (!names.is_empty()).then(|| sentence(&list_of_names(names.into_iter())))
    });
    sentences.collect()
}
