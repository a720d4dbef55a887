//! The comparison after the end. It must not call anything gone that a complete reading of every member did not miss.

use super::baseline::{Baseline, Unit, users};
use crate::inventory::{Live, Reading};
use crate::job::{Job, Verdict};
use crate::timestamp::Timestamp;
use bigiq::KillRequest;
use serde::Serialize;
use std::collections::BTreeSet;

/// What a comparison showed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// By cluster or device of its own.
    pub units: Vec<CheckedUnit>,
    /// All of it in numbers.
    pub verdict: Verdict,
}

/// What a comparison showed of a cluster, or of a device of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedUnit {
    /// The cluster; `None` for a device of its own.
    pub cluster: Option<String>,
    /// The machine ids of its members.
    pub members: Vec<String>,
    /// The sessions seen before, by id.
    pub sessions: Vec<CheckedSession>,
    /// The same in numbers.
    pub verdict: Verdict,
}

/// A session that was seen before a kill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedSession {
    /// Session id.
    pub id: String,
    /// Its user; empty where the device does not say.
    pub user: String,
    /// What became of it.
    pub now: Now,
}

/// What became of a session that was seen before a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Now {
    /// Absent from complete readings of every member.
    Gone,
    /// A member still lists it.
    Remaining,
    /// Not seen, but a reading is cut or missing.
    Unreadable,
}

impl Baseline {
    /// Compares with readings taken since the job's end; older ones say nothing. `None` while it has not ended.
    pub fn check(&self, job: &Job, live: &Live) -> Option<Check> {
        let since = job.ended_at()?;
        let units: Vec<CheckedUnit> =
            self.units.iter().map(|unit| unit.check(job.request(), live, since)).collect();
        let mut verdict = Verdict::default();
        for unit in &units {
            verdict.add(&unit.verdict);
        }
        verdict.blind += self.unforeseen(job);
        Some(Check { units, verdict })
    }

    /// How many devices BIG-IQ named that nobody looked at before: it expands groups itself.
    fn unforeseen(&self, job: &Job) -> usize {
        if !job.is_resolved() {
            return 0;
        }
        let members = self.units.iter().flat_map(|unit| &unit.members);
        let known: BTreeSet<&str> = members.map(String::as_str).collect();
        job.devices().iter().filter(|id| !known.contains(id.as_str())).count()
    }
}

impl Unit {
    fn check(&self, request: &KillRequest, live: &Live, since: Timestamp) -> CheckedUnit {
        let fresh: Vec<&Reading> = self
            .members
            .iter()
            .filter_map(|id| live.reading(id))
            .filter(|reading| reading.read_at() >= since)
            .collect();
        let all = fresh.len() == self.members.len() && fresh.iter().all(|r| r.is_complete());
        let mut verdict = Verdict { blind: usize::from(self.blind), ..Verdict::default() };
        let mut judge = |(id, user): (&String, &String)| {
            let listed = fresh.iter().any(|reading| reading.session(id).is_some());
            let (now, number) = match (listed, all) {
                (true, _) => (Now::Remaining, &mut verdict.remaining),
                (false, true) => (Now::Gone, &mut verdict.gone),
                (false, false) => (Now::Unreadable, &mut verdict.unreadable),
            };
            *number += 1;
            CheckedSession { id: id.clone(), user: user.clone(), now }
        };
        let sessions = self.sessions.iter().map(&mut judge).collect();
        verdict.came_back = self.came_back(request, &fresh);
        CheckedUnit {
            cluster: self.cluster.clone(),
            members: self.members.clone(),
            sessions,
            verdict,
        }
    }

    /// New sessions of the users whose sessions the kill was about. ErrorText by their ids, so only where all old ones are
    /// known.
    fn came_back(&self, request: &KillRequest, fresh: &[&Reading]) -> usize {
        if !self.whole {
            return 0;
        }
        let users = users(request, &self.sessions);
        let now = fresh.iter().flat_map(|reading| users.iter().flat_map(|u| reading.of_user(u)));
        let new = now
            .map(|session| session.id.as_str())
            .filter(|id| !self.sessions.contains_key(*id) && !self.others.contains(*id));
        new.collect::<BTreeSet<_>>().len()
    }
}
