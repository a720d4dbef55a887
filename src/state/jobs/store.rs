//! Stores batches and jobs in the tab's own storage, so that a reload loses none. Nothing in them is secret.

use crate::web::storage::{Storage, StorageError};
use curfew_core::app::AccountKey;
use curfew_core::engine::SeenTasks;
use curfew_core::ids::JobId;
use curfew_core::job::{Job, StoredJob};
use curfew_core::plan::Batch;
use serde::Serialize;
use serde::de::DeserializeOwned;

const BATCH: &str = "curfew:batch:";
const JOB: &str = "curfew:job:";
const BEFORE: &str = "curfew:before:";
/// The sessions before a kill, under its job's id.
pub(in crate::state) const BASELINE: &str = "curfew:baseline:";

/// A batch with its jobs, as they were stored.
pub(super) struct StoredBatch {
    pub(super) batch: Batch,
    pub(super) jobs: Vec<Job>,
}

/// Stores a batch.
///
/// # Errors
/// If the browser has no storage, or it is full.
pub(super) fn store_batch(batch: &Batch) -> Result<(), StorageError> {
    write(&[BATCH, batch.id.as_str()].concat(), batch)
}

/// Stores the current state of a job.
///
/// # Errors
/// If the browser has no storage, or it is full.
pub(super) fn store_job(batch: &Batch, job: &Job) -> Result<(), StorageError> {
    write(&[JOB, job.id().as_str()].concat(), &batch.to_stored(job))
}

/// Stores which tasks existed before a batch was sent.
///
/// # Errors
/// If the browser has no storage, or it is full.
pub(super) fn store_seen_tasks(batch: &Batch, seen_tasks: &SeenTasks) -> Result<(), StorageError> {
    write(&[BEFORE, batch.id.as_str()].concat(), seen_tasks)
}

/// The tasks that existed before a batch was sent, if they were stored.
pub(super) fn stored_seen_tasks(batch: &Batch) -> SeenTasks {
    read(&[BEFORE, batch.id.as_str()].concat()).unwrap_or_default()
}

/// Deletes a batch and its jobs. Each tab has its own storage, so other tabs keep theirs.
pub(super) fn forget(batch: &Batch) {
    for number in 1..=batch.items {
        for prefix in [JOB, BASELINE] {
            _ = Storage::Session.remove(&[prefix, JobId::of(&batch.id, number).as_str()].concat());
        }
    }
    _ = Storage::Session.remove(&[BATCH, batch.id.as_str()].concat());
    _ = Storage::Session.remove(&[BEFORE, batch.id.as_str()].concat());
}

/// The stored batches of this operator on this BIG-IQ, oldest first. Entries that can't be read are left in place.
pub(super) fn stored(account: &AccountKey) -> Vec<StoredBatch> {
    let mut batches: Vec<Batch> = Vec::new();
    let keys = Storage::Session.keys(BATCH).unwrap_or_default();
    for batch in keys.iter().filter_map(|key| read::<Batch>(key)) {
        if batch.account == *account {
            let index = batches.partition_point(|other| other.confirmed_at <= batch.confirmed_at);
            batches.insert(index, batch);
        }
    }
    batches
        .into_iter()
        .map(|batch| {
            let stored =
                |number| read::<StoredJob>(&[JOB, JobId::of(&batch.id, number).as_str()].concat());
            let jobs = batch.restore((1..=batch.items).filter_map(stored));
            StoredBatch { batch, jobs }
        })
        .collect()
}

fn write<T: Serialize>(key: &str, value: &T) -> Result<(), StorageError> {
    // Structs of strings and numbers always serialise.
    let text = serde_json::to_string(value).unwrap_or_default();
    // guard: storage-error
    Storage::Session.set(key, &text)
}

fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = Storage::Session.get(key).ok()??;
    serde_json::from_str(&text).ok()
}
