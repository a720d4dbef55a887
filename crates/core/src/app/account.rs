//! To which BIG-IQ and operator a plan, a job or a record belongs. Links inside BIG-IQ all say `localhost`, so a
//! plan made for one would fit another: this is what keeps them apart. It must not hold a secret.

use serde::{Deserialize, Serialize};

/// Stands for the operator, in records too, where the proxy signs in for everybody: BIG-IQ does not say whom it books kills to.
pub const SERVICE_ACCOUNT: &str = "(proxy-service-account)";

/// One BIG-IQ and one operator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    /// Which BIG-IQ: its name and the path prefix that reaches it.
    pub bigiq: String,
    /// Who is signed in, as BIG-IQ spells the name.
    pub operator: String,
}
