//! Targets pasted as text: found targets are added to the selection, and the others are looked up to add them, or to say why
//! they are missing. This works without any list of devices, too.

use crate::pages::call_error::{Operation, call_error};
use crate::pages::options::ListText;
use crate::state::{Form, InventoryStore, LookedUp, MissingReason, SignIn, Target};
use crate::ui::{Button, Disclosure, LinesField, Look, content, dynamic};
use crate::web::Latest;
use curfew_core::input::{SimilarTarget, TargetList};
use curfew_core::inventory::{Gap, Inventory};
use leptos::prelude::*;
use rustc_hash::FxHashSet;
use text::{Name, list_of_names};

/// The most unknown entries that are looked up.
const LOOKED_UP: usize = 100;
/// The most unknown entries that can be used as they were typed. With more buttons, nobody would find the right one.
const AS_TYPED: usize = 10;

/// The field, closed at first.
#[component]
pub(super) fn PasteTargets() -> impl IntoView {
    let (inventory_store, form, sign_in) = (InventoryStore::get(), Form::get(), SignIn::get());
    let text = RwSignal::new(String::new());
    let report = RwSignal::new(Vec::<String>::new());
    let suggested = RwSignal::new(Vec::<String>::new());
    // Names that may be a cluster or an access group, because no list could be read.
    let unchecked = RwSignal::new(Vec::<String>::new());
    let looking_up = RwSignal::new(false);
    let look = Latest::new();
    let add = Callback::new(move |()| {
        let Some(inventory) = untrack(move || inventory_store.readable()) else {
            report.set(vec![text::reading()]);
            return;
        };
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
        unchecked.set(Vec::new());
        select(form, paste);
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
            let mut found = LookedUp::default();
            let answer = sign_in.ask(async |client| client.look_up(&asked, &mut found).await).await;
            // Without a list, an unknown name may be a cluster or an access group.
            let unread = inventory.gaps().contains(&Gap::Lists).then(text::inventory_failed);
            if unread.is_some() {
                let found = asked.iter().zip(&found.reasons);
                let names = found.filter(|(_, reason)| **reason == MissingReason::Trust);
                unchecked.set(names.map(|(name, _)| name.clone()).take(AS_TYPED).collect());
            }
            let operator = sign_in.operator().unwrap_or_default();
            let why = |error| call_error(&error, Operation::ReadDevices, &operator).what;
            let problem = answer.err().map(why).or(unread);
            lines.extend(reasons(&asked, &found.reasons, problem.as_deref()));
            let ids = found.devices.ids().cloned();
            form.targets.update(|targets| targets.devices.extend(ids));
            inventory_store.add(found.devices);
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
        let buttons = suggested.get().into_iter().map(|name| {
            let label = text::use_name(Name(&name));
            let press = Callback::new(move |()| {
                // Found in the same inventory before.
                let Some(inventory) = untrack(move || inventory_store.inventory()) else { return };
                // As one entry, whatever the name contains.
                select(form, TargetList::read(&["\"", &name, "\""].concat(), &inventory));
                suggested.update(|all| all.retain(|one| *one != name));
            });
            view! { <Button label=label look=Look::Plain on_press=press/> }.into_any()
        });
        buttons.collect::<Vec<AnyView>>()
    };
    let as_typed = move || {
        let button = |label: String, name: &str, target: Target| {
            let name = name.to_owned();
            let press = Callback::new(move |()| {
                inventory_store.use_unread();
                form.targets.update(|targets| _ = targets.insert(target.clone()));
                unchecked.update(|all| all.retain(|one| *one != name));
            });
            view! { <Button label=label look=Look::Plain on_press=press/> }.into_any()
        };
        let mut buttons = Vec::<AnyView>::new();
        for name in unchecked.get() {
            let (cluster, group) = (Target::Cluster(name.clone()), Target::Group(name.clone()));
            buttons.push(button(text::use_as_cluster(Name(&name)), &name, cluster));
            buttons.push(button(text::use_as_group(Name(&name)), &name, group));
        }
        buttons
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
                <div role="status"><ul class="field-note">{dynamic(lines)}</ul></div>
                <div class="row">{dynamic(suggestions)}{dynamic(as_typed)}</div>
            </div>
        </Disclosure>
    }
}

/// Adds targets that were found.
fn select(form: Form, found: TargetList) {
    form.targets.update(|targets| {
        targets.groups.extend(found.groups);
        targets.clusters.extend(found.clusters);
        targets.devices.extend(found.devices);
    });
}

/// The unknown entries, each once, that no cluster or group is similar to; and the names of similar targets. A line says which
/// entry they are for.
fn judged(
    paste: &TargetList,
    inventory: &Inventory,
    lines: &mut Vec<String>,
) -> (Vec<String>, Vec<String>) {
    let (mut unknown, mut all) = (Vec::new(), Vec::new());
    let mut seen = FxHashSet::default();
    // Names of targets are ASCII in practice: composed or not makes no difference.
    let similar = paste.similar(inventory, &str::to_owned);
    for (entry, similar) in paste.unknown.iter().zip(similar) {
        if !seen.insert(entry.text.clone()) {
            continue;
        }
        // A device with a similar name is asked for too: it can be new.
        if similar.iter().all(|similar| matches!(similar, SimilarTarget::Device(_))) {
            unknown.push(entry.text.clone());
        }
        let mut names = Vec::new();
        for target in similar {
            names.push(match target {
                SimilarTarget::Group(name) | SimilarTarget::Cluster(name) => name,
                SimilarTarget::Device(id) => {
                    inventory.device(&id).map_or(id.as_str(), |device| &device.name).to_owned()
                }
            });
        }
        if !names.is_empty() {
            let similar = list_of_names(names.iter().map(String::as_str));
            lines.push(text::missing_reason_similar(Name(&entry.text), &similar));
            all.extend(names);
        }
    }
    (unknown, all)
}

/// One sentence for each reason. `problem` is why entries that are not found may exist all the same.
fn reasons(texts: &[String], found: &[MissingReason], problem: Option<&str>) -> Vec<String> {
    let all: [(_, ListText); 7] = [
        (MissingReason::Known, text::looked_up),
        (MissingReason::Trust, text::missing_reason_trust),
        (MissingReason::Pending, text::missing_reason_pending),
        (MissingReason::Traffic, text::missing_reason_traffic),
        (MissingReason::Discovery, text::missing_reason_discovery),
        (MissingReason::Product, text::missing_reason_product),
        (MissingReason::Text, text::missing_reason_text),
    ];
    let sentences = all.into_iter().filter_map(|(reason, sentence)| {
        let of_reason = texts.iter().zip(found).filter(|(_, found)| **found == reason);
        let names: Vec<&str> = of_reason.map(|(text, _)| text.as_str()).collect();
        let are_some = !names.is_empty();
        let names = list_of_names(names.into_iter());
        are_some.then(|| match problem.filter(|_| reason == MissingReason::Trust) {
            Some(problem) => text::missing_reason_unknown(&names, problem),
            None => sentence(&names),
        })
    });
    sentences.collect()
}
