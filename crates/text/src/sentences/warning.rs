//! What to know before a kill.

use super::plan::{missing, missing_help};
use crate::{Name, list_of_names, span};
use curfew_core::ids::UserName;
use curfew_core::input::RepeatedName;
use curfew_core::inventory::{Gap, HaRole};
use curfew_core::plan::Warning;

/// A warning.
pub fn warning(warning: &Warning) -> String {
    match warning {
        Warning::DeviceInCluster { name, cluster, role, .. } => {
            let (device, cluster) = (Name(name), Name(cluster));
            match role {
                HaRole::Active => crate::warning_active_now(device, cluster),
                HaRole::Standby => crate::warning_standby(device, cluster),
                HaRole::Unknown => crate::warning_device_in_cluster(device, cluster),
            }
        }
        Warning::NotReady { name, missing: lacks, .. } => {
            crate::warning_not_ready(Name(name), &missing(*lacks), &missing_help(*lacks))
        }
        Warning::NobodyIn(name) => crate::warning_no_device_in(Name(name)),
        Warning::Padded(name) => crate::warning_padded(Name(name.as_str())),
        Warning::Repeated(RepeatedName { name, times, .. }) => {
            crate::warning_repeated(Name(name.as_str()), *times)
        }
        Warning::NobodyNow { user, near, unknown } => {
            let user = Name(user.as_str());
            let similar = list_of_names(near.iter().map(UserName::as_str));
            match unknown {
                _ if near.is_empty() => crate::warning_no_session(user),
                0 => crate::warning_no_session_similar(user, &similar),
                _ => crate::warning_no_session_known(user, &similar),
            }
        }
        Warning::NotThere { name, sessions, .. } => {
            crate::warning_sessions_gone(*sessions, Name(name))
        }
        Warning::LongList(sessions) => crate::warning_long_list(*sessions),
        Warning::UnusualIds(n) => crate::warning_unusual_ids(*n),
        Warning::UnusedLines(n) => crate::warning_unused_lines(*n),
        Warning::OwnSessions(name) => crate::warning_own_sessions(Name(name.as_str())),
        Warning::Everybody => crate::warning_everybody(),
        Warning::Partial(Gap::Groups) => crate::warning_partial_groups(),
        Warning::Partial(Gap::Devices) => crate::warning_partial_devices(),
        Warning::Partial(Gap::AccessList) => crate::warning_access_list(),
        Warning::Partial(Gap::Reach) => crate::warning_partial_reach(),
        Warning::Partial(Gap::Nameless(n)) => crate::warning_without_id(*n),
        Warning::Stale(age) => crate::warning_stale(&span(*age)),
    }
}

/// A warning, for several of one cause.
pub fn warnings(alike: &[Warning]) -> String {
    match alike {
        [] => String::new(),
        [one] => warning(one),
        [Warning::DeviceInCluster { .. }, ..] => crate::warning_in_clusters(alike.len()),
        [Warning::NotReady { missing: lacks, .. }, ..] => {
            crate::warning_not_ready_several(alike.len(), &missing(*lacks), &missing_help(*lacks))
        }
        [Warning::NotThere { .. }, ..] => {
            let devices = crate::device_count(alike.len());
            crate::warning_sessions_gone_several(gone(alike), &devices)
        }
        [first, rest @ ..] => crate::warning_more(&warning(first), rest.len()),
    }
}

/// How many of the selected sessions no longer exist, according to the warnings.
pub fn gone(alike: &[Warning]) -> usize {
    let gone = alike.iter().map(|warning| match warning {
        Warning::NotThere { sessions, .. } => *sessions,
        _ => 0,
    });
    gone.sum()
}

/// The name that the warning is about, if several are listed together.
pub fn subject(warning: &Warning) -> Option<&str> {
    match warning {
        Warning::DeviceInCluster { name, .. }
        | Warning::NotReady { name, .. }
        | Warning::NotThere { name, .. }
        | Warning::NobodyIn(name) => Some(name),
        Warning::Padded(name)
        | Warning::Repeated(RepeatedName { name, .. })
        | Warning::OwnSessions(name)
        | Warning::NobodyNow { user: name, .. } => Some(name.as_str()),
        Warning::Everybody
        | Warning::LongList(_)
        | Warning::UnusualIds(_)
        | Warning::UnusedLines(_)
        | Warning::Partial(_)
        | Warning::Stale(_) => None,
    }
}
