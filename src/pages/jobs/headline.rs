//! The headline of a job, with the names that the inventory has.

use super::timeline;
use crate::state::{InventoryStore, Jobs, Verifications};
use crate::ui::Tone;
use curfew_core::ids::MachineId;
use curfew_core::job::Job;
use curfew_core::plan::Batch;
use text::sentences::error::Sentence;
use text::sentences::job as sentences;

/// The name of a device, of which the inventory or only the plan may know. Tracked.
pub(super) fn device_name(
    id: &MachineId,
    batch: &Batch,
    inventory_store: InventoryStore,
) -> String {
    let inventory = inventory_store.inventory();
    let device = inventory.as_ref().and_then(|inventory| inventory.device(id));
    device.map_or_else(|| sentences::device(batch, id), |device| device.name.clone())
}

/// The state of a job: tone, heading, meaning. Tracks whether its plan is paused, and the inventory, which has the names of
/// devices that only BIG-IQ named.
pub(super) fn headline_of(
    job: &Job,
    batch: &Batch,
    jobs: Jobs,
    inventory_store: InventoryStore,
    verifications: Verifications,
) -> (Tone, String, Vec<Sentence>) {
    let name = |id: &MachineId| device_name(id, batch, inventory_store);
    let (check, so_far) = (verifications.of(job.id()), verifications.so_far(job.id()));
    let shown = sentences::Shown { so_far: so_far.as_ref(), check: check.as_deref() };
    let headline = sentences::headline(job, batch, jobs.is_held(job), &name, shown);
    (timeline::tone(headline.tone), headline.heading, headline.help)
}
