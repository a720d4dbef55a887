//! A batch and its jobs as evidence: who, why, when, the exact requests, what happened, and the outcome for each target.
//! Programs read it as JSON or CSV with stable identifiers; the printed page shows the same value. It must not contain a
//! token: anything that looks like one in a message is removed.

mod clean;
mod count;
mod csv;
mod event;
mod failure;
mod full_answer;
mod ident;
mod job;
mod stamp;
mod verdict;

#[cfg(test)]
mod tests;

pub use count::CountRecord;
pub(crate) use csv::line as csv_line;
pub use event::{EventRecord, ReturnRecord};
pub use failure::FailureRecord;
pub use full_answer::{FullAnswer, FullAnswerRecord};
pub use job::{DeviceFailureRecord, DeviceRecord, JobRecord, JobStateRecord, SessionRecord};
pub use stamp::{Stamp, Zone};
pub use verdict::VerdictRecord;

use crate::app::SERVICE_ACCOUNT;
use crate::ids::BatchId;
use crate::job::Job;
use crate::plan::Batch;
use crate::timestamp::Timestamp;
use crate::verify::Check;
use clean::clean;
use job::PlannedById;
use serde::Serialize;

/// The name of the JSON format. It changes when a key is renamed, removed or changes its meaning.
const FORMAT: &str = "curfew-record/1";

/// The facts about a record itself.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The app's version.
    pub app: &'a str,
    /// When the record was made.
    pub made_at: Timestamp,
    /// The time zone of its times.
    pub zone: Zone<'a>,
}

/// A job to record, with what was read besides its timeline.
#[derive(Debug, Clone, Copy)]
pub struct RecordedJob<'a> {
    /// The job.
    pub job: &'a Job,
    /// The latest comparison of live sessions, if there was one.
    pub check: Option<&'a Check>,
    /// BIG-IQ's full answer about its task, if the operator has read it.
    pub answer: Option<&'a FullAnswer>,
}

/// The evidence of one confirmed plan. Keys and identifiers are stable; times are in RFC 3339 with an offset.
///
/// ```
/// use curfew_core::record::{About, Record, RecordedJob, Zone};
/// # use bigiq::device::AccessDevice;
/// # use curfew_core::{app::AccountKey, ids::{BatchId, MachineId}, inventory::DeviceList, plan::{Answer, Draft, Plan}, timestamp::Timestamp};
/// # let edge = AccessDevice { machine_id: Some("m1".into()), ..AccessDevice::default() };
/// # let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// # let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
/// # let mut draft = Draft { users: "user2".into(), ..Draft::default() };
/// # draft.devices.insert(MachineId::new("m1"));
/// # let plan = Plan::make(&draft, &inventory, account, Timestamp(0)).map_err(|errors| format!("{errors:?}"))?;
/// # let confirmed = plan.confirm(&Answer::default(), |_| String::new()).map_err(|error| format!("{error:?}"))?;
/// # let started = confirmed.start(&BatchId::new("b1"), Timestamp(1));
/// let zone = Zone { name: "Europe/Berlin", offset: &|_| 60 };
/// let about = About { app: "0.1.0", made_at: Timestamp(0), zone };
/// let record = Record::of(&started.batch, started.items.iter().map(|started| RecordedJob { job: &started.job, check: None, answer: None }), &about);
/// assert_eq!(record.made_at.text, "1970-01-01T01:00:00.000+01:00");
/// assert!(record.to_json().contains(r#""format": "curfew-record/1""#));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The format's name and version.
    pub format: &'static str,
    /// The app's version.
    pub app: String,
    /// When the record was made.
    pub made_at: Stamp,
    /// The time zone of all times, as the browser names it.
    pub zone: String,
    /// The BIG-IQ.
    pub bigiq: String,
    /// The operator who confirmed the plan.
    pub operator: String,
    /// `proxy` if the proxy signs in for all operators. BIG-IQ then records the proxy's service account as the operator, and who
    /// confirmed the plan is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_in_by: Option<&'static str>,
    /// Reason or ticket number.
    pub reason: String,
    /// The batch's id.
    pub batch: BatchId,
    /// When it was confirmed.
    pub confirmed_at: Stamp,
    /// When its inventory was read.
    pub inventory_read_at: Stamp,
    /// How many devices the plan reached.
    pub devices_reached: CountRecord,
    /// The jobs, in the order of the plan.
    pub jobs: Vec<JobRecord>,
}

impl Record {
    /// The record of a batch and its jobs.
    pub fn of<'a>(
        batch: &Batch,
        jobs: impl IntoIterator<Item = RecordedJob<'a>>,
        about: &About<'_>,
    ) -> Self {
        let zone = about.zone;
        let planned: PlannedById<'_> = batch.reached.iter().map(|d| (d.id.as_str(), d)).collect();
        let record =
            |of: RecordedJob<'_>| JobRecord::of(of.job, batch, &planned, of.check, of.answer, zone);
        Self {
            format: FORMAT,
            app: about.app.to_owned(),
            made_at: zone.stamp(about.made_at),
            zone: zone.name.to_owned(),
            bigiq: clean(&batch.account.bigiq),
            operator: clean(&batch.account.operator),
            signed_in_by: (batch.account.operator == SERVICE_ACCOUNT).then_some("proxy"),
            reason: clean(&batch.reason),
            batch: batch.id.clone(),
            confirmed_at: zone.stamp(batch.confirmed_at),
            inventory_read_at: zone.stamp(batch.as_of),
            devices_reached: CountRecord::of(batch.device_count()),
            jobs: jobs.into_iter().map(record).collect(),
        }
    }

    /// The record as JSON.
    pub fn to_json(&self) -> String {
        // A struct of texts, numbers and lists always serialises.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
