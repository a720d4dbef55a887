//! All kinds of fault.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::wait::Wait;

/// What goes wrong. In JSON, `{"kind": "drop-before-effect"}`: kinds in kebab-case, fields in
/// camelCase.
///
/// A fault that replaces the answer prevents the effect of the call, unless `"afterEffect": true`
/// is set. A fault that changes the answer leaves the effect alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Fault {
    /// An error in BIG-IQ's format.
    Status {
        /// HTTP status.
        status: u16,
        /// The error message.
        #[serde(default)]
        message: Option<String>,
        /// Value of `Retry-After`.
        #[serde(default, rename = "retryAfter")]
        retry_after_seconds: Option<u64>,
        /// Whether the call takes effect first.
        #[serde(default)]
        after_effect: bool,
    },
    /// An HTML page, as a front end or a proxy sends it; also with status 200.
    Html {
        /// HTTP status.
        status: u16,
        /// Value of `Retry-After`.
        #[serde(default, rename = "retryAfter")]
        retry_after_seconds: Option<u64>,
        /// Whether the call takes effect first.
        #[serde(default)]
        after_effect: bool,
    },
    /// The connection closes without an answer, and the call has no effect.
    DropBeforeEffect,
    /// The connection closes without an answer, and the call has taken effect.
    DropAfterEffect,
    /// The connection breaks with a TCP reset and without an answer.
    Reset {
        /// Whether the call takes effect first.
        #[serde(default)]
        after_effect: bool,
    },
    /// The answer is delayed (appliance time).
    Delay {
        /// Length of the delay.
        ms: Wait,
        /// Whether the call takes effect before the delay instead of after it.
        #[serde(default)]
        after_effect: bool,
    },
    /// Headers and half of the body arrive, then the rest after a pause (appliance time).
    Stall {
        /// Length of the pause.
        ms: Wait,
    },
    /// Headers and half of the body arrive, then the connection closes.
    Truncate,
    /// Another content type.
    ContentType {
        /// Value of the header.
        value: String,
    },
    /// One extra field of this size.
    Oversized {
        /// Size; at most 64 MiB.
        #[serde(deserialize_with = "size")]
        bytes: usize,
    },
    /// Bytes in the JSON text that are not UTF-8.
    InvalidUtf8,
    /// Every whole number has a decimal point: `7.0`.
    Floats,
    /// `status`, `result`, `currentStep` and `state` hold unknown values.
    UnknownEnum,
    /// Unknown fields everywhere.
    ExtraFields,
    /// Fields with this name are missing.
    MissingField {
        /// Field name.
        name: String,
    },
    /// Fields with this name are `null`.
    NullField {
        /// Field name.
        name: String,
    },
    /// Every item of a list appears twice.
    DuplicateIds,
    /// Ids that are not UUIDs, with slashes, quotes and non-ASCII letters.
    OddIds,
    /// Fields with this name hold a string of this size.
    HugeString {
        /// Field name.
        name: String,
        /// Size; at most 64 MiB, over all fields together.
        #[serde(deserialize_with = "size")]
        bytes: usize,
    },
    /// `totalItems` has this value.
    WrongTotal {
        /// The value.
        value: i64,
    },
    /// Sets and removes values at JSON pointers.
    Edit {
        /// New values by pointer.
        #[serde(default)]
        set: Map<String, Value>,
        /// Pointers of removed values.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// The `Date` header is wrong by this much.
    ClockSkew {
        /// Seconds, positive or negative.
        seconds: i64,
    },
    /// The appliance restarts with this call: all tokens become invalid, and nothing works for a
    /// while.
    Restart {
        /// Length of the restart.
        seconds: u32,
        /// Status meanwhile: 404 or 401 as while workers start, or 503 with a page.
        #[serde(default = "not_registered")]
        status: u16,
    },
    /// All access tokens become invalid with this call.
    RevokeAccess,
    /// All refresh tokens become invalid with this call.
    RevokeRefresh,
    /// The call seems to come from another address.
    SourceAddress {
        /// That address.
        address: std::net::IpAddr,
    },
    /// The requested task no longer exists.
    TaskGone,
    /// The task looks as it did at its start.
    StatusRegress,
    /// The task stays at `CANCEL_REQUESTED`.
    CancelRequested,
    /// The task is `FINISHED`, without a result.
    FinishedWithoutResult,
}

/// Most bytes that a fault may add to an answer, so that it fits into memory.
pub(super) const MAX_ADDED_BYTES: usize = 64 << 20;

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let bytes = usize::deserialize(deserializer)?;
    if bytes > MAX_ADDED_BYTES {
        return Err(D::Error::custom(format!("at most {MAX_ADDED_BYTES} bytes")));
    }
    Ok(bytes)
}

fn not_registered() -> u16 {
    404
}

impl Fault {
    /// The name in JSON.
    pub fn kind(&self) -> String {
        let kind = serde_json::to_value(self).ok();
        let kind = kind.as_ref().and_then(|value| value.get("kind")?.as_str());
        kind.unwrap_or_default().to_owned()
    }
}
