//! Every fault that the simulator knows.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::wait::Wait;

/// What goes wrong. In JSON `{"kind": "drop-before-effect"}` and so on, names in kebab-case, fields
/// in camelCase.
///
/// Those that replace the answer do so instead of the call's effect, or after it with
/// `"afterEffect": true`. Those that change the answer leave the effect alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Fault {
    /// An error in BIG-IQ's own shape.
    Status {
        /// HTTP status.
        status: u16,
        /// Its message.
        #[serde(default)]
        message: Option<String>,
        /// Seconds for `Retry-After`.
        #[serde(default, rename = "retryAfter")]
        retry_after_seconds: Option<u64>,
        /// Whether the call takes effect first.
        #[serde(default)]
        after_effect: bool,
    },
    /// A page, as a front end or a proxy shows it; 200 too.
    Html {
        /// HTTP status.
        status: u16,
        /// Seconds for `Retry-After`.
        #[serde(default, rename = "retryAfter")]
        retry_after_seconds: Option<u64>,
        /// Whether the call takes effect first.
        #[serde(default)]
        after_effect: bool,
    },
    /// The connection closes without an answer; nothing has happened.
    DropBeforeEffect,
    /// The connection closes without an answer; the call has taken effect.
    DropAfterEffect,
    /// The connection breaks as one does whose other end is gone: a TCP reset in place of an orderly end, and no answer.
    Reset {
        /// Whether the call takes effect first.
        #[serde(default)]
        after_effect: bool,
    },
    /// The answer takes this long (appliance time).
    Delay {
        /// How long.
        ms: Wait,
        /// Whether the call takes effect before the wait rather than after it.
        #[serde(default)]
        after_effect: bool,
    },
    /// Headers and half the body come, then nothing for this long (appliance time), then the rest.
    Stall {
        /// How long.
        ms: Wait,
    },
    /// Headers and half the body come, then the connection closes.
    Truncate,
    /// Another content type.
    ContentType {
        /// The header's value.
        value: String,
    },
    /// A field of this many bytes more.
    Oversized {
        /// How many; at most 64 MiB.
        #[serde(deserialize_with = "size")]
        bytes: usize,
    },
    /// Bytes that are no UTF-8 inside the JSON text.
    InvalidUtf8,
    /// Every whole number with a decimal point: `7.0`.
    Floats,
    /// `status`, `result`, `currentStep` and `state` hold words that nobody knows.
    UnknownEnum,
    /// Fields that nobody knows, everywhere.
    ExtraFields,
    /// Every field of this name is left out.
    MissingField {
        /// Its name.
        name: String,
    },
    /// Every field of this name is `null`.
    NullField {
        /// Its name.
        name: String,
    },
    /// Every item of a list comes twice.
    DuplicateIds,
    /// Ids that are no UUIDs, with slashes, quotes and letters beyond ASCII.
    OddIds,
    /// Every field of this name becomes a text of this many bytes.
    HugeString {
        /// Its name.
        name: String,
        /// How many bytes; at most 64 MiB, over all fields.
        #[serde(deserialize_with = "size")]
        bytes: usize,
    },
    /// `totalItems` is this.
    WrongTotal {
        /// What it says.
        value: i64,
    },
    /// Values set and removed at JSON pointers.
    Edit {
        /// Pointer to new value.
        #[serde(default)]
        set: Map<String, Value>,
        /// Pointers to what is left out.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// The `Date` header is wrong by this much.
    ClockSkew {
        /// Seconds, either way.
        seconds: i64,
    },
    /// The appliance restarts with this call: all tokens are dead, and it answers nothing for a while.
    Restart {
        /// How long.
        seconds: u32,
        /// 404 or 401 as while workers start, or 503 with a page.
        #[serde(default = "not_registered")]
        status: u16,
    },
    /// All access tokens are dead, from this call on.
    RevokeAccess,
    /// All refresh tokens are dead, from this call on.
    RevokeRefresh,
    /// The call seems to come from another address.
    SourceAddress {
        /// Which.
        address: std::net::IpAddr,
    },
    /// The task asked for is gone.
    TaskGone,
    /// The task looks as it did at its start.
    StatusRegress,
    /// The task stays at `CANCEL_REQUESTED`.
    CancelRequested,
    /// The task is `FINISHED`, without a result.
    FinishedWithoutResult,
}

/// Most bytes that a fault may add to an answer: more would not fit a laptop.
pub(super) const MAX_BYTES: usize = 64 << 20;

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let bytes = usize::deserialize(deserializer)?;
    if bytes > MAX_BYTES {
        return Err(D::Error::custom(format!("at most {MAX_BYTES} bytes")));
    }
    Ok(bytes)
}

fn not_registered() -> u16 {
    404
}

impl Fault {
    /// Its name in JSON.
    pub fn kind(&self) -> String {
        let kind = serde_json::to_value(self).ok();
        let kind = kind.as_ref().and_then(|value| value.get("kind")?.as_str());
        kind.unwrap_or_default().to_owned()
    }
}
