//! What an operator must do to confirm a plan: it grows with the people hit, not with the devices. It must not
//! hold sentences: the phrase to type is rendered by the caller and only compared here.

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// To look at the plan: one user, or up to ten session ids.
    Review,
    /// To look at the plan with every name in it: two to ten users.
    Names,
    /// To type a phrase: more than ten users or session ids.
    Phrase(Phrase),
    /// To type a phrase and give a reason: everybody.
    PhraseAndReason(Phrase),
}

/// From how many people or session ids on a phrase is asked for.
pub(crate) const MANY: usize = 10;

/// The facts that a phrase encodes: verb, scope, count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrase {
    /// End everybody's sessions on so many targets.
    Everybody {
        /// Groups, clusters and devices together.
        targets: usize,
    },
    /// End the sessions of so many users on so many targets.
    Users {
        /// How many users.
        users: usize,
        /// Groups, clusters and devices together.
        targets: usize,
    },
    /// End so many listed sessions on so many devices.
    Sessions {
        /// How many sessions.
        sessions: usize,
        /// On how many devices.
        devices: usize,
    },
}

/// What the operator answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The typed phrase.
    pub phrase: String,
    /// Reason or ticket.
    pub reason: String,
}

/// Why an answer does not open the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateError {
    /// The phrase is not the one asked for.
    Phrase,
    /// A reason is asked for.
    Reason,
}

impl Gate {
    /// The phrase that is asked for.
    pub fn phrase(&self) -> Option<&Phrase> {
        match self {
            Self::Review | Self::Names => None,
            Self::Phrase(phrase) | Self::PhraseAndReason(phrase) => Some(phrase),
        }
    }

    /// Whether a reason is asked for.
    pub fn wants_reason(&self) -> bool {
        matches!(self, Self::PhraseAndReason(_))
    }

    /// Whether the answer opens the gate. `render` makes the phrase's words; case and runs of blanks do not count.
    ///
    /// # Errors
    /// The first thing that is missing.
    pub fn check(
        &self,
        answer: &Answer,
        render: impl Fn(&Phrase) -> String,
    ) -> Result<(), GateError> {
        if let Some(phrase) = self.phrase()
            && folded(&render(phrase)) != folded(&answer.phrase)
        {
            return Err(GateError::Phrase);
        }
        if self.wants_reason() && answer.reason.trim().is_empty() {
            return Err(GateError::Reason);
        }
        Ok(())
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn words(phrase: &Phrase) -> String {
        format!("{phrase:?}")
    }

    #[rstest]
    #[case("Everybody { targets: 3 }", "INC-1", Ok(()))]
    #[case("  everybody {  TARGETS: 3 } ", "INC-1", Ok(()))]
    #[case("Everybody { targets: 4 }", "INC-1", Err(GateError::Phrase))]
    #[case("", "INC-1", Err(GateError::Phrase))]
    #[case("Everybody { targets: 3 }", "  ", Err(GateError::Reason))]
    fn everybody(
        #[case] phrase: &str,
        #[case] reason: &str,
        #[case] expected: Result<(), GateError>,
    ) {
        let gate = Gate::PhraseAndReason(Phrase::Everybody { targets: 3 });
        let answer = Answer { phrase: phrase.into(), reason: reason.into() };
        assert_eq!(gate.check(&answer, words), expected);
    }

    #[test]
    fn review_asks_nothing() {
        assert_eq!(Gate::Review.check(&Answer::default(), words), Ok(()));
        assert_eq!(Gate::Names.check(&Answer::default(), words), Ok(()));
        let gate = Gate::Phrase(Phrase::Users { users: 11, targets: 1 });
        assert_eq!(gate.check(&Answer::default(), words), Err(GateError::Phrase));
    }
}
