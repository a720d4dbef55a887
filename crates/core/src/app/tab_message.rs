//! What the tabs of one browser tell each other. A message names the BIG-IQ and the operator, and holds nothing secret.
//! Anything of the same origin can send one: it is a hint, and can start no kill. Versions from 0.1.0 on ignore words that they
//! don't know.

use crate::app::AccountKey;
use crate::ids::TaskId;
use crate::timestamp::Timestamp;

const WHAT_IS_IN_FLIGHT: &str = "what-is-in-flight";
const IN_FLIGHT: &str = "in-flight";
const HAS_TASK: &str = "has-task";
const USED: &str = "used";
const WHAT_IS_UNSENT: &str = "what-is-unsent";
const UNSENT: &str = "unsent";
const SIGNED_OUT: &str = "signed-out";

/// A message between tabs, about one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TabMessage {
    /// Asks which requests are in flight.
    WhatIsInFlight,
    /// A request with this hash is in flight.
    InFlight(String),
    /// This task belongs to a job of the tab.
    HasTask(TaskId),
    /// The operator used the console at this time, or it was sending.
    Used(Timestamp),
    /// Asks which kills are not sent yet.
    WhatIsUnsent,
    /// The name of a kill that is not sent yet.
    Unsent(String),
    /// The operator has signed out.
    SignedOut,
}

impl TabMessage {
    /// Reads a message. `None` for anything else.
    pub fn parse(text: &str) -> Option<(AccountKey, Self)> {
        let mut parts = text.splitn(4, '\n');
        let (bigiq, operator, value, word) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let message = match (value, word) {
            ("", WHAT_IS_IN_FLIGHT) => Self::WhatIsInFlight,
            (hash, IN_FLIGHT) => Self::InFlight(hash.to_owned()),
            (task, HAS_TASK) => Self::HasTask(TaskId::new(task)),
            (time, USED) => Self::Used(Timestamp(i64::try_from(time.parse::<u64>().ok()?).ok()?)),
            ("", WHAT_IS_UNSENT) => Self::WhatIsUnsent,
            (name, UNSENT) => Self::Unsent(name.to_owned()),
            ("", SIGNED_OUT) => Self::SignedOut,
            _ => return None,
        };
        let account = AccountKey { bigiq: bigiq.to_owned(), operator: operator.to_owned() };
        Some((account, message))
    }

    /// The message as text.
    pub fn write(&self, account: &AccountKey) -> String {
        let (value, word) = match self {
            Self::WhatIsInFlight => (String::new(), WHAT_IS_IN_FLIGHT),
            Self::InFlight(hash) => (hash.clone(), IN_FLIGHT),
            Self::HasTask(task) => (task.as_str().to_owned(), HAS_TASK),
            Self::Used(time) => (time.0.to_string(), USED),
            Self::WhatIsUnsent => (String::new(), WHAT_IS_UNSENT),
            // The line break separates the parts.
            Self::Unsent(name) => (name.replace('\n', " "), UNSENT),
            Self::SignedOut => (String::new(), SIGNED_OUT),
        };
        [&account.bigiq, &account.operator, value.as_str(), word].join("\n")
    }

    /// Whether a message that another tab sent about `theirs` signs out the operator of this tab.
    pub fn signs_out(&self, theirs: &AccountKey, own: &AccountKey) -> bool {
        // guard: own-account-signed-out
        *self == Self::SignedOut && theirs == own
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn account(bigiq: &str, operator: &str) -> AccountKey {
        AccountKey { bigiq: bigiq.into(), operator: operator.into() }
    }

    #[rstest]
    #[case(TabMessage::WhatIsInFlight, "/east\nmanager\n\nwhat-is-in-flight")]
    #[case(TabMessage::InFlight("77".into()), "/east\nmanager\n77\nin-flight")]
    #[case(TabMessage::HasTask(TaskId::new("7c")), "/east\nmanager\n7c\nhas-task")]
    #[case(TabMessage::Used(Timestamp(5)), "/east\nmanager\n5\nused")]
    #[case(TabMessage::WhatIsUnsent, "/east\nmanager\n\nwhat-is-unsent")]
    #[case(TabMessage::Unsent("Kill user2".into()), "/east\nmanager\nKill user2\nunsent")]
    #[case(TabMessage::SignedOut, "/east\nmanager\n\nsigned-out")]
    fn messages(#[case] message: TabMessage, #[case] text: &str) {
        let own = account("/east", "manager");
        assert_eq!(message.write(&own), text);
        assert_eq!(TabMessage::parse(text), Some((own, message)));
    }

    #[rstest]
    #[case("")]
    #[case("\nmanager\n\nsigned-out\n")]
    #[case("\nmanager\nnow\nsigned-out")]
    #[case("\nmanager\nyesterday\nused")]
    #[case("\nmanager\n\nkill")]
    #[case("\nmanager\nsigned-out")]
    fn anything_else_is_ignored(#[case] text: &str) {
        assert_eq!(TabMessage::parse(text), None);
    }

    #[test]
    fn a_name_can_not_become_another_message() {
        let own = account("", "manager");
        let text = TabMessage::Unsent("x\n\nsigned-out".into()).write(&own);
        assert!(matches!(TabMessage::parse(&text), Some((_, TabMessage::Unsent(_)))));
    }

    #[rstest]
    #[case::own(TabMessage::SignedOut, "/east", "manager", true)]
    #[case::another_bigiq(TabMessage::SignedOut, "/west", "manager", false)]
    #[case::another_operator(TabMessage::SignedOut, "/east", "admin", false)]
    #[case::another_message(TabMessage::WhatIsUnsent, "/east", "manager", false)]
    fn who_is_signed_out(
        #[case] message: TabMessage,
        #[case] bigiq: &str,
        #[case] operator: &str,
        #[case] expected: bool,
    ) {
        let own = account("/east", "manager");
        assert_eq!(message.signs_out(&account(bigiq, operator), &own), expected);
    }
}
