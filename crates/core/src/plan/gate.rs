//! What an operator must do to confirm a plan: it grows with the people hit, not with the devices. It must not
//! hold sentences: the phrase to type is rendered by the caller and only compared here.

/// What is asked. Looking at the plan always is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// To look at every name in it: two to ten users.
    pub(crate) names: bool,
    /// To type a phrase: everybody, or more than ten users or session ids.
    pub(crate) phrase: Option<Phrase>,
    /// To give a reason: everybody.
    pub(crate) reason: bool,
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
        self.phrase.as_ref()
    }

    /// Whether a reason is asked for.
    pub fn wants_reason(&self) -> bool {
        self.reason
    }

    /// Whether every user's name is to be shown at the gate.
    pub fn wants_names(&self) -> bool {
        self.names
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
        let phrase_asked = Some(Phrase::Everybody { targets: 3 });
        let gate = Gate { names: false, phrase: phrase_asked, reason: true };
        let answer = Answer { phrase: phrase.into(), reason: reason.into() };
        assert_eq!(gate.check(&answer, words), expected);
    }

    #[test]
    fn review_asks_nothing() {
        let gate = Gate { names: true, phrase: None, reason: false };
        assert_eq!(gate.check(&Answer::default(), words), Ok(()));
        let phrase = Some(Phrase::Users { users: 11, targets: 1 });
        let gate = Gate { phrase, ..gate };
        assert_eq!(gate.check(&Answer::default(), words), Err(GateError::Phrase));
    }
}
