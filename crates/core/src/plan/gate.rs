//! What an operator must do to confirm a plan. It depends on how many people are affected, not on how many devices. The
//! caller renders the phrase to type; here it is only compared.

use crate::count::Count;
use crate::names::halfwidth;

/// What confirming a plan requires, besides reading it.
///
/// ```
/// use curfew_core::plan::{Answer, Draft, GateError, Kind, Plan};
/// # use bigiq::device::{AccessDevice, AccessProperties};
/// # use curfew_core::{app::AccountKey, inventory::DeviceList, timestamp::Timestamp};
/// # let edge = AccessDevice {
/// #     machine_id: Some("m1".into()),
/// #     properties: AccessProperties { cluster_name: Some("Blue".into()), ..AccessProperties::default() },
/// #     ..AccessDevice::default()
/// # };
/// # let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// # let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
/// # let mut draft = Draft { kind: Kind::Everybody, ..Draft::default() };
/// # draft.clusters.insert("Blue".into());
/// # let plan = Plan::make(&draft, &inventory, account, Timestamp(0)).map_err(|errors| format!("{errors:?}"))?;
/// // A plan that kills the sessions of all users on one cluster:
/// let gate = plan.gate();
/// assert!(gate.wants_reason());
/// assert!(gate.phrase().is_some());
/// assert_eq!(gate.check(&Answer::default(), |_| "kill all".into()), Err(GateError::Phrase));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// To read every user name: two to ten users.
    pub(crate) names: bool,
    /// To type a phrase: all users, more than ten users or session ids, or any kill in a frame.
    pub(crate) phrase: Option<Phrase>,
    /// To give a reason: all users.
    pub(crate) reason: bool,
}

/// With more people or session ids than this, a phrase is required.
pub(crate) const MANY: usize = 10;

/// The facts that a phrase contains: verb, scope and count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrase {
    /// End the sessions of all users on this many devices.
    Everybody {
        /// Number of devices reached.
        devices: Count,
    },
    /// End the sessions of this many users on this many devices.
    Users {
        /// Number of users.
        users: usize,
        /// Number of devices reached.
        devices: Count,
    },
    /// End this many listed sessions on this many devices.
    Sessions {
        /// Number of sessions.
        sessions: usize,
        /// Number of devices reached.
        devices: Count,
    },
}

/// The operator's answer to the gate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The typed phrase.
    pub phrase: String,
    /// Reason or ticket number.
    pub reason: String,
}

/// Why an answer does not satisfy the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateError {
    /// The phrase is wrong.
    Phrase,
    /// The reason is missing.
    Reason,
}

impl Gate {
    /// The phrase that must be typed, if any.
    pub fn phrase(&self) -> Option<&Phrase> {
        self.phrase.as_ref()
    }

    /// Whether a reason is required.
    pub fn wants_reason(&self) -> bool {
        self.reason
    }

    /// Whether the gate must show every user name.
    pub fn wants_names(&self) -> bool {
        self.names
    }

    /// Checks an answer. `render` returns the text of the phrase; case, spaces and full width are ignored.
    ///
    /// # Errors
    /// The first thing that is missing.
    pub fn check(
        &self,
        answer: &Answer,
        render: impl Fn(&Phrase) -> String,
    ) -> Result<(), GateError> {
        // guard: gate-phrase
        if let Some(phrase) = self.phrase()
            && folded(&render(phrase)) != folded(&answer.phrase)
        {
            return Err(GateError::Phrase);
        }
        // guard: gate-reason
        if self.wants_reason() && answer.reason.trim().is_empty() {
            return Err(GateError::Reason);
        }
        Ok(())
    }
}

/// Without spaces, in lower case and half width: Chinese and Japanese are typed with and without spaces around numbers, and their
/// input methods write fullwidth digits. No phrase contains a name, so phrases that differ stay different.
fn folded(text: &str) -> String {
    let text = text.split_whitespace().flat_map(str::chars);
    // guard: phrase-width
    let text = text.map(halfwidth).collect::<String>();
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn words(phrase: &Phrase) -> String {
        format!("{phrase:?}")
    }

    #[rstest]
    #[case("Everybody { devices: Exactly(3) }", "INC-1", Ok(()))]
    #[case("  everybody {  DEVICES: exactly(3) } ", "INC-1", Ok(()))]
    #[case("everybody{devices:exactly(3)}", "INC-1", Ok(()))]
    #[case("Everybody { devices: Exactly(4) }", "INC-1", Err(GateError::Phrase))]
    #[case("Everybody { devices: AtLeast(3) }", "INC-1", Err(GateError::Phrase))]
    #[case("", "INC-1", Err(GateError::Phrase))]
    #[case("Everybody { devices: Exactly(3) }", "  ", Err(GateError::Reason))]
    fn everybody(
        #[case] phrase: &str,
        #[case] reason: &str,
        #[case] expected: Result<(), GateError>,
    ) {
        let phrase_asked = Some(Phrase::Everybody { devices: Count::Exactly(3) });
        let gate = Gate { names: false, phrase: phrase_asked, reason: true };
        let answer = Answer { phrase: phrase.into(), reason: reason.into() };
        assert_eq!(gate.check(&answer, words), expected);
    }

    #[rstest]
    #[case("１２人 在 ３台", Ok(()))]
    #[case("12 人　在　3 台", Ok(()))]
    #[case("１２人在４台", Err(GateError::Phrase))]
    #[case("１人在３台", Err(GateError::Phrase))]
    #[case("１２人在三台", Err(GateError::Phrase))]
    #[case("⑫人在3台", Err(GateError::Phrase))]
    fn fullwidth_digits_are_digits(#[case] typed: &str, #[case] expected: Result<(), GateError>) {
        let phrase = Some(Phrase::Users { users: 12, devices: Count::Exactly(3) });
        let gate = Gate { names: false, phrase, reason: false };
        let answer = Answer { phrase: typed.into(), reason: String::new() };
        assert_eq!(gate.check(&answer, |_| "12 人在 3 台".into()), expected);
        assert_eq!(gate.check(&answer, |_| "１２人在３台".into()), expected);
    }

    #[test]
    fn review_asks_nothing() {
        let gate = Gate { names: true, phrase: None, reason: false };
        assert_eq!(gate.check(&Answer::default(), words), Ok(()));
        let phrase = Some(Phrase::Users { users: 11, devices: Count::Exactly(1) });
        let gate = Gate { phrase, ..gate };
        assert_eq!(gate.check(&Answer::default(), words), Err(GateError::Phrase));
    }
}
