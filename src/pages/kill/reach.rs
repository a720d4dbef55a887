//! The devices that a plan reaches: by cluster, the first few of each, and all of them as a text on request.

use crate::ui::content;
use curfew_core::count::Count;
use curfew_core::inventory::Missing;
use curfew_core::plan::{Plan, PlannedDevice};
use leptos::prelude::*;
use text::sentences::amount;
use text::sentences::plan::{readiness, with_role};
use text::{LISTED, List, exact, first_names, isolated};

/// How many clusters are named.
const CLUSTERS: usize = 12;

/// The devices, by cluster.
pub(super) fn reach(plan: &Plan) -> AnyView {
    let clusters = plan.reached_clusters();
    let mut rows: Vec<AnyView> = Vec::new();
    for cluster in clusters.iter().take(CLUSTERS) {
        rows.push(row(isolated(cluster), plan, Some(cluster)));
    }
    if plan.reached().iter().any(|device| device.cluster.is_none()) {
        rows.push(row(text::reach_standalone(), plan, None));
    }
    let more = clusters.len().saturating_sub(CLUSTERS);
    let more =
        (more > 0).then(|| view! { <p prop:textContent=content(text::more_clusters(more))/> });
    let as_of = text::reach_as_of(&exact(plan.as_of()));
    view! {
        <dl class="facts reach">{rows}</dl>
        {more}
        <p class="quiet" prop:textContent=content(as_of)/>
    }
    .into_any()
}

fn row(term: String, plan: &Plan, cluster: Option<&str>) -> AnyView {
    let (mut lines, mut number) = (Vec::<AnyView>::new(), 0);
    // One line each: several names in one line could be broken apart.
    let mut line =
        |text: String| lines.push(view! { <span prop:textContent=content(text)/> }.into_any());
    for device in plan.reached().iter().filter(|device| device.cluster.as_deref() == cluster) {
        number += 1;
        if number <= LISTED {
            line(called(device));
        }
    }
    if number > LISTED {
        line(text::and_more(number - LISTED));
    }
    let devices = amount::devices(Count::of(number, plan.device_count().is_exact()));
    view! {
        <dt>
            <span prop:textContent=content(term)/>
            <span class="quiet" prop:textContent=content(devices)/>
        </dt>
        <dd>{lines}</dd>
    }
    .into_any()
}

/// A device's name, and its role in its cluster if it has one.
fn called(device: &PlannedDevice) -> String {
    match device.cluster {
        Some(_) => with_role(&device.name, device.role),
        None => isolated(&device.name),
    }
}

/// The label of [`all_devices`].
pub(super) fn all_label(plan: &Plan) -> String {
    amount::on_button(plan.device_count(), text::all_devices, text::all_devices_known)
}

/// Every device, one per line: name and role, cluster, state.
pub(super) fn all_devices(plan: &Plan) -> String {
    let mut all = String::new();
    for device in plan.reached() {
        let state = readiness(device.readiness.missing());
        all.push_str(&called(device));
        for part in device.cluster.as_deref().map(isolated).into_iter().chain([state]) {
            all.push_str(" · ");
            all.push_str(&part);
        }
        all.push('\n');
    }
    all
}

/// The names of the matching devices, and their number.
fn names(plan: &Plan, wanted: fn(&PlannedDevice) -> bool) -> (List, usize) {
    let (mut names, mut number) = (Vec::new(), 0);
    for device in plan.reached() {
        if wanted(device) {
            number += 1;
            names.push(device.name.as_str());
        }
    }
    (first_names(&names, number), number)
}

/// Which devices are sent separately, if any.
pub(super) fn apart(plan: &Plan) -> String {
    match names(plan, |device| device.apart) {
        (_, 0) => String::new(),
        (names, number) => text::plan_separately(number, &names),
    }
}

/// Which devices lack the import, if any: that affects only their access group, so it is not a warning.
pub(super) fn unimported(plan: &Plan) -> String {
    match names(plan, |device| device.readiness.missing() == Some(Missing::Import)) {
        (_, 0) => String::new(),
        (names, _) => text::devices_not_imported(&names),
    }
}
