//! Numbers of sessions, never more precise than what is known.

use crate::{List, Name, first_names, first_texts};
use curfew_core::count::Count;
use curfew_core::ids::MachineId;
use curfew_core::inventory::{Changes, SessionCounts, UnitId};
use curfew_core::plan::Plan;
use curfew_core::sorted::SortedMap;
use timestamp::Timestamp;

use super::amount::number;
use super::plan::name_of;
use crate::LISTED;

/// The current number of sessions.
pub fn sessions_now(number: Count) -> String {
    match number {
        Count::Exactly(number) => crate::sessions_now(number),
        Count::AtLeast(number) => crate::session_count_at_least(number),
        Count::Unknown => crate::sessions_none_yet(),
    }
}

/// How many clusters and devices were read, if not all were.
pub fn units_read(counts: &SessionCounts) -> Option<String> {
    (!counts.is_complete()).then(|| crate::units_read(counts.known, &number(counts.units())))
}

/// The clusters and devices of a plan that were not read, if there are any.
pub fn unread(plan: &Plan) -> Option<String> {
    let counts = plan.session_counts().filter(|counts| !counts.unknown.is_empty())?;
    let first = counts.unknown.iter().take(LISTED);
    let names: Vec<&str> = first
        .map(|unit| match unit {
            UnitId::Cluster(name) => name,
            UnitId::Device(id) => name_of(plan, id),
        })
        .collect();
    Some(crate::sessions_unknown_of(&first_names(&names, counts.unknown.len())))
}

/// Numbers of sessions, by device.
pub fn places(plan: &Plan, devices: &SortedMap<MachineId, usize>) -> List {
    let place =
        |(id, number): (&MachineId, &usize)| crate::sessions_on(Name(name_of(plan, id)), *number);
    let first: Vec<String> = devices.iter().take(LISTED).map(place).collect();
    first_texts(&first, devices.len())
}

/// How many sessions the only user of a plan has now, where, and from which addresses, as far as they could be read.
pub fn user_now(plan: &Plan) -> Option<String> {
    let counts = plan.session_counts().filter(|counts| counts.as_of.is_some())?;
    let [only] = counts.users.as_slice() else { return None };
    let mut now = sessions_now(counts.counted(only.sessions));
    if !only.devices.is_empty() {
        now = crate::labelled(&now, &places(plan, &only.devices).into_text());
    }
    if !only.clients.is_empty() {
        let first: Vec<&str> = only.clients.iter().take(LISTED).map(String::as_str).collect();
        now = crate::sessions_from(&now, &first_names(&first, only.clients.len()));
    }
    Some(now)
}

/// How many sessions a kill of all users would end now, and where, as far as they could be read.
pub fn everybody_now(plan: &Plan) -> Option<String> {
    let counts = plan.session_counts().filter(|counts| counts.as_of.is_some())?;
    let total = counts.total.as_ref()?;
    let users = crate::users_read(total.users);
    let now = match counts.counted(total.sessions) {
        Count::Exactly(number) => crate::sessions_of_all(number, &users),
        Count::AtLeast(number) => crate::sessions_of_all_at_least(number, &users),
        Count::Unknown => crate::sessions_none_yet(),
    };
    Some(if total.devices.is_empty() {
        now
    } else {
        crate::labelled(&now, &places(plan, &total.devices).into_text())
    })
}

/// What has changed since the readings before. Empty if nothing was read twice.
pub fn changes(changes: &Changes, now: Timestamp) -> String {
    let Changes { opened, ended, compared, units, since } = *changes;
    let Some(since) = since else { return String::new() };
    let ago = crate::relative(since, now);
    // guard: changes-of-a-part
    if compared == units {
        crate::find_changes(&ago, opened, ended)
    } else {
        crate::find_changes_part(&ago, opened, ended, compared, units)
    }
}
