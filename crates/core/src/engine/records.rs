//! What is stored in the tab, so that a reload loses no request. Nothing in it is secret.

use super::SeenTasks;
use super::decode_record::decode_record;
use crate::app::AccountKey;
use crate::ids::JobId;
use crate::job::{Job, StoredJob};
use crate::plan::Batch;
use crate::verify::Baseline;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The start of the key of each batch.
const BATCH: &str = "curfew:batch:";
const JOB: &str = "curfew:job:";
const BEFORE: &str = "curfew:before:";
const BASELINE: &str = "curfew:baseline:";
const CONTESTED: &str = "curfew:contested:";
/// A longer baseline is not stored: jobs take priority in the storage.
const LONGEST_BASELINE: usize = 200_000;

/// A key and its text.
pub(super) type Record = (String, String);

/// A batch as it was stored.
#[derive(Debug)]
pub struct StoredBatch {
    /// The batch.
    pub batch: Batch,
    /// Its jobs.
    pub jobs: Vec<RestoredJob>,
    /// The tasks that existed before it was sent.
    pub seen_tasks: SeenTasks,
    /// Whether another open tab works on it.
    pub is_of_other_tab: bool,
}

/// A job as it was stored.
#[derive(Debug)]
pub struct RestoredJob {
    /// The job.
    pub job: Job,
    /// The sessions before it, if they were stored.
    pub baseline: Option<Baseline>,
    /// Whether another tab had the same request in flight.
    pub is_contested: bool,
}

impl StoredBatch {
    /// Its keys.
    pub fn keys(&self) -> Vec<String> {
        keys(&self.batch)
    }
}

/// The stored batches of an operator on a BIG-IQ, oldest first. `names` are the keys in the storage and `get` reads one.
/// Entries that can't be read are left in place.
pub fn read_batches(
    names: &[String],
    get: &dyn Fn(&str) -> Option<String>,
    account: &AccountKey,
) -> Vec<StoredBatch> {
    let mut batches: Vec<Batch> = Vec::new();
    for name in names.iter().filter(|name| name.starts_with(BATCH)) {
        let Some(batch) = read::<Batch>(get, name).filter(|batch| batch.account == *account) else {
            continue;
        };
        let index = batches.partition_point(|other| other.confirmed_at <= batch.confirmed_at);
        batches.insert(index, batch);
    }
    let mut all = Vec::new();
    for batch in batches {
        let stored = (1..=batch.items).filter_map(|number| {
            read::<StoredJob>(get, &key(JOB, JobId::of(&batch.id, number).as_str()))
        });
        let jobs = batch.restore(stored).into_iter().map(|job| {
            let baseline = read(get, &key(BASELINE, job.id().as_str()));
            let is_contested = get(&key(CONTESTED, job.id().as_str())).is_some();
            RestoredJob { job, baseline, is_contested }
        });
        all.push(StoredBatch {
            jobs: jobs.collect(),
            seen_tasks: read(get, &key(BEFORE, batch.id.as_str())).unwrap_or_default(),
            is_of_other_tab: false,
            batch,
        });
    }
    all
}

pub(super) fn of_batch(batch: &Batch) -> Record {
    (key(BATCH, batch.id.as_str()), text(batch))
}

pub(super) fn of_job(batch: &Batch, job: &Job) -> Record {
    (key(JOB, job.id().as_str()), text(&batch.to_stored(job)))
}

pub(super) fn of_seen_tasks(batch: &Batch, seen_tasks: &SeenTasks) -> Record {
    (key(BEFORE, batch.id.as_str()), text(seen_tasks))
}

/// `None` if it is too long. Then a reload loses the comparison and nothing else.
pub(super) fn of_baseline(job: &JobId, baseline: &Baseline) -> Option<Record> {
    let text = text(baseline);
    (text.len() <= LONGEST_BASELINE).then(|| (key(BASELINE, job.as_str()), text))
}

pub(super) fn of_contested(job: &JobId) -> Record {
    (key(CONTESTED, job.as_str()), "true".to_owned())
}

/// The keys of a batch and its jobs.
pub(super) fn keys(batch: &Batch) -> Vec<String> {
    let mut keys = Vec::new();
    for number in 1..=batch.items {
        let job = JobId::of(&batch.id, number);
        keys.extend([JOB, BASELINE, CONTESTED].map(|kind| key(kind, job.as_str())));
    }
    keys.push(key(BATCH, batch.id.as_str()));
    keys.push(key(BEFORE, batch.id.as_str()));
    keys
}

fn key(kind: &str, id: &str) -> String {
    [kind, id].concat()
}

fn text<T: Serialize>(value: &T) -> String {
    // Structs of strings and numbers always serialise.
    serde_json::to_string(value).unwrap_or_default()
}

fn read<T: DeserializeOwned>(get: &dyn Fn(&str) -> Option<String>, key: &str) -> Option<T> {
    decode_record(&get(key)?)
}
