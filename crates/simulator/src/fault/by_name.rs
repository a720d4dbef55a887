//! Faults that a user name triggers without a fault plan, so that a person can see them in the
//! demo.
//!
//! * A kill for the user `fault-<name>`: the POST goes wrong. For faults of a task, every read of
//!   that task in its first 20 s goes wrong instead.
//! * A sign-in as `fault-<name>` with the same password: for this administrator, every third read
//!   goes wrong.
//! * A sign-in as `fault-<name>` with the password `sign-in`: the sign-in itself goes wrong.

use std::net::Ipv4Addr;

use super::kind::Fault;
use super::wait::Wait;
use crate::http::call::Call;
use crate::http::paths;
use crate::lenient_json;
use crate::world::appliance::Appliance;

/// How long reads of a task go wrong after its start.
const TASK_FAULT_MS: i64 = 20_000;

/// Password with which the sign-in itself goes wrong.
const SIGN_IN_PASSWORD: &str = "sign-in";

/// All fault names.
pub(crate) const NAMES: [&str; 42] = [
    "fault-error-500",
    "fault-error-429",
    "fault-error-503",
    "fault-page-200",
    "fault-page-401",
    "fault-page-404",
    "fault-page-502",
    "fault-page-502-late",
    "fault-page-503",
    "fault-page-504",
    "fault-lost-request",
    "fault-lost-answer",
    "fault-reset",
    "fault-reset-late",
    "fault-slow",
    "fault-slow-answer",
    "fault-latency",
    "fault-stall",
    "fault-truncate",
    "fault-content-type",
    "fault-oversized",
    "fault-invalid-utf8",
    "fault-floats",
    "fault-unknown-enum",
    "fault-extra-fields",
    "fault-missing-field",
    "fault-null-field",
    "fault-duplicate-ids",
    "fault-odd-ids",
    "fault-huge-string",
    "fault-wrong-total",
    "fault-clock-skew",
    "fault-restart",
    "fault-restart-page",
    "fault-restart-401",
    "fault-revoke",
    "fault-revoke-refresh",
    "fault-source-address",
    "fault-task-gone",
    "fault-status-regress",
    "fault-cancel-requested",
    "fault-no-result",
];

/// The fault with this name from [`NAMES`].
pub(crate) fn fault_named(name: &str) -> Option<Fault> {
    let error = |status, retry_after_seconds| Fault::Status {
        status,
        message: None,
        retry_after_seconds,
        after_effect: false,
    };
    let page = |status| Fault::Html { status, retry_after_seconds: None, after_effect: false };
    let restart = |status| Fault::Restart { seconds: 20, status };
    let slow = |after_effect| Fault::Delay { ms: Wait::Fixed(15_000), after_effect };
    Some(match name.strip_prefix("fault-")? {
        "error-500" => error(500, None),
        "error-429" => error(429, Some(5)),
        "error-503" => error(503, Some(5)),
        "page-200" => page(200),
        "page-401" => page(401),
        "page-404" => page(404),
        "page-502" => page(502),
        "page-502-late" => {
            Fault::Html { status: 502, retry_after_seconds: None, after_effect: true }
        }
        "page-503" => page(503),
        "page-504" => page(504),
        "lost-request" => Fault::DropBeforeEffect,
        "lost-answer" => Fault::DropAfterEffect,
        "reset" => Fault::Reset { after_effect: false },
        "reset-late" => Fault::Reset { after_effect: true },
        "slow" => slow(false),
        "slow-answer" => slow(true),
        "latency" => {
            Fault::Delay { ms: Wait::Tail { median_ms: 300, p99_ms: 5_000 }, after_effect: false }
        }
        "stall" => Fault::Stall { ms: Wait::Fixed(15_000) },
        "truncate" => Fault::Truncate,
        "content-type" => Fault::ContentType { value: "text/plain".to_owned() },
        "oversized" => Fault::Oversized { bytes: 6_000_000 },
        "invalid-utf8" => Fault::InvalidUtf8,
        "floats" => Fault::Floats,
        "unknown-enum" => Fault::UnknownEnum,
        "extra-fields" => Fault::ExtraFields,
        // Fields that Curfew depends on: without `id` a kill's answer names no task, without
        // `status` a task has no state.
        "missing-field" => Fault::MissingField { name: "id".to_owned() },
        "null-field" => Fault::NullField { name: "status".to_owned() },
        "duplicate-ids" => Fault::DuplicateIds,
        "odd-ids" => Fault::OddIds,
        "huge-string" => Fault::HugeString { name: "hostname".to_owned(), bytes: 100_000 },
        "wrong-total" => Fault::WrongTotal { value: 1 },
        "clock-skew" => Fault::ClockSkew { seconds: 7_200 },
        "restart" => restart(404),
        "restart-page" => restart(503),
        "restart-401" => restart(401),
        "revoke" => Fault::RevokeAccess,
        "revoke-refresh" => Fault::RevokeRefresh,
        "source-address" => Fault::SourceAddress { address: Ipv4Addr::new(192, 0, 2, 254).into() },
        "task-gone" => Fault::TaskGone,
        "status-regress" => Fault::StatusRegress,
        "cancel-requested" => Fault::CancelRequested,
        "no-result" => Fault::FinishedWithoutResult,
        _ => return None,
    })
}

impl Fault {
    /// Whether it changes reads of a task instead of the POST.
    fn affects_task_reads(&self) -> bool {
        matches!(
            self,
            Self::UnknownEnum
                | Self::NullField { .. }
                | Self::TaskGone
                | Self::StatusRegress
                | Self::CancelRequested
                | Self::FinishedWithoutResult
        )
    }
}

/// The fault that the call triggers by a name. `operator` is the signed-in account, `reads` the
/// number of reads so far.
pub(crate) fn fault_of_call(
    appliance: &Appliance,
    call: &Call,
    operator: Option<&str>,
    reads: u64,
) -> Option<Fault> {
    let segments = call.segments();
    let is_get = call.method.as_str() == "GET";
    match segments.as_slice() {
        ["mgmt", "shared", "authn", "login"] => {
            let password = field(call, "password")?;
            fault_named(&field(call, "username")?).filter(|_| password == SIGN_IN_PASSWORD)
        }
        paths::KILL_SESSIONS if call.method.as_str() == "POST" => {
            fault_named(&field(call, "userName")?).filter(|fault| !fault.affects_task_reads())
        }
        ["mgmt", "cm", "access", "tasks", "kill-sessions", id] if is_get => {
            let task = appliance.tasks.task(id)?;
            let is_recent = appliance.now() < task.started().plus_millis(TASK_FAULT_MS);
            fault_named(task.user()).filter(|fault| is_recent && fault.affects_task_reads())
        }
        _ if is_get && reads % 3 == 2 => fault_named(operator?),
        _ => None,
    }
}

fn field(call: &Call, name: &str) -> Option<String> {
    let body = lenient_json::object(&call.body).ok()?;
    lenient_json::text(&call.body, &body, name).ok()?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_fault() {
        for name in NAMES {
            assert!(fault_named(name).is_some(), "{name}");
        }
        assert!(fault_named("fault-").is_none() && fault_named("user2").is_none());
    }
}
