//! The comparison of live sessions in a record.

use super::ident;
use crate::job::Verdict;
use serde::Serialize;

/// The comparison of live sessions before and after a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerdictRecord {
    /// The summary.
    pub finding: &'static str,
    /// The numbers.
    #[serde(flatten)]
    pub numbers: Verdict,
}

impl VerdictRecord {
    pub(super) fn of(verdict: &Verdict) -> Self {
        Self { finding: ident::finding(verdict.finding()), numbers: *verdict }
    }
}
