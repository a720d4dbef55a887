//! Targets pasted as text: found targets are added to the selection, and the others are looked up to say why they are
//! missing.

use crate::pages::error_text::error_text;
use crate::pages::options::ListText;
use crate::state::{Form, InventoryStore, MissingReason, SignIn, Target};
use crate::ui::{Button, Disclosure, LinesField, Look, content};
use crate::web::Latest;
use curfew_core::input::{SimilarTarget, TargetList};
use curfew_core::inventory::Inventory;
use leptos::prelude::*;
use std::collections::BTreeSet;
use text::{Name, list_of_names};

/// The most unknown entries that are looked up.
const LOOKED_UP: usize = 100;

/// The field, closed at first.
#[component]
pub(super) fn PasteTargets() -> impl IntoView {
    let (inventory_store, form, sign_in) = (InventoryStore::get(), Form::get(), SignIn::get());
    let text = RwSignal::new(String::new());
    let report = RwSignal::new(Vec::<String>::new());
    let suggested = RwSignal::new(Vec::<Suggestion>::new());
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
        let (unknown, similar) = judged(&paste, &inventory, &mut lines);
        suggested.set(similar);
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
    let suggestions = move || {
        let buttons = suggested.get().into_iter().map(|Suggestion { name, target }| {
            let press = Callback::new(move |()| {
                _ = form.targets.try_update(|targets| targets.insert(target.clone()));
                suggested.update(|all| all.retain(|one| one.target != target));
            });
            view! { <Button label=text::use_name(Name(&name)) look=Look::Plain on_press=press/> }
                .into_any()
        });
        buttons.collect::<Vec<AnyView>>()
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
                <div class="row">{suggestions}</div>
            </div>
        </Disclosure>
    }
}

/// A target that an unknown entry may mean.
#[derive(Debug, Clone, PartialEq)]
struct Suggestion {
    name: String,
    target: Target,
}

/// The unknown entries, each once, that no cluster or group is similar to; and the similar targets. A line says which entry
/// they are for.
fn judged(
    paste: &TargetList,
    inventory: &Inventory,
    lines: &mut Vec<String>,
) -> (Vec<String>, Vec<Suggestion>) {
    let (mut seen, mut unknown, mut all) = (BTreeSet::new(), Vec::new(), Vec::new());
    // Names of targets are ASCII in practice: composed or not makes no difference.
    let similar = paste.similar(inventory, &str::to_owned);
    for (entry, similar) in paste.unknown.iter().zip(similar) {
        if !seen.insert(&entry.text) {
            continue;
        }
        // A device with a similar name is asked for too: it can be new.
        if similar.iter().all(|similar| matches!(similar, SimilarTarget::Device(_))) {
            unknown.push(entry.text.clone());
        }
        if similar.is_empty() {
            continue;
        }
        let suggestions: Vec<Suggestion> =
            similar.into_iter().map(|similar| suggestion(similar, inventory)).collect();
        let names = list_of_names(suggestions.iter().map(|suggestion| &*suggestion.name));
        lines.push(text::missing_reason_similar(Name(&entry.text), &names));
        for suggestion in suggestions {
            if !all.contains(&suggestion) {
                all.push(suggestion);
            }
        }
    }
    (unknown, all)
}

fn suggestion(similar: SimilarTarget, inventory: &Inventory) -> Suggestion {
    let (name, target) = match similar {
        SimilarTarget::Group(name) => (name.clone(), Target::Group(name)),
        SimilarTarget::Cluster(name) => (name.clone(), Target::Cluster(name)),
        SimilarTarget::Device(id) => {
            let name = inventory.device(&id).map_or(id.as_str(), |device| &device.name);
            (name.to_owned(), Target::Device(id))
        }
    };
    Suggestion { name, target }
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
