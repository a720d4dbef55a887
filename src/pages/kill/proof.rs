//! How well the kill in the gate can be verified, while the devices are read.

use crate::state::{Clock, EstateReader, InventoryStore, LiveSessions};
use crate::ui::content;
use crate::web::time;
use curfew_core::engine::recent;
use curfew_core::find::Reader;
use curfew_core::ids::MachineId;
use curfew_core::inventory::SessionCounts;
use curfew_core::plan::Plan;
use curfew_core::timestamp::Timestamp;
use curfew_core::verify::Proof;
use leptos::prelude::*;
use std::time::Duration;
use text::sentences::verification;

/// A line about a plan that is being confirmed. It changes once a second: an estate may have thousands of devices.
pub(super) fn proof(plan: &Plan) -> AnyView {
    let (clock, inventory_store) = (Clock::get(), InventoryStore::get());
    let (live_sessions, reader) = (LiveSessions::get(), EstateReader::get());
    let devices: Vec<MachineId> = plan.reached().iter().map(|device| device.id.clone()).collect();
    let may_lack_units = !plan.device_count().is_exact();
    let opened = time::monotonic_ms();
    // How many were known when the gate was opened.
    let begun = StoredValue::new(None::<usize>);
    let line = move || {
        clock.now().track();
        let is_reading = live_sessions.is_asking() || reader.with(Reader::is_reading);
        let inventory = untrack(|| inventory_store.inventory())?;
        let known = live_sessions.known().get_untracked();
        let known = recent(&known, Timestamp(time::epoch_ms()));
        let mut counts = SessionCounts::coverage(&known, &inventory, &devices);
        counts.may_lack_units = may_lack_units;
        let first = begun.get_value().unwrap_or(counts.known);
        begun.set_value(Some(first));
        let elapsed = Duration::from_millis((time::monotonic_ms() - opened) as u64);
        Some(verification::proof(Proof::of(&counts, is_reading, (first, elapsed))))
    };
    view! { <p class="quiet" prop:textContent=content(line)/> }.into_any()
}
