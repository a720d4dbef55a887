//! A batch and its jobs as evidence: who, why, when, the exact requests, what happened, what became of each target. For
//! machines it is JSON or CSV with stable identifiers; the printable page reads the same value. It must not hold
//! sentences, and no token: whatever looks like one in others' words is cut out.

mod clean;
mod csv;
mod event;
mod failure;
mod ident;
mod job;
mod stamp;
mod verdict;

#[cfg(test)]
mod tests;

pub use event::EventRecord;
pub use failure::FailureRecord;
pub use job::{DeviceFailureRecord, DeviceRecord, JobRecord, JobStateRecord, SessionRecord};
pub use stamp::{Stamp, Zone};
pub use verdict::VerdictRecord;

use crate::app::SERVICE_ACCOUNT;
use crate::job::Job;
use crate::plan::Batch;
use crate::timestamp::Timestamp;
use crate::verify::Check;
use clean::clean;
use job::PlannedById;
use serde::Serialize;

/// The name of the JSON form; it changes when a key is renamed, removed or means something else.
const FORMAT: &str = "curfew-record/1";

/// What a record says of itself.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The app's version.
    pub app: &'a str,
    /// When the record is made.
    pub made_at: Timestamp,
    /// The zone that its times are written in.
    pub zone: Zone<'a>,
}

/// The evidence of one confirmed plan. Its keys and identifiers are stable; times are RFC 3339 with offset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The form's name and number.
    pub format: &'static str,
    /// The app's version.
    pub app: String,
    /// When the record was made.
    pub made_at: Stamp,
    /// The zone of all times, as the browser names it.
    pub zone: String,
    /// Which BIG-IQ.
    pub bigiq: String,
    /// Who confirmed it.
    pub operator: String,
    /// `proxy` where the proxy signs in for everybody: BIG-IQ books the kill to the proxy's service account, and who confirmed
    /// it is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_in_by: Option<&'static str>,
    /// Why.
    pub reason: String,
    /// The batch's id.
    pub batch: String,
    /// When it was confirmed.
    pub confirmed_at: Stamp,
    /// When the inventory behind it was read.
    pub inventory_read_at: Stamp,
    /// The jobs, in the order of the plan.
    pub jobs: Vec<JobRecord>,
}

impl Record {
    /// Puts together what is known of a batch: each of its jobs, with the latest comparison of live sessions where there
    /// was one.
    pub fn of<'a>(
        batch: &Batch,
        jobs: impl IntoIterator<Item = (&'a Job, Option<&'a Check>)>,
        about: &About<'_>,
    ) -> Self {
        let zone = about.zone;
        let planned: PlannedById<'_> = batch.reached.iter().map(|d| (d.id.as_str(), d)).collect();
        let record = |(job, check)| JobRecord::of(job, batch, &planned, check, zone);
        Self {
            format: FORMAT,
            app: about.app.to_owned(),
            made_at: zone.stamp(about.made_at),
            zone: zone.name.to_owned(),
            bigiq: clean(&batch.binding.bigiq),
            operator: clean(&batch.binding.operator),
            signed_in_by: (batch.binding.operator == SERVICE_ACCOUNT).then_some("proxy"),
            reason: clean(&batch.reason),
            batch: batch.id.clone(),
            confirmed_at: zone.stamp(batch.confirmed_at),
            inventory_read_at: zone.stamp(batch.as_of),
            jobs: jobs.into_iter().map(record).collect(),
        }
    }

    /// The record as JSON.
    pub fn to_json(&self) -> String {
        // Structs of texts, numbers and lists always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
