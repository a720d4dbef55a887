//! Questions without side effects whose answers F5 does not publish, asked of the BIG-IQ at hand: a report for whoever
//! keeps Curfew true to real appliances. It must not let a value of an answer out, only its shape.

use super::{ApiError, SignedIn};
use bigiq::call::GroupFlag;
use bigiq::odata::{Filter, FilterField};
use bigiq::{Call, shape};

/// A question and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The endpoint's name, and what is particular about the question.
    pub question: &'static str,
    /// The shape of the answer, or why there is none.
    pub answer: Result<String, ApiError>,
}

impl SignedIn {
    /// Asks everything, one after the other. `device` is one to ask through BIG-IQ's REST proxy.
    ///
    /// # Errors
    /// None: each question has its own.
    pub async fn self_check(&self, device: Option<String>, mut told: impl FnMut(Finding)) {
        let nobody = Filter::any_of(FilterField::Address, &["192.0.2.255"]).ok().flatten();
        let mut questions = vec![
            ("devices, first", Call::access_devices(0, 1)),
            ("devices, past the end", Call::access_devices(1_000_000, 1)),
            ("groups by access_group", Call::access_groups(GroupFlag::AccessGroup)),
            ("groups by config_group", Call::access_groups(GroupFlag::ConfigGroup)),
            ("reachability of devices", Call::device_stats()),
            ("role of this BIG-IQ", Call::own_failover()),
            ("newest kill tasks", Call::tasks(0, 3)),
            ("schema of a kill task", Call::task("example")),
            ("a task that does not exist", Call::task("00000000-0000-0000-0000-000000000000")),
        ];
        if let Some(nobody) = &nobody {
            questions.push(("resolver, filter without match", Call::resolver(nobody)));
        }
        if let Some(id) = &device {
            questions.push(("one trusted device", Call::resolver_item(id)));
            questions.push(("role of a device", Call::device_failover(id)));
            questions.push(("live sessions of a device", Call::device_sessions(id, 2)));
        }
        for (question, call) in questions {
            let answer = self.read(&call).await.map(|answer| shape::shape(&answer.text));
            told(Finding { question, answer });
        }
    }
}
