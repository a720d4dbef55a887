//! Numbers of sessions, never more precise than what is known.

use crate::{List, Name, first_texts};
use curfew_core::ids::MachineId;
use curfew_core::inventory::SessionCount;
use curfew_core::plan::Plan;
use curfew_core::sorted::SortedMap;

use super::plan::name_of;
use crate::LISTED;

/// The current number of sessions.
pub fn sessions_now(counted: SessionCount) -> String {
    match counted {
        SessionCount::Exactly(number) => crate::sessions_now(number),
        SessionCount::AtLeast { found: 0, checked, units } => {
            crate::sessions_none_yet(checked, units)
        }
        SessionCount::AtLeast { found, checked, units } => {
            crate::sessions_at_least(found, checked, units)
        }
    }
}

/// Numbers of sessions, by device.
pub fn places(plan: &Plan, devices: &SortedMap<MachineId, usize>) -> List {
    let place =
        |(id, number): (&MachineId, &usize)| crate::sessions_on(Name(name_of(plan, id)), *number);
    let first: Vec<String> = devices.iter().take(LISTED).map(place).collect();
    first_texts(&first, devices.len())
}

/// How many sessions a kill of all users would end now, and where, as far as they could be read.
pub fn everybody_now(plan: &Plan) -> Option<String> {
    let counts = plan.session_counts().filter(|counts| counts.as_of.is_some())?;
    let total = counts.total.as_ref()?;
    let users = crate::users_read(total.users);
    let now = match counts.counted(total.sessions) {
        SessionCount::Exactly(number) => crate::sessions_of_all(number, &users),
        SessionCount::AtLeast { found: 0, checked, units } => {
            crate::sessions_none_yet(checked, units)
        }
        SessionCount::AtLeast { found, checked, units } => {
            crate::sessions_of_all_at_least(found, &users, checked, units)
        }
    };
    Some(if total.devices.is_empty() {
        now
    } else {
        crate::labelled(&now, &places(plan, &total.devices).into_text())
    })
}
