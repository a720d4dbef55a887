//! How well a kill can be verified if it is confirmed now.

use crate::count::Count;
use crate::inventory::SessionCounts;
use std::time::Duration;

/// How well a kill can be verified if it is confirmed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// All sessions were read.
    Complete,
    /// Sessions are being read.
    Reading {
        /// How many clusters and standalone devices were read.
        known: usize,
        /// Of how many.
        units: Count,
        /// How long the rest will take, as far as it can be estimated.
        wait: Option<Duration>,
    },
    /// Not all sessions were read, and no more will be.
    Partial {
        /// How many clusters and standalone devices were read.
        known: usize,
        /// Of how many.
        units: Count,
    },
}

impl Proof {
    /// From what was read. `begun` is how many units were known some time ago, and how long ago that was.
    pub fn of(counts: &SessionCounts, is_reading: bool, begun: (usize, Duration)) -> Self {
        let (known, units) = (counts.known, counts.units());
        // guard: proof-needs-all-sessions
        if counts.is_complete() {
            return Self::Complete;
        }
        if !is_reading {
            return Self::Partial { known, units };
        }
        let (before, elapsed) = begun;
        let read = u32::try_from(known.saturating_sub(before)).unwrap_or(u32::MAX);
        let left = u32::try_from(counts.unknown.len()).unwrap_or(u32::MAX);
        let wait = elapsed.saturating_mul(left).checked_div(read);
        let wait = wait.map(|wait| Duration::from_secs(wait.as_secs() + 1));
        Self::Reading { known, units, wait }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::UnitId;
    use rstest::rstest;

    const SECONDS: Duration = Duration::from_secs(2);

    fn reading(known: usize, units: usize, wait: Option<u64>) -> Proof {
        let units = Count::Exactly(units);
        Proof::Reading { known, units, wait: wait.map(Duration::from_secs) }
    }

    fn partial(known: usize, units: Count) -> Proof {
        Proof::Partial { known, units }
    }

    #[rstest]
    #[case::complete(2, 0, false, Proof::Complete)]
    #[case::complete_while_others_are_read(2, 0, true, Proof::Complete)]
    #[case::none_read_yet(0, 2, true, reading(0, 2, None))]
    #[case::some_were_known_before(1, 1, true, reading(1, 2, None))]
    #[case::half_way(3, 2, true, reading(3, 5, Some(3)))]
    #[case::no_more_will_be_read(1, 1, false, partial(1, Count::Exactly(2)))]
    #[case::none_answers(0, 1, false, partial(0, Count::Exactly(1)))]
    #[case::no_device(0, 0, false, partial(0, Count::Exactly(0)))]
    fn how_well_a_kill_can_be_verified(
        #[case] known: usize,
        #[case] unknown: usize,
        #[case] is_reading: bool,
        #[case] expected: Proof,
    ) {
        let unknown = vec![UnitId::Cluster("Blue".into()); unknown];
        let mut counts = SessionCounts { known, unknown, ..SessionCounts::default() };
        assert_eq!(Proof::of(&counts, is_reading, (1, SECONDS)), expected);
        counts.may_lack_units = true;
        assert_ne!(Proof::of(&counts, is_reading, (1, SECONDS)), Proof::Complete);
    }
}
