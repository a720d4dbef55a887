//! What a plan is made from besides the draft: the inventory, what devices report, and the configured gate.

use crate::app::{Config, ReasonRule};
use crate::inventory::{Inventory, Live};
use crate::names::FoundSimilar;
use crate::plan::gate::MANY;
use crate::plan::{Gate, Phrase};
use std::sync::Arc;

/// What is known when a plan is made from a draft.
#[derive(Debug, Clone, Copy)]
pub struct PlanInputs<'a> {
    /// Devices, clusters and access groups.
    pub inventory: &'a Inventory,
    /// HA roles and live sessions, if BIG-IQ allows reading them.
    pub live: Option<&'a Live>,
    /// How strict the gate is.
    pub rules: GateRules,
    /// Similar names among all that were read, for the draft's users. The search takes longer than a key press may.
    pub similar: Option<&'a FoundSimilar>,
    /// Canonical composition (NFC), which the browser has.
    pub compose: fn(&str) -> String,
}

impl<'a> From<&'a Inventory> for PlanInputs<'a> {
    fn from(inventory: &'a Inventory) -> Self {
        let rules = GateRules::default();
        Self { inventory, live: None, rules, similar: None, compose: str::to_owned }
    }
}

impl<'a> From<&'a Arc<Inventory>> for PlanInputs<'a> {
    fn from(inventory: &'a Arc<Inventory>) -> Self {
        Self::from(inventory.as_ref())
    }
}

/// How strict the gate is. It can't be made less strict than the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateRules {
    phrase_above: usize,
    always_reason: bool,
}

impl Default for GateRules {
    fn default() -> Self {
        Self { phrase_above: MANY, always_reason: false }
    }
}

impl From<&Config> for GateRules {
    fn from(config: &Config) -> Self {
        Self {
            // guard: phrase-limit
            phrase_above: usize::from(config.phrase_above).min(MANY),
            always_reason: config.reason == ReasonRule::Always,
        }
    }
}

impl GateRules {
    /// The rules where Curfew is shown. In a portal's frame every kill requires a phrase: the portal could lead an operator
    /// through clicks.
    #[must_use]
    pub fn shown_in(self, frame: bool) -> Self {
        // guard: phrase-in-frame
        if frame { Self { phrase_above: 0, ..self } } else { self }
    }

    /// The gate for a kill of this size. It depends on how many people are affected, not on how many devices.
    pub(super) fn gate(self, size: Phrase) -> Gate {
        let (typed, names) = match size {
            Phrase::Everybody { .. } => (true, false),
            Phrase::Users { users, .. } => (users > self.phrase_above, (2..=MANY).contains(&users)),
            Phrase::Sessions { sessions, .. } => (sessions > self.phrase_above, false),
        };
        let everybody = matches!(size, Phrase::Everybody { .. });
        Gate { names, phrase: typed.then_some(size), reason: everybody || self.always_reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn rules(phrase_above: u16, reason: ReasonRule) -> GateRules {
        GateRules::from(&Config { phrase_above, reason, ..Config::default() })
    }

    #[rstest]
    #[case(1, false, false)]
    #[case(2, true, false)]
    #[case(10, true, false)]
    #[case(11, false, true)]
    fn by_users(#[case] users: usize, #[case] names: bool, #[case] typed: bool) {
        let size = Phrase::Users { users, devices: 5_000 };
        let gate = GateRules::default().gate(size);
        assert_eq!((gate.wants_names(), gate.phrase().is_some()), (names, typed));
        assert!(!gate.wants_reason());
    }

    #[rstest]
    #[case(10, false)]
    #[case(11, true)]
    fn by_sessions(#[case] sessions: usize, #[case] typed: bool) {
        let gate = GateRules::default().gate(Phrase::Sessions { sessions, devices: 1 });
        assert_eq!((gate.wants_names(), gate.phrase().is_some()), (false, typed));
    }

    #[test]
    fn everybody() {
        let gate = GateRules::default().gate(Phrase::Everybody { devices: 1 });
        assert_eq!(gate.phrase(), Some(&Phrase::Everybody { devices: 1 }));
        assert!(gate.wants_reason());
    }

    #[test]
    fn stricter_by_configuration() {
        let strict = rules(0, ReasonRule::Always);
        let gate = strict.gate(Phrase::Users { users: 1, devices: 1 });
        assert!(gate.phrase().is_some() && gate.wants_reason());
    }

    #[rstest]
    #[case::one(Phrase::Users { users: 1, devices: 1 }, false)]
    #[case::all_names_are_shown(Phrase::Users { users: 10, devices: 1 }, true)]
    #[case::too_many_to_read(Phrase::Users { users: 11, devices: 1 }, false)]
    #[case::a_session(Phrase::Sessions { sessions: 1, devices: 1 }, false)]
    #[case::everybody(Phrase::Everybody { devices: 1 }, false)]
    fn in_a_frame_everything_needs_a_phrase(#[case] size: Phrase, #[case] names: bool) {
        let gate = GateRules::default().shown_in(true).gate(size);
        assert_eq!((gate.phrase(), gate.wants_names()), (Some(&size), names));
        let usual = GateRules::default();
        assert_eq!(usual.shown_in(false).gate(size), usual.gate(size));
    }

    proptest! {
        #[test]
        fn no_configuration_loosens_the_gate(above: u16, always: bool, framed: bool, n in 0_usize..40, which in 0..3) {
            let reason = if always { ReasonRule::Always } else { ReasonRule::Everybody };
            let size = match which {
                0 => Phrase::Users { users: n, devices: 1 },
                1 => Phrase::Sessions { sessions: n, devices: 1 },
                _ => Phrase::Everybody { devices: n },
            };
            let usual = GateRules::default().gate(size);
            let gate = rules(above, reason).shown_in(framed).gate(size);
            prop_assert!(gate.phrase().is_some() || usual.phrase().is_none());
            prop_assert!(gate.wants_reason() || !usual.wants_reason());
            prop_assert!(gate.wants_names() || !usual.wants_names());
        }
    }
}
