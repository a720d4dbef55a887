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

#[derive(Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
enum Wire {
    #[serde(rename = "curfew:prefill")]
    Prefill {
        #[serde(default)]
        users: Vec<String>,
        #[serde(default)]
        groups: Vec<String>,
        #[serde(default)]
        clusters: Vec<String>,
        #[serde(default)]
        devices: Vec<String>,
        #[serde(default)]
        reason: Option<String>,
    },
    #[serde(rename = "curfew:theme")]
    Theme {
        #[serde(default)]
        scheme: Option<String>,
        #[serde(default)]
        accent: Option<String>,
    },
}

impl Portal {
    /// Reads a message. `None` for anything that is not exactly a message.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        Some(match serde_json::from_str(text).ok()? {
            Wire::Prefill { users, groups, clusters, devices, reason } => {
                Self::Prefill(Prefill { users, groups, clusters, devices, reason })
            }
            Wire::Theme { scheme, accent } => Self::Theme {
                scheme: scheme.and_then(|name| Theme::parse(&name)),
                accent: accent.and_then(|a| Accent::parse(&a)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn fills_in() {
        assert_eq!(
            Portal::parse(r#"{"type":"curfew:prefill","users":["user2"],"reason":"INC-1"}"#),
            Some(Portal::Prefill(Prefill {
                users: vec!["user2".into()],
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
    fn other_messages_are_ignored(#[case] text: &str) {
        assert_eq!(Portal::parse(text), None);
    }
}
