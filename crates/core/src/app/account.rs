//! The BIG-IQ and the operator that a plan, a job or a record belongs to. All links in BIG-IQ's answers name `localhost`, so
//! nothing else would keep the plan for one BIG-IQ from being used with another.

use serde::{Deserialize, Serialize};

/// The operator's name if the proxy signs in for all operators, also in records: BIG-IQ doesn't report the account's name.
pub const SERVICE_ACCOUNT: &str = "(proxy-service-account)";

/// One BIG-IQ and one operator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    /// The BIG-IQ: its name and its path prefix.
    pub bigiq: String,
    /// The user who is signed in, spelled as on BIG-IQ.
    pub operator: String,
}
