//! What a tab remembers over the reload that ends a sign-in: why it ended, and what was selected to sign in. Of the operator,
//! only the user name while jobs are running, which their records have too. Nothing secret.

/// Why a sign-in ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SignOutReason {
    /// The operator signed out in this tab.
    #[default]
    Asked,
    /// Nobody used the console.
    Idle,
    /// The operator signed out in another tab.
    OtherTab,
    /// The page was reloaded while jobs were running.
    Reloaded,
}

/// The note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignOutNote {
    /// Why the sign-in ended.
    pub reason: SignOutReason,
    /// The path prefix of the selected BIG-IQ.
    pub bigiq: String,
    /// The name of the selected sign-in provider.
    pub provider: String,
    /// The operator's user name, while jobs are running.
    pub operator: String,
}

impl SignOutNote {
    /// Reads a note. Anything that is not understood counts as absent.
    pub fn parse(text: &str) -> Self {
        let mut lines = text.splitn(4, '\n');
        let reason = match lines.next() {
            Some("idle") => SignOutReason::Idle,
            Some("other-tab") => SignOutReason::OtherTab,
            Some("reloaded") => SignOutReason::Reloaded,
            _ => SignOutReason::Asked,
        };
        let mut next = || lines.next().unwrap_or_default().to_owned();
        Self { reason, bigiq: next(), operator: next(), provider: next() }
    }

    /// The note as text.
    pub fn write(&self) -> String {
        let reason = match self.reason {
            SignOutReason::Asked => "",
            SignOutReason::Idle => "idle",
            SignOutReason::OtherTab => "other-tab",
            SignOutReason::Reloaded => "reloaded",
        };
        [reason, &self.bigiq, &self.operator, &self.provider].join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(SignOutReason::Asked)]
    #[case(SignOutReason::Idle)]
    #[case(SignOutReason::OtherTab)]
    #[case(SignOutReason::Reloaded)]
    fn it_is_read_as_written(#[case] reason: SignOutReason) {
        let note = SignOutNote {
            reason,
            bigiq: "/east".into(),
            provider: "LDAP\n1".into(),
            operator: "manager".into(),
        };
        assert_eq!(SignOutNote::parse(&note.write()), note);
    }

    #[rstest]
    #[case("")]
    #[case("{}")]
    fn anything_else_counts_as_absent(#[case] text: &str) {
        assert_eq!(SignOutNote::parse(text), SignOutNote::default());
    }
}
