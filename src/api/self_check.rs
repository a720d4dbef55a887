//! Questions without side effects whose answers F5 does not document, asked of this BIG-IQ. The report helps the
//! maintainers match real appliances. It holds the shape of an answer, never a value, and a refused question never ends
//! the sign-in.

use super::{ApiError, SignedIn};
use bigiq::call::GroupFlag;
use bigiq::odata::{Filter, FilterField};
use bigiq::{Call, redacted_shape};
use curfew_core::ids::MachineId;

/// A question and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The endpoint's name, and what is special about the question.
    pub question: &'static str,
    /// The shape of the answer, or why there is none.
    pub answer: Result<String, ApiError>,
}

impl Finding {
    /// The answer's shape; for a refusal, after its status. Empty if no answer came.
    pub fn shape(&self) -> String {
        match &self.answer {
            Ok(shape) => shape.clone(),
            Err(ApiError::Refused { status, body, .. }) => {
                [&status.to_string(), " ", &redacted_shape::redacted_shape(body)].concat()
            }
            Err(_) => String::new(),
        }
    }
}

/// A request for devices beyond the last one shows how BIG-IQ handles paging.
const PAST_THE_END: &str = "devices, past the end";
/// The first questions are unusual on purpose. Their results say nothing about the app's ordinary calls.
const ODD: usize = 5;

impl SignedIn {
    /// Asks all questions, one after the other. `device` is the one to ask through BIG-IQ's REST proxy.
    ///
    /// # Errors
    /// None: each question has its own result.
    pub async fn self_check(&self, device: Option<MachineId>, mut report: impl FnMut(Finding)) {
        let [counted, selected] = Call::odd_devices();
        let mut questions = vec![
            ("devices, counted", counted),
            ("devices, one property selected", selected),
            ("schema of a kill task", Call::task("example")),
            ("a task that does not exist", Call::task("00000000-0000-0000-0000-000000000000")),
            ("resolver, no filter at all", Call::broken_filter()),
            ("before sign-in", Call::info()),
            ("what this role may do", Call::permissions()),
            ("devices, first", Call::access_devices(0, 1)),
            (PAST_THE_END, Call::access_devices(1_000_000, 1)),
            ("groups by access_group", Call::access_groups(GroupFlag::AccessGroup)),
            ("groups by config_group", Call::access_groups(GroupFlag::ConfigGroup)),
            ("reachability of devices", Call::device_stats()),
            ("role of this BIG-IQ", Call::own_failover()),
            ("newest kill tasks", Call::tasks(0, 3)),
        ];
        let nobody = (FilterField::Address, "192.0.2.255", "resolver, filter without match");
        let itself = (FilterField::Product, "BIG-IQ", "this BIG-IQ");
        for (field, value, question) in [nobody, itself] {
            if let Ok(Some(filter)) = Filter::any_of(field, &[value]) {
                questions.push((question, Call::resolver(&filter)));
            }
        }
        if let Some(id) = device.as_ref().map(MachineId::as_str) {
            questions.push(("one trusted device", Call::resolver_item(id)));
            questions.push(("role of a device", Call::device_failover(id)));
            questions.push(("live sessions of a device", Call::device_sessions(id, 2)));
        }
        for (index, (question, call)) in questions.into_iter().enumerate() {
            let answer = self.asked(&call, index >= ODD).await.map(|answer| answer.text);
            if let (PAST_THE_END, Ok(text)) = (question, &answer) {
                let kept = redacted_shape::items(text) == Some(0);
                let answer = Ok(if kept { "kept" } else { "ignored" }.to_owned());
                report(Finding { question: "paging", answer });
            }
            let answer = answer.map(|text| redacted_shape::redacted_shape(&text));
            report(Finding { question, answer });
        }
    }
}
