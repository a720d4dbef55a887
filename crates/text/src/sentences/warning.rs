//! What to know before a kill.

use super::plan::{missing, missing_help};
use crate::{Name, list_of_names, span};
use curfew_core::ids::UserName;
use curfew_core::input::RepeatedName;
use curfew_core::inventory::{Gap, HaRole};
use curfew_core::names::{Oddity, Script};
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
        Warning::NotCovered { name, obstacle: None, .. } => crate::warning_not_covered(Name(name)),
        Warning::NotCovered { name, obstacle: Some(lacks), .. } => {
            crate::warning_not_covered_missing(Name(name), &missing(*lacks), &missing_help(*lacks))
        }
        Warning::NobodyIn(name) => crate::warning_no_device_in(Name(name)),
        Warning::Unchecked(name) => crate::warning_unchecked(Name(name)),
        Warning::Odd { user, oddity, .. } => odd_name(Name(user.as_str()), *oddity),
        Warning::LooksLike { user, near } => {
            let similar = list_of_names(near.iter().map(UserName::as_str));
            crate::warning_looks_like(Name(user.as_str()), &similar)
        }
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
        Warning::Elsewhere { name, there, sessions, .. } => {
            crate::warning_sessions_moved(*sessions, Name(there), Name(name))
        }
        Warning::NotThere { name, sessions, .. } => {
            crate::warning_sessions_gone(*sessions, Name(name))
        }
        Warning::LongList(sessions) => crate::warning_long_list(*sessions),
        Warning::UnusualIds(n) => crate::warning_unusual_ids(*n),
        Warning::UnusedLines(n) => crate::warning_unused_lines(*n),
        Warning::NotRead(units) => {
            crate::warning_not_read(units.len(), &list_of_names(units.iter().map(String::as_str)))
        }
        Warning::OwnSessions(name) => crate::warning_own_sessions(Name(name.as_str())),
        Warning::Everybody => crate::warning_everybody(),
        Warning::Partial(why) => gap(*why),
        Warning::Stale(age) => crate::warning_stale(&span(*age)),
    }
}

/// Why the inventory may be incomplete.
pub fn gap(gap: Gap) -> String {
    match gap {
        Gap::Groups => crate::warning_partial_groups(),
        Gap::Devices => crate::warning_partial_devices(),
        Gap::End => crate::warning_list_end(),
        Gap::Lists => crate::inventory_failed(),
        Gap::OtherTotal { reported, listed } => crate::warning_list_total(reported, listed),
        Gap::AccessList => crate::warning_access_list(),
        Gap::Reach => crate::warning_partial_reach(),
        Gap::Nameless(n) => crate::warning_without_id(n),
    }
}

/// What is unusual about a name.
fn odd_name(name: Name<'_>, oddity: Oddity) -> String {
    match oddity {
        Oddity::Invisible => crate::warning_invisible(name),
        Oddity::OddSpaces => crate::warning_odd_spaces(name),
        Oddity::OuterSpaces => crate::warning_padded(name),
        Oddity::Quotes => crate::warning_quotes(name),
        Oddity::NotComposed => crate::warning_not_composed(name),
        Oddity::MixedScripts(one, other) => {
            crate::warning_mixed_scripts(name, &script(one), &script(other))
        }
    }
}

fn script(script: Script) -> String {
    match script {
        Script::Latin => crate::script_latin(),
        Script::Greek => crate::script_greek(),
        Script::Cyrillic => crate::script_cyrillic(),
        Script::Armenian => crate::script_armenian(),
    }
}

/// The button that replaces this many names by those without it.
pub fn mend(oddity: Oddity, names: usize) -> String {
    match oddity {
        Oddity::Invisible => crate::remove_invisible(names),
        Oddity::OddSpaces => crate::use_ordinary_spaces(names),
        Oddity::OuterSpaces => crate::trim_spaces(names),
        Oddity::Quotes => crate::remove_quotes(names),
        Oddity::NotComposed => crate::compose_accents(names),
        Oddity::MixedScripts(..) => crate::use_latin_letters(names),
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
        [Warning::NotCovered { obstacle: None, .. }, ..] => {
            crate::warning_not_covered_several(alike.len())
        }
        [Warning::NotCovered { obstacle: Some(lacks), .. }, ..] => {
            let (lacks, help) = (missing(*lacks), missing_help(*lacks));
            crate::warning_not_covered_missing_several(alike.len(), &lacks, &help)
        }
        [Warning::NotThere { .. }, ..] => {
            let devices = crate::device_count(alike.len());
            crate::warning_sessions_gone_several(gone(alike), &devices)
        }
        // Each has suggestions of its own.
        [Warning::NobodyNow { .. }, ..] => crate::warning_no_session_several(alike.len()),
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
        | Warning::NotCovered { name, .. }
        | Warning::NotThere { name, .. }
        | Warning::Elsewhere { name, .. }
        | Warning::NobodyIn(name)
        | Warning::Unchecked(name) => Some(name),
        Warning::Repeated(RepeatedName { name, .. })
        | Warning::OwnSessions(name)
        | Warning::Odd { user: name, .. }
        | Warning::LooksLike { user: name, .. }
        | Warning::NobodyNow { user: name, .. } => Some(name.as_str()),
        Warning::Everybody
        | Warning::LongList(_)
        | Warning::UnusualIds(_)
        | Warning::UnusedLines(_)
        | Warning::NotRead(_)
        | Warning::Partial(_)
        | Warning::Stale(_) => None,
    }
}
