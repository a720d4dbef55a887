//! What live sessions showed of a kill.

use super::ident;
use crate::job::Verdict;
use serde::Serialize;

/// What live sessions showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerdictRecord {
    /// In a word.
    pub finding: &'static str,
    /// In numbers.
    #[serde(flatten)]
    pub numbers: Verdict,
}

impl VerdictRecord {
    pub(super) fn of(verdict: &Verdict) -> Self {
        Self { finding: ident::finding(verdict.finding()), numbers: *verdict }
    }
}
