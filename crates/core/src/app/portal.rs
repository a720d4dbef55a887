//! The messages of a portal that embeds Curfew. A portal can fill in the form and set the colours; it can't confirm, send or
//! read anything. The caller checks the sender's origin before a message is read.

use crate::app::{Accent, Prefill, Theme};
use serde::Deserialize;

/// A message from the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Portal {
    /// Fill in the form.
    Prefill(Prefill),
    /// Use this colour scheme and accent.
    Theme {
        /// The colour scheme.
        scheme: Option<Theme>,
        /// The accent colour.
        accent: Option<Accent>,
    },
}

/// The longest message that is read: longer than any list of names.
const LONGEST: usize = 100_000;

/// A message of any type. One struct, because serde's reader of an enum with its type among the fields is several times as large.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(rename = "type")]
    kind: String,
    users: Option<Vec<String>>,
    groups: Option<Vec<String>>,
    clusters: Option<Vec<String>>,
    devices: Option<Vec<String>>,
    everywhere: Option<bool>,
    reason: Option<String>,
    scheme: Option<String>,
    accent: Option<String>,
}

impl Portal {
    /// Reads a message. `None` for anything that is not exactly a message.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let wire: Wire = serde_json::from_str(text).ok()?;
        let lists = [wire.users, wire.groups, wire.clusters, wire.devices];
        let fills_in =
            wire.reason.is_some() || wire.everywhere.is_some() || lists.iter().any(Option::is_some);
        let has_look = wire.scheme.is_some() || wire.accent.is_some();
        match &*wire.kind {
            "curfew:prefill" if !has_look => {
                let [users, groups, clusters, devices] = lists.map(Option::unwrap_or_default);
                let (everywhere, reason) = (wire.everywhere == Some(true), wire.reason);
                let fill = Prefill { users, groups, clusters, devices, everywhere, reason };
                Some(Self::Prefill(fill))
            }
            "curfew:theme" if !fills_in => Some(Self::Theme {
                scheme: wire.scheme.and_then(|name| Theme::parse(&name)),
                accent: wire.accent.and_then(|accent| Accent::parse(&accent)),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn fills_in() {
        assert_eq!(
            Portal::parse(
                r#"{"type":"curfew:prefill","users":["user2"],"everywhere":true,"reason":"INC-1"}"#
            ),
            Some(Portal::Prefill(Prefill {
                users: vec!["user2".into()],
                everywhere: true,
                reason: Some("INC-1".into()),
                ..Prefill::default()
            }))
        );
    }

    #[test]
    fn looks() {
        let theme = |scheme, accent| Some(Portal::Theme { scheme, accent });
        assert_eq!(
            Portal::parse(r##"{"type":"curfew:theme","scheme":"dark","accent":"#1e6fd9"}"##),
            theme(Some(Theme::Dark), Accent::parse("#1e6fd9"))
        );
        assert_eq!(
            Portal::parse(r##"{"type":"curfew:theme","scheme":"x","accent":"#ffffff"}"##),
            theme(None, None)
        );
    }

    #[rstest]
    #[case("")]
    #[case("1")]
    #[case(r#"{"type":"curfew:confirm"}"#)]
    #[case(r#"{"type":"curfew:prefill","submit":true}"#)]
    #[case(r#"{"type":"curfew:prefill","users":"user2"}"#)]
    #[case(r#"{"type":"curfew:prefill","scheme":"dark"}"#)]
    #[case(r#"{"type":"curfew:theme","users":["user2"]}"#)]
    #[case(r#"{"type":"curfew:theme","reason":"INC-1"}"#)]
    #[case(r#"{"type":"curfew:theme","everywhere":true}"#)]
    fn other_messages_are_ignored(#[case] text: &str) {
        assert_eq!(Portal::parse(text), None);
    }
}
