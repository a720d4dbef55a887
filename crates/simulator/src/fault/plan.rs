//! The fault plan: rules in order, each with its own count.

use serde::{Deserialize, Serialize};

use super::kind::Fault;
use crate::http::call::Call;
use crate::world::rng::Rng;

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    /// HTTP method; any by default.
    #[serde(default)]
    pub method: Option<String>,
    /// Path without query; a trailing `*` matches anything.
    pub path: String,
    /// Number of matching calls that go well first.
    #[serde(default)]
    pub skip: u32,
    /// Number of calls that go wrong; unlimited by default.
    #[serde(default)]
    pub count: Option<u32>,
    /// Share of calls that go wrong, from 0 to 1.
    #[serde(default = "always")]
    pub chance: f64,
    /// What goes wrong.
    pub fault: Fault,
}

fn always() -> f64 {
    1.0
}

/// All rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultPlan(Vec<FaultRule>);

impl FaultPlan {
    /// Whether there are no rules.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fault of the first matching rule, if any. Counts the call.
    pub fn take(&mut self, call: &Call, rng: &mut Rng) -> Option<Fault> {
        let rule = self.0.iter_mut().find(|rule| rule.matches(call) && rule.count != Some(0))?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        // In millionths: random numbers are integers.
        let share = (rule.chance.clamp(0.0, 1.0) * 1e6).round();
        if (rng.below(1_000_000) as f64) >= share {
            return None;
        }
        rule.count = rule.count.map(|count| count - 1);
        Some(rule.fault.clone())
    }
}

impl FaultRule {
    fn matches(&self, call: &Call) -> bool {
        let method = self.method.as_deref();
        let path = match self.path.strip_suffix('*') {
            Some(start) => call.path.starts_with(start),
            None => call.path == self.path,
        };
        path && method.is_none_or(|method| method.eq_ignore_ascii_case(call.method.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, Method};
    use std::net::Ipv4Addr;

    fn plan(json: &str) -> FaultPlan {
        serde_json::from_str(json).unwrap()
    }

    fn hits(plan: &mut FaultPlan, method: Method, path: &str, times: usize) -> Vec<bool> {
        let uri = path.parse().unwrap();
        let call = Call::new(method, &uri, HeaderMap::new(), Ipv4Addr::LOCALHOST.into(), b"");
        let mut rng = Rng::new(1);
        (0..times).map(|_| plan.take(&call, &mut rng).is_some()).collect()
    }

    #[test]
    fn a_rule_skips_counts_and_ends() {
        let mut plan = plan(r#"[{"path":"/a*","skip":1,"count":2,"fault":{"kind":"truncate"}}]"#);
        assert_eq!(hits(&mut plan, Method::GET, "/a/b?x", 5), [false, true, true, false, false]);
    }

    #[test]
    fn matches_the_method_and_the_whole_path() {
        let mut plan =
            plan(r#"[{"method":"post","path":"/a","fault":{"kind":"drop-before-effect"}}]"#);
        assert_eq!(hits(&mut plan, Method::POST, "/a", 1), [true]);
        assert_eq!(hits(&mut plan, Method::GET, "/a", 1), [false]);
        assert_eq!(hits(&mut plan, Method::POST, "/a/b", 1), [false]);
    }

    #[test]
    fn chance_is_a_share() {
        let mut never = plan(r#"[{"path":"*","chance":0,"fault":{"kind":"floats"}}]"#);
        assert!(!hits(&mut never, Method::GET, "/", 50).contains(&true));
        let mut half = plan(r#"[{"path":"*","chance":0.5,"fault":{"kind":"floats"}}]"#);
        let hit = hits(&mut half, Method::GET, "/", 200).into_iter().filter(|hit| *hit).count();
        assert!((60..140).contains(&hit), "{hit}");
    }

    #[test]
    fn the_next_rule_applies_when_one_is_used_up() {
        let mut plan = plan(
            r#"[{"path":"/a","count":1,"fault":{"kind":"floats"}},
                {"path":"/a","count":1,"fault":{"kind":"truncate"}}]"#,
        );
        assert_eq!(hits(&mut plan, Method::GET, "/a", 3), [true, true, false]);
    }

    #[test]
    fn refuses_unknown_kinds_and_fields() {
        for wrong in [
            r#"[{"path":"/a","fault":{"kind":"meteor"}}]"#,
            r#"[{"path":"/a","fault":{"kind":"floats"},"often":true}]"#,
            r#"[{"path":"/a","fault":{"kind":"delay","ms":5,"seconds":1}}]"#,
        ] {
            assert!(serde_json::from_str::<FaultPlan>(wrong).is_err(), "{wrong}");
        }
    }
}
